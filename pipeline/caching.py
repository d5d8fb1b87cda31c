"""The user's own cache and state folders, in which no command's answer rests but for its speed."""

import hashlib
import os
import stat
from contextlib import suppress
from pathlib import Path

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


def folder_for(repo: Path, purpose: str) -> Path:
    """A folder for what is kept of one repository; ``OSError`` where there is none, or nothing is kept."""
    if is_off():
        raise PermissionError(purpose)
    place = repo.resolve()
    name = hashlib.sha256(os.fsencode(place)).hexdigest()[:32]
    return own(base("XDG_CACHE_HOME", ".cache"), ("sop-site", purpose, name), [place])
