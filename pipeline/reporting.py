"""Makes one month's report: verify, gather the facts, compose, cross-foot, typeset."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path

from pipeline import history, typesetting
from pipeline.repository import Repository
from pipeline.verification import verification
from sop_site import settings as office_settings
from sop_site.answers import Refusal
from sop_site.calendar import office_calendar
from sop_site.errors import AnswerIsNo, RenderingFailed, SettingsUnreadable
from sop_site.report import document, footing, formats
from sop_site.report import month as months
from sop_site.report.document import Document
from sop_site.report.month import Month, MonthlyReport

_TEMPLATE = "report/templates/laporan.typ"
_PLAN_LIMIT = 64 * 1024


@dataclass(frozen=True, slots=True)
class Refused:
    """History is not accepted; a report of it would count what nobody can vouch for."""

    refusals: tuple[Refusal, ...]


@dataclass(frozen=True, slots=True)
class Made:
    """A report in values and in words, ready for any format."""

    report: MonthlyReport
    document: Document
    emblem: bytes | None

    def counts(self) -> Mapping[str, object]:
        """The figures of the first page, waiting times among them (working days)."""
        waiting = self.report.waiting
        return {
            **asdict(self.report.counts),
            "median_working_days": waiting.median,
            "longest_working_days": waiting.longest,
        }

    def as_format(self, name: str) -> bytes:
        """The file's bytes in one of ``pdf``, ``html``, ``csv``, ``json``."""
        if name == "html":
            return formats.html(self.document, self.emblem)
        if name == "csv":
            return formats.csv_text(self.document)
        if name == "json":
            return formats.json_text(self.report, self.document)
        words = {**self.document.plain(), "emblem": list(self.emblem) if self.emblem else None}
        # The month's end is the file's date: the same month gives the same bytes, whenever it is made.
        return typesetting.typeset(_TEMPLATE, words, self.report.month.end(self.report.zone))


def month(repo: Path, trust: Path | None, wanted: Month, now: datetime, *, plan_file: Path) -> Made | Refused:
    """The report of one month; ``plan_file`` holds the next month's plan, written by a person."""
    plan = _plan(plan_file)
    with verification(repo, trust, now, full=True) as verified, Repository(repo) as clone:
        verdict, store = verified.verdict, verified.store
        if not verdict.ok or verdict.genesis is None:
            return Refused(verdict.refusals)
        tree = verdict.approvals[-1].tree if verdict.approvals else verdict.genesis.tree
        written = history.file_at(store, tree, "site.toml")
        if written is None:
            raise SettingsUnreadable("settings-missing")
        settings = office_settings.parse(written)
        zone = settings.office.zone
        facts = history.gather(verdict, store, clone, wanted, zone)
        emblem = history.file_at(store, tree, settings.office.emblem) if settings.office.emblem else None
        facts = replace(facts, availability=history.availability(verdict, wanted, zone))
    report = months.compose(facts, wanted, zone=zone, now=now, calendar=office_calendar(), plan=plan)
    wrong = footing.faults(report)
    if wrong:
        raise RenderingFailed("report-does-not-foot", figures=", ".join(wrong))
    return Made(report, document.compose(report, settings, plan_file.name), emblem)


def _plan(path: Path) -> str:
    """What a person wrote; the empty string where there is nothing yet."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return ""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise AnswerIsNo("report-plan-unreadable", path=path) from error
    if len(data) > _PLAN_LIMIT:
        raise AnswerIsNo("report-plan-unreadable", path=path)
    return text
