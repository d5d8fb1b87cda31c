"""Days as an office counts them: whoever serves until the 30th serves on the 30th."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from sop_site.approval import moments
from sop_site.errors import AnswerIsNo

MAKASSAR = ZoneInfo("Asia/Makassar")


@pytest.mark.parametrize(
    ("given", "first", "end"),
    [
        ("2026-04-30", "2026-04-30T00:00:00+08:00", "2026-05-01T00:00:00+08:00"),
        ("2026-12-31", "2026-12-31T00:00:00+08:00", "2027-01-01T00:00:00+08:00"),
        ("2026-04-30T12:00:00+08:00", "2026-04-30T12:00:00+08:00", "2026-04-30T12:00:00+08:00"),
        ("2026-04-30T12:00:00+00:00", "2026-04-30T12:00:00+00:00", "2026-04-30T12:00:00+00:00"),
    ],
)
def test_a_day_is_whole_and_a_moment_is_exact(given: str, first: str, end: str) -> None:
    assert moments.first_moment(given, MAKASSAR) == datetime.fromisoformat(first)
    assert moments.end_moment(given, MAKASSAR) == datetime.fromisoformat(end)
    assert moments.first_moment(given, MAKASSAR).isoformat() == first


@pytest.mark.parametrize("given", ["", "besok", "2026-02-30", "30-04-2026", "2026-04-30T12:00", "9999-12-31"])
def test_anything_else_is_answered_with_the_form_to_use(given: str) -> None:
    with pytest.raises(AnswerIsNo, match="policy-moment-malformed"):
        moments.end_moment(given, MAKASSAR)
