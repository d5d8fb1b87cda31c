"""What one run leaves behind for the next: ids, searched as they lie, and rows opened when asked (§9).

Nothing here is judged. Bytes come from a keeper that has made sure they are those that were put down.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar, overload

from sop_site.approval import entry as entries
from sop_site.approval.chain import Findings, Judged
from sop_site.approval.commit import ID_LENGTH
from sop_site.approval.digests import text
from sop_site.approval.entry import Entry
from sop_site.approval.folders import Folder
from sop_site.approval.ledger_authority import Stand
from sop_site.approval.policy import BOUNDED
from sop_site.approval.verdict import Approval

T = TypeVar("T")

FILES = ("chain", "reached", "ledger", "decisions", "approvals", "entries")
"""What is kept, each only ever growing at its end."""
_APPROVAL = tuple(field.name for field in fields(Approval))
_DIGEST = 32
_TIME = 8


class CannotContinue(Exception):
    """What was remembered does not reach as far as this history needs: it is judged from genesis."""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of fixed width, one behind another; a value is found by a search through the bytes."""

    data: bytes
    widths: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.data) // sum(self.widths)

    def cell(self, place: int, column: int) -> bytes:
        """The bytes of one cell."""
        start = place * sum(self.widths) + sum(self.widths[:column])
        return self.data[start : start + self.widths[column]]

    def place(self, value: bytes, column: int = 0) -> int | None:
        """The first row that has ``value`` in a column."""
        if len(value) != self.widths[column]:
            return None
        width, offset, at = sum(self.widths), sum(self.widths[:column]), -1
        while (at := self.data.find(value, at + 1)) >= 0:
            if at % width == offset:
                return at // width
        return None


@dataclass(frozen=True, slots=True)
class Ids:
    """A table asked by hexadecimal ids in its first column."""

    table: Table

    def place(self, oid: str) -> int | None:
        """Where an id stands."""
        return self.table.place(bytes.fromhex(oid))

    def at(self, place: int) -> str:
        """The id at a place."""
        return self.table.cell(place, 0).hex()

    def __contains__(self, oid: object) -> bool:
        return isinstance(oid, str) and self.place(oid) is not None


@dataclass(frozen=True, slots=True)
class Places(Mapping[str, int]):
    """Id → place: those remembered, and ``new`` ones behind them."""

    old: Ids
    new: Mapping[str, int]

    def __getitem__(self, oid: str) -> int:
        found = self.new.get(oid)
        if found is None:
            found = self.old.place(oid)
        if found is None:
            raise KeyError(oid)
        return found

    def __iter__(self) -> Iterator[str]:
        yield from (self.old.at(place) for place in range(len(self.old.table)))
        yield from self.new

    def __len__(self) -> int:
        return len(self.old.table) + len(self.new)


class Rows(Sequence[T], Generic[T]):
    """Remembered lines, parsed when they are asked for, and new values behind them."""

    def __init__(self, data: bytes, count: int, parse: Callable[[bytes], T], new: Sequence[T]) -> None:
        self._data, self._count, self._parse, self._new = data, count, parse, tuple(new)
        self._old: tuple[T, ...] | None = None

    def __len__(self) -> int:
        return self._count + len(self._new)

    @overload
    def __getitem__(self, place: int) -> T: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[T]: ...
    def __getitem__(self, place: int | slice) -> T | Sequence[T]:
        if isinstance(place, int) and place in (-1, len(self) - 1) and len(self):
            return self._new[-1] if self._new else self._parse(_last_line(self._data))
        return self._all()[place]

    def __iter__(self) -> Iterator[T]:
        return iter(self._all())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and len(self) == len(other) and self._all() == tuple(other)

    __hash__ = None  # type: ignore[assignment]

    def _all(self) -> tuple[T, ...]:
        if self._old is None:
            self._old = tuple(self._parse(line) for line in self._data.split(b"\n")[:-1])
        return self._old + self._new


@dataclass(frozen=True, slots=True)
class Summary:
    """The one place from which everything else that is remembered hangs."""

    tip: str
    ledger_tip: str | None
    named: int
    """Place of the ledger commit that the last approval named, -1 for none."""
    since: int
    """Place of the commit whose policy is in force."""
    absent: tuple[str, ...]
    """Drafts that decisions name and that were not here."""
    needed: tuple[str, ...]
    """Drafts without which a decision would not stand."""
    drafts: tuple[str, ...]
    """Tips of draft branches whose objects are here."""
    genesis: Mapping[str, Any]
    tree: Sequence[Any]

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> "Summary":
        """From what ``json`` gave."""
        lists = {name: tuple(values[name]) for name in ("absent", "needed", "drafts")}
        return cls(**{**values, **lists})


@dataclass(frozen=True, slots=True)
class Memory:
    """A good history, as the run before left it."""

    object_format: str
    summary: Summary
    data: Mapping[str, bytes]
    """The bytes of each of ``FILES``."""
    root: Folder
    """The tree of the last approval."""
    chain: Table = field(init=False)
    """Commit, draft, tree, content digest, time of each approval; genesis first, with no draft."""
    reached: Table = field(init=False)
    ledger: Table = field(init=False)
    decisions: Table = field(init=False)
    """Draft and content digest of each ``return`` and ``reject``."""

    def __post_init__(self) -> None:
        wide = ID_LENGTH[self.object_format] // 2
        widths = {
            "chain": (wide, wide, wide, _DIGEST, _TIME),
            "reached": (wide,),
            "ledger": (wide,),
            "decisions": (wide, _DIGEST),
        }
        for name, columns in widths.items():
            object.__setattr__(self, name, Table(self.data[name], columns))

    def approvals(self, new: Sequence[Approval]) -> Rows[Approval]:
        """All approvals, ``new`` ones last."""
        return Rows(self.data["approvals"], len(self.chain) - 1, _approval, new)

    def entries(self, new: Sequence[Entry]) -> Rows[Entry]:
        """All ledger entries, ``new`` ones last."""
        return Rows(self.data["entries"], len(self.ledger), _entry, new)

    def time(self, place: int) -> datetime:
        """Committer time of a commit on the chain."""
        return datetime.fromtimestamp(int.from_bytes(self.chain.cell(place, 4), "big"), UTC)

    def digest(self, place: int) -> str:
        """Content digest of a commit on the chain."""
        return text(self.chain.cell(place, 3))


