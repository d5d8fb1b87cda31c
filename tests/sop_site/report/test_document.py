"""What the report says, in every format, and what it must never say."""

import csv
import io
import json
import re
from dataclasses import replace

import pytest

from sop_site.report import document, formats
from sop_site.report.chart import bars
from sop_site.report.document import Document
from sop_site.report.month import MonthlyReport
from sop_site.settings import Settings
from tests.sop_site.report.sample import EMPTY, FACTS, SETTINGS, report


def made(report_: MonthlyReport | None = None, settings: Settings = SETTINGS) -> Document:
    return document.compose(report_ or report(), settings, "rencana-2026-06.md")


def html(doc: Document, emblem: bytes | None = None) -> str:
    return formats.html(doc, emblem).decode()


def test_everything_that_was_decided_is_named_with_its_reason() -> None:
    page = html(made())

    for words in ("Kerja bakti pantai", "Sebutkan waktu berkumpul", "Promosi toko", "Iklan usaha perorangan"):
        assert words in page
    for words in (
        "Kerja bakti berjalan lancar",
        "/berita/2026-06-10-kerja-bakti/",
        "/kontak/",
        "17 Juni 2026",
    ):
        assert words in page
    for words in ("Plt. Camat Percontohan", "99,87%", "arsip-20260630", "Memperbarui maklumat"):
        assert words in page


def test_an_empty_month_says_so_and_invents_nothing() -> None:
    page = html(made(report(EMPTY)))

    assert "Nihil." in page
    assert "tidak tersedia" in page
    assert "Tidak ada keputusan yang dapat diukur" in page


def test_the_letter_leaves_its_number_and_day_to_the_clerk() -> None:
    letter = made().letter

    assert re.fullmatch(r"500\.12\.6/ +/VII/2026", dict(letter.fields)["Nomor"])
    assert re.fullmatch(r"Kota Percontohan, +Juli 2026", letter.place_date)


def test_a_function_is_not_printed_as_a_name() -> None:
    signature = made().signature

    assert (signature.post, signature.name, signature.nip) == ("CAMAT PERCONTOHAN,", "", "")


def test_name_and_number_come_from_the_settings() -> None:
    head = SETTINGS.head.model_copy(update={"name": "Nama Pejabat", "nip": "1", "rank": "Pembina (IV/a)"})
    signature = made(settings=SETTINGS.model_copy(update={"head": head})).signature

    assert (signature.name, signature.nip, signature.rank) == ("Nama Pejabat", "NIP 1", "Pembina (IV/a)")


@pytest.mark.parametrize(
    ("given", "marks"),
    [
        (report(), ()),
        (report(plan=""), ("DRAF",)),
        (replace(report(), provisional=True), ("SEMENTARA",)),
        (replace(report(plan=""), provisional=True), ("DRAF", "SEMENTARA")),
    ],
)
def test_what_is_missing_is_marked(given: MonthlyReport, marks: tuple[str, ...]) -> None:
    assert made(given).marks == marks


def test_the_footer_names_a_commit_and_no_certificate_that_does_not_exist() -> None:
    page = html(made())

    assert f"persetujuan tercatat pada commit {FACTS.tip[:12]}" in page
    assert "BSrE" not in page
    assert "secara elektronik" not in page


def test_before_the_first_approval_the_footer_names_the_opening() -> None:
    assert "belum ada persetujuan" in made(report(EMPTY)).footer


def test_personal_numbers_in_titles_and_reasons_are_masked() -> None:
    decision = replace(FACTS.decisions[2], title="KTP 5108061212900001", reason="Memuat 5108061212900001")
    page = html(made(report(replace(FACTS, decisions=(*FACTS.decisions[:2], decision)))))

    assert "5108061212900001" not in page
    assert "5108********01" in page


def test_a_title_cannot_bring_markup_into_the_page() -> None:
    decision = replace(FACTS.decisions[2], title="<script>alert(1)</script>")
    page = html(made(report(replace(FACTS, decisions=(*FACTS.decisions[:2], decision)))))

    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_the_page_asks_nothing_from_anywhere() -> None:
    page = html(made())

    assert not re.search(r"<(script|link|iframe)|\b(src|href)=|@import|url\(", page)
    assert '<html lang="id">' in page


def test_an_emblem_stands_in_the_place_of_the_initials() -> None:
    page = html(made(), b"\x89PNG\r\n\x1a\n")

    assert 'src="data:image/png;base64,' in page
    assert 'class="tanda"' not in page
    assert "data:image/svg+xml;" in html(made(), b"<svg/>")
    assert "data:image/jpeg;" in html(made(), b"\xff\xd8\xff")


def test_another_office_does_not_cite_the_districts_own_sop() -> None:
    own = SETTINGS.model_copy(
        update={"office": SETTINGS.office.model_copy(update={"name": "Kecamatan Buleleng"})}
    )

    assert "000.8.3.3/234/VI/2023" in html(made(settings=own))
    assert "000.8.3.3/234/VI/2023" not in html(made())


def test_an_office_that_has_given_little_gets_a_plain_letterhead() -> None:
    office = SETTINGS.office.model_copy(update={"parent": "belum diisi oleh kantor"})
    head = made(settings=SETTINGS.model_copy(update={"office": office})).letterhead

    assert head.government == ""
    assert head.initials == "KP"
    assert head.lines == ("Laman percontohan.go.id",)


def test_csv_repeats_every_table_and_runs_no_formula() -> None:
    decision = replace(FACTS.decisions[2], title='=HYPERLINK("x")')
    doc = made(report(replace(FACTS, decisions=(*FACTS.decisions[:2], decision))))
    data = formats.csv_text(doc)
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))

    assert data.startswith(b"\xef\xbb\xbf")
    assert ["Pokok laporan bulan Juni 2026", "Pengajuan persetujuan", "4"] in rows
    assert any("'=HYPERLINK" in cell for row in rows for cell in row)


def test_json_names_the_commits_behind_every_figure() -> None:
    given = report()
    value = json.loads(formats.json_text(given, made(given)))

    assert value["month"] == "2026-06"
    for name, commits in value["sources"].items():
        assert len(commits) == value["counts"][name]


def test_a_chart_has_words_for_those_who_do_not_see_it() -> None:
    svg = bars("Judul & <isi>", "Uraian", [("Satu", 3), ("Nol", 0)])

    assert "<title>Judul &amp; &lt;isi&gt;</title>" in svg
    assert "<desc>Uraian</desc>" in svg
    assert svg.count("<rect") == 2
