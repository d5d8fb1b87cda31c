"""What a month counts, and where it begins and ends."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from sop_site.calendar import office_calendar
from sop_site.report import footing
from sop_site.report import month as months
from sop_site.report.facts import DecisionFact
from sop_site.report.month import Counts, Month, Waiting
from tests.sop_site.report.sample import EMPTY, FACTS, JUNE, WITA, approved_at, june, oid, report


def test_a_month_counts_what_was_proposed_and_decided() -> None:
    assert report().counts == Counts(
        submitted=4, approved=1, returned=1, rejected=1, reopened=0,
        published=2, withdrawn=1, undecided=1, archives=1,
    )  # fmt: skip


def test_waiting_is_counted_in_working_days_without_holidays() -> None:
    # 2 → 3 June is one day; 10 → 17 June passes a weekend and 1 Muharram; 12 → 18 June the same.
    assert report().waiting == Waiting(median=3.0, longest=4, measured=3, unmeasured=0)


def test_the_newest_submission_before_the_decision_starts_the_waiting() -> None:
    decision = replace(FACTS.decisions[0], at=june(11), submissions=(oid("a"), oid("b"), oid("d")))

    assert report(replace(FACTS, decisions=(decision,))).waiting.longest == 1


def test_a_decision_without_a_submission_has_no_waiting_time() -> None:
    decision = replace(FACTS.decisions[0], submissions=())

    assert report(replace(FACTS, decisions=(decision,))).waiting == Waiting(None, None, 0, 1)


@pytest.mark.parametrize(
    ("moment", "counted"),
    [
        (june(1, 0, 0), True),
        (june(1, 0, 0) - timedelta(seconds=1), False),
        (june(30, 23, 59), True),
        (june(30, 23, 59) + timedelta(minutes=1), False),
        (datetime(2026, 6, 30, 17, 0, tzinfo=UTC), False),  # 1 July, 01.00 WITA
        (datetime(2026, 5, 31, 16, 0, tzinfo=UTC), True),  # 1 June, 00.00 WITA
    ],
)
def test_a_month_begins_and_ends_at_midnight_of_the_office(moment: datetime, counted: bool) -> None:
    assert report(approved_at(moment)).counts.approved == int(counted)


def test_an_empty_month_has_no_figures_and_no_waiting_time() -> None:
    empty = report(EMPTY)

    assert set(vars_of(empty.counts)) == {0}
    assert empty.waiting == Waiting(None, None, 0, 0)
    assert empty.tip == EMPTY.genesis
    assert footing.faults(empty) == ()


def vars_of(counts: Counts) -> list[int]:
    return [getattr(counts, name) for name in Counts.__slots__]


def test_a_month_is_provisional_until_its_last_day_is_over() -> None:
    def made(now: datetime) -> bool:
        return months.compose(FACTS, JUNE, zone=WITA, now=now, calendar=office_calendar()).provisional

    assert made(june(30, 23, 59))
    assert not made(june(30, 23, 59) + timedelta(minutes=1))


@pytest.mark.parametrize(("plan", "draft"), [("", True), (" \n\t", True), ("Melatih operator", False)])
def test_a_report_is_a_draft_until_the_plan_is_written(plan: str, draft: bool) -> None:
    assert report(plan=plan).draft is draft


def test_a_later_decision_leaves_a_submission_undecided_at_the_months_end() -> None:
    july = replace(
        FACTS.decisions[0], commit=oid("5"), at=june(30) + timedelta(days=2), submissions=(oid("d"),)
    )
    facts = replace(FACTS, decisions=(*FACTS.decisions, july))

    assert report(facts).counts.undecided == 1
    assert [waiting.working_days for waiting in report(facts).undecided] == [1]
    assert report(facts, Month(2026, 7)).counts.undecided == 0


def test_the_tip_is_the_last_approval_of_the_month_or_before() -> None:
    assert report(month=Month(2026, 5)).tip == FACTS.genesis
    assert report(month=Month(2026, 7)).tip == oid("2")


def test_a_year_without_decreed_holidays_is_said_to_be_uncertain() -> None:
    moment = june(3).replace(year=2027)
    submission = replace(FACTS.submissions[0], at=moment)
    decision = replace(FACTS.decisions[0], at=moment)
    facts = replace(EMPTY, submissions=(submission,), decisions=(decision,))

    assert report().calendar_known
    assert not report(facts, Month(2027, 6)).calendar_known


@pytest.mark.parametrize(
    "text", ["2026-13", "2026-00", "2026-6", "26-06", "2026-06 ", "", "2026-06-01", "juni"]
)
def test_what_is_no_month_is_refused(text: str) -> None:
    assert months.parse(text) is None


def test_december_is_followed_by_january() -> None:
    assert str(Month(2026, 12).following) == "2027-01"
    assert Month(2026, 12).last.isoformat() == "2026-12-31"
    assert Month(2028, 2).last.isoformat() == "2028-02-29"


@pytest.mark.parametrize("name", Counts.__slots__)
def test_a_changed_total_is_found_by_cross_footing(name: str) -> None:
    good = report()
    wrong = replace(good, counts=replace(good.counts, **{name: getattr(good.counts, name) + 1}))

    assert footing.faults(good) == ()
    assert name in footing.faults(wrong)


def test_a_decision_of_another_month_is_found_by_cross_footing() -> None:
    good = report()
    stray = DecisionFact("return", oid("9"), june(30) + timedelta(days=3), "Camat", "head", "Judul")
    wrong = replace(good, returned=(stray,))

    assert "month" in footing.faults(wrong)


def test_a_wrong_number_of_waiting_times_is_found_by_cross_footing() -> None:
    good = report()

    assert "waiting" in footing.faults(replace(good, waiting=replace(good.waiting, measured=2)))
