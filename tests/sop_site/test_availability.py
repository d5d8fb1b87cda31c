"""Availability: weighted by time, unknown apart from down, and the way over the ledger and back."""

import json
from datetime import UTC, datetime, timedelta

from sop_site.availability import ProbeSample, State, availability, roll_up, samples_of

START = datetime(2026, 1, 1, tzinfo=UTC)
HOUR = START + timedelta(hours=1)


def sample(minute: int, state: State = "up", fault: str = "ok", name: str = "Portal") -> ProbeSample:
    at = START + timedelta(minutes=minute)
    return ProbeSample(name, "https://portal.example/", at, at, state, fault)


def test_nothing_known_is_no_percentage() -> None:
    found = availability([], START, HOUR)

    assert (found.percent, found.probes, found.gaps_seconds) == (None, 0, 3600)


def test_time_counts_and_not_the_number_of_probes() -> None:
    samples = [sample(0), *(sample(45 + n, "down", "timeout") for n in range(15)), sample(15), sample(30)]

    found = availability(samples, START, HOUR)

    assert (found.percent, found.failures, found.gaps_seconds) == (75.0, 15, 0)
    assert [(o.since, o.until) for o in found.outages] == [(START + timedelta(minutes=45), HOUR)]


def test_unknown_is_a_gap_and_not_an_outage() -> None:
    found = availability([sample(0), sample(15, "unknown", "network")], START, HOUR)

    assert (found.percent, found.failures, found.outages) == (100.0, 0, ())
    assert found.gaps_seconds == 45 * 60


def test_a_probe_speaks_for_a_limited_time_only() -> None:
    assert availability([sample(0)], START, HOUR).gaps_seconds == 45 * 60


def test_the_roll_up_keeps_the_availability_and_has_no_floats() -> None:
    samples = [
        sample(n, "down" if 20 <= n < 30 else "up", "dns" if 20 <= n < 30 else "ok") for n in range(0, 60, 5)
    ]
    data = json.loads(json.dumps(roll_up(samples)), parse_float=lambda text: 1 / 0)

    assert len(samples_of(data)) == 3
    assert availability(samples_of(data), START, HOUR) == availability(samples, START, HOUR)


def test_a_gap_is_not_rolled_over() -> None:
    assert len(samples_of(roll_up([sample(0), sample(55)]))) == 2


def test_rows_of_another_form_are_left_out() -> None:
    good = roll_up([sample(0)])
    rows = [None, 3, {"first": "x"}, {"first": "2026-01-01T00:00:00", "last": "2026-01-01T00:00:00"}]

    assert samples_of({"targets": [{"rows": rows}, 7]}) == ()
    assert samples_of({}) == samples_of({"targets": "x"}) == ()
    assert len(samples_of(good)) == 1
