"""Repairs of the file itself: its encoding, line ends and characters that nobody sees."""

import codecs
import re
import unicodedata

from sop_site.fixing.manuscript import Manuscript, Repaired, Row, Step, row_by_row

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
# Characters that Windows calls by these numbers; as controls they mean nothing, and HTML reads them so too.
# U+0085 is also a line end of its own and is left to a person.
_OF_WINDOWS = {
    code: known
    for code in range(0x80, 0xA0)
    if code != 0x85 and (known := bytes([code]).decode("cp1252", "ignore"))
}
_BREAKS = re.compile("[\x0b\x0c\u2028\u2029]")
_DEAD = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
_WORKLESS = re.compile("[\u200b\u2060\ufeff\u00ad]")
# Joiners work in scripts that join letters and in picture signs made of several; between Latin ones not.
_LATIN = "\x20-\x7e\u00a0-\u024f"
_JOINER = re.compile(f"(?<![^{_LATIN}])[\u200c\u200d](?![^{_LATIN}])")
# Marks of direction that have nothing to turn. The overrides (U+202D, U+202E) do turn Latin text: whoever
# read the page saw other words than a program does, and a person decides which were meant.
_DIRECTION = re.compile("[\u200e\u200f\u202a-\u202c\u2066-\u2069]")
_OVERRIDE = re.compile("[\u202d\u202e]")
_NBSP = "\u00a0"
# A space that does not break works between a number and what it counts; beside another space it does not.
_IDLE_NBSP = re.compile(
    rf"(?<=[ ]){_NBSP}+|(?<!{_NBSP}){_NBSP}+(?=[ ]|$)|^{_NBSP}+|(?<=[^\W\d]){_NBSP}(?=[^\W\d])"
)


def decoded(data: bytes) -> tuple[str, list[Step]] | None:
    """A file's text without byte order mark and with LF alone, ``None`` where its encoding is unknown."""
    steps, encoding = [], "utf-8"
    for bom, name in _BOMS:
        if data.startswith(bom):
            data, encoding = data.removeprefix(bom), name
            steps.append(Step("fix-bom", 1, bom.hex(" "), ""))
            break
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return None
    if "\r" in text:
        steps.append(Step("fix-line-ends", text[: text.index("\r")].count("\n") + 1, "CR", "LF"))
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text, steps


def invisible_characters(page: Manuscript) -> Repaired:
    """Control characters, zero-width ones and marks of direction that do nothing where they stand."""
    turns = _OVERRIDE.search(page.text) or any(
        unicodedata.bidirectional(letter) in ("R", "AL", "AN") for letter in page.text if letter > "\u024f"
    )

    def change(row: Row) -> str:
        text = _BREAKS.sub(" ", row.text).translate(_OF_WINDOWS)
        text = _JOINER.sub("", _WORKLESS.sub("", _DEAD.sub("", text)))
        return text if turns else _DIRECTION.sub("", text)

    rows, steps = row_by_row("fix-invisible", page.rows, change)
    return Manuscript(page.path, tuple(rows)), steps


def idle_unbroken_spaces(page: Manuscript) -> Repaired:
    """Unbroken spaces that came with a copied text and keep nothing together."""
    rows, steps = row_by_row("fix-unbroken-space", page.rows, lambda row: _IDLE_NBSP.sub(" ", row.text))
    return Manuscript(page.path, tuple(rows)), steps


def composed_letters(page: Manuscript) -> Repaired:
    """Letters with their marks in one piece (Unicode NFC), so that a search finds them."""
    rows, steps = row_by_row("fix-letters", page.rows, lambda row: unicodedata.normalize("NFC", row.text))
    return Manuscript(page.path, tuple(rows)), steps


def one_line_feed_at_the_end(page: Manuscript) -> Repaired:
    """The file ends with one line feed."""
    rows = list(page.rows)
    while rows and not rows[-1].text.strip():
        rows.pop()
    if not rows:
        return page, []
    kept = (*rows, Row(rows[-1].number + 1, ""))
    if [row.text for row in kept] == [row.text for row in page.rows]:
        return page, []
    return Manuscript(page.path, kept), [Step("fix-end", rows[-1].number, rows[-1].text, rows[-1].text)]
