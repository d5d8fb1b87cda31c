"""Which key signs: the one named, else one beside the repository that fits the role, else ssh-agent's."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from pipeline import signing
from pipeline.repository import Repository
from pipeline.signing import Signer
from sop_site.approval import policy
from sop_site.approval.policy import Person, Policy
from sop_site.errors import AnswerIsNo, SettingsUnreadable


def policy_of(repo: Repository, commit: str) -> Policy:
    """The policy at a commit; ``SettingsUnreadable`` where it is not in order."""
    found = policy.parse(repo.find(commit, policy.PATH) or b"")
    if isinstance(found, Policy):
        return found
    raise SettingsUnreadable("policy-unreadable", detail=found[0].detail)


def folder_of(repo: Path) -> Path:
    """Where this machine keeps the office's keys: beside the repository, never in it."""
    place = repo.resolve()
    return place.with_name(f"{place.name}.keys")


def signer(
    repo: Path,
    rules: Policy,
    roles: Sequence[str],
    key: Path | None,
    wanted: Sequence[str] | None = None,
    *,
    at: datetime,
) -> tuple[Signer, Person]:
    """A key that can sign now, and whose it is; ``AnswerIsNo`` with advice where there is none.

    A key that is named may belong to any of ``roles``; one that is looked for must have one of ``wanted``,
    and people whose term contains ``at`` come first.
    """
    if key is not None:
        found = signing.from_file(key)
        person = rules.owner(found.fingerprint)
        if person is None or person.role not in roles or rules.is_revoked(found.fingerprint):
            raise AnswerIsNo("key-not-listed", fingerprint=found.fingerprint)
        return found, person
    locked: list[AnswerIsNo] = []
    late: tuple[Signer, Person] | None = None
    for found, person in _usable(repo, rules, wanted or roles, locked):
        if person.in_term(at):
            return found, person
        late = late or (found, person)
    if late is not None:
        # Nobody is in term: the verifier says so better than this could.
        return late
    if locked:
        raise locked[0]
    raise AnswerIsNo("key-absent", role=" / ".join(wanted or roles), path=folder_of(repo))


def _usable(
    repo: Path, rules: Policy, roles: Sequence[str], locked: list[AnswerIsNo]
) -> Iterator[tuple[Signer, Person]]:
    """Keys that can sign now, files first, in the order of the roles; ``locked`` takes those that cannot."""
    for role in roles:
        for path in _key_files(repo, rules, role):
            try:
                found = signing.from_file(path)
            except AnswerIsNo as error:
                locked.append(error)
                continue
            if person := rules.owner(found.fingerprint):
                yield found, person
    for found in signing.in_agent():
        person = rules.owner(found.fingerprint)
        if person and person.role in roles and not rules.is_revoked(found.fingerprint):
            yield found, person


def _key_files(repo: Path, rules: Policy, role: str) -> Iterator[Path]:
    """Private key files beside the repository whose public half the policy gives to ``role``."""
    folder = folder_of(repo)
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.suffix in (".pub", ".age") or not path.is_file():
            continue
        try:
            line = signing.public_line(path)
        except AnswerIsNo:
            continue
        owners = [person for person in rules.persons if person.role == role and line in person.keys]
        if owners and not rules.is_revoked(signing.fingerprint_of(line or "")):
            yield path
