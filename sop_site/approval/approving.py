"""Judges one merge on the publish branch against the state that its first parent left (protocol §4, §5)."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sop_site.approval import (
    authority,
    digests,
    forge,
    governance,
    message,
    tree_changes,
    tree_policy,
    webauthn,
)  # fmt: skip
from sop_site.approval.ancestry import Ancestry, Brought, authored_by
from sop_site.approval.barring import LedgerFacts
from sop_site.approval.commit import Commit, CommitMalformed
from sop_site.approval.entry import is_commit
from sop_site.approval.folders import Folder
from sop_site.approval.governance import Governance, GovernanceReader
from sop_site.approval.ledger import AHEAD
from sop_site.approval.ledger_authority import Stand
from sop_site.approval.lookahead import Lookahead
from sop_site.approval.message import MessageMalformed
from sop_site.approval.policy import APPROVING, BOUNDED, Person, Policy
from sop_site.approval.reasons import Reasons
from sop_site.approval.store import ObjectStore, StoreFault
from sop_site.approval.tree_changes import Changes
from sop_site.approval.tree_reading import Folders
from sop_site.approval.verdict import Approval

REF = "refs/heads/publish"
GRACE = timedelta(hours=24)
"""How long after a term's end an approval given within it may still become public (§6)."""


@dataclass(frozen=True, slots=True)
class Before:
    """What the first parent left behind."""

    stand: Stand
    root: Folder
    governance: Governance
    sequence: int
    ledger: int
    """Place of the ledger commit that it named, -1 for none."""


@dataclass(frozen=True, slots=True)
class Bench:
    """Everything that stays the same while one history is judged."""

    store: ObjectStore
    reader: GovernanceReader
    folders: Folders
    ancestry: Ancestry
    ledger: LedgerFacts
    chain: Mapping[str, int]
    genesis: str
    now: datetime
    ahead: Lookahead


def judge(bench: Bench, oid: str, before: Before, reasons: Reasons) -> tuple[Approval, Before] | None:
    """The approval and what it leaves behind, or ``None`` with every reason that could be established."""
    try:
        found = bench.ahead.commit(before.sequence)
    except CommitMalformed as error:
        reasons.add(error.code, str(error))
        return None
    for problem in found.problems:
        reasons.add("HEADER_GRAMMAR", problem)
    by_forge = forge.is_signed(found)
    if not by_forge and not found.author_equals_committer:
        reasons.add("HEADER_GRAMMAR", "author and committer differ")
    _judge_parents(found, reasons)
    person, fingerprint = _judge_person(bench, found, before.stand.policy, reasons)
    time = _judge_time(bench, found, before, reasons)
    draft = found.parents[1] if len(found.parents) > 1 else ""
    brought = _judge_draft(bench, found, before, person, reasons) if draft else None
    root, digest = _judge_tree(bench, found.tree, reasons)
    change = _judge_change(bench, root, before, person, digest, reasons)
    named = _judge_message(bench, found, before, digest, reasons)
    if person is not None:
        _judge_term(bench, bench.chain[oid], person, time, reasons)
    if draft:
        barring = bench.ledger.barring(draft, digest or "", time, named, bench.chain[oid])
        if barring is not None:
            reasons.add("DRAFT_BARRED", f"by ledger entry {barring.sequence} ({barring.kind})")
    forge.refuse(found, reasons)
    if (
        reasons
        or person is None
        or time is None
        or digest is None
        or change is None
        or brought is None
        or root is None
    ):
        return None
    changes, new = change
    if new.policy is None:
        return None
    bench.ancestry.accept(oid, brought)
    approval = Approval(
        commit=oid, sequence=before.sequence + 1, approver=person.id, name=person.name, role=person.role,
        decree=person.decree, time=time, draft=draft, assurance="forge" if by_forge else "personal",
        paths=changes.paths, tree=found.tree, content_digest=digest,
        ledger=bench.ledger.commit(named) if named >= 0 else None,
        key_fingerprint=fingerprint or "", payload_sha256=hashlib.sha256(found.payload).hexdigest(),
        added=changes.added, removed=changes.removed, until=person.until,
    )  # fmt: skip
    stand = Stand(oid, found.tree, time, new.policy, digest)
    return approval, Before(stand, root, new, before.sequence + 1, named)


def _judge_parents(found: Commit, reasons: Reasons) -> None:
    if len(found.parents) < 2:
        reasons.add("NOT_A_MERGE", f"{len(found.parents)} parent")
    if len(found.parents) > 2:
        reasons.add("OCTOPUS", f"{len(found.parents)} parents")
    if len(set(found.parents)) < len(found.parents):
        reasons.add("DUPLICATE_PARENT", "a parent stands twice")


def _judge_person(
    bench: Bench, found: Commit, policy: Policy, reasons: Reasons
) -> tuple[Person | None, str | None]:
    if forge.is_signed(found):
        person, fingerprint = forge.judge(found, policy, reasons)
    else:
        fingerprint = authority.judge_signature(found, reasons, bench.ahead.judge_signature)
        webauthn.judge_place(authority.place_of(found), policy.webauthn, reasons)
        person = authority.judge_owner(found, fingerprint, policy, reasons)
    if person is not None and person.role not in APPROVING:
        reasons.add("NOT_AN_APPROVER", f"role {person.role}")
    return person, fingerprint


