"""Asking for approval: save what is being edited, check it, and mark the draft as submitted."""

from dataclasses import dataclass
from datetime import datetime

from pipeline import drafts, keys, ledger, left_behind, plumbing, sharing
from pipeline.checking import check_tip
from pipeline.plumbing import Identity, RefMove
from pipeline.references import DraftRef
from pipeline.repository import Repository
from sop_site.answers import Finding, errors
from sop_site.errors import AnswerIsNo, ServiceSilent
from sop_site.queue import APPROVED, submission_message
from sop_site.rules import personal_data

_SAVED = "Simpan naskah"
_TRAILERS = ("Approval-", "Ledger-")


@dataclass(frozen=True, slots=True)
class Submitted:
    """What became of it; ``done`` is false where findings bar the way."""

    draft: DraftRef
    findings: tuple[Finding, ...]
    done: bool
    again: bool = False
    """Whether it had been submitted before and nothing changed."""
    conflicts: tuple[str, ...] = ()
    """Paths on which the draft and the public site disagree; until that is settled nobody can approve it."""


def author_of(repo: Repository) -> Identity:
    """Who is working here: as git was told, else the operator of the policy."""
    named = repo.identity()
    if named is not None:
        return named
    rules = keys.policy_of(repo, repo.publish())
    person = next((person for person in rules.persons if person.role == "operator"), rules.persons[0])
    return Identity(person.name, person.id)


def submit(repo: Repository, name: str, note: str, at: datetime) -> Submitted:
    """Ask for approval of a draft; ``AnswerIsNo`` where there is nothing to approve or it was refused."""
    if any(line.startswith(_TRAILERS) for line in note.splitlines()):
        raise AnswerIsNo("note-malformed")
    personal_data.refuse(note, repo.settings())
    _receive(repo)
    author = author_of(repo)
    local = at.astimezone(repo.settings().office.zone)
    standing = repo.draft(name)
    # Judged before it is saved: what once stood in a draft's commits is published with it for good.
    draft = repo.with_pending(standing, _SAVED, author, local)
    if sharing.is_split(repo, draft.ref, draft.tip):
        raise AnswerIsNo("draft-split", draft=draft.id)
    row = drafts.row(repo, draft, drafts.history(repo, ledger.entries(repo), at))
    if row.state in APPROVED:
        raise AnswerIsNo("draft-approved", draft=draft.id)
    if row.state == "rejected":
        raise AnswerIsNo("draft-rejected", draft=draft.id)
    if not row.paths:
        raise AnswerIsNo("draft-empty", draft=draft.id)
    findings = (*check_tip(repo, row.base, draft.tip), *left_behind.findings(repo, draft.tip))
    if errors(findings):
        return Submitted(standing, findings, done=False)
    repo.keep(standing, draft, _SAVED)
    said = row.submission.note if row.submission else ""
    if row.state == "waiting" and note.strip() in ("", said):
        if (silent := _send(repo, draft)) is not None:
            raise ServiceSilent("submitted-not-sent", draft=draft.id) from silent
        return Submitted(draft, findings, done=True, again=True, conflicts=row.conflicts)
    words, tree = submission_message(row.title, note), repo.tree(draft.tip)
    tip = plumbing.write_commit(repo.path, tree, [draft.tip], words, author, local)
    done = DraftRef(draft.id, draft.ref, tip)
    silent = _send(repo, done)
    if silent is None and sharing.has_origin(repo):
        sharing.follow(repo, draft.ref, tip)
    else:
        repo.move([RefMove(draft.ref, tip, draft.tip)], words.partition("\n")[0])
    if silent is not None:
        raise ServiceSilent("submitted-not-sent", draft=draft.id) from silent
    return Submitted(done, findings, done=True, conflicts=row.conflicts)


def _receive(repo: Repository) -> None:
    try:
        sharing.receive(repo)
    except ServiceSilent:
        # An operator without network goes on; what could not be sent is told at the end.
        return


def _send(repo: Repository, draft: DraftRef) -> ServiceSilent | None:
    """Send the draft to the shared copy; that it did not answer is no reason not to submit here."""
    try:
        sharing.send(repo, [(draft.tip, draft.ref)])
    except ServiceSilent as error:
        return error
    return None
