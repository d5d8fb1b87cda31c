"""Merges made by the forge's button: its word that a person of the policy pressed it (protocol §7)."""

from sop_site.approval import openpgp, openpgp_armor
from sop_site.approval.authority import FORGE_EMAIL
from sop_site.approval.commit import Commit, is_pgp
from sop_site.approval.openpgp_armor import Malformed
from sop_site.approval.policy import Forge, Person, Policy
from sop_site.approval.reasons import Reasons

NAME = "GitHub"
CONDITIONS = frozenset({
    "HEADER_GRAMMAR", "SIGNATURE_GRAMMAR", "MESSAGE_GRAMMAR", "TRAILER_MISMATCH", "LEDGER_ROLLBACK",
    "UNSIGNED", "BAD_SIGNATURE", "KEY_TYPE", "UNKNOWN_KEY", "REVOKED_KEY", "PRINCIPAL_MISMATCH",
    "NOT_A_MERGE", "OCTOPUS", "DUPLICATE_PARENT", "UNRELATED_DRAFT", "TREE_DIFFERS",
    "NOT_AN_APPROVER", "OUT_OF_SCOPE", "TERM", "TERM_UNWITNESSED", "CLOCK", "SELF_APPROVAL", "DRAFT_BARRED",
})  # fmt: skip
"""Codes of the conditions that §7 sets; a merge of the forge that fails one is not admitted by §7."""


def is_signed(commit: Commit) -> bool:
    """Whether the commit carries a PGP signature, as only a forge's merge may."""
    return commit.signature is not None and is_pgp(commit.signature)


def is_named(commit: Commit) -> bool:
    """Whether the commit says that the forge made it, however it is signed."""
    return commit.committer is not None and commit.committer.email.casefold() == FORGE_EMAIL


def judge(commit: Commit, policy: Policy, reasons: Reasons) -> tuple[Person | None, str | None]:
    """The person in whose name the button was pressed, and the fingerprint of the forge's key."""
    listed = policy.github
    if listed is None:
        reasons.add("FORGE_REFUSED", "the policy has no [github] table")
        return None, None
    if commit.committer is None or (commit.committer.name, commit.committer.email) != (NAME, FORGE_EMAIL):
        reasons.add("FORGE_REFUSED", "the forge's signature under another committer")
    person = _author(commit, listed, policy)
    if person is None:
        reasons.add("FORGE_REFUSED", "the author's address is nobody's in the policy")
    return person, _judge_signature(commit, listed, reasons)


def addresses(person: Person, policy: Policy) -> frozenset[str]:
    """Author e-mails under which a person may have written what he approves by the button (§4.9)."""
    own = policy.github.authors[person.id] if policy.github is not None else person.id
    return frozenset({person.id, own, FORGE_EMAIL})


def refuse(commit: Commit, reasons: Reasons) -> None:
    """Say once more that §7 does not admit the merge, where one of its conditions failed."""
    if (is_signed(commit) or is_named(commit)) and any(code in reasons for code in CONDITIONS):
        reasons.add("FORGE_REFUSED", "a condition for merges made by the forge is not met")


def _author(commit: Commit, listed: Forge, policy: Policy) -> Person | None:
    email = commit.author.email if commit.author is not None else ""
    return next((policy.person(who) for who, known in listed.authors.items() if known == email), None)


def _judge_signature(commit: Commit, listed: Forge, reasons: Reasons) -> str | None:
    try:
        signature = openpgp.parse_signature(openpgp_armor.of_signature(commit.signature or b""))
        keys = [openpgp.parse_key(openpgp_armor.of_key(armored)) for armored in listed.public_keys]
        key = next((key for key in keys if signature.names(key.fingerprint)), None)
        if key is None:
            reasons.add("UNKNOWN_KEY", "made by a key that the policy does not list for the forge")
            return None
        if key.revoked:
            reasons.add("REVOKED_KEY", f"{key.fingerprint} carries its own revocation")
        if not openpgp.verify(signature, key, commit.payload):
            reasons.add("BAD_SIGNATURE", "the signature does not fit the commit")
    except openpgp.AlgorithmRefused as error:
        reasons.add("KEY_TYPE", str(error))
        return None
    except Malformed as error:
        reasons.add("SIGNATURE_GRAMMAR", str(error))
        return None
    return key.fingerprint
