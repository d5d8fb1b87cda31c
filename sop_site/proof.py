"""What the public is shown as proof: every approval, every policy, and how many drafts were refused.

Composed from the verdict and the raw approval commits; a note for the renderer, never an input to
verification. Of refused drafts it holds numbers alone: neither what they said nor whose they were nor why.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from pydantic import TypeAdapter

from sop_site.approval import allowed_signers, commit, policy_history
from sop_site.approval.policy_history import PolicyChange, PolicyVersion
from sop_site.publication import Assurance, folder_of

if TYPE_CHECKING:
    from sop_site.approval.entry import Entry
    from sop_site.approval.verdict import Approval, Verdict

ChangeKind = Literal["added", "changed", "removed"]
_REFUSING = ("return", "reject", "reopen")


@dataclass(frozen=True, slots=True)
class PageChange:
    """A page folder that an approval changed."""

    folder: str
    kind: ChangeKind


@dataclass(frozen=True, slots=True)
class ApprovalProof:
    """One approval with all that is needed to check it by hand."""

    sequence: int
    commit: str
    parent: str
    """The approval before, or genesis."""
    draft: str
    time: datetime
    """With the signer's own offset."""
    approver: str
    """Person id: the principal of the allowed-signers file."""
    name: str
    role: str
    decree: str | None
    assurance: Assurance
    key: str
    """Fingerprint of the signing key."""
    content_digest: str
    payload_sha256: str
    ledger: str | None
    """Ledger commit that it names."""
    policy_version: int
    policy_digest: str
    """Of the policy at its first parent: the one it was given under."""
    signature: str
    """The armor, with a final LF."""
    signature_begins: int
    """Byte of the raw commit at which the signature's header line begins."""
    signature_ends: int
    """Byte after that header."""
    pages: tuple[PageChange, ...]
    others: tuple[str, ...]
    """Changed files that belong to no page: settings, policy."""

    @property
    def signature_header(self) -> str:
        """``gpgsig``, or ``gpgsig-sha256`` in a SHA-256 repository."""
        return commit.SIGNATURE_HEADER[commit.format_of(self.commit)]


@dataclass(frozen=True, slots=True)
class Opening:
    """Genesis, and the four values that a trust file pins."""

    commit: str
    time: datetime
    genesis_sha256: str
    policy_sha256: str
    content_digest: str
    pages: tuple[str, ...]
    """Page folders that stood at the opening."""


@dataclass(frozen=True, slots=True)
class PolicyProof:
    """One version of the policy and what it changed."""

    version: int
    digest: str
    commit: str
    sequence: int
    """The approval that brought it; 0 for genesis."""
    since: datetime
    threshold: int
    """How many root persons its successor needs."""
    signers: tuple[str, ...]
    """Names of the root persons who signed it."""
    changes: tuple[PolicyChange, ...]


@dataclass(frozen=True, slots=True)
class RefusalCount:
    """How often drafts were returned, rejected and reopened in one month of the office's calendar."""

    year: int
    month: int
    returned: int
    rejected: int
    reopened: int


@dataclass(frozen=True, slots=True)
class Sighting:
    """The last approval that a witness saw public."""

    sequence: int
    commit: str
    at: datetime
    """When the witness wrote it down."""


@dataclass(frozen=True, slots=True)
class Proof:
    """Everything that ``/bukti/`` shows."""

    opening: Opening | None = None
    approvals: tuple[ApprovalProof, ...] = ()
    """Oldest first."""
    policies: tuple[PolicyProof, ...] = ()
    """Oldest first."""
    refusals: tuple[RefusalCount, ...] = ()
    """Oldest first, months without any left out."""
    sighting: Sighting | None = None
    allowed_signers: tuple[str, ...] = ()
    """Lines of the file, oldest key first."""

    def to_json(self) -> str:
        """For the handover to the renderer."""
        return _ADAPTER.dump_json(self).decode("utf-8")

    @classmethod
    def from_json(cls, text: str) -> "Proof":
        """The proof that ``to_json`` wrote."""
        return _ADAPTER.validate_json(text)


_ADAPTER = TypeAdapter(Proof)


