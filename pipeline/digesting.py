"""Digests of what lies in the office's own repository, for queue and signing; no verdict rests on them."""

from pathlib import Path

from pipeline.objects import GitObjects
from sop_site.approval import digests
from sop_site.approval.commit import format_of

_UNPROTECTED = frozenset({b"content", b"governance"})


def content_digest(repo: Path, commit: str) -> str:
    """Content digest of a commit (approval protocol §2), ``sha256:…``; ``StoreFault`` where it has none."""
    with _objects(repo, commit) as store:
        return digests.text(store.digest_of_tree(store.links(commit).tree))


def protected_digest(repo: Path, tree: str) -> str:
    """Protected digest of a root tree (approval protocol §2)."""
    with _objects(repo, tree) as store:
        return digests.text(store.digest_without(tree, _UNPROTECTED))


def _objects(repo: Path, oid: str) -> GitObjects:
    return GitObjects(repo, format_of(oid))
