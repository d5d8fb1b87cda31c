"""Files beside the pages under review: measured in the confined child, pictures kept for the browser.

Nothing is decoded here. A picture is handed to the browser as it lies in the draft, and only when the child
found it to be what its name says, whole, and of a size that the site would take.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from pipeline.media import budgets, measure
from pipeline.repository import Repository
from pipeline.reviewing import FileChange
from sop_site.content.places import MEDIA_NAME
from sop_site.review.page_changes import Medium, MediumChange, alternative_texts, medium_change

MOST_FILES = 120
MOST_BYTES = 60_000_000
"""Read for one review; what lies beyond is named with its size alone."""
MOST_SHOWN_BYTES = 12_000_000
"""Pictures embedded in one page for the browser."""
_SHOWN = ("jpg", "png", "webp", "svg")


@dataclass(frozen=True, slots=True)
class Measured:
    """Facts by path, before and after."""

    before: Mapping[str, Medium]
    after: Mapping[str, Medium]


def gather(repo: Repository, before: str, after: str, folders: Mapping[str, list[FileChange]]) -> Measured:
    """The changed files of the pages under review, as they are and as they would be."""
    changed = [change for own in folders.values() for change in own if not change.is_page]
    old = {change.moved_from or change.path for change in changed if change.before or change.moved_from}
    new = {change.path for change in changed if change.after is not None}
    budget = _Budget()
    return Measured(
        _measured({path: budget.take(repo, before, path) for path in sorted(old)}, budget),
        _measured({path: budget.take(repo, after, path) for path in sorted(new)}, budget),
    )


def change(
    told: FileChange, media: Measured, before: tuple[bytes, str], after: tuple[bytes, str]
) -> MediumChange:
    """A changed file with its facts and what its page says of it (``before`` and ``after``: bytes, path)."""
    name = told.path.rpartition("/")[2]
    source = told.moved_from or told.path
    return medium_change(
        name, told.change,
        _described(media.before.get(source), source, told.before, before),
        _described(media.after.get(told.path), told.path, told.after, after),
        told.moved_from,
    )  # fmt: skip


def _described(known: Medium | None, path: str, size: int | None, page: tuple[bytes, str]) -> Medium | None:
    name = path.rpartition("/")[2]
    if known is None:
        known = Medium(name, size) if size is not None else None
    if known is None:
        return None
    alt = alternative_texts(*page).get(name)
    return replace(known, alt=alt)


class _Budget:
    """How much is still read and shown."""

    def __init__(self) -> None:
        self.files, self.read, self.shown = MOST_FILES, MOST_BYTES, MOST_SHOWN_BYTES

    def take(self, repo: Repository, rev: str, path: str) -> bytes | None:
        """The bytes of a file, ``None`` where it is missing or the budget is spent."""
        if self.files <= 0 or not MEDIA_NAME.fullmatch(path.rpartition("/")[2]):
            return None
        data = repo.find(rev, path)
        if data is None or len(data) > self.read:
            return None
        self.files, self.read = self.files - 1, self.read - len(data)
        return data

    def picture(self, name: str, facts: Mapping[str, Any], data: bytes) -> bytes | None:
        """The bytes of a picture that may be shown."""
        kind = name.rpartition(".")[2]
        largest = budgets.TEXT_FILE_BYTES if kind == "svg" else 2 * budgets.PICTURE_BYTES
        fits = len(data) <= min(largest, self.shown)
        if kind not in _SHOWN or facts.get("true_type") != kind or facts.get("problem") or not fits:
            return None
        self.shown -= len(data)
        return data


def _measured(files: Mapping[str, bytes | None], budget: _Budget) -> dict[str, Medium]:
    """Facts of files by path; one child looks at all of them."""
    present = {path: data for path, data in files.items() if data is not None}
    # The child knows names, not paths: a number in front keeps two of the same name apart.
    names = {path: f"{number}-{path.rpartition('/')[2]}" for number, path in enumerate(present)}
    known = measure({names[path]: data for path, data in present.items()}) if present else {}
    return {path: _medium(path, known[names[path]], data, budget) for path, data in present.items()}


def _medium(path: str, facts: Mapping[str, Any], data: bytes, budget: _Budget) -> Medium:
    name = path.rpartition("/")[2]
    return Medium(
        name=name, size=len(data), width=_whole(facts, "width"), height=_whole(facts, "height"),
        pages=_whole(facts, "pages"), seconds=_number(facts.get("duration")),
        text=str(facts.get("text") or ""), problem=_text(facts.get("problem")),
        picture=budget.picture(name, facts, data),
    )  # fmt: skip


def _whole(facts: Mapping[str, Any], name: str) -> int | None:
    value = facts.get(name)
    return value if isinstance(value, int) else None


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _text(value: object) -> str | None:
    return str(value) if value else None
