"""Looks at what the public sees, holds it against the verified history, and puts on record what it saw.

verify -> look (every served byte, then a build of our own at that moment) -> sign -> judge -> send

A witness can only tighten (protocol §6): it approves nothing. A stand-in's approval needs its word to outlive
the term, and what it saw cannot be taken off publish again.
"""

import hashlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from pipeline import audit, keys, ledger, render, sharing
from pipeline.audit import Audit
from pipeline.deploy import origin
from pipeline.earlier import as_of
from pipeline.references import LEDGER
from pipeline.render import evidence
from pipeline.repository import Repository
from pipeline.verification import Verification, verification
from sop_site import manifest, well_known
from sop_site.answers import Refusal
from sop_site.approval.entry import Entry, instant
from sop_site.errors import AnswerIsNo, RenderingFailed, ServiceSilent

KIND = "witness"
CHECKED_FOR = timedelta(hours=20)
"""How long a sighting stands before it is repeated: daily runs never come a day apart to the second."""
_TRIES = 3
"""How often all is done anew when another entry came first."""
_PAUSE_SECONDS = 30
_PASSING = ("witness-not-yet", "witness-not-sound", "audit-no-manifest", "audit-silent")
"""What may be no more than a deployment that has not reached every server yet."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where to look: an address or a folder, else a target of the settings (by default the first)."""

    given: str | None = None
    target: str | None = None
    expected: str | None = None
    """An approval that was just deployed there: until it or a later one is served, nothing was seen."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """What a place shows."""

    place: str
    tip: str
    """The approval (or genesis) whose tree is served."""
    behind: int
    """How many approvals stand on publish that are not served yet."""
    at: datetime
    """When it was looked at, in the office's zone, as the entry will say."""
    content_digest: str
    output_digest: str
    """``sha256:…`` of the manifest that ``sop build --tip TIP --now AT`` writes."""


@dataclass(frozen=True, slots=True)
class Witnessed:
    """What was put on record, or what stood there already, or why history was refused."""

    sighting: Sighting | None = None
    first_seen: datetime | None = None
    checked: datetime | None = None
    """``at`` of the newest entry about this tip."""
    entry: str | None = None
    """The new entry's commit, ``None`` where nothing was recorded."""
    sequence: int | None = None
    refusals: tuple[Refusal, ...] = ()


def witness(
    repo: Path,
    place: Place,
    *,
    trust: Path | None,
    key: Path | None,
    clock: Callable[[], datetime],
    again: bool = False,
    wait: int = 0,
    pause: Callable[[float], None] = time.sleep,
) -> Witnessed:
    """Record what ``place`` shows, unless that stands on the ledger since less than a day (or ``again``).

    ``AnswerIsNo`` where what is served is not what an approval of the verified history gives; where that may
    pass, it is looked at again for ``wait`` minutes.
    """
    tries, looks = _TRIES, wait * 60 // _PAUSE_SECONDS
    with Repository(repo) as clone:
        while True:
            sharing.receive(clone)
            try:
                with verification(repo, trust, clock(), full=True) as verified:
                    return _record(clone, verified, place, trust, key, clock, again)
            except (AnswerIsNo, ServiceSilent) as error:
                if error.code == "someone-was-faster" and tries > 1:
                    # The head decides and other machines write meanwhile; what was seen is looked at anew.
                    tries -= 1
                elif error.code in _PASSING and looks:
                    looks -= 1
                    pause(_PAUSE_SECONDS)
                else:
                    raise


def sightings(entries: Sequence[Entry], tip: str) -> list[Entry]:
    """The entries that saw exactly this tip, oldest first."""
    return [entry for entry in entries if entry.kind == KIND and entry.data["tip"] == tip]


def _record(
    clone: Repository,
    verified: Verification,
    place: Place,
    trust: Path | None,
    key: Path | None,
    clock: Callable[[], datetime],
    again: bool,
) -> Witnessed:
    verdict = verified.verdict
    if not verdict.ok:
        return Witnessed(refusals=verdict.refusals)
    seen = look(clone, verified, _where(clone, verified, place), clock, place.expected)
    known = sightings(verdict.ledger, seen.tip)
    first = instant(known[0].data["first_seen"]) if known else seen.at
    if known and not again and seen.at - known[-1].at < CHECKED_FOR:
        return Witnessed(seen, first, known[-1].at)
    rules = keys.policy_of(clone, str(verdict.verified_tip))
    signer, person = keys.signer(clone.path, rules, [KIND], key, at=seen.at)
    data = {
        "tip": seen.tip,
        "first_seen": first.isoformat(timespec="seconds"),
        "content_digest": seen.content_digest,
        "output_digest": seen.output_digest,
    }
    # The tip that was verified, not one that came in since: an entry about a commit which nobody judged
    # would stand in the way of taking that commit back.
    drawn = ledger.draw_up(
        clone, signer, person, kind=KIND, data=data, at=seen.at, publish=verdict.verified_tip
    )
    if drawn.follows != verdict.ledger_tip:
        raise AnswerIsNo("someone-was-faster", ref=LEDGER)
    judged = verification(clone.path, trust, clock(), publish_tip=verdict.tip, ledger_tip=drawn.commit)
    with judged as after:
        refusals = after.verdict.refusals
    if refusals:
        return Witnessed(seen, refusals=refusals)
    ledger.settle(clone, drawn)
    return Witnessed(seen, first, seen.at, drawn.commit, drawn.sequence)


