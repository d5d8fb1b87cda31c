"""The policy file: who may approve what, when, and with which keys (protocol §3)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sop_site import toml_text
from sop_site.answers import Refusal
from sop_site.approval import policy_fields as fields
from sop_site.approval.policy_fields import FieldWrong
from sop_site.approval.webauthn import Webauthn

PATH = "governance/policy.toml"
NAMESPACE = "sop-policy"
LIMIT = 256 * 1024
ROLES = ("head", "acting", "daily", "operator", "witness", "root-only")
APPROVING = frozenset({"head", "acting", "daily"})
BOUNDED = frozenset({"acting", "daily"})
_ROOT_ROLES = frozenset({"head", "root-only"})
_TOP = {"version", "previous", "threshold", "separation", "protected"}
_TOP_OPTIONAL = {"person", "revoked", "webauthn", "github"}


@dataclass(frozen=True, slots=True)
class Person:
    """One person of the policy with role, term and keys."""

    id: str
    name: str
    role: str
    start: datetime
    """First moment of the term (``from``)."""
    keys: tuple[str, ...]
    """Two-field public key lines."""
    until: datetime | None = None
    """First moment after the term."""
    root: bool = False
    decree: str | None = None
    scope: tuple[str, ...] = ()

    @property
    def fingerprints(self) -> tuple[str, ...]:
        """OpenSSH fingerprints of the keys, in their order."""
        return tuple(fields.fingerprint_of(key) for key in self.keys)

    def in_term(self, moment: datetime) -> bool:
        """Whether the term contains ``moment``; ``until`` is exclusive."""
        return self.start <= moment and (self.until is None or moment < self.until)

    def may_change(self, path: str) -> bool:
        """Whether the scope of a daily stand-in holds ``path``: an exact path, or a folder and ``/**``."""
        return any(
            path.startswith(rule[:-2]) if rule.endswith("/**") else path == rule for rule in self.scope
        )


@dataclass(frozen=True, slots=True)
class Revoked:
    """A key that counts no more."""

    key: str
    reason: str
    compromised_since: str | None = None


@dataclass(frozen=True, slots=True)
class Forge:
    """The ``[github]`` table: whose button counts, and who stands behind it (§7)."""

    fingerprints: tuple[str, ...]
    """Full OpenPGP fingerprints of the forge's merge keys, in upper-case hex."""
    public_keys: tuple[str, ...]
    """One armored public key for each, in the same order."""
    authors: Mapping[str, str]
    """Person id → the address under which the forge names that person as author."""


@dataclass(frozen=True, slots=True)
class Policy:
    """One version of the policy."""

    version: int
    previous: str
    threshold: int
    separation: bool
    protected: str
    persons: tuple[Person, ...]
    revoked: tuple[Revoked, ...] = ()
    webauthn: Webauthn | None = None
    github: Forge | None = None
    _owners: Mapping[str, Person] = field(init=False, repr=False, compare=False)
    _void: frozenset[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        owners = {print_: person for person in self.persons for print_ in person.fingerprints}
        object.__setattr__(self, "_owners", owners)
        object.__setattr__(self, "_void", frozenset(entry.key for entry in self.revoked))

    def owner(self, fingerprint: str) -> Person | None:
        """Whose key it is."""
        return self._owners.get(fingerprint)

    def is_revoked(self, fingerprint: str) -> bool:
        """Whether the key stands in a ``[[revoked]]`` table."""
        return fingerprint in self._void

    def person(self, person_id: str) -> Person | None:
        """The person with that id."""
        return next((person for person in self.persons if person.id == person_id), None)

    @property
    def roots(self) -> tuple[Person, ...]:
        """Those who may sign policy changes."""
        return tuple(person for person in self.persons if person.root)


def parse(data: bytes) -> Policy | tuple[Refusal, ...]:
    """The policy in a file's bytes, or ``POLICY_GRAMMAR`` refusals, one for each field that is wrong."""
    if len(data) > LIMIT:
        return (_refusal(f"larger than {LIMIT} bytes"),)
    if data.startswith(b"\xef\xbb\xbf") or b"\r" in data:
        return (_refusal("byte order mark or carriage return"),)
    try:
        table = toml_text.loads(data.decode("utf-8"))
    except (ValueError, RecursionError):
        return (_refusal("not TOML 1.0 in UTF-8"),)
    try:
        return _policy(table)
    except FieldWrong as error:
        return (_refusal(str(error)),)


def render(policy: Policy) -> bytes:
    """The file for a policy; ``parse`` gives the same policy back."""
    lines = [
        f"version = {policy.version}",
        f"previous = {fields.quoted(policy.previous)}",
        f"threshold = {policy.threshold}",
        f"separation = {fields.quoted(policy.separation)}",
        f"protected = {fields.quoted(policy.protected)}",
    ]
    for person in policy.persons:
        lines += ["", "[[person]]", *_person_lines(person)]
    for entry in policy.revoked:
        lines += ["", "[[revoked]]", f"key = {fields.quoted(entry.key)}"]
        if entry.compromised_since is not None:
            lines.append(f"compromised_since = {fields.quoted(entry.compromised_since)}")
        lines.append(f"reason = {fields.quoted(entry.reason)}")
    if policy.webauthn is not None:
        lines += ["", "[webauthn]", f"rp_id = {fields.quoted(policy.webauthn.rp_id)}"]
        lines.append(f"origins = {fields.quoted(policy.webauthn.origins)}")
    if policy.github is not None:
        lines += ["", "[github]", f"fingerprints = {fields.quoted(policy.github.fingerprints)}"]
        lines.append(f"public_keys = {fields.quoted(policy.github.public_keys)}")
        lines.append(f"authors = {fields.quoted(policy.github.authors)}")
    return ("\n".join(lines) + "\n").encode("utf-8")


def _person_lines(person: Person) -> list[str]:
    values: dict[str, object] = {"id": person.id, "name": person.name, "role": person.role}
    if person.root:
        values["root"] = True
    if person.decree is not None:
        values["decree"] = person.decree
    values["from"] = person.start
    if person.until is not None:
        values["until"] = person.until
    if person.scope:
        values["scope"] = person.scope
    values["keys"] = person.keys
    return [f"{key} = {fields.quoted(value)}" for key, value in values.items()]


def _refusal(detail: str) -> Refusal:
    return Refusal("POLICY_GRAMMAR", None, detail)


def _policy(table: dict[str, Any]) -> Policy:
    fields.keys("policy", table, _TOP, _TOP_OPTIONAL)
    persons = tuple(_person(entry) for entry in fields.tables("person", table.get("person", [])))
    previous = fields.string("previous", table["previous"])
    if previous:
        fields.digest("previous", previous)
    roots = sum(person.root for person in persons)
    policy = Policy(
        version=fields.integer("version", table["version"], lowest=1),
        previous=previous,
        threshold=fields.integer("threshold", table["threshold"], lowest=1, highest=roots),
        separation=fields.boolean("separation", table["separation"]),
        protected=fields.digest("protected", table["protected"]),
        persons=persons,
        revoked=tuple(_revoked(entry) for entry in fields.tables("revoked", table.get("revoked", []))),
        webauthn=_webauthn(table["webauthn"]) if "webauthn" in table else None,
        github=_forge(table["github"], persons) if "github" in table else None,
    )
    fields.unique("person.id", [person.id for person in persons])
    fields.unique("person.keys", [print_ for person in persons for print_ in person.fingerprints])
    fields.unique("revoked.key", [entry.key for entry in policy.revoked])
    return policy


def _person(entry: dict[str, Any]) -> Person:
    optional = {"root", "decree", "until", "scope"}
    fields.keys("person", entry, {"id", "name", "role", "from", "keys"}, optional)
    role = fields.string("person.role", entry["role"])
    if role not in ROLES:
        raise FieldWrong(f"person.role {role!r}")
    root = fields.boolean("person.root", entry.get("root", False))
    if root and role not in _ROOT_ROLES:
        raise FieldWrong(f"person.root with role {role}")
    if role in BOUNDED and not {"decree", "until"} <= entry.keys():
        raise FieldWrong(f"a person with role {role} needs decree and until")
    if (role == "daily") != ("scope" in entry):
        raise FieldWrong("person.scope stands with role daily, and there only")
    start = fields.moment("person.from", entry["from"])
    until = fields.moment("person.until", entry["until"]) if "until" in entry else None
    if until is not None and until <= start:
        raise FieldWrong("person.until is not after person.from")
    return Person(
        id=fields.email("person.id", entry["id"]),
        name=fields.words("person.name", entry["name"]),
        role=role,
        start=start,
        keys=tuple(fields.key_line(key) for key in fields.strings("person.keys", entry["keys"])),
        until=until,
        root=root,
        decree=fields.words("person.decree", entry["decree"]) if "decree" in entry else None,
        scope=tuple(fields.scope(rule) for rule in fields.strings("person.scope", entry["scope"]))
        if "scope" in entry
        else (),
    )


def _revoked(entry: dict[str, Any]) -> Revoked:
    fields.keys("revoked", entry, {"key", "reason"}, {"compromised_since"})
    since = entry.get("compromised_since")
    return Revoked(
        key=fields.fingerprint("revoked.key", entry["key"]),
        reason=fields.words("revoked.reason", entry["reason"]),
        compromised_since=None if since is None else fields.commit("revoked.compromised_since", since),
    )


def _webauthn(entry: object) -> Webauthn:
    table = fields.table("webauthn", entry)
    fields.keys("webauthn", table, {"rp_id", "origins"}, set())
    origins = fields.strings("webauthn.origins", table["origins"])
    return Webauthn(fields.words("webauthn.rp_id", table["rp_id"]), origins)


def _forge(entry: object, persons: Sequence[Person]) -> Forge:
    table = fields.table("github", entry)
    fields.keys("github", table, {"fingerprints", "public_keys", "authors"}, set())
    prints = fields.strings("github.fingerprints", table["fingerprints"])
    public = fields.strings("github.public_keys", table["public_keys"])
    fields.unique("github.fingerprints", prints)
    if prints != tuple(fields.forge_key(key) for key in public):
        raise FieldWrong("github: one armored key for each fingerprint, in the same order")
    authors = fields.table("github.authors", table["authors"])
    if not authors or authors.keys() - {person.id for person in persons}:
        raise FieldWrong("github.authors names nobody, or somebody who is not in the policy")
    addresses = {who: fields.forge_address(address) for who, address in authors.items()}
    fields.unique("github.authors", [address.casefold() for address in addresses.values()])
    return Forge(prints, public, addresses)
