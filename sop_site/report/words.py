"""The report's own words: one catalogue in Bahasa Indonesia, since an official letter has one language."""

import tomllib
from datetime import date, datetime, tzinfo
from functools import cache

from babel.dates import format_date
from babel.numbers import format_decimal, format_percent

from sop_site import resources
from sop_site.report.month import Month

_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")


@cache
def _catalogue() -> dict[str, dict[str, str]]:
    return tomllib.loads(resources.text("report/kata.toml"))


def word(key: str, /, **values: object) -> str:
    """The text ``group.name`` with its places filled; ``KeyError`` where there is none."""
    group, name = key.split(".", 1)
    return _catalogue()[group][name].format(**values)


def section(name: str) -> str:
    """What citizens call a section; its folder name where it is new to the catalogue."""
    return _catalogue()["rubrik"].get(name, name)


def day(moment: datetime, zone: tzinfo) -> str:
    """``5 Januari 2026`` where the office is."""
    return long_date(moment.astimezone(zone).date())


def long_date(value: date) -> str:
    """``5 Januari 2026``."""
    return str(format_date(value, "d MMMM y", locale="id"))


def month_name(month: Month) -> str:
    """``Januari 2026``."""
    return str(format_date(month.first, "MMMM y", locale="id"))


def roman(month: Month) -> str:
    """The month's number as letters of the office carry it."""
    return _ROMAN[month.number - 1]


def number(value: float) -> str:
    """``1.234,5`` with at most one decimal."""
    return str(format_decimal(value, "#,##0.#", locale="id"))


def share(value: float) -> str:
    """``99,95%`` of a part between 0 and 1."""
    return str(format_percent(value, "#,##0.##%", locale="id"))
