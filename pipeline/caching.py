"""The user's own cache and state folders, in which no command's answer rests but for its speed."""

import hashlib
import os
import stat
from contextlib import suppress
from functools import cache
from pathlib import Path

import pipeline
import sop_site

SWITCH = "SOP_NO_MEMORY"
_FOREIGN = stat.S_IWGRP | stat.S_IWOTH


def is_off() -> bool:
    """Whether the environment says that nothing is remembered: continuous integration, or the user."""
    return any(os.environ.get(name, "").lower() not in ("", "0", "false") for name in (SWITCH, "CI"))


def base(variable: str, below_home: str) -> Path:
    """A base directory as the XDG specification finds it: a relative one counts as unset."""
    for place in (os.environ.get(variable, ""), f"{os.environ.get('HOME', '')}/{below_home}"):
        if Path(place).is_absolute() and place != f"/{below_home}":
            return Path(place)
    raise FileNotFoundError(below_home)


def own(base: Path, names: tuple[str, ...], forbidden: list[Path]) -> Path:
    """A folder below ``base``, made where it is missing, that nobody else can write in."""
    base.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder = base.resolve()
    for name in names:
        folder /= name
        # Before anything is made: not even an empty folder is left where the memory may not be.
        if any(folder.is_relative_to(place) for place in forbidden):
            raise PermissionError(folder)
        with suppress(FileExistsError):
            folder.mkdir(mode=0o700)
        facts = folder.lstat()
        if not stat.S_ISDIR(facts.st_mode) or facts.st_uid != os.geteuid() or facts.st_mode & _FOREIGN:
            raise PermissionError(folder)
    return folder


def grounds(repo: Path, git_folder: Path) -> list[Path]:
    """Where no memory of a repository may lie: what came with it would be believed."""
    folder = git_folder.resolve()
    # A linked work tree belongs to the repository in which its git folder lies.
    return [repo.resolve(), folder.parent if folder.name == ".git" else folder]


def cache_folder(names: tuple[str, ...], forbidden: list[Path]) -> Path:
    """A folder of ours in the user's cache; ``OSError`` where it cannot be had."""
    return own(base("XDG_CACHE_HOME", ".cache"), ("sop-site", *names), forbidden)


def state_folder(forbidden: list[Path]) -> Path:
    """Our folder in the user's state, for what a lost cache must not lose; ``OSError`` likewise."""
    return own(base("XDG_STATE_HOME", ".local/state"), ("sop-site",), forbidden)


def folder_for(repo: Path, purpose: str) -> Path:
    """A folder for what is kept of one repository; ``OSError`` where there is none, or nothing is kept."""
    if is_off():
        raise PermissionError(purpose)
    place = repo.resolve()
    name = hashlib.sha256(os.fsencode(place)).hexdigest()[:32]
    return cache_folder((purpose, name), [place])


@cache
def name_of_code(*patterns: str) -> str:
    """A name for our own files of these patterns (``sop_site/rules/*.py``) as they are installed.

    Another program may find something else; what is kept under its name is not taken for what this one says.
    """
    whole = hashlib.sha256()
    roots = {"sop_site": Path(sop_site.__file__).parent, "pipeline": Path(pipeline.__file__).parent}
    for pattern in patterns:
        package, _, below = pattern.partition("/")
        for path in sorted(roots[package].glob(below)):
            whole.update(hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()[:24]
