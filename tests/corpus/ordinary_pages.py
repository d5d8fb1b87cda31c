"""Ordinary pages of an office, on which hardly ever anything may be found: by hand,
and made up from a seed."""

import random
from collections.abc import Iterator
from pathlib import Path

from sop_site.rules import MediaFacts, PageInput
from tests.sop_site.rules import values

_FILE = Path(__file__).with_name("ordinary.txt")
_VILLAGES = (
    "Banyuning",
    "Penarukan",
    "Kaliuntu",
    "Anturan",
    "Pemaron",
    "Sari Mekar",
    "Poh Bergong",
    "Alasangker",
)
_MONTHS = ("Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober",
           "November", "Desember")  # fmt: skip
_THINGS = ("Belanja alat tulis", "Belanja modal", "Belanja cetak", "Perjalanan dinas", "Honorarium juri",
           "Pemeliharaan gedung", "Sewa tenda", "Makanan dan minuman rapat")  # fmt: skip


def by_hand() -> Iterator[tuple[str, PageInput]]:
    """Pages that somebody wrote."""
    for part in _FILE.read_text(encoding="utf-8").split("=== ")[1:]:
        head, _, body = part.partition("\n")
        kind, _, title = head.partition(": ")
        yield title, _page(kind, title, body)


def _page(kind: str, title: str, body: str, media: tuple[MediaFacts, ...] = ()) -> PageInput:
    """Only kinds of few keys are built: what the rules of this area read is text, wherever it stands."""
    shown = kind if kind in ("news", "announcement", "page") else "news"
    more = {"section": "ppid", "topics": ""} if shown == "page" else {}
    return values.given(body, kind=shown, title=title, media=media, **more)


def made_up(count: int, seed: int) -> Iterator[tuple[str, PageInput]]:
    """Pages with figures of every sort that an office writes down, in any mixture."""
    chance = random.Random(seed)
    for number in range(count):
        chosen = chance.sample(_PARTS, 5)
        body = "\n\n".join(part(chance) for part in chosen)
        pdf = MediaFacts(
            "lampiran.pdf", "pdf", 9, text="\n".join(part(chance) for part in chance.sample(_PARTS, 3))
        )
        title = f"Laporan kegiatan bulan {chance.choice(_MONTHS)} {chance.randint(2019, 2027)} nomor {number}"
        yield title, _page("news", title, body, (pdf,))


def _money(chance: random.Random) -> str:
    return f"{chance.choice([1, 10, 1000]) * chance.randint(1_000, 999_999_999):,}".replace(",", ".")


def _day(chance: random.Random) -> str:
    day, month, year = chance.randint(1, 28), chance.randint(1, 12), chance.randint(2015, 2030)
    return chance.choice(
        (f"{day} {_MONTHS[month - 1]} {year}", f"{day:02}-{month:02}-{year}", f"{day}/{month}/{year}")
    )


def _budget(chance: random.Random) -> str:
    rows = [
        f"| 5.{chance.randint(1, 2)}.02.{chance.randint(1, 5):02}.{chance.randint(1, 9):02}."
        f"{chance.randint(1, 99):04} "
        f"| {chance.choice(_THINGS)} | {_money(chance)} | {_money(chance)} |"
        for _ in range(chance.randint(3, 12))
    ]
    return "\n".join(["| Kode rekening | Uraian | Pagu | Realisasi |", "|---|---|---|---|", *rows])


def _letters(chance: random.Random) -> str:
    return "\n".join(
        f"- Surat Nomor {chance.randint(0, 900):03}.{chance.randint(1, 9)}."
        f"{chance.randint(1, 9)}/{chance.randint(1, 2000)}/"
        f"{chance.choice(['PMD', 'UMUM', 'BKPSDM', 'VI', 'XI'])}/{chance.randint(2015, 2027)} tanggal "
        f"{_day(chance)}"
        for _ in range(chance.randint(1, 6))
    )


def _people(chance: random.Random) -> str:
    rows = [
        f"| {village} | {chance.randint(500, 9999):,} | {chance.randint(500, 9999)} | "
        f"{chance.randint(0, 99)} |"
        for village in chance.sample(_VILLAGES, 6)
    ]
    return "\n".join(["| Desa | Laki-laki | Perempuan | KK |", "|---|---|---|---|", *rows])


def _plain_table(chance: random.Random) -> str:
    """As PDFs have them: figures side by side with spaces between."""
    return "\n".join(
        f"{chance.choice(_VILLAGES)} "
        + " ".join(str(chance.randint(0, chance.choice((9, 99, 9999)))) for _ in range(9))
        for _ in range(chance.randint(3, 15))
    )


