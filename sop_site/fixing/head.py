"""Repairs of the front matter: names of fields, text that YAML takes for something else, days."""

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from sop_site.content import KINDS, SECTIONS
from sop_site.content.fields import DAY_WRITTEN
from sop_site.content.front_matter import as_date, reads_as_text
from sop_site.fixing.manuscript import Manuscript, Repaired, Row, Step, row_by_row
from sop_site.fixing.spacing import block_scalar_rows
from sop_site.fixing.wording import as_day

_FIELD = re.compile(
    r"(?P<lead>\s*(?:- )?)(?P<key>[A-Za-z_][\w]*)(?P<mid>:[ \t]+)(?P<value>\S(?:.*\S)?)(?P<rest>\s*)"
)
_ENTRY = re.compile(r"(?P<lead>\s*- +)(?P<value>\S(?:.*\S)?)(?P<rest>\s*)")
_TOP = re.compile(r"(?P<key>[^\W\d][\w ]*?)(?P<rest>[ ]?:(?:\s.*)?)")
# Values that are no plain text on one line: quoted, a list, a text of several lines, a comment …
_OPENS_OTHERWISE = tuple("\"'[{|>&*!#")
_RESERVED = tuple("@`%")
_CLOCK = re.compile(r"(.*\d)[T ]+(\d{1,2})[.:](\d{2})(?: (WITA|WIB|WIT))?")
_OFFSETS = {"WITA": "+08:00", "WIB": "+07:00", "WIT": "+09:00"}
_LONGEST_DAY = 40
# What officers call the fields, where the word can mean one field only.
_ALSO_CALLED: Mapping[str, str] = {
    "judul": "title", "jenis": "kind", "tanggal": "date", "ringkasan": "summary", "topik": "topics",
    "bahasa": "lang", "gambar": "image", "teks_alternatif": "image_alt", "catatan_perubahan": "change_note",
    "nomor": "number", "mulai": "start", "selesai": "end", "tempat": "place", "penyelenggara": "organizer",
    "petunjuk": "instructions", "wilayah": "area", "tingkat": "level", "persyaratan": "requirements",
    "langkah": "steps", "biaya": "cost", "dasar_hukum": "legal_basis", "pengaduan": "complaints",
    "unit_kerja": "unit",
}  # fmt: skip


@cache
def _shapes(kind: str) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Names of a kind's text fields (also within entries), of its lists of texts, and of its days."""
    schema = KINDS[kind].model_json_schema()
    tables = [schema, *schema.get("$defs", {}).values()]
    texts: set[str] = set()
    lists: set[str] = set()
    days: set[str] = set()
    for table in tables:
        for name, field in table.get("properties", {}).items():
            for option in field.get("anyOf", [field]):
                if _is_day(option):
                    days.add(name)
                elif option.get("type") == "string" and not {"enum", "const"} & option.keys():
                    texts.add(name)
                elif option.get("type") == "array" and option.get("items", {}).get("type") == "string":
                    lists.add(name)
    return frozenset(texts - days), frozenset(lists), frozenset(days)


def _is_day(option: Mapping[str, Any]) -> bool:
    return str(option.get("pattern", "")).startswith(f"^{DAY_WRITTEN}")


def names_of_fields(page: Manuscript) -> Repaired:
    """A field's name in other letters (``Title``) or in Bahasa Indonesia (``judul``), where it is missing."""
    if page.kind is None:
        return page, []
    known = set(KINDS[page.kind].model_fields) - {"id", "body", "body_line"}
    inner = set(block_scalar_rows(page))
    written = [
        found["key"] for row in page.head if row.number not in inner and (found := _TOP.fullmatch(row.text))
    ]
    meant = [_meant(key, known) for key in written]

    def change(row: Row) -> str:
        found = _TOP.fullmatch(row.text) if row.number not in inner else None
        name = _meant(found["key"], known) if found else None
        # Two fields that might both be meant are for a person to sort out.
        if found is None or name is None or meant.count(name) != 1:
            return row.text
        return name + found["rest"].lstrip(" ")

    rows, steps = row_by_row("fix-field-name", page.head, change)
    return (page.with_head(rows), steps) if steps else (page, [])


def _meant(key: str, known: set[str]) -> str | None:
    plain = re.sub(r"[ -]", "_", key.strip().lower())
    name = _ALSO_CALLED.get(plain, plain)
    return name if name in known else None


