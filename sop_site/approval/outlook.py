"""What a policy means for the days to come: who could still decide, and what would leave nobody."""

from collections.abc import Iterator
from datetime import datetime

from sop_site.answers import Finding
from sop_site.approval import endorsement
from sop_site.approval.policy import BOUNDED, PATH, Person, Policy

DECIDING = frozenset({"head", "acting"})
"""Roles that approve everything, changes of policy included."""


def usable_keys(policy: Policy, person: Person) -> tuple[str, ...]:
    """Fingerprints of a person's keys that are not revoked."""
    return tuple(key for key in person.fingerprints if not policy.is_revoked(key))


def deciders(policy: Policy) -> tuple[Person, ...]:
    """Heads and acting heads with a key that counts, whatever their term."""
    return tuple(one for one in policy.persons if one.role in DECIDING and usable_keys(policy, one))


def nobody_from(policy: Policy, now: datetime) -> datetime | None:
    """The first moment from ``now`` on at which no head or acting head is in term, if there is one."""
    able = deciders(policy)
    ends = sorted(person.until for person in able if person.until is not None and person.until > now)
    return next((moment for moment in (now, *ends) if not any(one.in_term(moment) for one in able)), None)


def could_enact(old: Policy, new: Policy, now: datetime) -> tuple[Person, ...]:
    """Who could approve the change from ``old`` to ``new`` by a key that neither makes void (§4.6)."""
    void = {entry.key for entry in new.revoked if entry.compromised_since is not None}
    return tuple(
        person
        for person in deciders(old)
        if (person.until is None or person.until > now) and set(usable_keys(old, person)) - void
    )


def warnings(policy: Policy, now: datetime, old: Policy | None = None) -> tuple[Finding, ...]:
    """What an office should know before it lives by ``policy``; with ``old``, only what that did not have."""
    before = {_sense(one) for one in _warnings(old, now)} if old is not None else set()
    return tuple(one for one in _warnings(policy, now) if _sense(one) not in before)


def _sense(finding: Finding) -> tuple[str, object]:
    return finding.code, tuple(finding.values.items())


def _warnings(policy: Policy, now: datetime) -> Iterator[Finding]:
    moment = nobody_from(policy, now)
    if moment is not None:
        yield _warning("policy-nobody-approves", at=moment.isoformat())
    holders = [root for root in policy.roots if usable_keys(policy, root)]
    spare = sum(len(usable_keys(policy, root)) for root in holders)
    if len(holders) == policy.threshold and spare == len(holders):
        yield _warning("policy-no-spare-root", count=policy.threshold)
    bounded = [
        one for one in policy.persons if one.role in BOUNDED and (one.until is None or one.until > now)
    ]
    if bounded and not any(
        one.role == "witness" and one.in_term(now) and usable_keys(policy, one) for one in policy.persons
    ):
        yield _warning("policy-no-witness", person=bounded[0].id)


def _warning(code: str, **values: str | int) -> Finding:
    return Finding(code, "warning", PATH, None, values)


def unreachable(old: Policy, new: Policy) -> tuple[endorsement.Lack, ...]:
    """Conditions that would stay open even if every key signed that may."""
    return endorsement.lacking(old, new, endorsement.may_sign(old, new))
