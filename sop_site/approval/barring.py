"""Which drafts the ledger bars, and which witness saw what first (protocol §4.10, §6)."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from sop_site.approval.entry import Entry


class Earlier(Protocol):
    """Ledger commits that are known by their places only."""

    def place(self, oid: str) -> int | None:
        """Where a commit stands, ``None`` for one that is not among them."""

    def at(self, place: int) -> str:
        """The commit at a place."""


@dataclass(slots=True)
class LedgerFacts:
    """Ledger entries as approvals ask about them; places count from 0 in ledger order."""

    entries: Sequence[Entry]
    chain: Mapping[str, int]
    """Publish commit → its place on the first-parent chain, genesis 0."""
    start: int = 0
    """How many entries stand before these."""
    earlier: Earlier | None = None
    """Those before them, by commit and place alone."""
    _places: dict[str, int] = field(init=False)
    _seen: list[tuple[int, int, datetime]] = field(init=False)
    """Chain position, place and ``first_seen`` of each witness entry that saw further than all before it."""
    _by_draft: dict[str, list[int]] = field(init=False)
    _by_digest: dict[str, list[int]] = field(init=False)
    _reopened: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self._places = {entry.commit or "": place for place, entry in enumerate(self.entries, self.start)}
        self._seen, self._by_draft, self._by_digest, self._reopened = [], {}, {}, []
        for place, entry in enumerate(self.entries, self.start):
            if entry.kind == "witness" and entry.data["tip"] in self.chain:
                first_seen = datetime.fromisoformat(entry.data["first_seen"])
                tip = self.chain[entry.data["tip"]]
                if not self._seen or tip > self._seen[-1][0]:
                    self._seen.append((tip, place, first_seen))
            elif entry.kind in ("return", "reject"):
                self._by_draft.setdefault(entry.draft or "", []).append(place)
                if entry.kind == "reject":
                    self._by_digest.setdefault(entry.data["content_digest"], []).append(place)
            elif entry.kind == "reopen":
                self._reopened.append(place)

    def place(self, commit: str) -> int | None:
        """Where a commit stands on the ledger, ``None`` if it does not."""
        found = self._places.get(commit)
        return self.earlier.place(commit) if found is None and self.earlier is not None else found

    def commit(self, place: int) -> str:
        """The ledger commit at a place."""
        if place < self.start and self.earlier is not None:
            return self.earlier.at(place)
        return self.entries[place - self.start].commit or ""

    def witnessed(self, position: int) -> tuple[int, datetime] | None:
        """Place and ``first_seen`` of the first witness entry for that chain position or a later one."""
        index = bisect_left(self._seen, position, key=lambda seen: seen[0])
        return self._seen[index][1:] if index < len(self._seen) else None

    def barring(
        self, draft: str, digest: str, time: datetime | None, named: int, position: int
    ) -> Entry | None:
        """The entry that bars an approval of ``draft``; ``named`` is the place it names, -1 for none.

        Without a ``time`` that a clock can show only what it names can be told to bar it.
        """
        witnessed = self.witnessed(position)
        for place in sorted({*self._by_draft.get(draft, ()), *self._by_digest.get(digest, ())}):
            entry: Entry = self.entries[place - self.start]
            # What was refused only after the public had seen the approval does not undo it.
            unseen = witnessed is None or witnessed[0] > place
            stands = place <= named or (time is not None and entry.at <= time and unseen)
            if stands and not self._lifted(entry, place, named):
                return entry
        return None

    def _lifted(self, entry: Entry, place: int, named: int) -> bool:
        for later in self._reopened:
            if place < later <= named:
                reopen = self.entries[later - self.start]
                if reopen.draft == entry.draft or _digest(reopen) == _digest(entry):
                    return True
        return False


def _digest(entry: Entry) -> str:
    return str(entry.data["content_digest"])
