"""From a verified history to the site's files: export the approved tree, draw it, prove it, place it.

export -> page_history, evidence -> child (Pelican in a process of its own) -> completeness -> placing
"""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pipeline.files import folder_beside
from pipeline.render import child, completeness, evidence, page_history, placing
from pipeline.render.export import export as export_tree
from pipeline.verification import Verification
from sop_site import manifest, publication, well_known
from sop_site.errors import AnswerIsNo
from sop_site.plugins.handover import Handover
from sop_site.settings import parse

SETTINGS = "site.toml"


@dataclass(frozen=True, slots=True)
class BuildResult:
    """What a build did."""

    pages: int
    """HTML files of the site."""
    written: int
    """Files that are new or whose bytes changed since the output's last state."""
    removed: int
    """Files that are gone."""
    output_digest: str
    """``sha256:…`` of the manifest."""
    seconds: Mapping[str, float]
    """By phase: verify, export, draw, prove, place."""
    tip: str
    """The approval (or genesis) whose tree was drawn."""


def tip_time(verification: Verification) -> datetime:
    """Committer time of the newest approval, else of genesis: the hour at which a build sees the site."""
    verdict = verification.verdict
    if verdict.approvals:
        return verdict.approvals[-1].time
    if verdict.genesis is None:
        raise AnswerIsNo("render-not-approved")
    return verdict.genesis.time


def build(
    verification: Verification, output: Path, *, now: datetime | None = None, clean: bool = False
) -> BuildResult:
    """Draw exactly the approved tree into ``output``, which changes in one step or not at all.

    ``now`` decides what has expired or is not yet due, by default the tip's committer time. ``clean``
    allows an output folder that is not one of ours. ``AnswerIsNo`` if history was refused,
    ``RenderingFailed`` if the result is not what was approved.
    """
    verdict = verification.verdict
    if not verdict.ok or verdict.verified_tip is None:
        raise AnswerIsNo("render-not-approved")
    placing.refuse_foreign(output, clean=clean)
    seen_at = now or tip_time(verification)
    laps = _Laps({"verify": verification.seconds})
    with folder_beside(output) as work:
        tree, site = work / "tree", work / "site"
        paths = export_tree(verification, verdict.verified_tip, tree)
        former = page_history.former_folders(tree, paths)
        public = publication.compose(verdict, paths, former)
        (tree / "content").mkdir(exist_ok=True)
        laps.done("export")
        settings_text = (tree / SETTINGS).read_text(encoding="utf-8")
        settings = parse(settings_text.encode())
        public = page_history.with_notes(public, tree, verification.store, settings)
        proof = evidence.gather(verification, zone=settings.office.zone)
        handover = Handover(
            settings=settings,
            publication=public,
            now=seen_at,
            well_known=well_known.note(proof, settings.site.repository, seen_at),
            report=work / "drawn.json",
            proof=proof,
        )
        child.draw(work, tree, site, handover.to_json(settings_text))
        laps.done("draw")
        note = json.loads((work / "drawn.json").read_text(encoding="utf-8"))
        files = completeness.prove(tree, site, public, note)
        laps.done("prove")
        listing = manifest.of(files)
        (site / manifest.NAME).write_bytes(listing.text())
        placed = placing.place(site, output)
        laps.done("place")
    return BuildResult(
        pages=sum(path.endswith(".html") for path in files),
        written=placed.written,
        removed=placed.removed,
        output_digest=listing.digest,
        seconds=laps.seconds,
        tip=verdict.verified_tip,
    )


class _Laps:
    """Seconds of each phase, by the monotonic clock."""

    def __init__(self, before: Mapping[str, float], clock: Callable[[], float] = time.monotonic) -> None:
        self.seconds = dict(before)
        self._clock, self._last = clock, clock()

    def done(self, phase: str) -> None:
        """End of ``phase``."""
        here = self._clock()
        self.seconds[phase] = round(here - self._last, 4)
        self._last = here
