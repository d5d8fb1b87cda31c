"""Which files an operator means: folders and cards are walked, archives unpacked, the rest passed over.

with gather([Path("/media/kartu")]) as gathered:
    gathered.files      in the order a person would count them
    gathered.refused    why something cannot be taken
"""

from __future__ import annotations

import os
import re
import stat
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.media import budgets, confinement, identify, side_files
from pipeline.media.cleaned import readable
from pipeline.media.confinement import Manner
from sop_site.errors import AnswerIsNo

_DIGITS = re.compile(r"(\d+)")


@dataclass(frozen=True, slots=True)
class Source:
    """One file to be cleaned."""

    path: Path
    shown: str
    """What the operator calls it, readable: the path inside a folder or archive with the latter's name."""

    @property
    def name(self) -> str:
        """Its own name."""
        return self.shown.rpartition("/")[2]


@dataclass(slots=True)
class Gathered:
    """What was found."""

    files: list[Source] = field(default_factory=list)
    refused: list[tuple[str, AnswerIsNo]] = field(default_factory=list)
    """Name and reason."""
    side_files: int = 0
    """Hidden files and what cameras and desktops write for themselves."""
    shortcuts: int = 0
    """Links, pipes and devices."""
    other_versions: list[str] = field(default_factory=list)
    """Shots of which another version is taken."""
    _seen: int = 0
    _bytes: int = 0


@contextmanager
def gather(paths: Sequence[Path], manner: Manner | None = None) -> Iterator[Gathered]:
    """All files that ``paths`` stand for; what was unpacked is gone afterwards.

    ``AnswerIsNo`` where they are too many or too large to be taken in at once.
    """
    with tempfile.TemporaryDirectory(prefix="sop-bahan-") as folder:
        found, room = Gathered(), Path(folder)
        for path in paths:
            shown = _readable(path.name or str(path))
            if path.is_dir():
                _walk(path, shown, found, room, manner or Manner(), 0)
            else:
                _take(Source(path, shown), found, room, manner or Manner(), within=False)
        _drop_other_versions(found)
        yield found


def natural(name: str) -> list[tuple[int, int, str]]:
    """A key by which 2 comes before 10, as a person counts."""
    pieces = _DIGITS.split(name.casefold())
    return [(0, int(piece[:18]), piece) if piece.isdecimal() else (1, 0, piece) for piece in pieces if piece]


def _walk(folder: Path, shown: str, found: Gathered, room: Path, manner: Manner, depth: int) -> None:
    try:
        with os.scandir(folder) as listed:
            entries = []
            for entry in listed:
                found._seen += 1
                if found._seen > budgets.ENTRIES_AT_ONCE:
                    _too_many(shown, found._seen, budgets.ENTRIES_AT_ONCE)
                entries.append(entry)
    except OSError:
        found.refused.append((shown, AnswerIsNo("media-unreadable", name=shown)))
        return
    for entry in sorted(entries, key=lambda entry: (natural(entry.name), entry.name)):
        told = f"{shown}/{_readable(entry.name)}"
        mode = _mode(entry)
        if side_files.is_side_file(entry.name):
            found.side_files += 1
        elif stat.S_ISDIR(mode):
            if depth >= budgets.FOLDERS_DEEP:
                found.refused.append((told, AnswerIsNo("media-unreadable", name=told)))
            else:
                _walk(Path(entry.path), told, found, room, manner, depth + 1)
        elif stat.S_ISREG(mode):
            _take(Source(Path(entry.path), told), found, room, manner, within=True)
        else:
            found.shortcuts += 1


def _take(source: Source, found: Gathered, room: Path, manner: Manner, *, within: bool) -> None:
    try:
        size = source.path.stat().st_size if source.path.is_file() else -1
        kind = confinement.true_type(source.shown, source.path) if size > 0 else None
    except (OSError, ValueError, AnswerIsNo):
        size, kind = -1, None
    if within and size == 0:
        found.side_files += 1
    elif kind == identify.ARCHIVE:
        try:
            _unpack(source, found, room, manner)
        except AnswerIsNo as no:
            found.refused.append((source.shown, no))
    else:
        # What cannot be read is refused where all others are judged, in their order.
        _keep(source, max(0, size), found)


def _keep(source: Source, size: int, found: Gathered) -> None:
    found.files.append(source)
    found._bytes += size
    if len(found.files) > budgets.FILES_AT_ONCE:
        _too_many(source.shown, len(found.files), budgets.FILES_AT_ONCE)
    if found._bytes > budgets.BYTES_AT_ONCE:
        raise AnswerIsNo(
            "media-too-big-together", megabytes=found._bytes // 10**6, limit=budgets.BYTES_AT_ONCE // 10**6
        )


def _too_many(shown: str, count: int, limit: int) -> None:
    raise AnswerIsNo("media-too-many-files", name=shown.partition("/")[0], count=count, limit=limit)


def _unpack(archive: Source, found: Gathered, room: Path, manner: Manner) -> None:
    """The archive's files; one archive inside another is the end, since nobody packs a picture twice."""
    size = archive.path.stat().st_size
    if size > budgets.ARCHIVE_BYTES:
        raise AnswerIsNo("media-too-big", name=archive.shown, bytes=size, limit=budgets.ARCHIVE_BYTES)
    folder = Path(tempfile.mkdtemp(dir=room))
    answer = confinement.run("unpack", archive.shown, archive.path.absolute(), folder, manner=manner)
    members = answer.get("members")
    if not isinstance(members, list) or not all(isinstance(member, dict) for member in members):
        raise AnswerIsNo("media-broken", name=archive.shown)
    passed_over = answer.get("passed_over")
    found.side_files += passed_over if isinstance(passed_over, int) else 0
    inside = []
    for number, member in enumerate(members):
        path = folder / "out" / str(number)
        shown = f"{archive.shown}/{_readable(str(member.get('name')))}"
        if path.is_symlink() or not path.is_file():
            raise AnswerIsNo("media-broken", name=archive.shown)
        if confinement.true_type(shown, path) == identify.ARCHIVE:
            raise AnswerIsNo("media-archive-inside", name=archive.shown, inside=Path(shown).name)
        inside.append((Source(path, shown), path.stat().st_size))
    for source, length in sorted(inside, key=lambda pair: (natural(pair[0].shown), pair[0].shown)):
        _keep(source, length, found)


def _drop_other_versions(found: Gathered) -> None:
    folders: dict[str, list[Source]] = {}
    for source in found.files:
        # Files that were named one by one lie in folders of their own, which may be several.
        folders.setdefault(source.shown.rpartition("/")[0] or str(source.path.parent), []).append(source)
    for sources in folders.values():
        double = side_files.other_versions([source.name for source in sources])
        found.other_versions += [source.shown for source in sources if source.name in double]
        found.files = [source for source in found.files if source not in sources or source.name not in double]


def _mode(entry: os.DirEntry[str]) -> int:
    try:
        return entry.stat(follow_symlinks=False).st_mode
    except OSError:
        return 0


def _readable(name: str) -> str:
    return readable(os.fsencode(name).decode("utf-8", "replace"))
