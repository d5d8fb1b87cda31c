"""The operator's work tree: whose edits lie in it, and how it follows a branch that moved."""

import contextlib
import os
import re
import stat
from collections.abc import Mapping
from pathlib import Path

from pipeline.gitenv import GitFailed, run_git
from sop_site.errors import AnswerIsNo

_REMEMBERED_TIPS = 50
_OF_A_MERGE = ("MERGE_HEAD", "MERGE_MSG", "MERGE_MODE", "AUTO_MERGE")


def suspects(work_tree: Path) -> dict[str, bytes | None]:
    """Every path that git's index or the work tree shows as changed, with its bytes (``None``: gone)."""
    words = ["status", "--porcelain=v1", "-z", "--untracked-files=all", "--no-renames"]
    out = run_git(words, cwd=work_tree).decode("utf-8", "surrogateescape")
    return {entry[3:]: _plain_file(work_tree / entry[3:]) for entry in out.split("\0") if entry}


def catch_up(work_tree: Path) -> None:
    """Finish what a killed run began: a work tree that still shows an older tip of its own branch."""
    try:
        run_git(["rev-parse", "--verify", "--quiet", "HEAD"], cwd=work_tree)
        if not run_git(["diff", "--cached", "--name-only", "-z", "HEAD"], cwd=work_tree):
            return
        if run_git(["diff-files", "--name-only", "-z"], cwd=work_tree):
            return
        shown = run_git(["write-tree"], cwd=work_tree).decode().strip()
    except GitFailed:
        return
    words = ["log", "-n", str(_REMEMBERED_TIPS), "--no-show-signature", "--format=%H %T", "HEAD"]
    for line in run_git(words, cwd=work_tree).decode().splitlines():
        commit, tree = line.split(" ")
        if tree == shown:
            bring_along(work_tree, commit, "HEAD")
            return


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
