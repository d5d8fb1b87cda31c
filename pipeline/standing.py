"""What the verifier says of this clone, as it stands or as it would be, and what to build on where it fails.

A bad commit on ``publish`` bars publication, not the office: whoever decides or records then stands on the
last good approval, so that nothing new ever names what does not verify.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from pipeline.files import write_atomic
from pipeline.pinning import pin
from pipeline.references import PUBLISH
from pipeline.repository import Repository
from pipeline.verification import trust_path, verification
from sop_site.approval import trust
from sop_site.approval.verdict import Verdict
from sop_site.errors import AnswerIsNo, SettingsUnreadable, SopError

_Drawn = TypeVar("_Drawn")


@contextmanager
def trusted(repo: Repository, given: Path | None) -> Iterator[Path]:
    """The trust file; on a machine that has none, the genesis of its own clone is pinned for once."""
    path = trust_path(repo.path, given)
    if given is not None or path.is_file():
        yield path
        return
    genesis = repo.commits(repo.publish(), first_parent=True)[-1].id
    with TemporaryDirectory(prefix="sop-percaya-") as folder:
        own = Path(folder) / "trust.toml"
        write_atomic(own, trust.render(pin(repo.path, genesis)))
        yield own


def judged(
    repo: Repository,
    given_trust: Path | None,
    now: datetime,
    *,
    publish_tip: str | None = None,
    ledger_tip: str | None = None,
) -> Verdict:
    """The verdict on this clone; a tip that is named is judged in the place of the branch's own."""
    with (
        trusted(repo, given_trust) as pinned,
        verification(repo.path, pinned, now, publish_tip=publish_tip, ledger_tip=ledger_tip) as done,
    ):
        return done.verdict


def on_good_ground(
    repo: Repository, given_trust: Path | None, now: datetime, draw: Callable[[], tuple[_Drawn, str]]
) -> tuple[_Drawn, Verdict]:
    """What ``draw`` made, and the verdict on a ledger that ends in the commit it gave beside it.

    Where ``publish`` has a tip that does not verify, ``draw`` is called again on the last good approval.
    """
    failed: SopError | None = None
    try:
        drawn, commit = draw()
        verdict = judged(repo, given_trust, now, ledger_tip=commit)
        if verdict.verified_tip in (None, repo.publish()):
            return drawn, verdict
    except (AnswerIsNo, SettingsUnreadable) as error:
        # A bad commit may make a draft look approved, or bring a policy or settings that nobody can read.
        failed = error
    present = judged(repo, given_trust, now)
    if present.verified_tip in (None, repo.publish()):
        # Approved while this was drawn up: the entry, dated before, would take back what stands.
        raise failed or AnswerIsNo("someone-was-faster", ref=PUBLISH)
    repo.stand_on(str(present.verified_tip))
    drawn, commit = draw()
    return drawn, judged(repo, given_trust, now, ledger_tip=commit)
