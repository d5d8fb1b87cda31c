"""What is known of one draft: state, age and remarks, from git and the ledger alone; nothing is stored."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from pipeline.digesting import content_digest
from pipeline.holding import files_matching
from pipeline.references import DRAFTS, CommitFacts, DraftRef
from pipeline.repository import Repository
from sop_site import queue
from sop_site.approval.entry import Entry
from sop_site.approval.store import StoreFault
from sop_site.content.front_matter import divide
from sop_site.errors import AnswerIsNo
from sop_site.queue import Decision, Docket, DraftFacts, Fate, State, Submission, Turn

DECISIONS = ("return", "reject", "reopen")
_PAGE = "/index.md"
_NARROWED = "^(publish_at|withdrawn):"
_URGENT_SECTION, _URGENT_CLASS = "content/siaga/", "serta-merta"


@dataclass(frozen=True, slots=True)
class DraftRow:
    """One line of the queue."""

    draft: DraftRef
    base: str
    """Where it left publish; for an approved one, what was public before it."""
    title: str
    state: State
    next: str
    turn: Turn
    stale: bool
    conflicts: tuple[str, ...]
    authors: tuple[str, ...]
    """E-mail addresses on its commits, unproven."""
    since: datetime
    """When it was submitted, else last written."""
    submission: Submission | None
    """The newest one."""
    remarks: tuple[Decision, ...]
    """Decisions on any of its commits, oldest first."""
    paths: tuple[str, ...]
    """What it changes against its base."""
    urgent: bool = False
    """Whether it warns the public (serta-merta) and still waits for somebody."""
    decided: datetime | None = None
    """When it was approved or rejected."""
    shown_from: datetime | None = None
    """For a scheduled one: the hour from which the site shows it."""


@dataclass(frozen=True, slots=True)
class Lineage:
    """Where a draft comes from: what it is compared with, and the commits that are its own."""

    base: str
    own: Sequence[CommitFacts]
    """Newest first."""
    paths: Sequence[str]
    merge: CommitFacts | None
    """The approval that took it in."""
    public: bool
    """Whether all of it is part of what was approved."""


@dataclass(frozen=True)
class History:
    """What all drafts are compared with, read once."""

    repo: Repository
    publish: str
    now: datetime
    merges: Mapping[str, CommitFacts]
    """Second parent on the publish chain → the merge that took it in."""
    places: Mapping[str, int]
    """Commits of the publish chain, the newest with 0."""
    docket: Docket
    witnessed: int | None
    """Place of the newest commit with which a witness saw the site."""

    @cached_property
    def standing(self) -> frozenset[str]:
        """Paths of everything under ``content/`` that is public."""
        return frozenset(self.repo.files(self.publish, "content/"))

    @cached_property
    def narrowed(self) -> Mapping[str, datetime | None]:
        """Public pages that are not simply shown: withdrawn ones with ``None``, others with their hour."""
        found: dict[str, datetime | None] = {}
        for path in files_matching(self.repo.path, self.publish, _NARROWED):
            head = divide(path, self.repo.read(self.publish, path)).head
            values = head.values if head is not None else {}
            hour = values.get("publish_at")
            if "withdrawn" in values:
                found[path] = None
            elif isinstance(hour, datetime) and _aware(hour, self.now) > self.now:
                found[path] = _aware(hour, self.now)
        return found

    @cached_property
    def refused_trees(self) -> Mapping[str, str]:
        """Tree of each rejected draft that is here → its content digest."""
        rejected = self.docket.rejected()
        return {tree: rejected[draft] for draft, tree in self.repo.trees(list(rejected)).items()}

    @cached_property
    def refused_elsewhere(self) -> bool:
        """Whether a draft was rejected that this clone does not have."""
        rejected = self.docket.rejected()
        return len(self.repo.trees(list(rejected))) < len(rejected)


def _aware(hour: datetime, now: datetime) -> datetime:
    """A moment without an offset is the office's own, in whose zone ``now`` is given."""
    return hour if hour.tzinfo is not None else hour.replace(tzinfo=now.tzinfo)


