"""What a number is: NIK, family card, taxpayer, civil servant, account, payment card, health insurance.

Sources of the forms: Dukcapil (NIK, KK), PER-6/PJ/2024 (NPWP of 15 and 16 digits, NITKU of 22), Perka BKN
22/2007
(NIP), ISO/IEC 7812 (cards), BPJS (13 digits, of employment 11).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from sop_site.answers import Severity
from sop_site.rules.labels import Labels
from sop_site.rules.numbers import (
    Number,
    is_from_bali,
    is_in_a_hash,
    is_nik,
    is_nip,
    luhn,
    stands_alone,
    written_as_nik,
)

# What stands directly before a number says what it is. Each pattern is tried on at most eighty characters.
_NIK_SAID = re.compile(
    r"(?:n[ .]?i[ .]?k|ktp|nomor\s+induk(?:\s+kependudukan)?|no\.?\s*induk(?:\s+kependudukan)?|"
    r"identity\s+(?:card|number)|national\s+id)\b[^0-9]{0,40}\Z",
    re.I,
)
_KK_SAID = re.compile(
    r"(?:\b(?:no|nomor)?n?k[. ]{1,2}k\b\.?|\b(?:no|nomor)?n?kk\b|kartu\s+keluarga|family\s+card)"
    r"[^0-9]{0,25}\Z",
    re.I,
)
_NPWP_SAID = re.compile(
    r"(?:npwp\w{0,8}|n\.\s?p\.\s?w\.\s?p|pokok\s+wajib\s+pajak|nitku|tax(?:payer)?\s+(?:id\w*|number))[^0-9]{0,25}\Z",
    re.I,
)
_BPJS_SAID = re.compile(
    r"\b(?:b\.?\s?p\.?\s?j\.?\s?s\w{0,3}|jkn|kis|kpj|jamsostek|indonesia\s+sehat)\b[^0-9]{0,40}\Z", re.I
)
_NIP_SAID = re.compile(r"\bn\.?i\.?p\b[^0-9]{0,10}\Z", re.I)
_CARD_SAID = re.compile(
    r"\b(?:kartu(?:\s+(?:kredit|debit|atm|bank))?|visa|master ?card|credit|debit|atm)\b[^0-9]{0,25}\Z", re.I
)
_ACCOUNT_SAID = re.compile(
    r"\b(?:no(?:mor)?\.?\s?)?(?:rek|rekening|a/c|account|acc|acct|tabungan)(?:nya)?\b([^0-9]{0,60})\Z", re.I
)
_BANKS = (
    r"bpd(?:\s+bali)?|bri|brimo|bni|bca|btn|bsi|bjb|mandiri|cimb(?:\s+niaga)?|danamon|permata|muamalat|maybank|ocbc|"
    r"panin|mega|jago|seabank|lpd|bank(?:\s+\w{1,20}){1,2}"
)
_BANK_SAID = re.compile(rf"\b(?:{_BANKS})\b([^0-9]{{0,40}})\Z", re.I)
_BANK_AFTER = re.compile(rf"[\s,:(|;\-]{{0,4}}(?:{_BANKS})\b", re.I)
_HOLDER_AFTER = re.compile(r"[\s,:(|;\-]{0,4}(?:a\.? ?n\b\.?|atas\s+nama\b)", re.I)
_PAID_TO = re.compile(r"\b(?:transfer|kirim|bank|rek|rekening|donasi|sumbangan|punia|setor)\w*\b", re.I)
_NO_ACCOUNT = re.compile(
    r"hubungi|telepon|telp|\bhp\b|\bwa\b|whatsapp|pukul|tanggal|\btgl|tahun|\bkode\b|\bsurat\b|peraturan|"
    r"pasal|undang|koran|\brp\b|sebesar|senilai|sejumlah|saldo|anggaran|listrik|\bair\b|\bpdam\b|\bpln\b",
    re.I,
)
_BUDGET = re.compile(r"\b(?:kode|uraian)\s+rek(?:ening)?\b[^0-9]{0,45}\Z|\brekening\s+belanja\b", re.I)
_MONEY_BEFORE = re.compile(r"(?:\brp|\bidr)\.?\s?\Z", re.I)
_CARD_SHAPES = frozenset({(4, 4, 4, 4), (4, 6, 5), (4, 4, 4, 4, 3), (6, 10), (6, 13)})
_ACCOUNT_DIGITS = range(8, 18)
_BANK_DIGITS = range(10, 17)
_AFTER_DIGITS = range(10, 17)
_ONES = 1
_MORE_DIGITS = re.compile(r"[ .,\-]{1,3}[0-9]")
_DIGITS_BEFORE = re.compile(r"[0-9][ .,\-]{1,3}\Z")
_ENTRY = re.compile(r"(?:\A|\n)[ \t>*\-]{0,6}[0-9]{1,3}[.)]? {1,3}\Z")
_DOTTED = re.compile(r"[.\-]")
# Between the digits of one number that a line's end breaks stands nothing but the end and single blanks.
_APART = re.compile(r"[,:;|/+()\[\]]|[0-9] {2,}[0-9]")


@dataclass(frozen=True, slots=True)
class Seen:
    """A number in its surroundings."""

    text: str
    number: Number
    labels: tuple[str, ...]

    def said(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Whether one of its labels says so."""
        for label in self.labels:
            if found := pattern.search(label):
                return found
        return None

    @property
    def is_in_ones(self) -> bool:
        """Whether each digit stands for itself, and all of them are the number."""
        number = self.number
        return max(number.shape) == _ONES and number.first and not _MORE_DIGITS.match(self.text, number.end)


