"""Personal data that must not be published: numbers and contacts of citizens, found in any text (UU 27/2022).

Values never leave this module: a finding names kind and line, and what is shown of a value is masked.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from sop_site.answers import Finding, Severity
from sop_site.rules.inputs import PageInput, Rule
from sop_site.settings import Settings

# Codes of provinces (Permendagri on codes of administrative regions): the first two digits of a NIK.
PROVINCES = frozenset(
    {
        *range(11, 20),
        21,
        *range(31, 37),
        *range(51, 54),
        *range(61, 66),
        *range(71, 77),
        81,
        82,
        *range(91, 98),
    }
)
_DIGIT = r"[0-9]"
_SEPARATOR = r"[ .\-]?"
_SIXTEEN = re.compile(rf"(?<![0-9A-Za-z/]){_DIGIT}(?:{_SEPARATOR}{_DIGIT}){{15}}(?![0-9A-Za-z]|[.,]{_DIGIT})")
_KK = re.compile(
    r"\b(?:no(?:mor)?\.?\s*)?(?:kk|kartu\s+keluarga)\b[^0-9\n]{0,20}([0-9](?:[ .\-]?[0-9]){15})", re.I
)
_NPWP = re.compile(r"(?<![0-9])[0-9]{2}\.[0-9]{3}\.[0-9]{3}\.[0-9][-.][0-9]{3}\.[0-9]{3}(?![0-9])")
_NPWP_LABEL = re.compile(r"\bnpwp\b[^0-9\n]{0,15}([0-9](?:[ .\-]?[0-9]){14,15})(?![0-9])", re.I)
_ACCOUNT = re.compile(
    r"\b(?:rek(?:ening)?|no(?:mor)?\.?\s*rek(?:ening)?|a/c|account)\b[^0-9\n]{0,40}"
    r"([0-9](?:[ .\-]?[0-9]){7,16})(?![0-9])",
    re.I,
)
_BPJS = re.compile(r"\b(?:bpjs|jkn|kis)\b[^0-9\n]{0,25}([0-9](?:[ .\-]?[0-9]){10,12})(?![0-9])", re.I)
_PASSPORT = re.compile(r"\b(?:paspor|passport)\b[^A-Z0-9\n]{0,20}([A-Z][ ]?[0-9]{6,8})(?![0-9])", re.I)
_BIRTH = re.compile(
    r"\b(?:tempat[,/ ]*)?(?:tanggal|tgl\.?)\s*lahir\b|\bttl\b|"
    r"\blahir\s+(?:pada\s+)?(?:tanggal|di)\b|\bborn on\b",
    re.I,
)
_DATE = re.compile(
    r"\b[0-3]?[0-9](?:[-/. ]|\s+)(?:[01]?[0-9]|[A-Za-z]{3,9})(?:[-/. ]|\s+)(?:19|20)[0-9]{2}\b"
)
_MOBILE = re.compile(r"(?<![0-9A-Za-z.])(?:\+?62[ .\-]?|0)8[0-9]{2}(?:[ .\-]?[0-9]){5,9}(?![0-9])")
_MAIL = re.compile(r"[A-Za-z0-9._%+-]+@([A-Za-z0-9.-]+\.[A-Za-z]{2,})")
FREE_MAIL = frozenset(
    {"gmail.com", "yahoo.com", "yahoo.co.id", "ymail.com", "hotmail.com", "outlook.com", "live.com",
     "icloud.com", "rocketmail.com", "aol.com", "proton.me", "protonmail.com", "mail.com", "gmx.com",
     "zoho.com", "yandex.com"}
)  # fmt: skip
_CARD = re.compile(rf"(?<![0-9A-Za-z]){_DIGIT}(?:{_SEPARATOR}{_DIGIT}){{12,18}}(?![0-9A-Za-z])")
_NIP = re.compile(r"(?<![0-9])([12][09][0-9]{6})[ ]?([0-9]{6})[ ]?([12])[ ]?([0-9]{3})(?![0-9])")
_ADDRESS = re.compile(
    r"\b(?:jl\.?|jalan|gang|gg\.?|lingkungan|banjar(?:\s+dinas)?|dusun)\s+[A-Z][^\n|;]{1,40}?"
    r"\bno(?:mor)?\.?\s*[0-9]+|\brt\.?\s*[0-9]{1,3}\s*/?\s*rw\.?\s*[0-9]{1,3}",
    re.I,
)
_NAME = re.compile(
    r"\b(?:I|Ni|Gusti|Ida|Bapak|Ibu|Sdr\.?i?|Sdri|A\.?n\.?)\s+[A-Z][a-z]+|\b[A-Z][a-z]+ [A-Z][a-z]+"
)
_POST = re.compile(
    r"\b(?:camat|kepala|sekretaris|bupati|lurah|perbekel|kasi|kasubag|plt|plh|pembina|penata)\b", re.I
)
_WARN_ROWS = 2


@dataclass(frozen=True, slots=True)
class Found:
    """Something that looks like personal data; ``shown`` is what may be said of it."""

    code: str
    severity: Severity
    start: int
    shown: str


def find(text: str, settings: Settings, *, nip_allowed: bool = False) -> tuple[Found, ...]:
    """Everything in a text, in its order; what several patterns see is told once, by the gravest."""
    found: list[Found] = []
    taken: list[tuple[int, int]] = []
    for look in _LOOKS:
        for item, end in look(text, settings):
            if any(item.start < there[1] and there[0] < end for there in taken):
                continue
            taken.append((item.start, end))
            found.append(item)
    if not nip_allowed:
        found += _nips(text, taken)
    found += _addresses(text)
    return tuple(sorted(found, key=lambda item: item.start))


def findings(
    text: str, path: str, settings: Settings, *, first_line: int | None = 1, nip_allowed: bool = False
) -> tuple[Finding, ...]:
    """The same as findings; lines count from ``first_line`` (``None``: the text has none, as in a PDF)."""
    return tuple(
        Finding(
            item.code,
            item.severity,
            path,
            None if first_line is None else first_line + text.count("\n", 0, item.start),
            {"shown": item.shown},
        )
        for item in find(text, settings, nip_allowed=nip_allowed)
    )


def _digits(text: str) -> str:
    return re.sub(r"[^0-9]", "", text)


def _mask(text: str) -> str:
    digits = _digits(text)
    return f"{digits[:2]}…{digits[-2:]}" if len(digits) > 6 else "…"


def is_nik(number: str) -> bool:
    """Whether sixteen digits can be a NIK: region, birth date (women: day + 40), serial above zero."""
    if len(number) != 16 or int(number[:2]) not in PROVINCES or number[2:4] == "00" or number[4:6] == "00":
        return False
    day, month, year = int(number[6:8]), int(number[8:10]), int(number[10:12])
    day = day - 40 if day > 40 else day
    try:
        date(2000 + year, month, day)
    except ValueError:
        # 29 February of a year that 2000+ does not have, but 1900+ might.
        if (day, month) != (29, 2) or year % 4:
            return False
    return number[12:] != "0000"


def _niks(text: str, _settings: Settings) -> Iterator[tuple[Found, int]]:
    for match in _SIXTEEN.finditer(text):
        number = _digits(match[0])
        if is_nik(number):
            yield Found("personal-nik", "error", match.start(), _mask(number)), match.end()


def _labelled(
    code: str, *patterns: re.Pattern[str]
) -> Callable[[str, Settings], Iterator[tuple[Found, int]]]:
    def look(text: str, _settings: Settings) -> Iterator[tuple[Found, int]]:
        for pattern in patterns:
            for match in pattern.finditer(text):
                group = 1 if pattern.groups else 0
                yield Found(code, "error", match.start(group), _mask(match[group])), match.end(group)

    return look


def _cards(text: str, _settings: Settings) -> Iterator[tuple[Found, int]]:
    for match in _CARD.finditer(text):
        number = _digits(match[0])
        if number[0] in "3456" and 13 <= len(number) <= 19 and len(set(number)) > 1 and luhn(number):
            yield Found("personal-card", "error", match.start(), _mask(number)), match.end()


def luhn(number: str) -> bool:
    """The check digit of payment cards (ISO/IEC 7812)."""
    total = 0
    for place, digit in enumerate(reversed(number)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def _mobiles(text: str, settings: Settings) -> Iterator[tuple[Found, int]]:
    known = {_national(phone) for phone in (settings.office.phone, *settings.checks.phones)}
    for match in _MOBILE.finditer(text):
        if _national(match[0]) not in known:
            yield Found("personal-mobile", "error", match.start(), _mask(match[0])), match.end()


def _national(number: str) -> str:
    digits = _digits(number)
    return "0" + digits[2:] if digits.startswith("62") else digits


def _mails(text: str, settings: Settings) -> Iterator[tuple[Found, int]]:
    known = {mail.lower() for mail in (settings.office.email, *settings.checks.emails)}
    for match in _MAIL.finditer(text):
        if match[1].lower() in FREE_MAIL and match[0].lower() not in known:
            yield Found("personal-mail", "error", match.start(), f"…@{match[1].lower()}"), match.end()


def _births(text: str, _settings: Settings) -> Iterator[tuple[Found, int]]:
    for label in _BIRTH.finditer(text):
        line_end = text.find("\n", label.end())
        stretch = text[label.end() : line_end if line_end >= 0 else len(text)][:80]
        if day := _DATE.search(stretch):
            start = label.end() + day.start()
            yield Found("personal-birth", "error", start, "…"), start + len(day[0])


def _sixteens(text: str, _settings: Settings) -> Iterator[tuple[Found, int]]:
    for match in _SIXTEEN.finditer(text):
        if len(set(_digits(match[0]))) > 1:
            yield Found("personal-sixteen", "warning", match.start(), _mask(match[0])), match.end()


def _nips(text: str, taken: list[tuple[int, int]]) -> Iterator[Found]:
    """A civil servant's number outside a signature block (at most four lines below a post and a name)."""
    lines = text.split("\n")
    for match in _NIP.finditer(text):
        if any(match.start() < end and start < match.end() for start, end in taken) or not _is_nip(match):
            continue
        line = text.count("\n", 0, match.start())
        above = lines[max(0, line - 4) : line + 1]
        signed = any(_POST.search(row) for row in above) and any(_NAME.search(row) for row in above)
        if not signed:
            yield Found("personal-nip", "error", match.start(), _mask(match[0]))


