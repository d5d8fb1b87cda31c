"""Personal data that must not be published: numbers and contacts of citizens, found in any text (UU 27/2022).

Values never leave this module: a finding names kind and line, and what is shown of a value is masked.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sop_site.answers import Finding, Severity
from sop_site.errors import AnswerIsNo
from sop_site.rules import births, contacts, identity, people
from sop_site.rules.disguises import readable
from sop_site.rules.inputs import PageInput, Rule
from sop_site.rules.labels import Labels
from sop_site.rules.numbers import Number, is_nip, numbers, spread
from sop_site.settings import Settings

_PASSPORT = re.compile(r"(?<![A-Za-z0-9])[A-Z]{1,2}[ \-]?[0-9]{6,8}(?![A-Za-z0-9])", re.I)
_PASSPORT_AFTER = re.compile(r"[\s(,\-]{0,4}(?:no\.?|nomor)?\s?(?:paspor|passport)\b", re.I)
# Also with a slash before the office's number, which no other number has in this place.
_NPWP = re.compile(r"[0-9]{2}\.[0-9]{3}\.[0-9]{3}\.[0-9][/ .\-]{1,3}[0-9]{3}\.[0-9]{3}(?![0-9])")
_PASSPORT_SAID = re.compile(r"\b(?:paspor|passport|splp)\b[^0-9]{0,45}\Z", re.I)
# A picture of this name shows what its name says, and nobody can search a picture.
_PICTURED = re.compile(
    r"\b(?:e?ktp|kk|kartu\s+keluarga|nik|akta|ijazah|rekening|npwp|kwitansi|paspor)\b", re.I
)
_DIGITS = re.compile(r"[0-9][^0-9\n]{0,5}[0-9]")
_PASSPORT_WORDS = ("paspor", "passport", "splp")
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
    labels = Labels(text)
    for item in _candidates(text, labels, settings):
        if not any(told[item.start : item.end]):
            told[item.start : item.end] = b"\1" * (item.end - item.start)
            found.append(item)
    if any(item.code == "personal-nip" for item in found):
        found = [
            item
            for item in found
            if item.code != "personal-nip" or not (nip_allowed or _is_signed_with(labels, item))
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
    lines = Labels(plain) if found and first_line is not None else None
    return tuple(
        Finding(
            item.code,
            item.severity,
            path,
            None if lines is None or first_line is None else first_line + lines.line_number(item.start),
            {"shown": item.shown},
        )
        for item in found
    )


def _is_signed_with(labels: Labels, nip: Found) -> bool:
    """Whether a civil servant's number closes a signature."""
    number = labels.line_number(nip.start)
    line, start = labels.lines[number], labels.starts[number]
    alone = line[: nip.start - start] + line[nip.end - start :]
    return people.is_in_signature(labels.lines, number, alone)


def _candidates(text: str, labels: Labels, settings: Settings) -> Iterator[Found]:
    """Everything by every pattern, the surest first."""
    if _DIGITS.search(text):
        yield from _numbered(text, labels, settings)
    for start, end, domain in contacts.mails(text, settings):
        yield Found("personal-mail", "error", start, end, f"…@{domain}")
    for start, end in births.dates(text, labels):
        yield Found("personal-birth", "error", start, end, "…")


def _numbered(text: str, labels: Labels, settings: Settings) -> Iterator[Found]:
    seen = [identity.seen(text, number, labels) for number in numbers(text)]
    for look in identity.LOOKS:
        for it in seen:
            if told := look(it):
                yield _found(told, it.number)
    for number in spread(text):
        if told := identity.spread_out(identity.seen(text, number, labels)):
            yield _found(told, number)
    for match in _NPWP.finditer(text):
        yield Found("personal-npwp", "error", match.start(), match.end(), f"{match[0][:2]}…{match[0][-2:]}")
    small = text.lower()
    passports = _PASSPORT.finditer(text) if any(word in small for word in _PASSPORT_WORDS) else ()
    for match in passports:
        said = any(_PASSPORT_SAID.search(label) for label in labels.of(match.start()))
        if said or _PASSPORT_AFTER.match(text, match.end()):
            yield Found("personal-passport", "error", match.start(), match.end(), "…")
    for it in seen:
        if contacts.is_called(it, settings):
            yield _found(("personal-mobile", "error"), it.number)
    for start, end, digits in contacts.mobiles(text, settings):
        yield Found("personal-mobile", "error", start, end, _mask(digits))
    for it in seen:
        if identity.is_doubtful(text, it.number):
            yield _found(("personal-sixteen", "warning"), it.number)


def _found(told: tuple[str, Severity], number: Number) -> Found:
    return Found(*told, number.start, number.end, _mask(number.digits))


def _mask(digits: str) -> str:
    return f"{digits[:2]}…{digits[-2:]}" if len(digits) > 6 else "…"


def text_is_free_of_it(page: PageInput) -> Iterator[Finding]:
    """Front matter with its comments, and body, each finding with its line in the file."""
    settings = page.around.settings
    pieces = [(page.head.line(place), text) for place, text in strings(page.head.values)]
    pieces += page.head.comments
    allowed = _nip_allowed(page)
    # Each value on a line of its own, so that a list of the head is read as the register that it is.
    head = "\n".join(text.replace("\n", " ") for _, text in pieces)
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
    for number in numbers(text, at_least=18) if "000" in text else ():
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
    if any(item.severity == "error" for item in find(readable(text), settings)):
        raise AnswerIsNo("reason-personal")


def concealed(text: str, settings: Settings) -> str:
    """A text that may be shown: lines that hold personal data are shown plainly, with the values masked."""
    plain = readable(text)
    found = [item for item in find(plain, settings) if item.end > item.start and item.severity == "error"]
    if not found:
        return text
    labels = Labels(plain)
    lines, pieces = text.split("\n"), labels.lines.copy()
    touched: set[int] = set()
    for item in sorted(found, key=lambda one: one.start, reverse=True):
        first, last = labels.line_number(item.start), labels.line_number(item.end - 1)
        touched |= set(range(first, last + 1))
        head = pieces[first][: item.start - labels.starts[first]]
        tail = pieces[last][item.end - labels.starts[last] :]
        pieces[first : last + 1] = [f"{head}{item.shown}{tail}", *[""] * (last - first)]
    return "\n".join(pieces[n] if n in touched else line for n, line in enumerate(lines))