Told = tuple[str, Severity] | None


def seen(text: str, number: Number, labels: Labels) -> Seen:
    """A number with whatever may be its label."""
    return Seen(text, number, labels.of(number.start, first=number.first))


def _nip(it: Seen) -> Told:
    if len(it.number.digits) != 18:
        return None
    return ("personal-nip", "error") if is_nip(it.number.digits) or it.said(_NIP_SAID) else None


def _kk(it: Seen) -> Told:
    if len(it.number.digits) != 16 or len(set(it.number.digits)) == 1:
        return None
    return ("personal-kk", "error") if it.said(_KK_SAID) and not it.said(_NIK_SAID) else None


def _nik(it: Seen) -> Told:
    number = it.number
    if len(number.digits) != 16 or not is_nik(number.digits):
        return None
    if it.said(_NIK_SAID):
        return "personal-nik", "error"
    from_here = is_from_bali(number.digits) and not is_in_a_hash(it.text, number)
    alone = stands_alone(it.text, number) and is_no_part_of_a_row(it.text, number)
    formed = written_as_nik(number.shape) and (from_here or alone)
    # Few other rows of digits begin like those of this island; codes of accounts (5.1.02…) have short
    # beginnings.
    uncommon = from_here and number.shape[0] >= 3 and alone and not _is_money(it)
    return ("personal-nik", "error") if it.is_in_ones or formed or uncommon else None


def _npwp(it: Seen) -> Told:
    if len(it.number.digits) not in (15, 16, 22):
        return None
    formed = it.number.shape == (2, 3, 3, 1, 3, 3)
    return ("personal-npwp", "error") if formed or it.said(_NPWP_SAID) else None


def _bpjs(it: Seen) -> Told:
    if len(it.number.digits) not in (11, 13):
        return None
    return ("personal-bpjs", "error") if it.said(_BPJS_SAID) else None


def _account(it: Seen) -> Told:
    """An account number by its label; budget codes, dates and telephones are none."""
    digits, shape = it.number.digits, it.number.shape
    if len(digits) not in _ACCOUNT_DIGITS or it.said(_BUDGET) or it.said(_MONEY_BEFORE):
        return None
    is_date = shape in ((2, 2, 4), (1, 2, 4), (2, 1, 4), (4, 2, 2)) or _is_money(it)
    is_phone = digits.startswith(("08", "628", "036")) and len(digits) in range(8, 15)
    if is_date or is_phone or (shape[:2] in ((1, 1), (1, 2)) and not it.is_in_ones):
        return None
    for pattern, lengths in ((_ACCOUNT_SAID, _ACCOUNT_DIGITS), (_BANK_SAID, _BANK_DIGITS)):
        found = it.said(pattern)
        if found and len(digits) in lengths and not _NO_ACCOUNT.search(found[1]):
            return "personal-account", "error"
    if len(digits) in _AFTER_DIGITS and len(shape) <= 5:
        after = it.text[it.number.end : it.number.end + 40]
        held = _HOLDER_AFTER.match(after) and any(_PAID_TO.search(label) for label in it.labels)
        if held or _BANK_AFTER.match(after):
            return "personal-account", "error"
    return None


