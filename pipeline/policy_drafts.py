"""Commits on drafts of the policy: who authors them, where they go, and that the shared copy gets them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from pipeline import plumbing, policy_reading, sharing
from pipeline.plumbing import Identity, RefMove
from pipeline.policy_reading import Reading
from pipeline.references import DRAFTS, DraftRef
from pipeline.repository import Repository
from pipeline.submitting import author_of
from sop_site import queue
from sop_site.approval.policy import APPROVING
from sop_site.errors import AnswerIsNo, ServiceSilent

TOOL = Identity("Penyusun kebijakan (sop policy)", "sop-policy@localhost")
"""Author of a policy draft that was made by somebody who may approve it (docs/adr/0010)."""
SAVED = "Simpan berkas yang dilindungi"
_OUTSIDE = ("content/", "governance/")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a commit goes: a draft by name, as it stands, and with what is saved on it first."""

    name: str
    start: DraftRef | None
    """``None`` for a draft that begins at publish."""
    saved: DraftRef | None = None

    @property
    def base(self) -> DraftRef | None:
        """What the commit follows, ``None`` for publish."""
        return self.saved or self.start


def commit(
    repo: Repository,
    place: Place,
    changes: Mapping[str, bytes | None],
    title: str,
    reading: Reading,
    at: datetime,
) -> DraftRef:
    """Put files on the draft and send it; ``ServiceSilent`` where only the sending failed.

    Once nothing but the head's approval is lacking, the commit asks for that as ``sop submit`` does.
    """
    ref, base = DRAFTS + place.name, place.base
    clash = sorted(set(repo.pending()) & set(changes)) if repo.checked_out() == ref else []
    if clash:
        raise AnswerIsNo("work-tree-edited", path=clash[0])
    author, note = _author(repo, reading)
    message = queue.submission_message(title, note) if reading.is_complete else _plain(title, note)
    parent = base.tip if base else repo.publish()
    tree = plumbing.write_tree(repo.path, parent, changes)
    local = at.astimezone(repo.settings().office.zone)
    tip = plumbing.write_commit(repo.path, tree, [parent], message, author, local)
    silent = _send(repo, tip, ref)
    if place.start is not None and place.saved is not None:
        repo.keep(place.start, place.saved, SAVED)
    repo.move([RefMove(ref, tip, base.tip if base else repo.tip(ref))], title)
    if silent is not None:
        raise ServiceSilent("policy-not-sent", draft=place.name) from silent
    return DraftRef(place.name, ref, tip)


def with_edits(repo: Repository, draft: DraftRef, at: datetime) -> DraftRef | None:
    """The draft with protected files that are edited in the work tree, by whoever works here; not moved."""
    if repo.checked_out() != draft.ref:
        return None
    edits = {path: data for path, data in repo.pending().items() if not path.startswith(_OUTSIDE)}
    if not edits:
        return None
    tree = plumbing.write_tree(repo.path, draft.tip, edits)
    local = at.astimezone(repo.settings().office.zone)
    tip = plumbing.write_commit(repo.path, tree, [draft.tip], SAVED, author_of(repo), local)
    return DraftRef(draft.id, draft.ref, tip)


def named(repo: Repository, name: str | None) -> DraftRef:
    """The draft that is named, else the only one that would change the policy."""
    if name is not None:
        return repo.draft(name)
    found = policy_reading.drafted(repo)
    if not found:
        raise AnswerIsNo("policy-no-draft")
    if len(found) > 1:
        raise AnswerIsNo("policy-many-drafts", drafts=", ".join(draft.id for draft in found))
    return found[0]


def receive(repo: Repository) -> None:
    """The newest state of the shared copy; without network the change is made here all the same."""
    try:
        sharing.receive(repo)
    except ServiceSilent:
        return


def _author(repo: Repository, reading: Reading) -> tuple[Identity, str]:
    """Who works here; the program itself where that is somebody who may approve, and a note that says so."""
    working = author_of(repo)
    email = working.email.casefold()
    if any(person.role in APPROVING and person.id == email for person in reading.old.persons):
        return TOOL, f"Disusun dengan “sop policy” di komputer {email}."
    return working, ""


def _plain(title: str, note: str) -> str:
    return f"{title}\n\n{note}\n" if note else f"{title}\n"


def _send(repo: Repository, tip: str, ref: str) -> ServiceSilent | None:
    """Send the draft to the shared copy, as ``sop submit`` does: that it is silent is told at the end."""
    try:
        sharing.send(repo, [(tip, ref)])
    except ServiceSilent as error:
        return error
    return None
