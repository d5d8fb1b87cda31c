"""Who may write what on the ledger, judged against the verified publish chain (protocol §6)."""

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sop_site.answers import Refusal
from sop_site.approval import digests, tree_changes, webauthn
from sop_site.approval.entry import DECISIONS, Entry
from sop_site.approval.folders import Folder
from sop_site.approval.ledger import Signed
from sop_site.approval.policy import Person, Policy
from sop_site.approval.reasons import Reasons
from sop_site.approval.store import ObjectStore, StoreFault
from sop_site.approval.tree_reading import Folders

_DECIDERS = frozenset({"head", "acting", "daily"})
MAY_SIGN: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(DECISIONS, _DECIDERS),
    "witness": frozenset({"witness"}),
    "countersign": frozenset({"head", "acting"}),
    **dict.fromkeys(("archive", "report", "intake"), frozenset({"operator", "head", "acting"})),
    "probe": frozenset({"operator", "witness"}),
}


@dataclass(frozen=True, slots=True)
class Stand:
    """A good commit of the publish chain: what it says to those who come after it."""

    commit: str
    tree: str
    time: datetime
    policy: Policy
    content_digest: str


@dataclass(frozen=True, slots=True)
class Stands(Sequence[Stand]):
    """The good commits of the chain by place, genesis first; none before ``oldest`` may be asked for."""

    known: Sequence[Stand]
    """Those from place ``start`` on."""
    start: int = 0
    oldest: int = 0
    earlier: Callable[[int], Stand] | None = None
    """Gives those before ``start``."""

    def __len__(self) -> int:
        return self.start + len(self.known)

    def __getitem__(self, place: int) -> Stand:  # type: ignore[override]
        if place >= self.start or self.earlier is None:
            return self.known[place - self.start]
        return self.earlier(place)

    def newest(self, moment: datetime) -> Stand:
        """The newest whose time is not later than ``moment``, else the first."""
        after = bisect_right(self, moment, lo=self.oldest, key=lambda stand: stand.time)
        return self[max(after - 1, 0)]


@dataclass(frozen=True, slots=True)
class Drafts:
    """The drafts that decisions name, as far as they are here."""

    store: ObjectStore
    folders: Folders
    absent: set[str]
    """Those that were asked for and are not here."""

    def root(self, draft: str) -> Folder:
        """The draft's tree; ``StoreFault`` where it is not here."""
        return self.folders.read(self.store.links(draft).tree)

    def digest(self, draft: str) -> str | None:
        """Its content digest, ``None`` where the draft is not here or has no digest."""
        try:
            root = self.root(draft)
        except StoreFault:
            self.absent.add(draft)
            return None
        return None if root.digest is None else digests.text(root.digest)


@dataclass(frozen=True, slots=True)
class Judged:
    """What is wrong with the first entry that is not in order, and which drafts could not be looked at."""

    refusals: tuple[Refusal, ...]
    absent: frozenset[str]


def judge(
    store: ObjectStore,
    folders: Folders,
    signed: Sequence[Signed],
    stands: Stands,
    chain: Mapping[str, int],
    previous: int = -1,
) -> Judged:
    """Refusals of the first entry that is not in order; entries about commits not verified are left.

    ``previous`` is the place on the chain that the entry before all these knew.
    """
    drafts = Drafts(store, folders, set())
    for one in signed:
        reasons = Reasons(one.entry.commit)
        place = chain.get(one.entry.publish)
        if place is None:
            reasons.add("ROLLBACK", "publish is not on the chain")
            reasons.add("LEDGER_SIGNER", "publish is not on the chain, so nobody's right can be judged")
        elif place < len(stands):
            newest = stands.newest(one.entry.at).policy
            _judge_signer(drafts, one, stands[place], newest, reasons)
        if place is not None and place < previous:
            reasons.add("LEDGER_CHAIN", "publish is older than the entry before knew")
        _judge_data(drafts, one.entry, stands, chain, reasons)
        if reasons:
            return Judged(reasons.refusals, frozenset(drafts.absent))
        previous = place if place is not None else previous
    return Judged((), frozenset(drafts.absent))


def _judge_signer(drafts: Drafts, one: Signed, stand: Stand, newest: Policy, reasons: Reasons) -> None:
    webauthn.judge_place(one.place, stand.policy.webauthn, reasons)
    person = stand.policy.owner(one.fingerprint)
    if stand.policy.is_revoked(one.fingerprint) or newest.is_revoked(one.fingerprint):
        reasons.add("REVOKED_KEY", f"{one.fingerprint} is revoked")
    if person is None:
        reasons.add("UNKNOWN_KEY", f"{one.fingerprint} belongs to nobody in the policy")
    else:
        _judge_right(drafts, one.entry, person, stand, reasons)
        if person.id != one.committer:
            reasons.add("PRINCIPAL_MISMATCH", "the committer is not the key's owner")
    if reasons:
        reasons.add("LEDGER_SIGNER", f"not entitled to write {one.entry.kind}")


def _judge_right(drafts: Drafts, entry: Entry, person: Person, stand: Stand, reasons: Reasons) -> None:
    if person.role not in MAY_SIGN[entry.kind]:
        reasons.add("LEDGER_SIGNER", f"{person.role} may not write {entry.kind}")
    if not person.in_term(entry.at):
        reasons.add("TERM", "outside the signer's term")
    if person.role == "daily" and entry.kind in DECISIONS and not _in_scope(drafts, entry, person, stand):
        reasons.add("OUT_OF_SCOPE", "the draft changes what lies outside the scope")


def _in_scope(drafts: Drafts, entry: Entry, person: Person, stand: Stand) -> bool:
    """An unavailable draft counts as within scope for a refusal, not for a reopening."""
    try:
        root = drafts.root(entry.draft or "")
        changed = tree_changes.changed(drafts.folders.read(stand.tree), root)
    except StoreFault:
        return entry.kind != "reopen"
    # Without a digest of its own it could be named with another's, and lift the head's refusal of that.
    if root.digest is None and entry.kind == "reopen":
        return False
    return all(person.may_change(path) for path in changed)


def _judge_data(
    drafts: Drafts, entry: Entry, stands: Stands, chain: Mapping[str, int], reasons: Reasons
) -> None:
    if entry.kind in DECISIONS:
        own = drafts.digest(entry.draft or "")
        if own is not None and own != entry.data["content_digest"]:
            reasons.add("LEDGER_GRAMMAR", "content_digest is not the draft's")
    if entry.kind == "witness":
        place = chain.get(entry.data["tip"])
        if place is None:
            reasons.add("ROLLBACK", f"{entry.data['tip']} was public and is not on the chain")
        elif place < len(stands):
            seen = datetime.fromisoformat(entry.data["first_seen"])
            if entry.data["content_digest"] != stands[place].content_digest:
                reasons.add("LEDGER_GRAMMAR", "content_digest is not the tip's")
            if not stands[place].time <= seen <= entry.at:
                reasons.add("LEDGER_GRAMMAR", "first_seen lies before the tip or after the entry")
