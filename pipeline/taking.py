"""Takes objects out of a repository under test into one of our own, without a word of its configuration (§9).

git's own fetch would start a program in the repository it fetches from, and obey what is set there. So the
objects folder alone is read: ``pack-objects`` runs in our repository and ``index-pack`` hashes and checks
every object on its way in.
"""

import os
import re
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from pipeline.gitenv import BOUNDED, GitFailed, clean_env, failure, git_command, run_git
from sop_site.approval.store import FILE_LIMIT

_PLAIN = (
    "-c", "core.multiPackIndex=false", "-c", "pack.useBitmaps=false", "-c", "pack.allowPackReuse=false",
    "-c", "pack.compression=1", "-c", f"core.bigFileThreshold={FILE_LIMIT}",
)  # fmt: skip
_NO_LARGER = f"--filter=blob:limit={FILE_LIMIT + 1}"
"""Larger files can be in no approved tree; each is left behind and then found missing, or too large."""
_LOOSE = re.compile(r"[0-9a-f]{2}")
DRAFT_BYTES = 4 * 1024**3
"""How much drafts may come to when unfolded, all together: as much as the largest tree (§5)."""
DRAFT_OBJECTS = 1_000_000
_ATTEMPTS = 100
"""How often drafts are divided to find those that cannot be taken over."""


def show(objects: Path, place: Path) -> Path:
    """A folder at ``place`` that links to the loose objects and packs of ``objects`` and to nothing else.

    What lies beside them (alternates, commit graphs, bitmaps, marks of promises) cannot have a say in it.
    """
    (place / "pack").mkdir(parents=True)
    for entry in _entries(objects):
        if entry.is_dir() and _LOOSE.fullmatch(entry.name):
            (place / entry.name).symlink_to(Path(entry.path).resolve())
    for entry in _entries(objects / "pack"):
        if entry.name.endswith((".pack", ".idx")):
            (place / "pack" / entry.name).symlink_to(Path(entry.path).resolve())
    return place


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    """What lies in a folder; nothing where there is none, or it may not be read."""
    try:
        with os.scandir(folder) as found:
            return list(found)
    except OSError:
        return []


def take(bare: Path, objects: Path, tips: Sequence[str], known: Sequence[str] = ()) -> None:
    """Bring to ``bare`` what ``tips`` need and ``known`` (which it has) do not bring, but no file too large.

    ``GitFailed`` where something is missing or damaged, or not to the taste of git's ``fsck``.
    """
    _take(bare, objects, tips, known, ["index-pack", "--stdin", "--fsck-objects"])


def take_drafts(bare: Path, objects: Path, tips: Sequence[str], known: Sequence[str]) -> list[str]:
    """Bring what drafts have beyond ``known``, which ``bare`` has; the tips of those that came.

    A draft is anybody's: one that is damaged or larger than anything that could be approved is left out, and
    no other with it; objects that are missing in it are left out alone. What is odd in their form is judged
    by whoever looks at them, so that ``fsck`` has no say.
    """
    waiting, attempts = [_standing(bare, objects, tips)], 0
    room, count, taken = DRAFT_BYTES, DRAFT_OBJECTS, list[str]()
    while waiting and attempts < _ATTEMPTS:
        some, attempts = waiting.pop(), attempts + 1
        if not some:
            continue
        try:
            number, size = _measured(bare, objects, some, known)
            if size <= room and number <= count:
                _take(bare, objects, some, known, ["index-pack", "--stdin"], "--missing=allow-any")
                room, count = room - size, count - number
                taken += some
                continue
        except GitFailed:
            pass
        if len(some) > 1:
            middle = len(some) // 2
            waiting += [some[middle:], some[:middle]]
    return taken


def _take(
    bare: Path,
    objects: Path,
    tips: Sequence[str],
    known: Sequence[str],
    indexing: Sequence[str],
    *options: str,
) -> None:
    packing = [*_PLAIN, "pack-objects", "--revs", "--stdout", "--delta-base-offset", "--window=0", "-q",
               _NO_LARGER, *options]  # fmt: skip
    with _started(packing, bare, objects) as packer:
        assert packer.stdin is not None
        indexer = subprocess.Popen(
            git_command(["-c", f"core.bigFileThreshold={FILE_LIMIT}", *indexing]),
            cwd=bare,
            env=clean_env(**BOUNDED),
            stdin=packer.stdout,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        _tell(packer, tips, known)
        _, said = indexer.communicate()
    if packer.returncode:
        raise failure(packing, packer.returncode, "", bare)
    if indexer.returncode:
        raise failure(indexing, indexer.returncode, said.decode("utf-8", "replace"), bare)


def _standing(bare: Path, objects: Path, tips: Sequence[str]) -> list[str]:
    """The tips that are there, and commits."""
    if not tips:
        return []
    asked = "".join(f"{tip}\n" for tip in tips).encode("ascii")
    told = run_git(
        ["cat-file", "--batch-check=%(objectname) %(objecttype)", "--buffer"],
        cwd=bare,
        input=asked,
        env=_looking_at(objects),
    )
    there = {line.split(" ")[0] for line in told.decode("ascii").splitlines() if line.endswith(" commit")}
    return [tip for tip in dict.fromkeys(tips) if tip in there]


def _measured(bare: Path, objects: Path, tips: Sequence[str], known: Sequence[str]) -> tuple[int, int]:
    """How many objects a take would bring, and their weight unfolded; counting stops beyond the limits."""
    listing = [*_PLAIN, "rev-list", "--objects", "--no-object-names", "--missing=allow-any", _NO_LARGER,
               "--stdin"]  # fmt: skip
    with _started(listing, bare, objects) as lister:
        assert lister.stdin is not None
        sizer = subprocess.Popen(
            git_command([*_PLAIN, "cat-file", "--batch-check=%(objecttype) %(objectsize)", "--buffer"]),
            cwd=bare,
            env=_looking_at(objects),
            stdin=lister.stdout,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        _tell(lister, tips, known)
        assert sizer.stdout is not None
        with sizer:
            number = size = 0
            for one in _weights(sizer.stdout):
                number, size = number + 1, size + one
                if number > DRAFT_OBJECTS or size > DRAFT_BYTES:
                    sizer.kill()
                    lister.kill()
                    return number, size
    if lister.returncode or sizer.returncode:
        raise failure(listing, lister.returncode or sizer.returncode, "", bare)
    return number, size


def _weights(lines: Iterable[bytes]) -> Iterator[int]:
    """Bytes of each object; commits and trees, which are looked at again and again, count eight times."""
    for line in lines:
        kind, _, size = line.rstrip().rpartition(b" ")
        yield int(size) * (1 if kind == b"blob" else 8) if size.isdigit() else 0


def _started(arguments: Sequence[str], bare: Path, objects: Path) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        git_command(arguments),
        cwd=bare,
        env=_looking_at(objects),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )


def _looking_at(objects: Path) -> dict[str, str]:
    return clean_env(GIT_OBJECT_DIRECTORY=str(objects), **BOUNDED)


def _tell(process: "subprocess.Popen[bytes]", tips: Sequence[str], known: Sequence[str]) -> None:
    """Say which commits are wanted, and which not."""
    assert process.stdin is not None
    words = [*(f"{tip}\n" for tip in tips), *(f"^{one}\n" for one in known)]
    try:
        process.stdin.write("".join(words).encode("ascii"))
        process.stdin.close()
    except BrokenPipeError:
        pass
