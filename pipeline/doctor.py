"""What is missing or unsafe on this machine and in this repository; every look stands for itself."""

import importlib.util
import os
import re
import shutil
import stat
import subprocess
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from pipeline import keys, ledger, under_test
from pipeline.references import LEDGER, PUBLISH
from pipeline.repository import Repository
from pipeline.verification import trust_path, verification
from sop_site import settings as office_settings
from sop_site.approval.policy import APPROVING
from sop_site.content import parse, place_of
from sop_site.errors import SopError
from sop_site.settings import UNFILLED

Gravity = Literal["error", "warning", "info"]
OLDEST_GIT = (2, 38)
"""``git merge-tree --write-tree`` is needed to bring stale drafts up to date."""
_SPARE_BYTES = 1024**3
_SOON = timedelta(days=30)
_ARCHIVE_AGE = timedelta(days=35)
_EXTRAS = {"media": ("av", "pillow_heif"), "report": ("typst",)}


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that a look found; ``place`` is a path, a field or a program."""

    code: str
    gravity: Gravity
    place: str
    values: Mapping[str, object] = field(default_factory=dict)


def examine(repo: Path | None, now: datetime) -> list[Item]:
    """Machine first, then repository; what cannot be looked at becomes an item of its own."""
    found = list(_machine())
    if repo is None:
        return [*found, Item("doctor-no-repository", "info", "–")]
    looks: tuple[Callable[[Path, datetime], Iterator[Item]], ...] = (
        _references, _keys, _trust, _history, _terms, _archives, _settings, _pages,
    )  # fmt: skip
    for look in looks:
        try:
            found += look(repo, now)
        except (SopError, OSError) as error:
            code = error.code if isinstance(error, SopError) else "medium-failed"
            values = (
                dict(error.values) if isinstance(error, SopError) else {"path": repo, "detail": str(error)}
            )
            found.append(Item(code, "error", str(repo), values))
    return found


def _machine() -> Iterator[Item]:
    git = shutil.which("git")
    if git is None:
        yield Item("git-missing", "error", "git")
    else:
        said = subprocess.run([git, "--version"], capture_output=True, text=True, check=False).stdout
        version = re.search(r"(\d+)\.(\d+)", said)
        if version is None or (int(version[1]), int(version[2])) < OLDEST_GIT:
            yield Item("doctor-git-old", "error", said.strip(), {"wanted": "2.38"})
    if shutil.which("ssh-keygen") is None:
        yield Item("ssh-keygen-missing", "error", "ssh-keygen")
    if not os.environ.get("SSH_AUTH_SOCK"):
        yield Item("doctor-no-agent", "info", "ssh-agent")
    for extra, modules in _EXTRAS.items():
        for module in modules:
            if importlib.util.find_spec(module) is None:
                yield Item("extra-missing", "warning", module, {"extra": extra, "library": module})
    if shutil.which("soffice") is None:
        yield Item("doctor-no-office", "info", "LibreOffice")


def _references(repo: Path, _now: datetime) -> Iterator[Item]:
    found = under_test.look(repo)
    for refusal in under_test.problems(found):
        yield Item(refusal.code, "error", refusal.detail, {"commit": "–", "detail": refusal.detail})
    if found.tip(PUBLISH) is None:
        yield Item("publish-missing", "error", PUBLISH, {"path": repo})
    if found.tip(LEDGER) is None:
        yield Item("doctor-no-ledger", "info", LEDGER)
    free = shutil.disk_usage(repo).free
    if free < _SPARE_BYTES:
        yield Item("doctor-disk-low", "warning", str(repo), {"megabytes": free // 1024**2})


def _keys(repo: Path, _now: datetime) -> Iterator[Item]:
    folder = keys.folder_of(repo)
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        private = path.is_file() and path.suffix != ".pub"
        if private and stat.S_IMODE(path.stat().st_mode) & 0o077:
            yield Item("doctor-key-readable", "error", str(path), {"path": path})
    inside = [path for path in repo.glob("*.keys") if path.is_dir()]
    inside += [path for path in repo.glob("*.trust.toml") if path.is_file()]
    for path in inside:
        yield Item("doctor-inside-repository", "error", str(path), {"path": path})


def _trust(repo: Path, _now: datetime) -> Iterator[Item]:
    path = trust_path(repo, None)
    if not path.is_file():
        yield Item("trust-missing", "warning", str(path), {"path": path})


def _history(repo: Path, now: datetime) -> Iterator[Item]:
    """Whether history stands, and if not, the last good approval and the way back."""
    if not trust_path(repo, None).is_file():
        return
    with verification(repo, None, now) as verified:
        verdict = verified.verdict
    if not verdict.ok:
        codes = ", ".join(sorted({refusal.code for refusal in verdict.refusals}))
        values = {"codes": codes, "tip": verdict.verified_tip or "–"}
        yield Item("doctor-history-refused", "error", verdict.tip or "–", values)


def _terms(repo: Path, now: datetime) -> Iterator[Item]:
    with Repository(repo) as clone:
        rules = keys.policy_of(clone, clone.publish())
    able = [person for person in rules.persons if person.role in APPROVING and person.in_term(now)]
    if not able:
        yield Item("doctor-nobody-approves", "error", "governance/policy.toml")
    for person in rules.persons:
        if person.until is None:
            continue
        values = {"person": person.id, "until": person.until.isoformat()}
        if person.until <= now:
            yield Item("doctor-term-ended", "info", person.id, values)
        elif person.until - now < _SOON:
            yield Item("doctor-term-ends-soon", "warning", person.id, values)


def _archives(repo: Path, now: datetime) -> Iterator[Item]:
    with Repository(repo) as clone:
        kept = [entry for entry in ledger.entries(clone) if entry.kind == "archive"]
    if not kept:
        yield Item("doctor-no-archive", "warning", "ledger")
    elif now - kept[-1].at > _ARCHIVE_AGE:
        yield Item("doctor-archive-old", "warning", "ledger", {"days": (now - kept[-1].at).days})


def _settings(repo: Path, _now: datetime) -> Iterator[Item]:
    with Repository(repo) as clone:
        found = clone.settings()
        for name in office_settings.unfilled(found):
            yield Item("doctor-setting-unfilled", "warning", f"site.toml: {name}", {"field": name})
        emblem = found.office.emblem
        if emblem is None or clone.find(clone.publish(), emblem) is None:
            yield Item("doctor-no-emblem", "info", "site.toml: office.emblem")


def _pages(repo: Path, _now: datetime) -> Iterator[Item]:
    """Where public pages still wait for what only the office knows."""
    with Repository(repo) as clone:
        publish, settings = clone.publish(), clone.settings()
        for path in filter(place_of, clone.files(publish, "content/")):
            data = clone.read(publish, path)
            if parse(path, data, settings).page is None:
                yield Item("doctor-page-unreadable", "error", path, {"path": path})
            for number, line in enumerate(data.decode("utf-8", "replace").split("\n"), start=1):
                if UNFILLED in line:
                    name = line.partition(":")[0].strip() if line.rstrip().endswith(UNFILLED) else "–"
                    values = {"path": path, "line": number, "field": name[:60] or "–"}
                    yield Item("doctor-page-unfilled", "warning", f"{path}:{number}", values)
