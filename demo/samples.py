"""Raw material of the demonstration, made on the spot: a photograph with GPS, a chatty PDF, a camera's video.

Everything in it that must not become public (place, camera, author, script, attachment) is put in on purpose.
"""

import io
import math
import struct
from fractions import Fraction
from pathlib import Path

import av
import pikepdf
from PIL import Image, ImageDraw

_WIDTH, _HEIGHT = 4000, 3000
_FRAMES, _RATE = 48, 24
_WORDS = (
    "JADWAL PELAYANAN KANTOR (CONTOH)",
    "Senin sampai Kamis pukul 08.00 - 15.00 WITA",
    "Jumat pukul 08.00 - 12.00 WITA",
    "Dokumen ini contoh untuk peragaan alat.",
)


def make(folder: Path) -> dict[str, Path]:
    """Photograph, document and video as they come from a camera card and an office program."""
    folder.mkdir(parents=True, exist_ok=True)
    made = {
        "photo": folder / "DSC_0042.JPG",
        "document": folder / "Jadwal Pelayanan (final).pdf",
        "video": folder / "MVI_0007.MOV",
    }
    made["photo"].write_bytes(_photo())
    made["document"].write_bytes(_document())
    _video(made["video"])
    return made


def landscape(width: int, height: int, daylight: float = 1.0) -> Image.Image:
    """A beach with hills: plain areas, no photograph of anything real."""
    scene = Image.new("RGB", (width, height), _shade((150, 196, 226), daylight))
    draw = ImageDraw.Draw(scene)
    horizon = height * 5 // 9
    hills = [
        (x, horizon - int(height * (0.10 + 0.05 * math.sin(x / width * 9) + 0.03 * math.sin(x / width * 23))))
        for x in range(0, width + 1, max(1, width // 200))
    ]
    draw.polygon([(0, horizon), *hills, (width, horizon)], fill=_shade((74, 107, 94), daylight))
    draw.rectangle((0, horizon, width, height * 7 // 9), fill=_shade((52, 128, 150), daylight))
    for wave in range(12):
        y = horizon + (height * 2 // 9) * wave // 12
        draw.line((0, y, width, y + 3), fill=_shade((96, 165, 182), daylight), width=max(1, height // 600))
    draw.polygon(
        [(0, height * 7 // 9), (width, height * 6 // 9), (width, height), (0, height)],
        fill=_shade((226, 205, 164), daylight),
    )
    return scene


def _shade(colour: tuple[int, int, int], daylight: float) -> tuple[int, int, int]:
    red, green, blue = (int(part * daylight) for part in colour)
    return red, green, blue


def _photo() -> bytes:
    exif = Image.Exif()
    exif[0x010F], exif[0x0110] = "Kamera Contoh", "Model 1"
    place = exif.get_ifd(0x8825)
    place[1], place[2], place[3], place[4] = "S", (8.0, 6.0, 30.0), "E", (115.0, 5.0, 20.0)
    target = io.BytesIO()
    landscape(_WIDTH, _HEIGHT).save(target, "JPEG", quality=92, exif=exif)
    return target.getvalue()


def _document() -> bytes:
    pdf = pikepdf.new()
    rows = " ".join(f"({word}) Tj 0 -28 Td" for word in _WORDS)
    page = pdf.add_blank_page(page_size=(595, 842))
    font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1,
                              BaseFont=pikepdf.Name.Helvetica)  # fmt: skip
    page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
    page.Contents = pdf.make_stream(f"BT /F1 18 Tf 72 740 Td {rows} ET".encode())
    pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
    pdf.attachments["catatan-pribadi.txt"] = pikepdf.AttachedFileSpec(pdf, b"bukan untuk umum")
    pdf.docinfo["/Author"] = "Komputer Pribadi"
    with pdf.open_metadata(set_pikepdf_as_editor=False) as metadata:
        metadata["dc:title"] = "Jadwal pelayanan kantor (contoh)"
        metadata["dc:creator"] = ["Komputer Pribadi"]
    target = io.BytesIO()
    pdf.save(target, deterministic_id=True)
    return target.getvalue()


def _video(path: Path) -> None:
    """Two seconds of growing daylight with a quiet tone, as a camera writes them."""
    with av.open(str(path), "w", format="mov", options={"fflags": "+bitexact"}) as film:
        film.metadata["location"] = "-08.1083+115.0889/"
        film.metadata["make"] = "Kamera Contoh"
        pictures = film.add_stream("h264", rate=_RATE, options={"crf": "30", "threads": "1"})
        pictures.width, pictures.height, pictures.pix_fmt = 640, 360, "yuv420p"
        sound = film.add_stream("aac", rate=48_000, layout="mono")
        for number in range(_FRAMES):
            scene = landscape(640, 360, 0.4 + 0.6 * number / _FRAMES)
            for packet in pictures.encode(frame(scene)):
                film.mux(packet)
        for packet in pictures.encode():
            film.mux(packet)
        for start in range(0, 96_000, 1024):
            for packet in sound.encode(tone(start)):
                film.mux(packet)
        for packet in sound.encode():
            film.mux(packet)


def frame(scene: Image.Image) -> av.VideoFrame:
    """One picture of a film."""
    fresh = av.VideoFrame(scene.width, scene.height, "rgb24")
    fresh.planes[0].update(scene.tobytes())
    return fresh


def tone(start: int) -> av.AudioFrame:
    """A thousandth of the sea: 1,024 samples of a soft low tone."""
    wave = (int(400 * math.sin(place * 2 * math.pi * 110 / 48_000)) for place in range(start, start + 1024))
    frame = av.AudioFrame(format="s16", layout="mono", samples=1024)
    frame.planes[0].update(struct.pack("<1024h", *wave))
    frame.sample_rate, frame.pts, frame.time_base = 48_000, start, Fraction(1, 48_000)
    return frame
