"""Puts a finished site in the place of the last one, whole; files that did not change keep their time."""

import os
from dataclasses import dataclass
from pathlib import Path

from pipeline.files import replace_folder
from sop_site import manifest
from sop_site.errors import AnswerIsNo


@dataclass(frozen=True, slots=True)
class Placed:
    """How many files are new or changed, and how many are gone."""

    written: int
    removed: int


def default_output(repo: Path) -> Path:
    """Where a repository's site is built unless told otherwise: ``<repo>.output`` beside it."""
    place = repo.resolve()
    return place.with_name(f"{place.name}.output")


def refuse_repository(output: Path, repo: Path) -> None:
    """``AnswerIsNo`` for an output that would swallow the repository, or lie where its own files are."""
    place, home = output.resolve(), repo.resolve()
    within = place.relative_to(home).parts[:1] if place.is_relative_to(home) else ()
    ours = not (home / ".git").exists() or within in ((".git",), ("content",), ("governance",))
    if home.is_relative_to(place) or (within and ours):
        raise AnswerIsNo("render-output-foreign", path=output)


def refuse_foreign(output: Path, *, clean: bool) -> None:
    """``AnswerIsNo`` where the output is a folder that holds something else than a site of ours.

    The output is replaced as a whole; a slip of the pen (``--output ~``) must not cost anybody's files.
    """
    if output.is_symlink() or (output.exists() and not output.is_dir()):
        raise AnswerIsNo("render-output-foreign", path=output)
    if not output.exists() or not any(output.iterdir()) or (output / manifest.NAME).is_file():
        return
    precious = (output / ".git").exists() or Path.home().is_relative_to(output.resolve())
    if not clean or precious:
        raise AnswerIsNo("render-output-foreign", path=output)


def place(site: Path, output: Path) -> Placed:
    """Rename ``site`` to ``output``; a deployment by modification time then ships only what changed."""
    fresh, old = _files(site), _files(output)
    unchanged = 0
    for name, file in fresh.items():
        before = old.get(name)
        if before and before.stat().st_size == file.stat().st_size and _same(before, file):
            times = before.stat()
            os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))
            unchanged += 1
    replace_folder(site, output)
    return Placed(written=len(fresh) - unchanged, removed=len(old.keys() - fresh.keys()))


def _same(one: Path, other: Path) -> bool:
    return not one.is_symlink() and one.read_bytes() == other.read_bytes()


def _files(folder: Path) -> dict[str, Path]:
    if not folder.is_dir():
        return {}
    return {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
