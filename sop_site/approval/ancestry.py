"""What a draft brings: its own commits, and whether it grew from the approval before (§4.4, §4.9)."""

from collections.abc import Collection, Container
from dataclasses import dataclass, field

from sop_site.approval.commit import Links
from sop_site.approval.store import ObjectStore


@dataclass(frozen=True, slots=True)
class Brought:
    """The commits reachable from a second parent and not from the first."""

    commits: dict[str, Links]
    related: bool
    """Whether the first parent is among the ancestors of the second."""


@dataclass(slots=True)
class Ancestry:
    """Knows every commit reachable from the last approval, so that each is read once in a run."""

    store: ObjectStore
    remembered: Container[str] = frozenset()
    """What was reachable already when this run began."""
    reached: set[str] = field(default_factory=set)
    """What this run found reachable besides."""

    def brought(self, first: str, second: str) -> Brought:
        """Walk from the draft's tip to what is known; ``StoreFault`` where a commit cannot be read."""
        own: dict[str, Links] = {}
        related, waiting = second == first, [second]
        while waiting:
            commit = waiting.pop()
            if commit == first:
                related = True
            if commit in own or self.knows(commit):
                continue
            own[commit] = self.store.links(commit)
            waiting.extend(own[commit].parents)
        return Brought(own, related)

    def knows(self, commit: str) -> bool:
        """Whether a commit is reachable from the last approval."""
        return commit in self.reached or commit in self.remembered

    def accept(self, approval: str, brought: Brought) -> None:
        """The approval stands: all that it brought is reachable from the chain now."""
        self.reached.update(brought.commits)
        self.reached.add(approval)


def authored_by(addresses: Collection[str], brought: Brought, chain: Container[str]) -> str | None:
    """A draft commit under one of these e-mails; publish merged into the draft does not count (§4.9)."""
    own = {address.casefold() for address in addresses}
    for commit, links in brought.commits.items():
        published = sum(parent in chain for parent in links.parents)
        merges_publish = len(links.parents) == 2 and published == 1
        if links.author_email.casefold() in own and not merges_publish:
            return commit
    return None
