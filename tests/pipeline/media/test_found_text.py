# ruff: noqa: E501 - a part of a package is easier to read in one line
"""Where words can hide in documents: in each of these places the search for personal data reads them."""

import io
import os
import shutil
import subprocess
import zipfile
from pathlib import Path

import pikepdf
import pytest

from pipeline.media import document_words, measure, office_file
from tests.pipeline.media import raw

NIK = raw.NIK
WORD = "xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'"
SHEET = "xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'"


def told(name: str, data: bytes) -> str:
    return str(measure({name: data})[name]["text"])


def off_the_page(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].contents_add(f"BT /F1 12 Tf 2000 2000 Td (NIK {NIK}) Tj ET".encode())


def cut_off(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].contents_add(f"BT /F1 12 Tf 300 700 Td (NIK {NIK}) Tj ET".encode())
    pdf.pages[0].obj.CropBox = pikepdf.Array([0, 0, 100, 100])


def invisible(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].contents_add(f"BT 3 Tr /F1 12 Tf 72 600 Td (NIK {NIK}) Tj ET".encode())


def white(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].contents_add(f"BT 1 1 1 rg /F1 12 Tf 72 600 Td (NIK {NIK}) Tj ET".encode())


def in_pieces(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].contents_add(f"BT /F1 12 Tf 72 600 Td [({NIK[:6]}) -20 ({NIK[6:]})] TJ ET".encode())


def note(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].obj.Annots = pikepdf.Array(
        [
            pikepdf.Dictionary(
                Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Text, Rect=[0, 0, 9, 9], Contents=NIK
            )
        ]
    )


def field(pdf: pikepdf.Pdf) -> None:
    pdf.Root.AcroForm = pikepdf.Dictionary(
        Fields=pikepdf.Array([pikepdf.Dictionary(FT=pikepdf.Name.Tx, V=NIK)])
    )


def choice(pdf: pikepdf.Pdf) -> None:
    options = pikepdf.Array([pikepdf.String("Satu"), pikepdf.String(NIK)])
    pdf.Root.AcroForm = pikepdf.Dictionary(
        Fields=pikepdf.Array([pikepdf.Dictionary(FT=pikepdf.Name.Ch, Opt=options)])
    )


def attachment_name(pdf: pikepdf.Pdf) -> None:
    pdf.attachments[f"{NIK}.txt"] = pikepdf.AttachedFileSpec(pdf, b"Isi", filename=f"{NIK}.txt")


def attachment(pdf: pikepdf.Pdf) -> None:
    pdf.attachments["a.txt"] = pikepdf.AttachedFileSpec(pdf, f"NIK {NIK}".encode())


def properties(pdf: pikepdf.Pdf) -> None:
    pdf.docinfo["/Keywords"] = NIK


def newer_properties(pdf: pikepdf.Pdf) -> None:
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as meta:
        meta["dc:description"] = f"NIK {NIK}"


