"""The operator's work tree: whose edits lie in it, and how it follows a branch that moved."""

import contextlib
import os
import re
import stat
from collections.abc import Mapping
from pathlib import Path

from pipeline.files import write_atomic
from pipeline.gitenv import GitFailed, clean_env, run_git
from sop_site.errors import AnswerIsNo

_NOTE = "sop-work-tree"
_OF_A_MERGE = ("MERGE_HEAD", "MERGE_MSG", "MERGE_MODE", "AUTO_MERGE")


def suspects(work_tree: Path) -> dict[str, bytes | None]:
    """Every path that git's index or the work tree shows as changed, with its bytes (``None``: gone)."""
    words = ["status", "--porcelain=v1", "-z", "--untracked-files=all", "--no-renames"]
    out = run_git(words, cwd=work_tree).decode("utf-8", "surrogateescape")
    return {entry[3:]: _plain_file(work_tree / entry[3:]) for entry in out.split("\0") if entry}


def begin_to_follow(git_folder: Path, old: str) -> None:
    """Note that the files show ``old`` while their branch moves on.

    The note goes when they have followed; a run that is killed leaves it. Without it nobody could tell
    files that lag behind from a person who went back to an earlier text.
    """
    if not (git_folder / _NOTE).exists():
        write_atomic(git_folder / _NOTE, old.encode())


def has_followed(git_folder: Path) -> None:
    """The files show what their branch holds."""
    (git_folder / _NOTE).unlink(missing_ok=True)


def still_shown(work_tree: Path, git_folder: Path) -> str | None:
    """The earlier tip that the files have shown since a run was killed (or edits were in the way), if any."""
    try:
        old = (git_folder / _NOTE).read_text(encoding="ascii")
        shown = run_git(["write-tree"], cwd=work_tree).decode().strip()
        trees = run_git(["rev-parse", f"{old}^{{tree}}", "HEAD^{tree}"], cwd=work_tree).decode().split()
    except (FileNotFoundError, GitFailed):
        return None
    if shown == trees[0] != trees[1]:
        return old
    has_followed(git_folder)
    return None


def catch_up(work_tree: Path, old: str) -> bool:
    """Finish what a killed run began: bring the files of ``old`` to what their branch holds now.

    Some may have arrived already. Nothing is done where a file holds neither: it is somebody's edit.
    """
    arrived = []
    for path in _differing(work_tree, old):
        here = _plain_file(work_tree / path)
        if here == _at(work_tree, "HEAD", path):
            arrived.append(path)
        elif here != _at(work_tree, old, path):
            return False
    # Git would take for an edit what lies in the work tree as it shall be, and not yet in the index.
    words = ["reset", "-q", "HEAD", "--pathspec-from-file=-", "--pathspec-file-nul"]
    names = "\0".join(arrived).encode("utf-8", "surrogateescape")
    try:
        if arrived:
            run_git(words, cwd=work_tree, env=clean_env(GIT_LITERAL_PATHSPECS="1"), input=names)
    except GitFailed:
        return False
    return bring_along(work_tree, old, "HEAD")


def overtake(work_tree: Path, old: str) -> None:
    """Bring what nobody edited from ``old`` to what the branch holds now; git's index shows that already."""
    for path in _differing(work_tree, old):
        here, now = _plain_file(work_tree / path), _at(work_tree, "HEAD", path)
        if here != now and here == _at(work_tree, old, path):
            if now is None:
                (work_tree / path).unlink()
            else:
                run_git(["checkout-index", "-f", "--", path], cwd=work_tree)


def _differing(work_tree: Path, old: str) -> list[str]:
    listed = run_git(["diff-tree", "-r", "-z", "--name-only", "--no-renames", old, "HEAD"], cwd=work_tree)
    return [path for path in listed.decode("utf-8", "surrogateescape").split("\0") if path]


def _at(work_tree: Path, rev: str, path: str) -> bytes | None:
    try:
        return run_git(["cat-file", "blob", f"{rev}:{path}"], cwd=work_tree)
    except GitFailed:
        return None


def bring_along(work_tree: Path, old: str, new: str) -> bool:
    """Turn the files of ``old`` into those of ``new``; False (and nothing done) if edits are in the way."""
    # An index that was just written knows no file times, and what it does not know counts as edited. That
    # some files do differ is no reason to stop: whether they are in the way is for git to say.
    with contextlib.suppress(GitFailed):
        run_git(["update-index", "-q", "--refresh"], cwd=work_tree)
    try:
        run_git(["read-tree", "-m", "-u", old, new], cwd=work_tree)
    except GitFailed:
        return False
    return True


def merging(git_folder: Path) -> list[str]:
    """What a person is merging into the branch in the work tree: ``git merge`` met a conflict, or waits."""
    try:
        return (git_folder / "MERGE_HEAD").read_text(encoding="ascii").split()
    except FileNotFoundError:
        return []


def forget_merge(git_folder: Path) -> None:
    """The merge that was under way is committed."""
    for name in _OF_A_MERGE:
        (git_folder / name).unlink(missing_ok=True)


def with_conflict_marks(files: Mapping[str, bytes | None]) -> list[str]:
    """Paths of files in which git left both sides of a conflict."""
    return [
        path
        for path, data in files.items()
        if data is not None and re.search(rb"^<<<<<<< ", data, re.M) and re.search(rb"^>>>>>>> ", data, re.M)
    ]


def _plain_file(path: Path) -> bytes | None:
    try:
        mode = os.lstat(path).st_mode
    except (FileNotFoundError, NotADirectoryError):
        return None
    if not stat.S_ISREG(mode):
        raise AnswerIsNo("not-a-plain-file", path=path.name)
    return path.read_bytes()
