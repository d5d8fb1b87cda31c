"""What differs between two policies, one step at a time, for readers who do not read TOML."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from sop_site.approval.policy import Person, Policy
from sop_site.approval.policy_fields import fingerprint_of


@dataclass(frozen=True, slots=True)
class Step:
    """One difference; its words stand in the catalogues under ``policy-step-`` and ``kind``."""

    kind: str
    person: Person | None = None
    """The person as the new policy has it; as the old one has it for one who leaves."""
    values: Mapping[str, object] = field(default_factory=dict)
    """What was and what is, as the policy's own values: ``before``, ``after``, ``key``, ``reason``."""


def steps(old: Policy, new: Policy) -> tuple[Step, ...]:
    """Every difference, persons first; version, predecessor and digest go without saying."""
    return tuple(_steps(old, new))


def _steps(old: Policy, new: Policy) -> Iterator[Step]:
    for person in new.persons:
        before = old.person(person.id)
        if before is None:
            yield Step("person-added", person)
        else:
            yield from _person(before, person)
    for person in old.persons:
        if new.person(person.id) is None:
            yield Step("person-removed", person)
    yield from _revoked(old, new)
    for name in ("threshold", "separation", "webauthn", "github"):
        before_value, after_value = getattr(old, name), getattr(new, name)
        if before_value != after_value:
            yield Step(name, None, {"before": before_value, "after": after_value})
    if old.protected != new.protected:
        yield Step("protected")


def _person(before: Person, after: Person) -> Iterator[Step]:
    for name in ("name", "role", "decree", "scope", "root"):
        was, is_ = getattr(before, name), getattr(after, name)
        if was != is_:
            yield Step(name, after, {"before": was, "after": is_})
    if (before.start, before.until) != (after.start, after.until):
        yield Step("term", after, {"before": before, "after": after})
    for line in after.keys:
        if line not in before.keys:
            yield Step("key-added", after, {"key": fingerprint_of(line)})
    for line in before.keys:
        if line not in after.keys:
            yield Step("key-removed", after, {"key": fingerprint_of(line)})


def _revoked(old: Policy, new: Policy) -> Iterator[Step]:
    known = {entry.key: entry for entry in old.revoked}
    for entry in new.revoked:
        if known.pop(entry.key, None) != entry:
            owner = new.owner(entry.key) or old.owner(entry.key)
            values = {"key": entry.key, "reason": entry.reason, "since": entry.compromised_since}
            yield Step("key-revoked", owner, values)
    for key in known:
        yield Step("key-restored", new.owner(key), {"key": key})
