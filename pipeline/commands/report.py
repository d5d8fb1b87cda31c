"""``sop report YYYY-MM``: the month's report from history alone, in the formats asked for (SOP step 10)."""

from pathlib import Path

import click

from pipeline import reporting
from pipeline.desk import Answer, Desk
from pipeline.files import write_atomic
from sop_site.errors import AnswerIsNo
from sop_site.report import month as months

FORMATS = ("pdf", "html", "csv", "json")
"""What can be written; DOCX is promised and answers with a sentence until it exists."""


def _month(_context: click.Context, _parameter: click.Parameter, value: str) -> months.Month:
    month = months.parse(value)
    if month is None:
        raise click.BadParameter("YYYY-MM")
    return month


def _formats(_context: click.Context, _parameter: click.Parameter, value: str) -> tuple[str, ...]:
    named = tuple(dict.fromkeys(part.strip().lower() for part in value.split(",") if part.strip()))
    unknown = [name for name in named if name not in (*FORMATS, "docx")]
    if unknown or not named:
        raise click.BadParameter(", ".join((*FORMATS, "docx")))
    return named


@click.command(help="Laporan bulanan dari riwayat: PDF, HTML, CSV, JSON / the monthly report from history.")
@click.argument("month", metavar="YYYY-MM", callback=_month)
@click.option("--format", "formats", default="pdf,html", callback=_formats, help="pdf,html,csv,json")
@click.option("--output", type=click.Path(path_type=Path, file_okay=False), help="Folder hasil / output.")
@click.option("--trust", type=click.Path(path_type=Path), envvar="SOP_TRUST", help="Berkas kepercayaan.")
@click.pass_obj
def command(
    desk: Desk, month: months.Month, formats: tuple[str, ...], output: Path | None, trust: Path | None
) -> Answer:
    """Verify, gather, count, cross-foot, put into words, write."""
    if "docx" in formats:
        raise AnswerIsNo("report-docx-later")
    repo = desk.repo().resolve()
    folder = repo.with_name(f"{repo.name}.reports")
    made = reporting.month(repo, trust, month, desk.clock(), plan_file=folder / f"rencana-{month}.md")
    if isinstance(made, reporting.Refused):
        return Answer(
            False,
            {"month": str(month), "files": [], "refusals": desk.shown(made.refusals)},
            [desk.say("report-history-refused"), *desk.told(made.refusals)],
        )
    target = output or folder
    # All are made before the first is written: a format that fails leaves no half set behind.
    contents = {target / f"laporan-{month}.{name}": made.as_format(name) for name in formats}
    for path, data in contents.items():
        write_atomic(path, data)
    report = made.report
    lines = [desk.say("report-written", path=path) for path in contents]
    if report.draft:
        lines.append(desk.say("report-is-draft", path=folder / f"rencana-{month}.md"))
    if report.provisional:
        lines.append(desk.say("report-is-provisional"))
    return Answer(
        True,
        {
            "month": str(month),
            "files": [str(path) for path in contents],
            "draft": report.draft,
            "provisional": report.provisional,
            "counts": made.counts(),
        },
        lines,
    )
