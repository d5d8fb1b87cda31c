"""Personal data that must not be published: numbers and contacts of citizens, found in any text (UU 27/2022).

Values never leave this module: a finding names kind and line, and what is shown of a value is masked.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sop_site.answers import Finding, Severity
from sop_site.errors import AnswerIsNo
from sop_site.rules import births, people
from sop_site.rules.inputs import PageInput, Rule
from sop_site.rules.numbers import (
    Number,
    is_in_a_hash,
    is_nik,
    is_nip,
    luhn,
    numbers,
    readable,
    stands_alone,
    written_as_nik,
)
from sop_site.settings import Settings

FREE_MAIL = frozenset(
    {"gmail.com", "googlemail.com", "yahoo.com", "yahoo.co.id", "yahoo.co.uk", "ymail.com", "hotmail.com",
     "hotmail.co.id", "outlook.com", "outlook.co.id", "live.com", "msn.com", "icloud.com", "me.com",
     "rocketmail.com", "aol.com", "proton.me", "protonmail.com", "mail.com", "gmx.com", "zoho.com",
     "zohomail.com", "yandex.com", "yandex.ru", "mail.ru", "tutanota.com", "plasa.com", "telkom.net"}
)  # fmt: skip
# What stands directly before a number says what it is. Each pattern is tried on at most eighty characters.
_BEFORE = 80
_NIK_SAID = re.compile(
    r"(?:nik|ktp|nomor\s+induk(?:\s+kependudukan)?|no\.?\s*induk(?:\s+kependudukan)?)\b[^0-9]{0,40}\Z", re.I
)
_KK_SAID = re.compile(r"(?:\bkk|kartu\s+keluarga)\b[^0-9]{0,25}\Z", re.I)
_NPWP_SAID = re.compile(r"npwp\w{0,8}[^0-9]{0,25}\Z", re.I)
_BPJS_SAID = re.compile(r"\b(?:bpjs|jkn|kis)\b[^0-9]{0,30}\Z", re.I)
_NIP_SAID = re.compile(r"\bnip\b[^0-9]{0,10}\Z", re.I)
_ACCOUNT_SAID = re.compile(r"\b(?:rek|rekening|norek|a/c|account|acc)\b([^0-9]{0,45})\Z", re.I)
_BANK_SAID = re.compile(
    r"\b(?:bpd(?:\s+bali)?|bri|bni|bca|btn|bsi|mandiri|bank(?:\s+\w{1,20}){1,2})\b([^0-9]{0,20})\Z", re.I
)
_NO_ACCOUNT = re.compile(
    r"hubungi|telepon|telp|\bhp\b|\bwa\b|whatsapp|pukul|tanggal|\btgl|tahun|\bkode\b|\bsurat\b|peraturan|"
    r"pasal|undang",
    re.I,
)
_BUDGET = re.compile(r"\bkode\s+rek(?:ening)?\b[^0-9]{0,45}\Z", re.I)
_PASSPORT = re.compile(r"\b(?:paspor|passport)\b[^0-9\n]{0,25}?\b([A-Z]{1,2} ?[0-9]{6,8})(?![0-9])", re.I)
_MOBILE = re.compile(
    r"(?<![0-9])(?<![0-9]\.)(?:\+?62[ .\-()]{0,2}0?[ .\-()]{0,2}|\(?0)"
    r"8[1-9][0-9]\)?(?:[ .\-]{0,2}[0-9]){6,9}(?![0-9])"
)
_MAIL = re.compile(
    r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]{1,64}(?:@| ?[(\[]at[)\]] ?)"
    r"([A-Za-z0-9-]{1,60}(?:\.[A-Za-z0-9-]{1,60}){1,4})",
    re.I,
)
# A picture of this name shows what its name says, and nobody can search a picture.
_PICTURED = re.compile(
    r"\b(?:e?ktp|kk|kartu\s+keluarga|nik|akta|ijazah|rekening|npwp|kwitansi|paspor)\b", re.I
)
_CARD_SHAPES = frozenset({(4, 4, 4, 4), (4, 6, 5), (4, 4, 4, 4, 3), (6, 10), (6, 13)})
_ACCOUNT_DIGITS = range(8, 18)
_BANK_DIGITS = range(10, 17)
_MANY_ROWS = 2


@dataclass(frozen=True, slots=True)
class Found:
    """Something that looks like personal data; ``shown`` is what may be said of it."""

    code: str
    severity: Severity
    start: int
    end: int
    shown: str


def find(text: str, settings: Settings, *, nip_allowed: bool = False) -> tuple[Found, ...]:
    """Everything in a readable text, in its order; what several patterns see is told once, by the gravest."""
    found: list[Found] = []
    told = bytearray(len(text))
    for item in _candidates(text, settings):
        if not any(told[item.start : item.end]):
            told[item.start : item.end] = b"\1" * (item.end - item.start)
            found.append(item)
    if any(item.code == "personal-nip" for item in found):
        lines = _Lines(text)
        found = [
            item
            for item in found
            if item.code != "personal-nip" or not (nip_allowed or lines.are_signed_with(item))
        ]
    rows = list(people.rows_with_addresses(text))
    if len(rows) >= _MANY_ROWS:
        found.append(Found("personal-addresses", "error", rows[0], rows[0], "…"))
    elif rows:
        found.append(Found("personal-address", "warning", rows[0], rows[0], "…"))
    return tuple(sorted(found, key=lambda item: item.start))


def findings(
    text: str, path: str, settings: Settings, *, first_line: int | None = 1, nip_allowed: bool = False
) -> tuple[Finding, ...]:
    """The same as findings; lines count from ``first_line`` (``None``: the text has none, as in a PDF)."""
    plain = readable(text)
    found = find(plain, settings, nip_allowed=nip_allowed)
    lines = _Lines(plain) if found and first_line is not None else None
    return tuple(
        Finding(
            item.code,
            item.severity,
            path,
            None if lines is None or first_line is None else first_line + lines.number(item.start),
            {"shown": item.shown},
        )
        for item in found
    )


class _Lines:
    """A text's lines, and on which of them a place is."""

    def __init__(self, text: str) -> None:
        self.lines = text.split("\n")
        self.starts = [0]
        for line in self.lines:
            self.starts.append(self.starts[-1] + len(line) + 1)

    def number(self, place: int) -> int:
        """Number of the line, counted from zero."""
        return bisect_right(self.starts, place) - 1

    def are_signed_with(self, nip: Found) -> bool:
        """Whether a civil servant's number closes a signature."""
        number = self.number(nip.start)
        line, start = self.lines[number], self.starts[number]
        alone = line[: nip.start - start] + line[nip.end - start :]
        return people.is_in_signature(self.lines, number, alone)


