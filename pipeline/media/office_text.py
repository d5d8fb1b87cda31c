"""The words of an office package, wherever they stand: hidden rows, comments, changes, caches, names."""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from lxml import etree

XML_PARTS = (".xml", ".rels", ".vml")
_WORKSHEET = re.compile(r"xl/(?:worksheets|chartsheets|macrosheets)/[^/]+\.xml\Z")
_POWER = re.compile(r"[0-9](?:\.[0-9]{1,17})?E\+?[0-9]{1,2}", re.IGNORECASE)
_BREAKS = (
    "p",
    "si",
    "c",
    "row",
    "comment",
    "definedName",
    "pt",
    "v",
    "f",
    "del",
    "ins",
    "property",
    "h",
    "title",
)
# Attributes in which people's words stand: authors of changes, names of sheets, titles and targets of links.
_TELLING = (
    "name", "descr", "title", "author", "v", "initials", "Target", "val", "caption", "display", "tooltip",
    "location",
    "prompt", "promptTitle", "error", "errorTitle", "text", "string", "alt", "userId", "displayName",
    "creator",
)  # fmt: skip
_OWN_NAMES = re.compile(
    r"(?:\[Content_Types\]\.xml|mimetype|(?:_rels|docProps|word|xl|ppt|customXml|META-INF|META|Thumbnails|Configurations2)/.*)\Z"
)


def all_text(parts: Mapping[str, bytes]) -> str:
    """The words of every part; those of worksheets also row by row, so that a heading meets its column."""
    words = [_text_of(body) for part, body in parts.items() if part.endswith(XML_PARTS)]
    names = [part for part in parts if not part.endswith("/")]
    # A row of one cell says nothing new, and what is found in it would be reported twice.
    said = {line for word in words for line in word.split("\n")}
    rows = (row for row in _rows_of(parts) if row.strip() not in said)
    return "\n".join([*words, *rows, *map(_spoken, names)])


def _spoken(name: str) -> str:
    """A part's own name, as far as a person gave it."""
    return "" if _OWN_NAMES.match(name) else name


def _rows_of(parts: Mapping[str, bytes]) -> Iterator[str]:
    """Each row of each worksheet as a line with tabs, hidden or not; cells name their words by number."""
    shared = parsed(parts.get("xl/sharedStrings.xml", b""))
    strings = [] if shared is None else ["".join(map(str, item.itertext())) for item in shared.iter("{*}si")]
    for part, body in sorted(parts.items()):
        root = parsed(body) if _WORKSHEET.match(part) else None
        for row in [] if root is None else root.iter("{*}row"):
            yield "\t".join(_cell(cell, strings) for cell in row.iter("{*}c"))


def _cell(cell: etree._Element, strings: Sequence[str]) -> str:
    value = cell.findtext("{*}v") or ""
    if cell.get("t") == "s" and value.isdigit() and int(value) < len(strings):
        return strings[int(value)]
    if cell.get("t") == "inlineStr":
        return "".join(map(str, cell.itertext()))
    # A spreadsheet keeps sixteen digits as a number: 5.108062812760001E+15.
    if _POWER.fullmatch(value) and float(value).is_integer():
        return str(int(Decimal(value)))
    return value.removesuffix(".0")


def _text_of(body: bytes) -> str:
    root = parsed(body)
    if root is None:
        return ""
    # A word that is half bold stands in two runs: pieces of one paragraph are joined without a gap.
    lines: list[str] = []
    for element in root.iter():
        if not isinstance(element.tag, str):
            lines.append(f"\n{element.text or ''}\n")  # what a comment or an instruction says
            lines.append(element.tail or "")
            continue
        local = element.tag.rpartition("}")[2]
        if local in _BREAKS:
            lines.append("\n")
        elif local in ("tab", "br", "cr"):
            lines.append("\t")
        lines.append(element.text or "")
        if local not in ("t", "delText", "r", "rPr"):
            named = (value for key, value in element.items() if str(key).rpartition("}")[2] in _TELLING)
            lines.extend(f"\n{value!s}\n" for value in named if value)
        if (element.tail or "").strip():
            lines.append(str(element.tail))
    return re.sub(r"[ \n]*\n[ \n]*", "\n", "".join(lines)).strip()


def parsed(body: bytes) -> etree._Element | None:
    """The root of a part, nothing fetched and nothing expanded; ``None`` where it is no XML."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True)
    try:
        return etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
