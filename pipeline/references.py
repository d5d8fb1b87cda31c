"""The names and facts by which the rest of the house speaks of git: refs, drafts, commits, merges."""

from dataclasses import dataclass
from datetime import UTC, datetime

from pipeline.plumbing import Identity

PUBLISH = "refs/heads/publish"
LEDGER = "refs/heads/ledger"
DRAFTS = "refs/heads/draft/"
LATEST_DECISION = "refs/decided/latest"
"""Kept in the shared copy alone, where every decision moves it: so that of two at once one is refused.

Approvals move one branch and refusals another, and git compares only what moves. The name sorts before
``refs/heads``, so that whoever reads it first and the branches afterwards never believes too much.
"""
COMMIT_FIELDS = "%H%n%P%n%an%n%ae%n%at%n%ct%n%B"
"""What ``git log --format`` prints for ``commit_facts``; the message comes last, for it may hold anything."""


@dataclass(frozen=True, slots=True)
class DraftRef:
    """A draft as it stands: its id, its full ref and its tip."""

    id: str
    ref: str
    tip: str

    @property
    def branch(self) -> str:
        """The branch's short name, ``draft/<id>``."""
        return self.ref.removeprefix("refs/heads/")


@dataclass(frozen=True, slots=True)
class CommitFacts:
    """What a commit says about itself (nothing of it is proven)."""

    id: str
    parents: tuple[str, ...]
    author: Identity
    authored: datetime
    committed: datetime
    message: str

    @property
    def subject(self) -> str:
        """First line of the message."""
        return self.message.partition("\n")[0]


@dataclass(frozen=True, slots=True)
class Merged:
    """Two histories brought together: the tree, and the paths on which both disagree."""

    tree: str
    conflicts: tuple[str, ...]


def commit_facts(text: str) -> CommitFacts:
    """One commit from a line of ``git log`` in the form of ``COMMIT_FIELDS``."""
    # A line feed is the one character that no name or address in a commit can hold.
    commit, parents, name, email, authored, committed, message = text.lstrip("\n").split("\n", 6)
    return CommitFacts(
        commit,
        tuple(parents.split()),
        Identity(name, email),
        _moment(authored),
        _moment(committed),
        message,
    )


def _moment(epoch: str) -> datetime:
    """A commit's time; what no calendar has (drafts may say anything) becomes the beginning of time."""
    try:
        return datetime.fromtimestamp(int(epoch), UTC)
    except (ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(0, UTC)