def _where(clone: Repository, verified: Verification, place: Place) -> str:
    if place.given is not None:
        return place.given
    # From the verified tree: a folder to look into is nothing that a draft may name.
    target = origin.target_of(origin.settings_of(verified), place.target, clone.path)
    return target.folder


def look(
    clone: Repository,
    verified: Verification,
    place: str,
    clock: Callable[[], datetime],
    expected: str | None = None,
) -> Sighting:
    """What ``place`` shows at this moment, proven by a build of our own; ``AnswerIsNo`` for anything else."""
    if not audit.is_address(place):
        # A deployment that switches the link meanwhile must not mix two releases.
        place = str(Path(place).resolve())
    found = audit.audit_place(place)
    if found.differences:
        raise AnswerIsNo("witness-not-sound", place=place)
    tip, built_at = _claimed(place, found)
    shown = as_of(verified, tip)
    if shown is None:
        raise AnswerIsNo("witness-foreign", place=place, tip=tip[:12])
    if expected is not None:
        _insist(verified, shown, expected, place)
    newest = shown.verdict.approvals[-1] if shown.verdict.approvals else shown.verdict.genesis
    assert newest is not None
    # An approval is never seen before it was given; the approver's clock may be ahead of this machine's.
    at = ledger.moment(clone, max(clock(), newest.time))
    output_digest = _proven(place, found, shown, built_at, at)
    behind = len(verified.verdict.approvals) - len(shown.verdict.approvals)
    return Sighting(place, tip, behind, at, newest.content_digest, output_digest)


def _claimed(place: str, found: Audit) -> tuple[str, datetime]:
    """The tip and the time of building that the served site names."""
    note = audit.served_file(place, origin.NOTE) if origin.NOTE in found.listing.files else None
    if note is None or hashlib.sha256(note).hexdigest() != found.listing.files[origin.NOTE]:
        raise AnswerIsNo("witness-not-sound", place=place)
    try:
        return origin.claim(note)
    except ValueError as error:
        raise AnswerIsNo("witness-not-approved", place=place) from error


def _note(shown: Verification, built_at: datetime) -> str:
    """The note of origin as a build at ``built_at`` writes it."""
    settings = origin.settings_of(shown)
    proof = evidence.gather(shown, zone=settings.office.zone)
    return well_known.note(proof, settings.site.repository, built_at)


def _insist(verified: Verification, shown: Verification, expected: str, place: str) -> None:
    wanted = as_of(verified, expected)
    if wanted is None:
        raise AnswerIsNo("build-tip-unknown", tip=expected)
    if len(shown.verdict.approvals) < len(wanted.verdict.approvals):
        raise AnswerIsNo("witness-not-yet", place=place, tip=expected[:12])


def _proven(place: str, found: Audit, shown: Verification, built_at: datetime, at: datetime) -> str:
    """The digest of a build at ``at``, from which what is served differs in nothing but its time of building.

    The note of origin alone holds that time. Should ``sop deploy`` add files of its own to what was built,
    they are to be derived from the build here as they are there.
    """
    with TemporaryDirectory(prefix="sop-saksi-") as work:
        site = Path(work) / "situs"
        built = render.build(shown, site, now=at)
        ours = dict(manifest.parse((site / manifest.NAME).read_bytes()).files)
        ours[origin.NOTE] = hashlib.sha256(_note(shown, built_at).encode()).hexdigest()
        if ours == found.listing.files:
            return built.output_digest
        try:
            then = render.build(shown, site, now=built_at).output_digest
        except RenderingFailed:
            then = ""  # no build of ours bears such a time
    if then == found.output_digest:
        raise AnswerIsNo("witness-outdated", place=place, built=built_at.isoformat())
    raise AnswerIsNo("witness-not-approved", place=place)
