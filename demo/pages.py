"""What the operator of the demonstration writes: neutral pages without a single invented person."""

from pathlib import Path

NEWS = """---
kind: news
title: Kerja bakti membersihkan pantai
date: {today}
summary: Kantor kecamatan mengajak warga membersihkan pantai bersama-sama; tulisan ini contoh untuk peragaan.
topics: [lingkungan]
unit: pemberdayaan-masyarakat
---
Kantor kecamatan mengajak warga membersihkan pantai bersama-sama.

## Yang dilakukan

- memungut sampah plastik di sepanjang pantai;
- memisahkan sampah yang dapat didaur ulang;
- mencatat jumlah sampah yang terkumpul.

Tulisan ini contoh untuk peragaan, bukan pengumuman yang sebenarnya.
"""

REPAIRED = """
## Waktu dan perlengkapan

Warga berkumpul pukul 07.00 WITA dan membawa sarung tangan serta karung bekas.
"""

DOCUMENT = """---
kind: document
title: Jadwal pelayanan kantor (contoh)
date: {today}
summary: Contoh jadwal pelayanan untuk peragaan; bukan jadwal yang berlaku.
topics: [pelayanan]
unit: pelayanan
issued: {today}
information:
  class: setiap-saat
  custodian: Seksi Pelayanan Umum
  responsible: Seksi Pelayanan Umum
  made: {today}
  place: Singaraja
  form: [softcopy]
  retention: 2 tahun
---
Dokumen ini contoh untuk peragaan alat, bukan jadwal yang berlaku.
"""

VIDEO = """---
kind: video
title: Suasana pantai pada pagi hari (contoh)
date: {today}
summary: Gambar bergerak singkat tanpa suara percakapan, dibuat untuk peragaan alat ini.
unit: pemberdayaan-masyarakat
speech: false
transcript: Video tanpa suara percakapan. Terlihat laut tenang, bukit, dan langit yang makin terang.
credit: Operator 1
---
Video contoh untuk peragaan.
"""

REFUSED = """---
kind: news
title: Promosi toko di tepi jalan
date: {today}
summary: Contoh naskah yang tidak layak tayang, ditolak dalam peragaan ini dengan alasan yang tercatat.
topics: [lingkungan]
unit: pemberdayaan-masyarakat
---
Contoh naskah yang tidak layak tayang: isinya iklan usaha perorangan.
"""


def write(office: Path, path: str, text: str, today: str) -> None:
    """Save a page in the office's work tree, as an operator's editor would."""
    (office / path).write_text(text.format(today=today), encoding="utf-8")


def repair(office: Path, page_id: str) -> None:
    """Add what the head asked for."""
    page = office / "content" / "berita" / page_id / "index.md"
    page.write_text(page.read_text(encoding="utf-8").rstrip() + "\n" + REPAIRED, encoding="utf-8")


def office_settings(site_toml: str, portal_url: str, site: Path) -> str:
    """The office's settings with the demonstration's band, stand-in portal and folder for the site."""
    kept, dropping = [], False
    for line in site_toml.splitlines():
        if line.startswith("["):
            dropping = line.strip() in ("[[probe]]", "[[deploy]]", "[site]")
        if not dropping:
            kept.append(line)
    return (
        "\n".join(kept)
        + '\n\n[site]\ndemonstration = true\n\n[[probe]]\nname = "Portal Kabupaten Buleleng (tiruan)"\n'
        + f'url = "{portal_url}"\nkeyword = "Kabupaten Buleleng"\n\n'
        + f'[[deploy]]\nname = "utama"\nfolder = "{site}"\n'
    )
