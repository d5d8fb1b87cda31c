"""Git objects by id, as the verifier sees them: re-hashed, parsed by us, remembered by id within one run.

Where the bytes come from is a subclass's matter (``_read``); nothing here reads a file or starts a program.
"""

import hashlib
import re
from abc import ABC, abstractmethod
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from sop_site.approval import digests
from sop_site.approval.commit import CommitMalformed, Links, links

FILE_LIMIT = 64 * 1024 * 1024
"""Largest object that is read into memory, in bytes (protocol §5)."""
COMMIT_LIMIT = 1024 * 1024
"""Largest commit that is parsed, in bytes: a message of line feeds alone takes fifty times its length."""
_AHEAD_BYTES = 256 * 1024 * 1024
"""Room for commits and trees taken in ahead: a small pack may unfold to a great many of them."""
_LINES_KEPT = 400_000
"""How many tree lines are kept parsed, all trees together; older trees are read again when needed."""
_NEW_HASH = {"sha1": hashlib.sha1, "sha256": hashlib.sha256}
_LINE = {
    "sha1": re.compile(rb"([1-7][0-7]{4,5}) ([^\0/]+)\0(.{20})", re.DOTALL),
    "sha256": re.compile(rb"([1-7][0-7]{4,5}) ([^\0/]+)\0(.{32})", re.DOTALL),
}
_OVERHEAD = {"sha1": 22, "sha256": 34}
_MODES = {b"100644": digests.FILE, b"40000": digests.FOLDER}


class StoreFault(Exception):
    """An object that cannot be used; ``code`` is ``OBJECT_MISSING``, ``OBJECT_CORRUPT`` or ``LIMIT``."""

    def __init__(self, code: str, oid: str, detail: str) -> None:
        super().__init__(f"{code} {oid} {detail}")
        self.code = code
        self.oid = oid
        self.detail = f"{oid}: {detail}"


class TreeEntry(NamedTuple):
    """One line of a tree."""

    mode: str
    """Six octal digits, ``100644`` or ``040000`` where the tree policy is kept."""
    name: bytes
    oid: str


class RawObject(NamedTuple):
    """What a reader found under an id; ``data`` is ``None`` for what is larger than ``FILE_LIMIT``."""

    kind: str
    size: int
    data: bytes | None


class BlobFacts(NamedTuple):
    """Size in bytes and SHA-256 of a file; no digest for a file above ``FILE_LIMIT``."""

    size: int
    digest: bytes | None


