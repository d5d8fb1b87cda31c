"""Birth dates with their label: in a sentence, in a form's line, in a table's column."""

import re
from collections.abc import Iterator

from sop_site.rules.labels import Labels

_HINTS = ("lahir", "lhr", "ttl", "t.t.l", "born", "birth", "dob", "d.o.b", "embas", "lekad")
_LABEL = re.compile(
    r"\b(?:tempat\W{0,3}(?:dan\W{1,3}|/\W{0,2})?)?(?:tanggal|tgl)\b\.?[\s_\-]{0,3}(?:lahir(?:nya)?|lhr)\b|\bt\.?t\.?l\b|"
    r"(?:\b|_)tgl_?lahir\b|\blahir\b|\bborn\b|\b(?:date\s+of\s+)?birth(?:day|\s?date)?\b|\bd\.?o\.?b\b|"
    r"\b(?:embas|lekad)\b|\bkelahiran\b(?=\s+(?!(?:tanggal|tgl|tahun|nomor|no|per|dan|di|yang|pada)\b)(?-i:[A-Z]))",
    re.I,
)
_MONTHS = (
    "jan(?:uari|uary)?|feb(?:ruari|ruary)?|mar(?:et|ch)?|apr(?:il)?|mei|may|jun[ie]?|jul[iy]?|"
    "ag(?:u(?:st(?:us)?)?|s?t|s)|aug(?:ust)?|sep(?:t(?:ember)?)?|okt(?:ober)?|oct(?:ober)?|no[vp](?:ember)?|"
    "des(?:ember)?|dec(?:ember)?"
)
# From 1920 on: whoever was born before is history, as are the founding days of towns.
_YEAR = r"(?:19[2-9][0-9]|20[0-9]{2})"
_DAY, _MONTH = "(?:0?[1-9]|[12][0-9]|3[01])", "(?:0?[1-9]|1[0-2])"
_DATE = re.compile(
    rf"(?<![0-9]){_DAY}\s?[-/.\s]\s?{_MONTH}\s?[-/.\s]\s?(?:{_YEAR}|[0-9]{{2}})(?![0-9])|"
    rf"(?<![0-9]){_DAY}(?:st|nd|rd|th)?[\s.,/\-]{{0,3}}(?:of\s)?(?:{_MONTHS})\.?[\s,./\-]{{0,3}}(?:{_YEAR}|'?[0-9]{{2}})(?![0-9])|"
    rf"(?<![0-9]){_YEAR}[-/.\s]?[01][0-9][-/.\s]?[0-3][0-9](?![0-9])|"
    rf"(?<![0-9])[0-3][0-9][01][0-9]{_YEAR}(?![0-9])|"
    rf"\b(?:{_MONTHS})\.?\s{_DAY}(?:st|nd|rd|th)?,?\s{_YEAR}\b",
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
    r"\b(?:hari|akta|keterangan|pancasila|kota|kabupaten|kecamatan|provinsi|bangsa|republik|organisasi)\s+(?:\w+\s+){0,2}\Z",
    re.I,
)
_REACH = 80
_LONGEST_ROW = 2_000
_FEW_LETTERS = 24


def dates(text: str, labels: Labels | None = None) -> Iterator[tuple[int, int]]:
    """Start and end of every date that a label makes somebody's birthday."""
    small = text.lower()
    hints = [hint for hint in _HINTS if hint in small]
    if not hints:
        return
    known = labels or Labels(text)
    for number, line in enumerate(known.lines):
        small = line.lower()
        if any(hint in small for hint in hints):
            for label in _LABEL.finditer(line):
                yield from _of_label(known, number, label)


def _of_label(known: Labels, number: int, label: re.Match[str]) -> Iterator[tuple[int, int]]:
    line, start = known.lines[number], known.starts[number]
    if _NOBODY.search(line, max(0, label.start() - 60), label.start()):
        return
    found = _DATE.search(line, label.end(), label.end() + _REACH)
    if found:
        between, after = line[label.end() : found.start()], line[found.end() : found.end() + 30]
        if not _CONDITION.search(between) and not _CONDITION_AFTER.match(after):
            yield start + found.start(), start + found.end()
    elif len(line) > _LONGEST_ROW:
        return
    elif sign := next((sign for sign in "|\t;" if sign in line), "," if _is_list(line) else None):
        column = line.count(sign, 0, label.start())
        cells = list(_of_column(known, number, sign, column)) if known.begins_table(number, sign) else []
        yield from cells
        if not cells and sign == "," and _is_short(line, label):
            yield from _below(known, number)
    elif _is_short(line, label):
        yield from _below(known, number)


def _is_short(line: str, label: re.Match[str]) -> bool:
    """Whether hardly more than the label stands on a line, as in forms and at the head of tables."""
    return len(re.sub(r"\W", "", line.replace(label[0], ""))) <= _FEW_LETTERS


def _is_list(line: str) -> bool:
    """Whether a line is the head of a table with commas: ``nama,tgl_lahir,alamat``."""
    cells = line.split(",")
    return len(cells) > 1 and all(0 < len(cell.split()) <= 3 for cell in cells)


def _below(known: Labels, number: int) -> Iterator[tuple[int, int]]:
    """The date of a form whose label stands alone on its line, as PDFs have it."""
    for below in range(number + 1, min(number + 5, len(known.lines))):
        line = known.lines[below]
        if not re.sub(r"\W", "", line):
            continue
        found = _DATE.search(line, 0, _REACH)
        if found and not _CONDITION.search(line[: found.start()]) and len(line[: found.start()].split()) <= 4:
            yield known.starts[below] + found.start(), known.starts[below] + found.end()
        return


def _of_column(known: Labels, number: int, sign: str, column: int) -> Iterator[tuple[int, int]]:
    """Dates below a heading of a table, until the table ends."""
    for below in range(number + 1, len(known.lines)):
        line = known.lines[below]
        if sign not in line:
            return
        cells = line.split(sign)
        if column < len(cells) and (found := _DATE.search(cells[column], 0, _REACH)):
            before = known.starts[below] + sum(len(cell) + 1 for cell in cells[:column])
            yield before + found.start(), before + found.end()
