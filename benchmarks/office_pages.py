"""Makes an office's repository with many pages, as an office writes them, in one ``git fast-import``."""

import random
import subprocess
import sys
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from pipeline.gitenv import clean_env
from sop_site import resources

_SENTENCES = (
    "Kantor kecamatan mengajak warga membersihkan pantai dan saluran air bersama-sama.",
    "Kegiatan dimulai pukul 07.00 WITA di halaman kantor dan berakhir menjelang siang.",
    "Pelayanan administrasi kependudukan tetap dibuka pada hari kerja tanpa dipungut biaya.",
    "Perangkat desa dan kelurahan menyampaikan undangan ini kepada seluruh lingkungan.",
    "Sampah plastik yang terkumpul dipisahkan, ditimbang, lalu dicatat oleh petugas.",
    "Warga yang berhalangan dapat datang pada jadwal berikutnya, tanggal {day} Agustus 2026.",
    "Sekretaris Camat menyampaikan terima kasih kepada semua pihak yang telah membantu.",
    "Anggaran kegiatan berasal dari APBD Kabupaten Buleleng sebesar Rp{amount}.000.000 tahun ini.",
    "Peserta rapat membahas hasil musyawarah dan menyepakati **tiga langkah** yang akan dilakukan.",
    "Nomor surat {number}/PEM/2026 menjadi dasar pelaksanaan kegiatan di tingkat kecamatan.",
    "Di Desa Anturan dan Kelurahan Banyuning, gotong royong dilaksanakan setiap hari Minggu.",
    "Hasil kegiatan dilaporkan kepada Bupati paling lambat tujuh hari setelah selesai.",
)
_ITEMS = ("sarung tangan", "karung bekas", "sapu lidi", "air minum", "topi", "daftar hadir", "surat undangan")
_TITLES = ("Kerja bakti", "Musyawarah", "Rapat koordinasi", "Sosialisasi", "Pelayanan keliling", "Lomba")
_KINDS = (
    ("berita", "news", ""),
    ("pengumuman", "announcement", "expires_at: 2031-12-31\n"),
    ("agenda", "event", "start: {day}T09:00\nend: {day}T11:00\nplace: Aula kantor\norganizer: Camat\n"),
)


def text_page(number: int, dice: random.Random, extra: str = "", body: str = "") -> tuple[str, bytes]:
    """Path and bytes of a page of some 1.7 kB: headings, paragraphs, a list, links, now and then a table."""
    section, kind, fields = _KINDS[number % 10 % 3 if number % 10 < 6 else 0]
    day = date(2016, 1, 4) + timedelta(days=number % 3650)
    title = f"{dice.choice(_TITLES)} warga nomor {number}"
    said = [
        sentence.format(day=dice.randint(1, 28), amount=dice.randint(10, 900), number=dice.randint(1, 900))
        for sentence in (dice.choice(_SENTENCES) for _ in range(13))
    ]
    parts = [
        " ".join(said[:4]),
        "## Yang dilakukan",
        "\n".join(f"- {item};" for item in dice.sample(_ITEMS, 4)),
        " ".join(said[4:8]),
        "## Waktu dan tempat",
        " ".join(said[8:]) + " Lihat [profil kecamatan](/profil/) dan [daftar berita](/berita/).",
    ]
    if number % 5 == 0:
        parts.append(
            "| Hari | Tempat |\n|---|---|\n" + "\n".join(f"| {d} | Aula |" for d in ("Senin", "Rabu"))
        )
    head = (
        f"---\nkind: {kind}\ntitle: {title}\ndate: {day}\n"
        f"summary: {title} diadakan oleh kantor kecamatan bersama perangkat desa dan kelurahan.\n"
        f"topics: [lingkungan]\nunit: pelayanan\n{fields.format(day=day)}{extra}---\n"
    )
    path = f"content/{section}/{day}-{kind}-{number:05d}/index.md"
    return path, (head + "\n\n".join([*parts, *([body] if body else [])]) + "\n").encode()


def text_pages(count: int) -> Iterator[tuple[str, bytes]]:
    """That many pages without files."""
    dice = random.Random(0)
    return (text_page(number, dice) for number in range(count))


def office(
    folder: Path, files: Iterable[tuple[str, bytes]], drafts: dict[str, list[tuple[str, bytes]]]
) -> Path:
    """A repository whose ``publish`` holds the skeleton and these files, with drafts upon it."""
    skeleton = folder.with_name(f"{folder.name}-skeleton")
    skeleton.mkdir(parents=True)
    resources.copy_skeleton(skeleton)
    kept = [
        (path.relative_to(skeleton).as_posix(), path.read_bytes())
        for path in sorted(skeleton.rglob("*"))
        if path.is_file()
    ]
    subprocess.run(["git", "init", "-q", "-b", "publish", str(folder)], check=True, env=clean_env())
    with subprocess.Popen(
        ["git", "fast-import", "--quiet"], cwd=folder, env=clean_env(), stdin=subprocess.PIPE
    ) as importer:
        assert importer.stdin is not None
        for line in _stream([*kept], files, drafts):
            importer.stdin.write(line)
    assert importer.returncode == 0
    return folder


def _stream(
    kept: list[tuple[str, bytes]],
    files: Iterable[tuple[str, bytes]],
    drafts: dict[str, list[tuple[str, bytes]]],
) -> Iterator[bytes]:
    commits = [("publish", [*kept], files), *((f"draft/{name}", [], held) for name, held in drafts.items())]
    for branch, first, rest in commits:
        base = b"" if branch == "publish" else b"from refs/heads/publish\n"
        yield f"commit refs/heads/{branch}\n".encode()
        yield b"committer Operator 1 <operator1@percontohan.go.id> 1767573600 +0800\ndata 0\n" + base
        for held in (first, rest):
            for path, data in held:
                yield f"M 100644 inline {path}\ndata {len(data)}\n".encode() + data + b"\n"
        yield b"\n"
