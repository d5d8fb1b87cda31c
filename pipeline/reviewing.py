"""What a draft would change for the public, as text: added, changed and removed alike."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from pipeline.repository import Repository
from sop_site.review.hidden import visible as visible

Change = Literal["added", "changed", "removed"]
TEXT_ENDINGS = (".md", ".toml", ".vtt", ".yml", ".yaml", ".txt", ".sig", ".svg")
_CONTEXT_LINES = 2
_TEXT_BYTES = 1_000_000
"""A larger text is no page that anybody may approve; its lines are not compared."""


@dataclass(frozen=True, slots=True)
class FileChange:
    """One file before and after; sizes in bytes, ``None`` where it does not exist."""

    path: str
    change: Change
    before: int | None
    after: int | None
    difference: tuple[str, ...] = ()
    """Unified difference of a text file, every control character made visible."""
    moved_from: str | None = None
    """For an added file: the removed one of which it is a copy, or nearly so."""

    @property
    def is_page(self) -> bool:
        """Whether it is a page's text and not one of its media or a protected file."""
        return self.path.startswith("content/") and self.path.endswith("/index.md")

    @property
    def is_protected(self) -> bool:
        """Whether an ordinary approval may not change it (approval protocol §1)."""
        return not self.path.startswith("content/")


def changes(
    repo: Repository, before: str, after: str, paths: Iterable[str] | None = None
) -> list[FileChange]:
    """Every file that differs between two commits or trees (or those of ``paths``), pages first, by path."""
    moved = repo.renamed(before, after)
    found = [
        replace(_change(repo, path, before, after), moved_from=moved.get(path))
        for path in (repo.changed(before, after) if paths is None else paths)
    ]
    return sorted(found, key=lambda change: (not change.is_page, change.path))


def _change(repo: Repository, path: str, before: str, after: str) -> FileChange:
    old, new = repo.find(before, path), repo.find(after, path)
    kind: Change = "added" if old is None else "removed" if new is None else "changed"
    lines: tuple[str, ...] = ()
    if path.endswith(TEXT_ENDINGS) and max(_size(old) or 0, _size(new) or 0) <= _TEXT_BYTES:
        told = difflib.unified_diff(_lines(old), _lines(new), lineterm="", n=_CONTEXT_LINES)
        # The first two lines only repeat the file's name.
        lines = tuple(told)[2:]
    return FileChange(path, kind, _size(old), _size(new), lines)


def _lines(data: bytes | None) -> list[str]:
    return [visible(line) for line in (data or b"").decode("utf-8", "replace").split("\n")]


def _size(data: bytes | None) -> int | None:
    return None if data is None else len(data)
