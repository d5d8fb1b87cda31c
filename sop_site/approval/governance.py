"""The policy as it stands in a tree, and whether a change of it is in order (protocol §3)."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from sop_site.approval import digests, endorsement, sshsig, webauthn
from sop_site.approval import policy as policies
from sop_site.approval.folders import Child, Folder
from sop_site.approval.policy import Policy
from sop_site.approval.reasons import Reasons
from sop_site.approval.sshsig import Signature
from sop_site.approval.store import ObjectStore, TreeEntry

FOLDER_NAME = b"governance"
CONTENT = b"content"
_UNPROTECTED = frozenset({CONTENT, FOLDER_NAME})
SIGNATURES = 256
"""How many signature files are looked at; no office has more root persons."""


@dataclass(frozen=True, slots=True)
class Governance:
    """What the governance folder of one tree holds."""

    data: bytes | None
    """Bytes of ``policy.toml``."""
    policy: Policy | None
    signatures: frozenset[Signature] = frozenset()
    """Valid signatures over the policy; one by a passkey was made where this policy admits it."""
    problems: tuple[str, ...] = ()

    @property
    def signers(self) -> frozenset[str]:
        """Fingerprints of the keys that signed."""
        return frozenset(signature.fingerprint for signature in self.signatures)

    @property
    def digest(self) -> str | None:
        """``sha256:…`` of the policy's bytes."""
        return None if self.data is None else digests.of_bytes(self.data)


@dataclass(slots=True)
class GovernanceReader:
    """Reads governance folders of one store, each once."""

    store: ObjectStore
    _known: dict[str, Governance] = field(default_factory=dict)

    def at(self, root: Folder) -> Governance:
        """Governance in a root tree; ``StoreFault`` where objects are missing."""
        return self._of(root.child(FOLDER_NAME))

    def in_tree(self, root: str) -> Governance:
        """The same for the id of a root tree, without a look at anything else in it."""
        return self._of(next((line for line in self.store.tree(root) if line.name == FOLDER_NAME), None))

    def _of(self, folder: Child | TreeEntry | None) -> Governance:
        if folder is None or folder.mode != digests.FOLDER:
            return Governance(None, None, problems=("there is no governance folder",))
        if folder.oid not in self._known:
            self._known[folder.oid] = self._read(folder.oid)
        return self._known[folder.oid]

    def _read(self, folder: str) -> Governance:
        problems: list[str] = []
        entries = {entry.name: entry for entry in self.store.tree(folder)}
        file = entries.pop(b"policy.toml", None)
        if file is None or file.mode != digests.FILE:
            return Governance(None, None, problems=("there is no governance/policy.toml",))
        data = self.store.blob(file.oid)
        parsed = policies.parse(data)
        if not isinstance(parsed, Policy):
            problems += [refusal.detail for refusal in parsed]
        signatures = entries.pop(b"signatures", None)
        problems += [f"foreign file in governance: {name!r}" for name in sorted(entries)][:1]
        policy = parsed if isinstance(parsed, Policy) else None
        valid: frozenset[Signature] = frozenset()
        if signatures is not None and signatures.mode == digests.FOLDER:
            valid = self._valid(signatures.oid, data, policy, problems)
        elif signatures is not None:
            problems.append("governance/signatures is no folder")
        return Governance(data, policy, valid, tuple(problems))

    def _valid(
        self, folder: str, data: bytes, policy: Policy | None, problems: list[str]
    ) -> frozenset[Signature]:
        found: set[Signature] = set()
        entries = self.store.tree(folder)
        if len(entries) > SIGNATURES:
            problems.append("too many signature files")
        for entry in entries[:SIGNATURES]:
            if entry.mode != digests.FILE or not entry.name.endswith(b".sig"):
                problems.append(f"foreign file in governance/signatures: {entry.name!r}")
                continue
            signature = _valid_signature(self.store.blob(entry.oid), data, policy)
            if signature is not None:
                found.add(signature)
            else:
                problems.append(f"{entry.name!r} is no valid signature over the policy")
        return frozenset(found)