def _is_nip(match: re.Match[str]) -> bool:
    try:
        date(int(match[1][:4]), int(match[1][4:6]), int(match[1][6:8]))
    except ValueError:
        return False
    return 1 <= int(match[2][4:6]) <= 12


def _addresses(text: str) -> Iterator[Found]:
    """Rows that hold a person's name and where he lives: a list of them is a register, one may be a venue."""
    rows, place = [], 0
    for line in text.split("\n"):
        found = _ADDRESS.search(line)
        if found and _NAME.search(line[: found.start()]):
            rows.append(place + found.start())
        place += len(line) + 1
    if len(rows) >= _WARN_ROWS:
        yield Found("personal-addresses", "error", rows[0], "…")
    elif rows:
        yield Found("personal-address", "warning", rows[0], "…")


_LOOKS: tuple[Callable[[str, Settings], Iterator[tuple[Found, int]]], ...] = (
    _labelled("personal-kk", _KK),
    _niks,
    _labelled("personal-npwp", _NPWP, _NPWP_LABEL),
    _labelled("personal-bpjs", _BPJS),
    _labelled("personal-account", _ACCOUNT),
    _labelled("personal-passport", _PASSPORT),
    _cards,
    _mobiles,
    _mails,
    _births,
    _sixteens,
)


