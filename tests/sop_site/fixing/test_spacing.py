"""Spacing: gaps that nobody sees, and those without which Markdown sees no list or table."""

import pytest

from tests.sop_site.fixing.pages import after

TABLE = "| a | b |\n|---|---|\n| 1  | 2 ,  |"


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ("Warga  datang   ke kantor.", "Warga datang ke kantor."),
        ("Warga\tdatang.", "Warga datang."),
        ("Warga , kantor .", "Warga, kantor."),
        ("“Mari” , kata Camat .", "“Mari”, kata Camat."),
        ("Satu.   \n\nDua. ", "Satu.\n\nDua."),
        ("Satu.     \nDua.", "Satu.  \nDua."),
        ("Satu. \nDua.", "Satu.\nDua."),
        ("Satu.\n\n\n\nDua.", "Satu.\n\nDua."),
        ("\n\n\nSatu.", "\nSatu."),
        ("Bawa:\n- KTP\n- KK", "Bawa:\n\n- KTP\n- KK"),
        ("Urutan:\n1. datang\n2. pulang", "Urutan:\n\n1. datang\n2. pulang"),
        (f"Jadwal:\n{TABLE}\nSelesai.", f"Jadwal:\n\n{TABLE}\n\nSelesai."),
        ("-   butir  satu", "-   butir satu"),
        ("Lihat  [surat  ini](/kontak/)  lalu", "Lihat [surat ini](/kontak/) lalu"),
    ],
)
def test_gaps_are_put_in_order(before: str, expected: str) -> None:
    assert after(before) == expected


@pytest.mark.parametrize(
    "body",
    [
        "Kode `a  b ,` di sini.",
        "Kode `a  b\nc  d` di sini.",
        "Daftar:\n\n    a  b ,\n\n\n    c",
        "```\na  b ,\n\n\nc\n```",
        TABLE,
        '[peta](</desa/a  b/> "a  b") tetap.',
        '[peta]: https://contoh.go.id/a  "b  c"',
        "Hari/tanggal : Senin",
        "Lihat ... atau .htaccess",
        "5 . lima",
        "Kata\n- yang berlanjut",
        "Kata\n3. bukan daftar\n4. karena mulai tiga",
        "- satu\n- dua\n\n  lanjutan",
        "* satu\n* dua\n  - tiga\n  - empat",
        "Istilah\n:   arti kata",
        "> kutipan\n> - satu\n> - dua",
        "Baris satu  \nbaris dua",
        "a \\  b",
    ],
)
def test_code_tables_addresses_and_breaks_stay(body: str) -> None:
    assert after(body) == body
