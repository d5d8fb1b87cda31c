"""The report proper, chapters A to E of an official report, made from the month's values."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sop_site.messages import masked
from sop_site.report.facts import DecisionFact
from sop_site.report.month import MonthlyReport
from sop_site.report.words import day, long_date, month_name, number, section, share, word
from sop_site.settings import Settings

_OWN_SOP = "Kecamatan Buleleng"


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a caption and one row of column heads."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with what stands below it."""

    heading: str
    level: int
    """2 for a chapter, 3 for a section of it."""
    paragraphs: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    tables: tuple[Table, ...] = field(default=())
    chart: bool = False
    """Whether the chart stands here."""


def compose(report: MonthlyReport, settings: Settings) -> tuple[Section, ...]:
    """All chapters in order."""
    return (*_introduction(report, settings), *_activities(report), *_results(report), *_closing(report))


def _introduction(report: MonthlyReport, settings: Settings) -> Iterable[Section]:
    month, office = report.month, settings.office
    scope = word(
        "isi.lingkup",
        first=long_date(month.first),
        last=long_date(month.last),
        zone=office.timezone,
        tip=report.tip,
    )
    # The SOP's number is that of one office; another office names its own.
    own = "isi.dasar-2" if office.name == _OWN_SOP else "isi.dasar-sop"
    yield Section(word("bab.a"), 2)
    yield Section(word("bab.a1"), 3, (word("isi.umum", url=office.url),))
    yield Section(word("bab.a2"), 3, (word("isi.maksud", month=month_name(month)),))
    yield Section(word("bab.a3"), 3, (scope,))
    yield Section(word("bab.a4"), 3, items=(word("isi.dasar-1"), word(own)))


def _activities(report: MonthlyReport) -> Iterable[Section]:
    submitted = tuple(
        (day(fact.at, report.zone), masked(fact.title), masked(fact.by)) for fact in report.submissions
    )
    yield Section(word("bab.b"), 2)
    yield _with_tables(
        word("bab.b1"),
        (
            _table("isi.daftar-pengajuan", ("isi.tanggal", "isi.naskah", "isi.pengaju"), submitted),
            _people(report),
            _queue(report),
        ),
        chart=True,
    )
    yield Section(word("bab.b2"), 3, tuple(_waiting(report)))
    yield _availability(report)
    yield _archives(report)
    yield Section(word("bab.b5"), 3, (word("isi.masyarakat"), word("isi.kunjungan")))


def _queue(report: MonthlyReport) -> Table:
    """What waited for a decision when the month ended, and how long."""
    rows = tuple(
        (
            day(waiting.submission.at, report.zone),
            masked(waiting.submission.title),
            masked(waiting.submission.by),
            word("angka.hari-kerja", days=number(waiting.working_days)),
        )
        for waiting in report.undecided
    )
    return _table("isi.antrean", ("isi.tanggal", "isi.naskah", "isi.pengaju", "isi.menunggu"), rows)


def _people(report: MonthlyReport) -> Table:
    lists = (report.approvals, report.returned, report.rejected)
    names = sorted({decision.by for decisions in lists for decision in decisions})
    rows = [
        (masked(name), *(str(sum(found.by == name for found in decisions)) for decisions in lists))
        for name in names
    ]
    if rows:
        rows.append((word("isi.jumlah"), *(str(len(decisions)) for decisions in lists)))
    return _table(
        "isi.keputusan-orang", ("isi.pejabat", "isi.setuju", "isi.kembali", "isi.tolak"), tuple(rows)
    )


def _waiting(report: MonthlyReport) -> Iterable[str]:
    waiting = report.waiting
    yield word("isi.tunggu")
    if waiting.median is None or waiting.longest is None:
        yield word("isi.tunggu-nihil")
    else:
        yield word(
            "isi.tunggu-angka",
            measured=waiting.measured,
            median=number(waiting.median),
            longest=waiting.longest,
        )
    if waiting.unmeasured:
        yield word("isi.tunggu-tak-terukur", count=waiting.unmeasured)
    if not report.calendar_known:
        yield word("isi.kalender")


def _availability(report: MonthlyReport) -> Section:
    if not report.availability:
        return Section(word("bab.b3"), 3, (word("isi.ketersediaan-nihil"),))
    rows = tuple(
        (
            masked(fact.name),
            fact.url,
            share(fact.share) if fact.share is not None else word("kata.tidak-tersedia"),
            str(fact.probes),
            word("isi.gagal-celah", failures=fact.failures, hours=number(fact.unknown_seconds / 3600)),
        )
        for fact in report.availability
    )
    columns = ("isi.sasaran", "isi.alamat", "isi.bagian", "isi.pemantauan", "isi.catatan")
    return Section(word("bab.b3"), 3, tables=(_table("isi.ketersediaan", columns, rows),))


