"""Takes objects out of a repository under test into one of our own, without a word of its configuration (§9).

git's own fetch would start a program in the repository it fetches from, and obey what is set there. So the
objects folder alone is read: ``pack-objects`` runs in our repository and ``index-pack`` hashes and checks
every object on its way in.
"""

import os
import re
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

from pipeline.gitenv import clean_env, failure, git_command

_PLAIN = ("-c", "core.multiPackIndex=false", "-c", "pack.useBitmaps=false", "-c", "pack.allowPackReuse=false")


_LOOSE = re.compile(r"[0-9a-f]{2}")


class OddFile(Exception):
    """Something other than files and folders lies among the objects; git would wait for it for ever."""


def look_through(objects: Path) -> None:
    """``OddFile`` where there is a pipe, a device or the like in the place of an object or a pack."""
    for _, entries in _shown(objects):
        for entry in entries:
            if not entry.is_file():
                raise OddFile(entry.path)


def show(objects: Path, place: Path) -> Path:
    """A folder at ``place`` that links to the loose objects and packs of ``objects`` and to nothing else.

    What lies beside them (alternates, commit graphs, bitmaps, marks of promises) cannot have a say in it.
    """
    (place / "pack").mkdir(parents=True)
    for folder, entries in _shown(objects):
        if folder.name != "pack":
            (place / folder.name).symlink_to(folder.resolve())
            continue
        for entry in entries:
            (place / "pack" / entry.name).symlink_to(Path(entry.path).resolve())
    return place


def _shown(objects: Path) -> Iterator[tuple[Path, list[os.DirEntry[str]]]]:
    """Folders of loose objects with all that is in them, and the packs."""
    with os.scandir(objects) as folders:
        found = [Path(folder.path) for folder in folders if folder.is_dir()]
    for folder in found:
        if _LOOSE.fullmatch(folder.name) or folder.name == "pack":
            with os.scandir(folder) as entries:
                packs = (".pack", ".idx") if folder.name == "pack" else ""
                yield folder, [entry for entry in entries if entry.name.endswith(packs)]


def take(bare: Path, objects: Path, tips: Sequence[str], known: Sequence[str] = ()) -> None:
    """Bring to ``bare`` all that ``tips`` need and ``known`` (which it has) do not bring.

    ``GitFailed`` where something is missing or damaged, or not to the taste of git's ``fsck``.
    """
    wanted = "\n".join([*tips, *(f"^{commit}" for commit in known), ""]).encode("ascii")
    packing = [*_PLAIN, "pack-objects", "--revs", "--stdout", "--delta-base-offset", "--window=0"]
    # What was packed is handed on as it is; for the rest, processor time is dearer than room.
    packing += ["--compression=1", "-q"]
    indexing = ["index-pack", "--stdin", "--fsck-objects"]
    with subprocess.Popen(
        git_command(packing),
        cwd=bare,
        env=clean_env(GIT_OBJECT_DIRECTORY=str(objects)),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as packer:
        assert packer.stdin is not None
        indexer = subprocess.Popen(
            git_command(indexing),
            cwd=bare,
            env=clean_env(),
            stdin=packer.stdout,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        try:
            packer.stdin.write(wanted)
            packer.stdin.close()
        except BrokenPipeError:
            pass
        _, said = indexer.communicate()
    if packer.returncode:
        raise failure(packing, packer.returncode, "", bare)
    if indexer.returncode:
        raise failure(indexing, indexer.returncode, said.decode("utf-8", "replace"), bare)
