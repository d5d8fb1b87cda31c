"""The report as PDF: every word on paper, tagged and archivable, whatever the titles hold."""

import io
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pikepdf
import pypdfium2

from pipeline.typesetting import printable, typeset
from sop_site.report import document
from sop_site.report.document import Document
from sop_site.report.month import MonthlyReport
from tests.sop_site.report.sample import EMPTY, FACTS, JUNE, SETTINGS, WITA, report

TEMPLATE = "report/templates/laporan.typ"
# Breaking places that the layout adds, and marks that a reader of text need not see.
INVISIBLE = {ord(sign): None for sign in "\u200b\ufffe\u00ad"}


def pdf(given: MonthlyReport, emblem: bytes | None = None) -> tuple[Document, bytes]:
    doc = document.compose(given, SETTINGS, "rencana-2026-06.md")
    words = {**doc.plain(), "emblem": list(emblem) if emblem else None}
    return doc, typeset(TEMPLATE, words, JUNE.end(WITA))


def squeezed(text: str) -> str:
    return "".join(text.translate(INVISIBLE).replace("-", "").split())


def text_of(data: bytes) -> str:
    opened = pypdfium2.PdfDocument(data)
    words = "".join(page.get_textpage().get_text_bounded() for page in opened)
    opened.close()
    return squeezed(words)


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, item in value.items():
            if name not in ("svg", "alternative", "title"):
                yield from strings(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from strings(item)


def test_every_word_of_the_document_stands_on_paper() -> None:
    doc, data = pdf(report())
    words = text_of(data)

    assert [text for text in strings(doc.plain()) if squeezed(text) not in words] == []


def test_long_and_strange_titles_are_typeset_too() -> None:
    title = "#strong[Gotong] *royong* $x$ @a <b> \\ " + "panjang " * 40 + "🎉"
    decision = replace(FACTS.decisions[2], title=title)
    _, data = pdf(report(replace(FACTS, decisions=(*FACTS.decisions[:2], decision))))

    assert squeezed(printable(title)) in text_of(data)


def test_the_same_month_gives_the_same_bytes() -> None:
    assert pdf(report())[1] == pdf(report(day=25))[1]


def test_pages_are_numbered_in_words() -> None:
    _, data = pdf(report())
    with pikepdf.open(io.BytesIO(data)) as opened:
        count = len(opened.pages)

    assert f"Halaman1dari{count}" in text_of(data)
    assert f"Halaman{count}dari{count}" in text_of(data)


def test_the_letter_fits_on_the_first_page_with_both_marks() -> None:
    _, data = pdf(replace(report(plan=""), provisional=True))
    opened = pypdfium2.PdfDocument(data)
    first, second = (squeezed(opened[place].get_textpage().get_text_bounded()) for place in (0, 1))
    opened.close()

    assert "CAMATPERCONTOHAN," in first
    assert "A.Pendahuluan" in second
    assert "DRAF·SEMENTARA" in second


def test_an_empty_month_is_typeset() -> None:
    assert "Nihil." in text_of(pdf(report(EMPTY))[1])


def test_a_thousand_decisions_flow_over_pages() -> None:
    many = tuple(replace(FACTS.decisions[0], commit=f"{place:040x}") for place in range(1000))
    _, data = pdf(report(replace(FACTS, decisions=many)))
    with pikepdf.open(io.BytesIO(data)) as opened:
        assert len(opened.pages) > 10


def test_the_report_is_tagged_titled_archivable_and_self_contained() -> None:
    doc, data = pdf(report())
    with pikepdf.open(io.BytesIO(data)) as opened:
        assert opened.Root.MarkInfo.Marked
        assert opened.Root.Lang == "id-ID"
        assert opened.Root.ViewerPreferences.DisplayDocTitle
        with opened.open_metadata() as metadata:
            assert str(metadata["dc:title"]) == doc.title
            assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "A")
            assert metadata["pdfuaid:part"] == "1"
        named = [found for found in opened.objects if isinstance(found, pikepdf.Dictionary)]
        fonts = [found for found in named if found.get("/Type") == "/FontDescriptor"]
        assert fonts
        assert all({"/FontFile2", "/FontFile3"} & set(font.keys()) for font in fonts)
        figures = [found for found in named if found.get("/S") == "/Figure"]
        assert figures
        assert all("/Alt" in figure for figure in figures)
        heads = [found for found in named if found.get("/S") == "/TH"]
        assert heads


def test_an_emblem_is_drawn_with_words_for_it() -> None:
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9"/></svg>'
    _, data = pdf(report(), svg)

    with pikepdf.open(io.BytesIO(data)) as opened:
        named = [found for found in opened.objects if isinstance(found, pikepdf.Dictionary)]
        said = [str(found.get("/Alt")) for found in named if found.get("/S") == "/Figure"]
    assert "Lambang" in said
