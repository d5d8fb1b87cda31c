"""One page of every kind, as an office would have them: for looking at the whole theme at once."""

import io
from pathlib import Path

from PIL import Image

from tests.office import page

DAY = "2026-01-05"
PICTURE = {"image": "foto.jpg", "image_alt": "Pantai saat matahari terbit", "image_credit": "Operator 1"}
BODY = """\
Warga dapat datang pada hari kerja. Selengkapnya lihat [jadwal layanan](/layanan/surat-domisili/).

## Jadwal

| Hari | Jam | Loket |
|:-----|----:|:-----:|
| Senin | 08.00 | 1 |
| Jumat | 07.30 | 2 |

![Loket pelayanan](loket.png)

### Catatan

- Bawa **dokumen asli**.
- Salinan disiapkan di rumah.

> Layanan tidak dipungut biaya.
"""
SERVICE = {
    "audience": "Warga yang tinggal di wilayah kecamatan",
    "requirements": "[Kartu keluarga, Surat pengantar dari desa atau kelurahan]",
    "steps": "[Datang ke loket, Serahkan berkas, Terima surat]",
    "duration": "belum diisi oleh kantor",
    "cost": "gratis",
    "result": "Surat keterangan domisili",
    "where": "Kantor kecamatan",
    "hours": "belum diisi oleh kantor",
    "legal_basis": "[Undang-Undang Nomor 25 Tahun 2009]",
    "complaints": "Lewat SP4N-LAPOR!",
    "contact": "Loket pelayanan",
}
INFORMATION = (
    "{class: setiap-saat, custodian: Seksi Pelayanan Umum, responsible: Seksi Pelayanan Umum, "
    "made: 2026-01-05, place: Singaraja, form: [softcopy], retention: 2 tahun}"
)


def picture(kind: str = "JPEG", size: tuple[int, int] = (640, 400)) -> bytes:
    """A small picture: sky over sea."""
    drawn = Image.new("RGB", size, (126, 176, 204))
    drawn.paste((24, 92, 112), (0, size[1] * 5 // 9, size[0], size[1]))
    drawn.paste((238, 205, 120), (size[0] * 2 // 3, size[1] // 4, size[0] * 3 // 4, size[1] * 2 // 5))
    file = io.BytesIO()
    drawn.save(file, kind)
    return file.getvalue()


def office_files() -> dict[str, str | bytes]:
    """Path → content of a page of every kind, with its media."""
    photo, png = picture(), picture("PNG", (480, 240))
    news, gallery, video = f"{DAY}-kerja-bakti", f"{DAY}-foto-pantai", f"{DAY}-suasana-pagi"
    return {
        f"content/berita/{news}/index.md": page(
            "Kerja bakti membersihkan pantai bersama warga", kind="news", body=BODY, **PICTURE
        ),
        f"content/berita/{news}/foto.jpg": photo,
        f"content/berita/{news}/loket.png": png,
        f"content/pengumuman/{DAY}-jam-layanan/index.md": page(
            "Perubahan jam layanan pada bulan Januari", number='"000/1/2026"'
        ),
        f"content/agenda/{DAY}-musyawarah/index.md": page(
            "Musyawarah perencanaan pembangunan kecamatan", kind="event", start="2026-02-10T09:00",
            end="2026-02-10T12:00", place="Aula kantor kecamatan", organizer="Kantor kecamatan",
            event_status="moved",
        ),
        f"content/galeri/{gallery}/index.md": page(
            "Foto pantai pada pagi hari", kind="gallery", topics="",
            photos="[{file: satu.jpg, alt: Laut tenang, caption: Laut pada pagi hari, credit: Operator 1}, "
            "{file: dua.png, decorative: true, credit: Operator 1, taken: 2026-01-04}]",
        ),
        f"content/galeri/{gallery}/satu.jpg": photo,
        f"content/galeri/{gallery}/dua.png": png,
        f"content/video/{video}/index.md": page(
            "Suasana pantai pada pagi hari", kind="video", topics="", file="film.mp4", poster="gambar.jpg",
            captions="takarir.vtt", transcript="Terdengar ombak dan burung.", credit="Operator 1",
        ),
        f"content/video/{video}/film.mp4": b"\0\0\0\x18ftypmp42" + bytes(2_400_000),
        f"content/video/{video}/gambar.jpg": photo,
        f"content/video/{video}/takarir.vtt": "WEBVTT\n\n00:00.000 --> 00:02.000\nOmbak\n",
        f"content/dokumen/{DAY}-rencana-kerja/index.md": page(
            "Rencana kerja kecamatan tahun 2026", kind="document", issued=DAY, information=INFORMATION,
            files="[{file: rencana.pdf, title: Rencana kerja 2026}]",
        ),
        f"content/dokumen/{DAY}-rencana-kerja/rencana.pdf": b"%PDF-1.7\n%%EOF\n",
        f"content/siaga/{DAY}-gelombang-tinggi/index.md": page(
            "Gelombang tinggi di pesisir utara", kind="alert", topics="", level="siaga",
            area="Pesisir utara Kecamatan Percontohan", until="2027-01-08T18:00",
            instructions="[Jangan melaut, Jauhi bibir pantai]",
        ),
        "content/layanan/surat-domisili/index.md": page(
            "Surat keterangan domisili", kind="service", **SERVICE
        ),
        "content/desa/banyuning/index.md": page(
            "Kelurahan Banyuning", kind="village", topics="", type="kelurahan", lat="-8.12", lon="115.1",
            website="https://banyuning.example.go.id",
        ),
        "content/halaman/profil/index.md": page(
            "Profil kantor kecamatan", kind="page", topics="", section="profil", body=BODY.replace("![", "[")
            .replace("loket.png", "/kontak/"), sources="[Undang-Undang Nomor 23 Tahun 2014]",
        ),
        "content/halaman/sejarah/index.md": page(
            "Sejarah singkat kecamatan", kind="page", topics="", section="profil", order="2"
        ),
    }  # fmt: skip


def write(folder: Path) -> None:
    """The same files below a folder."""
    for name, content in office_files().items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
