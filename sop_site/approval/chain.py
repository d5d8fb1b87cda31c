"""The only verdict: every approval and ledger entry from genesis to tip, or the first that fails (§9)."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sop_site.answers import Refusal
from sop_site.approval import (
    approving,
    commit,
    digests,
    governance,
    ledger,
    ledger_authority,
    tree_changes,
    tree_policy,
)
from sop_site.approval.ancestry import Ancestry
from sop_site.approval.approving import Before, Bench
from sop_site.approval.barring import LedgerFacts
from sop_site.approval.commit import CommitMalformed
from sop_site.approval.governance import Governance, GovernanceReader
from sop_site.approval.ledger import Reading
from sop_site.approval.ledger_authority import Stand, Stands
from sop_site.approval.lookahead import Lookahead
from sop_site.approval.reasons import Reasons
from sop_site.approval.store import ObjectStore, StoreFault
from sop_site.approval.tree_reading import Folders
from sop_site.approval.trust import Trust
from sop_site.approval.verdict import Approval, Genesis, Verdict

__all__ = ["Approval", "Course", "Findings", "Genesis", "Judged", "Verdict", "judge", "run"]


@dataclass(slots=True)
class _Accepted:
    """What stands so far, oldest first; ``stands`` begins with what stood before the first approval."""

    stands: list[Stand]
    approvals: list[Approval] = field(default_factory=list)
    refusals: tuple[Refusal, ...] = ()
    last: Before | None = None
    """What the last approval left behind, if there is one."""


@dataclass(frozen=True, slots=True)
class Course:
    """What is to be judged, and what it rests on: genesis alone, or a history that was judged before."""

    store: ObjectStore
    folders: Folders
    reader: GovernanceReader
    ancestry: Ancestry
    genesis: Genesis
    first: Before
    """What stands before the first of ``approvals``."""
    approvals: Sequence[str]
    """Oldest first."""
    chain: Mapping[str, int]
    """Publish commit → place on the whole chain, genesis 0."""
    entries: Reading
    facts: LedgerFacts
    knew: int = -1
    """Place on the chain that the entry before these knew."""
    oldest: int = 0
    """First place whose stand may be asked for."""
    earlier: Callable[[int], Stand] | None = None
    """Gives the stands before ``first``."""


@dataclass(frozen=True, slots=True)
class Findings:
    """What judging a course came to."""

    course: Course
    approvals: Sequence[Approval]
    stands: Sequence[Stand]
    """``course.first`` and what each approval left behind."""
    last: Before
    refusals: tuple[Refusal, ...]
    absent: frozenset[str]
    """Drafts that decisions name and that are not here."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict, and what it was found from unless not even genesis could be judged."""

    verdict: Verdict
    findings: Findings | None = None


def judge(store: ObjectStore, trust: Trust, tip: str, ledger_tip: str | None, now: datetime) -> Judged:
    """The verdict on a history given by its two tips; ``now`` is the verifier's clock, aware."""
    chain, broken = _first_parents(store, tip)
    folders, reader = Folders(store), GovernanceReader(store)
    opened = _judge_genesis(store, folders, reader, trust, trust.genesis if broken else chain[-1])
    lost = broken.refusals if broken else ()
    if isinstance(opened, Reasons):
        return Judged(Verdict(tip, ledger_tip, refusals=(*lost, *opened.refusals)))
    genesis, first = opened
    if broken is not None:
        # Nobody can say which approvals lie below a commit that cannot be read.
        return Judged(Verdict(tip, ledger_tip, genesis=genesis, refusals=lost, policy=genesis.policy))
    places = {oid: place for place, oid in enumerate(reversed(chain))}
    reading = ledger.read(store, ledger_tip, now)
    ancestry = Ancestry(store)
    ancestry.accept(genesis.commit, ancestry.brought(genesis.commit, genesis.commit))
    facts = LedgerFacts(reading.entries, places)
    course = Course(store, folders, reader, ancestry, genesis, first, chain[-2::-1], places, reading, facts)
    found = run(course, now)
    verdict = Verdict(
        tip=tip,
        ledger_tip=ledger_tip,
        genesis=genesis,
        approvals=found.approvals,
        ledger=reading.entries,
        refusals=found.refusals,
        policy=found.stands[-1].policy,
    )
    return Judged(verdict, found)


def run(course: Course, now: datetime) -> Findings:
    """Judge approvals one upon the other, then the entries of the ledger."""
    start = course.first.sequence
    with Lookahead(course.store, course.approvals, start) as ahead:
        bench = Bench(
            course.store, course.reader, course.folders, course.ancestry, course.facts, course.chain,
            course.genesis.commit, now, ahead,
        )  # fmt: skip
        accepted = _judge_approvals(bench, course.approvals, course.first)
    stands = Stands(accepted.stands, start, course.oldest, course.earlier)
    entitled = ledger_authority.judge(
        course.store, course.folders, course.entries.signed, stands, course.chain, course.knew
    )
    return Findings(
        course=course,
        approvals=tuple(accepted.approvals),
        stands=tuple(accepted.stands),
        last=accepted.last or course.first,
        refusals=(*accepted.refusals, *course.entries.refusals, *entitled.refusals),
        absent=entitled.absent,
    )


