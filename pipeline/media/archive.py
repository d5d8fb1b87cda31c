"""Zip archives: unpacked within bounds, under names of our own; runs in the confined child.

A member's own name is only told, never used as a place: there is nothing to slip out of.
"""

import zipfile
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from pipeline.media import budgets, side_files
from pipeline.media.cleaned import readable
from sop_site.errors import AnswerIsNo

_LINK = 0o12
_REGULAR = (0, 0o10)
_CHUNK = 1024 * 1024


def unpack(name: str, source: Path, out: Path) -> dict[str, Any]:
    """``{"members": [{"name": …}, …], "passed_over": n}``; member 0 lies in ``out/0`` and so on.

    ``AnswerIsNo`` where the archive is locked, broken, too large, or tells two things at once.
    """
    try:
        with zipfile.ZipFile(source) as box:
            return _unpacked(name, box, out)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError) as error:
        raise AnswerIsNo("media-broken", name=name) from error


def _unpacked(name: str, box: zipfile.ZipFile, out: Path) -> dict[str, Any]:
    entries = [entry for entry in box.infolist() if not entry.is_dir()]
    shown = [_shown(name, entry) for entry in entries]
    if len(set(shown)) != len(shown):
        raise AnswerIsNo("media-archive-unsafe", name=name)
    wanted, passed_over = [], 0
    for entry, told in zip(entries, shown, strict=True):
        if side_files.is_side_file(told) or entry.external_attr >> 28 == _LINK:
            passed_over += 1
        elif entry.external_attr >> 28 not in _REGULAR:
            raise AnswerIsNo("media-archive-unsafe", name=name)
        else:
            wanted.append((entry, told))
    _bounded(name, [entry for entry, _ in wanted])
    room = budgets.BYTES_AT_ONCE
    for number, (entry, _) in enumerate(wanted):
        with box.open(entry) as member, (out / str(number)).open("xb") as target:
            room -= _copied(name, member, target, min(room, entry.file_size, budgets.READ_BYTES))  # type: ignore[arg-type]
    return {"members": [{"name": told} for _, told in wanted], "passed_over": passed_over}


def _bounded(name: str, entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > budgets.FILES_AT_ONCE:
        raise AnswerIsNo("media-too-many-files", name=name, count=len(entries), limit=budgets.FILES_AT_ONCE)
    if any(entry.flag_bits & 1 for entry in entries):
        raise AnswerIsNo("media-encrypted", name=name)
    size = sum(entry.file_size for entry in entries)
    if size > budgets.BYTES_AT_ONCE:
        raise AnswerIsNo("media-too-big", name=name, bytes=size, limit=budgets.BYTES_AT_ONCE)
    for entry in entries:
        if entry.file_size > budgets.READ_BYTES:
            raise AnswerIsNo("media-too-big", name=name, bytes=entry.file_size, limit=budgets.READ_BYTES)


def _copied(name: str, member: BinaryIO, target: BinaryIO, most: int) -> int:
    """Bytes that were written; more than the table of contents promised is a lie, and the end."""
    written = 0
    while piece := member.read(_CHUNK):
        written += len(piece)
        if written > most:
            raise AnswerIsNo("media-archive-unsafe", name=name)
        target.write(piece)
    return written


def _shown(name: str, entry: zipfile.ZipInfo) -> str:
    """The member's name as people may read it; one that leads out of its folder marks a trap."""
    told = entry.filename.replace("\\", "/")
    path = PurePosixPath(told)
    if path.is_absolute() or ".." in path.parts or ":" in told.split("/")[0]:
        raise AnswerIsNo("media-archive-unsafe", name=name)
    return readable(told)
