"""How citizens are reached: mobile telephones, addresses at free mail providers, in whatever spelling."""

import re
from collections.abc import Iterator

from sop_site.rules.identity import Seen
from sop_site.rules.numbers import Number, is_in_a_hash
from sop_site.settings import Settings

FREE_MAIL = frozenset(
    {"gmail.com", "googlemail.com", "yahoo.com", "yahoo.co.id", "yahoo.co.uk", "ymail.com", "hotmail.com",
     "hotmail.co.id", "outlook.com", "outlook.co.id", "live.com", "msn.com", "icloud.com", "me.com",
     "rocketmail.com", "aol.com", "proton.me", "protonmail.com", "mail.com", "gmx.com", "zoho.com",
     "zohomail.com", "yandex.com", "yandex.ru", "mail.ru", "tutanota.com", "plasa.com", "telkom.net"}
)  # fmt: skip
_SEP = r"(?:[ .\-/_()]{0,3}|[ \t\-]{0,2}\n[ >]{0,4})"
_MAY_BEGIN = re.compile(r"[+06]")
_MOBILE = re.compile(
    rf"(?:(?:\+|00)?62{_SEP}(?:0{_SEP})?|0{_SEP})8{_SEP}[1-9](?:{_SEP}[0-9]){{7,10}}(?![0-9])"
)
# Without the nought in front only where somebody says that it is a telephone.
_CALLED = re.compile(
    r"\b(?:hp|wa|whatsapp|ponsel|handphone|telepon\s+genggam|sms|no\.?\s?hp|no\.?\s?wa)\b[^0-9\n]{0,15}\Z",
    re.I,
)
_CALLED_DIGITS = range(9, 13)
_FEWEST_UNLABELLED = 10
_PIECES = re.compile(r"[0-9]+")
_GAPS = re.compile(r"[^0-9]+")
# Degrees of latitude and longitude here, and other fractions: "115,0877…", "-8.0812…", but not "1.0812…"
# in a list.
_FRACTION = re.compile(r"(?:(?<![0-9])(?:11[3-6]|-[0-9]{1,3})[.,]|[0-9]\.)\Z")
_LIST_NUMBER = re.compile(r"(?:\A|\n)[ \t]{0,4}(?!11[3-6])[0-9]{1,3}\.\Z")
_MORE = re.compile(r"[ .\-/]{1,3}[0-9]")
_MORE_BEFORE = re.compile(r"[0-9][ .\-/]{1,3}\Z")
_DOT = r"(?:\s?[.,]\s?|\s?[\[({<]\s?(?:dot|titik|\.)\s?[\])}>]\s?|[\s\-_](?:dot|titik)[\s\-_])"
_NAMES = sorted({domain.split(".")[0] for domain in FREE_MAIL}, key=len, reverse=True)
_LONG_NAMES = tuple(name for name in _NAMES if len(name) > 4)
_SHORT_NAMES = tuple(f"{sign}{name}" for name in _NAMES if len(name) <= 4 for sign in "@)]}>t-_")
_SPELT = "|".join(" ?".join(name) if name in ("gmail", "yahoo") else name for name in _NAMES)
_PROVIDER = re.compile(
    rf"({_SPELT}){_DOT}(co{_DOT}(?:id|uk)|c ?o ?m|id|me|net|ru)(?![A-Za-z0-9\-])",
    re.I,
)
_LOCAL = re.compile(
    r"([A-Za-z0-9._%+\-]{1,64}|[A-Za-z0-9](?: [A-Za-z0-9]){2,30})"
    r"(?:\s?@\s?|\s?[\[({<]\s?(?:at|et|@)\s?[\])}>]\s?|([\s\-_](?:at|et)[\s\-_]))\Z",
    re.I,
)
_AT = ("@", "(at", "[at", "{at", "<at", " at ", "( at", "[ at", "(et", "[et", "{et", " et ", "-at-", "_at_")


def mobiles(text: str, settings: Settings) -> Iterator[tuple[int, int, str]]:
    """Start, end and digits of each mobile number that is not the office's own."""
    known = {national(phone) for phone in (settings.office.phone, *settings.checks.phones)}
    end = 0
    for begin in _MAY_BEGIN.finditer(text):
        start = begin.start()
        if start < end or text[start - 1 : start].isdigit():
            continue
        found = _MOBILE.match(text, start)
        if found and national(found[0]) not in known and _is_one(text, found):
            end = found.end()
            yield start, end, digits_of(found[0])


