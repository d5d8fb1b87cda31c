"""``/.well-known/sop.json``: what a machine should know of the site; the only file with tip and time.

Its keys are described in docs/bukti.md; they stay, others may be added.
"""

import json
from datetime import datetime

from sop_site import manifest
from sop_site.proof import Proof

PATH = ".well-known/sop.json"
ALLOWED_SIGNERS = "bukti/allowed_signers"
VERSION = 1
"""Of the form of this file."""


def note(proof: Proof, repository: str | None, now: datetime) -> str:
    """The file's text; ``repository`` is where it can be cloned, where the office has made that public.

    ``now`` is the hour at which the build saw the site: expiries and embargoes were judged by it.
    """
    opening = proof.opening
    assert opening is not None
    newest = proof.approvals[-1] if proof.approvals else None
    values = {
        "version": VERSION,
        "repository": repository,
        "genesis": opening.commit,
        "trust": {
            "genesis": opening.commit,
            "genesis_sha256": opening.genesis_sha256,
            "policy_sha256": opening.policy_sha256,
            "content_digest": opening.content_digest,
        },
        "tip": newest.commit if newest else opening.commit,
        "content_digest": newest.content_digest if newest else opening.content_digest,
        "approvals": len(proof.approvals),
        "sequence": newest.sequence if newest else 0,
        "policy_version": proof.policies[-1].version,
        "time": now.isoformat(timespec="seconds"),
        "proof": "/bukti/",
        "allowed_signers": f"/{ALLOWED_SIGNERS}",
        "manifest": f"/{manifest.NAME}",
    }
    return json.dumps(values, indent=1, sort_keys=True) + "\n"
