"""Policies as the office's own clone shows them: the public one, drafts of the next, and all that were.

Nothing here is a verdict; that a draft could be approved is asked of the verifier's own rules.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from pipeline import keys
from pipeline.objects import GitObjects
from pipeline.plumbing import Identity
from pipeline.references import DraftRef
from pipeline.repository import Repository
from sop_site.answers import Refusal
from sop_site.approval import commit as commits
from sop_site.approval import comparing, endorsement, governance, outlook, policy, sshsig
from sop_site.approval.comparing import Step
from sop_site.approval.endorsement import Lack
from sop_site.approval.governance import Governance, GovernanceReader
from sop_site.approval.policy import Policy
from sop_site.approval.reasons import Reasons
from sop_site.approval.store import ObjectStore, StoreFault
from sop_site.approval.tree_reading import Folders
from sop_site.errors import SettingsUnreadable

_FOLDER = "governance/"
_OWN_CODES = ("PROTECTED_CHANGE", "POLICY_THRESHOLD")
"""What the verifier says of every change that is not signed yet; who must sign is told by name instead."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a tree would change in the policy, against the public one."""

    old: Policy
    new: Policy
    steps: tuple[Step, ...]
    files: tuple[str, ...]
    """Protected files other than the policy and its signatures that change with it."""
    signers: frozenset[str]
    """Fingerprints with a valid signature over the new policy."""
    refusals: tuple[Refusal, ...]
    """What the verifier would say, signatures that are lacking set aside."""

    @property
    def lacking(self) -> tuple[Lack, ...]:
        """The signatures that are lacking."""
        return endorsement.lacking(self.old, self.new, self.signers)

    @property
    def endorsers(self) -> tuple[str, ...]:
        """Ids of the root persons who have signed."""
        return endorsement.endorsers(self.old, self.new, self.signers)

    @property
    def is_complete(self) -> bool:
        """Whether the head's approval is all that it waits for."""
        return not self.refusals and not self.lacking


@dataclass(frozen=True, slots=True)
class Version:
    """One policy that was in force, with the commit that brought it."""

    policy: Policy
    commit: str
    at: datetime
    approver: Identity
    """The author of the approval, as it names him; not proven here."""
    endorsers: tuple[str, ...]
    steps: tuple[Step, ...]
    """Against the version before; empty for the first."""


def judge(repo: Repository, tree: str, commit: str | None = None) -> Reading:
    """A tree's policy by the verifier's own rules; ``SettingsUnreadable`` where one cannot be read."""
    publish = repo.publish()
    chain = {found.id for found in repo.commits(publish, first_parent=True)}
    public_tree = repo.tree(publish)
    reasons = Reasons(commit)
    with _governance(repo, publish) as reader:
        old = reader.in_tree(public_tree)
        try:
            root = Folders(reader.store).read(tree)
            new = governance.judge_change(reader, old, root, chain.__contains__, reasons)
        except StoreFault as fault:
            raise SettingsUnreadable("policy-unreadable", detail=fault.detail) from fault
    before, after = _readable(old), _readable(new)
    known = [refusal for refusal in reasons.refusals if refusal.code not in _OWN_CODES]
    known += [Refusal("POLICY_THRESHOLD", commit, lack.detail) for lack in outlook.unreachable(before, after)]
    files = [path for path in repo.changed(public_tree, tree) if not path.startswith(("content/", _FOLDER))]
    steps = comparing.steps(before, after)
    return Reading(before, after, steps, tuple(files), new.signers, tuple(known))


def drafted(repo: Repository) -> list[DraftRef]:
    """Drafts that would change the policy, approved ones left out."""
    publish = repo.publish()
    public = repo.find(publish, policy.PATH)
    return [
        draft
        for draft in repo.drafts()
        if not repo.is_ancestor(draft.tip, publish)
        and repo.find(draft.tip, policy.PATH) not in (public, repo.find(repo.base(draft.tip), policy.PATH))
    ]


def versions(repo: Repository) -> list[Version]:
    """Every policy from the first to the present one, in their order."""
    publish = repo.publish()
    told = repo.ask("log", "--first-parent", "--format=%H", publish, "--", policy.PATH).decode().split()
    chain = {found.id: found for found in repo.commits(publish, first_parent=True)}
    found: list[Version] = []
    with _governance(repo, publish) as reader:
        for commit in reversed(told):
            rules = reader.in_tree(repo.tree(commit))
            if rules.policy is None:
                # History that is refused is for ``sop verify`` to explain.
                continue
            before = found[-1].policy if found else None
            facts = chain[commit]
            found.append(Version(
                rules.policy, commit, facts.committed, facts.author,
                endorsement.endorsers(before, rules.policy, rules.signers) if before else (),
                comparing.steps(before, rules.policy) if before else (),
            ))  # fmt: skip
    return found


def approvals_by(repo: Repository, fingerprint: str, since: str) -> list[str]:
    """Approvals after the commit ``since`` on the chain that carry a signature by this key, oldest first."""
    publish = repo.publish()
    found = []
    with GitObjects(repo.path, commits.format_of(publish)) as store:
        for commit in reversed(repo.commits(publish, since, first_parent=True)):
            if _key_on(store, commit.id) == fingerprint:
                found.append(commit.id)
    return found


def _key_on(store: ObjectStore, commit: str) -> str | None:
    try:
        signature = commits.parse(store.commit(commit), store.object_format).signature
        return None if signature is None else sshsig.parse(signature).fingerprint
    except (StoreFault, commits.CommitMalformed, sshsig.Malformed):
        return None


@contextmanager
def _governance(repo: Repository, commit: str) -> Iterator[GovernanceReader]:
    with GitObjects(repo.path, commits.format_of(commit)) as store:
        yield GovernanceReader(store)


def _readable(state: Governance) -> Policy:
    if state.policy is None:
        raise SettingsUnreadable("policy-unreadable", detail=state.problems[0] if state.problems else "–")
    return state.policy


def public(repo: Repository) -> Policy:
    """The policy in force."""
    return keys.policy_of(repo, repo.publish())
