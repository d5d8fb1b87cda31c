"""An operator's morning, as panduan-operator.md tells it: from three photographs to an approved page.

Real files, real git, the real commands in their order, a real browser as wide as a telephone. The guide's
section "Pagi seorang operator" follows these steps; whoever changes one changes the other.
``MORNING_PICTURES=folder`` keeps pictures of the preview and of the review for the guides.
"""

import base64
import io
import os
import subprocess
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from demo import samples
from pipeline.media import containers
from tests.browser import devtools
from tests.office import Office, Result
from tests.previewing import preview
from tests.serving import serving

pytestmark = [pytest.mark.git, pytest.mark.browser]

NEWS = "2026-01-05-kerja-bakti-pantai"
PATH = f"content/berita/{NEWS}"
PHONE_WIDTH = 360
ALTS = ("Warga menyapu pasir", "Petugas mengangkut karung", "Pantai yang sudah bersih")
# As it comes from a word processor: two spaces, a date and a sum in English form, a link without a target
# in its words, an alternative text not written yet, a heading of the wrong level.
DRAFTED = (
    "# Jalannya  kegiatan\n\nKerja bakti berlangsung pada August 17, 2026 dengan biaya Rp 1,500,000.00 .\n\n"
    "Keterangan ada [di sini](/berita/)."
)
GPS = 0x8825


