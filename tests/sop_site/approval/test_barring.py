"""What the ledger bars and what witnesses saw, on values alone: a witness can only tighten."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sop_site.approval.barring import LedgerFacts
from sop_site.approval.entry import Entry

LEISURELY = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""A busy machine is no fault of what is tested."""
EPOCH = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
CHAIN = {f"{number:040x}": number for number in range(5)}
DRAFTS = [f"{number:040x}" for number in range(100, 103)]
DIGESTS = [f"sha256:{number:064x}" for number in range(3)]


def moment(minutes: int) -> datetime:
    return EPOCH + timedelta(minutes=minutes)


def sighting(tip: int, minutes: int, first_seen: int) -> Entry:
    data = {"tip": f"{tip:040x}", "first_seen": moment(first_seen).isoformat()}
    return Entry(0, "witness", "saksi@kantor.id", moment(minutes), "0" * 40, data=data)


def decision(kind: str, draft: int, digest: int, minutes: int) -> Entry:
    data = {"content_digest": DIGESTS[digest]}
    return Entry(0, kind, "camat@kantor.id", moment(minutes), "0" * 40, DRAFTS[draft], "x", data)


positions = st.integers(0, len(CHAIN) - 1)
minutes = st.integers(0, 40)
SIGHTINGS = st.builds(sighting, positions, minutes, minutes)
DECISIONS = st.builds(
    decision, st.sampled_from(["return", "reject", "reopen"]), st.integers(0, 2), st.integers(0, 2), minutes
)


def ordered(entries: Sequence[Entry], start: int = 1) -> list[Entry]:
    """A ledger whose time never runs backwards, each entry with a commit of its own."""
    latest, found = EPOCH, []
    for place, one in enumerate(entries, start):
        latest = max(latest, one.at)
        found.append(
            Entry(place, one.kind, one.actor, latest, one.publish, one.draft, one.reason, one.data, None,
                  f"{1000 + place:040x}")
        )  # fmt: skip
    return found


LEDGERS = st.lists(SIGHTINGS | DECISIONS, max_size=12)


QUESTIONS = st.lists(
    st.tuples(st.sampled_from(DRAFTS), st.sampled_from(DIGESTS), minutes, st.integers(-1, 11), positions),
    min_size=1, max_size=8,
)  # fmt: skip


@LEISURELY
@given(LEDGERS, st.lists(SIGHTINGS, min_size=1, max_size=4), QUESTIONS)
def test_a_further_witness_lifts_no_bar_and_raises_none(
    before: list[Entry], added: list[Entry], questions: list[tuple[str, str, int, int, int]]
) -> None:
    known = LedgerFacts(ordered(before), CHAIN)
    more = LedgerFacts(ordered([*before, *added]), CHAIN)

    for draft, digest, minute, wanted, position in questions:
        named = min(wanted, len(before) - 1)
        bar, then = (facts.barring(draft, digest, moment(minute), named, position) for facts in (known, more))
        assert bar == then


@LEISURELY
@given(LEDGERS, st.lists(SIGHTINGS | DECISIONS, min_size=1, max_size=4))
def test_what_was_seen_first_stays_what_was_seen_first(before: list[Entry], added: list[Entry]) -> None:
    known = LedgerFacts(ordered(before), CHAIN)
    more = LedgerFacts(ordered([*before, *added]), CHAIN)

    for position in CHAIN.values():
        if known.witnessed(position) is not None:
            assert more.witnessed(position) == known.witnessed(position)


@LEISURELY
@given(LEDGERS)
def test_the_first_sighting_of_an_approval_or_a_later_one_counts(before: list[Entry]) -> None:
    entries = ordered(before)
    facts = LedgerFacts(entries, CHAIN)

    for position in CHAIN.values():
        plainly = next(
            (
                (place, datetime.fromisoformat(one.data["first_seen"]))
                for place, one in enumerate(entries)
                if one.kind == "witness" and CHAIN[one.data["tip"]] >= position
            ),
            None,
        )
        assert facts.witnessed(position) == plainly


def test_a_refusal_that_came_after_the_public_saw_it_bars_nothing() -> None:
    rejected = decision("reject", 0, 0, 5)

    late = LedgerFacts(ordered([sighting(2, 5, 5), rejected]), CHAIN)
    assert late.barring(DRAFTS[0], DIGESTS[0], moment(5), -1, 2) is None
    # Seen further down the chain is not seen; named by the approval, a refusal bars whatever was seen.
    assert late.barring(DRAFTS[0], DIGESTS[0], moment(5), -1, 3) is not None
    assert late.barring(DRAFTS[0], DIGESTS[0], moment(5), 1, 2) is not None

    early = LedgerFacts(ordered([rejected, sighting(2, 5, 5)]), CHAIN)
    assert early.barring(DRAFTS[0], DIGESTS[0], moment(5), -1, 2) is not None
