"""The changes of policy that an office makes, as functions from one policy to the next (protocol §3).

Version, predecessor and protected digest are left alone: who writes the new policy down sets them.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sop_site.approval.policy import Person, Policy, Revoked
from sop_site.approval.policy_fields import fingerprint_of
from sop_site.errors import AnswerIsNo

_NOT_SHOWN = ("Cc", "Cf", "Cs", "Zl", "Zp")


@dataclass(frozen=True, slots=True, kw_only=True)
class Appointment:
    """What is asked for a person; ``None`` and empty leave a known person as is."""

    id: str
    name: str | None = None
    role: str | None = None
    """A role given anew begins a new term: from, until, decree and scope count anew, keys and name stay."""
    decree: str | None = None
    start: datetime | None = None
    until: datetime | None = None
    scope: tuple[str, ...] = ()
    root: bool | None = None
    keys: tuple[str, ...] = ()
    """Two-field public key lines, beside those that the person has."""
    replaces_keys: bool = False
    """Whether ``keys`` stand in the place of the old ones."""
    succeeds: str | None = None
    """Id of the person whose role, root and place this one takes at ``start``."""


def appoint(policy: Policy, wanted: Appointment, now: datetime) -> Policy:
    """A new person, or another role, term or key for a known one; ``AnswerIsNo`` where something lacks."""
    _refuse_unfit(wanted)
    if wanted.succeeds == wanted.id:
        raise AnswerIsNo("policy-succeeds-self", person=wanted.id)
    for key in map(fingerprint_of, wanted.keys):
        if policy.is_revoked(key):
            raise AnswerIsNo("policy-key-revoked", fingerprint=key)
    before = policy.person(wanted.id)
    predecessor = _known(policy, wanted.succeeds) if wanted.succeeds else None
    person = _new(wanted, predecessor, now) if before is None else _changed(before, wanted, predecessor, now)
    persons = [person if one.id == person.id else one for one in policy.persons]
    if before is None:
        persons.append(person)
    if predecessor is not None:
        persons = [end for one in persons for end in _ended(one, predecessor.id, person.start)]
    return replace(policy, persons=tuple(persons))


def end_term(policy: Policy, person_id: str, at: datetime) -> Policy:
    """A term that ends at ``at``, and no root right from now on; who has not begun leaves the policy."""
    _known(policy, person_id)
    return replace(policy, persons=tuple(end for one in policy.persons for end in _ended(one, person_id, at)))


def revoke(policy: Policy, prints: Sequence[str], reason: str, since: str | None = None) -> Policy:
    """Keys that count no more; with ``since`` (a commit on the chain) from that approval on.

    They stay listed with their person, so that the answer to one who uses them is that they are revoked.
    """
    standing = {entry.key: entry for entry in policy.revoked}
    for key in prints:
        known = standing.get(key)
        if known is not None and (since is None or known.compromised_since == since):
            raise AnswerIsNo("policy-key-revoked", fingerprint=key)
        standing[key] = Revoked(key, reason, since)
    return replace(policy, revoked=tuple(standing.values()))


def fingerprints_named(policy: Policy, name: str) -> tuple[str, ...]:
    """The keys that a fingerprint, a public key line or a person's id stands for."""
    person = policy.person(name)
    if person is not None:
        return tuple(key for key in person.fingerprints if not policy.is_revoked(key)) or person.fingerprints
    key = name if name.startswith("SHA256:") else fingerprint_of(name) if " " in name else ""
    if policy.owner(key) is None and not policy.is_revoked(key):
        raise AnswerIsNo("policy-key-unknown", key=name)
    return (key,)


def _known(policy: Policy, person_id: str) -> Person:
    person = policy.person(person_id)
    if person is None:
        raise AnswerIsNo("policy-person-unknown", person=person_id)
    return person


def _refuse_unfit(wanted: Appointment) -> None:
    """Names and letters are shown to citizens and stand in commits, where ``<`` and ``>`` end a name."""
    for text in (wanted.name, wanted.decree):
        if text is None:
            continue
        if not text.strip() or any(
            letter in "<>" or unicodedata.category(letter) in _NOT_SHOWN for letter in text
        ):
            raise AnswerIsNo("policy-name-unfit", name=ascii(text)[1:-1])


def _new(wanted: Appointment, predecessor: Person | None, now: datetime) -> Person:
    role = wanted.role or (predecessor.role if predecessor else None)
    if wanted.name is None or role is None or not wanted.keys:
        raise AnswerIsNo("policy-person-incomplete", person=wanted.id)
    return Person(
        id=wanted.id,
        name=wanted.name.strip(),
        role=role,
        start=wanted.start or now,
        keys=wanted.keys,
        until=wanted.until,
        root=_root(wanted, role, predecessor, standing=False),
        decree=wanted.decree,
        scope=wanted.scope,
    )


def _changed(before: Person, wanted: Appointment, predecessor: Person | None, now: datetime) -> Person:
    if wanted.replaces_keys and not wanted.keys:
        raise AnswerIsNo("policy-keys-missing", person=before.id)
    kept = () if wanted.replaces_keys else before.keys
    keys = (*kept, *(key for key in wanted.keys if key not in kept))
    role = wanted.role or (predecessor.role if predecessor else before.role)
    anew = wanted.role is not None or predecessor is not None
    return Person(
        id=before.id,
        name=wanted.name.strip() if wanted.name else before.name,
        role=role,
        start=wanted.start or (now if anew else before.start),
        keys=keys,
        until=wanted.until or (None if anew else before.until),
        root=_root(wanted, role, predecessor, standing=before.root and not anew),
        decree=wanted.decree or (None if anew else before.decree),
        scope=wanted.scope or (() if anew else before.scope),
    )


def _root(wanted: Appointment, role: str, predecessor: Person | None, *, standing: bool) -> bool:
    if wanted.root is not None:
        return wanted.root
    # A root-only person who is no root could do nothing at all.
    return standing or role == "root-only" or bool(predecessor and predecessor.root and role == "head")


def _ended(one: Person, person_id: str, at: datetime) -> tuple[Person, ...]:
    if one.id != person_id:
        return (one,)
    if one.start >= at or one.role == "root-only":
        # A term of no length cannot be written down, and a root person has no term but the root right.
        return ()
    return (replace(one, until=at if one.until is None else min(one.until, at), root=False),)
