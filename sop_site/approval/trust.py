"""The trust file: what a verifier believes before it has seen anything (protocol §8)."""

import re
from dataclasses import dataclass

from sop_site import toml_text
from sop_site.approval import digests
from sop_site.approval.entry import is_commit

_KEYS = {"genesis", "genesis_sha256", "policy_sha256", "content_digest"}
_HEX = re.compile(r"[0-9a-f]{64}")
LIMIT = 64 * 1024


class TrustMalformed(ValueError):
    """Bytes that are no trust file; the text is a short English reason."""


@dataclass(frozen=True, slots=True)
class Trust:
    """The pinned genesis."""

    genesis: str
    genesis_sha256: str
    """SHA-256 of the raw commit object's bytes, bare hex."""
    policy_sha256: str
    """SHA-256 of ``governance/policy.toml`` at genesis, bare hex."""
    content_digest: str
    """Content digest of genesis, ``sha256:…``."""


def parse(data: bytes) -> Trust:
    """The trust file's four values; ``TrustMalformed`` for anything else."""
    try:
        table = toml_text.loads(data[: LIMIT + 1].decode("utf-8")) if len(data) <= LIMIT else {}
    except (ValueError, RecursionError) as error:
        raise TrustMalformed("not TOML in UTF-8") from error
    if set(table) != _KEYS or not all(isinstance(value, str) for value in table.values()):
        raise TrustMalformed("the keys are not exactly the four of a trust file")
    trust = Trust(**table)
    if not is_commit(trust.genesis) or not digests.is_text(trust.content_digest):
        raise TrustMalformed("genesis or content_digest is out of form")
    if not _HEX.fullmatch(trust.genesis_sha256) or not _HEX.fullmatch(trust.policy_sha256):
        raise TrustMalformed("genesis_sha256 or policy_sha256 is out of form")
    return trust


def render(trust: Trust) -> bytes:
    """The file for a genesis."""
    keys = ("genesis", "genesis_sha256", "policy_sha256", "content_digest")
    return "".join(f'{key} = "{getattr(trust, key)}"\n' for key in keys).encode("ascii")
