"""PDF documents: pages, title and language stay; what runs, tells or was there before goes."""

import io
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from pipeline.media import Cleaned, budgets, clean, document_words, measure
from sop_site.errors import AnswerIsNo
from tests.pipeline.media import raw


def taken(folder: Path, data: bytes, name: str = "jadwal.pdf") -> Cleaned:
    return clean(raw.written(folder, name, data))


def refusal(folder: Path, data: bytes) -> str:
    with pytest.raises(AnswerIsNo) as no:
        taken(folder, data)
    return no.value.code


def everything(data: bytes) -> bytes:
    """All objects and unpacked streams of a PDF: where a word could hide."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        target = io.BytesIO()
        pdf.save(
            target, stream_decode_level=pikepdf.StreamDecodeLevel.all, compress_streams=False, qdf=True,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
        )  # fmt: skip
        return target.getvalue()


def test_scripts_attachments_notes_and_metadata_are_gone(tmp_path: Path) -> None:
    source = raw.pdf("Pelayanan Senin sampai Jumat")
    assert everything(source).count(raw.SECRET.encode()) >= 6, "the test planted nothing"

    made = taken(tmp_path, source)

    left = everything(made.data)
    for gone in (
        raw.SECRET.encode(),
        b"/JavaScript",
        b"/JS",
        b"/EmbeddedFile",
        b"/OpenAction",
        b"/Launch",
        b"/Author",
    ):
        assert gone not in left, gone
    facts = measure({"a.pdf": made.data})["a.pdf"]
    assert (facts["problem"], facts["has_metadata"]) == (None, False)
    before = measure({"a.pdf": source})["a.pdf"]
    assert (before["problem"], before["has_metadata"]) == ("media-pdf-active", True)


def test_text_title_and_language_stay(tmp_path: Path) -> None:
    made = taken(tmp_path, raw.pdf("Pelayanan Senin sampai Jumat"))

    assert "Pelayanan Senin sampai Jumat" in made.text
    assert (made.title, made.pages, made.notes) == ("Jadwal pelayanan", 1, ("media-attachments-lost",))
    with pikepdf.open(io.BytesIO(made.data)) as pdf:
        assert str(pdf.Root.Lang) == "id-ID"
        assert str(pdf.docinfo["/Title"]) == "Jadwal pelayanan"


def test_a_title_that_stands_only_in_the_newer_properties_stays_too(tmp_path: Path) -> None:
    pdf = raw.text_pdf("Isi")
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as told:
        told["dc:title"] = "Maklumat <pelayanan>"

    assert taken(tmp_path, raw.saved(pdf)).title == "Maklumat <pelayanan>"


def test_the_same_document_gives_the_same_bytes(tmp_path: Path) -> None:
    source = raw.pdf("Isi")

    assert taken(tmp_path, source).data == taken(tmp_path, source).data


def test_an_earlier_revision_is_gone_from_the_public_file(tmp_path: Path) -> None:
    first = raw.saved(raw.text_pdf(f"NIK {raw.NIK}"))
    both = raw.revised(first, b"BT /F1 18 Tf 72 740 Td (Isi baru) Tj ET")
    assert raw.NIK in measure({"a.pdf": both})["a.pdf"]["text"], (
        "the check of a draft reads earlier revisions"
    )

    made = taken(tmp_path, both)

    assert raw.NIK.encode() not in everything(made.data)
    assert "Isi baru" in made.text
    assert made.data.count(b"%%EOF") == 1


def test_text_under_a_black_box_is_found(tmp_path: Path) -> None:
    assert raw.NIK in taken(tmp_path, raw.saved(raw.text_pdf(f"NIK {raw.NIK}", box=True))).text


def test_a_filled_form_becomes_part_of_the_page(tmp_path: Path) -> None:
    pdf = raw.text_pdf("Formulir")
    field = pdf.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Widget, FT=pikepdf.Name.Tx, T="nama", V="Isian",
            Rect=[72, 600, 300, 620], DA="/Helv 12 Tf 0 g",
        )
    )  # fmt: skip
    pdf.pages[0].obj.Annots = pikepdf.Array([field])
    pdf.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([field]), DA="/Helv 12 Tf 0 g")

    made = taken(tmp_path, raw.saved(pdf))

    with pikepdf.open(io.BytesIO(made.data)) as cleaned:
        assert "/AcroForm" not in cleaned.Root


def test_a_lost_electronic_signature_is_told(tmp_path: Path) -> None:
    pdf = raw.text_pdf("Surat")
    field = pdf.make_indirect(
        pikepdf.Dictionary(
            FT=pikepdf.Name.Sig, T="ttd", V=pikepdf.Dictionary(Type=pikepdf.Name.Sig, Contents="x")
        )
    )
    pdf.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([field]), SigFlags=3)

    assert taken(tmp_path, raw.saved(pdf)).notes == ("media-signature-lost",)


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "packed twice"])
def test_a_photograph_inside_a_document_loses_its_place_and_keeps_its_pixels(
    tmp_path: Path, packed: bool
) -> None:
    import zlib

    photo = raw.picture("JPEG", raw.scene(64, 48))
    pdf = raw.text_pdf("Foto")
    filters: Any = pikepdf.Name.DCTDecode
    if packed:
        photo, filters = (
            zlib.compress(photo),
            pikepdf.Array([pikepdf.Name.FlateDecode, pikepdf.Name.DCTDecode]),
        )
    stream = pikepdf.Stream(pdf, photo)
    stream.write(photo, filter=filters)
    stream.Type, stream.Subtype, stream.Width, stream.Height = (
        pikepdf.Name.XObject,
        pikepdf.Name.Image,
        64,
        48,
    )
    stream.ColorSpace, stream.BitsPerComponent = pikepdf.Name.DeviceRGB, 8
    pdf.pages[0].Resources.XObject = pikepdf.Dictionary(Im0=stream)
    pdf.pages[0].contents_add(b"q 64 0 0 48 72 100 cm /Im0 Do Q")

    made = taken(tmp_path, raw.saved(pdf, compress_streams=False, recompress_flate=False))

    with pikepdf.open(io.BytesIO(made.data)) as cleaned:
        inside: Any = cleaned.pages[0].Resources.XObject.Im0
        assert raw.SECRET.encode() not in inside.read_raw_bytes()
        assert pikepdf.PdfImage(inside).as_pil_image().size == (64, 48)


def test_a_scan_without_text_is_taken_with_a_warning(tmp_path: Path) -> None:
    assert taken(tmp_path, raw.saved(raw.text_pdf())).notes == ("media-no-text-layer",)


@pytest.mark.parametrize("owner_only", [False, True])
def test_a_locked_document_is_refused(tmp_path: Path, owner_only: bool) -> None:
    lock = pikepdf.Encryption(owner="satu", user="" if owner_only else "dua")

    assert refusal(tmp_path, raw.saved(raw.text_pdf("Isi"), encryption=lock)) == "media-encrypted"


@pytest.mark.parametrize("data", [b"%PDF-1.7\n", b"%PDF-1.7\n" + bytes(5000), raw.pdf("Isi")[:400]])
def test_a_document_that_is_not_whole_is_refused(tmp_path: Path, data: bytes) -> None:
    assert refusal(tmp_path, data) in ("media-broken", "media-encrypted")


def test_a_heavy_document_is_refused_with_its_size(tmp_path: Path) -> None:
    import random

    pdf = raw.text_pdf("Isi")
    heavy = pdf.make_stream(random.Random(1).randbytes(5_200_000))
    pdf.pages[0].Resources.XObject = pikepdf.Dictionary(Berat=heavy)
    pdf.pages[0].contents_add(b"/Berat Do")

    with pytest.raises(AnswerIsNo) as no:
        taken(tmp_path, raw.saved(pdf))

    assert no.value.code == "media-too-big"
    assert no.value.values["limit"] == 5_000_000


def test_a_document_of_our_own_keeps_what_it_says_of_its_conformity(tmp_path: Path) -> None:
    pdf = raw.text_pdf("Isi")
    with pdf.open_metadata(set_pikepdf_as_editor=False) as told:
        told["pdfaid:part"], told["pdfaid:conformance"], told["dc:creator"] = "2", "A", [raw.SECRET]

    made = taken(tmp_path, raw.saved(pdf))

    with pikepdf.open(io.BytesIO(made.data)) as cleaned, cleaned.open_metadata() as told:
        assert told.pdfa_status == "2A"
    assert raw.SECRET.encode() not in everything(made.data)


def test_words_that_stand_on_no_page_are_read_too() -> None:
    pdf = raw.text_pdf("Isi")
    with pdf.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem(f"Bab {raw.NIK}", 0))

    assert raw.NIK in document_words.hidden_text(raw.saved(pdf))


def of_pages(number: int) -> bytes:
    document = pikepdf.new()
    for _ in range(number):
        document.add_blank_page(page_size=(595, 842))
    return raw.saved(document)


def test_a_document_may_have_as_many_pages_as_a_person_reads_and_not_one_more(tmp_path: Path) -> None:
    assert taken(tmp_path, of_pages(budgets.PDF_PAGES)).pages == 2_000

    with pytest.raises(AnswerIsNo) as no:
        taken(tmp_path, of_pages(budgets.PDF_PAGES + 1))

    assert no.value.code == "media-too-many-pages"
    assert (no.value.values["pages"], no.value.values["limit"]) == (2_001, 2_000)
