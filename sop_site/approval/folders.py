"""Whole trees as folders that share what they have in common, so that one changed page costs one page (§2).

A folder is a row of pieces, a piece a short row of lines. The next approval's folder is read beside the one
before it: pieces, and lines in the piece where the two differ, are taken over with all that is known below
them where their bytes stand unchanged, and only what is left is parsed, looked up and judged.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import chain, pairwise
from typing import TYPE_CHECKING

from sop_site.approval import path_names
from sop_site.approval.digests import FILE, FOLDER, git_order
from sop_site.approval.store import FILE_LIMIT, BlobFacts, ObjectStore, StoreFault, TreeEntry, line_length

if TYPE_CHECKING:
    from hashlib import _Hash as Hash

ENTRIES_LIMIT = 200_000
"""Files and folders in one tree (protocol §5)."""
COMPONENTS = 16
"""Components of a path, the file included (protocol §5)."""
PIECE = 32
"""Most lines of a piece."""
_PROBLEMS_KEPT = 8

Problem = tuple[str, str]
"""Code (``TREE_POLICY`` or ``LIMIT``) and a few English words."""


@dataclass(slots=True, eq=False)
class Child:
    """One line of a folder, with what is below it."""

    mode: str
    name: bytes
    oid: str
    raw: bytes
    """The line as it stands in the tree object."""
    digest: bytes | None
    """Merkle digest (§2); ``None`` where something is neither file nor folder, or too large to be read."""
    digested: bytes
    """The line as it enters the folder's digest; empty without a digest."""
    folded: str
    """The name as it is compared with its neighbours'."""
    entries: int
    """Itself and everything below."""
    size: int
    """Bytes of the file, or of all files below."""
    height: int
    """Components of the deepest path, this one included."""
    longest: int
    """Bytes of the longest path from here on."""
    problems: tuple[Problem, ...]
    folder: "Folder | None" = None


@dataclass(slots=True, eq=False)
class Piece:
    """Neighbouring lines of a folder, and what they come to.

    Lines and names may be given as what yields them: a remembered piece is opened only where it is needed.
    """

    raw: bytes
    held: tuple[Child, ...] | Callable[[], tuple[Child, ...]]
    digested: bytes | None
    named: frozenset[str] | Callable[[], frozenset[str]]
    entries: int
    size: int
    height: int
    longest: int
    problems: tuple[Problem, ...]

    @property
    def children(self) -> tuple[Child, ...]:
        """The lines in git's order."""
        if not isinstance(self.held, tuple):
            self.held = self.held()
        return self.held

    @property
    def names(self) -> frozenset[str]:
        """Their names as they are compared with one another."""
        if not isinstance(self.named, frozenset):
            self.named = self.named()
        return self.named


