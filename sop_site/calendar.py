"""Working days of a government office: five-day weeks, public holidays, joint leave, and Bali's own days.

Holidays come from reviewed files (``data/calendar/<year>.toml``, after each year's joint decree of three
ministers). Balinese days are calculated from the 210-day pawukon cycle; they do not stop a legal clock unless
asked to, because leaving them out gives the earlier deadline.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Literal

from sop_site import resources

_FRIDAY = 4
_DAY = timedelta(days=1)
# Redite Sinta, the first day of the cycle; it fell on Sunday, 21 May 2023.
_CYCLE_START, _CYCLE = date(2023, 5, 21), 210
# Place in the cycle: 7 x wuku + day, both counted from 0, the day from Sunday.
_PAWUKON = {
    3: "Pagerwesi",
    72: "Penampahan Galungan",
    73: "Galungan",
    74: "Umanis Galungan",
    82: "Penampahan Kuningan",
    83: "Kuningan",
    84: "Umanis Kuningan",
    209: "Saraswati",
}


@dataclass(frozen=True, slots=True)
class Holiday:
    """A day on which the office is closed."""

    day: date
    name: str
    kind: Literal["national", "joint"]
    """``national``: libur nasional; ``joint``: cuti bersama."""


@dataclass(frozen=True)
class Calendar:
    """The holidays of the years that are known."""

    holidays: Mapping[date, Holiday]
    years: frozenset[int]
    estimated: frozenset[int]
    """Years whose lunar dates are not fixed by decree yet."""

    def covers(self, first: date, last: date) -> bool:
        """Whether every year between two days is known; in an unknown year only weekends count as free."""
        return set(range(first.year, last.year + 1)) <= self.years

    def is_working_day(self, day: date, *, local_days: bool = False) -> bool:
        """Whether the office works on ``day``; ``local_days`` takes Balinese days as free."""
        if day.weekday() > _FRIDAY or day in self.holidays:
            return False
        return not (local_days and balinese_day(day))

    def working_days_between(self, start: date, end: date, *, local_days: bool = False) -> int:
        """Working days after ``start``, ``end`` included; the first day is day zero (UU 14/2008 Pasal 22)."""
        days = (start + _DAY * step for step in range(1, (end - start).days + 1))
        return sum(self.is_working_day(day, local_days=local_days) for day in days)

    def add_working_days(self, start: date, count: int, *, local_days: bool = False) -> date:
        """The day on which ``count`` (at least 1) working days after ``start`` have passed."""
        if count < 1:
            raise ValueError("count is at least 1")
        day = start
        while count:
            day += _DAY
            count -= self.is_working_day(day, local_days=local_days)
        return day


def balinese_day(day: date) -> str | None:
    """Name of the Balinese holy day of the pawukon cycle that falls on ``day``."""
    return _PAWUKON.get((day - _CYCLE_START).days % _CYCLE)


def balinese_days(year: int) -> tuple[tuple[date, str], ...]:
    """All pawukon holy days of a year, in order."""
    first = date(year, 1, 1)
    days = (first + _DAY * step for step in range((date(year + 1, 1, 1) - first).days))
    return tuple((day, name) for day in days if (name := balinese_day(day)))


def parse(text: str) -> tuple[int, bool, tuple[Holiday, ...]]:
    """Year, whether it is an estimate, and holidays of one calendar file."""
    table = tomllib.loads(text)
    year = int(table["year"])
    found = [
        Holiday(date.fromisoformat(day), str(name), kind)
        for kind in ("national", "joint")
        for day, name in table[kind].items()
    ]
    if any(holiday.day.year != year for holiday in found):
        raise ValueError(f"a day of another year stands in {year}")
    return year, bool(table["estimated"]), tuple(found)


@cache
def office_calendar() -> Calendar:
    """The calendar that the package carries."""
    files = sorted(path.name for path in resources.data("calendar").glob("*.toml"))
    years = [parse(resources.text(f"calendar/{name}")) for name in files]
    return Calendar(
        {holiday.day: holiday for _, _, holidays in years for holiday in holidays},
        frozenset(year for year, _, _ in years),
        frozenset(year for year, estimated, _ in years if estimated),
    )