def decisions_in(entries: Iterable[Entry]) -> tuple[Decision, ...]:
    """The head's decisions among ledger entries, oldest first."""
    return tuple(
        Decision(
            entry.kind, entry.draft or "", str(entry.data.get("content_digest", "")),
            entry.actor, entry.at, entry.reason, entry.sequence,
        )
        for entry in entries
        if entry.kind in DECISIONS
    )  # fmt: skip


def history(repo: Repository, entries: Sequence[Entry], now: datetime) -> History:
    """Publish chain and decisions, once for all drafts."""
    publish = repo.publish()
    chain = repo.chain(publish)
    places = {commit.id: place for place, commit in enumerate(chain)}
    seen = [
        places[entry.data["tip"]]
        for entry in entries
        if entry.kind == "witness" and entry.data["tip"] in places
    ]
    return History(
        repo=repo,
        publish=publish,
        now=now.astimezone(repo.settings().office.zone),
        merges={commit.parents[1]: commit for commit in chain if len(commit.parents) > 1},
        places=places,
        docket=Docket(decisions_in(entries)),
        witnessed=min(seen, default=None),
    )


def row(repo: Repository, draft: DraftRef, known: History) -> DraftRow:
    """One draft, judged against the publish chain and the ledger's decisions."""
    merge = known.merges.get(draft.tip)
    base = merge.parents[0] if merge else repo.base(draft.tip)
    public = merge is not None or (base == draft.tip and draft.tip not in known.places)
    own = repo.commits(draft.tip, base if public else known.publish)
    return judged(repo, draft, known, Lineage(base, own, repo.changed(base, draft.tip), merge, public))


def judged(repo: Repository, draft: DraftRef, known: History, lineage: Lineage) -> DraftRow:
    """A draft of which it is known where it comes from."""
    submissions = _submissions(lineage.own)
    stale = lineage.base != known.publish and not lineage.public
    decided_on = known.docket.on(draft.tip)
    settled = lineage.public or (bool(decided_on) and decided_on[-1].kind == "reject")
    conflicts = repo.merge(known.publish, draft.tip).conflicts if stale and not settled else ()
    digest = "" if lineage.public else digest_of(repo, draft.tip, known)
    fate, shown_from = _fate(repo, draft, known, lineage) if lineage.public else ("shown", None)
    facts = DraftFacts(
        tip=draft.tip,
        content_digest=digest,
        approved=lineage.public,
        stale=stale,
        conflicts=bool(conflicts),
        submissions=submissions,
        decisions=known.docket.about(draft.tip, digest),
        fate=fate,
        seen=_is_seen(known, lineage),
    )
    next_step, turn = queue.turn(facts)
    newest = submissions[0] if submissions else None
    state = queue.state(facts)
    bar = queue.bars(draft.tip, digest, facts.decisions)
    remarks = {r.sequence: r for commit in lineage.own for r in known.docket.on(commit.id)}
    return DraftRow(
        draft=draft,
        base=lineage.base,
        title=_settled_title(newest, lineage, state) or title_of(repo, draft, lineage.base, lineage.paths),
        state=state,
        next=next_step,
        turn=turn,
        stale=stale,
        conflicts=conflicts,
        authors=tuple(dict.fromkeys(commit.author.email for commit in lineage.own)),
        since=newest.at if newest and state != "draft" else _written(repo, draft, lineage.own),
        submission=newest,
        remarks=tuple(remarks[sequence] for sequence in sorted(remarks)),
        paths=tuple(lineage.paths),
        urgent=state not in queue.SETTLED and _is_urgent(repo, draft, lineage.paths),
        decided=lineage.merge.committed if lineage.merge else bar.at if bar else None,
        shown_from=shown_from,
    )


