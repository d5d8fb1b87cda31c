"""Where a page may lie, what it may be called, and under which address it is read."""

import pytest

from sop_site.content import (
    DATED,
    RESERVED_IDS,
    SECTION_OF,
    SECTIONS,
    folder_of,
    id_problem,
    place_of,
    url_of,
)
from sop_site.content.places import ID_LENGTH, MEDIA_NAME


def test_every_kind_has_one_section() -> None:
    assert {kind: SECTIONS[section] for kind, section in SECTION_OF.items()} == {
        kind: kind for kind in SECTION_OF
    }
    assert set(SECTION_OF) > DATED
    assert set(SECTION_OF) - DATED == {"service", "village", "page"}


@pytest.mark.parametrize("section", SECTIONS)
def test_a_page_is_found_again_by_its_folder_and_its_address(section: str) -> None:
    path = folder_of(SECTIONS[section], "2026-01-05-x") + "/index.md"

    assert path == f"content/{section}/2026-01-05-x/index.md"
    assert place_of(path) == (section, "2026-01-05-x")
    assert url_of(path) == ("/2026-01-05-x/" if section == "halaman" else f"/{section}/2026-01-05-x/")


@pytest.mark.parametrize(
    "path",
    [
        "berita/x/index.md",
        "content/berita/index.md",
        "content/berita/x/y/index.md",
        "content/berita/x/lain.md",
        "content/berita//index.md",
        "content/blog/x/index.md",
        "content/berita/x/index.md\n",
        "/content/berita/x/index.md",
        "./content/berita/x/index.md",
    ],
)
def test_no_page_lies_elsewhere(path: str) -> None:
    assert place_of(path) is None


def test_only_a_pages_file_has_an_address() -> None:
    with pytest.raises(ValueError):
        url_of("content/berita/x/foto.jpg")


@pytest.mark.parametrize(
    ("kind", "page_id", "problem"),
    [
        ("news", "2026-01-05-kerja-bakti", None),
        ("news", "2024-02-29-x", None),
        ("news", "kerja-bakti", "id-not-dated"),
        ("news", "2026-02-29-x", "id-not-dated"),
        ("news", "2026-1-5-x", "id-not-dated"),
        ("news", "2026-01-05", "id-not-dated"),
        ("news", "2026-01-05-", "id-not-dated"),
        ("news", "2026-W01-1-x", "id-not-dated"),
        ("news", "2026-01-05-Kerja", "id-malformed-page"),
        ("news", "2026-01-05-kerja--bakti", "id-malformed-page"),
        ("news", "2026-01-05--kerja", "id-malformed-page"),
        ("service", "surat-domisili", None),
        ("service", "surat domisili", "id-malformed-page"),
        ("service", "surat_domisili", "id-malformed-page"),
        ("service", "süd", "id-malformed-page"),
        ("service", "..", "id-malformed-page"),
        ("service", "-a", "id-malformed-page"),
        ("service", "", "id-malformed-page"),
        ("service", "a\n", "id-malformed-page"),
        ("service", "a" * ID_LENGTH, None),
        ("service", "a" * (ID_LENGTH + 1), "id-malformed-page"),
        ("service", "cari", None),
        ("page", "profil", None),
        *(("page", name, "id-taken-by-site") for name in sorted(RESERVED_IDS)),
    ],
)
def test_an_id_fits_its_kind(kind: str, page_id: str, problem: str | None) -> None:
    assert id_problem(page_id, kind) == problem


def test_the_sites_own_addresses_are_kept_free() -> None:
    named = {"cari", "topik", "bukti", "peta-situs", "unduhan", "admin", "theme"}

    assert named | set(SECTIONS) <= RESERVED_IDS


@pytest.mark.parametrize(
    ("name", "fits"),
    [
        ("foto.jpg", True),
        ("foto-2.webp", True),
        ("2026-01-05.pdf", True),
        ("Foto.jpg", False),
        ("foto.JPG", False),
        ("foto.jpeg", False),
        ("foto_1.jpg", False),
        ("foto 1.jpg", False),
        ("foto.jpg.exe", False),
        ("foto.exe.jpg", False),
        ("-foto.jpg", False),
        ("foto-.jpg", False),
        (".jpg", False),
        ("../foto.jpg", False),
        ("a/foto.jpg", False),
        ("skrip.html", False),
        ("foto.jpg\n", False),
    ],
)
def test_media_names_are_plain(name: str, fits: bool) -> None:
    assert bool(MEDIA_NAME.fullmatch(name)) == fits