@pytest.fixture(scope="module")
def card(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the telephone and the office computer hold: three photographs, a PDF, a film."""
    folder = tmp_path_factory.mktemp("kartu")
    for number, name in enumerate(("IMG_0041.JPG", "IMG_0042.JPG", "IMG_0043.HEIC")):
        _photograph(folder / name, number)
    made = samples.make(folder / "kantor")
    made["photo"].unlink()
    return folder


def _photograph(path: Path, number: int) -> None:
    """As a telephone writes it: lying on its side, with the place where it was taken."""
    exif = Image.Exif()
    exif[0x0112] = 6
    place = exif.get_ifd(GPS)
    place[1], place[2], place[3], place[4] = "S", (8.0, 6.0, 30.0), "E", (115.0, 5.0, 20.0)
    scene = samples.landscape(1600, 1200, 0.5 + 0.2 * number).rotate(90 * number, expand=True)
    if path.suffix == ".HEIC":
        import pillow_heif

        pillow_heif.register_heif_opener()
        scene.save(path, "HEIF", exif=exif.tobytes())
    else:
        scene.save(path, "JPEG", quality=92, exif=exif)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """An office that was just opened."""
    return Office(tmp_path)


def done(result: Result) -> dict[str, object]:
    assert result.code == 0, result.out + result.err
    return result.json


def codes(result: Result) -> list[str]:
    return sorted({finding["code"] for finding in result.json["findings"] if finding["severity"] == "error"})


def keep_picture(tab: devtools.Tab, name: str) -> None:
    """What is seen now, where somebody asked for pictures."""
    if folder := os.environ.get("MORNING_PICTURES"):
        data = tab.send("Page.captureScreenshot", format="png")["data"]
        Path(folder).mkdir(parents=True, exist_ok=True)
        Path(folder, f"{name}.png").write_bytes(base64.b64decode(data))


def edit(office: Office, path: str, *changes: tuple[str, str]) -> None:
    """What a person does in a text editor: every old text stands there once and gives way to the new one."""
    file = office.repo / path
    text = file.read_text(encoding="utf-8")
    for old, new in changes:
        assert text.count(old) == 1, (old, text)
        text = text.replace(old, new)
    file.write_text(text, encoding="utf-8")


def compose(office: Office, card: Path) -> None:
    """Steps 1 and 2: a page of news with the photographs, one for the document, one for the film."""
    title = "Kerja bakti pantai"
    done(office.sop("new", "news", title, "--id", NEWS, "--date", "2026-01-05"))
    done(
        office.sop("new", "document", "Jadwal pelayanan kantor", "--id", "2026-01-05-jadwal", "--draft", NEWS)
    )
    done(office.sop("new", "video", "Suasana pantai pagi", "--id", "2026-01-05-suasana", "--draft", NEWS))
    photographs = [str(path) for path in sorted(card.glob("IMG_*"))]
    words = [word for alt in ALTS for word in ("--alt", alt)]
    taken = done(
        office.sop("media", "add", NEWS, *photographs, "--page", NEWS, *words, "--credit", "Operator 1")
    )
    assert [file["kind"] for file in taken["files"]] == ["picture"] * 3  # type: ignore[union-attr]
    document, film = next(card.glob("kantor/*.pdf")), next(card.glob("kantor/*.MOV"))
    done(office.sop("media", "add", NEWS, str(document), "--page", "2026-01-05-jadwal"))
    done(
        office.sop("media", "add", NEWS, str(film), "--page", "2026-01-05-suasana", "--credit", "Operator 1")
    )
    assert office.git("rev-parse", "--abbrev-ref", "HEAD") == f"draft/{NEWS}"


def fill_in(office: Office) -> None:
    """The fields that only a person can fill in, and a body with the usual slips."""
    unfilled = "belum diisi oleh kantor"
    file = office.repo / PATH / "index.md"
    head, mark, body = file.read_text(encoding="utf-8").partition("\n---\n")
    head = head.replace(f"summary: {unfilled}", "summary: Warga dan petugas membersihkan pantai bersama.")
    file.write_text(head + mark + body.replace(unfilled, DRAFTED), encoding="utf-8")
    edit(
        office, "content/dokumen/2026-01-05-jadwal/index.md",
        (f"summary: {unfilled}", "summary: Jam pelayanan kantor pada hari kerja."),
        (f"custodian: {unfilled}", "custodian: Seksi Pelayanan Umum"),
        (f"responsible: {unfilled}", "responsible: Camat Percontohan"),
        (f"place: {unfilled}", "place: Singaraja"),
        (f"retention: {unfilled}", "retention: 1 tahun"),
        (f"\n---\n{unfilled}", "\n---\nJam pelayanan kantor."),
    )  # fmt: skip
    edit(
        office, "content/video/2026-01-05-suasana/index.md",
        (f"summary: {unfilled}", "summary: Pantai pada pagi hari sebelum kerja bakti."),
        ("speech: true", "speech: false"),
        (f"transcript: {unfilled}", "transcript: Suara ombak, tidak ada percakapan."),
        (f"\n---\n{unfilled}", "\n---\nRekaman dua detik dari tepi pantai."),
    )  # fmt: skip


def test_from_three_photographs_to_an_approved_page(office: Office, card: Path) -> None:
    compose(office, card)
    fill_in(office)

    # Step 3: what the checks say, what is certain is repaired, what is not is asked for.
    first = office.sop("check")
    assert first.code == 1
    assert codes(first) == ["heading-too-high", "link-says-nothing"]
    shown = done(office.sop("fix", "--dry-run"))
    assert "August 17, 2026" in str(shown["diff"])
    before = (office.repo / PATH / "index.md").read_bytes()
    done(office.sop("fix"))
    repaired = (office.repo / PATH / "index.md").read_text(encoding="utf-8")
    assert repaired.encode() != before
    for words in ("## Jalannya kegiatan", "17 Agustus 2026", "Rp1.500.000"):
        assert words in repaired
    edit(office, f"{PATH}/index.md", ("[di sini](/berita/)", "[berita kantor yang lain](/berita/)"))
    assert codes(office.sop("check")) == []

    # As citizens will see it, on a screen as wide as a telephone's.
    with preview(office) as served, devtools.tab() as tab:
        size = {"width": PHONE_WIDTH, "height": 780, "deviceScaleFactor": 1, "mobile": True}
        tab.send("Emulation.setDeviceMetricsOverride", **size)
        tab.opens(f"http://127.0.0.1:{served.port}/berita/{NEWS}/")
        assert "Kerja bakti pantai" in tab.runs("document.querySelector('h1').textContent")
        assert "BELUM DISETUJUI" in tab.runs("document.body.innerText").upper()
        assert tab.runs("document.documentElement.scrollWidth") <= PHONE_WIDTH
        loaded = "Promise.all([...document.images].map(i => { i.loading = 'eager'; return i.decode(); }))"
        assert tab.runs(f"{loaded}.then(() => document.images.length)") == 3
        keep_picture(tab, "pratinjau-hp")
        assert served.stops() == 0

    # Step 4: submitted, returned with a remark, found again, repaired, approved.
    done(office.sop("submit", NEWS, "--note", "Mohon diperiksa pagi ini"))
    assert done(office.sop("queue"))["drafts"][0]["state"] == "waiting"  # type: ignore[index]
    office.returns(NEWS, "Sebutkan jumlah warga yang ikut.")
    office.git("switch", "-q", "publish")
    back = office.sop("edit", NEWS, as_json=False)
    assert "Sebutkan jumlah warga yang ikut." in back.out
    assert office.git("rev-parse", "--abbrev-ref", "HEAD") == f"draft/{NEWS}"
    edit(office, f"{PATH}/index.md", ("Kerja bakti berlangsung", "Kerja bakti 40 warga berlangsung"))
    done(office.sop("submit", NEWS))
    review = done(office.sop("review", NEWS, "--html"))
    looked_at = Path(str(review["html"])).read_text(encoding="utf-8")
    assert "40 warga" in looked_at
    assert "<script" not in looked_at
    with serving(Path(str(review["html"])).parent) as address, devtools.tab() as tab:
        for width in (PHONE_WIDTH, 1280):
            size = {"width": width, "height": 1100, "deviceScaleFactor": 1, "mobile": width < 500}
            tab.send("Emulation.setDeviceMetricsOverride", **size)
            tab.opens(f"{address}/{Path(str(review['html'])).name}")
            assert tab.runs("document.documentElement.scrollWidth") <= width
            keep_picture(tab, f"tinjauan-{width}")
    office.approves(NEWS)
    assert done(office.sop("verify"))["verified_tip"] == office.tip("publish")

    # Step 5: the page stands on the site, and nothing of telephone or camera with it.
    done(office.sop("build"))
    site = office.root / "office.output"
    page = (site / f"berita/{NEWS}/index.html").read_text(encoding="utf-8")
    assert "40 warga" in page
    pictures = sorted((site / f"berita/{NEWS}").glob("*.jpg"))
    assert len(pictures) == 3
    for picture in pictures:
        assert not containers.has_metadata("jpg", picture.read_bytes())
        with Image.open(picture) as image:
            assert not image.getexif()
    document = next((site / "dokumen/2026-01-05-jadwal").glob("*.pdf"))
    with pikepdf.open(document) as opened:
        assert "/OpenAction" not in opened.Root
        assert not opened.attachments
    _holds_no_place(office)


def _holds_no_place(office: Office) -> None:
    """No object of the whole repository knows where the telephone or the camera was."""
    asked = ["cat-file", "--batch-all-objects", "--batch-check=%(objectname) %(objecttype)"]
    blobs = [line.split()[0] for line in office.git(*asked).splitlines() if line.endswith(" blob")]
    out = subprocess.run(
        ["git", "cat-file", "--batch"], cwd=office.repo, input="\n".join(blobs).encode(),
        capture_output=True, check=True,
    ).stdout  # fmt: skip
    for trace in (b"-08.1083+115.0889", b"Kamera Contoh", b"Komputer Pribadi", b"bukan untuk umum"):
        assert trace not in out


def test_the_photographs_of_the_story_do_know_their_place(card: Path) -> None:
    for path in card.glob("IMG_*.JPG"):
        with Image.open(io.BytesIO(path.read_bytes())) as image:
            assert image.getexif().get_ifd(GPS)
    assert b"-08.1083+115.0889" in next(card.glob("kantor/*.MOV")).read_bytes()
