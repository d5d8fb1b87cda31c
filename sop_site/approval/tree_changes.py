"""Which files differ between two trees, found by comparing only the pieces that the two do not share."""

from dataclasses import dataclass, field

from sop_site.approval.folders import Child, Folder
from sop_site.approval.store import StoreFault

_MOST = 200_000


def changed(before: Folder | None, after: Folder | None) -> tuple[str, ...]:
    """Paths of files that were added, removed or differ in bytes or mode, sorted; ``None`` is the empty tree.

    ``StoreFault`` where a tree is larger than any approved tree may be. A folder that was refused unread
    counts as one path.
    """
    if after is not None and after.is_closed:
        raise StoreFault("LIMIT", after.oid, "a tree that was refused unread")
    walk = _Walk(after.oid if after else "")
    walk.differences(before, after, b"")
    return tuple(sorted(path.decode("utf-8", "replace") for path in walk.found))


@dataclass(slots=True)
class _Walk:
    """Folders count as well: ten that name one another ten times over hold more paths than can be walked."""

    oid: str
    found: list[bytes] = field(default_factory=list)
    folders: int = 0

    def differences(self, before: Folder | None, after: Folder | None, prefix: bytes) -> None:
        """Note the paths of changed files below ``prefix``."""
        if before is after or (before and after and before.oid == after.oid):
            return
        self.folders += 1
        if self.folders + len(self.found) > _MOST:
            raise StoreFault("LIMIT", self.oid, f"more than {_MOST} changed files and folders")
        if (before and before.is_closed) or (after and after.is_closed):
            self.found.append(prefix.rstrip(b"/"))
        gone, come = _apart(before, after)
        for name in gone.keys() | come.keys():
            old, new = gone.get(name), come.get(name)
            if (old and old.folder is None) or (new and new.folder is None):
                self.found.append(prefix + name)
            folders = (old.folder if old else None, new.folder if new else None)
            if any(folders):
                self.differences(*folders, prefix + name + b"/")


def _apart(before: Folder | None, after: Folder | None) -> tuple[dict[bytes, Child], dict[bytes, Child]]:
    """The lines that only one of the two folders has, by name."""
    old, new = (set(folder.pieces) if folder else set() for folder in (before, after))
    gone = {child.raw: child for piece in old - new for child in piece.children}
    come = {child.raw: child for piece in new - old for child in piece.children}
    return (
        {gone[raw].name: gone[raw] for raw in gone.keys() - come.keys()},
        {come[raw].name: come[raw] for raw in come.keys() - gone.keys()},
    )