def _candidates(text: str, settings: Settings) -> Iterator[Found]:
    """Everything by every pattern, the surest first."""
    seen = [(number, _label(text, number)) for number in numbers(text)]
    for look in _LOOKS:
        for number, label in seen:
            if told := look(text, number, label):
                code, severity = told
                yield Found(code, severity, number.start, number.end, _mask(number.digits))
    for match in _PASSPORT.finditer(text):
        yield Found("personal-passport", "error", match.start(1), match.end(1), "…")
    yield from _mobiles(text, settings)
    yield from _mails(text, settings)
    for start, end in births.dates(text):
        yield Found("personal-birth", "error", start, end, "…")
    for number, _ in seen:
        if _is_doubtful(text, number):
            yield Found("personal-sixteen", "warning", number.start, number.end, _mask(number.digits))


def _label(text: str, number: Number) -> str:
    """What stands before a number on its line; nothing if that is another number."""
    if not number.first:
        return ""
    before = text[max(0, number.start - _BEFORE) : number.start]
    return before.rpartition("\n")[2]


def _mask(digits: str) -> str:
    return f"{digits[:2]}…{digits[-2:]}" if len(digits) > 6 else "…"


_Told = tuple[str, Severity] | None


def _nip(_text: str, number: Number, label: str) -> _Told:
    if len(number.digits) != 18:
        return None
    return ("personal-nip", "error") if is_nip(number.digits) or _NIP_SAID.search(label) else None


def _kk(_text: str, number: Number, label: str) -> _Told:
    if len(number.digits) != 16 or len(set(number.digits)) == 1:
        return None
    return ("personal-kk", "error") if _KK_SAID.search(label) and not _NIK_SAID.search(label) else None


def _nik(text: str, number: Number, label: str) -> _Told:
    if len(number.digits) != 16 or not is_nik(number.digits):
        return None
    if _NIK_SAID.search(label):
        return "personal-nik", "error"
    sure = written_as_nik(number.shape) and stands_alone(text, number)
    return ("personal-nik", "error") if sure else None


def _npwp(_text: str, number: Number, label: str) -> _Told:
    if len(number.digits) not in (15, 16):
        return None
    formed = number.shape == (2, 3, 3, 1, 3, 3)
    return ("personal-npwp", "error") if formed or _NPWP_SAID.search(label) else None


def _bpjs(_text: str, number: Number, label: str) -> _Told:
    if len(number.digits) not in (11, 13):
        return None
    return ("personal-bpjs", "error") if _BPJS_SAID.search(label) else None


def _account(_text: str, number: Number, label: str) -> _Told:
    """An account number by its label; budget codes, dates and telephones are none."""
    digits, shape = number.digits, number.shape
    if (
        not label
        or len(digits) < _ACCOUNT_DIGITS[0]
        or _BUDGET.search(label)
        or shape[:2] in ((1, 1), (1, 2))
    ):
        return None
    is_date = shape in ((2, 2, 4), (1, 2, 4), (2, 1, 4), (4, 2, 2))
    is_phone = digits.startswith(("08", "628", "036")) and len(digits) in range(8, 15)
    if is_date or is_phone:
        return None
    for pattern, lengths in ((_ACCOUNT_SAID, _ACCOUNT_DIGITS), (_BANK_SAID, _BANK_DIGITS)):
        said = pattern.search(label)
        if said and len(digits) in lengths and not _NO_ACCOUNT.search(said[1]):
            return "personal-account", "error"
    return None