def compose(
    verdict: "Verdict",
    versions: Sequence[PolicyVersion],
    raw: Callable[[str], bytes],
    *,
    zone: tzinfo,
) -> Proof:
    """The proof of a verdict without refusals.

    ``versions`` are its policies, oldest first; ``raw`` gives the bytes of a commit on the chain. Of the
    ledger it tells what the newest approval knew: so a site follows from its tip alone, whatever was written
    since, and whoever builds it again has the same bytes.
    """
    assert verdict.genesis is not None
    opening = Opening(
        commit=verdict.genesis.commit,
        time=verdict.genesis.time,
        genesis_sha256=hashlib.sha256(raw(verdict.genesis.commit)).hexdigest(),
        policy_sha256=versions[0].digest.removeprefix("sha256:"),
        content_digest=verdict.genesis.content_digest,
        pages=tuple(sorted({folder for path in verdict.genesis.paths if (folder := folder_of(path))})),
    )
    times = {approval.commit: approval.time for approval in verdict.approvals}
    times[opening.commit] = opening.time
    entries = _known(verdict)
    return Proof(
        opening=opening,
        approvals=tuple(_approvals(verdict, versions, raw)),
        policies=tuple(_policies(versions)),
        refusals=tuple(_refusals(entries, zone)),
        sighting=_sighting(entries, verdict),
        allowed_signers=allowed_signers.lines(versions, times),
    )


def _approvals(
    verdict: "Verdict", versions: Sequence[PolicyVersion], raw: Callable[[str], bytes]
) -> Iterable[ApprovalProof]:
    assert verdict.genesis is not None
    before, coming = verdict.genesis.commit, list(reversed(versions))
    standing = coming.pop()
    for approval in verdict.approvals:
        yield _approval(approval, before, standing, raw(approval.commit))
        before = approval.commit
        if coming and coming[-1].sequence == approval.sequence:
            standing = coming.pop()


def _approval(approval: "Approval", before: str, policy: PolicyVersion, raw: bytes) -> ApprovalProof:
    found = commit.parse(raw, commit.format_of(approval.commit))
    header = commit.SIGNATURE_HEADER[commit.format_of(approval.commit)].encode("ascii")
    begins = raw.index(b"\n" + header + b" ") + 1
    folders = sorted({folder for path in approval.paths if (folder := folder_of(path))})
    added, removed = set(approval.added), set(approval.removed)
    return ApprovalProof(
        sequence=approval.sequence,
        commit=approval.commit,
        parent=before,
        draft=approval.draft,
        time=approval.time,
        approver=approval.approver,
        name=approval.name,
        role=approval.role,
        decree=approval.decree,
        assurance="forge" if approval.assurance == "forge" else "personal",
        key=approval.key_fingerprint,
        content_digest=approval.content_digest,
        payload_sha256=approval.payload_sha256,
        ledger=approval.ledger,
        policy_version=policy.policy.version,
        policy_digest=policy.digest,
        signature=(found.signature or b"").decode("ascii", "replace"),
        signature_begins=begins,
        signature_ends=begins + len(raw) - len(found.payload),
        pages=tuple(PageChange(folder, _kind(f"{folder}/index.md", added, removed)) for folder in folders),
        others=tuple(path for path in approval.paths if folder_of(path) is None),
    )


def _kind(page: str, added: set[str], removed: set[str]) -> ChangeKind:
    return "added" if page in added else "removed" if page in removed else "changed"


def _policies(versions: Sequence[PolicyVersion]) -> Iterable[PolicyProof]:
    for before, version in pairwise([None, *versions]):
        assert version is not None
        old = before.policy if before is not None else None
        roots = [*(old.roots if old is not None else ()), *version.policy.roots]
        signers = {person.name for person in roots if version.signers & set(person.fingerprints)}
        yield PolicyProof(
            version=version.policy.version,
            digest=version.digest,
            commit=version.commit,
            sequence=version.sequence,
            since=version.since,
            threshold=version.policy.threshold,
            signers=tuple(sorted(signers)),
            changes=policy_history.changes(old, version.policy),
        )


def _refusals(entries: Iterable["Entry"], zone: tzinfo) -> Iterable[RefusalCount]:
    counts: Counter[tuple[int, int, str]] = Counter()
    for entry in entries:
        if entry.kind in _REFUSING:
            there = entry.at.astimezone(zone)
            counts[there.year, there.month, entry.kind] += 1
    for year, month in sorted({(year, month) for year, month, _ in counts}):
        yield RefusalCount(year, month, *(counts[year, month, kind] for kind in _REFUSING))


def _known(verdict: "Verdict") -> Sequence["Entry"]:
    """The ledger up to the entry that the newest approval names."""
    named = verdict.approvals[-1].ledger if verdict.approvals else None
    places = [place for place, entry in enumerate(verdict.ledger, start=1) if entry.commit == named]
    return verdict.ledger[: places[0]] if named is not None else ()


def _sighting(entries: Sequence["Entry"], verdict: "Verdict") -> Sighting | None:
    """The furthest approval that any witness entry names; 0 is genesis."""
    places = {approval.commit: approval.sequence for approval in verdict.approvals}
    best: Sighting | None = None
    for entry in entries:
        tip = str(entry.data.get("tip")) if entry.kind == "witness" else ""
        if tip and (best is None or places.get(tip, 0) >= best.sequence):
            best = Sighting(places.get(tip, 0), tip, entry.at)
    return best
