"""The way back from a history that is refused: which tips hold, and the git commands that lead there.

Nothing here moves a reference. Setting a branch of the shared copy back is for a person who has looked at
it, with rights that no command of this house asks for.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from pipeline import ledger, sharing, standing
from pipeline.references import LEDGER, PUBLISH
from pipeline.repository import Repository
from sop_site.answers import Refusal
from sop_site.approval.verdict import Verdict
from sop_site.errors import ServiceSilent

_STEPS = 8
"""How often a cut may show a further fault below it; each step cuts at least one commit."""


@dataclass(frozen=True, slots=True)
class WayBack:
    """Tips that hold together; ``ledger`` is ``None`` where no entry of it does."""

    publish: str
    ledger: str | None
    lost: str | None = None
    """A tip that a machine saw in public and that is not in this clone: then nothing is to be cut."""


def find(repo: Repository, now: datetime) -> WayBack | None:
    """The last tips that verify together; ``None`` where not even genesis does, or no cut helps."""
    publish, entries = repo.publish(), repo.tip(LEDGER)
    for _ in range(_STEPS):
        verdict = standing.judged(repo, None, now, publish_tip=publish, ledger_tip=entries)
        if verdict.verified_tip is None:
            return None
        faults = _faults(verdict)
        if not faults:
            return WayBack(publish, entries)
        bad = _first_bad(repo, entries, faults)
        seen = _seen_elsewhere(repo, bad, publish) if _is_rollback(faults, bad) else None
        if seen is not None and not repo.tip(seen):
            return WayBack(publish, entries, lost=seen)
        if seen is not None and _holds(repo, seen, entries, now):
            publish = seen
            continue
        publish = verdict.verified_tip
        if bad is not None:
            entries = next(iter(repo.parents(bad)), None)
            if entries is None:
                # No ledger at all cannot be judged in the place of one that is there; no approval names it.
                return WayBack(publish, None)
    return None


def commands(repo: Repository, way: WayBack) -> tuple[str, ...]:
    """What to type, in order: the shared copy first where it holds the bad tips too, then this clone."""
    return (*_for_origin(repo, way), *_for_this_clone(repo, way))


def _for_origin(repo: Repository, way: WayBack) -> Iterator[str]:
    try:
        there = sharing.tips(repo, PUBLISH, LEDGER)
    except ServiceSilent:
        there = {}
    leases, orders = [], []
    for ref, good in ((PUBLISH, way.publish), (LEDGER, way.ledger)):
        bad = there.get(ref)
        # Where it holds something else than this clone, that has been mended already, or nobody has seen it.
        if bad is not None and bad != good and bad == repo.tip(ref):
            leases.append(f"--force-with-lease={ref}:{bad}")
            orders.append(f"{good or ''}:{ref}")
    if orders:
        yield " ".join(["git push --atomic", *leases, "origin", *orders])


def _for_this_clone(repo: Repository, way: WayBack) -> Iterator[str]:
    for ref, good in ((PUBLISH, way.publish), (LEDGER, way.ledger)):
        bad = repo.tip(ref)
        if bad is None or bad == good:
            continue
        if good is None:
            yield f"git update-ref -d {ref} {bad}"
        elif ref == repo.checked_out():
            # Keeps whatever somebody is editing, or refuses.
            yield f"git reset --keep {good}"
        else:
            yield f"git update-ref {ref} {good} {bad}"


def _faults(verdict: Verdict) -> list[Refusal]:
    """Refusals of commits; what is wrong around them (references, alternates) has another remedy."""
    return [refusal for refusal in verdict.refusals if refusal.commit is not None]


def _first_bad(repo: Repository, tip: str | None, faults: Iterable[Refusal]) -> str | None:
    """The oldest ledger commit that is refused."""
    named = {refusal.commit for refusal in faults}
    chain = [commit.id for commit in repo.commits(tip, first_parent=True)] if tip else []
    return next((commit for commit in reversed(chain) if commit in named), None)


def _is_rollback(faults: Iterable[Refusal], bad: str | None) -> bool:
    return any(refusal.commit == bad and refusal.code == "ROLLBACK" for refusal in faults)


def _seen_elsewhere(repo: Repository, bad: str | None, publish: str) -> str | None:
    """What the entry says was public and the publish branch does not hold."""
    for entry in ledger.entries(repo):
        if entry.commit == bad:
            witnessed = str(entry.data.get("tip", "")) if entry.kind == "witness" else ""
            for tip in filter(None, (witnessed, entry.publish)):
                if repo.tip(tip) is None or not repo.is_ancestor(tip, publish):
                    return tip
    return None


def _holds(repo: Repository, publish: str, entries: str | None, now: datetime) -> bool:
    verdict = standing.judged(repo, None, now, publish_tip=publish, ledger_tip=entries)
    return verdict.verified_tip == publish and not _faults(verdict)
