"""Language: dates and amounts, the page's language, names; all of it advice."""

import pytest

from sop_site import resources
from sop_site.rules import language
from sop_site.rules.language import is_near
from sop_site.settings import parse as parse_settings
from tests.sop_site.rules import values

INDONESIAN = "Warga dapat datang ke kantor pada hari kerja dan mengambil surat dari loket dengan kartu. " * 3
BALINESE = (
    "Krama sane wenten ring wewidangan puniki mangda rauh ring kantor, miwah ngaturang indik punika. " * 3
)
ENGLISH = "You can visit the office with your card and the clerk will hand you the letter at this desk. " * 3
# Every unit and topic that the helper's page names, and the office's own 29 villages.
SKELETON = values.SETTINGS.model_copy(
    update={"village": parse_settings(resources.data("skeleton/site.toml").read_bytes()).village}
)
NAMES = values.SETTINGS.model_copy(
    update={"head": values.SETTINGS.head.model_copy(update={"name": "Wijaya Percontohan, S.STP"})}
)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Rapat 5 January 2026.", ["language-date"]),
        ("Rapat 01/31/2026.", ["language-date"]),
        ("Rapat on the 5th.", ["language-date"]),
        ("Biaya Rp1,500,000.", ["language-amount"]),
        ("Biaya IDR 5000.", ["language-amount"]),
        ("Rapat Januari 5, 2026.", ["language-date"]),
        ("Rapat 5 Nopember 2026.", ["language-date"]),
        ("Buka 9:00 AM.", ["language-time"]),
        ("Penduduk 1,234,567 jiwa.", ["language-number"]),
        ("Naik 12.5% dari tahun lalu.", ["language-number"]),
        ("Naik 12,5%, Pasal 5.2, versi 1.2.3, pukul 08.00-15.00, 1.234.567 jiwa.", []),
        ("Rapat 5 Januari 2026, 31/01/2026, biaya Rp1.500.000,00.", []),
        ("Maret, April, Mei, Agustus, Desember.", []),
    ],
)
def test_dates_and_amounts_have_the_indonesian_form(text: str, code: list[str]) -> None:
    rule = language.dates_and_numbers_are_indonesian

    assert values.said(rule, text) == code
    assert values.said(rule, text, lang="en") == []


@pytest.mark.parametrize(
    ("text", "lang", "told"),
    [
        (INDONESIAN, "id", []),
        (ENGLISH, "en", []),
        (ENGLISH, "id", ["language-other"]),
        (INDONESIAN, "en", ["language-other"]),
        (ENGLISH, "ban", ["language-other"]),
        (BALINESE, "ban", []),
        (BALINESE, "id", ["language-other"]),
        (INDONESIAN, "ban", ["language-other"]),
        ("Lihat [the office of the mayor](https://lain.example/the/of/to/and/for).", "id", []),
        ("The office.", "id", []),
    ],
)
def test_the_language_of_the_head_fits_the_text(text: str, lang: str, told: list[str]) -> None:
    assert values.said(language.text_is_in_its_language, text, lang=lang) == told


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Warga Kelurahan Banyunig datang.", "Banyuning"),
        ("Warga Kelurahan Banyunning datang.", "Banyuning"),
        ("Warga Kelurahan Banyuinng datang.", "Banyuning"),
        ("Kantor Kecamatan Percontohen.", "Percontohan"),
        ("Camat, Wijyaa, hadir.", "Wijaya"),
        ("Warga Kelurahan Banyuning datang.", None),
        ("Warga KELURAHAN BANYUNING datang.", None),
        ("Desa Anturan dan Kelurahan Kaliuntu.", None),
        ("Percontohen tanpa kata di depannya.", None),
    ],
)
def test_a_slip_in_a_name_of_the_office_is_mentioned(text: str, meant: str | None) -> None:
    page = values.given(f"Satu.\n\n{text}", settings=NAMES)

    told = list(language.names_are_spelled_as_in_the_settings(page))

    # Words of the head's name count anywhere, words of places only behind their kind.
    assert [finding.values["meant"] for finding in told] == ([meant] if meant else [])
    assert {(finding.severity, finding.line) for finding in told} <= {("warning", page.page.body_line + 2)}


def test_near_means_one_slip() -> None:
    assert not is_near("banyuning", "banyuning")
    assert is_near("banyunin", "banyuning")
    assert is_near("abnyuning", "banyuning")
    assert not is_near("banyunni", "banyuning")
    assert not is_near("kaliuntu", "banyuning")
    assert not is_near("banyasri", "banyuasri1")


VILLAGES = SKELETON.village
ALIASES = {
    "Baktiseraga": "Bakti Seraga", "Jineng Dalem": "Jinengdalem", "Sarimekar": "Sari Mekar",
    "Pohbergong": "Poh Bergong", "Tukad Mungga": "Tukadmungga", "Naga Sepaha": "Nagasepaha",
    "Paketagung": "Paket Agung",
}  # fmt: skip


@pytest.mark.parametrize(("written", "meant"), [*ALIASES.items(), ("Desa Banyuning", "Kelurahan Banyuning")])
def test_a_village_has_the_spelling_of_the_settings(written: str, meant: str) -> None:
    rule = language.villages_are_written_as_in_the_settings
    page = values.given(f"Warga {written} datang, juga warga {meant}.", settings=SKELETON)

    assert [(found.values["word"], found.values["meant"]) for found in rule(page)] == [(written, meant)]


def test_villages_as_the_settings_write_them_are_left_alone() -> None:
    names = [entry.name for entry in VILLAGES]
    text = ", ".join(
        [*names, *(name.partition(" ")[2] for name in names), "Desa Adat Banyuning", "Banjar Dinas"]
    )
    page = values.given(f"Hadir: {text}.", settings=SKELETON)

    assert list(language.villages_are_written_as_in_the_settings(page)) == []
    assert list(language.names_are_spelled_as_in_the_settings(page)) == []
