"""The commits that came with each approval: they are what they are for ever, and are kept for the queue."""

from collections.abc import Container, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from pipeline import kept
from pipeline.drafts import History
from pipeline.plumbing import Identity
from pipeline.references import CommitFacts
from pipeline.repository import Repository

_NAME = "approved"
_ONE_BY_ONE = 20
"""Approvals for which git is asked singly; more of them are read with all of history."""


def brought(
    repo: Repository, history: History, merges: Sequence[CommitFacts]
) -> Mapping[str, Sequence[CommitFacts]]:
    """Merge → the commits that came with it, newest first, for each of some approvals."""
    told = kept.load(repo.path, _NAME)
    known: dict[str, Sequence[CommitFacts]] = {
        merge.id: own for merge in merges if (own := _read(told.get(merge.id))) is not None
    }
    fresh = [merge for merge in merges if merge.id not in known]
    if not fresh:
        return known
    if len(fresh) <= _ONE_BY_ONE:
        known |= {merge.id: repo.commits(merge.parents[1], merge.parents[0]) for merge in fresh}
    else:
        known |= _all(repo, history)
    kept.save(repo.path, _NAME, {merge.id: [_row(one) for one in known[merge.id]] for merge in merges})
    return known


def _all(repo: Repository, history: History) -> dict[str, Sequence[CommitFacts]]:
    listed = repo.all_commits(history.publish)
    commits = {commit.id: commit for commit in listed}
    order = {commit.id: place for place, commit in enumerate(listed)}
    found: dict[str, Sequence[CommitFacts]] = {}
    public = set(history.places)
    # From the oldest: what one approval brought belongs to it alone, though later drafts contain it too.
    for merge in reversed(list(history.merges.values())):
        own = sorted(walk(merge.parents[1], commits, public), key=lambda commit: order[commit.id])
        public.update(commit.id for commit in own)
        found[merge.id] = own
    return found


def walk(tip: str, commits: Mapping[str, CommitFacts], stop: Container[str] = ()) -> Iterator[CommitFacts]:
    """Commits reachable from ``tip`` within ``commits``, not beyond what ``stop`` holds."""
    seen: set[str] = set()
    waiting = [tip]
    while waiting:
        commit = commits.get(waiting.pop())
        if commit is not None and commit.id not in seen and commit.id not in stop:
            seen.add(commit.id)
            waiting.extend(commit.parents)
            yield commit


def _row(commit: CommitFacts) -> list[Any]:
    times = [int(commit.authored.timestamp()), int(commit.committed.timestamp())]
    return [commit.id, list(commit.parents), commit.author.name, commit.author.email, *times, commit.message]


def _read(rows: object) -> tuple[CommitFacts, ...] | None:
    """What was kept of one approval; ``None`` where it is something else."""
    with suppress(TypeError, ValueError, OverflowError, OSError):
        return tuple(_commit(*row) for row in rows)  # type: ignore[attr-defined]
    return None


def _commit(
    oid: str, parents: list[str], name: str, email: str, authored: int, committed: int, message: str
) -> CommitFacts:
    if not all(isinstance(text, str) for text in (oid, *parents, name, email, message)):
        raise TypeError("not what was kept")
    then, later = datetime.fromtimestamp(authored, UTC), datetime.fromtimestamp(committed, UTC)
    return CommitFacts(oid, tuple(parents), Identity(name, email), then, later, message)
