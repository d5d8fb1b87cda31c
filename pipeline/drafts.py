"""Every draft with its state, age and remarks, from git and the ledger alone; nothing is stored."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pipeline.digesting import content_digest
from pipeline.references import DRAFTS, CommitFacts, DraftRef
from pipeline.repository import Repository
from sop_site import queue
from sop_site.approval.entry import Entry
from sop_site.approval.store import StoreFault
from sop_site.errors import AnswerIsNo
from sop_site.queue import Decision, DraftFacts, State, Submission, Turn

DECISIONS = ("return", "reject", "reopen")


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


@dataclass(frozen=True, slots=True)
class History:
    """What all drafts are compared with, read once."""

    publish: str
    approvals: Mapping[str, CommitFacts]
    """Second parent on the publish chain → the merge that took it in."""
    chain: frozenset[str]
    decisions: tuple[Decision, ...]


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


def history(repo: Repository, entries: Iterable[Entry]) -> History:
    """Publish chain and decisions, once for all drafts."""
    publish = repo.publish()
    chain = repo.commits(publish, first_parent=True)
    merged = {commit.parents[1]: commit for commit in chain if len(commit.parents) > 1}
    return History(publish, merged, frozenset(commit.id for commit in chain), decisions_in(entries))


def gather(
    repo: Repository, entries: Iterable[Entry], advance: Callable[[int], None] = lambda _n: None
) -> list[DraftRow]:
    """All drafts, those that wait longest first, approved ones last."""
    known = history(repo, entries)
    rows = []
    for draft in repo.drafts():
        rows.append(row(repo, draft, known))
        advance(1)
    order = {"waiting": 0, "returned": 1, "draft": 2, "rejected": 3, "approved": 4}
    return sorted(rows, key=lambda line: (order[line.state], line.since, line.draft.id))


def row(repo: Repository, draft: DraftRef, known: History) -> DraftRow:
    """One draft, judged against the publish chain and the ledger's decisions."""
    merge = known.approvals.get(draft.tip)
    # An approved draft is compared with what was public before it, and owns what its approval brought.
    base = merge.parents[0] if merge else repo.base(draft.tip)
    public = merge is not None or (base == draft.tip and draft.tip not in known.chain)
    paths = repo.changed(base, draft.tip)
    own = repo.commits(draft.tip, base if public else known.publish)
    submissions = _submissions(own)
    stale = base != known.publish and not public
    conflicts = repo.merge(known.publish, draft.tip).conflicts if stale else ()
    facts = DraftFacts(
        tip=draft.tip,
        content_digest=digest_of(repo, draft.tip, known.decisions),
        approved=public,
        stale=stale,
        conflicts=bool(conflicts),
        submissions=submissions,
        decisions=known.decisions,
    )
    next_step, turn = queue.turn(facts)
    ids = {commit.id for commit in own}
    newest = submissions[0] if submissions else None
    state = queue.state(facts)
    return DraftRow(
        draft=draft,
        base=base,
        title=title_of(repo, draft, base, paths),
        state=state,
        next=next_step,
        turn=turn,
        stale=stale,
        conflicts=conflicts,
        authors=tuple(dict.fromkeys(commit.author.email for commit in own)),
        since=newest.at if newest and state != "draft" else _written(repo, draft, own),
        submission=newest,
        remarks=tuple(decision for decision in known.decisions if decision.draft in ids),
        paths=tuple(paths),
    )


def digest_of(repo: Repository, tip: str, decisions: Sequence[Decision]) -> str:
    """Content digest of a draft, computed only where a refusal could be about it (it costs every byte)."""
    if not any(decision.kind == "reject" for decision in decisions):
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


def title_of(repo: Repository, draft: DraftRef, base: str, paths: Iterable[str]) -> str:
    """What the draft is called: its first page's title and how many more there are, else its id."""
    pages = [path for path in paths if path.endswith("/index.md")]
    for path in pages:
        title = page_title(repo.find(draft.tip, path) or repo.find(base, path) or b"")
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
