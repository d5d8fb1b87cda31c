"""site.toml is read strictly, and what is missing is said, not guessed."""

import pytest

from sop_site import resources
from sop_site.errors import SettingsUnreadable
from sop_site.settings import UNFILLED, parse, unfilled

LEAST = """
[office]
name = "Kecamatan Contoh"
url = "https://contoh.go.id"
[head]
id = "camat@contoh.go.id"
name = "Camat Contoh"
"""


def test_the_least_that_an_office_gives_is_enough() -> None:
    settings = parse(LEAST.encode())

    assert settings.office.address == UNFILLED
    assert [entry.id for entry in settings.menu] == ["profil", "layanan", "ppid", "kontak"]
    assert "office.address" in unfilled(settings)


def test_the_offices_own_settings_are_in_order() -> None:
    settings = parse(resources.text("skeleton/site.toml").encode())

    assert len(settings.village) == 29
    assert settings.office.name == "Kecamatan Buleleng"


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ("[office]\nwarna = 'biru'", "office.warna"),
        ("[lain]\na = 1", "lain"),
        ("[[unit]]\nid = 'Huruf Besar'\nname = 'x'", "unit.0.id"),
        ("[site]\ndemonstration = 'ya'", "site.demonstration"),
    ],
)
def test_a_wrong_setting_is_named(change: str, place: str) -> None:
    text = LEAST.replace("[office]", change) if change.startswith("[office]") else LEAST + change
    with pytest.raises(SettingsUnreadable) as refused:
        parse(text.encode())

    assert refused.value.values["place"] == place


@pytest.mark.parametrize("data", [b"\xff\xfe", b"[office", b""])
def test_what_is_not_settings_is_refused(data: bytes) -> None:
    with pytest.raises(SettingsUnreadable):
        parse(data)
