"""What the next commits of a chain will need, begun on another core while the present one is judged.

Nothing is decided here: a signature that was verified ahead is verified as it would have been in its turn,
and an object asked for ahead is hashed and judged when its turn comes.
"""

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from types import TracebackType

from sop_site.approval import commit, sshsig
from sop_site.approval.commit import Commit, CommitMalformed
from sop_site.approval.reasons import Reasons
from sop_site.approval.sshsig import Malformed, Signature
from sop_site.approval.store import ObjectStore, StoreFault

_WINDOW = 64
"""Commits that are prepared together."""
_AT_ONCE = 16
"""Signatures that the other thread verifies at a stretch."""

_Task = tuple[Signature, bytes]


@dataclass(slots=True)
class Lookahead:
    """Reads approvals, or ledger entries, as ``chain`` has them; with ``with``, so that its thread ends."""

    store: ObjectStore
    chain: Sequence[str]
    """Commits, oldest first."""
    start: int = 0
    """How many stand before them."""
    _pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(max_workers=1))
    _prepared: int = 0
    _commits: dict[str, Commit] = field(default_factory=dict)
    _begun: dict[_Task, tuple[Future[list[Reasons]], int]] = field(default_factory=dict)

    def __enter__(self) -> "Lookahead":
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _value: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._pool.shutdown(cancel_futures=True)

    def commit(self, before: int) -> Commit:
        """The commit with ``before`` others before it; ``StoreFault`` or ``CommitMalformed`` if none."""
        place = before - self.start
        # One window is always under way beyond the one that is judged.
        while self._prepared < len(self.chain) and self._prepared <= place + _WINDOW:
            self._prepare(self.chain[self._prepared : self._prepared + _WINDOW])
            self._prepared += _WINDOW
        oid = self.chain[place]
        return self._commits.pop(oid, None) or commit.parse(self.store.commit(oid), self.store.object_format)

    def judge_signature(self, signature: Signature, payload: bytes, reasons: Reasons) -> None:
        """As ``sshsig.judge``."""
        begun = self._begun.pop((signature, payload), None)
        if begun is None:
            sshsig.judge(signature, payload, reasons)
            return
        future, place = begun
        for refusal in future.result()[place].refusals:
            reasons.add(refusal.code, refusal.detail)

    def _prepare(self, oids: Sequence[str]) -> None:
        tasks: list[_Task] = []
        for oid in oids:
            try:
                found = commit.parse(self.store.commit(oid), self.store.object_format)
                self._commits[oid] = found
                tasks.append((sshsig.parse(found.signature or b""), found.payload))
            except (StoreFault, CommitMalformed, Malformed):
                # Whoever judges this one will meet the same, and say so.
                continue
        for start in range(0, len(tasks), _AT_ONCE):
            some = tasks[start : start + _AT_ONCE]
            future = self._pool.submit(_judge_all, some)
            self._begun.update({task: (future, place) for place, task in enumerate(some)})
        self.store.foresee(self._commits[oid].tree for oid in oids if oid in self._commits)


def _judge_all(tasks: Sequence[_Task]) -> list[Reasons]:
    found = []
    for signature, payload in tasks:
        reasons = Reasons(None)
        sshsig.judge(signature, payload, reasons)
        found.append(reasons)
    return found
