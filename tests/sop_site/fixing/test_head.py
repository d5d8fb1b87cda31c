"""Front matter: names, quotation marks and days; everything else as its author wrote it."""

import pytest

from tests.sop_site.fixing.pages import head_after

EVENT = "content/agenda/2026-01-05-rapat/index.md"
GALLERY = "content/galeri/2026-01-05-foto/index.md"
VIDEO = "content/video/2026-01-05-pagi/index.md"


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ("title: 2026", 'title: "2026"'),
        ("title: yes", 'title: "yes"'),
        ("title: 2026-08-17", 'title: "2026-08-17"'),
        ("title: Rapat: anggaran", 'title: "Rapat: anggaran"'),
        ("title: @kantor", 'title: "@kantor"'),
        ("sources:\n  - 2024\n  - Buku", 'sources:\n  - "2024"\n  - Buku'),
        ("Title: Kerja bakti", "title: Kerja bakti"),
        ("judul: Kerja bakti", "title: Kerja bakti"),
        ("teks alternatif: Pantai", "image_alt: Pantai"),
        ("kind: berita", "kind: news"),
        ('kind: "Berita"', "kind: news"),
        ("date: 20260817", "date: 2026-08-17"),
        ("date: 17-08-2026", "date: 2026-08-17"),
        ("date: 08/17/2026", "date: 2026-08-17"),
        ("date: 2026/8/7", "date: 2026-08-07"),
        ("date: 08/08/2026", "date: 2026-08-08"),
        ("date: 17 Agustus 2026", "date: 2026-08-17"),
        ('date: "17 agustus 2026"', "date: 2026-08-17"),
        ("date: August 17, 2026", "date: 2026-08-17"),
        ("date: 17-08-2026 09.30", "date: 2026-08-17T09:30"),
        ("date: 2026-08-17 9.30 WITA", "date: 2026-08-17T09:30+08:00"),
        ("unit: pelayanan\ntitle: Kerja\nunit: pelayanan", "unit: pelayanan\ntitle: Kerja"),
        ("title: Kerja bakti   ", "title: Kerja bakti"),
    ],
)
def test_what_is_certain_is_repaired(before: str, expected: str) -> None:
    assert head_after(before) == expected


@pytest.mark.parametrize(
    "lines",
    [
        "title: Kerja bakti",
        'title: "2026"',
        "title: 2026 # tahun",
        "title: |\n  Rapat: anggaran\n  2026  ",
        "title: Kerja: satu\n  dan dua",
        "children: yes",
        "lang: no",
        "judul: Satu\ntitle: Dua",
        "judul: Satu\nJudul: Dua",
        "pengarang: Wayan",
        "kind: pengumuman",
        "date: 08/07/2026",
        "date: 31-02-2026",
        "date: besok",
        "unit: pelayanan\nunit: pemerintahan",
        "order: 2",
        "title: [DRAF] Kerja",
        "title: *Kerja*",
    ],
)
def test_what_asks_for_judgement_stays(lines: str) -> None:
    assert head_after(lines) == lines


@pytest.mark.parametrize(
    ("path", "before", "expected"),
    [
        (EVENT, "tempat: Aula: lantai 2", 'place: "Aula: lantai 2"'),
        (EVENT, "start: 17 Agustus 2026 09.00", "start: 2026-08-17T09:00"),
        (GALLERY, "photos:\n  - file: satu.jpg\n    alt: 2026\n    taken: 5 Januari 2026",
         'photos:\n  - file: satu.jpg\n    alt: "2026"\n    taken: 2026-01-05'),
        (VIDEO, "transcript: >\n  Suara: ombak\n  2026\ncredit: 2026",
         'transcript: >\n  Suara: ombak\n  2026\ncredit: "2026"'),
    ],
)  # fmt: skip
def test_fields_of_each_kind_are_known(path: str, before: str, expected: str) -> None:
    assert head_after(before, path=path) == expected