def protected_digest(root: Folder) -> str | None:
    """Digest over everything but ``content`` and ``governance`` (§2); ``None`` where something has none."""
    entries = []
    for child in root.children:
        if child.name not in _UNPROTECTED:
            if child.digest is None:
                return None
            entries.append((child.mode, child.name, child.digest))
    return digests.text(digests.tree_digest(entries))


def are_valid(data: bytes, armors: Iterable[bytes]) -> Iterator[bool]:
    """Of each file in turn whether it holds a valid signature over the policy ``data``."""
    parsed = policies.parse(data)
    policy = parsed if isinstance(parsed, Policy) else None
    return (_valid_signature(armor, data, policy) is not None for armor in armors)


def judge_genesis(reader: GovernanceReader, root: Folder, reasons: Reasons) -> Governance:
    """The first policy: version 1, no predecessor, the right protected digest."""
    governance = reader.at(root)
    for problem in governance.problems:
        reasons.add("POLICY_GRAMMAR", problem)
    policy = governance.policy
    if policy is not None:
        if policy.version != 1 or policy.previous:
            reasons.add("POLICY_CHAIN", "the first policy has version 1 and no previous one")
        if any(entry.compromised_since for entry in policy.revoked):
            reasons.add("POLICY_CHAIN", "compromised_since names a commit before there was one")
        _judge_protected(root, policy, reasons)
    return governance


def judge_change(
    reader: GovernanceReader, old: Governance, root: Folder, earlier: Callable[[str], bool], reasons: Reasons
) -> Governance:
    """Does a tree whose protected paths differ carry a valid new policy?

    ``earlier`` tells whether a commit stands on the chain so far.
    """
    new = reader.at(root)
    mine = Reasons(reasons.commit)
    for problem in new.problems:
        mine.add("POLICY_GRAMMAR", problem)
    if new.data is not None and new.data == old.data:
        reasons.add("PROTECTED_CHANGE", "protected paths changed, the policy did not")
    elif old.policy is not None and new.policy is not None:
        _judge_steps(old, old.policy, new.policy, earlier, mine)
        _judge_protected(root, new.policy, mine)
        # A passkey must have been used where the old policy admits it too, or a new one could move the desk.
        signers = {one.fingerprint for one in new.signatures if _admitted(one, old.policy)}
        _judge_signatures(old.policy, new.policy, signers, mine)
    if mine:
        reasons.add("PROTECTED_CHANGE", "protected paths changed without a valid new policy")
        for refusal in mine.refusals:
            reasons.add(refusal.code, refusal.detail)
    return new


def _judge_steps(
    old_state: Governance, old: Policy, new: Policy, earlier: Callable[[str], bool], reasons: Reasons
) -> None:
    if new.version != old.version + 1:
        reasons.add("POLICY_CHAIN", f"version {new.version} after {old.version}")
    if new.previous != old_state.digest:
        reasons.add("POLICY_CHAIN", "previous is not the digest of the old policy")
    if any(entry.compromised_since and not earlier(entry.compromised_since) for entry in new.revoked):
        reasons.add("POLICY_CHAIN", "compromised_since names no commit on the chain")


def _judge_protected(root: Folder, policy: Policy, reasons: Reasons) -> None:
    if policy.protected != protected_digest(root):
        reasons.add("POLICY_CHAIN", "protected is not the digest of the protected paths")


def _valid_signature(file: bytes, data: bytes, policy: Policy | None) -> Signature | None:
    """The signature over the policy's bytes in a file, ``None`` where it is not valid."""
    try:
        signature = sshsig.parse(file)
    except sshsig.Malformed:
        return None
    if signature.namespace != policies.NAMESPACE or not sshsig.verify(signature, data):
        return None
    return signature if _admitted(signature, policy) else None


def _admitted(signature: Signature, policy: Policy | None) -> bool:
    """Whether a passkey was used where the policy admits it; other signatures are made nowhere."""
    return not any(webauthn.misplacements(signature.place, policy.webauthn if policy else None))


def _judge_signatures(old: Policy, new: Policy, signers: set[str], reasons: Reasons) -> None:
    for lack in endorsement.lacking(old, new, signers):
        reasons.add("POLICY_THRESHOLD", lack.detail)
