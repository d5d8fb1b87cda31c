"""The two kinds of "no" as values: a finding in a draft, and a refusal of history."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found in a page or file; its words stand in the catalogues under ``code``."""

    code: str
    severity: Severity
    path: str
    line: int | None = None
    """Counted from 1 in the file as it lies on the disk; ``None`` where the whole file is meant."""
    values: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why history is not accepted; ``code`` is one of the approval protocol's reason codes (§10)."""

    code: str
    commit: str | None = None
    detail: str = ""
    """A short technical sentence in English for the auditor; the officer's stands in the catalogues."""


def errors(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Those findings that bar submission and approval."""
    return tuple(finding for finding in findings if finding.severity == "error")


def count(findings: Iterable[Finding]) -> dict[str, int]:
    """How many errors and warnings there are."""
    gravest = [finding.severity == "error" for finding in findings]
    return {"errors": sum(gravest), "warnings": len(gravest) - sum(gravest)}
