"""Whose signatures a change of policy needs, and which of them are still lacking (protocol §3)."""

from collections.abc import Iterator, Set
from dataclasses import dataclass
from typing import Literal

from sop_site.approval.policy import APPROVING, Person, Policy

OTHER_ROOT = "a longer term or an approving role needs another root's signature"


@dataclass(frozen=True, slots=True)
class Lack:
    """One condition that the signatures do not fulfil yet."""

    rule: Literal["old", "new", "other"]
    """Threshold of the old policy, of the new one, or a root person other than the one who gains."""
    signed: int
    wanted: int
    candidates: tuple[str, ...]
    """Ids of root persons who have not signed and hold a key that would count."""
    gains: str = ""
    """Id of the person whose term or power grows, for ``other``."""

    @property
    def detail(self) -> str:
        """A short English sentence for the auditor."""
        if self.rule == "other":
            return OTHER_ROOT
        return f"{self.signed} of {self.wanted} {self.rule} root persons signed"


def lacking(old: Policy, new: Policy, signers: Set[str]) -> tuple[Lack, ...]:
    """Every condition that the keys ``signers`` (fingerprints) leave open; empty where all is in order."""
    return tuple(_lacking(old, new, signers))


def may_sign(old: Policy, new: Policy) -> frozenset[str]:
    """Fingerprints of all keys whose signature would count for the old threshold or the new one."""
    return frozenset().union(*_countable(old, old).values(), *_countable(old, new).values())


def endorsers(old: Policy, new: Policy, signers: Set[str]) -> tuple[str, ...]:
    """Ids of the root persons whose signature counts for either threshold."""
    keys = {**_countable(old, old)}
    for person, prints in _countable(old, new).items():
        keys[person] = keys.get(person, frozenset()) | prints
    return tuple(person for person, prints in keys.items() if prints & signers)


def _lacking(old: Policy, new: Policy, signers: Set[str]) -> Iterator[Lack]:
    by_old, by_new = _countable(old, old), _countable(old, new)
    signed_old, signed_new = _signed(by_old, signers), _signed(by_new, signers)
    if len(signed_old) < old.threshold:
        yield Lack("old", len(signed_old), old.threshold, _able(by_old, signed_old))
    if len(signed_new) < new.threshold:
        yield Lack("new", len(signed_new), new.threshold, _able(by_new, signed_new))
    for person in new.persons:
        others = {root.id for root in old.roots} - {person.id}
        if others and not others & signed_old and gains(old.person(person.id), person):
            able = tuple(one for one in _able(by_old, signed_old) if one in others)
            yield Lack("other", 0, 1, able, person.id)


def _countable(old: Policy, rules: Policy) -> dict[str, frozenset[str]]:
    """The keys that count for each root person of ``rules``: revoked neither there nor in the old policy."""
    return {
        person.id: frozenset(
            key for key in person.fingerprints if not old.is_revoked(key) and not rules.is_revoked(key)
        )
        for person in rules.roots
    }


def _signed(keys: dict[str, frozenset[str]], signers: Set[str]) -> set[str]:
    """Ids with at least one of the signing keys; one person counts once, however many keys."""
    return {person for person, prints in keys.items() if prints & signers}


def _able(keys: dict[str, frozenset[str]], signed: set[str]) -> tuple[str, ...]:
    return tuple(person for person, prints in keys.items() if prints and person not in signed)


def gains(old: Person | None, new: Person) -> bool:
    """Whether a person's term contains a moment it did not, or the person gets a role that approves."""
    if old is None:
        return True
    longer = old.until is not None and (new.until is None or new.until > old.until)
    return new.start < old.start or longer or (new.role in APPROVING and new.role != old.role)
