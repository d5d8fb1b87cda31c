"""The ledger as the office's own clone shows it, and new entries, signed and sent before they count."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from pipeline import keys, plumbing, sharing, standing
from pipeline.plumbing import RefMove
from pipeline.references import LEDGER
from pipeline.repository import Repository
from pipeline.signing import Signer
from sop_site.answers import Refusal
from sop_site.approval import commit as commits
from sop_site.approval import digests, entry, message
from sop_site.approval.authority import NAMESPACE
from sop_site.approval.entry import Entry, EntryMalformed
from sop_site.approval.ledger_authority import MAY_SIGN
from sop_site.approval.policy import Person
from sop_site.approval.verdict import Verdict
from sop_site.errors import AnswerIsNo

_TRIES = 3
"""How often a record is drawn up anew when another one came first."""
_SLOW_CLOCK = timedelta(minutes=10)
"""By how much this machine's clock may lag behind the last entry without a question."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """An entry that is stored and signed, and where the ledger stood when it was written."""

    commit: str
    sequence: int
    follows: str | None


def entries(repo: Repository) -> tuple[Entry, ...]:
    """Every entry in its order, unjudged; entries that cannot be read are left to ``sop verify``."""
    tip = repo.tip(LEDGER)
    if tip is None:
        return ()
    chain = [commit.id for commit in reversed(repo.commits(tip, first_parent=True))]
    found = []
    for commit, data in zip(chain, repo.contents(repo.blobs(tip, "entries/")), strict=False):
        try:
            found.append(replace(entry.parse(data), commit=commit))
        except EntryMalformed:
            continue
    return tuple(found)


def append(
    repo: Path,
    *,
    kind: str,
    actor_role: str,
    key: Path | None,
    data: Mapping[str, Any],
    at: datetime,
    reason: str = "",
    given_trust: Path | None = None,
) -> str:
    """One more entry by whoever has that role on this machine; the id of its commit.

    ``AnswerIsNo`` where the verifier would not take it: a bad entry bars everything that comes after it.
    """
    with Repository(repo) as clone:

        def draw() -> tuple[Drawn, str]:
            rules = keys.policy_of(clone, clone.publish())
            signer, person = keys.signer(repo, rules, sorted(MAY_SIGN[kind]), key, [actor_role], at=at)
            drawn = draw_up(clone, signer, person, kind=kind, data=data, at=at, reason=reason)
            return drawn, drawn.commit

        for left in reversed(range(_TRIES)):
            sharing.receive(clone)
            sharing.refuse_split(clone, LEDGER)
            drawn, verdict = standing.on_good_ground(clone, given_trust, at, draw)
            if refused := barring(clone, drawn, verdict):
                codes = ", ".join(sorted({refusal.code for refusal in refused}))
                raise AnswerIsNo("entry-refused", kind=kind, codes=codes)
            try:
                settle(clone, drawn)
            except AnswerIsNo as error:
                # Machines write here too; what they record does not depend on who came first.
                if error.code != "someone-was-faster" or not left:
                    raise
            else:
                break
        return drawn.commit


def draw_up(
    repo: Repository,
    signer: Signer,
    person: Person,
    *,
    kind: str,
    data: Mapping[str, Any],
    at: datetime,
    draft: str | None = None,
    reason: str = "",
    publish: str | None = None,
) -> Drawn:
    """Store a signed entry that follows the present ledger; no reference moves.

    ``publish`` is the tip that the writer knows, by default the one that stands here.
    """
    tip = repo.tip(LEDGER)
    known = entries(repo)
    last = repo.read(tip, entry.path(known[-1])) if tip and known else None
    written = Entry(
        sequence=len(known) + 1,
        kind=kind,
        actor=person.id,
        at=_not_before(at, known, repo),
        publish=publish or repo.publish(),
        draft=draft,
        reason=reason,
        data=data,
        previous=digests.of_bytes(last) if last is not None else None,
    )
    tree = plumbing.write_tree(repo.path, tip, {entry.path(written): entry.entry_bytes(written)})
    payload = commits.build_payload(
        tree=tree, parents=[tip] if tip else [], name=person.name, email=person.id, when=written.at,
        message=message.ledger_message(f"Catat: {kind}", written.sequence),
    )  # fmt: skip
    form = commits.format_of(tree)
    raw = commits.with_signature(payload, signer.sign(payload, NAMESPACE), form)
    return Drawn(plumbing.write_raw_commit(repo.path, raw), written.sequence, tip)


def moment(repo: Repository, at: datetime) -> datetime:
    """The time that an entry drawn up at ``at`` would bear: in the office's zone, never before the last."""
    return _not_before(at, entries(repo), repo)


def barring(repo: Repository, drawn: Drawn, verdict: Verdict) -> tuple[Refusal, ...]:
    """Refusals that keep ``drawn`` from the ledger, from the verdict on a ledger that ends in it.

    What is wrong with an approval does not: the office goes on refusing and recording. What is wrong with
    the ledger itself does, since the way back cuts off the bad entry and all that follow it.
    """
    if verdict.verified_tip is None:
        return verdict.refusals
    own = {commit.id for commit in repo.commits(drawn.commit, first_parent=True)}
    return tuple(
        refusal for refusal in verdict.refusals if refusal.commit in own or refusal.code.startswith("LEDGER_")
    )


def settle(repo: Repository, drawn: Drawn) -> None:
    """Send a machine's entry to the shared copy first, then let the office's own ledger follow."""
    if not sharing.has_origin(repo):
        repo.move([RefMove(LEDGER, drawn.commit, drawn.follows)], "catat")
        return
    sharing.send(repo, [(drawn.commit, LEDGER)])
    sharing.follow(repo, LEDGER, drawn.commit)


def _not_before(at: datetime, known: Sequence[Entry], repo: Repository) -> datetime:
    """The moment of a new entry in the office's zone; time on the ledger never runs backwards."""
    zone = repo.settings().office.zone
    last = known[-1].at if known else at
    if last - at > _SLOW_CLOCK:
        raise AnswerIsNo("clock-behind", at=last.isoformat())
    return max(at, last).astimezone(zone)
