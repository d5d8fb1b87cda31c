"""Which files differ between two trees, found by comparing only the folders whose ids differ."""

from collections.abc import Iterator

from sop_site.approval.digests import FOLDER
from sop_site.approval.store import ObjectStore, StoreFault, TreeEntry

_DEEPEST = 64
_MOST = 200_000


def changed(store: ObjectStore, before: str | None, after: str | None) -> tuple[str, ...]:
    """Paths of files that were added, removed or differ in bytes or mode, sorted; ``None`` is the empty tree.

    ``StoreFault`` where a tree cannot be read, or is deeper or larger than any approved tree may be.
    """
    found = []
    # Folders count as well: ten that name one another ten times over hold more paths than can be walked.
    for seen, path in enumerate(_differences(store, before, after, b"", 0)):
        if path is not None:
            found.append(path.decode("utf-8", "replace"))
        if seen > _MOST:
            raise StoreFault("LIMIT", after or before or "", f"more than {_MOST} changed files and folders")
    return tuple(sorted(found))


def find(store: ObjectStore, root: str, name: bytes) -> TreeEntry | None:
    """The entry of that name in one folder."""
    return next((entry for entry in store.tree(root) if entry.name == name), None)


def _differences(
    store: ObjectStore, before: str | None, after: str | None, prefix: bytes, depth: int
) -> Iterator[bytes | None]:
    """Paths of changed files, and ``None`` for each changed folder."""
    if before == after:
        return
    yield None
    if depth > _DEEPEST:
        raise StoreFault("LIMIT", after or before or "", "folders are nested too deeply")
    old, new = (set(store.tree(oid)) if oid else set() for oid in (before, after))
    gone = {entry.name: entry for entry in old - new}
    come = {entry.name: entry for entry in new - old}
    for name in sorted(gone.keys() | come.keys()):
        sides = (gone.get(name), come.get(name))
        files = [entry for entry in sides if entry and entry.mode != FOLDER]
        folders = [entry.oid if entry and entry.mode == FOLDER else None for entry in sides]
        if files:
            yield prefix + name
        if any(folders):
            yield from _differences(store, folders[0], folders[1], prefix + name + b"/", depth + 1)
