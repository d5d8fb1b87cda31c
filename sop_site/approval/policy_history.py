"""The policies that an office has had, one after the other, and what each changed (protocol §3)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sop_site.approval import comparing
from sop_site.approval.comparing import Step
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
    if old is None:
        return tuple(_first(new))
    return tuple(change for step in comparing.steps(old, new) for change in _told(step))


def _first(new: Policy) -> Iterator[PolicyChange]:
    for person in new.persons:
        yield _added(person)
    for entry in new.revoked:
        owner = new.owner(entry.key)
        yield PolicyChange("key-revoked", _revoked(entry.key, owner, entry.reason))
    yield PolicyChange("threshold", {"new": str(new.threshold)})
    yield PolicyChange("separation-on" if new.separation else "separation-off")
    for name, table in (("passkeys", new.webauthn), ("forge", new.github)):
        if table is not None:
            yield PolicyChange(f"{name}-on")


def _told(step: Step) -> Iterator[PolicyChange]:
    """The sentences for one difference."""
    if step.person is not None and step.kind not in ("key-revoked", "key-restored"):
        yield from _told_of(step, step.person)
        return
    before, after = step.values.get("before"), step.values.get("after")
    match step.kind:
        case "threshold":
            yield PolicyChange("threshold-changed", {"old": str(before), "new": str(after)})
        case "separation":
            yield PolicyChange("separation-on" if after else "separation-off")
        case "webauthn" | "github":
            name = "passkeys" if step.kind == "webauthn" else "forge"
            turned = "off" if after is None else "on" if before is None else "changed"
            yield PolicyChange(f"{name}-{turned}")
        case "key-revoked":
            values = _revoked(str(step.values["key"]), step.person, str(step.values["reason"]))
            since = step.values["since"]
            if since is None:
                yield PolicyChange("key-revoked", values)
            else:
                yield PolicyChange("key-compromised", {**values, "commit": str(since)})
        case "key-restored":
            yield PolicyChange("key-restored", {"key": str(step.values["key"])})
        case _:
            yield PolicyChange(step.kind)


def _told_of(step: Step, person: Person) -> Iterator[PolicyChange]:
    who, before = _named(person), step.values.get("before")
    match step.kind:
        case "person-added":
            yield _added(person)
        case "name" | "role":
            yield PolicyChange(f"{step.kind}-changed", {**who, "old": str(before)})
        case "root":
            yield PolicyChange("root-on" if person.root else "root-off", who)
        case "decree":
            yield PolicyChange("decree-changed", {**who, "decree": person.decree or ""})
        case "scope":
            yield PolicyChange("scope-changed", {**who, "scope": ", ".join(person.scope)})
        case "term":
            assert isinstance(before, Person)
            if before.until != person.until and person.until is None:
                yield PolicyChange("term-open", who)
            elif before.until != person.until and person.until is not None:
                yield PolicyChange("term-until", who, {"until": person.until})
            if before.start != person.start:
                yield PolicyChange("term-from", who, {"from": person.start})
        case "key-added" | "key-removed":
            yield PolicyChange(step.kind, {**who, "key": str(step.values["key"])})
        case _:
            yield PolicyChange(step.kind, who)


def _added(person: Person) -> PolicyChange:
    values = {**_named(person), "decree": person.decree or ""}
    moments = {"from": person.start}
    if person.until is None:
        return PolicyChange("person-added", values, moments)
    return PolicyChange("person-added-until", values, {**moments, "until": person.until})


def _revoked(key: str, owner: Person | None, reason: str) -> dict[str, str]:
    return {"key": key, "name": owner.name if owner else "", "reason": reason}


def _named(person: Person) -> dict[str, str]:
    return {"name": person.name, "role": person.role}
