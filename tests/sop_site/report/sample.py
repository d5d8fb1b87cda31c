"""A June with one of everything, as facts."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sop_site import settings as office_settings
from sop_site.calendar import office_calendar
from sop_site.report import month as months
from sop_site.report.facts import (
    ArchiveFact,
    AvailabilityFact,
    DecisionFact,
    Facts,
    PageFact,
    SubmissionFact,
)
from sop_site.report.month import MonthlyReport

WITA = ZoneInfo("Asia/Makassar")
JUNE = months.Month(2026, 6)
SETTINGS = office_settings.parse(
    b"""
[office]
name = "Kecamatan Percontohan"
parent = "Pemerintah Kabupaten Percontohan"
url = "https://percontohan.go.id"
city = "Kota Percontohan"
[head]
id = "camat@percontohan.go.id"
name = "Camat Percontohan"
title = "CAMAT PERCONTOHAN"
"""
)


def june(day: int, hour: int = 9, minute: int = 0) -> datetime:
    """A moment of June 2026 in WITA."""
    return datetime(2026, 6, day, hour, minute, tzinfo=WITA)


def oid(sign: str) -> str:
    """A commit id."""
    return sign * 40


FACTS = Facts(
    tip=oid("2"),
    genesis=oid("0"),
    genesis_at=june(1),
    submissions=(
        SubmissionFact(oid("a"), june(2), "Kerja bakti pantai", "Operator 1"),
        SubmissionFact(oid("b"), june(10), "Jadwal perekaman keliling", "Operator 1"),
        SubmissionFact(oid("c"), june(12), "Promosi toko", "Operator 1"),
        SubmissionFact(oid("d"), june(29), "Agenda posyandu", "Operator 1"),
    ),
    decisions=(
        DecisionFact(
            "return", oid("1"), june(3), "Camat Percontohan", "head", "Kerja bakti pantai",
            "Sebutkan waktu berkumpul", (oid("a"),),
        ),
        DecisionFact(
            "approve", oid("2"), june(17), "Camat Percontohan", "head", "Jadwal", "", (oid("b"),), 1,
            "personal",
            (
                PageFact("content/berita/2026-06-10-kerja-bakti", "Kerja bakti berjalan lancar", "new"),
                PageFact("content/halaman/kontak", "Kontak kantor", "changed"),
                PageFact("content/layanan/lama", "Layanan lama", "withdrawn"),
            ),
        ),
        DecisionFact(
            "reject", oid("3"), june(18), "Plt. Camat Percontohan", "acting", "Promosi toko",
            "Iklan usaha perorangan", (oid("c"),),
        ),
    ),
    archives=(ArchiveFact(oid("4"), june(30), {"archive": "arsip-20260630"}),),
    availability=(AvailabilityFact("Portal Pemkab", "https://portal.go.id/", 0.9987, 30),),
)  # fmt: skip
EMPTY = Facts(tip=oid("0"), genesis=oid("0"), genesis_at=june(1))


def report(
    facts: Facts = FACTS, month: months.Month = JUNE, *, plan: str = "Memperbarui maklumat", day: int = 3
) -> MonthlyReport:
    """The report as made in the following July."""
    now = datetime(2026, 7, day, 9, 0, tzinfo=WITA)
    return months.compose(facts, month, zone=WITA, now=now, calendar=office_calendar(), plan=plan)


def approved_at(moment: datetime) -> Facts:
    """A history with one approval at ``moment``."""
    return replace(EMPTY, decisions=(replace(FACTS.decisions[1], at=moment, submissions=()),))
