"""Repairs of spacing: what the page's reader never sees, and gaps without which Markdown sees no list."""

import re
from collections.abc import Callable, Iterator

from sop_site.fixing import prose
from sop_site.fixing.manuscript import Manuscript, Repaired, Row, Step, row_by_row
from sop_site.fixing.prose import LIST_ITEM, Part

_TAB = 4
_FIELD_ROW = re.compile(r"(?:[A-Za-z_][A-Za-z0-9_]*:(?:\s.*)?|\s*-(?:\s.*)?|\s*)")
_BLOCK_SCALAR = re.compile(
    r"(\s*)(?:- )?[A-Za-z_][\w]*:\s*[|>][+-]?\d?[+-]?\s*(?:#.*)?|(\s*)-\s+[|>][+-]?\s*"
)
_WIDE_GAP = re.compile(r"(?<=\S)(?:  +| *\t[ \t]*)(?=\S)")
_GAP_BEFORE_STOP = re.compile(r"(?<=[^\W_])[ ]+([,.])(?=\s|$)|(?<=[)\]”’])[ ]+([,.])(?=\s|$)")
_NUMBER_ALONE = re.compile(r"\s*\d+\s*")
_MARKER = re.compile(r"\s*(?:(?:[-*+]|\d+\.|#{1,6}|>|:)[ \t]+)+")
# Without its space it would be no list any more.
_MARKER_ALONE = re.compile(r"\s*(?:[-*+:>]|\d+\.)(?:[\s>:*+-]|\d+\.)*[ \t]")
_ITEM = re.compile(r"(?:([-*+])|(\d+)\.)[ \t]+\S")


def trailing_spaces(page: Manuscript) -> Repaired:
    """Spaces at the end of lines; two of them within a paragraph are a line break and stay two."""
    if page.end is None:
        return page, []
    head, steps = row_by_row("fix-trailing", page.head, _outside_block_scalars(page))
    found = [*prose.parts(page.body), "blank"]
    rows, more = [], []
    for place, row in enumerate(page.body):
        kept = found[place] == "code" or _MARKER_ALONE.fullmatch(row.text)
        text = row.text if kept else row.text.rstrip(" \t")
        breaks = found[place] == found[place + 1] == "text" and text and row.text.endswith("  ")
        text += "  " if breaks else ""
        rows.append(Row(row.number, text))
        if text != row.text:
            more.append(Step("fix-trailing", row.number, row.text, text))
    return page.with_head(head).with_body(rows), [*steps, *more]


def _outside_block_scalars(page: Manuscript) -> Callable[[Row], str]:
    """Strips a row of the head unless it may belong to a text of several lines, where spaces are text."""
    inner = set(block_scalar_rows(page))

    def strip(row: Row) -> str:
        return (
            row.text.rstrip(" \t") if row.number not in inner and _FIELD_ROW.fullmatch(row.text) else row.text
        )

    return strip


def block_scalar_rows(page: Manuscript) -> Iterator[int]:
    """Numbers of the head's rows that lie within a text of several lines (``|`` or ``>``)."""
    indent: int | None = None
    for row in page.head:
        own = len(row.text) - len(row.text.lstrip(" "))
        if indent is not None and (not row.text.strip() or own > indent):
            yield row.number
            continue
        opened = _BLOCK_SCALAR.fullmatch(row.text)
        indent = len(opened[1] or opened[2] or "") if opened else None


def marks_of_the_head(page: Manuscript) -> Repaired:
    """Blank lines before the first ``---`` and spaces behind either mark."""
    first = next((place for place, row in enumerate(page.rows) if row.text.strip()), 0)
    rows = list(page.rows[first:])
    if not rows or rows[0].text.rstrip() != "---" or page.end is not None:
        return page, []
    close = next((place for place, row in enumerate(rows[1:], 1) if row.text.rstrip() == "---"), None)
    if close is None:
        return page, []
    steps = [Step("fix-head-marks", rows[place].number, rows[place].text, "---") for place in (0, close)
             if rows[place].text != "---" or (place == 0 and rows[0].number > 1)]  # fmt: skip
    rows[0], rows[close] = Row(rows[0].number, "---"), Row(rows[close].number, "---")
    return Manuscript(page.path, tuple(rows)), steps


def tabs_at_the_beginning(page: Manuscript) -> Repaired:
    """Tabs before a line's first word, as the spaces for which Markdown takes them."""
    if page.end is None:
        return page, []

    def change(row: Row) -> str:
        words = row.text.lstrip(" \t")
        lead = row.text[: len(row.text) - len(words)]
        return lead.expandtabs(_TAB) + words if words else row.text

    rows, steps = row_by_row("fix-tabs", page.body, change)
    return page.with_body(rows), steps


