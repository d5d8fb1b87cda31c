"""Working days, holidays and Balinese days against published dates."""

from datetime import date

import holidays
import pytest

from sop_site import calendar
from sop_site.calendar import balinese_day, balinese_days, office_calendar

CALENDAR = office_calendar()


@pytest.mark.parametrize(
    ("received", "days", "due"),
    [
        ("2026-06-10", 10, "2026-06-25"),
        ("2026-03-13", 10, "2026-04-06"),  # Nyepi, Idul Fitri, joint leave and Good Friday inside
        ("2026-06-13", 1, "2026-06-15"),  # a Saturday: counting starts on Monday
        ("2026-01-01", 1, "2026-01-02"),
    ],
)
def test_a_deadline_is_counted_in_working_days_without_the_day_of_receipt(
    received: str, days: int, due: str
) -> None:
    start, end = date.fromisoformat(received), date.fromisoformat(due)

    assert CALENDAR.add_working_days(start, days) == end
    assert CALENDAR.working_days_between(start, end) == days


def test_balinese_days_move_a_deadline_only_when_asked_to() -> None:
    assert CALENDAR.add_working_days(date(2026, 6, 10), 10, local_days=True) == date(2026, 6, 30)


@pytest.mark.parametrize(
    ("day", "name"),
    [
        *(
            (day, "Galungan")
            for day in ("2007-06-27", "2013-03-27", "2013-10-23", "2023-01-04", "2023-08-02")
        ),
        *(
            (day, "Galungan")
            for day in ("2024-02-28", "2024-09-25", "2025-04-23", "2025-11-19", "2026-06-17")
        ),
        *((day, "Galungan") for day in ("2027-01-13", "2027-08-11")),
        *((day, "Saraswati") for day in ("2013-01-12", "2013-08-10", "2026-04-04", "2026-10-31")),
        *((day, "Pagerwesi") for day in ("2026-04-08", "2026-11-04")),
        ("2026-06-27", "Kuningan"),
        ("2026-06-26", "Penampahan Kuningan"),
        ("2026-06-16", "Penampahan Galungan"),
        ("2026-06-18", "Umanis Galungan"),
    ],
)
def test_the_pawukon_gives_the_published_days(day: str, name: str) -> None:
    assert balinese_day(date.fromisoformat(day)) == name


def test_a_year_lists_its_balinese_days_in_order() -> None:
    days = balinese_days(2026)

    assert (date(2026, 6, 17), "Galungan") in days
    assert list(days) == sorted(days)
    assert all(day.year == 2026 for day, _ in days)


@pytest.mark.parametrize("year", sorted(CALENDAR.years))
def test_the_reviewed_file_agrees_with_the_library(year: int) -> None:
    for kind, category in (("national", "public"), ("joint", "government")):
        library = holidays.country_holidays("ID", years=year, language="id", categories=(category,))
        ours = {day for day, holiday in CALENDAR.holidays.items() if (day.year, holiday.kind) == (year, kind)}

        assert ours == set(library)


def test_2026_has_17_holidays_and_8_days_of_joint_leave() -> None:
    kinds = [holiday.kind for day, holiday in CALENDAR.holidays.items() if day.year == 2026]

    assert (kinds.count("national"), kinds.count("joint")) == (17, 8)


def test_a_year_without_a_file_is_said_to_be_unknown() -> None:
    assert CALENDAR.covers(date(2025, 1, 1), date(2026, 12, 31))
    assert not CALENDAR.covers(date(2024, 12, 31), date(2026, 1, 1))
    assert CALENDAR.estimated == {2027}


def test_nothing_lies_between_a_day_and_itself_or_an_earlier_one() -> None:
    assert CALENDAR.working_days_between(date(2026, 1, 5), date(2026, 1, 5)) == 0
    assert CALENDAR.working_days_between(date(2026, 1, 5), date(2026, 1, 2)) == 0


def test_a_count_of_no_days_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        CALENDAR.add_working_days(date(2026, 1, 5), 0)


def test_a_day_of_another_year_in_a_file_is_refused() -> None:
    text = 'year = 2026\nestimated = false\n[national]\n2025-01-01 = "Tahun Baru"\n[joint]\n'

    with pytest.raises(ValueError, match="another year"):
        calendar.parse(text)
