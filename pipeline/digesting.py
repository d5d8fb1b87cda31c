"""Digests of what lies in the office's own repository, for queue and signing; no verdict rests on them."""

from pathlib import Path

from pipeline.objects import GitObjects
from sop_site.approval import digests, governance
from sop_site.approval.commit import format_of
from sop_site.approval.store import StoreFault
from sop_site.approval.tree_reading import Folders


def content_digest(repo: Path, commit: str) -> str:
    """Content digest of a commit (approval protocol §2), ``sha256:…``; ``StoreFault`` where it has none."""
    with _objects(repo, commit) as store:
        root = Folders(store).read(store.links(commit).tree)
    if root.digest is None:
        raise StoreFault("LIMIT", commit, "holds what has no digest")
    return digests.text(root.digest)


def protected_digest(repo: Path, tree: str) -> str:
    """Protected digest of a root tree (approval protocol §2)."""
    with _objects(repo, tree) as store:
        digest = governance.protected_digest(Folders(store).read(tree))
    if digest is None:
        raise StoreFault("LIMIT", tree, "holds what has no digest")
    return digest


def _objects(repo: Path, oid: str) -> GitObjects:
    return GitObjects(repo, format_of(oid))
