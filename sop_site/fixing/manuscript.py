"""A page's file on its way through the repairs: rows that remember their line, and what was done to them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from sop_site.content import SECTIONS, place_of
from sop_site.content.front_matter import Head, divide

_MARK = "---"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was done, for the person whose page it is."""

    code: str
    line: int
    """Counted from 1 in the file as it was handed in."""
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the file; a line that a repair puts in has the number of the one that it precedes."""

    number: int
    text: str


@dataclass(frozen=True)
class Manuscript:
    """The page's text; ``path`` tells its kind, ``rows`` are what is between the line feeds."""

    path: str
    rows: tuple[Row, ...]

    @cached_property
    def text(self) -> str:
        """The file's text."""
        return "\n".join(row.text for row in self.rows)

    @cached_property
    def end(self) -> int | None:
        """Place of the row that closes the head, ``None`` where there is no head."""
        if not self.rows or self.rows[0].text != _MARK:
            return None
        places = (place for place, row in enumerate(self.rows[1:], 1) if row.text == _MARK)
        return next(places, None)

    @property
    def head(self) -> tuple[Row, ...]:
        """Rows between the marks."""
        return self.rows[1 : self.end] if self.end is not None else ()

    @property
    def body(self) -> tuple[Row, ...]:
        """Rows below the head; none where it does not end, for then nobody knows where the text begins."""
        return self.rows[self.end + 1 :] if self.end is not None else ()

    @property
    def kind(self) -> str | None:
        """The kind that the page's place gives it."""
        place = place_of(self.path)
        return SECTIONS[place[0]] if place else None

    @cached_property
    def read(self) -> Head | None:
        """The head as the strict reader reads it, ``None`` where it cannot."""
        return divide(self.path, self.text.encode()).head

    def value(self, name: str) -> Any:
        """A field of the head, ``None`` where it is absent or the head unreadable."""
        return self.read.values.get(name) if self.read is not None else None

    @property
    def is_indonesian(self) -> bool:
        """Whether the page says (or says nothing else than) that it is written in Bahasa Indonesia."""
        return self.read is not None and self.read.values.get("lang", "id") == "id"

    def with_head(self, rows: Iterable[Row]) -> "Manuscript":
        """The same with other rows between the marks."""
        assert self.end is not None
        return replace(self, rows=(self.rows[0], *rows, *self.rows[self.end :]))

    def with_body(self, rows: Iterable[Row]) -> "Manuscript":
        """The same with other rows below the head."""
        assert self.end is not None
        return replace(self, rows=(*self.rows[: self.end + 1], *rows))


Repaired = tuple[Manuscript, list[Step]]
Fix = Callable[[Manuscript], Repaired]
"""A repair: the manuscript after it, and what was done; it does nothing where the answer is not certain."""


def of_text(path: str, text: str) -> Manuscript:
    """A manuscript of a file's whole text."""
    return Manuscript(path, tuple(Row(number, line) for number, line in enumerate(text.split("\n"), 1)))


def row_by_row(code: str, rows: Sequence[Row], change: Callable[[Row], str]) -> tuple[list[Row], list[Step]]:
    """Every row through ``change``, and a step for each one that came out different."""
    changed = [Row(row.number, change(row)) for row in rows]
    pairs = zip(rows, changed, strict=True)
    steps = [Step(code, old.number, old.text, new.text) for old, new in pairs if old.text != new.text]
    return changed, steps
