"""Law: secrecy, children, costs."""

import pytest

from sop_site.rules import MediaFacts, law
from tests.every_kind import SERVICE
from tests.sop_site.rules import values

SECRET = [
    "RAHASIA",
    "SANGAT RAHASIA",
    "TERBATAS",
    "**RAHASIA**",
    "__RAHASIA__",
    "## RAHASIA",
    "- RAHASIA -",
    "R A H A S I A",
    "RAHA\u200bSIA",
    "Sifat: Rahasia",
    "Sifat : sangat rahasia",
    "Sifat: **Terbatas**",
    "| Sifat | Rahasia |",
]
OPEN = [
    "Rahasia dapur sehat",
    "Kuota terbatas untuk 20 orang",
    "Jumlah terbatas",
    "Terbatas",
    "Sifat: Biasa",
    "Sifat: Segera",
    "Informasi ini bersifat terbatas waktu",
    "Kerahasiaan data dijaga",
]


@pytest.mark.parametrize("text", SECRET)
def test_a_mark_of_secrecy_bars_the_page(text: str) -> None:
    page = values.given(f"Satu.\n\n{text}\n\nDua.")

    told = list(law.nothing_secret_is_published(page))

    assert [(f.code, f.severity, f.line) for f in told] == [
        ("law-secret-mark", "error", page.page.body_line + 2)
    ]


@pytest.mark.parametrize("text", OPEN)
def test_words_that_are_no_mark_are_left_alone(text: str) -> None:
    assert values.said(law.nothing_secret_is_published, f"Satu.\n\n{text}\n\nDua.") == []


def test_marks_are_found_in_the_head_and_in_files() -> None:
    facts = MediaFacts("surat.pdf", "pdf", 9, text="PEMERINTAH\r\nRAHASIA\r\nNomor 1")

    assert values.said(law.nothing_secret_is_published, "Isi.", media=[facts]) == ["law-secret-mark"]
    assert values.said(law.nothing_secret_is_published, "Isi.", sources='["Sifat: Rahasia"]') == [
        "law-secret-mark"
    ]


@pytest.mark.parametrize(
    ("body", "front"),
    [
        ("![Siswa membaca di perpustakaan](a.jpg)", {}),
        ("Isi.", {"image": "a.jpg", "image_alt": "Anak-anak bermain"}),
        ("Isi.", {"image": "a.jpg", "image_alt": "Balita ditimbang"}),
        ("![Two children](a.jpg)", {}),
    ],
)
def test_pictures_of_children_need_consent(body: str, front: dict[str, str]) -> None:
    rule = law.children_have_consent

    assert values.said(rule, body, **front) == ["law-children-consent"]
    assert values.said(rule, body, **front, children="false") == []
    assert values.said(rule, body, **front, children="true", consent="Surat 5 Januari 2026") == []


@pytest.mark.parametrize("part", ["alt: Para pelajar", "{alt: Lapangan, caption: Lomba murid}"])
def test_captions_of_a_gallery_count_too(part: str) -> None:
    entry = part.strip("{}")
    photos = f"[{{file: a.jpg, {entry}, credit: Operator 1}}]"

    assert values.said(law.children_have_consent, kind="gallery", topics="", photos=photos) == [
        "law-children-consent"
    ]


@pytest.mark.parametrize("alt", ["Anak Agung membuka acara", "Panggung di lapangan", "Keranjang bayam"])
def test_words_that_only_look_like_children_are_left_alone(alt: str) -> None:
    assert values.said(law.children_have_consent, f"![{alt}](a.jpg)") == []


@pytest.mark.parametrize(
    ("cost", "clear"),
    [
        ("gratis", True),
        ("Gratis (tidak dipungut biaya)", True),
        ("belum diisi oleh kantor", True),
        ("Rp10.000 menurut Peraturan Daerah Nomor 1 Tahun 2024", True),
        ("Rp10.000", False),
        ("menurut Peraturan Daerah Nomor 1 Tahun 2024", False),
        ("seikhlasnya", False),
    ],
)
def test_a_service_is_free_or_names_amount_and_rule(cost: str, clear: bool) -> None:
    front = SERVICE | {"cost": f'"{cost}"'}

    told = values.said(law.a_service_says_what_it_costs, kind="service", **front)

    assert told == ([] if clear else ["law-cost-unclear"])
