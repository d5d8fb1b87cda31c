"""A folder that a web server serves: releases beside it, and the folder itself a link switched in one step.

``/srv/situs`` is a link to ``situs.releases/000007-1a2b3c4d5e6f``; visitors see the old release or the new
one, never a mixture. Every release is checked by its own manifest before and after the switch.
"""

import fcntl
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pipeline.audit import audit_folder
from pipeline.files import folder_beside
from sop_site import manifest
from sop_site.errors import AnswerIsNo

_RELEASE = re.compile(r"\d{6}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Release:
    """What the target serves now, and what it served before."""

    name: str
    previous: str | None
    output_digest: str
    files: int


def deploy(site: Path, target: Path, keep: int = 3, *, expected: str | None = None) -> Release:
    """Serve the built ``site`` at ``target``; ``keep`` earlier releases stay for ``rollback``.

    Deploying what is already served changes nothing. ``AnswerIsNo`` if the site is not what its manifest
    says, if that manifest's digest is not the ``expected`` one, or if something else stands at the target.
    """
    _refuse_foreign(target)
    with _held(target):
        return _deploy(site, target, keep, expected)


def _deploy(site: Path, target: Path, keep: int, expected: str | None) -> Release:
    digest = _sound(site)
    if expected not in (None, digest):
        raise AnswerIsNo("deploy-not-approved", path=site)
    previous = served(target)
    if previous is not None and previous.endswith(f"-{digest[7:19]}") and _matches(target, digest):
        return Release(previous, previous, digest, _count(target))
    store = _store(target)
    name = f"{_next_number(store):06d}-{digest[7:19]}"
    with folder_beside(store / name) as fresh:
        shutil.copytree(site, fresh / "site", copy_function=shutil.copy2)
        if _sound(fresh / "site") != digest:
            raise AnswerIsNo("deploy-not-sound", path=site)
        (fresh / "site").chmod(0o755)
        (fresh / "site").rename(store / name)
    # A power cut after the switch must not leave a link to files that never reached the disk.
    os.sync()
    _switch(target, name)
    if _sound(target) != digest:
        if previous is not None:
            _switch(target, previous)
        raise AnswerIsNo("deploy-not-sound", path=target)
    _forget_old(store, name, keep)
    return Release(name, previous, digest, _count(target))


def rollback(target: Path) -> Release:
    """Serve the release before the present one again; ``AnswerIsNo`` if there is none or it was damaged."""
    if served(target) is None:
        raise AnswerIsNo("rollback-nothing", path=target)
    with _held(target):
        now = served(target)
        earlier = [name for name in _releases(_store(target)) if now is not None and name < now]
        if not earlier:
            raise AnswerIsNo("rollback-nothing", path=target)
        digest = _sound(_store(target) / earlier[-1])
        _switch(target, earlier[-1])
        return Release(earlier[-1], now, digest, _count(target))


def served(target: Path) -> str | None:
    """Name of the release that the target serves, or ``None`` where nothing of ours stands."""
    if not target.is_symlink():
        return None
    pointed = target.readlink()
    ours = pointed.parent.name == _store(target).name and _RELEASE.fullmatch(pointed.name)
    return pointed.name if ours else None


@contextmanager
def _held(target: Path) -> Iterator[None]:
    """The target's releases, for one run at a time."""
    store = _store(target)
    store.mkdir(parents=True, exist_ok=True)
    with (store / ".kunci").open("wb") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise AnswerIsNo("deploy-busy", path=target) from error
        yield


def _store(target: Path) -> Path:
    return target.with_name(f"{target.name}.releases")


def _releases(store: Path) -> list[str]:
    if not store.is_dir():
        return []
    return sorted(entry.name for entry in store.iterdir() if _RELEASE.fullmatch(entry.name))


def _next_number(store: Path) -> int:
    names = _releases(store)
    return int(names[-1][:6]) + 1 if names else 1


def _refuse_foreign(target: Path) -> None:
    """Only an absent or empty folder, or our own link, is taken; what another hand put there stays."""
    if target.is_symlink():
        if served(target) is None:
            raise AnswerIsNo("deploy-target-occupied", path=target)
    elif target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise AnswerIsNo("deploy-target-occupied", path=target)


def _sound(folder: Path) -> str:
    """The digest of a folder's manifest, every byte checked against it."""
    result = audit_folder(folder)
    if result.differences:
        raise AnswerIsNo("deploy-not-sound", path=folder)
    return result.output_digest


def _matches(folder: Path, digest: str) -> bool:
    """Whether a served release is still what it was named for; otherwise it is released anew."""
    try:
        return _sound(folder) == digest
    except AnswerIsNo:
        return False


def _count(folder: Path) -> int:
    return len(manifest.parse((folder / manifest.NAME).read_bytes()).files)


def _switch(target: Path, name: str) -> None:
    """Point the target at a release: a new link is made beside it and renamed over it."""
    fresh = target.with_name(f".{target.name}.next")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(Path(_store(target).name, name))
    if target.is_dir() and not target.is_symlink():
        target.rmdir()
    fresh.replace(target)


def _forget_old(store: Path, current: str, keep: int) -> None:
    """Remove all but the current release and the ``keep`` newest before it."""
    earlier = [name for name in _releases(store) if name < current]
    for name in earlier[: max(0, len(earlier) - keep)]:
        shutil.rmtree(store / name, ignore_errors=True)
