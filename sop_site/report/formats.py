"""One document, several formats: HTML for reading, CSV and JSON for counting again."""

import csv
import io
import json
from base64 import b64encode
from dataclasses import asdict
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from sop_site.report.document import Document
from sop_site.report.month import MonthlyReport

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def html(document: Document, emblem: bytes | None = None) -> bytes:
    """A whole page without scripts or requests to anywhere; ``emblem`` is a PNG, JPEG or SVG."""
    environment = Environment(
        loader=PackageLoader("sop_site.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    picture = f"data:{_media_type(emblem)};base64,{b64encode(emblem).decode()}" if emblem else ""
    return environment.get_template("laporan.html").render(d=document, emblem=picture).encode()


def csv_text(document: Document) -> bytes:
    """All tables below each other, each line led by its caption; UTF-8 with BOM for spreadsheets."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    tables = [document.letter.figures, *(table for part in document.sections for table in part.tables)]
    for table in tables:
        writer.writerow([table.caption, *table.columns])
        for row in table.rows:
            writer.writerow([table.caption, *(_not_a_formula(cell) for cell in row)])
    return ("\ufeff" + file.getvalue()).encode()


def json_text(report: MonthlyReport, document: Document) -> bytes:
    """The figures with the commits that they come from."""
    value: dict[str, Any] = {
        "month": str(report.month),
        "title": document.title,
        "draft": report.draft,
        "provisional": report.provisional,
        "tip": report.tip,
        "counts": asdict(report.counts),
        "waiting": asdict(report.waiting),
        "sources": {
            "submitted": [fact.commit for fact in report.submissions],
            "approved": [fact.commit for fact in report.approvals],
            "returned": [fact.commit for fact in report.returned],
            "rejected": [fact.commit for fact in report.rejected],
            "reopened": [fact.commit for fact in report.reopened],
            "archives": [fact.commit for fact in report.archives],
        },
        "tables": [asdict(table) for part in document.sections for table in part.tables],
    }
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


def _not_a_formula(cell: str) -> str:
    """A title that begins like a formula would be run by a spreadsheet; an apostrophe makes it text."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _media_type(data: bytes) -> str:
    if data.startswith(b"\x89PNG"):
        return "image/png"
    return "image/jpeg" if data.startswith(b"\xff\xd8") else "image/svg+xml"
