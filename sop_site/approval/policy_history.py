"""The policies that an office has had, one after the other, and what each changed (protocol §3)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sop_site.approval import policy_fields as fields
from sop_site.approval.policy import Person, Policy


@dataclass(frozen=True, slots=True)
class PolicyVersion:
    """One policy, by which approval it came, and who signed it."""

    policy: Policy
    digest: str
    """``sha256:…`` of the file's bytes."""
    commit: str
    """The approval that brought it, or genesis."""
    sequence: int
    """That approval's number; 0 for genesis."""
    since: datetime
    """Its committer time: the policy judges what comes after it."""
    signers: frozenset[str] = frozenset()
    """Fingerprints of the keys that signed the policy."""


@dataclass(frozen=True, slots=True)
class PolicyChange:
    """One step of a policy change; ``code`` has its sentence in the catalogue."""

    code: str
    values: Mapping[str, str] = field(default_factory=dict)
    moments: Mapping[str, datetime] = field(default_factory=dict)
    """Times, told apart from ``values`` since each reader writes them his own way."""


def changes(old: Policy | None, new: Policy) -> tuple[PolicyChange, ...]:
    """What a citizen should know of the step from ``old`` to ``new``; ``None`` stands before the first."""
    found = [*_persons(old, new), *_revocations(old, new)]
    if old is None:
        found.append(PolicyChange("threshold", {"new": str(new.threshold)}))
    elif old.threshold != new.threshold:
        values = {"old": str(old.threshold), "new": str(new.threshold)}
        found.append(PolicyChange("threshold-changed", values))
    if old is None or old.separation != new.separation:
        found.append(PolicyChange("separation-on" if new.separation else "separation-off"))
    passkeys, forge = (old.webauthn, old.github) if old is not None else (None, None)
    for name, before, after in (("passkeys", passkeys, new.webauthn), ("forge", forge, new.github)):
        if before != after:
            step = "off" if after is None else "on" if before is None else "changed"
            found.append(PolicyChange(f"{name}-{step}"))
    if old is not None and old.protected != new.protected:
        found.append(PolicyChange("protected"))
    return tuple(found)


def _persons(old: Policy | None, new: Policy) -> Iterator[PolicyChange]:
    for person in new.persons:
        before = old.person(person.id) if old is not None else None
        if before is None:
            yield _added(person)
        else:
            yield from _changed(before, person)
    for person in old.persons if old is not None else ():
        if new.person(person.id) is None:
            yield PolicyChange("person-removed", _named(person))


def _added(person: Person) -> PolicyChange:
    values = {**_named(person), "decree": person.decree or ""}
    moments = {"from": person.start}
    if person.until is None:
        return PolicyChange("person-added", values, moments)
    return PolicyChange("person-added-until", values, {**moments, "until": person.until})


def _changed(old: Person, new: Person) -> Iterator[PolicyChange]:
    who = _named(new)
    if old.name != new.name:
        yield PolicyChange("name-changed", {**who, "old": old.name})
    if old.role != new.role:
        yield PolicyChange("role-changed", {**who, "old": old.role})
    if old.root != new.root:
        yield PolicyChange("root-on" if new.root else "root-off", who)
    if old.until != new.until:
        ended = "term-open" if new.until is None else "term-until"
        yield PolicyChange(ended, who, {} if new.until is None else {"until": new.until})
    if old.start != new.start:
        yield PolicyChange("term-from", who, {"from": new.start})
    if old.decree != new.decree:
        yield PolicyChange("decree-changed", {**who, "decree": new.decree or ""})
    if old.scope != new.scope:
        yield PolicyChange("scope-changed", {**who, "scope": ", ".join(new.scope)})
    for code, one, other in (("key-added", new, old), ("key-removed", old, new)):
        for key in one.keys:
            if key not in other.keys:
                yield PolicyChange(code, {**who, "key": fields.fingerprint_of(key)})


def _revocations(old: Policy | None, new: Policy) -> Iterator[PolicyChange]:
    known = {entry.key: entry for entry in old.revoked} if old is not None else {}
    for entry in new.revoked:
        if known.get(entry.key) == entry:
            continue
        owner = new.owner(entry.key) or (old.owner(entry.key) if old is not None else None)
        values = {"key": entry.key, "name": owner.name if owner else "", "reason": entry.reason}
        if entry.compromised_since is None:
            yield PolicyChange("key-revoked", values)
        else:
            yield PolicyChange("key-compromised", {**values, "commit": entry.compromised_since})
    standing = {entry.key for entry in new.revoked}
    yield from (PolicyChange("key-restored", {"key": key}) for key in known if key not in standing)


def _named(person: Person) -> dict[str, str]:
    return {"name": person.name, "role": person.role}
