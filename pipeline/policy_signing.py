"""Root persons' signatures over a draft of the policy: whose key is at hand, and the files they become."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from pipeline import plumbing, policy_drafts, policy_keys, policy_reading, signing
from pipeline.policy_drafts import Place
from pipeline.policy_reading import Reading
from pipeline.references import DraftRef
from pipeline.repository import Repository
from pipeline.signing import Signer
from sop_site.approval import endorsement, governance, policy
from sop_site.errors import AnswerIsNo

FOLDER = "governance/signatures/"
_UNSAFE = re.compile(r"[^a-z0-9@._-]")
_LONGEST_NAME = 80


def signers_for(repo: Repository, reading: Reading, key: Path | None) -> list[Signer]:
    """The key that is named, else the keys at hand of one root person whose signature is lacking.

    ``AnswerIsNo`` where the named key's signature would not count. One person may hold two keys that are
    both wanted: an old one, which the old policy knows, and its successor, which the new one does.
    """
    counting = endorsement.may_sign(reading.old, reading.new)
    if key is not None:
        signer = signing.from_file(key)
        if signer.fingerprint not in counting:
            raise AnswerIsNo("policy-key-not-root", fingerprint=signer.fingerprint)
        return [signer]
    chosen: list[Signer] = []
    for signer in policy_keys.at_hand(repo.path, counting - reading.signers):
        if chosen and _owner(reading, signer) != _owner(reading, chosen[0]):
            continue
        have = reading.signers | fingerprints(chosen)
        if _still_open(reading, have | {signer.fingerprint}) < _still_open(reading, have):
            chosen.append(signer)
    return chosen


def sign(
    repo: Repository, draft: DraftRef, reading: Reading, signers: Sequence[Signer], at: datetime
) -> DraftRef:
    """Add signatures to a draft; files that are no valid signature go."""
    data = repo.read(draft.tip, policy.PATH)
    signed = replace(reading, signers=reading.signers | fingerprints(signers))
    changes: dict[str, bytes | None] = dict.fromkeys(_invalid(repo, draft))
    changes |= files(signed, data, signers)
    title = f"Tanda tangan atas kebijakan versi {reading.new.version}"
    return policy_drafts.commit(repo, Place(draft.id, draft), changes, title, signed, at)


def read(repo: Repository, draft: DraftRef) -> Reading:
    """What a draft would change in the policy; files that are no valid signature are set aside."""
    gone = dict.fromkeys(_invalid(repo, draft))
    tree = plumbing.write_tree(repo.path, draft.tip, gone) if gone else repo.tree(draft.tip)
    return policy_reading.judge(repo, tree, draft.tip)


def files(reading: Reading, data: bytes, signers: Sequence[Signer]) -> dict[str, bytes]:
    """A signature file for each key, by path."""
    return {
        _path(_owner(reading, signer), signer.fingerprint): signer.sign(data, policy.NAMESPACE).encode(
            "ascii"
        )
        for signer in signers
    }


def fingerprints(signers: Sequence[Signer]) -> frozenset[str]:
    """The keys of some signers."""
    return frozenset(signer.fingerprint for signer in signers)


def _path(person: str, fingerprint: str) -> str:
    """A file for each key of each person, under a name that every file system takes."""
    mark = hashlib.sha256(fingerprint.encode("ascii")).hexdigest()[:8]
    return f"{FOLDER}{_UNSAFE.sub('-', person)[:_LONGEST_NAME]}-{mark}.sig"


def _invalid(repo: Repository, draft: DraftRef) -> list[str]:
    """Files that are no valid signature over the draft's policy."""
    data = repo.find(draft.tip, policy.PATH) or b""
    paths = repo.files(draft.tip, FOLDER)
    # A draft is anybody's: more files than the verifier looks at are not looked at here either.
    some, rest = paths[: governance.SIGNATURES], paths[governance.SIGNATURES :]
    valid = governance.are_valid(data, (repo.read(draft.tip, path) for path in some))
    return [*(path for path, good in zip(some, valid, strict=True) if not good), *rest]


def _owner(reading: Reading, signer: Signer) -> str:
    person = reading.new.owner(signer.fingerprint) or reading.old.owner(signer.fingerprint)
    return person.id if person else ""


def _still_open(reading: Reading, signers: frozenset[str]) -> int:
    """How many signatures are lacking, all conditions together."""
    return sum(lack.wanted - lack.signed for lack in endorsement.lacking(reading.old, reading.new, signers))
