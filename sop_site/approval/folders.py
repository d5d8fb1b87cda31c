"""A tree as a folder, and what it comes to: digest (§2), sizes, heights, and what breaks §5.

A folder is a row of pieces, a piece a short row of lines, so that the next approval's folder can share with
this one whatever the two have in common. How a tree is read beside another stands in ``tree_reading``.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import chain
from typing import TYPE_CHECKING

from sop_site.approval import path_names
from sop_site.approval.store import FILE_LIMIT, BlobFacts, TreeEntry

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


def cut(children: Sequence[Child]) -> Iterator[Piece]:
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


def summed(
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


def closed(oid: str, problem: Problem) -> Folder:
    """A folder that is refused without being read."""
    return Folder(oid, (), None, 0, 0, 0, 0, (problem,))