def refused(refusals: Sequence[Refusal], tip: str | None = None, ledger_tip: str | None = None) -> Verdict:
    """A verdict where not even genesis could be judged."""
    return Verdict(tip, ledger_tip, refusals=tuple(refusals))


def with_refusals(verdict: Verdict, refusals: Sequence[Refusal]) -> Verdict:
    """The verdict with what was found wrong around the history, put first."""
    return replace(verdict, refusals=(*refusals, *verdict.refusals))


def _first_parents(store: ObjectStore, tip: str) -> tuple[list[str], Reasons | None]:
    """The chain from ``tip`` to its root; where it breaks, the commit that cannot be read comes last."""
    chain, seen = [], set()
    oid = tip
    while True:
        chain.append(oid)
        seen.add(oid)
        try:
            parents = store.links(oid).parents
        except StoreFault as fault:
            reasons = Reasons(oid)
            reasons.add(fault.code, fault.detail)
            return chain, reasons
        if not parents:
            return chain, None
        oid = parents[0]
        if oid in seen:
            reasons = Reasons(oid)
            reasons.add("OBJECT_CORRUPT", "a commit is its own ancestor")
            return chain, reasons


def _judge_genesis(
    store: ObjectStore, folders: Folders, reader: GovernanceReader, trust: Trust, oid: str
) -> tuple[Genesis, Before] | Reasons:
    """Genesis as the trust file pins it, or the reasons why it is another one."""
    reasons = Reasons(oid)
    if oid != trust.genesis:
        reasons.add("TRUST_MISMATCH", "the root of publish is not the genesis of the trust file")
        return reasons
    try:
        raw = store.commit(oid)
        found = commit.parse(raw, store.object_format)
        if hashlib.sha256(raw).hexdigest() != trust.genesis_sha256:
            reasons.add("TRUST_MISMATCH", "genesis_sha256")
        root = folders.read(found.tree)
        tree_policy.judge(root, reasons)
        rules = governance.judge_genesis(reader, root, reasons)
        digest = "" if reasons or root.digest is None else digests.text(root.digest)
        paths = () if reasons else tree_changes.changed(None, root)
    except StoreFault as fault:
        reasons.add(fault.code, fault.detail)
        return reasons
    except CommitMalformed as error:
        reasons.add(error.code, str(error))
        return reasons
    _compare_pins(trust, rules, digest, reasons)
    if found.committer is None or not found.committer.in_range:
        reasons.add("HEADER_GRAMMAR", "genesis has no committer line with a time")
    if reasons or rules.policy is None or found.committer is None:
        return reasons
    time = found.committer.time
    stand = Stand(oid, found.tree, time, rules.policy, digest)
    return Genesis(oid, found.tree, time, paths, rules.policy, digest), Before(stand, root, rules, 0, -1)


def _compare_pins(trust: Trust, rules: Governance, digest: str, reasons: Reasons) -> None:
    if rules.digest is not None and rules.digest != f"sha256:{trust.policy_sha256}":
        reasons.add("TRUST_MISMATCH", "policy_sha256")
    if digest and digest != trust.content_digest:
        reasons.add("TRUST_MISMATCH", "content_digest")


def _judge_approvals(bench: Bench, chain: Sequence[str], first: Before) -> _Accepted:
    accepted = _Accepted([first.stand])
    before = first
    for oid in chain:
        reasons = Reasons(oid)
        try:
            good = approving.judge(bench, oid, before, reasons)
        except StoreFault as fault:
            reasons.add(fault.code, fault.detail)
            good = None
        if good is None:
            accepted.refusals = reasons.refusals
            return accepted
        approval, after = good
        accepted.approvals.append(approval)
        accepted.stands.append(after.stand)
        if after.stand.policy is not before.stand.policy and _withdraw_compromised(bench, accepted):
            return accepted
        before = accepted.last = after
    return accepted


def _withdraw_compromised(bench: Bench, accepted: _Accepted) -> bool:
    """Whether the newest policy voids an approval (``compromised_since``, §4.6); all after it falls too."""
    since = {
        entry.key: bench.chain[entry.compromised_since]
        for entry in accepted.stands[-1].policy.revoked
        if entry.compromised_since is not None
    }
    for place, approval in enumerate(accepted.approvals, start=1):
        if place > since.get(approval.key_fingerprint, place):
            reasons = Reasons(approval.commit)
            reasons.add("REVOKED_KEY", "given after the key was compromised, says a later policy")
            accepted.refusals = reasons.refusals
            del accepted.approvals[place - 1 :]
            del accepted.stands[place:]
            return True
    return False