def text_is_free_of_it(page: PageInput) -> Iterator[Finding]:
    """Front matter and body, line by line as they lie in the file."""
    settings, allowed = page.around.settings, getattr(page.page, "section", None) == "profil"
    yield from findings(
        page.page.body, page.path, settings, first_line=page.page.body_line, nip_allowed=allowed
    )
    for place, text in strings(page.head.values, ()):
        for finding in findings(text, page.path, settings, first_line=None, nip_allowed=allowed):
            yield Finding(finding.code, finding.severity, page.path, page.head.line(place), finding.values)


def files_are_free_of_it(page: PageInput) -> Iterator[Finding]:
    """The text in files, hidden text and earlier revisions included, and their names."""
    folder = page.path.removesuffix("index.md")
    allowed = getattr(page.page, "section", None) == "profil"
    for name, facts in sorted(page.media.items()):
        path = f"{folder}{name}"
        yield from findings(facts.text, path, page.around.settings, first_line=None, nip_allowed=allowed)
    yield from findings(page.path.replace("-", " "), page.path, page.around.settings, first_line=None)


def a_nip_that_ends_in_zeros_is_explained(page: PageInput) -> Iterator[Finding]:
    """A number that ends in 000 cannot be a person's; it is left as it stands and mentioned."""
    for match in _NIP.finditer(page.page.body):
        if match[4] == "000":
            line = page.page.body_line + page.page.body.count("\n", 0, match.start())
            yield page.warning("nip-ends-in-zeros", line)


def strings(value: object, place: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Every text of the front matter with its place."""
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from strings(item, (*place, key))
    elif isinstance(value, tuple):
        for number, item in enumerate(value):
            yield from strings(item, (*place, number))


RULES: tuple[Rule, ...] = (text_is_free_of_it, files_are_free_of_it, a_nip_that_ends_in_zeros_is_explained)
