"""Where a text speaks of a person: rows of names with addresses, and the block in which an official signs."""

import re
from collections.abc import Iterator

_STREET = re.compile(
    r"\b(?i:jl|jln|jalan|gang|gg|lingkungan|lingk|br|banjar(?:\s+dinas)?|dusun|perumahan|perum|btn)\b\.?\s+"
    r"[A-Z][\w.'’/-]*(?:\s+[A-Z][\w.'’/-]*){0,4},?\s+"
    r"(?i:(?:blok|block)\s+\w{1,4},?\s+)?(?:(?i:no|nomor|nmr)\b\.?\s*:?\s*)?#?[0-9]{1,4}\s?[A-Za-z]?\b"
)
_QUARTER = re.compile(
    r"\brt\.?\s*[:/]?\s*[0-9]{1,3}\s*[,/ -]{0,3}\s*rw\.?\s*[:/]?\s*[0-9]{1,3}\b|"
    r"\brt\s*/\s*rw\s*[.:]?\s*[0-9]{1,3}\s*[/-]\s*[0-9]{1,3}\b",
    re.I,
)
_BALINESE = re.compile(
    r"\b(?:I|Ni)\s+(?:Gusti|Dewa|Wayan|Made|Nyoman|Ketut|Putu|Kadek|Komang|Gede|Gde|Luh|Nengah|Gst)\b|"
    r"\b(?:Ida\s+(?:Bagus|Ayu|Made|Ketut)|Anak\s+Agung|Gusti\s+(?:Ayu|Ngurah|Made|Ketut|Putu)|Cokorda|Desak|"
    r"Dewa\s+Ayu|Luh|Wayan|Nyoman|Ketut|Komang|Kadek|Nengah|Putu|Gede|Made)\s+[A-Z]",
    re.I,
)
_ADDRESSED = re.compile(r"\b(?:bapak|ibu|bpk|sdr|sdri|saudara|saudari|a\.?\s?n\.?|atas\s+nama|nama)\b", re.I)
_TWO_NAMES = re.compile(r"\b[A-Z][a-z'’]+(?:\s+[A-Z][a-z'’]*\.?){0,2}\s+[A-Z][a-z'’]+\b")
_TWO_CAPITALS = re.compile(r"\b[A-Z]{3,}\s+[A-Z]{3,}\b")
# An institution has an address, too; a row that names one is no row about a resident.
_INSTITUTION = re.compile(
    r"\b(?:kantor|kelurahan|desa|kecamatan|kabupaten|kota|dinas|badan|puskesmas|pustu|posyandu|posko|pos|polsek|"
    r"polres|koramil|kodim|rumah\s+sakit|rs|rsud|klinik|apotek|sekolah|sd|sdn|smp|smpn|sma|sman|smk|smkn|tk|paud|"
    r"universitas|kampus|balai|bale|wantilan|aula|gedung|lapangan|taman|pasar|terminal|pelabuhan|pura|masjid|"
    r"gereja|vihara|klenteng|puri|museum|perpustakaan|bank|bpd|lpd|koperasi|bumdes|toko|warung|hotel|restoran|pt|"
    r"cv|ud|yayasan|upt|uptd|mal|loket|gudang|sekretariat|setda|sanggar|stasiun|samsat|"
    r"pengadilan|kejaksaan|imigrasi|bpjs|pdam|pln|telkom|lurah|perbekel|camat|pelayanan|publik)\b",
    re.I,
)
# A place has its address in a line of its own ("Alamat: Jalan …"), which names nobody unless it says so.
_PLACE = re.compile(r"\b(?:alamat|tempat|lokasi)\b", re.I)
_POST = re.compile(
    r"\b(?:camat|sekcam|sekretaris|kepala|kasi|kasubag|kasubbag|lurah|perbekel|bupati|wakil|ketua|pejabat|"
    r"bendahara|inspektur|direktur|asisten|panitera|penanggung\s+jawab|plt|plh|pj)\b",
    re.I,
)
_LETTERS = re.compile(r"[^\W\d_]{2,}")
_DIGIT = re.compile(r"[0-9]")
_SIGNED_WITHIN = 4


def rows_with_addresses(text: str) -> Iterator[int]:
    """Where each line begins that holds a person's name together with a street and number or RT/RW."""
    place = 0
    for line in text.split("\n"):
        found = (_STREET.search(line) or _QUARTER.search(line)) if _DIGIT.search(line) else None
        if found and _names_a_person(line[: found.start()] + " | " + line[found.end() :]):
            yield place + found.start()
        place += len(line) + 1


def _names_a_person(rest: str) -> bool:
    if _BALINESE.search(rest):
        return True
    if _INSTITUTION.search(rest):
        return False
    if _ADDRESSED.search(rest):
        return True
    return not _PLACE.search(rest) and any(p.search(rest) for p in (_TWO_NAMES, _TWO_CAPITALS))


def is_in_signature(lines: list[str], number: int, alone: str) -> bool:
    """Whether line ``number`` ends a signature: only ``alone`` is on it, a post and a name are just above.

    Empty lines do not count, since Markdown needs them between paragraphs.
    """
    if _LETTERS.search(re.sub(r"\bNIP\b", "", alone, flags=re.I)) or "|" in alone:
        return False
    above = [line for line in lines[max(0, number - 40) : number] if line.strip()][-_SIGNED_WITHIN:]
    posts = [line for line in above if _POST.search(line)]
    names = [line for line in above if _is_name(line)]
    return bool(posts) and any(name != post for name in names for post in posts)


def _is_name(line: str) -> bool:
    words = _LETTERS.findall(line)
    return 1 <= len(words) <= 10 and "|" not in line and all(word[0].isupper() for word in words)
