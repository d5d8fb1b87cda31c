"""Repairs of dates, times and amounts in running text: the Indonesian form, where one reading is possible.

Source: Ejaan yang Disempurnakan (EYD V): ``17 Agustus 2026``, ``pukul 08.00``, ``Rp1.500.000,00``.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date

from sop_site.answers import Finding
from sop_site.content.front_matter import as_date
from sop_site.fixing import prose
from sop_site.fixing.manuscript import Manuscript, Repaired, Row, Step

MONTHS = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober",
    "November", "Desember",
)  # fmt: skip
ENGLISH_MONTHS = {
    "January": 1, "February": 2, "March": 3, "April": 4, "May": 5, "June": 6, "July": 7, "August": 8,
    "September": 9, "October": 10, "November": 11, "December": 12,
    "Jan": 1, "Feb": 2, "Mar": 3, "Apr": 4, "Jun": 6, "Jul": 7, "Aug": 8, "Sep": 9, "Sept": 9, "Oct": 10,
    "Nov": 11, "Dec": 12,
}  # fmt: skip
_MONTH = "|".join(sorted(ENGLISH_MONTHS, key=len, reverse=True))
_EDGE, _END = r"(?<![\w/.,:+-])", r"(?![\w/]|[.,:+-]\w)"
_DAY_FIRST = re.compile(rf"{_EDGE}(\d{{1,2}})(?:st|nd|rd|th)?[ ]({_MONTH})\.?,?[ ](\d{{4}}){_END}")
_MONTH_FIRST = re.compile(rf"{_EDGE}({_MONTH})\.?[ ](\d{{1,2}})(?:st|nd|rd|th)?,?[ ](\d{{4}}){_END}")
_LONG_MONTH = "January|February|March|May|June|July|August|October|December"
_MONTH_ALONE = re.compile(rf"(?<!\d )(?<!\d(?:st|nd|rd|th) ){_EDGE}({_LONG_MONTH})[ ](\d{{4}}){_END}")
_ISO = re.compile(rf"{_EDGE}(\d{{4}})-(\d{{2}})-(\d{{2}}){_END}")
_AMERICAN = re.compile(rf"{_EDGE}(0?[1-9]|1[0-2])/(1[3-9]|2\d|3[01])/((?:19|20)\d\d){_END}")
_EITHER = re.compile(rf"{_EDGE}(0?[1-9]|1[0-2])/(0?[1-9]|1[0-2])/((?:19|20)\d\d){_END}")
# What stands behind such a word is a number of a letter, a version or a code, and no day.
_A_NUMBER = re.compile(r"(?:\b(?:nomor|nomer|no|kode|versi|seri|berkas|file|id)\b[.:]?\s*)$", re.I)
_CLOCK = r"([01]?\d|2[0-3]):([0-5]\d)"
_AT = re.compile(
    rf"(?<=\b[Pp]ukul ){_CLOCK}(?:( ?[-–—] ?|[ ]s\.?d\.? |[ ]sampai |[ ]hingga ){_CLOCK})?(?![\w:]|[.,]\d)"
)
_ZONED = re.compile(rf"(?<![\w:.,/-]){_CLOCK}(?:( ?[-–—] ?){_CLOCK})?(?=[ ](?:WITA|WIB|WIT)\b)")
_AMOUNT = re.compile(
    r"\b(?:Rp|IDR)\.?[ \u00a0]?(\d{1,3}(?:,\d{3})+|\d{1,3}(?:\.\d{3})+|\d+)([.,]\d{2})?(?![\w]|[.,]\d)"
)
_MULTIPLE = re.compile(r"[ \u00a0]?(?:ribu|juta|miliar|milyar|triliun|rb|jt|m)\b", re.I)
# Function words that no Indonesian sentence has: a line with several of them quotes English.
_ENGLISH = re.compile(r"\b(?:the|and|of|to|for|with|this|from|is|are|on|at|will|by)\b", re.I)
_QUOTES_ENGLISH = 2


def _day(year: str, month: int, day: str, otherwise: str) -> str:
    try:
        date(int(year), month, int(day))
    except ValueError:
        return otherwise
    return f"{int(day)} {MONTHS[month - 1]} {year}"


def _day_first(found: re.Match[str]) -> str:
    return _day(found[3], ENGLISH_MONTHS[found[2]], found[1], found[0])


def _month_first(found: re.Match[str]) -> str:
    return _day(found[3], ENGLISH_MONTHS[found[1]], found[2], found[0])


def _month_alone(found: re.Match[str]) -> str:
    return f"{MONTHS[ENGLISH_MONTHS[found[1]] - 1]} {found[2]}"


def _iso(found: re.Match[str]) -> str:
    if _A_NUMBER.search(found.string[: found.start()]):
        return found[0]
    return _day(found[1], int(found[2]) if 1 <= int(found[2]) <= len(MONTHS) else 0, found[3], found[0])


def _american(found: re.Match[str]) -> str:
    if _A_NUMBER.search(found.string[: found.start()]):
        return found[0]
    return _day(found[3], int(found[1]), found[2], found[0])


def _time(found: re.Match[str]) -> str:
    until = f"{found[3]}{int(found[4]):02}.{found[5]}" if found[3] else ""
    return f"{int(found[1]):02}.{found[2]}{until}"


def _amount(found: re.Match[str]) -> str:
    """Rupiah with full stops between thousands and a comma before cents; ``Rp 1,500 juta`` stays as it is."""
    whole, cents = found[1], found[2] or ""
    multiple = _MULTIPLE.match(found.string, found.end())
    if multiple and ("," in whole or cents):
        return found[0]
    # ``Rp1.50`` may be a slip for anything; cents follow the other sign than thousands do.
    if cents and (cents[0] in whole or (cents[0] == "." and "," not in whole)):
        return found[0]
    grouped = whole.replace(",", ".")
    if "." not in grouped and len(grouped) > 3 and not grouped.startswith("0"):
        grouped = f"{int(grouped):,}".replace(",", ".")
    return f"Rp{grouped}{cents.replace('.', ',')}"


_EVERYWHERE: tuple[tuple[str, re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    ("fix-date", _DAY_FIRST, _day_first),
    ("fix-date", _MONTH_FIRST, _month_first),
    ("fix-amount", _AMOUNT, _amount),
)
_IN_SENTENCES = (
    ("fix-date", _MONTH_ALONE, _month_alone),
    ("fix-date", _ISO, _iso),
    ("fix-date", _AMERICAN, _american),
    ("fix-time", _AT, _time),
    ("fix-time", _ZONED, _time),
)


def dates_and_amounts(page: Manuscript) -> Repaired:
    """Dates, times and amounts of an Indonesian page; in tables only those that are words or rupiah."""
    if not page.is_indonesian:
        return page, []
    steps: list[Step] = []
    rows = []
    for row, part in zip(page.body, prose.parts(page.body), strict=True):
        text = row.text
        changes = {"text": (*_EVERYWHERE, *_IN_SENTENCES), "table": _EVERYWHERE}.get(part, ())
        if changes and len(_ENGLISH.findall(text)) < _QUOTES_ENGLISH:
            for code, pattern, put in changes:
                before, text = text, prose.in_prose(text, pattern, put)
                if before != text:
                    steps.append(Step(code, row.number, before, text))
        rows.append(Row(row.number, text))
    return page.with_body(rows), steps


def ambiguous_dates(page: Manuscript) -> Iterator[Finding]:
    """Dates of which nobody but the author knows which number is the day: ``08/07/2026``."""
    if not page.is_indonesian:
        return
    for row, part in zip(page.body, prose.parts(page.body), strict=True):
        kept = prose.kept_spans(row.text) if part in ("text", "table") else None
        for found in _EITHER.finditer(row.text) if kept is not None else ():
            inside = any(start < found.end() and found.start() < end for start, end in kept or ())
            if found[1].lstrip("0") != found[2].lstrip("0") and not inside:
                yield Finding("fix-date-ambiguous", "warning", page.path, row.number, {"text": found[0]})


def as_day(text: str) -> str | None:
    """A day as people write it, in the form of the front matter; ``None`` where it could be another one."""
    if found := re.fullmatch(r"(\d{4})(\d{2})(\d{2})|(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", text):
        year, month, day = (part for part in found.groups() if part)
    elif found := re.fullmatch(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})", text):
        day, month, year = found[1], found[3], found[4]
        if int(month) > len(MONTHS) >= int(day):
            day, month = month, day
        elif int(day) <= len(MONTHS) and int(day) != int(month):
            return None
    elif found := re.fullmatch(r"(\d{1,2})[ ]([A-Za-z]+)\.?,?[ ](\d{4})", text):
        day, month, year = found[1], str(_month(found[2])), found[3]
    elif found := re.fullmatch(r"([A-Za-z]+)\.?[ ](\d{1,2})(?:st|nd|rd|th)?,?[ ](\d{4})", text):
        day, month, year = found[2], str(_month(found[1])), found[3]
    else:
        return None
    written = f"{year}-{int(month):02}-{int(day):02}"
    return written if as_date(written) is not None else None


def _month(name: str) -> int:
    """Number of a month in either language, 0 for a word that is none."""
    for number, known in enumerate(MONTHS, 1):
        if name.casefold() == known.casefold():
            return number
    return ENGLISH_MONTHS.get(name.capitalize(), 0)
