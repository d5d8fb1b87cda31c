"""Birth dates with their label: in a sentence, in a form's line, in a table's column."""

import re
from collections.abc import Iterator, Sequence

_HINT = re.compile(r"lahir|\bttl\b|\bborn\b|birth", re.I)
_LABEL = re.compile(
    r"\b(?:tempat\W{0,3}(?:dan\W{1,3}|/\W{0,2})?)?(?:tanggal|tgl)\b\.?\s{0,3}lahir\b|\bttl\b|\blahir\b|"
    r"\bborn\b|\bdate\s+of\s+birth\b",
    re.I,
)
_MONTHS = (
    "jan(?:uari|uary)?|feb(?:ruari|ruary)?|mar(?:et|ch)?|apr(?:il)?|mei|may|jun[ie]?|jul[iy]?|"
    "agu(?:st(?:us)?)?|aug(?:ust)?|sep(?:t(?:ember)?)?|okt(?:ober)?|oct(?:ober)?|no[vp](?:ember)?|"
    "des(?:ember)?|dec(?:ember)?"
)
# From 1920 on: whoever was born before is history, as are the founding days of towns.
_YEAR = r"(?:19[2-9][0-9]|20[0-9]{2})"
_DATE = re.compile(
    rf"\b[0-3]?[0-9]\s?[-/.]\s?[01]?[0-9]\s?[-/.]\s?{_YEAR}\b|\b[0-3]?[0-9][\s.-]{{1,3}}(?:{_MONTHS})\.?"
    rf"[\s,.-]{{1,3}}{_YEAR}\b|\b{_YEAR}[-/][01][0-9][-/][0-3][0-9]\b",
    re.I,
)
# "lahir sebelum 1 Januari 2008", "lahir tanggal 1 Januari 2020 atau sesudahnya": nobody's birthday.
_CONDITION = re.compile(
    r"\b(?:sebelum|setelah|sesudah|sejak|antara|mulai|hingga|sampai|maksimal|minimal|paling|dan|atau|"
    r"serta|formulir|surat|nomor|berlaku|before|after|since)\b",
    re.I,
)
_CONDITION_AFTER = re.compile(
    r"\s{0,3}(?:atau|s\.?/?d|sampai|hingga|ke\s+atas|dan\s+(?:sesudah|setelah))", re.I
)
_NOBODY = re.compile(
    r"\b(?:hari|pancasila|kota|kabupaten|kecamatan|provinsi|bangsa|republik|organisasi)\s+(?:\w+\s+){0,2}\Z",
    re.I,
)
_REACH = 80
_LONGEST_ROW = 2_000


def dates(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of every date that a label makes somebody's birthday."""
    if not _HINT.search(text):
        return
    lines = text.split("\n")
    place = 0
    for number, line in enumerate(lines):
        for label in _LABEL.finditer(line):
            for offset, start, end in _of_label(lines, number, label):
                yield place + offset + start, place + offset + end
        place += len(line) + 1


def _of_label(lines: Sequence[str], number: int, label: re.Match[str]) -> Iterator[tuple[int, int, int]]:
    """Dates of one label: how far their line's begin is from the label's line, start and end in it."""
    line = lines[number]
    if _NOBODY.search(line, max(0, label.start() - 60), label.start()):
        return
    found = _DATE.search(line, label.end(), label.end() + _REACH)
    if found:
        between, after = line[label.end() : found.start()], line[found.end() : found.end() + 30]
        if not _CONDITION.search(between) and not _CONDITION_AFTER.match(after):
            yield 0, found.start(), found.end()
    elif len(line) > _LONGEST_ROW:
        return
    elif "|" in line:
        yield from _of_column(lines, number, line.count("|", 0, label.start()))
    elif not re.sub(r"\W", "", line.replace(label[0], "")) and number + 1 < len(lines):
        indent = len(lines[number + 1]) - len(lines[number + 1].lstrip(" :"))
        if below := _DATE.match(lines[number + 1], indent):
            yield len(line) + 1, below.start(), below.end()


def _of_column(lines: Sequence[str], number: int, column: int) -> Iterator[tuple[int, int, int]]:
    """Dates below a heading of a Markdown table."""
    rule = lines[number + 1] if number + 1 < len(lines) else ""
    if not rule.strip() or rule.strip("|:- \t"):
        return
    offset = len(lines[number]) + 1 + len(rule) + 1
    for line in lines[number + 2 :]:
        if "|" not in line:
            return
        cells = line.split("|")
        if column < len(cells) and (found := _DATE.search(cells[column])):
            before = sum(len(cell) + 1 for cell in cells[:column])
            yield offset, before + found.start(), before + found.end()
        offset += len(line) + 1
