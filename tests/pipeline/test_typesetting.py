"""Typeset documents are tagged, archivable, self-contained, and the same bytes every time."""

import builtins
import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest

from pipeline import typesetting
from sop_site.errors import AnswerIsNo, RenderingFailed

ROOT = Path(__file__).resolve().parents[2]


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    words = "\n".join(page.get_textpage().get_text_bounded() for page in document)
    document.close()
    # Lines break where the column ends; a reader does not care where.
    return " ".join(words.replace("\ufffe", "").split())


def fonts_of(document: pikepdf.Pdf) -> list[Any]:
    return [found for found in document.objects if isinstance(found, pikepdf.Dictionary)
            and found.get("/Type") == "/FontDescriptor"]  # fmt: skip


@pytest.fixture(scope="module")
def copy() -> bytes:
    return typesetting.sop_copy()


def test_the_committed_copy_of_the_sop_is_the_one_that_is_typeset(copy: bytes) -> None:
    assert (ROOT / typesetting.SOP_COPY).read_bytes() == copy
    assert len(copy) <= 200 * 1024


def test_the_copy_is_tagged_titled_and_in_indonesian(copy: bytes) -> None:
    with pikepdf.open(io.BytesIO(copy)) as document:
        assert document.Root.MarkInfo.Marked
        assert str(document.Root.Lang).startswith("id")
        assert document.Root.ViewerPreferences.DisplayDocTitle
        assert "/StructTreeRoot" in document.Root
        with document.open_metadata() as metadata:
            assert metadata["pdfaid:part"] == "2"
            assert metadata["pdfaid:conformance"] == "A"
            assert metadata["pdfuaid:part"] == "1"
            assert "000.8.3.3/234/VI/2023" in str(metadata["dc:title"])
        assert "/Author" not in document.docinfo


def test_every_font_is_embedded(copy: bytes) -> None:
    with pikepdf.open(io.BytesIO(copy)) as document:
        fonts = fonts_of(document)
        assert fonts
        assert all({"/FontFile2", "/FontFile3"} & set(font.keys()) for font in fonts)


def test_the_copy_holds_the_words_of_the_sop_unchanged(copy: bytes) -> None:
    words = text_of(copy)

    assert "SALINAN" in words
    assert "NIP 197612281996011000" in words
    assert "Memonitoring situs resmi Pemkab Buleleng" in words
    assert (
        "Pelaporan pengelolaan web kepada pimpinan dan disampaikan ke Dinas Kominfosanti per bulan" in words
    )


def test_what_the_fonts_cannot_draw_becomes_a_box() -> None:
    assert typesetting.printable({"title": ["Gotong royong 🎉 – “é”", 3]}) == {
        "title": ["Gotong royong □ – “é”", 3]
    }


def test_a_template_that_typst_refuses_is_a_failed_rendering() -> None:
    with pytest.raises(RenderingFailed) as stopped:
        typesetting.typeset("data/sop/salinan-sop.typ", {}, datetime(2026, 1, 1, tzinfo=UTC))

    assert stopped.value.code == "typesetting-failed"


def test_without_the_library_the_answer_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *arguments: Any, **options: Any) -> Any:
        if name == "typst":
            raise ImportError(name)
        return real(name, *arguments, **options)

    monkeypatch.setattr(builtins, "__import__", without)

    with pytest.raises(AnswerIsNo) as stopped:
        typesetting.sop_copy()

    assert stopped.value.code == "typst-missing"


def test_the_copy_can_be_written_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["typesetting", str(tmp_path)])

    typesetting.main()

    assert (tmp_path / typesetting.SOP_COPY).read_bytes().startswith(b"%PDF")
