"""Dates, times and amounts: the Indonesian form where only one reading is possible."""

import pytest

from sop_site.fixing.wording import as_day
from tests.sop_site.fixing.pages import after, fixed


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ("Rapat 17 August 2026.", "Rapat 17 Agustus 2026."),
        ("Rapat August 17, 2026.", "Rapat 17 Agustus 2026."),
        ("Rapat August 17th, 2026.", "Rapat 17 Agustus 2026."),
        ("Rapat 5th January 2026", "Rapat 5 Januari 2026"),
        ("Rapat 17 Aug 2026", "Rapat 17 Agustus 2026"),
        ("Bulan May 2026", "Bulan Mei 2026"),
        ("Rapat (2026-08-17).", "Rapat (17 Agustus 2026)."),
        ("Rapat 08/17/2026", "Rapat 17 Agustus 2026"),
        ("Pukul 8:00 buka", "Pukul 08.00 buka"),
        ("pukul 08:00-15:30", "pukul 08.00-15.30"),
        ("buka 08:00 – 15:30 WITA", "buka 08.00 – 15.30 WITA"),
        ("Biaya Rp 1,500,000.00", "Biaya Rp1.500.000,00"),
        ("Biaya Rp1,500,000", "Biaya Rp1.500.000"),
        ("Biaya Rp. 50.000", "Biaya Rp50.000"),
        ("Biaya IDR 5000", "Biaya Rp5.000"),
        ("Biaya Rp 2 juta", "Biaya Rp2 juta"),
        ("| tanggal | biaya |\n|---|---|\n| 17 August 2026 | Rp 1,000,000 |",
         "| tanggal | biaya |\n|---|---|\n| 17 Agustus 2026 | Rp1.000.000 |"),
    ],
)  # fmt: skip
def test_one_reading_is_written_the_indonesian_way(before: str, expected: str) -> None:
    assert after(before) == expected
    assert after(before, lang="en") == before


@pytest.mark.parametrize(
    "body",
    [
        "Rapat 5 Januari 2026, 17/08/2026, biaya Rp1.500.000,00.",
        "Rapat 08/07/2026.",
        "Rapat 31 February 2026 dan 2026-02-31.",
        "Nomor 2026-08-17 dan kode: 2026-08-17",
        "Nomor 000/2026-08-17/VI dan 2026-08-17-rapat",
        "Berkas rapat-2026-08-17.pdf dan `2026-08-17` dan <https://a.go.id/2026-08-17>",
        "Lihat [jadwal](/berita/2026-08-17/) dan https://a.go.id/August 17",
        "Surel rapat2026-08-17@kantor.go.id",
        "Laporan “Report of the meeting on August 17, 2026”",
        "Skor 08:00 dan rasio 10:15",
        "Anggaran Rp 1,500 juta dan Rp1.5 miliar",
        "Biaya Rp1.500.50 dan Rp1,50",
        "Ayat 3:16, versi 1,500,000",
        "Rp10.000,-",
        "March bersama warga, Bapak August",
        "| kode |\n|---|\n| 2026-08-17 | \n",
    ],
)
def test_what_has_another_meaning_stays(body: str) -> None:
    assert after(body) == body.rstrip("\n ")


def test_a_date_that_can_be_read_twice_is_asked_for() -> None:
    done = fixed("Rapat 08/07/2026 dan 08/08/2026.")

    assert [(found.code, found.values) for found in done.asked] == [
        ("fix-date-ambiguous", {"text": "08/07/2026"})
    ]
    assert done.steps == ()
    assert fixed("Lihat `08/07/2026`.").asked == ()
    assert fixed("Rapat 08/07/2026.", lang="en").asked == ()


@pytest.mark.parametrize(
    "text", ["08-07-2026", "99999999", "17 Agustusan 2026", "2026", "17/08-2026", "٣-٤-2026"]
)
def test_no_day_is_guessed(text: str) -> None:
    assert as_day(text) is None