def gaps_in_lines(page: Manuscript) -> Repaired:
    """Several spaces between two words, and one before a comma or full stop."""
    if page.end is None:
        return page, []
    found = dict(zip((row.number for row in page.body), prose.parts(page.body), strict=True))

    def one_space(row: Row) -> str:
        if found[row.number] != "text":
            return row.text
        start = (
            marker.end() if (marker := _MARKER.match(row.text)) else len(row.text) - len(row.text.lstrip())
        )
        return row.text[:start] + prose.in_prose(row.text[start:], _WIDE_GAP, " ")

    def no_space(row: Row) -> str:
        return (
            row.text if found[row.number] != "text" else prose.in_prose(row.text, _GAP_BEFORE_STOP, _closed)
        )

    rows, steps = row_by_row("fix-gap", page.body, one_space)
    rows, more = row_by_row("fix-gap-before-stop", rows, no_space)
    return page.with_body(rows), [*steps, *more]


def _closed(gap: re.Match[str]) -> str:
    # ``5 .`` at a line's beginning would become the first entry of a list.
    if _NUMBER_ALONE.fullmatch(gap.string[: gap.start()]):
        return gap[0]
    return gap[1] or gap[2]


def many_blank_lines(page: Manuscript) -> Repaired:
    """One blank line between two paragraphs, and none before the first."""
    if page.end is None:
        return page, []
    found = prose.parts(page.body)
    following = _next_that_is_not_blank(found)
    kept, steps, before = [], [], "blank"
    for place, row in enumerate(page.body):
        again = found[place] == "blank" and place > 0 and found[place - 1] == "blank"
        # Blank lines within code are part of it; the end of the file is another repair's.
        if again and following[place] != "blank" and "code" not in (before, following[place]):
            steps.append(Step("fix-blank-lines", row.number, "", ""))
        else:
            kept.append(row)
        before = before if found[place] == "blank" else found[place]
    return page.with_body(kept), steps


def _next_that_is_not_blank(found: list[Part]) -> list[Part]:
    """For each row what follows it when blank ones are not counted."""
    following: list[Part] = []
    after: Part = "blank"
    for part in reversed(found):
        following.append(after)
        after = after if part == "blank" else part
    return following[::-1]


def blank_lines_that_are_missing(page: Manuscript) -> Repaired:
    """A blank line where Markdown would otherwise see no list or table."""
    if page.end is None:
        return page, []
    found = prose.parts(page.body)
    rows, steps = [], []
    for place, row in enumerate(page.body):
        if place and (_list_begins(page.body, found, place) or _table_is_cramped(page.body, found, place)):
            rows.append(Row(row.number, ""))
            steps.append(Step("fix-blank-line-missing", row.number, "", row.text))
        rows.append(row)
    return page.with_body(rows), steps


def _list_begins(rows: tuple[Row, ...], found: list[Part], place: int) -> bool:
    """Two or more entries of one kind right below a paragraph that is no list itself.

    A single line that begins with a dash may be a sentence that goes on.
    """
    if found[place] != "text" or found[place - 1] != "text" or place + 1 >= len(rows):
        return False
    first, second = _ITEM.match(rows[place].text), _ITEM.match(rows[place + 1].text)
    if first is None or second is None or found[place + 1] != "text":
        return False
    same = first[1] == second[1] if first[1] else (first[2], second[2]) == ("1", "2")
    above = place - 1
    while above >= 0 and found[above] == "text":
        text = rows[above].text
        if LIST_ITEM.match(text) or text.startswith(("#", ">", " ", ":")):
            return False
        above -= 1
    return same


def _table_is_cramped(rows: tuple[Row, ...], found: list[Part], place: int) -> bool:
    """A table right below a paragraph, or a paragraph right below a table."""
    if found[place] == "table" and found[place - 1] == "text":
        wide = place + 1 < len(rows) and prose.is_table_line(rows[place + 1].text)
        return (
            wide
            and not LIST_ITEM.match(rows[place - 1].text)
            and not rows[place - 1].text.startswith((">", " ", ":"))
        )
    return (
        found[place] == "text" and found[place - 1] == "table" and not rows[place].text.startswith((" ", ">"))
    )


FORM_ONLY = (trailing_spaces, tabs_at_the_beginning, gaps_in_lines, many_blank_lines)
"""Those after which the drawn page says the same, letter by letter but for spaces."""
