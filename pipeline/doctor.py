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

from pipeline import keys, ledger, recovery, under_test
from pipeline.references import LEDGER, PUBLISH
from pipeline.repository import Repository
from pipeline.verification import trust_path, verification
from sop_site import settings as office_settings
from sop_site.approval.approving import GRACE
from sop_site.approval.policy import APPROVING, BOUNDED
from sop_site.approval.verdict import Verdict
from sop_site.content import parse, place_of
from sop_site.errors import SopError
from sop_site.settings import UNFILLED

Gravity = Literal["error", "warning", "info"]
OLDEST_GIT = (2, 38)
"""``git merge-tree --write-tree`` is needed to bring stale drafts up to date."""
OLDEST_SSH = (8, 2)
"""``ssh-keygen -Y sign`` and ``-Y find-principals``, for keys in ssh-agent and for git as a referee."""
_SPARE_BYTES = 1024**3
_SOON = timedelta(days=30)
_URGENT = timedelta(days=3)
_ARCHIVE_AGE = timedelta(days=35)
_EXTRAS = {"media": ("av", "pillow_heif"), "report": ("typst",)}


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that a look found; ``place`` is a path, a field or a program."""

    code: str
    gravity: Gravity
    place: str
    values: Mapping[str, object] = field(default_factory=dict)
    commands: tuple[str, ...] = ()
    """What to type in the repository, in this order."""


def examine(repo: Path | None, now: datetime) -> list[Item]:
    """Machine first, then repository; what cannot be looked at becomes an item of its own."""
    if repo is None:
        return [*_machine(), Item("doctor-no-repository", "info", "–")]
    looks: tuple[Callable[[Path, datetime], Iterator[Item]], ...] = (
        _references, _keys, _trust, _history, _terms, _archives, _settings, _pages,
    )  # fmt: skip
    found = list(_machine())
    for look in looks:
        try:
            for item in look(repo, now):
                found.append(item)
        except SopError as error:
            _tell_once(found, Item(error.code, "error", str(repo), dict(error.values)))
        except OSError as error:
            values = {"path": error.filename or repo, "detail": os.strerror(error.errno or 0)}
            _tell_once(found, Item("medium-failed", "error", str(values["path"]), values))
    return found


def _tell_once(found: list[Item], item: Item) -> None:
    """One cause (no git, no publish branch) stops many looks."""
    if all(known.code != item.code for known in found):
        found.append(item)


def _machine() -> Iterator[Item]:
    if shutil.which("git") is None:
        yield Item("git-missing", "error", "git")
    elif (version := _version("git", "--version")) < OLDEST_GIT:
        yield Item("doctor-git-old", "error", "git", _compared(version, OLDEST_GIT))
    if shutil.which("ssh-keygen") is None:
        yield Item("ssh-keygen-missing", "error", "ssh-keygen")
    elif shutil.which("ssh") and (version := _version("ssh", "-V")) < OLDEST_SSH:
        yield Item("doctor-ssh-old", "warning", "ssh-keygen", _compared(version, OLDEST_SSH))
    if not os.environ.get("SSH_AUTH_SOCK"):
        yield Item("doctor-no-agent", "info", "ssh-agent")
    for extra, modules in _EXTRAS.items():
        for module in modules:
            if importlib.util.find_spec(module) is None:
                yield Item("extra-missing", "warning", module, {"extra": extra, "library": module})
    if not (shutil.which("soffice") or shutil.which("libreoffice")):
        yield Item("doctor-no-office", "info", "LibreOffice")


def _version(program: str, option: str) -> tuple[int, int]:
    """What a program says its version is; ``(0, 0)`` where it says nothing that could be one."""
    try:
        done = subprocess.run([program, option], capture_output=True, text=True, check=False, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return (0, 0)
    said = re.search(r"(\d+)\.(\d+)", done.stdout + done.stderr)
    return (int(said[1]), int(said[2])) if said else (0, 0)


def _compared(found: tuple[int, int], wanted: tuple[int, int]) -> Mapping[str, object]:
    return {"found": ".".join(map(str, found)), "wanted": ".".join(map(str, wanted))}


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
    inside = {path for path in repo.glob("*.keys") if path.is_dir()}
    inside |= {path for path in repo.glob("*.trust.toml") if path.is_file()}
    trusted = trust_path(repo, None)
    if trusted.exists() and trusted.resolve().is_relative_to(repo.resolve()):
        inside.add(trusted)
    for path in sorted(inside):
        yield Item("doctor-inside-repository", "error", str(path), {"path": path})


def _trust(repo: Path, _now: datetime) -> Iterator[Item]:
    path = trust_path(repo, None)
    if not path.is_file():
        yield Item("trust-missing", "warning", str(path), {"path": path})


def _history(repo: Path, now: datetime) -> Iterator[Item]:
    """Whether history stands, and if not, the last good approval and the way back."""
    if not trust_path(repo, None).is_file():
        return
    with verification(repo, None, now, full=True) as verified:
        verdict = verified.verdict
    around = {refusal.code for refusal in under_test.problems(under_test.look(repo))}
    codes = {refusal.code for refusal in verdict.refusals}
    if verdict.ok:
        yield from _sightings(repo, verdict, now)
    if verdict.tip is None or codes <= around:
        # Said already, by the look at references.
        return
    told = ", ".join(sorted(codes))
    if verdict.verified_tip is None:
        yield Item("doctor-history-unfounded", "error", verdict.tip, {"codes": told})
        return
    with Repository(repo) as clone:
        way = recovery.find(clone, now)
        typed = recovery.commands(clone, way) if way and not way.lost else ()
    if way is not None and way.lost:
        values = {"codes": told, "tip": way.lost}
        yield Item("doctor-history-set-back", "error", verdict.tip, values)
    elif verdict.verified_tip == verdict.tip:
        yield Item("doctor-history-doubtful", "error", verdict.tip, {"codes": told}, typed)
    else:
        values = {"codes": told, "tip": verdict.verified_tip}
        yield Item("doctor-history-refused", "error", verdict.tip, values, typed)


def _sightings(repo: Path, verdict: Verdict, now: datetime) -> Iterator[Item]:
    """Approvals that no witness has seen public: late ones, and those that fall with a term that ends."""
    order = [approval.commit for approval in verdict.approvals]
    seen = {entry.data["tip"] for entry in verdict.ledger if entry.kind == "witness"}
    unseen = verdict.approvals[max((order.index(tip) + 1 for tip in seen.intersection(order)), default=0) :]
    if not unseen:
        return
    with Repository(repo) as clone:
        patience = timedelta(hours=clone.settings().witness.hours)
    if now - unseen[-1].time > patience:
        hours = int((now - unseen[-1].time).total_seconds() // 3600)
        yield Item("doctor-unwitnessed", "warning", unseen[-1].commit, {"hours": hours})
    for approval in unseen:
        if approval.role in BOUNDED and approval.until is not None:
            deadline = approval.until + GRACE
            if deadline - now < _URGENT:
                values = {"person": approval.approver, "deadline": deadline.isoformat()}
                yield Item("doctor-term-unwitnessed", "error", approval.commit, values)


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


def _pages(repo: Path, now: datetime) -> Iterator[Item]:
    """Where public pages still wait for what only the office knows."""
    with Repository(repo) as clone:
        publish, settings = clone.publish(), clone.settings()
        for path in filter(place_of, clone.files(publish, "content/")):
            parsed = parse(path, clone.read(publish, path), settings)
            for finding in parsed.findings:
                if finding.code in ("field-unfilled", "field-must-be-filled"):
                    values = {"path": path, "line": finding.line or 1, **finding.values}
                    yield Item("doctor-page-unfilled", "warning", f"{path}:{values['line']}", values)
            if parsed.page is None:
                yield Item("doctor-page-unreadable", "error", path, {"path": path})
                continue
            due = parsed.page.publish_at
            if due is not None and due > now:
                values = {"path": path, "at": due.isoformat(timespec="minutes")}
                yield Item("doctor-page-scheduled", "info", path, values)
            for number, line in enumerate(parsed.page.body.split("\n"), start=parsed.page.body_line):
                if UNFILLED in line:
                    values = {"path": path, "line": number}
                    yield Item("doctor-text-unfilled", "warning", f"{path}:{number}", values)
