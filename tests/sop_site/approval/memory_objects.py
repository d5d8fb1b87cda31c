"""Git objects in memory, with their true ids, for tests on values."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping

from sop_site.approval.digests import FILE, FOLDER
from sop_site.approval.store import ObjectStore, RawObject

Tree = Mapping[str, "bytes | Tree"]
"""Name → bytes of a file, or a folder."""


class MemoryObjects(ObjectStore):
    """A store over a dictionary; it counts what it is asked for."""

    def __init__(self, object_format: str = "sha1") -> None:
        super().__init__(object_format)
        self.known: dict[str, RawObject] = {}
        self.asked: list[str] = []

    def put(self, kind: str, data: bytes) -> str:
        """Keep an object and give its id."""
        oid = hashlib.new(self.object_format, f"{kind} {len(data)}\0".encode() + data).hexdigest()
        self.known[oid] = RawObject(kind, len(data), data)
        return oid

    def lines_of(self, entries: Iterable[tuple[str, bytes, str]]) -> str:
        """Keep a tree of ``(mode, name, id)`` lines as they come."""
        lines = [
            mode.lstrip("0").encode() + b" " + name + b"\0" + bytes.fromhex(oid)
            for mode, name, oid in entries
        ]
        return self.put("tree", b"".join(lines))

    def tree_of(self, tree: Tree) -> str:
        """Keep a tree with all that is below it, in git's order."""
        entries = []
        for name, below in tree.items():
            file = isinstance(below, bytes)
            oid = self.put("blob", below) if isinstance(below, bytes) else self.tree_of(below)
            entries.append((FILE if file else FOLDER, name.encode(), oid))
        entries.sort(key=lambda entry: entry[1] + (b"/" if entry[0] == FOLDER else b""))
        return self.lines_of(entries)

    def _read(self, oids: Iterable[str]) -> Iterator[tuple[str, RawObject | None]]:
        for oid in oids:
            self.asked.append(oid)
            yield oid, self.known.get(oid)
