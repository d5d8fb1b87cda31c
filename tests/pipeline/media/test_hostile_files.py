"""Files that must not become public: refused at the door, and found when somebody carries them past it."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from pipeline.media import measure
from tests.office import Office, page
from tests.pipeline.media import raw
from tests.pipeline.media.raw import revised

pytestmark = pytest.mark.git

DRAFT = "2026-01-05-tamu"
FOLDER = f"content/dokumen/{DRAFT}"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">{}</svg>'
VTT = "WEBVTT\n\n00:00.000 --> 00:02.000\n{}\n"
LOCKED = raw.saved(raw.text_pdf("Isi"), encryption=pikepdf.Encryption(owner="satu", user="dua"))
GAMBLING = raw.saved(raw.text_pdf("Main slot gacor hari ini"))
REVISED = revised(raw.saved(raw.text_pdf(f"NIK {raw.NIK}")), b"BT /F1 9 Tf (Baru) Tj ET")
FETCHING = raw.docx(
    "Isi", **{"word___rels__document.xml.rels": raw.relations("image", "https://a.example/b")}
)
HUGE = raw.docx("Isi", **{"word__media__a.xml": bytes(110_000_000)})
TABLES = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def xlsx(hidden: str) -> bytes:
    """A table whose second sheet and second row are not shown."""
    kinds = "http://schemas.openxmlformats.org/package/2006/content-types"
    sheet = '<worksheet xmlns="{}"><sheetData>{}</sheetData></worksheet>'
    cell = '<row r="2" hidden="1"><c t="inlineStr"><is><t>{}</t></is></c></row>'
    return raw.package(
        {
            "[Content_Types].xml": f'<Types xmlns="{kinds}"/>',
            "xl/workbook.xml": f'<workbook xmlns="{TABLES}"><sheets><sheet name="b" state="hidden"/></sheets>'
            "</workbook>",
            "xl/worksheets/sheet2.xml": sheet.format(TABLES, cell.format(hidden)),
        }
    )


@dataclass(frozen=True)
class Guest:
    """A file, what the door says of it (``None``: it comes in, cleaned), and what a draft's check says."""

    name: str
    data: bytes
    door: str | None
    check: str


GUESTS = [
    Guest("berlokasi.jpg", raw.picture("JPEG"), None, "media-has-metadata"),
    Guest("bergerak.jpg", raw.picture("JPEG") + b"MotionPhoto_Data", None, "media-has-metadata"),
    Guest("terpotong.jpg", raw.picture("JPEG")[:1500], "media-broken", "media-not-whole"),
    Guest("gambar.jpg", raw.picture("PNG"), None, "media-other-type"),
    Guest("raksasa.png", raw.png_bomb(), "media-too-many-pixels", "media-too-large"),
    Guest("program.jpg", b"MZ" + bytes(200), "media-type-refused", "media-other-type"),
    Guest("perintah.pdf", b"#!/bin/sh\nrm -rf /\n", "media-type-refused", "media-other-type"),
    Guest("elf.mp4", b"\x7fELF" + bytes(200), "media-type-refused", "media-other-type"),
    Guest("halaman.svg", b"<html><svg></svg></html>", "media-type-refused", "media-other-type"),
    Guest("skrip.svg", SVG.format("<script>1</script>").encode(), "media-svg-active", "media-not-whole"),
    Guest("klik.svg", SVG.format('<g onclick="x()"/>').encode(), "media-svg-active", "media-not-whole"),
    Guest("nik.svg", SVG.format(f"<text>{raw.NIK}</text>").encode(), "personal-nik", "personal-nik"),
    Guest("terkunci.pdf", LOCKED, "media-encrypted", "media-is-closed"),
    Guest("aktif.pdf", raw.pdf("Isi"), None, "media-not-whole"),
    Guest("terpotong.pdf", raw.pdf("Isi")[:300], "media-broken", "media-not-whole"),
    Guest("kotak.pdf", raw.saved(raw.text_pdf(f"NIK {raw.NIK}", box=True)), "personal-nik", "personal-nik"),
    Guest("lama.pdf", REVISED, None, "personal-nik"),
    Guest("judi.pdf", GAMBLING, "gambling-phrase", "gambling-phrase"),
    Guest("makro.docx", raw.docx("Isi", **{"word__vbaProject.bin": b"x"}), "media-macros", "media-is-closed"),
    Guest("benda.docx", raw.docx("Isi", **{"word__embeddings__a.bin": b"x"}), "media-office-carries",
          "media-not-whole"),
    Guest("memuat.docx", FETCHING, "media-office-carries", "media-not-whole"),
    Guest("meledak.docx", HUGE, "media-too-demanding", "media-not-whole"),
    Guest("nik.docx", raw.docx(f"NIK {raw.NIK}"), "personal-nik", "personal-nik"),
    Guest("baris.xlsx", xlsx(f"NIK {raw.NIK}"), "personal-nik", "personal-nik"),
    Guest("arsip.docx", raw.package({"a.exe": b"MZ"}), "media-type-refused", "media-other-type"),
    Guest("takarir.vtt", VTT.format(f"NIK saya {raw.NIK}").encode(), "personal-nik", "personal-nik"),
    Guest("kosong.pdf", b"", "media-type-refused", "media-other-type"),
]  # fmt: skip


