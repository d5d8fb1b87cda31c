"""``sop report`` on real history: what it counts, writes, marks and refuses."""

import json
import re
from datetime import datetime
from pathlib import Path

import pytest

from tests.office import WITA, Office

FEBRUARY = datetime(2026, 2, 3, 9, 0, tzinfo=WITA)


def written(office: Office, name: str = "laporan-2026-01.html") -> str:
    return (office.root / "office.reports" / name).read_text(encoding="utf-8")


@pytest.fixture
def january(office: Office) -> Office:
    """One approved after a return, one rejected, one still waiting."""
    good = office.announces("jadwal", "Jadwal perekaman keliling")
    office.submits(good)
    office.returns(good, "Sebutkan tempatnya.")
    office.announces("jadwal", "Jadwal perekaman keliling desa")
    office.submits(good)
    office.approves(good)
    bad = office.announces("iklan", "Promosi toko")
    office.submits(bad)
    office.rejects(bad, "Iklan usaha perorangan.")
    office.submits(office.announces("tunggu", "Masih menunggu"))
    return office


def test_the_month_is_reported_from_history(january: Office) -> None:
    done = january.sop("report", "2026-01", "--format", "pdf,html,csv,json", at=FEBRUARY)

    assert done.code == 0, done.err
    answer = done.json
    assert answer["month"] == "2026-01"
    assert (answer["draft"], answer["provisional"]) == (True, False)
    counts = answer["counts"]
    assert (counts["submitted"], counts["approved"], counts["returned"], counts["rejected"]) == (4, 1, 1, 1)
    assert (counts["published"], counts["undecided"], counts["median_working_days"]) == (1, 1, 0.0)
    assert [Path(name).name for name in answer["files"]] == [
        f"laporan-2026-01.{kind}" for kind in ("pdf", "html", "csv", "json")
    ]
    page = written(january)
    for words in (
        "Jadwal perekaman keliling desa",
        "Sebutkan tempatnya.",
        "Iklan usaha perorangan.",
        "Antrean pada akhir bulan",
    ):
        assert words in page
    assert "Masih menunggu" in page
    assert "DRAF" in page
    assert "SEMENTARA" not in page


def test_every_figure_names_commits_that_exist(january: Office) -> None:
    january.sop("report", "2026-01", "--format", "json", at=FEBRUARY)
    value = json.loads(written(january, "laporan-2026-01.json"))

    for name, commits in value["sources"].items():
        assert len(commits) == value["counts"][name]
        for commit in commits:
            assert january.git("cat-file", "-t", commit) == "commit"


def test_the_same_month_gives_the_same_bytes(january: Office) -> None:
    folders = [january.root / "satu", january.root / "dua"]
    for folder, at in zip(folders, (FEBRUARY, FEBRUARY.replace(month=3)), strict=True):
        options = ("--format", "pdf,html,csv,json", "--output", str(folder))
        assert january.sop("report", "2026-01", *options, at=at).code == 0

    for path in folders[0].iterdir():
        assert path.read_bytes() == (folders[1] / path.name).read_bytes()


def test_the_plan_of_a_person_makes_it_final(january: Office) -> None:
    plan = january.root / "office.reports" / "rencana-2026-01.md"
    plan.parent.mkdir()
    plan.write_text("- Memutakhirkan kartu pelayanan\n", encoding="utf-8")

    done = january.sop("report", "2026-01", at=FEBRUARY)

    assert done.json["draft"] is False
    assert "Memutakhirkan kartu pelayanan" in written(january)
    assert "DRAF" not in written(january)


def test_a_month_that_is_not_over_is_provisional(january: Office) -> None:
    done = january.sop("report", "2026-01", "--format", "html")

    assert done.json["provisional"] is True
    assert "SEMENTARA" in written(january)


def test_an_office_that_has_done_nothing_reports_nothing(office: Office) -> None:
    done = office.sop("report", "2026-01", at=FEBRUARY)

    assert done.code == 0
    assert done.json["counts"]["approved"] == 0
    assert "Nihil." in written(office)


def test_an_approval_belongs_to_the_month_of_the_offices_clock(office: Office) -> None:
    draft = office.announces("batas", "Lewat tengah malam")
    office.submits(draft)
    office.now = datetime(2026, 1, 31, 23, 59, 30, tzinfo=WITA)
    office.approves(draft)

    counts = [
        office.sop("report", month, "--format", "html", at=datetime(2026, 3, 1, tzinfo=WITA)).json["counts"]
        for month in ("2026-01", "2026-02")
    ]

    assert [count["submitted"] for count in counts] == [1, 0]
    assert [count["approved"] for count in counts] == [0, 1]


def test_a_changed_page_is_reported_as_changed(office: Office) -> None:
    for title in ("Judul pertama", "Judul kedua"):
        change = {"change_note": '"Judul diperbaiki"'} if title == "Judul kedua" else {}
        draft = office.announces("sama", title, **change)
        office.submits(draft)
        office.approves(draft)

    office.sop("report", "2026-01", "--format", "html", at=FEBRUARY)

    assert re.search(r"Judul kedua</td><td>Pengumuman</td><td>dimutakhirkan</td>", written(office))


def test_a_history_that_does_not_verify_is_not_reported(january: Office) -> None:
    january.writes("content/pengumuman/2026-01-05-liar/index.md", "liar", draft="2026-01-05-liar")
    january.git("update-ref", "refs/heads/publish", january.tip("draft/2026-01-05-liar"))

    done = january.sop("report", "2026-01", at=FEBRUARY)

    assert done.code == 1
    assert done.json["refusals"]
    assert not (january.root / "office.reports").exists()


@pytest.mark.parametrize("month", ["2026-13", "2026-1", "januari", ""])
def test_what_is_no_month_is_wrong_usage(office: Office, month: str) -> None:
    assert office.sop("report", month).code == 2


@pytest.mark.parametrize("formats", ["odt", "", "pdf;html"])
def test_an_unknown_format_is_wrong_usage(office: Office, formats: str) -> None:
    assert office.sop("report", "2026-01", "--format", formats).code == 2


def test_docx_is_answered_with_a_sentence(office: Office) -> None:
    done = office.sop("report", "2026-01", "--format", "docx")

    assert done.code == 1
    assert done.json["error"]["code"] == "report-docx-later"


@pytest.mark.parametrize("data", [b"\xff\xfe\x00", b"x" * (64 * 1024 + 1)])
def test_a_plan_that_is_no_short_text_is_refused(office: Office, data: bytes) -> None:
    plan = office.root / "office.reports" / "rencana-2026-01.md"
    plan.parent.mkdir()
    plan.write_bytes(data)

    done = office.sop("report", "2026-01", at=FEBRUARY)

    assert done.code == 1
    assert done.json["error"]["code"] == "report-plan-unreadable"


def test_without_a_trust_file_nothing_is_reported(office: Office) -> None:
    office.trust.unlink()

    assert office.sop("report", "2026-01").code == 3


def test_the_officer_reads_where_the_report_lies(office: Office) -> None:
    done = office.sop("report", "2026-01", "--format", "html", as_json=False, at=FEBRUARY)

    assert "laporan-2026-01.html" in done.out
    assert "DRAF" in done.out
