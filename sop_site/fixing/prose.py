"""Which parts of a body are running text, and which must stay letter by letter: code, addresses, tables."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Literal

from sop_site.fixing.manuscript import Row

Part = Literal["text", "blank", "code", "table", "rule", "reference"]

LIST_ITEM = re.compile(r" {0,3}(?:[-*+]|\d+[.])[ \t]+\S")
_FENCE = re.compile(r" {0,3}(?:`{3,}|~{3,})")
_RULE = re.compile(r" {0,3}(?:[-=]+|(?:[*_-] ?){3,})\s*")
_REFERENCE = re.compile(r" {0,3}\[[^\]]+\]:")
_TABLE_LINE = re.compile(r" {0,3}\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*")
_CODE = 4

# Addresses, code, escapes, mailboxes and names of files within running text.
# A line is written by anybody, and every pattern here takes time that grows with its length alone.
_KEPT = re.compile(
    r"`.*`|`.*"
    r"|\]\((?:<[^<>\n]*>|[^()<\n]|<(?![^<>\n]*>)|\([^()\n]*\))*(?:\)|$)?"
    r"|\]\[[^\]\n]*\]"
    r"|<[^<>\n]*>?"
    r"|\b[A-Za-z][A-Za-z0-9+.-]{0,20}:(?://)?[^\s)\]>]*[^\s)\]>.,;:!?]|\bwww\.\S+"
    r"|(?<![^\s@])[^\s@]+@[^\s@]+"
    r"|(?<!\w)(?:/[\w.-]+)+/?"
    r"|\b[\w-]{1,80}(?:\.[\w-]{1,80}){0,4}\.(?:jpe?g|png|webp|svg|pdf|mp4|vtt|docx?|xlsx?|html?|go\.id|desa\.id)\b"
    r"|&[#\w]{1,32};"
    r"|\\.",
    re.I,
)
_LONGEST = 4_000
"""Letters of a line; a longer one is no paragraph that anybody wrote, and stays as it is."""


def is_table_line(text: str) -> bool:
    """Whether a line is the one between a table's head and its rows (``|---|:-:|``)."""
    return "|" in text and len(text) <= _LONGEST and _TABLE_LINE.fullmatch(text) is not None


def parts(rows: Sequence[Row]) -> list[Part]:
    """What each row of a body is; where that is in doubt, it is code and stays as it is."""
    found: list[Part] = []
    fenced = False
    for row in rows:
        text = row.text
        if len(text) > _LONGEST:
            found.append("code")
        elif _FENCE.match(text):
            fenced = not fenced
            found.append("code")
        elif fenced or (
            text.strip() and len(text.expandtabs(_CODE)) - len(text.expandtabs(_CODE).lstrip()) >= _CODE
        ):
            found.append("code")
        elif not text.strip():
            found.append("blank")
        elif _REFERENCE.match(text):
            found.append("reference")
        elif _RULE.fullmatch(text):
            found.append("rule")
        else:
            found.append("text")
    _mark_tables(rows, found)
    _mark_spans(rows, found)
    return found


def _mark_tables(rows: Sequence[Row], found: list[Part]) -> None:
    for place, row in enumerate(rows):
        if not is_table_line(row.text) or not place or "|" not in rows[place - 1].text:
            continue
        if found[place] == "code":
            continue
        end = place - 1
        while end < len(rows) and found[end] not in ("blank", "code") and "|" in rows[end].text:
            found[end] = "table"
            end += 1


def _mark_spans(rows: Sequence[Row], found: list[Part]) -> None:
    """A paragraph in which a code span goes over a line's end is left alone as a whole."""
    for first, last in list(paragraphs(found)):
        ticks = [rows[place].text.count("`") % 2 for place in range(first, last)]
        if any(ticks):
            found[first:last] = ["code"] * (last - first)


def paragraphs(found: Sequence[Part]) -> Iterator[tuple[int, int]]:
    """First row and the one after the last of each run of text."""
    first: int | None = None
    for place, part in enumerate((*found, "blank")):
        if part == "text" and first is None:
            first = place
        elif part != "text" and first is not None:
            yield first, place
            first = None


def kept_spans(text: str) -> list[tuple[int, int]]:
    """Where a line of running text must stay letter by letter."""
    return [found.span() for found in _KEPT.finditer(text)]


def in_prose(text: str, pattern: re.Pattern[str], put: str | Callable[[re.Match[str]], str]) -> str:
    """``pattern`` replaced where it touches nothing that must stay."""
    kept = kept_spans(text)

    def change(found: re.Match[str]) -> str:
        if any(start < found.end() and found.start() < end for start, end in kept):
            return found[0]
        return found.expand(put) if isinstance(put, str) else put(found)

    return pattern.sub(change, text)
