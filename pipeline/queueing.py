"""The queue: every draft that has a branch, told from one reading of history, however long it is."""

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeGuard

from pipeline import drafts, kept
from pipeline.checking import check_draft
from pipeline.drafts import DraftRow, History, Lineage
from pipeline.references import CommitFacts, DraftRef
from pipeline.repository import Repository
from sop_site import queue
from sop_site.answers import count
from sop_site.approval.entry import Entry

_PATHS, _CHECKS = "paths", "checks"


@dataclass(frozen=True, slots=True)
class _Known:
    """Every commit of drafts and of what is public."""

    commits: Mapping[str, CommitFacts]
    order: Mapping[str, int]
    """Place of each, before its parents."""
    brought: Mapping[str, tuple[CommitFacts, ...]]
    """Merge → the commits that came with it, newest first."""
    published: frozenset[str]
    """All that publish contains."""


def gather(
    repo: Repository,
    entries: Sequence[Entry],
    now: datetime,
    advance: Callable[[int], None] = lambda _n: None,
) -> list[DraftRow]:
    """All drafts: warnings to the public first, then what waits longest; what is settled comes last."""
    history = drafts.history(repo, entries, now)
    known = _known(repo, history)
    found = {draft: _lineage(repo, draft, history, known) for draft in repo.drafts()}
    paths = _paths(repo, found, history)
    rows = []
    for draft, (base, own, public) in found.items():
        changed = paths.get((base, draft.tip)) if base != draft.tip else ()
        told = repo.changed(base, draft.tip) if changed is None else changed
        lineage = Lineage(base, own, told, history.merges.get(draft.tip), public)
        rows.append(drafts.judged(repo, draft, history, lineage))
        advance(1)
    return sorted(rows, key=_place)


def _place(row: DraftRow) -> tuple[object, ...]:
    return (*queue.rank(row.state, urgent=row.urgent, since=row.since), row.draft.id)


def _known(repo: Repository, history: History) -> _Known:
    listed = repo.all_commits(history.publish)
    commits = {commit.id: commit for commit in listed}
    order = {commit.id: place for place, commit in enumerate(listed)}
    brought: dict[str, tuple[CommitFacts, ...]] = {}
    published = set(history.places)
    # From the oldest: what one approval brought belongs to it alone, though later drafts contain it too.
    for merge in reversed(list(history.merges.values())):
        walked = _walk(merge.parents[1], commits, published)
        own = tuple(sorted(walked, key=lambda commit: order[commit.id]))
        published.update(commit.id for commit in own)
        brought[merge.id] = own
    return _Known(commits, order, brought, frozenset(published))


def _walk(tip: str, commits: Mapping[str, CommitFacts], stop: Container[str]) -> Iterator[CommitFacts]:
    """Commits reachable from ``tip`` and not in ``stop``."""
    seen: set[str] = set()
    waiting = [tip]
    while waiting:
        commit = commits.get(waiting.pop())
        if commit is not None and commit.id not in seen and commit.id not in stop:
            seen.add(commit.id)
            waiting.extend(commit.parents)
            yield commit


def _lineage(
    repo: Repository, draft: DraftRef, history: History, known: _Known
) -> tuple[str, Sequence[CommitFacts], bool]:
    """Base, own commits, and whether all of the draft is public."""
    merge = history.merges.get(draft.tip)
    if merge is not None:
        return merge.parents[0], known.brought[merge.id], True
    if draft.tip in known.published:
        return draft.tip, (), draft.tip not in history.places
    walked = _walk(draft.tip, known.commits, known.published)
    own = tuple(sorted(walked, key=lambda commit: known.order[commit.id]))
    left = {parent for commit in own for parent in commit.parents if parent in known.published}
    # Where a draft took in publish again, git knows best where it stands now.
    return left.pop() if len(left) == 1 else repo.base(draft.tip), own, False


def _paths(
    repo: Repository, found: Mapping[DraftRef, tuple[str, Sequence[CommitFacts], bool]], history: History
) -> dict[tuple[str, str], tuple[str, ...]]:
    """What each settled draft changed: remembered, else asked in one go.

    Their trees are bounded: they were approved, or a digest of them stands in a decision. Whoever writes a
    draft may put anything into it, so that the others are looked at one by one.
    """
    asked = {
        f"{base} {draft.tip}": (base, draft.tip)
        for draft, (base, _, public) in found.items()
        if base != draft.tip and (public or history.docket.on(draft.tip))
    }
    told = kept.load(repo.path, _PATHS)
    known = {asked[key]: tuple(map(str, told[key])) for key in asked if isinstance(told.get(key), list)}
    if fresh := [pair for pair in asked.values() if pair not in known]:
        known |= repo.changed_in(fresh)
        kept.save(repo.path, _PATHS, {key: known[pair] for key, pair in asked.items()})
    return known


def checks(
    repo: Repository, rows: Sequence[DraftRow], advance: Callable[[int], None] = lambda _n: None
) -> list[Mapping[str, int]]:
    """How many errors and warnings each draft has; what is settled is not looked at."""
    publish, judges = repo.publish(), kept.judges()
    told = kept.load(repo.path, _CHECKS)
    found: list[Mapping[str, int]] = []
    standing: dict[str, Mapping[str, int]] = {}
    for row in rows:
        if row.state in queue.SETTLED:
            found.append({"errors": 0, "warnings": 0})
        else:
            key = f"{judges} {publish} {row.draft.tip}"
            known = told.get(key)
            counts = known if _is_count(known) else count(check_draft(repo, row.draft.id).findings)
            standing[key] = counts
            found.append(counts)
        advance(1)
    if standing != told:
        kept.save(repo.path, _CHECKS, standing)
    return found


def _is_count(value: object) -> TypeGuard[dict[str, int]]:
    return isinstance(value, dict) and [type(value.get(key)) for key in ("errors", "warnings")] == [int, int]