def _fate(
    repo: Repository, draft: DraftRef, known: History, lineage: Lineage
) -> tuple[Fate, datetime | None]:
    """What became of the pages that an approved draft brought, and from when they are shown."""
    pages = [path for path in lineage.paths if path.endswith(_PAGE)]
    hours = [hour for path in pages if (hour := known.narrowed.get(path)) is not None]
    if hours:
        return "scheduled", min(hours)
    gone = [path for path in pages if path not in known.standing or path in known.narrowed]
    if pages and len(gone) == len(pages):
        # A draft that took them back itself is what the public sees now: the notice, or nothing.
        brought = [data for path in gone if (data := repo.find_page(draft.tip, path)) is not None]
        if any(not is_withdrawn(data) for data in brought):
            return "withdrawn", None
    return "shown", None


def is_withdrawn(page: bytes) -> bool:
    """Whether a page's file is a notice of withdrawal."""
    return b"\nwithdrawn:" in page.partition(b"\n---\n")[0]


def _is_seen(known: History, lineage: Lineage) -> bool:
    if known.witnessed is None or lineage.merge is None:
        return False
    return known.witnessed <= known.places[lineage.merge.id]


def _is_urgent(repo: Repository, draft: DraftRef, paths: Iterable[str]) -> bool:
    """Whether a draft tells what threatens people (UU 14/2008 Pasal 10: without delay)."""
    for path in paths:
        if path.startswith(_URGENT_SECTION):
            return True
        if not path.endswith(_PAGE):
            continue
        data = repo.find_page(draft.tip, path)
        if data is not None and _URGENT_CLASS.encode() in data:
            head = divide(path, data).head
            row = head.values.get("information") if head is not None else None
            if isinstance(row, Mapping) and row.get("class") == _URGENT_CLASS:
                return True
    return False


def digest_of(repo: Repository, tip: str, known: History) -> str:
    """Content digest of a draft, where a decision on equal content could be about it; else nothing.

    Equal content is an equal tree, so that the digest, which costs every byte, is only computed where a
    rejected draft is not in this clone.
    """
    if decisions := known.docket.on(tip):
        return decisions[-1].content_digest
    if digest := known.refused_trees.get(repo.tree(tip)) if known.refused_trees else None:
        return digest
    if not known.refused_elsewhere:
        return ""
    try:
        return content_digest(repo.path, tip)
    except StoreFault:
        # No digest, so nothing can have been refused by it; approving it fails of itself.
        return ""


def free_name(repo: Repository, name: str) -> str:
    """``name`` for new work; ``AnswerIsNo`` if a draft of that name holds what is not public yet."""
    tip = repo.tip(DRAFTS + name)
    if tip is not None and not repo.is_ancestor(tip, repo.publish()):
        raise AnswerIsNo("draft-exists", draft=name)
    return name


def _settled_title(newest: Submission | None, lineage: Lineage, state: State) -> str:
    """A settled draft is called what it was called when it was submitted; its bytes are not looked at."""
    if newest is None or state not in queue.SETTLED:
        return ""
    return next(queue.submission_title(c.message) for c in lineage.own if c.id == newest.commit)


def title_of(repo: Repository, draft: DraftRef, base: str, paths: Iterable[str]) -> str:
    """What the draft is called: its first page's title and how many more there are, else its id."""
    pages = [path for path in paths if path.endswith("/index.md")]
    for path in pages:
        title = page_title(repo.find_page(draft.tip, path) or repo.find_page(base, path) or b"")
        if title:
            return title if len(pages) == 1 else f"{title} (+{len(pages) - 1})"
    return draft.id


def page_title(data: bytes) -> str:
    """The ``title`` line of a page's front matter as it stands; the empty string where there is none."""
    for line in data[:65536].decode("utf-8", "replace").split("\n")[1:]:
        if line.startswith("title:"):
            return line.removeprefix("title:").strip().strip("\"'")
        if line == "---":
            break
    return ""


def _submissions(own: Sequence[CommitFacts]) -> tuple[Submission, ...]:
    return tuple(
        Submission(commit.id, commit.committed, commit.author.email, queue.submission_note(commit.message))
        for commit in own
        if queue.is_submission(commit.message)
    )


def _written(repo: Repository, draft: DraftRef, own: Sequence[CommitFacts]) -> datetime:
    if own and own[0].id == draft.tip:
        return own[0].committed
    return repo.commits(draft.tip, *repo.parents(draft.tip))[0].committed
