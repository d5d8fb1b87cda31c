"""Writes git objects and moves refs by plumbing: no hook, filter or configuration has a word in it."""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pipeline.gitenv import GitFailed, Locked, clean_env, run_git
from sop_site.errors import AnswerIsNo

PLAIN_FILE = "100644"


@dataclass(frozen=True, slots=True)
class Identity:
    """A name and an e-mail address as they stand in a commit."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class RefMove:
    """A ref that goes from ``old`` (``None``: it must not exist) to ``new``; equal values only verify it."""

    ref: str
    new: str
    old: str | None


def zero_id(repo: Path) -> str:
    """The id of nothing, as long as the repository's object ids are."""
    form = run_git(["rev-parse", "--show-object-format"], cwd=repo).strip()
    return "0" * (64 if form == b"sha256" else 40)


def write_blob(repo: Path, data: bytes) -> str:
    """Store ``data`` as a blob and return its id."""
    return run_git(["hash-object", "-w", "--no-filters", "--stdin"], cwd=repo, input=data).decode().strip()


def write_tree(repo: Path, base: str | None, changes: Mapping[str, bytes | None]) -> str:
    """The tree of ``base`` (``None`` is empty) with files put (bytes) or removed (``None``)."""
    nothing = zero_id(repo)
    lines = []
    for path, data in changes.items():
        entry = f"0 {nothing}" if data is None else f"{PLAIN_FILE} {write_blob(repo, data)} 0"
        lines.append(f"{entry}\t{path}\0")
    with tempfile.TemporaryDirectory(prefix="sop-index-") as folder:
        env = clean_env(GIT_INDEX_FILE=str(Path(folder) / "index"))
        run_git(["read-tree", base or "--empty"], cwd=repo, env=env)
        run_git(["update-index", "-z", "--index-info"], cwd=repo, env=env, input=_bytes("".join(lines)))
        return run_git(["write-tree"], cwd=repo, env=env).decode().strip()


def _bytes(paths: str) -> bytes:
    """File names as they lie on the disk, whatever their bytes are."""
    return paths.encode("utf-8", "surrogateescape")


def write_commit(
    repo: Path, tree: str, parents: Sequence[str], message: str, author: Identity, at: datetime
) -> str:
    """Store an unsigned commit (a draft's); ``at`` is aware and counts in whole seconds."""
    moment = f"{int(at.timestamp())} {at.strftime('%z')[:5]}"
    env = clean_env(
        GIT_AUTHOR_NAME=author.name, GIT_AUTHOR_EMAIL=author.email, GIT_AUTHOR_DATE=moment,
        GIT_COMMITTER_NAME=author.name, GIT_COMMITTER_EMAIL=author.email, GIT_COMMITTER_DATE=moment,
    )  # fmt: skip
    arguments = ["-c", "i18n.commitEncoding=utf-8", "commit-tree", tree]
    for parent in parents:
        arguments += ["-p", parent]
    return run_git(arguments, cwd=repo, env=env, input=message.encode()).decode().strip()


def write_raw_commit(repo: Path, raw: bytes) -> str:
    """Store a commit object whose bytes were made elsewhere (the signed ones) and return its id."""
    return run_git(["hash-object", "-t", "commit", "-w", "--stdin"], cwd=repo, input=raw).decode().strip()


def move_refs(repo: Path, moves: Sequence[RefMove], note: str) -> None:
    """Move all refs or none; ``AnswerIsNo`` if one of them is no longer where it was."""
    nothing = zero_id(repo)
    orders = ["start"]
    # Always in one order: two runs that each held a lock the other waits for would both be refused.
    for move in sorted(moves, key=lambda move: move.ref):
        if move.new == move.old:
            orders.append(f"verify {move.ref} {move.old}")
        else:
            orders.append(f"update {move.ref} {move.new} {move.old or nothing}")
    orders += ["prepare", "commit", ""]
    try:
        run_git(["update-ref", "-m", note, "--stdin"], cwd=repo, input="\n".join(orders).encode())
    except Locked:
        raise
    except GitFailed as error:
        raise AnswerIsNo("someone-was-faster", ref=moves[0].ref) from error


def drop_ref(repo: Path, ref: str, old: str) -> None:
    """Remove a ref that is still where it was."""
    run_git(["update-ref", "-d", ref, old], cwd=repo)