def _column(chance: random.Random) -> str:
    """As PDFs have them, too: each cell on a line of its own."""
    digits = chance.choice((1, 2, 4, 6))
    return "\n".join(
        str(chance.randint(10 ** (digits - 1), 10**digits - 1)) for _ in range(chance.randint(8, 30))
    )


def _times(chance: random.Random) -> str:
    return "Jadwal: " + ", ".join(
        f"{chance.randint(7, 16):02}.{chance.choice((0, 15, 30, 45)):02}–"
        f"{chance.randint(7, 16):02}.{chance.randint(0, 59):02}"
        for _ in range(6)
    )


def _dates(chance: random.Random) -> str:
    return chance.choice((" ", ", ", "; ", "\n")).join(_day(chance) for _ in range(chance.randint(2, 9)))


def _codes(chance: random.Random) -> str:
    return (
        f"Kode RUP {chance.randint(10_000_000, 69_999_999)}, paket "
        f"{chance.randint(10_000_000_000, 10_099_999_999)}, "
        f"NPSN {chance.randint(50_000_000, 50_199_999)}, ISBN 978-{chance.choice((602, 623, 979))}-"
        f"{chance.randint(1000, 9999)}-{chance.randint(10, 99)}-{chance.randint(0, 9)}, "
        f"DK {chance.randint(1, 9999)} U{chance.choice('ABCDE')}, versi "
        f"1.{chance.randint(0, 99)}.{chance.randint(0, 99)}"
    )


def _places(chance: random.Random) -> str:
    sign = chance.choice(".,")
    pairs = (
        (f"-8{sign}{chance.randint(0, 10**8 - 1):08}", f"115{sign}{chance.randint(0, 10**8 - 1):08}")
        for _ in range(3)
    )
    return "Koordinat:\n" + "\n".join(f"- {south} {east}" for south, east in pairs)


def _hashes(chance: random.Random) -> str:
    return "\n".join(f"    {chance.getrandbits(256):064x}  berkas-{number}.pdf" for number in range(3))


def _links(chance: random.Random) -> str:
    return (
        f"[Peraturan](https://peraturan.bpk.go.id/Details/{chance.randint(100_000, 399_999)}/uu-14) dan "
        f"https://www.facebook.com/kantor/posts/{chance.randint(10**14, 10**15 - 1)} serta "
        f"https://drive.go.id/d/{chance.getrandbits(120):030x}"
    )


def _signature(chance: random.Random) -> str:
    born = f"19{chance.randint(65, 95)}{chance.randint(1, 12):02}{chance.randint(1, 28):02}"
    since = f"20{chance.randint(0, 19):02}{chance.randint(1, 12):02}"
    post = chance.choice(
        ("Camat Percontohan,", "Sekretaris Kecamatan,", "Kepala Seksi Pelayanan Umum,", "Plt. Camat,")
    )
    nip = f"{born} {since} {chance.randint(1, 2)} {chance.randint(1, 20):03}"
    written = nip if chance.random() < 0.5 else nip.replace(" ", "")
    return f"{post}\n\nWARGA PERCONTOHAN\n\nPembina\n\nNIP {written}"


def _law(chance: random.Random) -> str:
    return (
        f"Undang-Undang Nomor {chance.randint(1, 30)} Tahun {chance.randint(1999, 2025)} (Lembaran "
        f"Negara Tahun "
        f"{chance.randint(1999, 2025)} Nomor {chance.randint(1, 300)}, Tambahan Nomor "
        f"{chance.randint(3000, 6999)}), "
        f"Pasal {chance.randint(1, 99)} ayat ({chance.randint(1, 9)}) huruf {chance.choice('abcde')}"
    )


def _sums(chance: random.Random) -> str:
    return "Rincian: " + "; ".join(f"{thing} Rp{_money(chance)}" for thing in chance.sample(_THINGS, 5)) + "."


def _contact(chance: random.Random) -> str:
    return (
        f"Telepon (0362) {chance.randint(20_000, 99_999)}, faksimile 0362-{chance.randint(20_000, 99_999)}, "
        f"+62 362 {chance.randint(20_000, 99_999)}, surel seksi{chance.randint(1, 9)}@percontohan.go.id, "
        f"kode pos 811"
        f"{chance.randint(10, 99)}"
    )


def _csv(chance: random.Random) -> str:
    rows = [",".join(str(chance.randint(0, 9999)) for _ in range(8)) for _ in range(6)]
    return "```\n" + "\n".join(["tahun,a,b,c,d,e,f,g", *rows]) + "\n```"


_PARTS = (
    _budget, _letters, _people, _plain_table, _column, _times, _dates, _codes, _places, _hashes, _links,
    _signature,
    _law, _sums, _contact, _csv,
)  # fmt: skip
