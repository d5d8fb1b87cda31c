"""The queue: every draft that has a branch, told from one reading of history, however long it is."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TypeGuard

from pipeline import approved_drafts, drafts, kept
from pipeline.approved_drafts import walk
from pipeline.drafts import DraftRow, History, Lineage
from pipeline.references import CommitFacts, DraftRef
from pipeline.repository import Repository
from sop_site import queue
from sop_site.answers import count
from sop_site.approval.entry import Entry

_PATHS, _CHECKS = "paths", "checks"


def gather(
    repo: Repository,
    entries: Sequence[Entry],
    now: datetime,
    advance: Callable[[int], None] = lambda _n: None,
) -> list[DraftRow]:
    """All drafts: warnings to the public first, then what waits longest; what is settled comes last."""
    history = drafts.history(repo, entries, now)
    found = _lineages(repo, history)
    paths = _paths(repo, found, history)
    rows = []
    for draft, (base, own, public) in found.items():
        changed = paths.get((base, draft.tip), ())
        lineage = Lineage(base, own, changed, history.merges.get(draft.tip), public)
        rows.append(drafts.judged(repo, draft, history, lineage))
        advance(1)
    return sorted(rows, key=_place)


def _place(row: DraftRow) -> tuple[object, ...]:
    return (*queue.rank(row.state, urgent=row.urgent, since=row.since), row.draft.id)


_Found = tuple[str, Sequence[CommitFacts], bool]
"""Base, own commits, and whether all of the draft is public."""


def _lineages(repo: Repository, history: History) -> dict[DraftRef, _Found]:
    listed = repo.all_commits(f"^{history.publish}")
    open_commits = {commit.id: commit for commit in listed}
    order = {commit.id: place for place, commit in enumerate(listed)}
    known = repo.drafts()
    merges = [history.merges[draft.tip] for draft in known if draft.tip in history.merges]
    brought = approved_drafts.brought(repo, history, merges)
    found: dict[DraftRef, _Found] = {}
    for draft in known:
        if merge := history.merges.get(draft.tip):
            found[draft] = merge.parents[0], brought[merge.id], True
        elif draft.tip not in open_commits:
            found[draft] = draft.tip, (), draft.tip not in history.places
        else:
            own = sorted(walk(draft.tip, open_commits), key=lambda commit: order[commit.id])
            left = {parent for commit in own for parent in commit.parents if parent not in open_commits}
            # Where a draft took in publish again, git knows best where it stands now.
            found[draft] = left.pop() if len(left) == 1 else repo.base(draft.tip), own, False
    return found


def _paths(
    repo: Repository, found: Mapping[DraftRef, _Found], history: History
) -> dict[tuple[str, str], Sequence[str]]:
    """What each draft changed against its base: remembered, else asked for.

    The trees of settled ones are bounded: they were approved, or a digest of them stands in a decision; git
    is asked about all of them at once. Whoever writes a draft may put anything into it, so that the others
    are looked at one by one.
    """
    asked = {f"{base} {draft.tip}": (base, draft.tip) for draft, (base, *_) in found.items()}
    told = kept.load(repo.path, _PATHS)
    known: dict[tuple[str, str], Sequence[str]] = {
        asked[key]: tuple(map(str, told[key])) for key in asked if isinstance(told.get(key), list)
    }
    fresh = {(base, draft.tip): public for draft, (base, _, public) in found.items()}
    fresh = {pair: public for pair, public in fresh.items() if pair not in known and pair[0] != pair[1]}
    if not fresh:
        return known
    bounded = [pair for pair, public in fresh.items() if public or history.docket.on(pair[1])]
    known |= repo.changed_in(bounded) if bounded else {}
    known |= {pair: repo.changed(*pair) for pair in fresh if pair not in known}
    kept.save(repo.path, _PATHS, {key: list(known[pair]) for key, pair in asked.items() if pair in known})
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
            counts = known if _is_count(known) else _counted(repo, row.draft.id)
            standing[key] = counts
            found.append(counts)
        advance(1)
    if standing != told:
        kept.save(repo.path, _CHECKS, standing)
    return found


def _counted(repo: Repository, draft: str) -> Mapping[str, int]:
    # Imported here: all that checks need is heavy, and most of the time nothing has changed.
    from pipeline.checking import check_draft

    return count(check_draft(repo, draft).findings)


def _is_count(value: object) -> TypeGuard[dict[str, int]]:
    return isinstance(value, dict) and [type(value.get(key)) for key in ("errors", "warnings")] == [int, int]