def visitors_page(*attached: str) -> str:
    """A document's page; the office files among its files may be kept as they are."""
    information = (
        "{class: setiap-saat, custodian: Seksi, responsible: Seksi, made: 2026-01-05, place: Singaraja, "
        "form: [softcopy], retention: 2 tahun}"
    )
    files = ", ".join(f"{{file: {name}, title: Tamu}}" for name in attached or ("satu.pdf",))
    return page(
        "Dokumen tamu", kind="document", issued="2026-01-05", information=information, files=f"[{files}]"
    )


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """One office for all guests: whoever is refused leaves no trace in it."""
    office = Office(tmp_path_factory.mktemp("pintu"))
    office.writes(f"{FOLDER}/index.md", visitors_page())
    return office


def objects(office: Office) -> set[str]:
    return set(office.git("cat-file", "--batch-all-objects", "--batch-check=%(objectname)").splitlines())


@pytest.mark.parametrize("guest", [guest for guest in GUESTS if guest.door], ids=lambda guest: guest.name)
def test_a_hostile_file_is_refused_at_the_door_and_leaves_no_trace(
    door: Office, tmp_path: Path, guest: Guest
) -> None:
    source = raw.written(tmp_path, guest.name, guest.data)
    before = objects(door), door.tip(f"draft/{DRAFT}")

    done = door.sop("media", "add", DRAFT, str(source), "--alt", "Gambar tamu", "--keep")

    assert done.code == 1
    barring = [found["code"] for found in done.json["findings"] if found["severity"] == "error"]
    assert barring == [guest.door]
    assert (done.json["commit"], done.json["files"]) == (None, [])
    assert (objects(door), door.tip(f"draft/{DRAFT}")) == before
    assert raw.NIK not in done.out + done.err
    assert source.read_bytes() == guest.data, "the operator's own file is left alone"


@pytest.fixture(scope="module")
def carried_past(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """What the check says of each file when plain git brought all of them into a draft."""
    office = Office(tmp_path_factory.mktemp("lewat"))
    files: dict[str, str | bytes | None] = {f"{FOLDER}/{guest.name}": guest.data for guest in GUESTS}
    text = visitors_page(*(guest.name for guest in GUESTS if guest.name.endswith(("docx", "xlsx"))))
    draft = office.writes({f"{FOLDER}/index.md": text, **files}, draft=DRAFT)
    done = office.sop("check", draft)
    assert raw.NIK not in done.out + done.err
    barring: dict[str, set[str]] = {}
    for found in done.json["findings"]:
        if found["severity"] == "error":
            barring.setdefault(found["path"], set()).add(found["code"])
    return barring


@pytest.mark.parametrize("guest", GUESTS, ids=lambda guest: guest.name)
def test_whoever_is_carried_past_the_door_is_found_by_the_check(
    carried_past: dict[str, set[str]], guest: Guest
) -> None:
    assert guest.check in carried_past.get(f"{FOLDER}/{guest.name}", set())


def test_whoever_comes_in_cleaned_passes_the_check(tmp_path: Path) -> None:
    office = Office(tmp_path)
    draft = f"{DRAFT}-baik"
    office.writes(f"content/berita/{draft}/index.md", page("Kabar tamu", kind="news"), draft=draft)
    cleaned = [guest for guest in GUESTS if guest.door is None]
    sources = [str(raw.written(tmp_path, guest.name, guest.data)) for guest in cleaned]

    pictures = sum(guest.name.endswith(("jpg", "png", "svg")) for guest in cleaned)
    alts = [word for _ in range(pictures) for word in ("--alt", "Gambar dari tamu")]
    done = office.sop("media", "add", draft, *sources, *alts)
    checked = office.sop("check", draft)

    assert done.code == 0, done.out
    assert len(done.json["files"]) == len(cleaned) >= 5
    assert (checked.code, checked.json["errors"]) == (0, 0), checked.out


def test_a_picture_of_many_pixels_is_not_unpacked_by_the_check_either() -> None:
    # The one above lies; this one really holds what it says, in few bytes.
    target = io.BytesIO()
    Image.new("1", (12_000, 12_000)).save(target, "PNG")

    facts = measure({"a.png": target.getvalue()})["a.png"]

    assert target.tell() < 100_000
    assert (facts["problem"], facts["width"]) == ("media-too-many-pixels", 12_000)
