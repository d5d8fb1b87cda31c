"""Reads each tree beside the one before it, so that one changed page costs one page (§2).

Pieces, and lines in the piece where two folders differ, are taken over with all that is known below them
where their bytes stand unchanged; only what is left is parsed, looked up and judged.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from sop_site.approval import path_names
from sop_site.approval.digests import FILE, FOLDER, git_order
from sop_site.approval.folders import (
    COMPONENTS,
    ENTRIES_LIMIT,
    PIECE,
    Child,
    Folder,
    Piece,
    closed,
    cut,
    file_line,
    folder_line,
    summed,
)  # fmt: skip
from sop_site.approval.store import ObjectStore, StoreFault, line_length


class _TooMany(Exception):
    """More entries than any approved tree may hold were met in one tree."""


@dataclass(slots=True)
class Folders:
    """Reads root trees of one store, each beside the one that was read before it."""

    store: ObjectStore
    latest: Folder | None = None
    """The tree beside which the next is read; it has no problems."""
    _met: dict[str, Folder] = field(default_factory=dict)
    """Folders of the tree that is being read: a tree may name one folder many times over."""
    _left: int = 0
    """How many more lines may be parsed for it."""

    def read(self, oid: str) -> Folder:
        """The whole tree; ``StoreFault`` where an object is missing or damaged.

        A tree that is too deep or too large is given back with that problem, and without what lies too deep.
        """
        if self.latest is not None and self.latest.oid == oid:
            return self.latest
        self._met, self._left = {}, ENTRIES_LIMIT
        try:
            root = self._folder(oid, self.latest, 1)
        except _TooMany:
            return closed(oid, ("LIMIT", f"more than {ENTRIES_LIMIT} files and folders"))
        finally:
            self._met = {}
        if not root.problems:
            self.latest = root
        return root

    def _folder(self, oid: str, base: Folder | None, depth: int) -> Folder:
        """``base``, where there is one, has no problems: what is shared with it needs no second look."""
        if base is not None and base.oid == oid:
            return base
        known = self._met.get(oid)
        if known is not None:
            return known
        if depth > COMPONENTS:
            return closed(oid, ("TREE_POLICY", f"a path of more than {COMPONENTS} components"))
        raw = self.store.raw_tree(oid)
        standing = base.pieces if base else ()
        before, after, part = _shared(raw, standing)
        replaced = standing[len(before) : len(standing) - len(after)]
        edges = (before[-1].children[-1] if before else None, after[0].children[0] if after else None)
        children, come = self._children(oid, part, replaced, edges, depth)
        pieces = tuple(cut(children))
        collides = bool(come) and _collide(pieces, come, before + after)
        found = summed(oid, base, (before, pieces, after), collides)
        self._met[oid] = found
        return found

    def _children(
        self,
        oid: str,
        part: bytes,
        replaced: Sequence[Piece],
        edges: tuple[Child | None, Child | None],
        depth: int,
    ) -> tuple[list[Child], set[bytes]]:
        """The lines of a part, and the names among them that were not there before, or only once.

        As far as old lines stand unchanged at its ends they are taken over; ``edges`` stand beside it.
        """
        old = [child for piece in replaced for child in piece.children]
        first, last, between = _ends(part, old)
        known = {child.name: child for child in old[first:last]}
        new = list(self._new(oid, between, known, depth))
        left = old[first - 1] if first else edges[0]
        right = old[last] if last < len(old) else edges[1]
        _check_order(oid, [child for child in (left, *new, right) if child is not None])
        names = [child.name for child in new]
        twice = {name for name, times in Counter(names).items() if times > 1}
        return [*old[:first], *new, *old[last:]], twice | (set(names) - known.keys())

    def _new(self, oid: str, part: bytes, old: Mapping[bytes, Child], depth: int) -> Iterator[Child]:
        try:
            lines = self.store.lines(oid, part, self._left)
        except StoreFault as fault:
            if fault.code == "LIMIT":
                raise _TooMany from fault
            raise
        self._left -= len(lines)
        facts = self.store.blob_facts(line.oid for line in lines if line.mode == FILE)
        start = 0
        for line in lines:
            raw = part[start : start + line_length(line.mode, line.name, self.store.object_format)]
            start += len(raw)
            before = old.get(line.name)
            if before is not None and before.raw == raw:
                yield before
            elif line.mode == FOLDER:
                below = self._folder(line.oid, before.folder if before else None, depth + 1)
                yield folder_line(line, raw, below)
            else:
                yield file_line(line, raw, facts.get(line.oid))


def _shared(raw: bytes, pieces: tuple[Piece, ...]) -> tuple[tuple[Piece, ...], tuple[Piece, ...], bytes]:
    """Pieces that stand at the beginning of ``raw``, pieces that stand at its end, and what is between."""
    first, last, between = _ends(raw, pieces)
    # A small piece beside the new lines is made anew with them: pages that come one by one share a piece.
    if between and first and len(pieces[first - 1].children) < PIECE:
        first -= 1
        between = pieces[first].raw + between
    return pieces[:first], pieces[last:], between


def _ends(raw: bytes, row: Sequence[Child] | Sequence[Piece]) -> tuple[int, int, bytes]:
    """How many of a row stand at the beginning of ``raw``, from which on they stand at its end, and the rest.

    A tree has one reading only, from its first byte on; so what is found at the end is whole lines exactly
    if the rest turns out to be whole lines, which whoever parses it sees.
    """
    start, first = 0, 0
    for item in row:
        if not raw.startswith(item.raw, start):
            break
        start += len(item.raw)
        first += 1
    end, last = len(raw), len(row)
    while last > first and raw.endswith(row[last - 1].raw, start, end):
        last -= 1
        end -= len(row[last].raw)
    return first, last, raw[start:end]


def _check_order(oid: str, row: Sequence[Child]) -> None:
    """Lines follow one another as git sorts a tree, each once."""
    places = [git_order(child.mode, child.name) for child in row]
    if any(later <= earlier for earlier, later in pairwise(places)):
        raise StoreFault("OBJECT_CORRUPT", oid, "not a tree in git's form and order")


def _collide(pieces: Sequence[Piece], come: set[bytes], shared: Sequence[Piece]) -> bool:
    """Whether a name that was not there before, or not twice, is equal to another after case folding.

    Folders of different spelling collide themselves, so that looking at siblings is enough.
    """
    names = frozenset[str]().union(*(piece.names for piece in pieces))
    if len(names) != sum(len(piece.children) for piece in pieces):
        return True
    folded = {path_names.folded(name) for name in come}
    return not all(map(folded.isdisjoint, [piece.names for piece in shared]))
