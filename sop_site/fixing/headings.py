"""Repairs of headings: one way to write them, none that repeats the title, levels from ``##`` on."""

import re
from collections.abc import Mapping, Sequence

from sop_site.content import markdown
from sop_site.fixing import prose
from sop_site.fixing.manuscript import Manuscript, Repaired, Row, Step, row_by_row

_UNDERLINE = re.compile(r"(=+|-+)[ ]*")
_PLAIN_LINE = re.compile(r"(?![#>|]|\s|[-*+][ \t]|\d+\.[ \t]|:[ \t]).*\S")
_CLOSING = re.compile(r"(#{2,6})[ \t]*(\S.*?)[ \t]+#+[ \t]*")
_NO_SPACE = re.compile(r"(#{2,6})([^\s#].*)")
_HEADING = re.compile(r"(#{1,6})[ \t]*([^#\s].*)")
_FIRST, _LAST = 2, 6


def underlined_headings(page: Manuscript) -> Repaired:
    """A heading that is underlined with ``===`` or ``---``, as one that begins with ``#``."""
    if page.end is None:
        return page, []
    found, body = prose.parts(page.body), page.body
    rows, steps = [], []
    skip = False
    for place, row in enumerate(body):
        if skip:
            skip = False
            continue
        line = _UNDERLINE.fullmatch(body[place + 1].text) if place + 1 < len(body) else None
        alone = place == 0 or found[place - 1] == "blank"
        if (
            line
            and alone
            and found[place] == "text"
            and _PLAIN_LINE.fullmatch(row.text)
            and "|" not in row.text
        ):
            text = f"{'#' if line[1][0] == '=' else '##'} {row.text.rstrip()}"
            rows.append(Row(row.number, text))
            steps.append(Step("fix-heading-form", row.number, row.text, text))
            skip = True
        else:
            rows.append(row)
    return page.with_body(rows), steps


def heading_marks(page: Manuscript) -> Repaired:
    """A space behind ``##``, and no ``#`` at the end. A single ``#`` without one may be a hashtag."""
    if page.end is None:
        return page, []
    found = dict(zip((row.number for row in page.body), prose.parts(page.body), strict=True))

    def change(row: Row) -> str:
        if found[row.number] != "text":
            return row.text
        text = f"{closed[1]} {closed[2]}" if (closed := _CLOSING.fullmatch(row.text)) else row.text
        return f"{bare[1]} {bare[2]}" if (bare := _NO_SPACE.fullmatch(text)) else text

    rows, steps = row_by_row("fix-heading-form", page.body, change)
    return page.with_body(rows), steps


def title_said_twice(page: Manuscript) -> Repaired:
    """The page's own title as a heading of the first level at the beginning of its text."""
    if page.end is None or page.read is None:
        return page, []
    title = page.read.values.get("title")
    body = list(page.body)
    first = next((place for place, row in enumerate(body) if row.text.strip()), None)
    if first is None or not isinstance(title, str):
        return page, []
    line = body[first].text
    if not line.startswith(("# ", "#\t")) or _words(line.strip("# \t")) != _words(title):
        return page, []
    below = next((place for place in range(first + 1, len(body)) if body[place].text.strip()), None)
    if below is None:
        return page, []
    rest = body[below:]
    step = Step("fix-title-twice", body[first].number, body[first].text, "")
    return page.with_body([*body[:first], *rest]), [step]


def _words(text: str) -> list[str]:
    return re.sub(r"[*_`\\]", "", text).casefold().strip(" .:").split()


def heading_levels(page: Manuscript) -> Repaired:
    """Levels that begin at ``##`` and skip none, where each level there is stands for one new level."""
    if page.end is None:
        return page, []
    found = prose.parts(page.body)
    body = page.body
    places = [
        place for place, row in enumerate(body) if found[place] == "text" and _HEADING.fullmatch(row.text)
    ]
    levels = [len(str(_HEADING.fullmatch(body[place].text)[1])) for place in places]  # type: ignore[index]
    moved = shifted(levels)
    # A hashtag at a line's beginning is drawn as a heading, too, and nobody knows which it is meant to be.
    tagged = any(re.match(r"#[^\s#]", body[place].text) for place in places)
    if moved is None or tagged or all(new == old for old, new in moved.items()):
        return page, []
    if [level for level, _ in markdown.outline(_text(body)).headings] != levels:
        return page, []
    rows, steps = list(body), []
    for place, level in zip(places, levels, strict=True):
        if moved[level] != level:
            text = "#" * moved[level] + body[place].text[level:]
            rows[place] = Row(body[place].number, text)
            steps.append(Step("fix-heading-level", body[place].number, body[place].text, text))
    return page.with_body(rows), steps


def _text(rows: Sequence[Row]) -> str:
    return "\n".join(row.text for row in rows)


def shifted(levels: Sequence[int]) -> Mapping[int, int] | None:
    """Old level → new one, ``None`` where no such mapping keeps which heading belongs below which."""
    open_levels: list[int] = []
    new: dict[int, int] = {}
    for level in levels:
        while open_levels and open_levels[-1] >= level:
            open_levels.pop()
        depth = _FIRST + len(open_levels)
        if new.setdefault(level, depth) != depth or depth > _LAST:
            return None
        open_levels.append(level)
    in_order = [new[level] for level in sorted(new)]
    return new if in_order == sorted(set(in_order)) else None
