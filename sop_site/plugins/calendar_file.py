"""One event as an iCalendar file (RFC 5545)."""

from datetime import UTC, datetime
from urllib.parse import urlsplit

from sop_site.plugins.shown import Shown
from sop_site.settings import UNFILLED

NAME = "acara.ics"
_STATUS = {"cancelled": "CANCELLED", "moved": "TENTATIVE"}


def calendar(shown: Shown, base: str, office: str) -> str:
    """The event of ``shown``; its sequence number is its approval's, so that calendars take corrections."""
    page = shown.page
    # A notice of withdrawal has kept nothing of the event but when it would have been.
    place = UNFILLED if page.withdrawn else page.place
    status = "CANCELLED" if page.withdrawn else _STATUS.get(page.event_status or "", "CONFIRMED")
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//{_text(office)}//sop-site//ID",
        "BEGIN:VEVENT",
        f"UID:{shown.lasting_url.split('/')[-2]}@{urlsplit(base).hostname}",
        f"SEQUENCE:{shown.approval.sequence}",
        f"DTSTAMP:{_utc(shown.approval.time)}",
        f"DTSTART:{_utc(page.start)}",
        f"DTEND:{_utc(page.end)}",
        f"SUMMARY:{_text(page.title)}",
        f"DESCRIPTION:{_text(page.summary)}",
        *([f"LOCATION:{_text(place)}"] if place != UNFILLED else []),
        f"STATUS:{status}",
        f"URL:{base}{shown.url}",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _utc(value: datetime) -> str:
    return value.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return escaped.replace("\n", "\\n")


def _folded(line: str) -> str:
    """Lines of at most 75 octets, never cut inside a character (section 3.1)."""
    pieces: list[str] = []
    piece = ""
    for character in line:
        if len((piece + character).encode()) > (75 if not pieces else 74):
            pieces.append(piece)
            piece = ""
        piece += character
    return "\r\n ".join([*pieces, piece])
