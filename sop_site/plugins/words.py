"""How values become the public's words: dates, sizes, links and the mark on what is not filled in yet."""

import re
from datetime import date, datetime, time, tzinfo
from functools import cache, lru_cache
from typing import Any

from babel.dates import format_date, format_datetime
from markupsafe import Markup, escape

from sop_site.approval import moments
from sop_site.messages import say
from sop_site.settings import UNFILLED

LANGUAGE = "id"
_ZONE_NAMES: dict[float, str] = {7 * 3600: "WIB", 8 * 3600: "WITA", 9 * 3600: "WIT"}
_TAG_OR_UNFILLED = re.compile(rf"(<[^>]*>)|{re.escape(UNFILLED)}")
_MARK = f'<mark class="unfilled">{UNFILLED}</mark>'
_WEB_ADDRESS = re.compile(r"https?://\S+")


@cache
def _plain(code: str) -> str:
    return say(LANGUAGE, f"site-{code}")


def t(code: str, **values: object) -> str:
    """A public sentence by its code without ``site-``; numbers are given as text, unformatted."""
    if not values:
        return _plain(code)
    return say(LANGUAGE, f"site-{code}", **{name: str(value) for name, value in values.items()})


def mark_unfilled(html: str) -> Markup:
    """``html`` with the exact text "belum diisi oleh kantor" marked, in text only, never in a tag."""
    return Markup(_TAG_OR_UNFILLED.sub(lambda found: found[1] or _MARK, html))  # noqa: S704 - html is escaped


def filled(text: object) -> Markup:
    """Plain text for a page, escaped, with what the office has not given yet marked."""
    return mark_unfilled(str(escape(text)))


def linked(text: object) -> Markup:
    """Like ``filled``; a web address becomes a link."""
    address = str(text)
    if _WEB_ADDRESS.fullmatch(address):
        return Markup('<a href="{0}">{0}</a>').format(address)
    return filled(text)


def size_text(size: int) -> str:
    """A file size for people, decimal units, Indonesian comma."""
    if size < 1_000_000:
        return f"{max(1, round(size / 1000))} KB"
    return f"{size / 1_000_000:.1f} MB".replace(".", ",")


def count(number: int) -> str:
    """A number of things with Indonesian points: 10.000."""
    return f"{number:,}".replace(",", ".")


def dimensions(picture: Any) -> Markup:
    """The attributes that keep a picture's place free, or nothing where its size is unknown."""
    if not (picture.width and picture.height):
        return Markup()
    return Markup(' width="{}" height="{}"').format(picture.width, picture.height)


class Clock:
    """Dates and times in the office's own zone, as Indonesian is written."""

    def __init__(self, zone: tzinfo) -> None:
        self.zone = zone

    def at(self, value: date | datetime) -> datetime:
        """The moment in the office's zone; a bare date is its midnight."""
        if isinstance(value, datetime):
            return moments.shown(value, self.zone) if value.tzinfo else value.replace(tzinfo=self.zone)
        return datetime.combine(value, time(), self.zone)

    def day(self, value: date | datetime) -> str:
        """24 November 2026."""
        return _day(self.at(value).date())

    def moment(self, value: date | datetime) -> str:
        """24 November 2026 pukul 15.05 WITA."""
        there = self.at(value)
        return f"{_day(there.date())} {t('at-time')} {there:%H.%M} {self.zone_name(there)}"

    def span(self, start: date | datetime, end: date | datetime) -> str:
        """From when to when, the day said once where both fall on one."""
        first, last = self.at(start), self.at(end)
        if first.date() != last.date():
            return f"{self.moment(first)} – {self.moment(last)}"
        weekday = format_datetime(first, "EEEE", tzinfo=self.zone, locale=LANGUAGE)
        hours = f"{first:%H.%M}–{last:%H.%M} {self.zone_name(first)}"
        return f"{weekday}, {_day(first.date())}, {t('at-time')} {hours}"

    @staticmethod
    def zone_name(value: datetime) -> str:
        """WIB, WITA or WIT; elsewhere the offset."""
        offset = value.utcoffset()
        seconds = offset.total_seconds() if offset is not None else 0
        return _ZONE_NAMES.get(seconds, f"UTC{value:%z}")


@lru_cache(maxsize=4096)
def _day(value: date) -> str:
    return str(format_date(value, "d MMMM y", locale=LANGUAGE))
