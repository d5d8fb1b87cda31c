"""Numbers as people write them: digits in groups, and what they can be."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

# Codes of provinces (Permendagri on codes of administrative regions): the first two digits of a NIK.
PROVINCES = frozenset(
    {*range(11, 20), 21, *range(31, 37), *range(51, 54), *range(61, 66), *range(71, 77), 81, 82,
     *range(91, 98)}
)  # fmt: skip
_REGENCIES_OF_BALI = frozenset({"01", "02", "03", "04", "05", "06", "07", "08", "71"})
# Lengths that a number may have which is written in groups and has other digits in front of it.
_IN_GROUPS = frozenset({15, 16, 18, 19})
# A longer row of groups is a table; no number in it is written digit by digit.
_GROUPS_IN_A_ROW, _GROUPS_IN_A_NUMBER = 40, 8
LONGEST = 22
"""Digits of the longest number that anybody asks about (a taxpayer's place of business)."""
_RUN = re.compile(r"[0-9](?:[ .\-]{0,3}[0-9])*")
# Sixteen digits with anything between them that may stand in a number, also the end of a line.
_SPREAD = re.compile(r"[0-9](?:(?:[ \t.,:;/|()\[\]+_\-]{0,5}|[ \t]{0,3}\n[ \t>\-]{0,4})[0-9]){15}(?![0-9])")
_GROUP = re.compile(r"[0-9]+")
_ALNUM_BEFORE = re.compile(r"[0-9A-Za-z]{0,80}\Z")
_ALNUM_AFTER = re.compile(r"[0-9A-Za-z]{0,80}")
_URL = re.compile(r"(?:://|\bwww\.)\S{0,300}\Z", re.I)


@dataclass(frozen=True, slots=True)
class Number:
    """Some neighbouring groups of digits read as one number."""

    digits: str
    shape: tuple[int, ...]
    """How many digits each group has."""
    start: int
    end: int
    first: bool
    """Whether no digits stand directly before it, so that a label may."""


def numbers(text: str, at_least: int = 8) -> Iterator[Number]:
    """The ways to read neighbouring groups of digits as one number of ``at_least`` to nineteen digits.

    Most ways to read a table of figures lead nowhere and are left out.
    """
    for run in _RUN.finditer(text):
        if run.end() - run.start() < at_least:
            continue
        groups = [found.span() for found in _GROUP.finditer(text, run.start(), run.end())]
        for first, (start, _) in enumerate(groups):
            shape: list[int] = []
            total = 0
            for last in range(first, len(groups)):
                shape.append(groups[last][1] - groups[last][0])
                total += shape[-1]
                if total > LONGEST or (len(groups) > _GROUPS_IN_A_ROW and len(shape) > _GROUPS_IN_A_NUMBER):
                    break
                whole = len(shape) == 1 or first == 0
                if total >= at_least and (whole or total in _IN_GROUPS):
                    parts = [text[one:two] for one, two in groups[first : last + 1]]
                    yield Number("".join(parts), tuple(shape), start, groups[last][1], first == 0)


def spread(text: str) -> Iterator[Number]:
    """Sixteen digits that ``numbers`` does not read as one: broken by a line's end, a slash, a bracket."""
    for begin in _GROUP.finditer(text):
        # From each group anew: what is read from one may end in the midst of what begins at the next.
        run = _SPREAD.match(text, begin.start())
        if run and not _RUN.fullmatch(run[0]):
            groups = [found.span() for found in _GROUP.finditer(text, run.start(), run.end())]
            digits = "".join(text[start:end] for start, end in groups)
            yield Number(digits, tuple(end - start for start, end in groups), run.start(), run.end(), True)


def is_in_a_hash(text: str, number: Number) -> bool:
    """Whether letters mixed with further digits touch it.

    Letters alone may touch a number (``NIK5108…``), as PDFs lose their spaces.
    """
    before = _ALNUM_BEFORE.search(text, max(0, number.start - 80), number.start)
    after = _ALNUM_AFTER.match(text, number.end)
    around = (before[0] if before else "") + (after[0] if after else "")
    return any(letter.isdigit() for letter in around)


def stands_alone(text: str, number: Number) -> bool:
    """Whether it is no piece of a hash, a decimal fraction or a machine's address."""
    is_fraction = number.start > 1 and text[number.start - 1] == "." and text[number.start - 2].isdigit()
    if is_in_a_hash(text, number) or (is_fraction and len(number.shape) == 1):
        return False
    return not _URL.search(text, max(0, number.start - 320), number.start)


def is_from_bali(number: str) -> bool:
    """Whether a NIK or family card was issued in a regency of Bali, of which there are nine."""
    return number[:2] == "51" and (number[2:4] in _REGENCIES_OF_BALI)


def is_nik(number: str) -> bool:
    """Whether sixteen digits can be a NIK: region, birth date (women: day + 40), serial above zero."""
    if len(number) != 16 or int(number[:2]) not in PROVINCES or number[2:4] == "00" or number[4:6] == "00":
        return False
    day, month, year = int(number[6:8]), int(number[8:10]), int(number[10:12])
    return _is_day(2000 + year, month, day - 40 if day > 40 else day) and number[12:] != "0000"


def written_as_nik(shape: tuple[int, ...]) -> bool:
    """Whether somebody would group a NIK so: whole, in fours, or by region, date and serial.

    Rows of dates (``12-05-2023 01-06-2023``) and account codes (``5.1.02…``) have no break after the region.
    """
    breaks = {sum(shape[:count]) for count in range(1, len(shape))}
    # Two dates in eight digits each would be the same as half and half.
    in_fours = breaks <= {4, 8, 12} and shape != (8, 8)
    return in_fours or (6 in breaks and breaks <= {2, 4, 6, 8, 10, 12})


def is_nip(number: str) -> bool:
    """Whether eighteen digits can be a civil servant's number: birth date, first appointment, sex, serial."""
    if len(number) != 18 or number[:2] not in ("19", "20") or number[8:10] not in ("19", "20"):
        return False
    return _is_day(int(number[:4]), int(number[4:6]), int(number[6:8])) and number[14] in "12"


def luhn(number: str) -> bool:
    """The check digit of payment cards (ISO/IEC 7812)."""
    total = 0
    for place, digit in enumerate(reversed(number)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
