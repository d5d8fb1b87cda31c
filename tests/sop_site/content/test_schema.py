"""The schema says to editors what the reader says to the check."""

import copy
import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from sop_site.content import KINDS, parse, schema
from sop_site.content.front_matter import divide
from sop_site.settings import UNFILLED
from tests.every_kind import office_files
from tests.sop_site.rules.values import SETTINGS

PAGES = {
    name: text.encode()
    for name, text in office_files().items()
    if isinstance(text, str) and name.endswith("index.md")
}


@cache
def validator(kind: str) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(schema.schema(kind))


def plain(value: Any) -> Any:
    """Front matter as an editor holds it: dates are still text."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def front(kind: str) -> tuple[str, dict[str, Any]]:
    """Path and front matter of the first page of a kind."""
    for path, data in PAGES.items():
        head = divide(path, data).head
        if head is not None and head.values["kind"] == kind:
            return path, copy.deepcopy(plain(head.values))
    raise AssertionError(kind)


def agree(kind: str, path: str, values: dict[str, Any]) -> bool:
    """What both say of the same values, which must be one thing."""
    fits = validator(kind).is_valid(values)
    head = "".join(f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in values.items())
    page = parse(path, f"---\n{head}---\nIsi.\n".encode(), SETTINGS).page
    assert fits == (page is not None), values
    return fits


@pytest.mark.parametrize("kind", KINDS)
def test_the_schema_is_one_and_takes_a_good_page(kind: str) -> None:
    jsonschema.Draft202012Validator.check_schema(schema.schema(kind))

    assert agree(kind, *front(kind))


@pytest.mark.parametrize("kind", KINDS)
def test_every_required_field_is_missed_by_both(kind: str) -> None:
    path, values = front(kind)

    for name in schema.schema(kind)["required"]:
        assert not agree(kind, path, {key: value for key, value in values.items() if key != name})


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        ("news", {"title": "Ya"}),
        ("news", {"title": 2026}),
        ("news", {"title": "Dua baris\ndi judul"}),
        ("news", {"summary": " " * 30}),
        ("news", {"date": "5 Januari 2026"}),
        ("news", {"topics": []}),
        ("news", {"topics": UNFILLED}),
        ("news", {"status": "draft"}),
        ("news", {"image": "Foto.JPG"}),
        ("news", {"image_alt": None}),
        ("news", {"children": True}),
        ("news", {"children": "true"}),
        ("gallery", {"photos": []}),
        ("gallery", {"photos": [{"file": "a.jpg", "credit": "Operator 1", "lain": 1}]}),
        ("video", {"captions": "film.srt"}),
        ("document", {"issued": "2026-01-05T09:00"}),
        ("document", {"files": [{"file": "skrip.exe", "title": "Rencana"}]}),
        ("alert", {"level": "darurat"}),
        ("service", {"steps": "satu"}),
        ("village", {"lat": 91}),
        ("village", {"website": "http://contoh.example"}),
        ("page", {"order": "2"}),
    ],
)
def test_both_refuse_the_same(kind: str, changes: dict[str, Any]) -> None:
    path, values = front(kind)
    kept = {key: value for key, value in (values | changes).items() if value is not None}

    assert not agree(kind, path, kept)


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        ("news", {"date": "2026-01-05T09:00+08:00"}),
        ("news", {"image_alt": None, "image_decorative": True}),
        ("news", {"children": True, "consent": "Surat 5 Januari 2026"}),
        ("gallery", {"photos": UNFILLED}),
        ("document", {"files": UNFILLED}),
        ("service", {"steps": UNFILLED}),
        ("video", {"captions": None, "speech": False}),
    ],
)
def test_both_allow_the_same(kind: str, changes: dict[str, Any]) -> None:
    path, values = front(kind)
    kept = {key: value for key, value in (values | changes).items() if value is not None}

    assert agree(kind, path, kept)


def test_labels_are_in_the_offices_language() -> None:
    fields = schema.schema("service")["properties"]

    assert (fields["cost"]["title"], fields["legal_basis"]["title"]) == ("Biaya", "Dasar hukum")


def test_all_kinds_come_by_name() -> None:
    assert set(schema.schemas()) == set(KINDS)


def test_the_offices_own_content_fits() -> None:
    root = Path(__file__).resolve().parents[3]
    for file in sorted((root / "content").rglob("index.md")):
        head = divide(file.relative_to(root).as_posix(), file.read_bytes()).head
        assert head is not None
        validator(str(head.values["kind"])).validate(plain(head.values))
