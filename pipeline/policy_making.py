"""Makes changes of policy: the next version, sealed over the protected files, on a draft of its own.

First a proposal that is nothing but objects, to be shown and judged; then, if somebody says yes, the draft.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from pipeline import keys, plumbing, policy_drafts, policy_reading, policy_signing
from pipeline.digesting import protected_digest
from pipeline.policy_drafts import Place
from pipeline.policy_reading import Reading
from pipeline.references import DRAFTS, DraftRef
from pipeline.repository import Repository
from pipeline.signing import Signer
from sop_site.answers import Refusal
from sop_site.approval import digests, outlook, policy
from sop_site.approval.policy import Policy
from sop_site.errors import AnswerIsNo

_DRAFT_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")

Amend = Callable[[Policy], Policy]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change of policy that is not written yet; ``reading`` is ``None`` for a policy out of form."""

    place: Place
    version: int
    data: bytes
    """The new ``policy.toml``."""
    stale_signatures: tuple[str, ...]
    """Signature files over an older policy that go with the change."""
    reading: Reading | None
    refusals: tuple[Refusal, ...]


def propose(
    repo: Repository, amend: Amend, *, draft: str | None, at: datetime, save_edits: bool = False
) -> Proposal:
    """What ``amend`` would make of the policy, judged as the verifier would; nothing is written but objects.

    ``draft`` names where it is written, by default a new ``kebijakan-<version>``; ``save_edits`` takes
    protected files that are edited in the work tree along. ``AnswerIsNo`` where nothing would change.
    """
    policy_drafts.receive(repo)
    publish = repo.publish()
    public_bytes = repo.read(publish, policy.PATH)
    public = keys.policy_of(repo, publish)
    name = _draft_name(repo, draft, public.version + 1)
    start = _standing(repo, name, given=draft is not None)
    saved = policy_drafts.with_edits(repo, start, at) if save_edits and start is not None else None
    place = Place(name, start, saved)
    base = place.base.tip if place.base else publish
    following = replace(
        amend(_before(repo, name, base, public, public_bytes)),
        version=public.version + 1,
        previous=digests.of_bytes(public_bytes),
        protected=protected_digest(repo.path, repo.tree(base)),
    )
    data = policy.render(following)
    if data == repo.find(base, policy.PATH) or _is_same(following, public):
        raise AnswerIsNo("policy-nothing-changes")
    stale = tuple(repo.files(base, policy_signing.FOLDER))
    tree = plumbing.write_tree(repo.path, base, {**dict.fromkeys(stale), policy.PATH: data})
    reading, refusals = _judged(repo, data, tree, at)
    return Proposal(place, following.version, data, stale, reading, refusals)


def write(repo: Repository, proposal: Proposal, signers: Sequence[Signer], at: datetime) -> DraftRef:
    """Put the proposal on its draft, signed by ``signers``."""
    assert proposal.reading is not None
    signed = replace(proposal.reading, signers=policy_signing.fingerprints(signers))
    changes: dict[str, bytes | None] = dict.fromkeys(proposal.stale_signatures)
    changes |= {policy.PATH: proposal.data, **policy_signing.files(signed, proposal.data, signers)}
    title = f"Kebijakan versi {proposal.version}"
    return policy_drafts.commit(repo, proposal.place, changes, title, signed, at)


def resolve_since(repo: Repository, text: str, moment: datetime | None) -> str:
    """The commit on the chain that ``text`` names, or the last approval at or before ``moment``."""
    chain = repo.commits(repo.publish(), first_parent=True)
    if moment is None:
        found = repo.tip(text)
        if found is None or all(commit.id != found for commit in chain):
            raise AnswerIsNo("policy-since-unknown", commit=text)
        return found
    # Before the first approval there is genesis alone; nothing earlier can be named.
    return next((commit.id for commit in chain if commit.committed <= moment), chain[-1].id)


def _draft_name(repo: Repository, given: str | None, version: int) -> str:
    if given is None:
        return f"kebijakan-{version}"
    name = given.removeprefix("refs/heads/").removeprefix("draft/")
    if repo.tip(DRAFTS + name) is None and not _DRAFT_NAME.fullmatch(name):
        raise AnswerIsNo("id-malformed", id=name)
    return name


def _standing(repo: Repository, name: str, *, given: bool) -> DraftRef | None:
    """The draft that is to be gone on with; ``AnswerIsNo`` for one that nobody asked to be changed."""
    tip, publish = repo.tip(DRAFTS + name), repo.publish()
    if tip is None or (tip != publish and repo.is_ancestor(tip, publish)):
        return None
    if not given and tip != publish:
        raise AnswerIsNo("policy-draft-open", draft=name)
    return DraftRef(name, DRAFTS + name, tip)


def _before(repo: Repository, name: str, base: str, public: Policy, public_bytes: bytes) -> Policy:
    """The policy that is changed: the draft's own where it was made from the present one, else the public."""
    here = repo.find(base, policy.PATH)
    if here == public_bytes:
        return public
    if repo.find(repo.base(base), policy.PATH) != public_bytes:
        raise AnswerIsNo("policy-draft-outdated", draft=name)
    return keys.policy_of(repo, base)


def _is_same(following: Policy, public: Policy) -> bool:
    return replace(following, version=public.version, previous=public.previous) == public


def _judged(
    repo: Repository, data: bytes, tree: str, at: datetime
) -> tuple[Reading | None, tuple[Refusal, ...]]:
    parsed = policy.parse(data)
    if not isinstance(parsed, Policy):
        return None, parsed
    reading = policy_reading.judge(repo, tree)
    if not reading.refusals:
        _refuse_voids(repo, reading)
        if not outlook.could_enact(reading.old, reading.new, at):
            raise AnswerIsNo("policy-no-approver")
    return reading, reading.refusals


def _refuse_voids(repo: Repository, reading: Reading) -> None:
    """``AnswerIsNo`` where a theft is dated before approvals by that key: all after them would fall."""
    known = set(reading.old.revoked)
    for entry in reading.new.revoked:
        if entry in known or entry.compromised_since is None:
            continue
        void = policy_reading.approvals_by(repo, entry.key, entry.compromised_since)
        if void:
            values = {"count": len(void), "first": void[0], "since": entry.compromised_since}
            raise AnswerIsNo("policy-voids-approvals", **values)
