"""One calendar month in the office's time zone, and what the facts say about it."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from statistics import median

from sop_site.calendar import Calendar
from sop_site.report.facts import (
    ArchiveFact,
    AvailabilityFact,
    DecisionFact,
    Facts,
    PageFact,
    SubmissionFact,
)

_MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")
_ANSWERS = ("approve", "return", "reject")


@dataclass(frozen=True, slots=True)
class Month:
    """A calendar month, from 00:00 of its first day to 00:00 of the next month's."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, self.number, 1)

    @property
    def following(self) -> "Month":
        """The month after it."""
        return Month(self.year + self.number // 12, self.number % 12 + 1)

    @property
    def last(self) -> date:
        """Its last day."""
        return self.following.first - timedelta(days=1)

    def contains(self, moment: datetime, zone: tzinfo) -> bool:
        """Whether an aware moment falls into the month where the office is."""
        return self.first <= moment.astimezone(zone).date() <= self.last

    def is_over(self, now: datetime, zone: tzinfo) -> bool:
        """Whether ``now`` lies after its last day where the office is."""
        return now.astimezone(zone).date() > self.last

    def start(self, zone: tzinfo) -> datetime:
        """The first moment that belongs to it."""
        return datetime(self.year, self.number, 1, tzinfo=zone)

    def end(self, zone: tzinfo) -> datetime:
        """The first moment that no longer belongs to it."""
        following = self.following.first
        return datetime(following.year, following.month, 1, tzinfo=zone)


def parse(text: str) -> Month | None:
    """The month that ``YYYY-MM`` names, or ``None``."""
    found = _MONTH.fullmatch(text)
    return Month(int(found[1]), int(found[2])) if found else None


@dataclass(frozen=True, slots=True)
class Waiting:
    """How long submissions waited for their decision, in working days (the day of submission is day zero)."""

    median: float | None
    longest: int | None
    measured: int
    unmeasured: int
    """Decisions on drafts that nobody had submitted by the command; their waiting time is unknown."""


@dataclass(frozen=True, slots=True)
class Counts:
    """The figures of the first page."""

    submitted: int
    approved: int
    returned: int
    rejected: int
    reopened: int
    published: int
    """Pages that became public or changed; one approval may hold several."""
    withdrawn: int
    """Pages withdrawn or removed."""
    undecided: int
    """Submissions that nobody had decided on at the end of the month, whenever they were made."""
    archives: int


@dataclass(frozen=True, slots=True)
class Undecided:
    """A submission that still waited for its decision when the month ended, or by now."""

    submission: SubmissionFact
    working_days: int
    """How long it had waited by then; the day of submission is day zero."""


@dataclass(frozen=True, slots=True)
class MonthlyReport:
    """Everything that the report of one month says, before any word is chosen."""

    month: Month
    zone: tzinfo
    draft: bool
    """The plan for the next month has not been written yet."""
    provisional: bool
    """The month is not over."""
    plan: str
    tip: str
    """The last approval up to the month's end, else genesis."""
    tip_is_genesis: bool
    """Nothing had been approved up to the month's end."""
    counts: Counts
    waiting: Waiting
    submissions: tuple[SubmissionFact, ...]
    approvals: tuple[DecisionFact, ...]
    returned: tuple[DecisionFact, ...]
    rejected: tuple[DecisionFact, ...]
    reopened: tuple[DecisionFact, ...]
    undecided: tuple[Undecided, ...]
    """Those that had waited longest first."""
    archives: tuple[ArchiveFact, ...]
    availability: tuple[AvailabilityFact, ...]
    calendar_known: bool
    """Whether the holidays of all years that were counted are known by decree."""


def compose(
    facts: Facts, month: Month, *, zone: tzinfo, now: datetime, calendar: Calendar, plan: str = ""
) -> MonthlyReport:
    """The report of ``month``: decisions count by the committer time of the approval or entry."""
    inside = [decision for decision in facts.decisions if month.contains(decision.at, zone)]
    approvals = _of("approve", inside)
    submissions = tuple(fact for fact in facts.submissions if month.contains(fact.at, zone))
    returned, rejected, reopened = _of("return", inside), _of("reject", inside), _of("reopen", inside)
    archives = tuple(fact for fact in facts.archives if month.contains(fact.at, zone))
    pages = [page for approval in approvals for page in approval.pages]
    until = month.end(zone)
    undecided = _undecided(facts, until)
    last_day = min(month.last, now.astimezone(zone).date())
    counts = Counts(
        submitted=len(submissions),
        approved=len(approvals),
        returned=len(returned),
        rejected=len(rejected),
        reopened=len(reopened),
        published=sum(is_public(page) for page in pages),
        withdrawn=sum(not is_public(page) for page in pages),
        undecided=len(undecided),
        archives=len(archives),
    )
    tip = _tip(facts, until)
    waiting, years = _waiting(inside, facts, zone, calendar)
    return MonthlyReport(
        month=month,
        zone=zone,
        draft=not plan.strip(),
        provisional=not month.is_over(now, zone),
        plan=plan.strip(),
        tip=tip,
        tip_is_genesis=tip == facts.genesis,
        counts=counts,
        waiting=waiting,
        submissions=submissions,
        approvals=approvals,
        returned=returned,
        rejected=rejected,
        reopened=reopened,
        undecided=tuple(
            Undecided(fact, calendar.working_days_between(fact.at.astimezone(zone).date(), last_day))
            for fact in undecided
        ),
        archives=archives,
        availability=facts.availability,
        calendar_known=years <= calendar.years - calendar.estimated,
    )


def is_public(page: PageFact) -> bool:
    """Whether the change left the page's own text before the public."""
    return page.change in ("new", "changed")


def _of(kind: str, decisions: list[DecisionFact]) -> tuple[DecisionFact, ...]:
    return tuple(decision for decision in decisions if decision.kind == kind)


def _waiting(
    decisions: list[DecisionFact], facts: Facts, zone: tzinfo, calendar: Calendar
) -> tuple[Waiting, frozenset[int]]:
    """Waiting times of the decisions, each from the newest submission that it answers."""
    submitted = {fact.commit: fact.at for fact in facts.submissions}
    days: list[int] = []
    years: set[int] = set()
    answers = [decision for decision in decisions if decision.kind in _ANSWERS]
    for decision in answers:
        times = [submitted[commit] for commit in decision.submissions if commit in submitted]
        asked = max((at for at in times if at <= decision.at), default=None)
        if asked is not None:
            start, end = asked.astimezone(zone).date(), decision.at.astimezone(zone).date()
            days.append(calendar.working_days_between(start, end))
            years |= set(range(start.year, end.year + 1))
    waiting = Waiting(
        median=float(median(days)) if days else None,
        longest=max(days, default=None),
        measured=len(days),
        unmeasured=len(answers) - len(days),
    )
    return waiting, frozenset(years)


def _undecided(facts: Facts, until: datetime) -> list[SubmissionFact]:
    decided = {
        commit
        for decision in facts.decisions
        if decision.at < until and decision.kind in _ANSWERS
        for commit in decision.submissions
    }
    waiting = [fact for fact in facts.submissions if fact.at < until and fact.commit not in decided]
    return sorted(waiting, key=lambda fact: (fact.at, fact.commit))


def _tip(facts: Facts, until: datetime) -> str:
    earlier = [decision for decision in facts.decisions if decision.kind == "approve" and decision.at < until]
    return max(earlier, key=lambda approval: approval.sequence).commit if earlier else facts.genesis
