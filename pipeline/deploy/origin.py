"""Where a built site comes from: proven by building it once more from the verified history.

A site on a disk can be changed together with its manifest. Only a site that the approved tree gives again,
byte for byte, is put before the public.
"""

import json
from datetime import datetime
from pathlib import Path

from pipeline import history, render
from pipeline.audit import audit_folder
from pipeline.files import folder_beside
from pipeline.verification import Verification
from sop_site import settings as office_settings
from sop_site.errors import AnswerIsNo, SettingsUnreadable

NOTE = ".well-known/sop.json"


def prove(verification: Verification, site: Path) -> str:
    """The output digest of ``site``; ``AnswerIsNo`` unless it is what the verified tip gives at its time."""
    tip, seen_at = _note(site)
    if tip != verification.verdict.verified_tip:
        raise AnswerIsNo("deploy-outdated", path=site)
    found = audit_folder(site)
    if found.differences:
        raise AnswerIsNo("deploy-not-sound", path=site)
    with folder_beside(site) as work:
        again = render.build(verification, work / "situs", now=seen_at)
    if again.output_digest != found.output_digest:
        raise AnswerIsNo("deploy-not-approved", path=site)
    return found.output_digest


def _note(site: Path) -> tuple[str, datetime]:
    """Which tip the site shows, and at what time its expiries were judged; both only claimed."""
    try:
        return claim((site / NOTE).read_bytes())
    except (FileNotFoundError, NotADirectoryError) as error:
        raise AnswerIsNo("deploy-not-built", path=site) from error
    except ValueError as error:
        raise AnswerIsNo("deploy-not-approved", path=site) from error


def claim(note: bytes) -> tuple[str, datetime]:
    """Tip and time that a site's note names; ``ValueError`` for bytes that are no such note."""
    try:
        values = json.loads(note)
        tip, seen_at = str(values["tip"]), datetime.fromisoformat(values["time"])
    except (KeyError, TypeError, RecursionError) as error:
        raise ValueError("not a note of origin") from error
    if seen_at.tzinfo is None:
        raise ValueError("a time without an offset")
    return tip, seen_at


def settings_of(verification: Verification) -> office_settings.Settings:
    """The office's settings in the verified tree; ``AnswerIsNo`` where nothing verifies."""
    verdict, store = verification.verdict, verification.store
    if verdict.verified_tip is None:
        raise AnswerIsNo("render-not-approved")
    data = history.file_at(store, store.links(verdict.verified_tip).tree, render.SETTINGS)
    if data is None:
        raise SettingsUnreadable("settings-missing")
    return office_settings.parse(data)


def target_of(
    settings: office_settings.Settings, name: str | None, repo: Path
) -> office_settings.DeployTarget:
    """The target of that name, else the first; an office that names none has ``<repo>.site`` beside it.

    A folder without a leading slash is taken from where the repository lies.
    """
    place = repo.resolve()
    known = settings.deploy or (office_settings.DeployTarget(folder=f"{place.name}.site"),)
    found = next((target for target in known if name in (None, target.name)), None)
    if found is None:
        names = ", ".join(target.name for target in known)
        raise AnswerIsNo("deploy-target-unknown", target=name, known=names)
    return found.model_copy(update={"folder": str(place.parent / found.folder)})
