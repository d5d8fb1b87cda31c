"""What ``sop return``, ``reject`` and ``reopen`` have in common: decide, and tell what was put on record."""

from pathlib import Path

from pipeline import deciding
from pipeline.desk import Answer, Desk
from pipeline.repository import Repository


def record(desk: Desk, kind: str, draft: str, reason: str, key: Path | None, trust: Path | None) -> Answer:
    """One decision of the head on the ledger."""
    with Repository(desk.repo()) as repo:
        done = deciding.decide(repo, kind, draft, reason, at=desk.clock(), key=key, given_trust=trust)
    data = {
        "draft": done.draft,
        "entry": done.commit,
        "sequence": done.sequence or None,
        "refusals": desk.shown(done.refusals),
    }
    if done.commit is None:
        return Answer(False, data, desk.told(done.refusals))
    return Answer(True, data, [desk.say(f"decided-{kind}", draft=done.draft, sequence=done.sequence)])
