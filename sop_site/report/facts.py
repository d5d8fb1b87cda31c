"""What the report is made from: accepted approvals, ledger entries and submissions, as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

Change = Literal["new", "changed", "withdrawn", "removed"]
DecisionKind = Literal["approve", "return", "reject", "reopen"]


@dataclass(frozen=True, slots=True)
class SubmissionFact:
    """A commit on a draft that asked for approval; unsigned, so its time is the operator's word."""

    commit: str
    at: datetime
    title: str
    by: str
    """Name of the commit's author."""


@dataclass(frozen=True, slots=True)
class PageFact:
    """A page that an approval touched."""

    folder: str
    """``content/<section>/<id>``."""
    title: str
    change: Change

    @property
    def section(self) -> str:
        """The section's folder name, for example ``berita``."""
        return self.folder.split("/")[1]

    @property
    def address(self) -> str:
        """Site path of the page (content model, "Where things lie")."""
        _, section, name = self.folder.split("/", 2)
        return f"/{name}/" if section == "halaman" else f"/{section}/{name}/"


@dataclass(frozen=True, slots=True)
class DecisionFact:
    """One decision of the head on a draft: an accepted approval, or a signed entry of the ledger."""

    kind: DecisionKind
    commit: str
    """The approval, or the ledger commit that carries the entry."""
    at: datetime
    by: str
    """Name of the person, as the policy has it."""
    role: str
    title: str
    """Title of what was decided on."""
    reason: str = ""
    submissions: tuple[str, ...] = ()
    """Submission commits that this decision answers, oldest first."""
    sequence: int = 0
    """The approval's number; 0 for ledger entries."""
    assurance: str = "personal"
    pages: tuple[PageFact, ...] = ()
    """For an approval: what it made public."""


@dataclass(frozen=True, slots=True)
class ArchiveFact:
    """An ``archive`` entry of the ledger."""

    commit: str
    at: datetime
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class AvailabilityFact:
    """How one monitored address answered during the month."""

    name: str
    url: str
    share: float | None
    """Part of the known time in which it answered well, 0 to 1; ``None`` where nothing is known."""
    probes: int
    failures: int = 0
    """Probes that found it down."""
    unknown_seconds: int = 0
    """Time of which nothing is known; it counts neither way."""


@dataclass(frozen=True, slots=True)
class Facts:
    """The whole history as the verifier accepts it."""

    tip: str
    """The verified tip of ``publish``."""
    genesis: str
    genesis_at: datetime
    decisions: tuple[DecisionFact, ...] = ()
    """Approvals and ledger decisions in order of time."""
    submissions: tuple[SubmissionFact, ...] = ()
    archives: tuple[ArchiveFact, ...] = ()
    availability: tuple[AvailabilityFact, ...] = field(default=())
    """Of the reported month only; empty where the month has no probes."""
