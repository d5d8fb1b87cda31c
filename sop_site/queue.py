"""What state a draft is in and whose turn it is: judged from its commits and the ledger's decisions alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

State = Literal["draft", "waiting", "returned", "rejected", "approved"]
Turn = Literal["operator", "head", "nobody"]

SUBMISSION_TRAILER = "Sop-Submission: 1"


@dataclass(frozen=True, slots=True)
class Submission:
    """A commit on the draft by which the operator asks for approval."""

    commit: str
    at: datetime
    by: str
    """E-mail address of its author, unproven like everything on a draft."""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """A ``return``, ``reject`` or ``reopen`` entry of the ledger."""

    kind: str
    draft: str
    """The draft commit that it is about."""
    content_digest: str
    actor: str
    at: datetime
    reason: str
    sequence: int


@dataclass(frozen=True, slots=True)
class DraftFacts:
    """What is known of one draft before it is judged."""

    tip: str
    content_digest: str
    approved: bool
    """Whether the tip is part of what was approved."""
    stale: bool
    """Whether publish moved on since the draft left it."""
    conflicts: bool
    """Whether bringing a stale draft up to date needs a person."""
    submissions: Sequence[Submission]
    decisions: Sequence[Decision]
    """Of the whole ledger, oldest first."""


def is_submission(message: str) -> bool:
    """Whether a draft commit's message asks for approval (trailer in its last paragraph)."""
    return SUBMISSION_TRAILER in message.rstrip().rpartition("\n\n")[2].split("\n")


def submission_message(title: str, note: str = "") -> str:
    """The message of a submission commit."""
    middle = f"{note.strip()}\n\n" if note.strip() else ""
    return f"Ajukan: {title}\n\n{middle}{SUBMISSION_TRAILER}\n"


def submission_note(message: str) -> str:
    """The operator's note in a submission commit's message."""
    rest = message.rstrip().partition("\n\n")[2]
    return rest.removesuffix(SUBMISSION_TRAILER).strip()


def bars(tip: str, content_digest: str, decisions: Sequence[Decision]) -> Decision | None:
    """The decision that stands against approving this tip, if any (approval protocol §4.10)."""
    standing: Decision | None = None
    for decision in decisions:
        same = decision.draft == tip
        alike = decision.content_digest == content_digest
        if decision.kind == "reopen" and (same or alike):
            standing = None
        elif (decision.kind == "reject" and (same or alike)) or (decision.kind == "return" and same):
            standing = decision
    return standing


def state(facts: DraftFacts) -> State:
    """The draft's state; edits after a submission or a decision make it a plain draft again."""
    if facts.approved:
        return "approved"
    bar = bars(facts.tip, facts.content_digest, facts.decisions)
    if bar is not None:
        return "rejected" if bar.kind == "reject" else "returned"
    if any(submission.commit == facts.tip for submission in facts.submissions):
        return "waiting"
    return "draft"


def turn(facts: DraftFacts) -> tuple[str, Turn]:
    """What comes next and whose turn it is; the first is a code of the catalogue's ``queue-next-…``."""
    match state(facts):
        case "approved":
            return "deploy", "nobody"
        case "rejected":
            return "none", "nobody"
        case "returned":
            return "repair", "operator"
        case "waiting" if facts.conflicts:
            return "resolve", "operator"
        case "waiting" if facts.stale:
            return "update", "head"
        case "waiting":
            return "decide", "head"
        case "draft":
            return "submit", "operator"