def _is_money(it: Seen) -> bool:
    """Whether dots part the number by thousands: ``62.812.345.678``."""
    shape = it.number.shape
    whole = it.text[it.number.start : it.number.end]
    return len(shape) > 1 and shape[0] <= 3 and set(shape[1:]) == {3} and whole.count(".") == len(shape) - 1


def _card(it: Seen) -> Told:
    digits, shape = it.number.digits, it.number.shape
    if len(digits) not in range(13, 20):
        return None
    if not (len(shape) == 1 or shape in _CARD_SHAPES or it.is_in_ones or it.said(_CARD_SAID)):
        return None
    issued = digits[0] in "3456" or 2221 <= int(digits[:4]) <= 2720
    if not issued or len(set(digits)) == 1 or not luhn(digits):
        return None
    alone = stands_alone(it.text, it.number) and is_no_part_of_a_row(it.text, it.number)
    return ("personal-card", "error") if alone or it.said(_CARD_SAID) else None


def _labelled_card(it: Seen) -> Told:
    """Some cards could be a NIK as well; the label decides."""
    return _card(it) if it.said(_CARD_SAID) else None


LOOKS: tuple[Callable[[Seen], Told], ...] = (
    _nip, _kk, _labelled_card, _nik, _npwp, _bpjs, _account, _card,
)  # fmt: skip
"""The surest first."""


def spread_out(it: Seen) -> Told:
    """The same of digits that signs or a line's end keep apart: by a label, or a form that says enough."""
    number = it.number
    if _kk(it):
        return "personal-kk", "error"
    if it.said(_CARD_SAID) and (card := _card(it)):
        return card
    if not is_nik(number.digits):
        return None
    if it.said(_NIK_SAID):
        return "personal-nik", "error"
    whole = it.text[number.start : number.end]
    breaks = whole.count("\n")
    if breaks:
        if not is_no_part_of_a_row(it.text, number) or _APART.search(whole):
            return None
        # Columns of figures stand one below the other, too; a broken NIK has few and long pieces.
        pieces = tuple(sum(map(str.isdigit, line)) for line in whole.split("\n"))
        sure = pieces == (6, 6, 4) or (
            (pieces == (4, 4, 4, 4) or len(pieces) == 2)
            and (pieces[0] in (6, 8, 12) or is_from_bali(number.digits))
        )
        few = (len(number.shape) <= 4 and min(number.shape) >= 4) or pieces == (6, 6, 4)
        return ("personal-nik", "error") if sure and few else None
    between = set(re.split(r"[0-9]+", whole)[1:-1])
    if not is_no_part_of_a_row(it.text, number):
        return None
    uniform = len(between - {""}) == 1 and not between & {",", ", ", ";", "; ", ":", " | ", "\t"}
    return ("personal-nik", "error") if uniform and written_as_nik(number.shape) else None


def is_no_part_of_a_row(text: str, number: Number) -> bool:
    """Whether no other figures stand beside it, as they do in a table; what counts a list's entries may."""
    if len(number.shape) == 1:
        return True
    if _MORE_DIGITS.match(text, number.end):
        return False
    before = text[max(0, number.start - 12) : number.start]
    return not _DIGITS_BEFORE.search(before) or bool(_ENTRY.search(before))


def is_doubtful(text: str, number: Number) -> bool:
    """Sixteen digits that are no proven NIK, or a NIK that may be a row of dates or an account code."""
    if len(number.digits) != 16 or len(set(number.digits)) == 1 or not is_no_part_of_a_row(text, number):
        return False
    if number.shape == (4, 4, 4, 4):
        years = [number.digits[place : place + 2] in ("19", "20") for place in range(0, 16, 4)]
        return not any(years)
    if number.shape == (16,):
        may_be = stands_alone(text, number) or is_nik(number.digits)
        return may_be and not is_in_a_hash(text, number)
    figures = len(number.shape) > 4 and not _DOTTED.search(text, number.start, number.end)
    return is_nik(number.digits) and not figures