def _card(text: str, number: Number, _label: str) -> _Told:
    digits, shape = number.digits, number.shape
    if len(digits) < 13 or not (len(shape) == 1 or shape in _CARD_SHAPES):
        return None
    issued = digits[0] in "3456" or 2221 <= int(digits[:4]) <= 2720
    if not issued or len(set(digits)) == 1 or not luhn(digits):
        return None
    return ("personal-card", "error") if stands_alone(text, number) else None


_LOOKS: tuple[Callable[[str, Number, str], _Told], ...] = (_nip, _kk, _nik, _npwp, _bpjs, _account, _card)


def _is_doubtful(text: str, number: Number) -> bool:
    """Sixteen digits that are no proven NIK, or a NIK that may be a row of dates or an account code."""
    if len(number.digits) != 16 or len(set(number.digits)) == 1:
        return False
    if number.shape == (4, 4, 4, 4):
        years = [number.digits[place : place + 2] in ("19", "20") for place in range(0, 16, 4)]
        return not all(years)
    if number.shape == (16,):
        may_be = stands_alone(text, number) or is_nik(number.digits)
        return may_be and not is_in_a_hash(text, number)
    return is_nik(number.digits)


def _mobiles(text: str, settings: Settings) -> Iterator[Found]:
    known = {_national(phone) for phone in (settings.office.phone, *settings.checks.phones)}
    for match in _MOBILE.finditer(text):
        if _national(match[0]) not in known:
            yield Found("personal-mobile", "error", match.start(), match.end(), _mask(_digits(match[0])))


def _digits(text: str) -> str:
    return re.sub(r"[^0-9]", "", text)


def _national(number: str) -> str:
    digits = _digits(number)
    return "0" + digits[2:].removeprefix("0") if digits.startswith("62") else digits


def _mails(text: str, settings: Settings) -> Iterator[Found]:
    known = {mail.lower() for mail in (settings.office.email, *settings.checks.emails)}
    for match in _MAIL.finditer(text):
        if match[1].lower() in FREE_MAIL and match[0].lower() not in known:
            yield Found("personal-mail", "error", match.start(), match.end(), f"…@{match[1].lower()}")


def text_is_free_of_it(page: PageInput) -> Iterator[Finding]:
    """Front matter with its comments, and body, each finding with its line in the file."""
    settings = page.around.settings
    pieces = [
        (page.head.line(place), readable(text).replace("\n", " "))
        for place, text in strings(page.head.values)
    ]
    pieces += [(line, readable(text)) for line, text in page.head.comments]
    allowed = _nip_allowed(page)
    head = "\n".join(text for _, text in pieces)
    for finding in findings(head, page.path, settings, first_line=0, nip_allowed=allowed):
        line = pieces[finding.line or 0][0]
        yield Finding(finding.code, finding.severity, page.path, line, finding.values)
    first_line = page.page.body_line
    yield from findings(page.page.body, page.path, settings, first_line=first_line, nip_allowed=allowed)


def files_are_free_of_it(page: PageInput) -> Iterator[Finding]:
    """The text in files, hidden text and earlier revisions included, and all names."""
    folder = page.path.removesuffix("index.md")
    settings, allowed = page.around.settings, _nip_allowed(page)
    for name, facts in sorted(page.media.items()):
        yield from findings(facts.text, f"{folder}{name}", settings, first_line=None, nip_allowed=allowed)
        yield from findings(_words_of(name), f"{folder}{name}", settings, first_line=None)
        if _PICTURED.search(_words_of(name)) and name.rpartition(".")[2] in ("jpg", "png", "webp"):
            yield Finding("personal-picture", "warning", f"{folder}{name}")
    yield from findings(_words_of(folder), page.path, settings, first_line=None)


def a_nip_that_ends_in_zeros_is_explained(page: PageInput) -> Iterator[Finding]:
    """A number that ends in 000 cannot be a person's; it is left as it stands and mentioned."""
    text = readable(page.page.body)
    for number in numbers(text, at_least=18):
        if is_nip(number.digits) and number.digits.endswith("000"):
            yield page.warning("nip-ends-in-zeros", page.page.body_line + text.count("\n", 0, number.start))


def _nip_allowed(page: PageInput) -> bool:
    return getattr(page.page, "section", None) == "profil"


def _words_of(name: str) -> str:
    """A file's or folder's name as words; digits that a dash joins stay one number."""
    return re.sub(r"[-/_](?![0-9])|(?<![0-9])[-/_]", " ", name)


def strings(value: object, place: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], str]]:
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


def refuse(text: str, settings: Settings) -> None:
    """``AnswerIsNo`` for a reason or note that holds personal data: a record stays for good."""
    if any(item.severity == "error" for item in find(text, settings)):
        raise AnswerIsNo("reason-personal")
