"""How much of a time an address answered, weighted by time, with "unknown" kept apart from "down".

A probe speaks for the time until the next one, but for no longer than ``HOLDS``: what nobody looked at is a
gap, and a gap is neither good nor bad.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Literal

State = Literal["up", "down", "unknown"]

HOLDS = timedelta(minutes=15)
"""How long one probe's answer is taken to last: three times the usual five minutes."""


@dataclass(frozen=True, slots=True)
class ProbeSample:
    """One answer, or an unbroken row of equal answers, of one address."""

    name: str
    url: str
    first: datetime
    """Aware time of the first probe of the row."""
    last: datetime
    """Aware time of the last one; equal to ``first`` for a single probe."""
    state: State
    fault: str = "ok"
    """The fault's class, ``ok`` where there was none."""
    probes: int = 1


@dataclass(frozen=True, slots=True)
class Outage:
    """An unbroken time in which the address did not answer as it should."""

    since: datetime
    until: datetime
    fault: str


@dataclass(frozen=True, slots=True)
class Availability:
    """What is known of one address in one period."""

    percent: float | None
    """Up time as a part of known time, 0 to 100; ``None`` where nothing is known."""
    probes: int
    failures: int
    """Probes that found the address down; unknown ones are not among them."""
    gaps_seconds: int
    """Time of which nothing is known."""
    outages: tuple[Outage, ...]


def availability(
    samples: Sequence[ProbeSample], since: datetime, until: datetime, *, holds: timedelta = HOLDS
) -> Availability:
    """Availability of ONE address between two aware times (``until`` excluded)."""
    inside = sorted(
        (sample for sample in samples if sample.first < until and sample.last >= since),
        key=lambda sample: (sample.first, sample.last),
    )
    up = down = 0.0
    outages: list[Outage] = []
    for place, sample in enumerate(inside):
        begins = max(sample.first, since)
        following = inside[place + 1].first if place + 1 < len(inside) else until
        ends = max(begins, min(sample.last + holds, following, until))
        seconds = (ends - begins).total_seconds()
        if sample.state == "up":
            up += seconds
        elif sample.state == "down":
            down += seconds
            _prolong(outages, Outage(begins, ends, sample.fault))
    known = up + down
    return Availability(
        percent=100 * up / known if known else None,
        probes=sum(sample.probes for sample in inside),
        failures=sum(sample.probes for sample in inside if sample.state == "down"),
        gaps_seconds=round(max(0.0, (until - since).total_seconds() - known)),
        outages=tuple(outages),
    )


def _prolong(outages: list[Outage], found: Outage) -> None:
    if outages and outages[-1].until == found.since:
        found = Outage(outages.pop().since, found.until, found.fault)
    outages.append(found)


def roll_up(samples: Iterable[ProbeSample], *, holds: timedelta = HOLDS) -> dict[str, object]:
    """The compact ``data`` of a ``probe`` ledger entry: rows of equal answers; no floats (protocol §6)."""
    ordered = sorted(samples, key=lambda sample: (sample.name, sample.url, sample.first))
    targets = []
    for (name, url), own in groupby(ordered, key=lambda sample: (sample.name, sample.url)):
        rows: list[ProbeSample] = []
        for sample in own:
            before = rows[-1] if rows else None
            # A gap must stay visible: answers far apart never join into one row.
            if before and before.fault == sample.fault and sample.first - before.last <= holds:
                sample = _joined(rows.pop(), sample)
            rows.append(sample)
        targets.append({"name": name, "url": url, "rows": [_row(row) for row in rows]})
    return {"version": 1, "targets": targets}


def _joined(one: ProbeSample, two: ProbeSample) -> ProbeSample:
    return ProbeSample(one.name, one.url, one.first, two.last, one.state, one.fault, one.probes + two.probes)


def _row(sample: ProbeSample) -> dict[str, object]:
    return {
        "fault": sample.fault,
        "first": sample.first.isoformat(timespec="seconds"),
        "last": sample.last.isoformat(timespec="seconds"),
        "probes": sample.probes,
        "state": sample.state,
    }


def samples_of(entry_data: Mapping[str, object]) -> tuple[ProbeSample, ...]:
    """The samples that a ``probe`` entry's data holds; rows that do not have that form are left out."""
    targets = entry_data.get("targets")
    if not isinstance(targets, Sequence) or isinstance(targets, str):
        return ()
    found = []
    for target in targets:
        rows = target.get("rows") if isinstance(target, Mapping) else None
        for row in rows if isinstance(rows, Sequence) and not isinstance(rows, str) else ():
            sample = _sample(target, row)
            if sample is not None:
                found.append(sample)
    return tuple(found)


def _sample(target: Mapping[str, object], row: object) -> ProbeSample | None:
    if not isinstance(row, Mapping):
        return None
    state, probes = row.get("state"), row.get("probes")
    try:
        first = datetime.fromisoformat(str(row.get("first")))
        last = datetime.fromisoformat(str(row.get("last")))
    except ValueError:
        return None
    if first.tzinfo is None or last.tzinfo is None or last < first:
        return None
    if state not in ("up", "down", "unknown") or type(probes) is not int or probes < 1:
        return None
    name, url = str(target.get("name", "")), str(target.get("url", ""))
    return ProbeSample(name, url, first, last, state, str(row.get("fault", "")), probes)
