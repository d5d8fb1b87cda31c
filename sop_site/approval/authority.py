"""Whose signature stands on a commit, and what that person may do (protocol §4.2, §4.3, §4.6)."""

from collections.abc import Callable

from sop_site.approval import sshsig
from sop_site.approval.commit import Commit, is_pgp
from sop_site.approval.policy import Person, Policy
from sop_site.approval.reasons import Reasons
from sop_site.approval.sshsig import Signature
from sop_site.approval.webauthn import Place

NAMESPACE = "git"
FORGE_EMAIL = "noreply@github.com"


def judge_signature(
    commit: Commit,
    reasons: Reasons,
    judge: Callable[[Signature, bytes, Reasons], None] = sshsig.judge,
) -> str | None:
    """Fingerprint of the key on the commit; notes what is wrong with the signature itself."""
    if commit.committer is not None and commit.committer.email.casefold() == FORGE_EMAIL:
        reasons.add("FORGE_REFUSED", "committed by the forge, but not signed by it")
    if commit.signature is None:
        reasons.add("UNSIGNED", "no signature header")
        return None
    if is_pgp(commit.signature):
        reasons.add("FORGE_REFUSED", "a PGP signature where only a person's own counts")
        return None
    try:
        signature = sshsig.parse(commit.signature)
    except sshsig.Malformed as error:
        reasons.add("SIGNATURE_GRAMMAR", str(error))
        return None
    if signature.namespace != NAMESPACE:
        reasons.add("WRONG_NAMESPACE", f"made for {signature.namespace[:64]!r}")
    judge(signature, commit.payload, reasons)
    return signature.fingerprint


def place_of(commit: Commit) -> Place | None:
    """Where a passkey signed the commit; the policy that holds for it must admit that place."""
    try:
        return sshsig.parse(commit.signature or b"").place
    except sshsig.Malformed:
        return None


def judge_owner(commit: Commit, fingerprint: str | None, policy: Policy, reasons: Reasons) -> Person | None:
    """The person whose key it is; notes unknown and revoked keys and another committer's name."""
    if fingerprint is None:
        return None
    if policy.is_revoked(fingerprint):
        reasons.add("REVOKED_KEY", f"{fingerprint} is revoked in the policy at the first parent")
    person = policy.owner(fingerprint)
    if person is None:
        reasons.add("UNKNOWN_KEY", f"{fingerprint} belongs to nobody in the policy")
    elif commit.committer is not None and commit.committer.email != person.id:
        reasons.add("PRINCIPAL_MISMATCH", "the committer is not the key's owner")
    return person
