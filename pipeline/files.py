"""Files and folders that appear whole or not at all: written beside, flushed to the disk, renamed."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def write_atomic(path: Path, data: bytes, mode: int = 0o644) -> None:
    """Put ``data`` at ``path`` in one step; a reader sees the old bytes or the new ones."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(mode)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


@contextmanager
def folder_beside(target: Path) -> Iterator[Path]:
    """A fresh folder on the same file system as ``target``, removed at the end if it was not renamed away."""
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    try:
        yield fresh
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def replace_folder(fresh: Path, target: Path) -> None:
    """Put the folder ``fresh`` in the place of ``target``; the old one is moved aside first and then removed.

    Both must lie on one file system. Between the two renames ``target`` is briefly absent; where that
    matters (a served site) the deployment switches a link instead.
    """
    fresh.chmod(0o755)
    if not target.exists():
        fresh.rename(target)
    else:
        aside = Path(tempfile.mkdtemp(prefix=f".{target.name}.alt.", dir=target.parent))
        target.rename(aside / "lama")
        try:
            fresh.rename(target)
        except BaseException:
            (aside / "lama").rename(target)
            raise
        finally:
            shutil.rmtree(aside, ignore_errors=True)
    _sync_folder(target.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