def kind_by_its_section(page: Manuscript) -> Repaired:
    """``kind: berita`` on a page in ``berita``: the section's name for its kind."""

    def change(row: Row) -> str:
        found = _FIELD.fullmatch(row.text)
        if found is None or found["lead"] or found["key"] != "kind":
            return row.text
        said = found["value"].strip("\"'").lower()
        meant = page.kind is not None and page.kind in (SECTIONS.get(said), said)
        return f"kind: {page.kind}" if meant and found["value"].strip("\"'") != page.kind else row.text

    rows, steps = row_by_row("fix-kind", page.head, change)
    return (page.with_head(rows), steps) if steps else (page, [])


def fields_said_twice(page: Manuscript) -> Repaired:
    """The second of two lines that give the same field the same value."""
    seen: set[str] = set()
    rows, steps = [], []
    inner = set(block_scalar_rows(page))
    heads = list(page.head)
    for place, row in enumerate(heads):
        found = _FIELD.fullmatch(row.text)
        single = place + 1 == len(heads) or not heads[place + 1].text.startswith((" ", "-"))
        if found and single and not found["lead"] and row.number not in inner:
            if row.text.rstrip() in seen:
                steps.append(Step("fix-field-twice", row.number, row.text, ""))
                continue
            seen.add(row.text.rstrip())
        rows.append(row)
    return (page.with_head(rows), steps) if steps else (page, [])


def text_that_is_no_text(page: Manuscript) -> Repaired:
    """Quotation marks around what YAML would take for a number, a day or a mapping, in a field of text."""
    if page.kind is None:
        return page, []
    texts, lists, _ = _shapes(page.kind)

    def change(found: re.Match[str], key: str, *, entry: bool) -> str | None:
        value = found["value"]
        wanted = key in (lists if entry else texts)
        if not wanted or value.startswith(_OPENS_OTHERWISE) or " #" in value:
            return None
        mapping = ": " in value or value.endswith(":") or value.startswith(_RESERVED)
        return None if reads_as_text(value) and not mapping else json.dumps(value, ensure_ascii=False)

    return _each_value("fix-quotes", page, change)


def days_in_their_form(page: Manuscript) -> Repaired:
    """Days as people write them, where only one can be meant: ``17 Agustus 2026`` → ``2026-08-17``."""
    if page.kind is None:
        return page, []
    days = _shapes(page.kind)[2]

    def change(found: re.Match[str], key: str, *, entry: bool) -> str | None:
        value = found["value"]
        bare = value[1:-1] if value[0] in "\"'" and value[-1] == value[0] and len(value) > 1 else value
        if entry or key not in days or as_date(bare) is not None:
            return None
        return _moment(bare)

    return _each_value("fix-day", page, change)


def _moment(text: str) -> str | None:
    clock = _CLOCK.fullmatch(text) if len(text) <= _LONGEST_DAY else None
    if clock is None:
        return as_day(text)
    day = clock[1] if as_date(clock[1]) else as_day(clock[1])
    written = f"{day}T{int(clock[2]):02}:{clock[3]}{_OFFSETS.get(clock[4] or '', '')}"
    return written if day and as_date(written) is not None else None


def _each_value(code: str, page: Manuscript, change: Any) -> Repaired:
    inner = set(block_scalar_rows(page))
    rows, steps, key = [], [], ""
    following = (*(row.text for row in page.head), "")[1:]
    for row, after in zip(page.head, following, strict=True):
        text = row.text
        if row.number not in inner:
            top = re.match(r"([A-Za-z_]\w*):", text)
            key = top[1] if top else key
            for found, name, entry in _values(text, key):
                new = None if _goes_on(found, after) else change(found, name, entry=entry)
                if new is not None:
                    text = text[: found.start("value")] + new + text[found.end("value") :]
                    steps.append(Step(code, row.number, row.text, text))
                    break
        rows.append(Row(row.number, text))
    return (page.with_head(rows), steps) if steps else (page, [])


def _values(text: str, key: str) -> Iterator[tuple[re.Match[str], str, bool]]:
    """The value of a line: of the field that it begins, or of an entry of the list ``key``."""
    field = _FIELD.fullmatch(text)
    if field is not None:
        yield field, field["key"], False
    entry = _ENTRY.fullmatch(text)
    if entry is not None:
        yield entry, key, True


def _goes_on(found: re.Match[str], after: str) -> bool:
    """Whether the next line is deeper and no entry: then it belongs to the same text."""
    own = len(found["lead"])
    return (
        bool(after.strip())
        and len(after) - len(after.lstrip(" ")) > own
        and not after.lstrip().startswith("- ")
    )