def is_called(it: Seen, settings: Settings) -> bool:
    """Whether a number is a mobile one without its nought, because somebody says that it is a telephone."""
    digits = it.number.digits
    if digits[0] != "8" or digits[1] == "0" or len(digits) not in _CALLED_DIGITS or not it.said(_CALLED):
        return False
    return f"0{digits}" not in {national(phone) for phone in (settings.office.phone, *settings.checks.phones)}


def _is_one(text: str, found: re.Match[str]) -> bool:
    """Whether the digits are grouped as people group a telephone, and are no fraction, sum or hash."""
    start, whole = found.start(), found[0]
    before = text[max(0, start - 12) : start]
    shape = tuple(map(len, _PIECES.findall(whole)))
    gaps = _GAPS.findall(whole.lstrip("+"))
    if _FRACTION.search(before) and not (_LIST_NUMBER.search(before) and shape[0] > 3):
        return False
    if whole.startswith("62") and len(shape) > 1 and not _may_lack_its_plus(text, found, shape, gaps):
        return False
    if (breaks := whole.count("\n")) and not (
        breaks == 1 and whole[0] != "6" and len(shape) <= 3 and min(shape[:-1]) >= 4 and shape[-1] >= 3
    ):
        return False
    slashed = any("/" in gap for gap in gaps)
    if slashed and (len(set(gaps)) > 1 or text[found.end() : found.end() + 1] == "/"):
        return False  # 081/2345/678/2026: the number of a letter
    if is_in_a_hash(text, Number(whole, shape, start, found.end(), True)):
        return False
    if max(shape) == 1:
        alone = not _MORE.match(text, found.end()) and not _MORE_BEFORE.search(before)
        return alone and len(set(gaps)) == 1 and len(shape) >= _FEWEST_UNLABELLED
    if len(shape) == 1 or "(0)" in whole.replace(" ", ""):
        return True
    # "0812", "081", "08 123", "62 812": times of day ("08.15 08.30") begin otherwise.
    lead = shape[0] if whole.startswith("0") and not whole.startswith("00") else shape[0] + shape[1]
    beside = _MORE_BEFORE.search(before)
    begins = lead >= 3 or (lead == 2 and min(shape[1:]) >= 3 and len(set(gaps)) == 1 and not beside)
    return begins and 1 not in shape[1:-1] and len(shape) <= 7


def _may_lack_its_plus(text: str, found: re.Match[str], shape: tuple[int, ...], gaps: list[str]) -> bool:
    """Whether ``62 812 …`` is no row of a table and ``62.812.345.678`` no sum of money."""
    if set(shape[1:]) == {3} and set(gaps) == {"."}:
        return False
    if max(shape) == 1 or "(" in found[0]:
        return True
    beside = _MORE.match(text, found.end()) or _MORE_BEFORE.search(
        text, max(0, found.start() - 4), found.start()
    )
    return min(shape[1:]) >= 3 and not beside


def digits_of(text: str) -> str:
    """Its digits alone."""
    return re.sub(r"[^0-9]", "", text)


def national(number: str) -> str:
    """A telephone number with a nought in front, whichever way the country was written."""
    digits = digits_of(number).removeprefix("00")
    return "0" + digits[2:].removeprefix("0") if digits.startswith("62") else digits


def mails(text: str, settings: Settings) -> Iterator[tuple[int, int, str]]:
    """Start, end and domain of each address at a free provider that is not the office's own."""
    small = text.lower()
    if not any(sign in small for sign in _AT):
        return
    tight = small.replace(" ", "")
    if not any(name in tight for name in _LONG_NAMES) and not any(name in tight for name in _SHORT_NAMES):
        return
    known = {mail.lower() for mail in (settings.office.email, *settings.checks.emails)}
    for found in _PROVIDER.finditer(text):
        tail = re.sub(_DOT, ".", found[2].lower()) if "co" in found[2].lower()[:2] else found[2].lower()
        domain = f"{found[1].lower()}.{tail}".replace(" ", "")
        if domain not in FREE_MAIL:
            continue
        begin = max(0, found.start() - 90)
        local = _LOCAL.search(text, begin, found.start())
        # "an account at gmail.com" is a sentence; "warga at gmail dot com" is an address.
        if local is None or (local[2] and "." in found[0] and not re.search(r"[0-9._]", local[1])):
            continue
        if f"{local[1]}@{domain}".replace(" ", "").lower() not in known:
            yield local.start(), found.end(), domain
