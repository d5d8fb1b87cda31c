"""Goes on from a history that was judged before, by the same steps that judge one from genesis (§9).

What a longer history could change about the part that is remembered is not judged here: ``CannotContinue``
then sends the whole of it back to genesis. So does every refusal; a "no" is never said from memory.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sop_site.approval import chain, commit, ledger
from sop_site.approval.ancestry import Ancestry
from sop_site.approval.approving import Before
from sop_site.approval.barring import LedgerFacts
from sop_site.approval.chain import Course, Findings, Judged
from sop_site.approval.commit import CommitMalformed
from sop_site.approval.entry import DECISIONS, Entry
from sop_site.approval.governance import Governance, GovernanceReader
from sop_site.approval.ledger import AHEAD
from sop_site.approval.ledger_authority import Stand
from sop_site.approval.policy import Policy
from sop_site.approval.remembered import CannotContinue, Ids, Memory, Places
from sop_site.approval.store import ObjectStore, StoreFault
from sop_site.approval.tree_reading import Folders
from sop_site.approval.verdict import Genesis, Verdict

MOST = 1_000
"""Approvals, or entries, that are judged upon a remembered history; beyond that, everything is."""


def judge(
    store: ObjectStore,
    memory: Memory,
    tip: str,
    ledger_tip: str | None,
    drafts: Collection[str],
    now: datetime,
) -> Judged:
    """A good verdict on the history of the two tips, of which ``memory`` is the older part.

    ``drafts`` are the tips of draft branches whose objects the store has. ``CannotContinue`` for anything
    but a good verdict, and for what the remembered part alone does not settle.
    """
    try:
        course = _course(store, memory, tip, ledger_tip, now)
        found = chain.run(course, now)
        _check(found, memory, drafts)
    except (StoreFault, CommitMalformed) as fault:
        raise CannotContinue(str(fault)) from fault
    verdict = Verdict(
        tip=tip,
        ledger_tip=ledger_tip,
        genesis=course.genesis,
        approvals=memory.approvals(found.approvals),
        ledger=memory.entries(course.entries.entries),
        policy=found.last.stand.policy,
    )
    return Judged(verdict, found)


def _course(store: ObjectStore, memory: Memory, tip: str, ledger_tip: str | None, now: datetime) -> Course:
    known = memory.summary
    fresh = _above(store, tip, known.tip)
    _above(store, ledger_tip, known.ledger_tip)
    reader = GovernanceReader(store)
    first = _first(store, memory, reader.at(memory.root))
    past = ledger.NOTHING
    if known.ledger_tip is not None:
        past = ledger.resume(store, known.ledger_tip, len(memory.ledger))
    if first.stand.time - now > AHEAD or (past.at is not None and past.at - now > AHEAD):
        raise CannotContinue("the clock went back")
    places = Places(Ids(memory.chain), {oid: first.sequence + 1 + n for n, oid in enumerate(fresh)})
    reading = ledger.read(store, ledger_tip, now, past)
    return Course(
        store=store,
        folders=Folders(store, memory.root),
        reader=reader,
        ancestry=Ancestry(store, Ids(memory.reached)),
        genesis=_genesis(reader, known.genesis),
        first=first,
        approvals=fresh,
        chain=places,
        entries=reading,
        facts=LedgerFacts(reading.entries, places, past.sequence, Ids(memory.ledger)),
        knew=-1 if past.publish is None else places.get(past.publish, -1),
        oldest=known.since,
        earlier=lambda place: _stand(memory, place, first.stand.policy),
    )


def _above(store: ObjectStore, tip: str | None, known: str | None) -> list[str]:
    """The commits from ``known`` (not included) to ``tip`` by first parents, oldest first."""
    above: list[str] = []
    oid = tip
    while oid != known:
        if oid is None or len(above) == MOST:
            raise CannotContinue("the tip is not a few steps above the remembered one")
        above.append(oid)
        oid = next(iter(store.links(oid).parents), None)
    return above[::-1]


def _first(store: ObjectStore, memory: Memory, rules: Governance) -> Before:
    """What the last remembered approval left behind; all but its judgement is read again."""
    known = memory.summary
    found = commit.parse(store.commit(known.tip), store.object_format)
    place = len(memory.chain) - 1
    if memory.chain.cell(place, 0).hex() != known.tip or found.tree != memory.root.oid:
        raise CannotContinue("the summary names another tip than the rows")
    if found.committer is None or rules.policy is None:
        raise CannotContinue("the remembered tip is no approval")
    stand = Stand(known.tip, found.tree, found.committer.time, rules.policy, memory.digest(place))
    return Before(stand, memory.root, rules, place, known.named)


def _genesis(reader: GovernanceReader, values: Mapping[str, Any]) -> Genesis:
    return Genesis(
        commit=values["commit"],
        tree=values["tree"],
        time=datetime.fromisoformat(values["time"]),
        paths=tuple(values["paths"]),
        policy=reader.in_tree(values["tree"]).policy,
        content_digest=values["content_digest"],
    )


def _stand(memory: Memory, place: int, policy: Policy) -> Stand:
    """A remembered commit of the chain, as far back as the policy in force was in force."""
    if place < memory.summary.since:
        raise CannotContinue("an entry is judged by a policy that is no longer in force")
    oid, tree = memory.chain.cell(place, 0).hex(), memory.chain.cell(place, 2).hex()
    return Stand(oid, tree, memory.time(place), policy, memory.digest(place))


def _check(found: Findings, memory: Memory, drafts: Collection[str]) -> None:
    """Only what is good, and leaves the remembered part as it was, is answered from here."""
    if found.refusals:
        raise CannotContinue("something is refused")
    if any(stand.policy is not found.course.first.stand.policy for stand in found.stands):
        # A new policy can void what was approved before it (§4.6).
        raise CannotContinue("the policy changed")
    for approval in found.approvals:
        named = bytes.fromhex(approval.draft), bytes.fromhex(approval.content_digest[len("sha256:") :])
        if any(memory.decisions.place(value, column) is not None for column, value in enumerate(named)):
            raise CannotContinue("a draft is approved that an earlier entry speaks of")
    decisions = [entry for entry in found.course.entries.entries if entry.kind in DECISIONS]
    for entry in decisions:
        if _speaks_of_old(entry, memory):
            raise CannotContinue("an entry speaks of a draft that was approved before it")
    _check_drafts(found, memory, drafts, [entry.draft or "" for entry in decisions])


def _speaks_of_old(entry: Entry, memory: Memory) -> bool:
    """Whether a refusal could bar, or reach, what is remembered as approved (§4.10)."""
    digest = bytes.fromhex(str(entry.data["content_digest"])[len("sha256:") :])
    draft = bytes.fromhex(entry.draft or "")
    return memory.chain.place(draft, 1) is not None or memory.chain.place(digest, 3) is not None


def _check_drafts(found: Findings, memory: Memory, drafts: Collection[str], named: Collection[str]) -> None:
    """A decision is judged by its draft where that came with this run's fetch (§6): neither more nor less.

    The store may have drafts that are gone from the office, or a part of one whose rest has come since.
    """
    store, ancestry = found.course.store, found.course.ancestry
    if store.present({*memory.summary.absent, *found.absent}):
        raise CannotContinue("a draft that could not be looked at is here, whole or in part")
    wanted = {*memory.summary.needed, *store.present(named)}
    wanted -= {oid for oid in wanted if oid in drafts or ancestry.knows(oid)}
    for tip in drafts if wanted else ():
        wanted -= ancestry.brought(tip, tip).commits.keys()
    if wanted:
        raise CannotContinue("a draft is gone that a decision was made on")