_Row = tuple[Piece, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Begun:
    """A folder's digest on its way: most folders grow at their end, where the newest pages stand."""

    count: int
    """Pieces that have entered it."""
    state: "Hash"

    def ended(self, pieces: Sequence[Piece]) -> bytes:
        """The digest when the remaining pieces have entered too."""
        whole = self.state.copy()
        for piece in pieces[self.count :]:
            whole.update(piece.digested or b"")
        return whole.digest()


@dataclass(slots=True, eq=False)
class Folder:
    """A tree and everything below it; its pieces may be given as what yields them."""

    oid: str
    held: tuple[Piece, ...] | Callable[[], tuple[Piece, ...]]
    digest: bytes | None
    """Merkle digest (§2), 32 bytes."""
    entries: int
    """Files and folders at all depths."""
    size: int
    """Bytes of all files."""
    height: int
    """Components of the deepest path below it."""
    longest: int
    """Bytes of the longest path below it."""
    problems: tuple[Problem, ...]
    """What breaks §5 within it, up to eight kinds."""
    begun: _Begun | None = None

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """All pieces in their order."""
        if not isinstance(self.held, tuple):
            self.held = self.held()
        return self.held

    @property
    def is_closed(self) -> bool:
        """Whether it was refused without being read."""
        return self.digest is None and not self.pieces

    @property
    def children(self) -> Iterator[Child]:
        """The lines in git's order."""
        return chain.from_iterable(piece.children for piece in self.pieces)

    def child(self, name: bytes) -> Child | None:
        """The line of that name."""
        return next((child for child in self.children if child.name == name), None)


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
            return _closed(oid, ("LIMIT", f"more than {ENTRIES_LIMIT} files and folders"))
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
            return _closed(oid, ("TREE_POLICY", f"a path of more than {COMPONENTS} components"))
        raw = self.store.raw_tree(oid)
        standing = base.pieces if base else ()
        before, after, part = _shared(raw, standing)
        replaced = standing[len(before) : len(standing) - len(after)]
        edges = (before[-1].children[-1] if before else None, after[0].children[0] if after else None)
        children, come = self._children(oid, part, replaced, edges, depth)
        pieces = tuple(_cut(children))
        collides = bool(come) and _collide(pieces, come, before + after)
        found = _summed(oid, base, (before, pieces, after), collides)
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


def folder_line(line: TreeEntry, raw: bytes, below: Folder) -> Child:
    """The line of a folder, which takes over what is below it."""
    return Child(
        *line,
        raw=raw,
        digest=below.digest,
        digested=_digested(line, below.digest),
        folded=path_names.folded(line.name),
        entries=1 + below.entries,
        size=below.size,
        height=1 + below.height,
        longest=len(line.name) + 1 + below.longest,
        problems=(*below.problems, *_name_problem(line.name)),
        folder=below,
    )


def file_line(line: TreeEntry, raw: bytes, facts: BlobFacts | None) -> Child:
    """A file, or something that is neither file nor folder and has no ``facts``."""
    size, digest = facts or (0, None)
    problems = list(_name_problem(line.name))
    if facts is None:
        problems.append(("TREE_POLICY", f"mode {line.mode}"))
    elif size > FILE_LIMIT:
        problems.append(("LIMIT", f"a file larger than {FILE_LIMIT} bytes"))
    return Child(
        *line,
        raw=raw,
        digest=digest,
        digested=_digested(line, digest),
        folded=path_names.folded(line.name),
        entries=1,
        size=size,
        height=1,
        longest=len(line.name),
        problems=tuple(problems),
    )


def _digested(line: TreeEntry, digest: bytes | None) -> bytes:
    return b"" if digest is None else b"%s %s\0%s" % (line.mode.encode("ascii"), line.name, digest)


def _name_problem(name: bytes) -> Iterator[Problem]:
    problem = path_names.problem(name)
    if problem is not None:
        yield "TREE_POLICY", problem


def _cut(children: Sequence[Child]) -> Iterator[Piece]:
    """Pieces of lines, none above the largest and none much smaller than another."""
    parts, first = -(-len(children) // PIECE), 0
    for number in range(1, parts + 1):
        last = len(children) * number // parts
        own = tuple(children[first:last])
        yield Piece(
            raw=b"".join([child.raw for child in own]),
            held=own,
            digested=_joined([child.digested for child in own]),
            named=frozenset([child.folded for child in own]),
            entries=sum([child.entries for child in own]),
            size=sum([child.size for child in own]),
            height=max([child.height for child in own]),
            longest=max([child.longest for child in own]),
            problems=tuple(dict.fromkeys(problem for child in own for problem in child.problems)),
        )
        first = last


def _joined(digested: Sequence[bytes | None]) -> bytes | None:
    """What enters a digest, or ``None`` where one of the lines has none."""
    return b"".join(digested) if all(digested) else None  # type: ignore[arg-type]


def _summed(
    oid: str,
    base: Folder | None,
    rows: tuple[tuple[Piece, ...], tuple[Piece, ...], tuple[Piece, ...]],
    collides: bool,
) -> Folder:
    """What pieces shared at the beginning, new ones, and pieces shared at the end come to.

    What is shared has no problems, and a digest.
    """
    before, new, after = rows
    pieces = before + new + after
    problems = dict.fromkeys(problem for piece in new for problem in piece.problems)
    if collides:
        problems["TREE_POLICY", "two names in one folder are equal after case folding"] = None
    if not pieces:
        problems["TREE_POLICY", "an empty folder"] = None
    complete = all(piece.digested is not None for piece in new)
    begun = _begun(base.begun if base else None, len(before), pieces) if complete else None
    return Folder(
        oid=oid,
        held=pieces,
        digest=begun.ended(pieces) if begun else None,
        entries=sum([piece.entries for piece in pieces]),
        size=sum([piece.size for piece in pieces]),
        height=max([piece.height for piece in pieces], default=0),
        longest=max([piece.longest for piece in pieces], default=0),
        problems=tuple(problems)[:_PROBLEMS_KEPT],
        begun=begun,
    )


def _begun(base: _Begun | None, shared: int, pieces: tuple[Piece, ...]) -> _Begun:
    """The digest of all pieces but the last, going on from what ``base`` had if all of that is shared.

    Where the end of a folder was removed ``base`` may have gone further than that.
    """
    whole = max(len(pieces) - 1, 0)
    goes_on = base is not None and base.count <= min(shared, whole)
    count, state = (base.count, base.state.copy()) if base and goes_on else (0, sha256())
    for piece in pieces[count:whole]:
        state.update(piece.digested or b"")
    return _Begun(whole, state)


def _closed(oid: str, problem: Problem) -> Folder:
    """A folder that is refused without being read."""
    return Folder(oid, (), None, 0, 0, 0, 0, (problem,))
