"""Bodies that would take a Markdown program seconds or all its stack are refused before it sees them.

The limits are far above what offices write; each was measured at the page's own limit of 256 KiB
(tests/sop_site/content/test_intricacy.py holds what comes near them to its time).
"""

import re

_COUNTS: tuple[tuple[str, str, int], ...] = (
    ("intricate-brackets", "[", 2_000),
    ("intricate-emphasis", "*_`", 12_000),
    ("intricate-breaks", "\\&", 4_000),
    ("intricate-addresses", "<", 3_000),
    ("intricate-cells", "|", 40_000),
)
_PATTERNS: tuple[tuple[str, re.Pattern[str], int], ...] = (
    ("intricate-headings", re.compile(r"^ {0,3}#", re.M), 1_000),
    ("intricate-definitions", re.compile(r"^[ \t]*:", re.M), 200),
    ("intricate-lines", re.compile(r"^[ \t]*[-*_=][-*_= \t]*$", re.M), 500),
    ("intricate-breaks", re.compile(r"[ ]{2}$", re.M), 3_000),
    ("intricate-blocks", re.compile(r"^[ \t]*\n(?=[ \t]*\S)", re.M), 20_000),
)
_MARKERS = re.compile(r"(?:[ \t]*(?:[-*+>]|\d{1,9}[.)])(?=[ \t>-]|$)){12}")
_DEEP = re.compile(r"^(?: {0,3}\t| {4}){12}[ \t]*(?:[-*+>]|\d{1,9}[.)])", re.M)
_CLOSE = re.compile(r"^[ \t]*>{12}", re.M)


def too_much(body: str) -> str | None:
    """Code of the first thing that a body has too much of, or ``None``."""
    for code, marks, most in _COUNTS:
        if sum(map(body.count, marks)) > most:
            return code
    for code, pattern, most in _PATTERNS:
        if sum(1 for _ in pattern.finditer(body)) > most:
            return code
    nested = (
        any(_MARKERS.match(line) for line in body.split("\n")) or _DEEP.search(body) or _CLOSE.search(body)
    )
    return "intricate-nesting" if nested else None
