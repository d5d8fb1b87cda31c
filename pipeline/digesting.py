"""Content digests read through the operator's own clone, for the queue; a verdict never rests on them."""

from pipeline.repository import Repository
from sop_site.approval import digests


def content_digest(repo: Repository, commit: str) -> str:
    """Content digest of a commit (approval protocol §2), ``sha256:…``."""
    return digests.text(_tree_digest(repo, repo.tree(commit)))


def _tree_digest(repo: Repository, tree: str) -> bytes:
    data, width = repo.raw(tree), len(tree) // 2
    entries = []
    while data:
        mode, _, rest = data.partition(b" ")
        name, _, rest = rest.partition(b"\0")
        child, data = rest[:width].hex(), rest[width:]
        is_folder = mode == b"40000"
        digest = _tree_digest(repo, child) if is_folder else digests.blob_digest(repo.raw(child))
        entries.append((mode.decode().zfill(6), name, digest))
    return digests.tree_digest(entries)
