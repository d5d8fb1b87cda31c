"""The last approval's tree as records, so that another run reads the next tree beside it (§9).

A folder's record lists its pieces, a piece's record holds its lines, and each record is named by its SHA-256
in the one above it. Only what the next tree does not share is ever opened. Small folders without folders of
their own (a page with its pictures) have no record: they are read again if they change.
"""

import json
import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple, Protocol

from sop_site.approval.digests import FOLDER
from sop_site.approval.folders import PIECE, Child, Folder, Piece, file_line, folder_line
from sop_site.approval.store import BlobFacts, ObjectStore, TreeEntry, line_length
from sop_site.approval.tree_reading import Folders

_HEAD = struct.Struct(">IIIQQII")
"""Lengths of the three parts before the last, then entries, size, height and longest path."""
_REF = struct.Struct(">QI32s")
_DIGEST = 32


class Ref(NamedTuple):
    """Where a record lies, how long it is, and the SHA-256 of its bytes."""

    start: int
    length: int
    sha256: bytes


class Records(Protocol):
    """Where records are kept."""

    def get(self, ref: Ref) -> bytes:
        """The record's bytes, which hash to what the reference says."""

    def put(self, data: bytes) -> Ref:
        """Keep another record."""


@dataclass(slots=True)
class KeptTree:
    """Writes folders as records and opens them again."""

    store: ObjectStore
    records: Records
    _refs: dict[Folder | Piece, Ref] = field(default_factory=dict)

    def keep(self, root: Folder) -> list[Any]:
        """Write what has no record yet; the facts from which ``open`` gives a tree without problems back."""
        return [root.oid, (root.digest or b"").hex(), *self._facts(root)]

    def open(self, kept: Sequence[Any]) -> Folder:
        """The tree whose facts ``keep`` gave."""
        oid, digest, *facts = kept
        return self._folder(oid, bytes.fromhex(digest), facts)

    def _facts(self, folder: Folder) -> list[Any]:
        return [folder.entries, folder.size, folder.height, folder.longest, self._kept(folder)]

    def _kept(self, folder: Folder) -> str | None:
        ref = self._refs.get(folder)
        if ref is None:
            if folder.height < 2 and folder.entries <= PIECE:
                return None
            ref = self.records.put(b"".join(_REF.pack(*self._kept_piece(piece)) for piece in folder.pieces))
            self._refs[folder] = ref
        return _REF.pack(*ref).hex()

    def _kept_piece(self, piece: Piece) -> Ref:
        if piece not in self._refs:
            facts = [child.size if child.folder is None else self._facts(child.folder)
                     for child in piece.children]  # fmt: skip
            digested = piece.digested or b""
            names = "\0".join(sorted(piece.names)).encode("utf-8")
            head = _HEAD.pack(
                len(piece.raw), len(digested), len(names), piece.entries, piece.size, piece.height,
                piece.longest,
            )  # fmt: skip
            data = b"".join([head, piece.raw, digested, names, json.dumps(facts).encode("ascii")])
            self._refs[piece] = self.records.put(data)
        return self._refs[piece]

    def _folder(self, oid: str, digest: bytes, facts: Sequence[Any]) -> Folder:
        entries, size, height, longest, kept = facts
        held: Callable[[], tuple[Piece, ...]]
        if kept is None:
            held = partial(self._read_again, oid)
        else:
            ref = Ref(*_REF.unpack(bytes.fromhex(kept)))
            held = partial(self._pieces, ref)
        folder = Folder(oid, held, digest, entries, size, height, longest, ())
        if kept is not None:
            self._refs[folder] = ref
        return folder

    def _read_again(self, oid: str) -> tuple[Piece, ...]:
        return Folders(self.store).read(oid).pieces

    def _pieces(self, ref: Ref) -> tuple[Piece, ...]:
        return tuple(self._piece(Ref(*piece)) for piece in _REF.iter_unpack(self.records.get(ref)))

    def _piece(self, ref: Ref) -> Piece:
        data = self.records.get(ref)
        *lengths, entries, size, height, longest = _HEAD.unpack_from(data)
        parts, start = [], _HEAD.size
        for length in (*lengths, len(data)):
            parts.append(data[start : start + length])
            start += length
        raw, digested, names, facts = parts
        piece = Piece(
            raw=raw,
            held=lambda: tuple(self._children(raw, digested, facts)),
            digested=digested,
            named=lambda: frozenset(names.decode("utf-8").split("\0")),
            entries=entries,
            size=size,
            height=height,
            longest=longest,
            problems=(),
        )
        self._refs[piece] = ref
        return piece

    def _children(self, raw: bytes, digested: bytes, facts: bytes) -> Iterator[Child]:
        start = end = 0
        for line, fact in zip(self.store.lines("", raw), json.loads(facts), strict=True):
            length = line_length(line.mode, line.name, self.store.object_format)
            end += len(line.mode) + len(line.name) + 2 + _DIGEST
            yield self._child(line, raw[start : start + length], digested[end - _DIGEST : end], fact)
            start += length

    def _child(self, line: TreeEntry, raw: bytes, digest: bytes, fact: Any) -> Child:
        if line.mode == FOLDER:
            return folder_line(line, raw, self._folder(line.oid, digest, fact))
        return file_line(line, raw, BlobFacts(fact, digest))