class ObjectStore(ABC):
    """All that a judgement may know of a repository besides two commit ids."""

    def __init__(self, object_format: str) -> None:
        self.object_format = object_format
        self._ahead: dict[str, RawObject] = {}
        self._trees: OrderedDict[str, tuple[TreeEntry, ...]] = OrderedDict()
        self._kept = 0
        self._links: dict[str, Links] = {}
        self._blobs: dict[str, BlobFacts] = {}

    @abstractmethod
    def _read(self, oids: Iterable[str]) -> Iterator[tuple[str, RawObject | None]]:
        """Each id with its object as it lies there, ``None`` where it is missing; nothing is checked yet."""

    def read_ahead(self, oids: Iterable[str]) -> None:
        """Take in small objects in one go, so that each need not be asked for by itself later.

        Commits and trees are kept as bytes, files as their facts. What is missing or damaged is left for
        the question that needs it, which then says what is wrong; so is what would take too much room.
        """
        room = _AHEAD_BYTES
        for oid, raw in self._read(oids):
            if raw is None or raw.data is None or self._hash(raw) != oid:
                continue
            if raw.kind == "blob":
                self._blobs[oid] = BlobFacts(raw.size, digests.blob_digest(raw.data))
            elif raw.size <= room:
                room -= raw.size
                self._ahead[oid] = raw

    def foresee(self, trees: Iterable[str]) -> None:  # noqa: B027 - a store may be content with the questions
        """Root trees whose turn comes next; a store that must fetch what is below may begin to."""

    def present(self, oids: Iterable[str]) -> set[str]:
        """Those ids under which something is there, whatever it is."""
        wanted = list(dict.fromkeys(oids))
        return {oid for oid, raw in self._read(wanted) if raw is not None} if wanted else set()

    def commit(self, oid: str) -> bytes:
        """A commit's raw bytes; ``StoreFault`` if it is not there or not what its id says."""
        data = self._one(oid, "commit")
        if len(data) > COMMIT_LIMIT:
            raise StoreFault("LIMIT", oid, f"a commit of {len(data)} bytes")
        return data

    def links(self, oid: str) -> Links:
        """Tree, parents and author of any commit."""
        known = self._links.get(oid)
        if known is None:
            try:
                known = links(self.commit(oid), self.object_format)
            except CommitMalformed as error:
                raise StoreFault("OBJECT_CORRUPT", oid, str(error)) from error
            self._links[oid] = known
        return known

    def blob(self, oid: str) -> bytes:
        """A file's bytes."""
        data = self._one(oid, "blob")
        self._blobs[oid] = BlobFacts(len(data), digests.blob_digest(data))
        return data

    def raw_tree(self, oid: str) -> bytes:
        """A tree's raw bytes, unparsed."""
        return self._one(oid, "tree")

    def tree(self, oid: str) -> tuple[TreeEntry, ...]:
        """A tree's entries in git's order; ``StoreFault`` if they are out of order or out of form."""
        return self.trees([oid])[oid]

    def trees(self, oids: Iterable[str]) -> dict[str, tuple[TreeEntry, ...]]:
        """Several trees, read in one go."""
        found: dict[str, tuple[TreeEntry, ...]] = {}
        absent: list[str] = []
        for oid in dict.fromkeys(oids):
            if oid in self._trees:
                self._trees.move_to_end(oid)
                found[oid] = self._trees[oid]
            elif oid in self._ahead:
                found[oid] = self._parsed(oid, self.raw_tree(oid))
            else:
                absent.append(oid)
        for oid, raw in self._read(absent) if absent else ():
            found[oid] = self._parsed(oid, self._checked(oid, raw, "tree"))
        return found

    def lines(self, oid: str, part: bytes, most: int | None = None) -> tuple[TreeEntry, ...]:
        """Whole lines of the tree ``oid``, in git's order; ``StoreFault`` if they are not.

        ``LIMIT`` where there are more than ``most``.
        """
        overhead = _OVERHEAD[self.object_format]
        entries, length = [], 0
        for found in _LINE[self.object_format].finditer(part):
            mode, name, child = found.groups()
            length += len(mode) + len(name) + overhead
            entries.append(TreeEntry(_MODES.get(mode) or mode.decode("ascii").zfill(6), name, child.hex()))
            if most is not None and len(entries) > most:
                raise StoreFault("LIMIT", oid, f"more than {most} files and folders")
        # A regular expression skips what it cannot read; the lengths tell whether anything was skipped.
        if length != len(part) or not in_order(entries):
            raise StoreFault("OBJECT_CORRUPT", oid, "not a tree in git's form and order")
        return tuple(entries)

    def blob_facts(self, oids: Iterable[str]) -> dict[str, BlobFacts]:
        """Size and digest of files, each read and hashed once in a run."""
        wanted = list(dict.fromkeys(oids))
        absent = [oid for oid in wanted if oid not in self._blobs]
        for oid, raw in self._read(absent) if absent else ():
            if raw is not None and raw.kind == "blob" and raw.data is None:
                self._blobs[oid] = BlobFacts(raw.size, None)
            else:
                data = self._checked(oid, raw, "blob")
                self._blobs[oid] = BlobFacts(len(data), digests.blob_digest(data))
        return {oid: self._blobs[oid] for oid in wanted}

    def _parsed(self, oid: str, data: bytes) -> tuple[TreeEntry, ...]:
        entries = self.lines(oid, data)
        self._trees[oid] = entries
        self._kept += len(entries)
        while self._kept > _LINES_KEPT and len(self._trees) > 1:
            _, oldest = self._trees.popitem(last=False)
            self._kept -= len(oldest)
        return entries

    def _one(self, oid: str, kind: str) -> bytes:
        ahead = self._ahead.get(oid)
        if ahead is not None and ahead.kind == kind and ahead.data is not None:
            return ahead.data
        for found, raw in self._read([oid]):
            return self._checked(found, raw, kind)
        raise StoreFault("OBJECT_MISSING", oid, "nothing was read")

    def _checked(self, oid: str, raw: RawObject | None, kind: str) -> bytes:
        if raw is None:
            raise StoreFault("OBJECT_MISSING", oid, f"no such {kind}")
        if raw.kind != kind:
            raise StoreFault("OBJECT_CORRUPT", oid, f"is a {raw.kind} where a {kind} must be")
        if raw.data is None:
            raise StoreFault("LIMIT", oid, f"{kind} of {raw.size} bytes")
        if self._hash(raw) != oid:
            raise StoreFault("OBJECT_CORRUPT", oid, "bytes do not hash to the id")
        return raw.data

    def _hash(self, raw: RawObject) -> str:
        data = raw.data or b""
        whole = _NEW_HASH[self.object_format](
            b"%s %d\0" % (raw.kind.encode("ascii"), len(data)), usedforsecurity=False
        )
        whole.update(data)
        return whole.hexdigest()


def line_length(mode: str, name: bytes, object_format: str) -> int:
    """Bytes that a line takes in a tree object; git writes modes without leading zeros."""
    return len(mode.lstrip("0")) + len(name) + _OVERHEAD[object_format]


def in_order(entries: Iterable[TreeEntry]) -> bool:
    """Whether lines follow one another as git sorts a tree, each once."""
    before = b""
    for mode, name, _ in entries:
        place = name + b"/" if mode == digests.FOLDER else name
        if place <= before:
            return False
        before = place
    return True
