"""The pins of a genesis, as a trust file holds them."""

import hashlib
from pathlib import Path

from pipeline.digesting import content_digest
from pipeline.gitenv import run_git
from sop_site.approval import policy
from sop_site.approval.trust import Trust


def pin(repo: Path, genesis: str) -> Trust:
    """What a trust file would say of this genesis."""
    raw = run_git(["cat-file", "commit", genesis], cwd=repo)
    rules = run_git(["cat-file", "blob", f"{genesis}:{policy.PATH}"], cwd=repo)
    return Trust(
        genesis=genesis,
        genesis_sha256=hashlib.sha256(raw).hexdigest(),
        policy_sha256=hashlib.sha256(rules).hexdigest(),
        content_digest=content_digest(repo, genesis),
    )
