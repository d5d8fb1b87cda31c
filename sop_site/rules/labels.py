"""What stands near a number and says what it is: before it, on the line above, at the head of its column."""

import re
from bisect import bisect_right
from functools import cached_property

_BEFORE = 80
"""Characters of a line that a label may take up."""
_CELL = 60
_LONGEST_ROW = 2_000
"""Characters of a row in which columns are counted, so that no text takes long."""
_ONLY_SIGNS = re.compile(r"[^A-Za-z0-9]*\Z")
_ORDINAL = re.compile(r"[\W_]*(?:[0-9]{1,3}[\W_]+)?\Z")
# "NPWP (15 digit)"
_ASIDE = re.compile(r"\([^()]{0,20}\)(?=[^()]{0,20}\Z)")
_BETWEEN_CELLS = "|\t;,"


class Labels:
    """A text by its lines, with the tables among them; made once, asked for each number."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def lines(self) -> list[str]:
        """The lines of the text."""
        return self.text.split("\n")

    @cached_property
    def starts(self) -> list[int]:
        """Where each line begins, and one place more for the end."""
        found = [0]
        for line in self.lines:
            found.append(found[-1] + len(line) + 1)
        return found

    def line_number(self, place: int) -> int:
        """The line of a place, counted from zero."""
        return bisect_right(self.starts, place) - 1

    def of(self, start: int, *, first: bool = True) -> tuple[str, ...]:
        """Everything that may be the label of what begins at ``start``, nearest first.

        ``first`` is false where other digits stand directly before, which are no label's number.
        """
        number = self.line_number(start)
        begin = self.starts[number]
        row = self.lines[number]
        found = []
        before = row[max(0, start - begin - _BEFORE) : start - begin]
        if first:
            found.append(before)
        if _ORDINAL.match(row[: min(start - begin, _BEFORE)]) and (above := self._above(number)):
            found.append(above)
        if len(row) <= _LONGEST_ROW:
            found += [f"{head}: " for head in self._heads_of_column(number, row[: start - begin])]
        return tuple(_ASIDE.sub(" ", label) if ")" in label else label for label in found)

    def begins_table(self, number: int, sign: str) -> bool:
        """Whether a line is the first of rows that ``sign`` parts into cells."""
        return self._tops[sign][number] == number

    def _above(self, number: int) -> str:
        """The nearest line above that holds words, if it is not far and may be a label."""
        for line in reversed(self.lines[max(0, number - 3) : number]):
            if not _ONLY_SIGNS.match(line):
                return f"{line[-_CELL:]} " if len(line) <= 2 * _CELL else ""
        return ""

    def _heads_of_column(self, number: int, before: str) -> list[str]:
        found = []
        for sign in _BETWEEN_CELLS:
            top = self._tops[sign][number]
            if top < 0 or top == number:
                continue
            column, cells = before.count(sign), self._cells(top, sign)
            even = sign != "," or len(cells) == self.lines[number].count(sign) + 1
            if even and column < len(cells) and len(cells[column]) <= _CELL:
                found.append(cells[column].strip())
        return found

    def _cells(self, number: int, sign: str) -> list[str]:
        if len(self.lines[number]) > _LONGEST_ROW:
            return []
        return self.lines[number].split(sign)

    @cached_property
    def _tops(self) -> dict[str, list[int]]:
        """For each kind of table and each line: the line on which its table begins, or -1."""
        found = {}
        for sign in _BETWEEN_CELLS:
            top, tops = -1, []
            for number, line in enumerate(self.lines):
                top = (number if top < 0 else top) if sign in line else -1
                tops.append(top)
            found[sign] = tops
        return found
