"""Form: what a page is built of, and what is missing from it."""

from typing import Any

import pytest

from sop_site.rules import MediaFacts, check
from sop_site.settings import UNFILLED
from tests.sop_site.rules import values

IMAGE = {"image": "foto.jpg", "image_alt": "Pantai saat matahari terbit"}
PHOTO = MediaFacts("foto.jpg", "jpg", 90_000, 1200, 800)


def found(body: str, **options: Any) -> list[str]:
    """Codes of all rules; the photograph lies there where the body names it."""
    return values.codes(check(values.given(body, **({"media": with_photo(body)} | options))))


def with_photo(body: str) -> list[MediaFacts]:
    return [PHOTO] if "foto.jpg" in body else []


def test_a_good_page_has_no_findings() -> None:
    body = (
        "Warga **datang** ke [kantor](/kontak/).\n\n"
        "## Jadwal\n\n| Hari | Jam |\n|---|---|\n| Senin | 8 |\n\n### Catatan\n\n- satu\n- dua\n\n"
        "## Lain\n\n![Loket pelayanan](loket.png)\n\n[Rencana kerja](rencana.pdf)"
    )
    loket = MediaFacts("loket.png", "png", 900, 60, 40)
    plan = MediaFacts("rencana.pdf", "pdf", 900, has_text=True)

    assert found(body, media=[PHOTO, loket, plan], **IMAGE) == []


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("<script>alert(1)</script>", "html-in-text"),
        ("<SCRIPT src=x>", "html-in-text"),
        ("teks <b>tebal</b>", "html-in-text"),
        ("<br>", "html-in-text"),
        ("<img src=x onerror=alert(1)>", "html-in-text"),
        ("<!-- catatan -->", "html-in-text"),
        ("<iframe src='https://lain.example'", "html-in-text"),
        ("</div>", "html-in-text"),
        ("<?php echo 1 ?>", "html-in-text"),
        ("# Judul lagi", "heading-too-high"),
        ("Judul\n=====", "heading-too-high"),
        ("### Melompat", "heading-skips-level"),
        ("## Satu\n\n#### Melompat", "heading-skips-level"),
        ("## \n", "heading-empty"),
        ("![](foto.jpg)", "picture-without-alt"),
        ("![ ](foto.jpg)", "picture-without-alt"),
        ("![IMG_0042.jpg](foto.jpg)", "picture-alt-says-nothing"),
        ("![foto](foto.jpg)", "picture-alt-says-nothing"),
        ("![Gambar 3](foto.jpg)", "picture-alt-says-nothing"),
        ("|  |  |\n|---|---|\n| a | b |", "table-without-heading"),
        ("![Pantai](lain.jpg)", "file-missing"),
        ("[Rencana kerja](rencana.pdf)", "file-missing"),
    ],
)
def test_each_fault_of_form_is_found(body: str, code: str) -> None:
    assert found(f"Baris pertama.\n\n{body}") == [code]


def test_each_fault_is_found_on_its_own_line() -> None:
    body = (
        "Baris\n\n### Melompat\n\n![](foto.jpg)\n\n<b>tebal</b>\n\n![Pantai](lain.jpg)\n\n"
        "| | |\n|-|-|\n| a | b |"
    )
    page = values.given(body, media=[PHOTO])
    first = page.page.body_line

    assert [(finding.code, finding.line) for finding in check(page)] == [
        ("heading-skips-level", first + 2),
        ("picture-without-alt", first + 4),
        ("html-in-text", first + 6),
        ("file-missing", first + 8),
        ("table-without-heading", first + 10),
    ]


@pytest.mark.parametrize(
    "body",
    [
        "Suhu < 30 derajat dan > 20 derajat.",
        "Suhu <lima derajat.",
        "Alamat <https://www.bmkg.go.id> terbuka.",
        "Tulis `<b>` untuk huruf tebal.",
        "a < b > c",
        "Rapat pukul 08.00 --> 10.00.",
        "## Satu\n\n### Dua\n\n#### Tiga\n\n## Empat",
        "![Foto bersama di pantai](foto.jpg)",
    ],
)
def test_what_only_looks_like_a_fault_is_left_alone(body: str) -> None:
    assert found(body) == []


def test_html_in_the_head_is_found_too() -> None:
    page = values.given(sources="[Kerja <script>bakti]")

    assert [(finding.code, finding.line) for finding in check(page)] == [
        ("html-in-text", page.head.line(("sources",)))
    ]


def test_the_leading_picture_must_be_there_and_forgotten_files_are_mentioned() -> None:
    assert found("Baris.", **IMAGE) == ["file-missing"]
    told = check(values.given(media=[PHOTO, MediaFacts("lupa.jpg", "jpg", 9)]))
    assert [(finding.code, finding.severity, finding.values["file"]) for finding in told] == [
        ("file-unnamed", "warning", "foto.jpg"),
        ("file-unnamed", "warning", "lupa.jpg"),
    ]


@pytest.mark.parametrize(
    ("now", "code"),
    [
        ({}, None),
        ({"body": "Kalimat yang berubah."}, "change-note-missing"),
        ({"title": "Jam layanan pada bulan Februari"}, "change-note-missing"),
        ({"summary": "Ringkasan yang lain untuk warga."}, "change-note-missing"),
        ({"topics": "[lingkungan]"}, None),
        ({"body": "Kalimat yang berubah.", "change_note": "Jam diperbaiki"}, None),
    ],
)
def test_a_public_page_whose_words_change_says_what_changed(now: dict[str, str], code: str | None) -> None:
    before: dict[str, Any] = {"body": "Kalimat yang sudah tayang.", "summary": "Ringkasan yang sudah dibaca."}
    public = values.given(**before).page

    assert found(**({"public": public} | before | now)) == ([code] if code else [])


def test_the_last_changes_note_does_not_serve_for_the_next_one() -> None:
    public = values.given("Satu kalimat.", change_note="Jam diperbaiki").page

    assert found("Dua kalimat.", public=public, change_note="Jam diperbaiki") == ["change-note-missing"]
    assert found("Dua kalimat.", public=public, change_note="Hari diperbaiki") == []


def test_a_notice_of_withdrawal_has_its_own_field_for_the_reason() -> None:
    public = values.given("Satu kalimat.").page
    notice = "{at: 2026-02-01, reason: Jadwal keliru}"

    assert found("Halaman ini ditarik.", public=public, withdrawn=notice) == []


@pytest.mark.parametrize(
    ("kind", "front"),
    [("news", {}), ("announcement", {}), ("page", {"section": "profil", "topics": ""})],
)
def test_a_page_without_a_body_is_refused_where_the_body_is_all_it_has(
    kind: str, front: dict[str, str]
) -> None:
    assert found(" \n", kind=kind, **front) == ["body-empty"]


@pytest.mark.parametrize("body", [UNFILLED, f"\n{UNFILLED}  \n", f"{UNFILLED}\n\n![Pantai pagi](foto.jpg)"])
def test_what_sop_new_puts_in_place_of_a_text_is_no_text(body: str) -> None:
    assert found(body) == ["body-placeholder"]


def test_a_text_may_say_that_something_is_not_known_yet() -> None:
    body = f"Jam pelayanan: {UNFILLED}.\n\n| Hari | Jam |\n|---|---|\n| Senin | {UNFILLED} |"

    assert found(body) == []
