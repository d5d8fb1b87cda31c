"""What the proof pages need beside the verdict, read from the verifier's own, re-hashed objects."""

from datetime import datetime, tzinfo

from pipeline.verification import Verification
from sop_site import proof
from sop_site.approval import policy
from sop_site.approval.governance import Governance, GovernanceReader
from sop_site.approval.policy_history import PolicyVersion
from sop_site.approval.verdict import Verdict
from sop_site.proof import Proof


def gather(verification: Verification, *, zone: tzinfo) -> Proof:
    """The proof of an accepted history; one commit is read for each approval."""
    versions = _policies(verification.verdict, GovernanceReader(verification.store))
    return proof.compose(verification.verdict, versions, verification.store.commit, zone=zone)


def _policies(verdict: Verdict, reader: GovernanceReader) -> list[PolicyVersion]:
    assert verdict.genesis is not None
    first = verdict.genesis
    found = [_version(reader.in_tree(first.tree), first.commit, 0, first.time)]
    for approval in verdict.approvals:
        if policy.PATH in approval.paths:
            governance = reader.in_tree(approval.tree)
            found.append(_version(governance, approval.commit, approval.sequence, approval.time))
    return found


def _version(governance: Governance, commit: str, sequence: int, since: datetime) -> PolicyVersion:
    assert governance.policy is not None
    return PolicyVersion(
        policy=governance.policy,
        digest=str(governance.digest),
        commit=commit,
        sequence=sequence,
        since=since,
        signers=governance.signers,
    )
