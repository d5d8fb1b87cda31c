"""The head's decisions: approve by a signed merge, or return, reject and reopen by a signed entry.

Whatever is decided is written as objects first and judged by the verifier as if it stood already. It counts
from the moment when the shared copy took it; only then do this machine's own references follow. So whoever is
killed or refused on the way has decided nothing, or has decided and hears of it when he repeats the command.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pipeline import drafts, intents, keys, ledger, left_behind, plumbing, sharing, standing
from pipeline.checking import check_tip
from pipeline.digesting import content_digest
from pipeline.drafts import DraftRow
from pipeline.intents import Intent
from pipeline.plumbing import Identity, RefMove
from pipeline.references import LEDGER, PUBLISH
from pipeline.repository import Repository
from pipeline.reviewing import FileChange, changes
from pipeline.signing import Signer
from sop_site.answers import Finding, Refusal, errors
from sop_site.approval import commit as commits
from sop_site.approval import digests, policy
from sop_site.approval.approving import REF
from sop_site.approval.authority import NAMESPACE
from sop_site.approval.entry import DECISIONS
from sop_site.approval.ledger_authority import MAY_SIGN
from sop_site.approval.message import NO_LEDGER, ApprovalTrailers, approval_message
from sop_site.approval.policy import Person
from sop_site.approval.store import StoreFault
from sop_site.errors import AnswerIsNo
from sop_site.queue import APPROVED
from sop_site.rules import personal_data

APPROVERS = ("head", "acting", "daily")
MayUpdate = Callable[[DraftRow, tuple[str, ...]], bool]
"""Asked before a stale draft is brought up to date; the paths are those whose public text that changes."""
Show = Callable[[tuple[FileChange, ...]], None]
"""Told everything that the signature will change for the public, before it is made."""


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided, or why not; ``commit`` is the approval's or the entry's."""

    draft: str
    commit: str | None = None
    sequence: int = 0
    findings: tuple[Finding, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    conflicts: tuple[str, ...] = ()
    """Paths on which a stale draft and the public site disagree."""
    changes: tuple[FileChange, ...] = ()
    """What an approval changes for the public."""


@dataclass(frozen=True, slots=True)
class _Case:
    """A draft before somebody who may decide; the tips are what the decision is made on."""

    row: DraftRow
    publish: str
    """What is public: the publish branch's tip, or the last good approval where the tip is refused."""
    tip: str | None
    """The publish branch's tip."""
    ledger: str | None
    latest: str
    """What the shared copy named as the latest decision before all this was read."""
    signer: Signer
    person: Person
    at: datetime
    """In the office's zone."""


def approve(
    repo: Repository,
    name: str,
    *,
    at: datetime,
    key: Path | None = None,
    given_trust: Path | None = None,
    note: str = "",
    may_update: MayUpdate,
    show: Show = lambda _changes: None,
) -> Decided:
    """Approve a draft as it stands (or brought up to date); nothing moves unless the result verifies."""
    case = _open(repo, name, at, key, APPROVERS)
    row = case.row
    if (before := _decided_before(repo, "approve", row.draft.id)) is not None:
        return before
    if row.state in APPROVED:
        refusals = _refusals(repo, given_trust, at)
        if refusals:
            # A push past the head can make a draft look approved.
            return Decided(row.draft.id, refusals=refusals)
        raise AnswerIsNo("draft-approved", draft=row.draft.id)
    if not row.paths:
        raise AnswerIsNo("draft-empty", draft=row.draft.id)
    tip: str | None = row.draft.tip
    if row.stale:
        if row.state in ("returned", "rejected"):
            # Bringing it up to date would make a commit that no entry names.
            barred = Refusal("DRAFT_BARRED", row.draft.tip, f"the draft is {row.state}")
            return Decided(row.draft.id, refusals=(barred,))
        tip = None if row.conflicts else _brought_up_to_date(repo, case, may_update)
    if tip is None:
        behind = Refusal("UNRELATED_DRAFT", row.draft.tip, "publish has moved on since the draft left it")
        return Decided(row.draft.id, refusals=(behind,), conflicts=row.conflicts)
    findings = (*check_tip(repo, case.publish, tip), *left_behind.findings(repo, tip))
    if errors(findings):
        return Decided(row.draft.id, findings=findings)
    public = tuple(changes(repo, case.publish, tip))
    show(public)
    try:
        made, sequence = _draw_up(repo, case, tip, note)
    except StoreFault as fault:
        refused = Refusal(fault.code, tip, fault.detail)
        return Decided(row.draft.id, findings=findings, refusals=(refused,))
    refusals = _refusals(repo, given_trust, at, publish_tip=made, ledger_tip=case.ledger)
    if refusals:
        return Decided(row.draft.id, findings=findings, refusals=refusals)
    moves = [RefMove(PUBLISH, made, case.publish), RefMove(row.draft.ref, tip, row.draft.tip)]
    _settle(repo, case, Intent("approve", row.draft.id, made, sequence), moves)
    return Decided(row.draft.id, made, sequence, findings, changes=public)


def decide(
    repo: Repository,
    kind: str,
    name: str,
    reason: str,
    *,
    at: datetime,
    key: Path | None = None,
    given_trust: Path | None = None,
) -> Decided:
    """Return, reject or reopen a draft, on record; also while ``publish`` has a tip that does not verify."""
    if not reason.strip():
        raise AnswerIsNo("reason-blank")
    latest = _newest_state(repo)
    if (before := _decided_before(repo, kind, repo.draft(name).id)) is not None:
        return before

    def draw() -> tuple[tuple[_Case, ledger.Drawn], str]:
        personal_data.refuse(reason, repo.settings())
        case = _look(repo, name, at, key, sorted(MAY_SIGN[kind]), latest)
        _refuse_idle(kind, case.row)
        try:
            data = {"content_digest": content_digest(repo.path, case.row.draft.tip)}
        except StoreFault as fault:
            raise AnswerIsNo("draft-unreadable", draft=case.row.draft.id, detail=fault.detail) from fault
        drawn = ledger.draw_up(
            repo, case.signer, case.person, kind=kind, data=data, at=at, draft=case.row.draft.tip,
            reason=reason.strip(),
        )  # fmt: skip
        return (case, drawn), drawn.commit

    (case, drawn), verdict = standing.on_good_ground(repo, given_trust, at, draw)
    draft = case.row.draft.id
    if refusals := ledger.barring(repo, drawn, verdict):
        return Decided(draft, refusals=refusals)
    moves = [RefMove(LEDGER, drawn.commit, drawn.follows)]
    _settle(repo, case, Intent(kind, draft, drawn.commit, drawn.sequence), moves)
    return Decided(draft, drawn.commit, drawn.sequence)


def _newest_state(repo: Repository) -> str:
    """Take in what others decided; what the shared copy names as the latest decision, asked before that."""
    latest = sharing.latest_decision(repo)
    sharing.receive(repo)
    sharing.refuse_split(repo, PUBLISH, LEDGER)
    return latest


def _decided_before(repo: Repository, kind: str, draft: str) -> Decided | None:
    """What an earlier run that was stopped decided, if it reached history after all."""
    ref = PUBLISH if kind == "approve" else LEDGER
    for intent in intents.left_behind(repo, kind, draft):
        tip = repo.tip(ref)
        arrived = tip is not None and repo.tip(intent.commit) and repo.is_ancestor(intent.commit, tip)
        intents.forget(repo, intent)
        if arrived:
            return Decided(draft, intent.commit, intent.sequence)
    return None


def _settle(repo: Repository, case: _Case, intent: Intent, moves: Sequence[RefMove]) -> None:
    """Let the decision count: all that it moves or none, and only while all that it rests on stands still.

    With a shared copy it counts once that has taken it, and this machine's references follow. Without one
    it counts when they move.
    """
    draft, moving = case.row.draft, {move.ref for move in moves}
    basis = ((PUBLISH, case.tip), (LEDGER, case.ledger), (draft.ref, draft.tip))
    with intents.noted(repo, intent):
        if not sharing.has_origin(repo):
            still = [_still(repo, ref, tip) for ref, tip in basis if ref not in moving]
            repo.move([*moves, *still], f"{intent.kind} {intent.draft}")
            return
        for ref, tip in basis:
            if repo.tip(ref) != tip:
                raise AnswerIsNo("someone-was-faster", ref=ref)
        pairs = [(move.new, move.ref) for move in moves]
        if LEDGER not in moving:
            # An approval names the ledger's tip; nobody could verify it where that is not known.
            pairs += sharing.unsent(repo, LEDGER)
        sharing.send(repo, pairs, decision=intent.commit, latest=case.latest)
        for move in moves:
            sharing.follow(repo, move.ref, move.new)


def _open(repo: Repository, name: str, at: datetime, key: Path | None, roles: Sequence[str]) -> _Case:
    """The newest state of the draft, and who decides."""
    return _look(repo, name, at, key, roles, _newest_state(repo))


def _look(
    repo: Repository, name: str, at: datetime, key: Path | None, roles: Sequence[str], latest: str
) -> _Case:
    tip, publish, known = repo.tip(PUBLISH), repo.publish(), repo.tip(LEDGER)
    row = drafts.row(repo, repo.draft(name), drafts.history(repo, ledger.entries(repo), at))
    rules = keys.policy_of(repo, publish)
    signer, person = keys.signer(repo.path, rules, roles, key, APPROVERS, at=at)
    zone = repo.settings().office.zone
    return _Case(row, publish, tip, known, latest, signer, person, at.astimezone(zone))


def _still(repo: Repository, ref: str, tip: str | None) -> RefMove:
    """A reference that must stand where it stood when the decision was made, or still not exist."""
    here = tip or plumbing.zero_id(repo.path)
    return RefMove(ref, here, here)


def _refuse_idle(kind: str, row: DraftRow) -> None:
    """Decisions that would change nothing are answered, not recorded."""
    assert kind in DECISIONS
    if row.state in APPROVED:
        raise AnswerIsNo("draft-approved", draft=row.draft.id)
    if kind == "reopen" and row.state not in ("returned", "rejected"):
        raise AnswerIsNo("draft-not-refused", draft=row.draft.id)
    if kind != "reopen" and row.state == "rejected":
        raise AnswerIsNo("draft-rejected", draft=row.draft.id)
    if kind == "return" and row.state == "returned":
        raise AnswerIsNo("draft-returned", draft=row.draft.id)


def _brought_up_to_date(repo: Repository, case: _Case, may_update: MayUpdate) -> str | None:
    """Publish merged into the draft, ``None`` where nobody said yes; the branch does not move yet."""
    row, publish = case.row, case.publish
    tree = repo.merge(publish, row.draft.tip).tree
    if tree == repo.tree(publish):
        raise AnswerIsNo("draft-empty", draft=row.draft.id)
    before, after = repo.blobs(row.draft.tip), repo.blobs(tree)
    touched = {*row.paths, *repo.changed(publish, tree)}
    differs = tuple(sorted(path for path in touched if before.get(path) != after.get(path)))
    if not may_update(row, differs):
        return None
    if repo.checked_out() == row.draft.ref and (edited := repo.pending()):
        # They were made on the text as it was before.
        raise AnswerIsNo("work-tree-edited", path=next(iter(edited)))
    author = Identity(case.person.name, case.person.id)
    words = f"Sesuaikan dengan situs yang tayang: {row.draft.id}\n"
    return plumbing.write_commit(repo.path, tree, [row.draft.tip, publish], words, author, case.at)


def _draw_up(repo: Repository, case: _Case, tip: str, note: str) -> tuple[str, int]:
    """Store the signed merge (protocol §4); its id and sequence."""
    chain = repo.commits(case.publish, first_parent=True)
    sequence = len(chain)
    trailers = ApprovalTrailers(
        sequence=str(sequence),
        ref=REF,
        genesis=chain[-1].id,
        draft=tip,
        digest=content_digest(repo.path, tip),
        policy=digests.of_bytes(repo.read(case.publish, policy.PATH)),
        ledger=case.ledger or NO_LEDGER,
    )
    payload = commits.build_payload(
        tree=repo.tree(tip), parents=[case.publish, tip], name=case.person.name, email=case.person.id,
        when=case.at, message=approval_message(f"Setujui: {case.row.title}", note, trailers),
    )  # fmt: skip
    form = commits.format_of(tip)
    raw = commits.with_signature(payload, case.signer.sign(payload, NAMESPACE), form)
    return plumbing.write_raw_commit(repo.path, raw), sequence


def _refusals(
    repo: Repository,
    given: Path | None,
    now: datetime,
    *,
    publish_tip: str | None = None,
    ledger_tip: str | None = None,
) -> tuple[Refusal, ...]:
    """What the verifier would say if the new tip stood already."""
    verdict = standing.judged(repo, given, now, publish_tip=publish_tip, ledger_tip=ledger_tip)
    return verdict.refusals
