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
_TREES_KEPT = 400_000
"""How many tree entries are kept parsed, all trees together; older trees are read again when needed."""
_ENTRY = {
    "sha1": re.compile(rb"([1-7][0-7]{4,5}) ([^\0/]+)\0(.{20})", re.DOTALL),
    "sha256": re.compile(rb"([1-7][0-7]{4,5}) ([^\0/]+)\0(.{32})", re.DOTALL),
}
_OVERHEAD = {"sha1": 22, "sha256": 34}


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
        self._trees: OrderedDict[str, tuple[TreeEntry, ...]] = OrderedDict()
        self._kept = 0
        self._blobs: dict[str, BlobFacts] = {}
        self._digests: dict[str, bytes] = {}

    @abstractmethod
    def _read(self, oids: Iterable[str]) -> Iterator[tuple[str, RawObject | None]]:
        """Each id with its object as it lies there, ``None`` where it is missing; nothing is checked yet."""

    def commit(self, oid: str) -> bytes:
        """A commit's raw bytes; ``StoreFault`` if it is not there or not what its id says."""
        return self._one(oid, "commit")

    def links(self, oid: str) -> Links:
        """Tree, parents and author of any commit."""
        try:
            return links(self.commit(oid), self.object_format)
        except CommitMalformed as error:
            raise StoreFault("OBJECT_CORRUPT", oid, str(error)) from error

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
            else:
                absent.append(oid)
        for oid, raw in self._read(absent):
            found[oid] = self._parse_tree(oid, self._checked(oid, raw, "tree"))
            self._keep(oid, found[oid])
        return found

    def blob_facts(self, oids: Iterable[str]) -> dict[str, BlobFacts]:
        """Size and digest of files, each read and hashed once in a run."""
        wanted = list(dict.fromkeys(oids))
        for oid, raw in self._read([oid for oid in wanted if oid not in self._blobs]):
            if raw is not None and raw.kind == "blob" and raw.data is None:
                self._blobs[oid] = BlobFacts(raw.size, None)
            else:
                data = self._checked(oid, raw, "blob")
                self._blobs[oid] = BlobFacts(len(data), digests.blob_digest(data))
        return {oid: self._blobs[oid] for oid in wanted}

    def digest_of_tree(self, oid: str) -> bytes:
        """Merkle digest of a tree (protocol §2), remembered by id; for trees that keep the tree policy.

        ``StoreFault`` also where something other than files and folders is met.
        """
        known = self._digests.get(oid)
        if known is None:
            known = digests.tree_digest(self._digested(oid, self.tree(oid)))
            self._digests[oid] = known
        return known

    def digest_without(self, oid: str, left_out: frozenset[bytes]) -> bytes:
        """The same over the root's entries other than those named."""
        entries = tuple(entry for entry in self.tree(oid) if entry.name not in left_out)
        return digests.tree_digest(self._digested(oid, entries))

    def _digested(self, oid: str, entries: tuple[TreeEntry, ...]) -> Iterator[tuple[str, bytes, bytes]]:
        facts = self.blob_facts(entry.oid for entry in entries if entry.mode == digests.FILE)
        for mode, name, child in entries:
            if mode == digests.FOLDER:
                yield mode, name, self.digest_of_tree(child)
                continue
            digest = facts[child].digest if mode == digests.FILE else None
            if digest is None:
                raise StoreFault("LIMIT", oid, "holds an entry without a digest")
            yield mode, name, digest

    def _one(self, oid: str, kind: str) -> bytes:
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
        whole = hashlib.new(self.object_format, usedforsecurity=False)
        whole.update(f"{kind} {len(raw.data)}\0".encode("ascii"))
        whole.update(raw.data)
        if whole.hexdigest() != oid:
            raise StoreFault("OBJECT_CORRUPT", oid, "bytes do not hash to the id")
        return raw.data

    def _parse_tree(self, oid: str, data: bytes) -> tuple[TreeEntry, ...]:
        overhead = _OVERHEAD[self.object_format]
        entries, length = [], 0
        for mode, name, child in _ENTRY[self.object_format].findall(data):
            length += len(mode) + len(name) + overhead
            entries.append(TreeEntry(mode.decode("ascii").zfill(6), name, child.hex()))
        order = [digests.git_order(entry.mode, entry.name) for entry in entries]
        # A regular expression skips what it cannot read; the lengths tell whether anything was skipped.
        if length != len(data) or order != sorted(set(order)):
            raise StoreFault("OBJECT_CORRUPT", oid, "not a tree in git's form and order")
        return tuple(entries)

    def _keep(self, oid: str, entries: tuple[TreeEntry, ...]) -> None:
        self._trees[oid] = entries
        self._kept += len(entries)
        while self._kept > _TREES_KEPT and len(self._trees) > 1:
            _, oldest = self._trees.popitem(last=False)
            self._kept -= len(oldest)