def _archives(report: MonthlyReport) -> Section:
    if not report.archives:
        return Section(word("bab.b4"), 3, (word("isi.arsip-nihil"),))
    rows = tuple(
        (day(fact.at, report.zone), _said(fact.data, "archive", "name", "id"), fact.commit[:12])
        for fact in report.archives
    )
    table = _table("isi.arsip", ("isi.tanggal", "isi.arsip-nama", "isi.commit"), rows)
    return Section(word("bab.b4"), 3, tables=(table,))


def _said(data: Mapping[str, object], *keys: str) -> str:
    """The first of some keys that an entry's data holds as text."""
    return next((masked(str(data[key])) for key in keys if data.get(key)), "–")


def _results(report: MonthlyReport) -> Iterable[Section]:
    pages = [(approval, page) for approval in report.approvals for page in approval.pages]
    shown = tuple(
        (
            day(approval.at, report.zone),
            masked(page.title),
            section(page.section),
            word(f"isi.change-{page.change}"),
            f"{masked(approval.by)}, {approval.commit[:12]}",
            page.address,
        )
        for approval, page in pages
    )
    columns = (
        "isi.tanggal", "isi.naskah", "isi.rubrik", "isi.perubahan", "isi.persetujuan", "isi.alamat",
    )  # fmt: skip
    yield Section(word("bab.c"), 2)
    yield _with_tables(word("bab.c1"), (_sections(report), _table("isi.tayang", columns, shown)))
    yield _with_tables(word("bab.c2"), (_not_shown(report),))


def _sections(report: MonthlyReport) -> Table:
    pages = [page for approval in report.approvals for page in approval.pages]
    kinds = (("new",), ("changed",), ("withdrawn", "removed"))
    rows = [
        (
            section(name),
            *(str(sum(p.section == name and p.change in some for p in pages)) for some in kinds),
        )
        for name in sorted({page.section for page in pages})
    ]
    if rows:
        rows.append((word("isi.jumlah"), *(str(sum(p.change in some for p in pages)) for some in kinds)))
    return _table("isi.rekap", ("isi.rubrik", "isi.baru", "isi.mutakhir", "isi.ditarik"), tuple(rows))


def _not_shown(report: MonthlyReport) -> Table:
    decisions: Sequence[DecisionFact] = sorted(
        (*report.returned, *report.rejected, *report.reopened), key=lambda fact: (fact.at, fact.commit)
    )
    rows = tuple(
        (
            day(fact.at, report.zone),
            masked(fact.title),
            word(f"isi.kind-{fact.kind}"),
            masked(fact.reason),
            masked(fact.by),
        )
        for fact in decisions
    )
    columns = ("isi.tanggal", "isi.naskah", "isi.keputusan", "isi.alasan", "isi.pejabat")
    return _table("isi.tidak-tayang", columns, rows)


def _closing(report: MonthlyReport) -> Iterable[Section]:
    month = month_name(report.month)
    plan = [line.strip().lstrip("#-*• ").strip() for line in masked(report.plan).splitlines()]
    lines = tuple(line for line in plan if line)
    counts = report.counts
    summary = word(
        "isi.simpulan",
        month=month,
        submitted=counts.submitted,
        approved=counts.approved,
        returned=counts.returned,
        rejected=counts.rejected,
        published=counts.published,
    )
    yield Section(word("bab.d"), 2, (summary,))
    heading = word("isi.rencana", month=month_name(report.month.following))
    yield Section(heading, 3, () if lines else (word("isi.rencana-kosong"),), lines)
    yield Section(word("bab.e"), 2, (word("isi.penutup"),))


def _table(caption: str, columns: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> Table:
    return Table(word(caption), tuple(word(column) for column in columns), rows)


def _with_tables(heading: str, tables: tuple[Table, ...], *, chart: bool = False) -> Section:
    """A section of tables; where a table has no row, its caption and "Nihil." stand instead."""
    empty = tuple(f"{table.caption}: {word('kata.nihil')}" for table in tables if not table.rows)
    return Section(heading, 3, empty, tables=tuple(table for table in tables if table.rows), chart=chart)
