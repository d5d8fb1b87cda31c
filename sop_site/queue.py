"""What state a draft is in and whose turn it is: judged from its commits and the ledger's decisions alone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

State = Literal["draft", "waiting", "returned", "rejected", "approved", "scheduled", "public", "withdrawn"]
Turn = Literal["operator", "head", "nobody"]
Fate = Literal["shown", "scheduled", "withdrawn"]
"""What became of an approved draft's pages: on the site, kept until their hour, taken back since."""
SETTLED: frozenset[State] = frozenset({"rejected", "approved", "scheduled", "public", "withdrawn"})
"""The states in which nobody has anything to do."""
APPROVED: frozenset[State] = SETTLED - {"rejected"}
"""The states after an approval."""
_ORDER: Sequence[State] = (
    "waiting", "returned", "draft", "rejected", "scheduled", "approved", "public", "withdrawn",
)  # fmt: skip

SUBMISSION_TRAILER = "Sop-Submission: 1"
_ASKED = "Ajukan: "


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
    """Of the whole ledger, or all that are about this tip or this content; oldest first."""
    fate: Fate = "shown"
    """Of its pages, where it was approved."""
    seen: bool = False
    """Whether a witness saw the site with it."""


class Docket:
    """All decisions of the ledger, found by what they are about."""

    def __init__(self, decisions: Iterable[Decision]) -> None:
        """``decisions`` oldest first."""
        self._by_draft: dict[str, list[Decision]] = {}
        self._by_content: dict[str, list[Decision]] = {}
        for decision in decisions:
            self._by_draft.setdefault(decision.draft, []).append(decision)
            self._by_content.setdefault(decision.content_digest, []).append(decision)

    def on(self, draft: str) -> Sequence[Decision]:
        """Decisions on one draft commit, oldest first."""
        return self._by_draft.get(draft, ())

    def about(self, draft: str, content_digest: str) -> list[Decision]:
        """Decisions on a draft commit or on any with the same content, oldest first."""
        found = {d.sequence: d for d in (*self.on(draft), *self._by_content.get(content_digest, ()))}
        return [found[sequence] for sequence in sorted(found)]

    def rejected(self) -> dict[str, str]:
        """Draft commit to content digest of all that was ever rejected."""
        return {
            draft: decision.content_digest
            for draft, decisions in self._by_draft.items()
            for decision in decisions
            if decision.kind == "reject"
        }


def is_submission(message: str) -> bool:
    """Whether a draft commit's message asks for approval (trailer in its last paragraph)."""
    return SUBMISSION_TRAILER in message.rstrip().rpartition("\n\n")[2].split("\n")


def submission_message(title: str, note: str = "") -> str:
    """The message of a submission commit."""
    middle = f"{note.strip()}\n\n" if note.strip() else ""
    return f"{_ASKED}{title}\n\n{middle}{SUBMISSION_TRAILER}\n"


def submission_title(message: str) -> str:
    """What a submission commit calls the draft."""
    return message.partition("\n")[0].removeprefix(_ASKED)


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
        return facts.fate if facts.fate != "shown" else "public" if facts.seen else "approved"
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
        case "scheduled":
            return "wait", "nobody"
        case "public":
            return "public", "nobody"
        case "withdrawn":
            return "withdrawn", "nobody"
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


def rank(state: State, *, urgent: bool, since: datetime) -> tuple[bool, bool, int, datetime]:
    """Place in the queue: what somebody must act on first, serta-merta before all."""
    settled = state in SETTLED
    return settled, settled or not urgent, _ORDER.index(state), since
