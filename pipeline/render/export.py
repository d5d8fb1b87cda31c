"""The approved tree as files: written from the verifier's own, re-hashed objects, never checked out.

Nothing of git's work tree machinery runs here (no filters, no attributes, no hooks, no links). The tree has
kept the tree policy already; what matters for writing is looked at once more, since a path is about to be
made of it.
"""

import os
from collections.abc import Iterator
from pathlib import Path

from pipeline.verification import Verification
from sop_site.approval import path_names
from sop_site.approval.digests import FILE, FOLDER
from sop_site.approval.folders import COMPONENTS
from sop_site.approval.store import ObjectStore, StoreFault
from sop_site.errors import RenderingFailed


def export(verification: Verification, tip: str, target: Path) -> list[str]:
    """Write every file of the tree of ``tip`` below ``target``, which must not exist; their paths, sorted.

    ``RenderingFailed`` where an entry is no plain file or folder, has a name that means something else
    elsewhere, or cannot be read as its id says.
    """
    store = verification.store
    target.mkdir()
    written: list[str] = []
    try:
        for path, oid in _files(store, store.links(tip).tree):
            _write(target / path, store.blob(oid))
            written.append(path)
    except StoreFault as error:
        raise RenderingFailed("render-tree-unreadable", detail=error.detail) from error
    return sorted(written)


def _files(store: ObjectStore, root: str) -> Iterator[tuple[str, str]]:
    """Path and blob id of every file; folders are read level by level, each level in one go."""
    level = [("", root)]
    for _ in range(COMPONENTS):
        trees = store.trees(oid for _, oid in level)
        below: list[tuple[str, str]] = []
        for prefix, folder in level:
            for mode, name, oid in trees[folder]:
                path = prefix + name.decode("utf-8", "backslashreplace")
                if mode not in (FILE, FOLDER) or path_names.problem(name):
                    raise RenderingFailed("render-tree-odd", path=path)
                if mode == FILE:
                    yield path, oid
                else:
                    below.append((f"{path}/", oid))
        level = below
    if level:
        raise RenderingFailed("render-tree-odd", path=level[0][0])


def _write(path: Path, data: bytes) -> None:
    """A new file; one that exists already (two names that this disk takes for one) is never overwritten."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o644)
    except FileExistsError as error:
        raise RenderingFailed("render-tree-odd", path=path.name) from error
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
