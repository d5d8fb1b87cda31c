"""What a new repository starts with: settings in order, names that may be public, a page for any office."""

from pathlib import Path

import pytest

from sop_site import resources, settings, skeleton
from sop_site.approval import path_names

SKELETON = resources.data("skeleton")
PAGE = (SKELETON / "content/halaman/tentang-situs/index.md").read_text(encoding="utf-8")
BULELENG = settings.parse((SKELETON / "site.toml").read_bytes())
FILES = [path for path in SKELETON.rglob("*") if path.is_file()]


def office(more: str) -> settings.Settings:
    text = (
        '[office]\nname = "Desa Contoh"\nurl = "https://contoh.desa.id"\n'
        f'[head]\nid = "kepala@contoh.desa.id"\nname = "Perbekel"\n{more}'
    )
    return settings.parse(text.encode())


def test_the_settings_are_those_of_the_office_by_function_only() -> None:
    assert BULELENG.office.name == "Kecamatan Buleleng"
    assert BULELENG.head.name == "Camat Buleleng"
    assert BULELENG.head.nip is None
    assert [entry.id for entry in BULELENG.menu] == ["profil", "layanan", "ppid", "kontak"]
    assert not BULELENG.site.demonstration


def test_all_villages_of_the_district_are_listed() -> None:
    names = [entry.name for entry in BULELENG.village]

    assert sum(name.startswith("Kelurahan ") for name in names) == 17
    assert sum(name.startswith("Desa ") for name in names) == 12
    assert len(names) == 29


def test_portal_and_own_site_are_monitored() -> None:
    assert [(target.url, target.own) for target in BULELENG.probe] == [
        ("https://www.bulelengkab.go.id/", False),
        ("https://buleleng.bulelengkab.go.id/", True),
    ]


def test_what_only_the_office_knows_is_left_to_it() -> None:
    assert {"office.address", "office.hours"} <= set(settings.unfilled(BULELENG))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(SKELETON).as_posix())
def test_every_name_may_stand_in_a_public_tree(path: Path) -> None:
    parts = path.relative_to(SKELETON).parts

    assert [part for part in parts if path_names.problem(part.encode())] == []
    assert path.name != ".gitignore"


def test_the_offices_own_page_stays_as_it_is() -> None:
    assert skeleton.fitted(PAGE, BULELENG) == PAGE


def test_another_offices_page_names_a_unit_and_a_menu_that_it_has() -> None:
    other = office('[[unit]]\nid = "umum"\nname = "Urusan Umum"\n[[menu]]\nid = "desa-kami"\nname = "Desa"\n')

    text = skeleton.fitted(PAGE, other)

    assert text is not None
    assert "\nunit: umum\n" in text
    assert "\nsection: desa-kami\n" in text
    assert text.replace("unit: umum", "unit: sekretariat").replace("desa-kami", "profil") == PAGE


def test_without_a_unit_there_is_no_page_to_answer_for() -> None:
    assert skeleton.fitted(PAGE, office("")) is None
