"""Which files differ between two trees, found by comparing only the pieces that the two do not share."""

from dataclasses import dataclass, field
from typing import NamedTuple

from sop_site.approval.folders import ENTRIES_LIMIT, Child, Folder
from sop_site.approval.store import StoreFault

_MOST = 2 * ENTRIES_LIMIT + 1
"""Both trees in full and the root: no more can differ between two trees that may be public."""


class Changes(NamedTuple):
    """How two trees differ: paths of files, sorted."""

    paths: tuple[str, ...]
    """Added, removed, or other in bytes or mode."""
    added: tuple[str, ...]
    """Those of them that only the tree after has."""
    removed: tuple[str, ...]
    """Those of them that only the tree before has."""


def changed(before: Folder | None, after: Folder | None) -> tuple[str, ...]:
    """Paths of files that differ, as ``compare`` finds them."""
    return compare(before, after).paths


def compare(before: Folder | None, after: Folder | None) -> Changes:
    """What changed from one tree to the other; ``None`` is the empty tree.

    ``StoreFault`` where a tree is larger than any approved tree may be. A folder that was refused unread
    counts as one path.
    """
    if after is not None and after.is_closed:
        raise StoreFault("LIMIT", after.oid, "a tree that was refused unread")
    walk = _Walk(after.oid if after else "")
    walk.differences(before, after, b"")
    paths = sorted((path.decode("utf-8", "replace"), was, is_now) for path, was, is_now in walk.found)
    return Changes(
        tuple([path for path, _, _ in paths]),
        tuple([path for path, was, _ in paths if not was]),
        tuple([path for path, _, is_now in paths if not is_now]),
    )


@dataclass(slots=True)
class _Walk:
    """Folders count as well: ten that name one another ten times over hold more paths than can be walked."""

    oid: str
    found: list[tuple[bytes, bool, bool]] = field(default_factory=list)
    """Path of each changed file, whether it was one before, and whether it is one after."""
    folders: int = 0

    def differences(self, before: Folder | None, after: Folder | None, prefix: bytes) -> None:
        """Note the changed files below ``prefix``."""
        if before is after or (before and after and before.oid == after.oid):
            return
        self.folders += 1
        if self.folders + len(self.found) > _MOST:
            raise StoreFault("LIMIT", self.oid, f"more than {_MOST} changed files and folders")
        if (before and before.is_closed) or (after and after.is_closed):
            self.found.append((prefix.rstrip(b"/"), before is not None, after is not None))
        gone, come = _apart(before, after)
        for name in gone.keys() | come.keys():
            old, new = gone.get(name), come.get(name)
            was, is_now = (side is not None and side.folder is None for side in (old, new))
            if was or is_now:
                self.found.append((prefix + name, was, is_now))
            folders = (old.folder if old else None, new.folder if new else None)
            if any(folders):
                self.differences(*folders, prefix + name + b"/")


def _apart(before: Folder | None, after: Folder | None) -> tuple[dict[bytes, Child], dict[bytes, Child]]:
    """The lines that only one of the two folders has, by name."""
    old, new = (set(folder.pieces) if folder else set() for folder in (before, after))
    before_alone = {child for piece in old - new for child in piece.children}
    after_alone = {child for piece in new - old for child in piece.children}
    # Lines that were taken over are the same values; where nothing was shared their bytes tell.
    both = before_alone & after_alone
    gone = {child.raw: child for child in before_alone - both}
    come = {child.raw: child for child in after_alone - both}
    return (
        {gone[raw].name: gone[raw] for raw in gone.keys() - come.keys()},
        {come[raw].name: come[raw] for raw in come.keys() - gone.keys()},
    )