@dataclass(frozen=True, slots=True)
class Growth:
    """What a run has to put down: what the files gain, and the summary but for the tree."""

    gained: Mapping[str, bytes]
    summary: Mapping[str, Any]
    root: Folder


def growth(judged: Judged, memory: Memory | None, drafts: Sequence[str]) -> Growth | None:
    """What is to be remembered of a judgement that went on from ``memory``; ``None`` if nothing may be.

    A verdict lasts if nothing but a longer history can change it: it is good, and no approval waits for a
    witness while the clock runs.
    """
    found = judged.findings
    if not judged.verdict.ok or found is None or not _is_settled(found):
        return None
    old = memory.summary if memory else None
    course, policy = found.course, found.last.stand.policy
    places = range(course.first.sequence, course.first.sequence + len(found.stands))
    since = next(place for place, stand in zip(places, found.stands, strict=True) if stand.policy is policy)
    summary = {
        "tip": found.last.stand.commit,
        "ledger_tip": judged.verdict.ledger_tip,
        "named": found.last.ledger,
        "since": old.since if old else since,
        "absent": sorted({*(old.absent if old else ()), *found.absent}),
        "needed": sorted({*(old.needed if old else ()), *_needed(found)}),
        "drafts": sorted(drafts),
        "genesis": _genesis(found),
    }
    return Growth(_gained(found, old is None), summary, found.last.root)


def _is_settled(found: Findings) -> bool:
    return all(
        approval.role not in BOUNDED or found.course.facts.witnessed(approval.sequence) is not None
        for approval in found.approvals
    )


def _needed(found: Findings) -> Iterator[str]:
    """An unavailable draft does not count as within a daily stand-in's scope where he reopens it."""
    for signed in found.course.entries.signed:
        if signed.entry.kind == "reopen" and signed.entry.draft is not None:
            place = found.course.chain[signed.entry.publish]
            policy = found.stands[max(place - found.course.first.sequence, 0)].policy
            owner = policy.owner(signed.fingerprint)
            if owner is None or owner.role == "daily":
                yield signed.entry.draft


def _gained(found: Findings, first: bool) -> dict[str, bytes]:
    signed = found.course.entries.signed
    stands = found.stands if first else found.stands[1:]
    length = len(found.last.stand.commit)
    drafts = [*(["0" * length] if first else []), *(one.draft for one in found.approvals)]
    refused = [one.entry for one in signed if one.entry.kind in ("return", "reject")]
    return {
        "chain": b"".join(_chain_row(*row) for row in zip(stands, drafts, strict=True)),
        "reached": bytes.fromhex("".join(found.course.ancestry.reached)),
        "ledger": bytes.fromhex("".join(one.entry.commit or "" for one in signed)),
        "decisions": b"".join(_decision_row(entry, length) for entry in refused),
        "approvals": b"".join(_approval_line(approval) for approval in found.approvals),
        "entries": b"".join(
            (one.entry.commit or "").encode("ascii") + b" " + entries.entry_bytes(one.entry) for one in signed
        ),
    }


def _chain_row(stand: Stand, draft: str) -> bytes:
    ids = bytes.fromhex(stand.commit + draft + stand.tree + _bare(stand.content_digest))
    return ids + int(stand.time.timestamp()).to_bytes(_TIME, "big")


def _decision_row(entry: Entry, length: int) -> bytes:
    """A draft's id of the other length than this repository's is no commit of it."""
    draft = entry.draft if entry.draft is not None and len(entry.draft) == length else "0" * length
    return bytes.fromhex(draft + _bare(str(entry.data["content_digest"])))


def _bare(digest: str) -> str:
    return digest.removeprefix("sha256:")


def _genesis(found: Findings) -> dict[str, Any]:
    genesis = found.course.genesis
    return {
        "commit": genesis.commit,
        "tree": genesis.tree,
        "time": genesis.time.isoformat(),
        "paths": list(genesis.paths),
        "content_digest": genesis.content_digest,
    }


def _approval_line(approval: Approval) -> bytes:
    """Its values in the order of the fields, which the memory of one version never changes."""
    values = [getattr(approval, name) for name in _APPROVAL]
    told = json.dumps(values, separators=(",", ":"), default=lambda time: {"time": time.isoformat()})
    return told.encode("ascii") + b"\n"


def _approval(line: bytes) -> Approval:
    told: list[Any] = json.loads(line, object_hook=lambda told: datetime.fromisoformat(told["time"]))
    values: list[Any] = [tuple(value) if isinstance(value, list) else value for value in told]
    return Approval(*values)


def _entry(line: bytes) -> Entry:
    commit, _, data = line.partition(b" ")
    return replace(entries.parse(data + b"\n"), commit=commit.decode("ascii"))


def _last_line(data: bytes) -> bytes:
    return data[data.rfind(b"\n", 0, -1) + 1 : -1]
