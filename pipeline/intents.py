"""What a run was about to decide, noted beside the references until it is done.

A run that is killed after the decision counts and before it could say so leaves its note; the same command,
repeated, finds the decision in history and tells of it, instead of refusing to decide what is decided.
"""

import fcntl
import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from pipeline.repository import Repository
from sop_site.errors import AnswerIsNo

_FOLDER = "sop-decisions"


@dataclass(frozen=True, slots=True)
class Intent:
    """One decision, and the commit by which it is made."""

    kind: str
    """``approve``, or the ledger entry's kind."""
    draft: str
    """The draft's id."""
    commit: str
    sequence: int


@contextmanager
def noted(repo: Repository, intent: Intent) -> Iterator[None]:
    """Keep the note while the decision is sent; it stays where nobody can say whether it arrived."""
    folder = _folder(repo)
    folder.mkdir(exist_ok=True)
    with (folder / intent.commit).open("w", encoding="utf-8") as note:
        # Held as long as this run lives: what another run finds unlocked, nobody is working on any more.
        fcntl.flock(note, fcntl.LOCK_EX)
        note.write(json.dumps(asdict(intent)))
        note.flush()
        try:
            yield
        except AnswerIsNo:
            forget(repo, intent)
            raise
        forget(repo, intent)


def forget(repo: Repository, intent: Intent) -> None:
    """The decision did not come about, or has been told of."""
    (_folder(repo) / intent.commit).unlink(missing_ok=True)


def left_behind(repo: Repository, kind: str, draft: str) -> Iterator[Intent]:
    """Notes of runs that ended before they could say what became of this decision on this draft."""
    folder = _folder(repo)
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        # Being worked on (locked), gone in the meantime, or cut short while it was written.
        with suppress(OSError, ValueError, TypeError), path.open(encoding="utf-8") as note:
            fcntl.flock(note, fcntl.LOCK_EX | fcntl.LOCK_NB)
            found = Intent(**json.load(note))
            if (found.kind, found.draft) == (kind, draft):
                yield found


def _folder(repo: Repository) -> Path:
    return repo.git_folder / _FOLDER