def destination(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Names = pikepdf.Dictionary(
        Dests=pikepdf.Dictionary(
            Names=pikepdf.Array([pikepdf.String(NIK), pikepdf.Array([pdf.pages[0].obj])])
        )
    )


def layer(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OCProperties = pikepdf.Dictionary(
        OCGs=pikepdf.Array([pikepdf.Dictionary(Type=pikepdf.Name.OCG, Name=f"Lapis {NIK}")])
    )


def page_label(pdf: pikepdf.Pdf) -> None:
    pdf.Root.PageLabels = pikepdf.Dictionary(Nums=pikepdf.Array([0, pikepdf.Dictionary(P=f"{NIK}-")]))


PDF_PLACES = [
    off_the_page, cut_off, invisible, white, in_pieces, note, field, choice, attachment_name, attachment, properties,
    newer_properties, destination, layer, page_label,
]  # fmt: skip


@pytest.mark.parametrize("hide", PDF_PLACES, ids=lambda hide: hide.__name__)
def test_a_pdf_is_read_wherever_it_hides_words(hide: object) -> None:
    pdf = raw.text_pdf("Isi")
    assert callable(hide)
    hide(pdf)
    data = raw.saved(pdf)

    assert NIK in (document_words.page_text(data) + document_words.hidden_text(data)).replace("\n", "")


def workbook(*parts: tuple[str, str]) -> bytes:
    """A workbook as a zip; what is not given is not needed to read its words."""
    box = {"[Content_Types].xml": "<Types/>", "xl/workbook.xml": f"<workbook {SHEET}/>", **dict(parts)}
    return raw.package(box)


XLSX_PLACES = {
    "hidden sheet's name": ("xl/workbook.xml", f"<workbook {SHEET}><sheets><sheet name='{NIK}' state='hidden'/></sheets></workbook>"),
    "defined name": ("xl/workbook.xml", f"<workbook {SHEET}><definedNames><definedName name='a'>\"{NIK}\"</definedName></definedNames></workbook>"),
    "shared string": ("xl/sharedStrings.xml", f"<sst {SHEET}><si><t>{NIK}</t></si></sst>"),
    "phonetic reading": ("xl/sharedStrings.xml", f"<sst {SHEET}><si><t>a</t><rPh sb='0' eb='1'><t>{NIK}</t></rPh></si></sst>"),
    "hidden row": ("xl/worksheets/sheet1.xml", f"<worksheet {SHEET}><sheetData><row hidden='1'><c><v>{NIK}</v></c></row></sheetData></worksheet>"),
    "as a power of ten": ("xl/worksheets/sheet1.xml", f"<worksheet {SHEET}><sheetData><row><c><v>{NIK[0]}.{NIK[1:]}E+15</v></c></row></sheetData></worksheet>"),
    "inline": ("xl/worksheets/sheet1.xml", f"<worksheet {SHEET}><sheetData><row><c t='inlineStr'><is><t>{NIK}</t></is></c></row></sheetData></worksheet>"),
    "formula": ("xl/worksheets/sheet1.xml", f"<worksheet {SHEET}><sheetData><row><c><f>\"{NIK}\"</f></c></row></sheetData></worksheet>"),
    "header": ("xl/worksheets/sheet1.xml", f"<worksheet {SHEET}><headerFooter><oddHeader>&amp;C{NIK}</oddHeader></headerFooter></worksheet>"),
    "validation": ("xl/worksheets/sheet1.xml", f"<worksheet {SHEET}><dataValidations><dataValidation prompt='NIK {NIK}'/></dataValidations></worksheet>"),
    "comment": ("xl/comments1.xml", f"<comments {SHEET}><commentList><comment><text><t>{NIK}</t></text></comment></commentList></comments>"),
    "chart's memory": ("xl/charts/chart1.xml", f"<c:chart xmlns:c='c'><c:strCache><c:pt><c:v>{NIK}</c:v></c:pt></c:strCache></c:chart>"),
    "pivot's memory": ("xl/pivotCache/pivotCacheDefinition1.xml", f"<pivot {SHEET}><s v='{NIK}'/></pivot>"),
    "properties": ("docProps/core.xml", f"<c xmlns:dc='dc'><dc:subject>{NIK}</dc:subject></c>"),
    "own properties": ("docProps/custom.xml", f"<Properties><property name='NIK'><lpwstr>{NIK}</lpwstr></property></Properties>"),
    "link": ("xl/worksheets/_rels/sheet1.xml.rels", f"<Relationships><Relationship Target='mailto:a?subject={NIK}'/></Relationships>"),
    "remark in the XML": ("xl/workbook.xml", f"<workbook {SHEET}><!-- {NIK} --></workbook>"),
}  # fmt: skip


@pytest.mark.parametrize("place", XLSX_PLACES)
def test_a_workbook_is_read_wherever_it_hides_words(place: str) -> None:
    assert NIK in office_file.text(workbook(XLSX_PLACES[place]))


def test_a_heading_meets_the_numbers_of_its_column() -> None:
    shared = f"<sst {SHEET}><si><t>Nama</t></si><si><t>No. Rekening</t></si><si><t>Warga</t></si></sst>"
    rows = "<row><c t='s'><v>0</v></c><c t='s'><v>1</v></c></row><row><c t='s'><v>2</v></c><c><v>12301000123501</v></c></row>"
    sheet = f"<worksheet {SHEET}><cols><col hidden='1'/></cols><sheetData>{rows}</sheetData></worksheet>"

    text = office_file.text(workbook(("xl/sharedStrings.xml", shared), ("xl/worksheets/sheet1.xml", sheet)))

    assert "Nama\tNo. Rekening\nWarga\t12301000123501" in text


DOCX_PLACES = {
    "header": ("word__header1.xml", f"<w:hdr {WORD}><w:p><w:r><w:t>{NIK}</w:t></w:r></w:p></w:hdr>"),
    "footer": ("word__footer1.xml", f"<w:ftr {WORD}><w:p><w:r><w:t>{NIK}</w:t></w:r></w:p></w:ftr>"),
    "footnote": ("word__footnotes.xml", f"<w:f {WORD}><w:p><w:r><w:t>{NIK}</w:t></w:r></w:p></w:f>"),
    "comment": ("word__comments.xml", f"<w:comments {WORD}><w:comment><w:p><w:r><w:t>{NIK}</w:t></w:r></w:p></w:comment></w:comments>"),
    "commentator": ("word__comments.xml", f"<w:comments {WORD}><w:comment w:author='{NIK}'/></w:comments>"),
    "glossary": ("word__glossary__document.xml", f"<w:d {WORD}><w:p><w:r><w:t>{NIK}</w:t></w:r></w:p></w:d>"),
    "own data": ("customXml__item1.xml", f"<data><nik>{NIK}</nik></data>"),
}  # fmt: skip


@pytest.mark.parametrize("place", DOCX_PLACES)
def test_a_letter_is_read_wherever_it_hides_words(place: str) -> None:
    part, body = DOCX_PLACES[place]

    assert NIK in told("a.docx", raw.docx("Isi", **{part: body}))


@pytest.mark.parametrize(
    "run",
    [
        f"<w:del w:author='a'><w:r><w:delText>{NIK}</w:delText></w:r></w:del>",
        f"<w:ins w:author='a'><w:r><w:t>{NIK}</w:t></w:r></w:ins>",
        f"<w:r><w:rPr><w:vanish/></w:rPr><w:t>{NIK}</w:t></w:r>",
        f'<w:r><w:instrText>HYPERLINK "{NIK}"</w:instrText></w:r>',
        f"<w:sdt><w:sdtPr><w:alias w:val='{NIK}'/></w:sdtPr></w:sdt>",
    ],
    ids=["deleted", "inserted", "vanished", "field", "control"],
)
def test_changes_and_hidden_words_of_a_letter_are_read(run: str) -> None:
    assert NIK in told("a.docx", raw.docx(f"Isi</w:t></w:r>{run}<w:r><w:t>"))


@pytest.mark.slow
def test_a_file_that_libreoffice_made_is_read_by_rows(tmp_path: Path) -> None:
    program = shutil.which("soffice")
    if program is None:
        if os.environ.get("SOP_REQUIRE_ALL") == "1":
            pytest.fail("LibreOffice is required (SOP_REQUIRE_ALL=1) and was not found")
        pytest.skip("LibreOffice was not found")
    (tmp_path / "a.csv").write_text(f"Nama,NIK\nWarga,'{NIK}\nLain,{NIK}\n", encoding="utf-8")
    subprocess.run(
        [program, f"-env:UserInstallation={(tmp_path / 'profil').as_uri()}", "--headless", "--convert-to", "xlsx",
         "--outdir", str(tmp_path), str(tmp_path / "a.csv")],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    data = (tmp_path / "a.xlsx").read_bytes()

    assert zipfile.is_zipfile(io.BytesIO(data))
    assert office_file.text(data).count(NIK) >= 2