def _judge_time(bench: Bench, found: Commit, before: Before, reasons: Reasons) -> datetime | None:
    committer = found.committer
    if committer is None:
        return None
    if not committer.in_range:
        reasons.add("CLOCK", "a time that no clock shows")
        return None
    time = committer.time
    if time < before.stand.time:
        reasons.add("CLOCK", "earlier than the approval before")
    if time - bench.now > AHEAD:
        reasons.add("CLOCK", "in the future")
    return time


def _judge_term(bench: Bench, position: int, person: Person, time: datetime | None, reasons: Reasons) -> None:
    if time is not None and not person.in_term(time):
        reasons.add("TERM", "outside the approver's term")
    if person.role in BOUNDED and person.until is not None:
        seen = bench.ledger.witnessed(position)
        if (seen[1] if seen else bench.now) - person.until > GRACE:
            reasons.add("TERM_UNWITNESSED", "not seen public within 24 hours after the term's end")


def _judge_draft(
    bench: Bench, found: Commit, before: Before, person: Person | None, reasons: Reasons
) -> Brought | None:
    first, second = found.parents[:2]
    try:
        if bench.store.links(second).tree != found.tree:
            reasons.add("TREE_DIFFERS", "the merge's tree is not the draft's")
        brought = bench.ancestry.brought(first, second)
    except StoreFault as fault:
        reasons.add(fault.code, fault.detail)
        return None
    if not brought.related:
        reasons.add("UNRELATED_DRAFT", "the draft does not contain the approval before")
    if before.stand.policy.separation and person is not None:
        addresses = forge.addresses(person, before.stand.policy) if forge.is_signed(found) else {person.id}
        own = authored_by(addresses, brought, bench.chain)
        if own is not None:
            reasons.add("SELF_APPROVAL", f"{own} is authored by the approver")
    return brought


def _judge_tree(bench: Bench, tree: str, reasons: Reasons) -> tuple[Folder | None, str | None]:
    """The tree, and its content digest; no digest where the tree may not be public."""
    try:
        root = bench.folders.read(tree)
    except StoreFault as fault:
        reasons.add(fault.code, fault.detail)
        return None, None
    good = tree_policy.judge(root, reasons)
    return root, digests.text(root.digest) if good and root.digest else None


def _judge_change(
    bench: Bench,
    root: Folder | None,
    before: Before,
    person: Person | None,
    digest: str | None,
    reasons: Reasons,
) -> tuple[Changes, Governance] | None:
    """What changed, and the governance that holds from here on."""
    if root is None:
        return None
    try:
        changes = tree_changes.compare(before.root, root)
        paths = changes.paths
        if person is not None and person.role == "daily":
            outside = [path for path in paths if not person.may_change(path)]
            if outside:
                reasons.add("OUT_OF_SCOPE", f"{len(outside)} paths outside the scope")
        if all(path.startswith("content/") for path in paths):
            return changes, before.governance
        if person is not None and person.role == "daily":
            reasons.add("PROTECTED_CHANGE", "a daily stand-in may not change protected paths")
        if digest is None:
            # The tree itself is refused; what its policy says is of no interest any more.
            reasons.add("PROTECTED_CHANGE", "protected paths changed in a tree that may not be public")
            return None
        last = bench.chain[before.stand.commit]
        return changes, governance.judge_change(
            bench.reader,
            before.governance,
            root,
            lambda commit: bench.chain.get(commit, last + 1) <= last,
            reasons,
        )
    except StoreFault as fault:
        reasons.add(fault.code, fault.detail)
        return None


def _judge_message(bench: Bench, found: Commit, before: Before, digest: str | None, reasons: Reasons) -> int:
    """Place of the ledger commit that it names; where that cannot be told, what the one before named."""
    try:
        said = _said(found)
    except MessageMalformed as error:
        reasons.add("MESSAGE_GRAMMAR", str(error))
        return before.ledger
    wanted = {
        "version": message.APPROVAL_VERSION,
        "sequence": str(before.sequence + 1),
        "ref": REF,
        "genesis": bench.genesis,
        "draft": found.parents[1] if len(found.parents) > 1 else None,
        "digest": digest,
        "policy": before.governance.digest,
    }
    for name, value in wanted.items():
        if name in said and value is not None and said[name] != value:
            reasons.add("TRAILER_MISMATCH", f"Approval-{name.capitalize()}")
            if name in ("sequence", "ref", "genesis"):
                reasons.add("REPLAY", f"made for another {name}")
    return _named_ledger(bench, said["ledger"], before, reasons) if "ledger" in said else before.ledger


def _said(found: Commit) -> dict[str, str]:
    """The trailers by name; a merge that the forge made need not have them all, or any (§7)."""
    if forge.is_signed(found):
        return message.parse_button(found.message)
    return message.parse_approval(found.message).by_name()


def _named_ledger(bench: Bench, named: str, before: Before, reasons: Reasons) -> int:
    if named != message.NO_LEDGER and not (is_commit(named) and len(named) == len(bench.genesis)):
        reasons.add("TRAILER_MISMATCH", "Approval-Ledger is neither a commit id nor none")
        return before.ledger
    place = -1 if named == message.NO_LEDGER else bench.ledger.place(named)
    if place is None:
        reasons.add("LEDGER_ROLLBACK", f"{named} is not on the ledger")
        return before.ledger
    if place < before.ledger:
        reasons.add("LEDGER_ROLLBACK", "an older ledger than the approval before named")
    return place
