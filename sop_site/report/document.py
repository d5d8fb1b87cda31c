"""The report as a document: letter, headings, paragraphs and tables in Bahasa Indonesia, not yet laid out."""

from dataclasses import asdict, dataclass
from typing import Any

from sop_site.messages import masked
from sop_site.report import body
from sop_site.report.body import Section, Table
from sop_site.report.chart import bars
from sop_site.report.month import MonthlyReport
from sop_site.report.words import month_name, number, roman, word
from sop_site.settings import UNFILLED, Settings

_FIGURES = (
    "submitted",
    "approved",
    "returned",
    "rejected",
    "reopened",
    "published",
    "withdrawn",
    "undecided",
    "archives",
)
_BARS = ("submitted", "approved", "returned", "rejected", "undecided")


@dataclass(frozen=True, slots=True)
class Letterhead:
    """The head of the first page."""

    government: str
    office: str
    lines: tuple[str, ...]
    initials: str
    """The plain typographic mark that stands where the office has given no emblem."""


@dataclass(frozen=True, slots=True)
class Letter:
    """The covering letter: one page for whoever leads."""

    fields: tuple[tuple[str, str], ...]
    place_date: str
    recipient: tuple[str, ...]
    opening: str
    figures: Table
    closing: str


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signs, as the settings name them; a name or number that is not given stays an empty line."""

    post: str
    name: str
    rank: str
    nip: str
    maker: str
    maker_post: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing with its words for those who do not see it."""

    caption: str
    alternative: str
    svg: str


@dataclass(frozen=True, slots=True)
class Document:
    """Everything that any format of the report shows."""

    title: str
    titles: tuple[str, ...]
    marks: tuple[str, ...]
    mark_notes: tuple[str, ...]
    letterhead: Letterhead
    letter: Letter
    signature: Signature
    chart: Chart
    sections: tuple[Section, ...]
    footer: str
    page_words: tuple[str, str]

    def plain(self) -> dict[str, Any]:
        """As nested JSON-able values, for templates."""
        return asdict(self)


def compose(report: MonthlyReport, settings: Settings, plan_file: str) -> Document:
    """Put the report into words; ``plan_file`` is the file name in which the plan is awaited."""
    office, month = settings.office.name, month_name(report.month)
    marks, notes = [], []
    if report.draft:
        marks.append(word("kata.draf"))
        notes.append(word("kata.arti-draf", file=plan_file))
    if report.provisional:
        marks.append(word("kata.sementara"))
        notes.append(word("kata.arti-sementara"))
    return Document(
        title=word("kata.judul", office=office, month=month),
        titles=(
            word("kata.judul-atas"),
            word("kata.judul-tengah", office=office.upper()),
            word("kata.judul-bawah", month=month.upper()),
        ),
        marks=tuple(marks),
        mark_notes=tuple(notes),
        letterhead=_letterhead(settings),
        letter=_letter(report, settings),
        signature=_signature(settings),
        chart=_chart(report),
        sections=body.compose(report, settings),
        footer=word(
            "kata.kaki-pembukaan" if report.tip_is_genesis else "kata.kaki",
            office=office,
            month=month,
            commit=report.tip[:12],
        ),
        page_words=(word("kata.halaman"), word("kata.dari")),
    )


def _letterhead(settings: Settings) -> Letterhead:
    office = settings.office
    contact = [
        ("Telepon ", office.phone),
        ("Laman ", office.url.split("://", 1)[-1]),
        ("Pos-el ", office.email),
        ("Kode pos ", office.postcode),
    ]
    given = [label + value for label, value in contact if value != UNFILLED]
    address = office.address if office.address != UNFILLED else ""
    return Letterhead(
        government=office.parent.upper() if office.parent != UNFILLED else "",
        office=office.name.upper(),
        lines=tuple(line for line in (address, " · ".join(given)) if line),
        initials="".join(part[0] for part in office.name.split()[:3]).upper(),
    )


def _letter(report: MonthlyReport, settings: Settings) -> Letter:
    office, month = settings.office, month_name(report.month)
    # The letter is written in the month that follows; day and running number are the clerk's to give.
    following = report.month.following
    number_line = word(
        "surat.nomor", code=settings.report.classification, roman=roman(following), year=following.year
    )
    city = office.city if office.city != UNFILLED else "." * 16
    rows = [(word(f"angka.{name}"), str(getattr(report.counts, name))) for name in _FIGURES]
    for name, value in (("median", report.waiting.median), ("longest", report.waiting.longest)):
        known = word("angka.hari-kerja", days=number(value)) if value is not None else None
        rows.append((word(f"angka.{name}"), known or word("kata.tidak-tersedia")))
    return Letter(
        fields=(
            ("Nomor", number_line),
            ("Sifat", word("surat.sifat")),
            ("Lampiran", word("surat.lampiran")),
            ("Hal", word("surat.hal", office=office.name, month=month)),
        ),
        place_date=word("surat.tanggal", city=city, month=month_name(following)),
        recipient=("Yth. " + settings.report.recipient, word("surat.tempat-tujuan")),
        opening=word("surat.pembuka", office=office.name, month=month),
        figures=Table(
            word("surat.pokok", month=month), (word("surat.uraian"), word("surat.jumlah")), tuple(rows)
        ),
        closing=word("surat.penutup"),
    )


def _signature(settings: Settings) -> Signature:
    head = settings.head
    post = head.title if head.title != UNFILLED else head.name.upper()
    # A function is not a person's name: it already stands as the post, and the name is left to be filled in.
    name = "" if head.name == UNFILLED or head.name.upper() == post.upper() else head.name
    return Signature(
        post=post.rstrip(",") + ",",
        name=name,
        rank=head.rank or "",
        nip=f"NIP {head.nip}" if head.nip else "",
        maker=word("surat.pembuat"),
        maker_post=word("surat.jabatan-pembuat"),
    )


def _chart(report: MonthlyReport) -> Chart:
    caption = word("isi.bagan", month=month_name(report.month))
    values = [(word(f"angka.{name}"), int(getattr(report.counts, name))) for name in _BARS]
    said = "; ".join(f"{label} {value}" for label, value in values)
    alternative = word("isi.bagan-uraian", values=masked(said))
    return Chart(caption, alternative, bars(caption, alternative, values))
