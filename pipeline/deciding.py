"""The head's decisions: approve by a signed merge, or return, reject and reopen by a signed entry.

Whatever is decided is written as objects first, judged by the verifier as if it stood already, sent to the
shared copy, and only then do this machine's own references move, all of them or none.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from pipeline import drafts, keys, ledger, left_behind, plumbing, sharing
from pipeline.checking import check_tip
from pipeline.digesting import content_digest
from pipeline.drafts import DraftRow
from pipeline.files import write_atomic
from pipeline.pinning import pin
from pipeline.plumbing import Identity, RefMove
from pipeline.references import LEDGER, PUBLISH
from pipeline.repository import Repository
from pipeline.signing import Signer
from pipeline.verification import trust_path, verification
from sop_site.answers import Finding, Refusal, errors
from sop_site.approval import commit as commits
from sop_site.approval import digests, policy, trust
from sop_site.approval.approving import REF
from sop_site.approval.authority import NAMESPACE
from sop_site.approval.entry import DECISIONS
from sop_site.approval.ledger_authority import MAY_SIGN
from sop_site.approval.message import NO_LEDGER, ApprovalTrailers, approval_message
from sop_site.approval.policy import Person
from sop_site.approval.store import StoreFault
from sop_site.errors import AnswerIsNo
from sop_site.rules import personal_data

APPROVERS = ("head", "acting", "daily")
MayUpdate = Callable[[DraftRow, tuple[str, ...]], bool]
"""Asked before a stale draft is brought up to date; the paths are those whose public text that changes."""


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


@dataclass(frozen=True, slots=True)
class _Case:
    """A draft before somebody who may decide; the tips are what the decision is made on."""

    row: DraftRow
    publish: str
    ledger: str | None
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
) -> Decided:
    """Approve a draft as it stands (or brought up to date); nothing moves unless the result verifies."""
    case = _open(repo, name, at, key, APPROVERS)
    row = case.row
    if row.state == "approved":
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
    try:
        made, sequence = _draw_up(repo, case, tip, note)
    except StoreFault as fault:
        refused = Refusal(fault.code, tip, fault.detail)
        return Decided(row.draft.id, findings=findings, refusals=(refused,))
    refusals = _refusals(repo, given_trust, at, publish_tip=made)
    if refusals:
        return Decided(row.draft.id, findings=findings, refusals=refusals)
    sharing.send(repo, [(made, PUBLISH), (tip, row.draft.ref)])
    moves = [RefMove(PUBLISH, made, case.publish), RefMove(row.draft.ref, tip, row.draft.tip)]
    repo.move([*moves, _still(repo, LEDGER, case.ledger)], f"setujui {row.draft.id}")
    return Decided(row.draft.id, made, sequence, findings)


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
    """Return, reject or reopen a draft, on record."""
    if not reason.strip():
        raise AnswerIsNo("reason-blank")
    personal_data.refuse(reason, repo.settings())
    case = _open(repo, name, at, key, sorted(MAY_SIGN[kind]))
    row = case.row
    _refuse_idle(kind, row)
    try:
        data = {"content_digest": content_digest(repo.path, row.draft.tip)}
    except StoreFault as fault:
        raise AnswerIsNo("draft-unreadable", draft=row.draft.id, detail=fault.detail) from fault
    drawn = ledger.draw_up(
        repo, case.signer, case.person, kind=kind, data=data, at=at, draft=row.draft.tip,
        reason=reason.strip(),
    )  # fmt: skip
    refusals = tuple(
        refusal
        for refusal in _refusals(repo, given_trust, at, ledger_tip=drawn.commit)
        # What was wrong with history before does not keep the head from refusing a draft.
        if refusal.commit == drawn.commit
    )
    if refusals:
        return Decided(row.draft.id, refusals=refusals)
    still = (_still(repo, PUBLISH, case.publish), _still(repo, row.draft.ref, row.draft.tip))
    ledger.settle(repo, drawn, *still)
    return Decided(row.draft.id, drawn.commit, drawn.sequence)


def _open(repo: Repository, name: str, at: datetime, key: Path | None, roles: Sequence[str]) -> _Case:
    """The newest state of the draft, and who decides."""
    sharing.receive(repo)
    publish, known = repo.publish(), repo.tip(LEDGER)
    row = drafts.row(repo, repo.draft(name), drafts.history(repo, ledger.entries(repo)))
    rules = keys.policy_of(repo, publish)
    signer, person = keys.signer(repo.path, rules, roles, key, APPROVERS, at=at)
    return _Case(row, publish, known, signer, person, at.astimezone(repo.settings().office.zone))


def _still(repo: Repository, ref: str, tip: str | None) -> RefMove:
    """A reference that must stand where it stood when the decision was made, or still not exist."""
    here = tip or plumbing.zero_id(repo.path)
    return RefMove(ref, here, here)


def _refuse_idle(kind: str, row: DraftRow) -> None:
    """Decisions that would change nothing are answered, not recorded."""
    assert kind in DECISIONS
    if row.state == "approved":
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
    with (
        _trusted(repo, given) as pinned,
        verification(repo.path, pinned, now, publish_tip=publish_tip, ledger_tip=ledger_tip) as judged,
    ):
        return judged.verdict.refusals


@contextmanager
def _trusted(repo: Repository, given: Path | None) -> Iterator[Path]:
    """The trust file; on a head's machine that has none, the genesis of his own clone is pinned for once."""
    path = trust_path(repo.path, given)
    if given is not None or path.is_file():
        yield path
        return
    genesis = repo.commits(repo.publish(), first_parent=True)[-1].id
    with TemporaryDirectory(prefix="sop-percaya-") as folder:
        own = Path(folder) / "trust.toml"
        write_atomic(own, trust.render(pin(repo.path, genesis)))
        yield own
