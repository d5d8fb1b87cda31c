"""What a judgement gives back: genesis, approvals, ledger entries, refusals, and whether all of it holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sop_site.answers import Refusal
from sop_site.approval.entry import Entry
from sop_site.approval.policy import Policy


@dataclass(frozen=True, slots=True)
class Genesis:
    """The pinned root of the publish branch."""

    commit: str
    tree: str
    time: datetime
    """Committer time, in the writer's offset."""
    paths: tuple[str, ...]
    """Every file of its tree."""
    policy: Policy | None
    content_digest: str


@dataclass(frozen=True, slots=True)
class Approval:
    """One accepted merge on the first-parent chain."""

    commit: str
    sequence: int
    approver: str
    """Person id."""
    name: str
    role: str
    decree: str | None
    time: datetime
    draft: str
    """The second parent's id."""
    assurance: str
    """``personal``: signed with the person's own key; ``forge``: by a forge in the person's name (§7)."""
    paths: tuple[str, ...]
    """Files that it added, changed or removed."""
    tree: str
    content_digest: str
    ledger: str | None
    """The ledger commit that it names."""
    key_fingerprint: str
    """OpenSSH fingerprint of the person's key, OpenPGP fingerprint of the forge's."""
    payload_sha256: str
    """Its identity (protocol §1): a re-encoded signature changes the commit id, not this."""
    added: tuple[str, ...] = ()
    """Those of ``paths`` that were not there before."""
    removed: tuple[str, ...] = ()
    """Those of ``paths`` that are there no more."""
    until: datetime | None = None
    """End of the approver's term, as the policy at the first parent has it."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The whole history, accepted or refused; nothing is rendered unless it is ``ok``."""

    tip: str | None
    ledger_tip: str | None
    genesis: Genesis | None = None
    approvals: Sequence[Approval] = ()
    """Oldest first, up to the last good one."""
    ledger: Sequence[Entry] = ()
    """Entries that are in form, oldest first."""
    refusals: tuple[Refusal, ...] = ()
    policy: Policy | None = None
    """As it stands at the last good approval."""

    @property
    def ok(self) -> bool:
        """Whether nothing was refused and there is something to accept."""
        return self.genesis is not None and not self.refusals

    @property
    def verified_tip(self) -> str | None:
        """The last good approval, else genesis, else ``None``."""
        if self.genesis is None:
            return None
        return self.approvals[-1].commit if self.approvals else self.genesis.commit
