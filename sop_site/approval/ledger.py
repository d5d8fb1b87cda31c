"""Reads the ledger, a chain of signed commits that add one file each; who signed is judged later (§6)."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sop_site.answers import Refusal
from sop_site.approval import authority, digests, entry, message
from sop_site.approval.commit import Commit, CommitMalformed
from sop_site.approval.entry import Entry, EntryMalformed
from sop_site.approval.lookahead import Lookahead
from sop_site.approval.message import MessageMalformed
from sop_site.approval.reasons import Reasons
from sop_site.approval.store import ObjectStore, StoreFault
from sop_site.approval.webauthn import Place

AHEAD = timedelta(seconds=600)
"""How far a time may lie in the future of the verifier's clock."""
_FOLDER = b"40000 entries\0"
_WIDTH = {"sha1": 20, "sha256": 32}


@dataclass(frozen=True, slots=True)
class Signed:
    """An entry in form, and the key whose valid signature it carries."""

    entry: Entry
    fingerprint: str
    committer: str
    place: Place | None = None
    """Where a passkey signed, if one did."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The ledger up to the first entry that is out of form, and what is wrong with that one."""

    signed: tuple[Signed, ...] = ()
    refusals: tuple[Refusal, ...] = ()

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The entries alone."""
        return tuple(signed.entry for signed in self.signed)


@dataclass(frozen=True, slots=True)
class Before:
    """What the next entry must follow."""

    sequence: int = 0
    commit: str | None = None
    listing: bytes = b""
    """Raw bytes of the ``entries`` folder so far."""
    digest: str | None = None
    at: datetime | None = None
    publish: str | None = None


NOTHING = Before()


def read(store: ObjectStore, tip: str | None, now: datetime, before: Before = NOTHING) -> Reading:
    """All entries after ``before`` up to ``tip``, judged by form, order and signature."""
    if tip is None or tip == before.commit:
        return Reading()
    chain, broken = _walk(store, tip, before.commit)
    if broken is not None:
        return Reading((), broken.refusals)
    signed: list[Signed] = []
    commits = chain[::-1]
    with Lookahead(store, commits) as ahead:
        for place, oid in enumerate(commits):
            reasons = Reasons(oid)
            try:
                step = _step(ahead, place, before, now, reasons)
            except StoreFault as fault:
                reasons.add(fault.code, fault.detail)
                step = None
            if reasons or step is None:
                return Reading(tuple(signed), reasons.refusals)
            signed.append(step[0])
            before = step[1]
    return Reading(tuple(signed))


def resume(store: ObjectStore, tip: str, sequence: int) -> Before:
    """What an entry after ``tip`` must follow, where ``tip`` was judged good as number ``sequence``."""
    listing = _listing(store, store.links(tip).tree)
    if listing is None:
        raise StoreFault("OBJECT_CORRUPT", tip, "no ledger commit")
    data = store.blob(listing[-_WIDTH[store.object_format] :].hex())
    try:
        last = entry.parse(data)
    except EntryMalformed as error:
        raise StoreFault("OBJECT_CORRUPT", tip, str(error)) from error
    return Before(sequence, tip, listing, digests.of_bytes(data), last.at, last.publish)


def _walk(store: ObjectStore, tip: str, until: str | None) -> tuple[list[str], Reasons | None]:
    """Ledger commits from ``tip`` down to the first, or to the one after ``until``."""
    chain, seen, oid = [], set(), tip
    while True:
        chain.append(oid)
        seen.add(oid)
        reasons = Reasons(oid)
        try:
            parents = store.links(oid).parents
        except StoreFault as fault:
            reasons.add(fault.code, fault.detail)
            return chain, reasons
        if not parents or parents == (until,):
            return chain, None
        if parents[0] in seen:
            reasons.add("LEDGER_CHAIN", "a commit is its own ancestor")
            return chain, reasons
        oid = parents[0]


def _step(
    ahead: Lookahead, place: int, before: Before, now: datetime, reasons: Reasons
) -> tuple[Signed, Before] | None:
    sequence, oid = before.sequence + 1, ahead.chain[place]
    try:
        found = ahead.commit(place)
    except CommitMalformed as error:
        reasons.add(error.code, str(error))
        return None
    if len(found.parents) > 1:
        reasons.add("LEDGER_CHAIN", f"{len(found.parents)} parents")
    fingerprint = _judge_form(ahead, found, sequence, reasons)
    listing, name, data = _added(ahead.store, found.tree, before.listing, reasons)
    if data is None:
        return None
    try:
        parsed = replace(entry.parse(data), commit=oid)
    except EntryMalformed as error:
        reasons.add("LEDGER_GRAMMAR", str(error))
        return None
    if parsed.sequence != sequence or entry.path(parsed) != f"entries/{name}":
        reasons.add("LEDGER_CHAIN", f"sequence {parsed.sequence} in {name!r} at place {sequence}")
    if parsed.previous != before.digest:
        reasons.add("LEDGER_CHAIN", "previous is not the digest of the entry before")
    _judge_time(parsed, found, before, now, reasons)
    committer = found.committer.email if found.committer else ""
    if parsed.actor != committer:
        reasons.add("LEDGER_GRAMMAR", "the actor is not the committer")
    signed = Signed(parsed, fingerprint or "", committer, authority.place_of(found))
    return signed, Before(sequence, oid, listing, digests.of_bytes(data), parsed.at, parsed.publish)


def _judge_form(ahead: Lookahead, found: Commit, sequence: int, reasons: Reasons) -> str | None:
    for problem in found.problems:
        reasons.add("HEADER_GRAMMAR", problem)
    if not found.author_equals_committer:
        reasons.add("HEADER_GRAMMAR", "author and committer differ")
    try:
        version, number = message.parse_ledger(found.message)
        if version != message.LEDGER_VERSION:
            reasons.add("LEDGER_GRAMMAR", "the version is not 1")
        if number != str(sequence):
            reasons.add("LEDGER_CHAIN", f"Ledger-Sequence {number[:20]} at place {sequence}")
    except MessageMalformed as error:
        reasons.add("LEDGER_GRAMMAR", str(error))
    own = Reasons(reasons.commit)
    fingerprint = authority.judge_signature(found, own, ahead.judge_signature)
    for refusal in own.refusals:
        reasons.add(refusal.code, refusal.detail)
    if own:
        reasons.add("LEDGER_SIGNER", "the entry carries no valid signature")
    return fingerprint


def _added(
    store: ObjectStore, root: str, listing: bytes, reasons: Reasons
) -> tuple[bytes, str, bytes | None]:
    """The folder's raw bytes, and name and bytes of the one file that it has more than before.

    Names begin with a growing number of eight digits, so that git's order puts the new one last.
    """
    now = _listing(store, root)
    if now is None:
        reasons.add("LEDGER_CHAIN", "the tree holds something other than the folder of entries")
        return b"", "", None
    head, _, rest = now[len(listing) :].partition(b"\0")
    whole = len(rest) == _WIDTH[store.object_format]
    if not now.startswith(listing) or not head.startswith(b"100644 ") or not whole:
        reasons.add("LEDGER_CHAIN", "not exactly one file was added")
        return b"", "", None
    return now, head.removeprefix(b"100644 ").decode("utf-8", "replace"), store.blob(rest.hex())


def _listing(store: ObjectStore, root: str) -> bytes | None:
    """Raw bytes of the folder of entries, ``None`` where the tree holds something else."""
    folder = store.raw_tree(root)
    if not folder.startswith(_FOLDER) or len(folder) != len(_FOLDER) + _WIDTH[store.object_format]:
        return None
    return store.raw_tree(folder[len(_FOLDER) :].hex())


def _judge_time(parsed: Entry, found: Commit, before: Before, now: datetime, reasons: Reasons) -> None:
    committer = found.committer
    if committer is None or not committer.in_range or committer.time != parsed.at:
        reasons.add("LEDGER_GRAMMAR", "at is not the committer's time")
    if before.at is not None and parsed.at < before.at:
        reasons.add("LEDGER_GRAMMAR", "time runs backwards")
    if parsed.at - now > AHEAD:
        reasons.add("LEDGER_GRAMMAR", "at lies in the future")
