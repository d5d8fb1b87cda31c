"""A verified history as it stood when one of its approvals was the newest."""

from dataclasses import replace

from pipeline import history
from pipeline.verification import Verification
from sop_site.approval import policy
from sop_site.approval.policy import Policy


def as_of(verification: Verification, tip: str) -> Verification | None:
    """The accepted history up to ``tip``, for a look at what was public then; ``None`` where it is not on it.

    Nothing is judged again: what comes after an approval takes nothing from what the tree of ``tip`` is.
    """
    verdict = verification.verdict
    if not verdict.ok or verdict.genesis is None:
        return None
    chain = [verdict.genesis.commit, *(approval.commit for approval in verdict.approvals)]
    if tip not in chain:
        return None
    place = chain.index(tip)
    if place == len(verdict.approvals):
        return verification
    store = verification.store
    written = history.file_at(store, store.links(tip).tree, policy.PATH)
    rules = policy.parse(written or b"")
    assert isinstance(rules, Policy)
    then = replace(verdict, tip=tip, approvals=verdict.approvals[:place], policy=rules)
    return replace(verification, verdict=then)
