"""What a preview shows: the public tree with the draft merged in, and the work tree's edits on top.

Nothing is written into the repository: what a merge makes goes into a folder that is thrown away.
"""

import os
import stat
import subprocess
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from pipeline.gitenv import BOUNDED, GitFailed, clean_env, git_command, run_git
from pipeline.objects import GitObjects
from pipeline.references import PUBLISH, DraftRef
from pipeline.repository import Repository
from sop_site.approval.store import StoreFault
from sop_site.errors import AnswerIsNo

CONTENT = "content/"
_WORK_TREE = "kerja:"
_AT_ONCE = 512
_EDITORS = (".", "~", "#")
Stamp = tuple[int, int, int]
"""Modification time in nanoseconds, size and inode of a file."""


@dataclass(frozen=True, slots=True)
class Sources:
    """Files by repository path, each with a mark that changes when its bytes do."""

    draft: str
    files: Mapping[str, str]
    public: Mapping[str, str]
    edited: frozenset[str]
    """Paths that come from the work tree."""
    live: bool
    """Whether the draft is in the work tree."""
    read: Callable[[str], bytes]
    """Bytes of one of ``files``; ``KeyError`` for any other path."""
    read_all: Callable[[Iterable[str]], Iterator[tuple[str, bytes]]]
    """The same for many, each with its path; far quicker than one by one."""


class Office:
    """The repository as a preview sees it; every question is answered by one thread at a time."""

    def __init__(self, repo: Repository, draft: str, scratch: Path) -> None:
        self.repo, self.draft, self._scratch = repo, draft, scratch
        self._lock = threading.RLock()
        self._form = repo.ask("rev-parse", "--show-object-format").decode().strip()
        self._merged = _with_objects(scratch / "objek", repo.git_folder / "objects")
        self._store = GitObjects(repo.git_folder, self._form, None)
        self._second = GitObjects(repo.git_folder, self._form, self._merged)
        self._trees: dict[str, dict[str, str]] = {}

    def close(self) -> None:
        """End git's reader processes."""
        self._store.close()
        self._second.close()

    def look(self) -> Sources:
        """The present state; ``AnswerIsNo`` where draft and public site cannot be brought together."""
        with self._lock:
            draft, publish = self.repo.draft(self.draft), self.repo.publish()
            live = self.repo.checked_out() == draft.ref
            public = self._blobs(self.repo.tree(publish))
            files = dict(self._blobs(self._tree(draft, publish, live)))
            edited = self._edits(files) if live else frozenset()
            return Sources(draft.id, files, public, edited, live, self._reader(files), self._all(files))

    def _edits(self, files: dict[str, str]) -> frozenset[str]:
        """Lay the work tree's unsaved edits over ``files``; their paths."""
        edited = set()
        for path, data in self.repo.pending().items():
            name = path.rpartition("/")[2]
            if not path.startswith(CONTENT) or name.startswith(_EDITORS) or name.endswith(_EDITORS):
                # What an editor keeps for itself comes and goes while somebody writes.
                continue
            edited.add(path)
            found = stamp(self.repo.path / path)
            if data is None or found is None:
                files.pop(path, None)
            else:
                files[path] = _WORK_TREE + "-".join(map(str, found))
        return frozenset(edited)

    def _tree(self, draft: DraftRef, publish: str, live: bool) -> str:
        if self.repo.is_ancestor(draft.tip, publish):
            return self.repo.tree(publish)
        merging = live and self.repo.tip("MERGE_HEAD") is not None
        if merging or self.repo.base(draft.tip) == publish:
            # Whoever is bringing both together in the work tree wants to see what he makes of it.
            return self.repo.tree(draft.tip)
        self.repo.changed(publish, draft.tip)
        words = ["merge-tree", "--write-tree", "-z", "--name-only", "--no-messages", publish, draft.tip]
        done = subprocess.run(
            git_command(words),
            cwd=self.repo.path,
            env=clean_env(GIT_OBJECT_DIRECTORY=str(self._merged)),
            capture_output=True,
            check=False,
        )
        if done.returncode not in (0, 1):
            raise GitFailed(words, done.returncode, done.stderr.decode("utf-8", "replace"))
        tree, *conflicts = [part for part in done.stdout.decode("utf-8", "replace").split("\0") if part]
        if conflicts:
            raise AnswerIsNo("draft-conflict", draft=draft.id, paths=", ".join(conflicts))
        return tree.strip()

    def _blobs(self, tree: str) -> dict[str, str]:
        if tree not in self._trees:
            out = run_git(
                ["ls-tree", "-r", "-z", "--full-tree", tree],
                cwd=self.repo.path,
                env=clean_env(GIT_OBJECT_DIRECTORY=str(self._merged)),
            )
            entries = (
                entry.split("\t", 1) for entry in out.decode("utf-8", "surrogateescape").split("\0") if entry
            )
            self._trees = dict(list(self._trees.items())[-3:])
            self._trees[tree] = {
                path: facts.split(" ")[2] for facts, path in entries if facts.startswith("100")
            }
        return self._trees[tree]

    def _reader(self, files: Mapping[str, str]) -> Callable[[str], bytes]:
        def read(path: str) -> bytes:
            mark = files[path]
            if mark.startswith(_WORK_TREE):
                return _plain(self.repo.path / path)
            with self._lock:
                try:
                    return (self._store if self._is_stored(mark) else self._second).blob(mark)
                except StoreFault as fault:
                    raise AnswerIsNo("draft-unreadable", draft=self.draft, detail=fault.detail) from fault

        return read

    def _all(self, files: Mapping[str, str]) -> Callable[[Iterable[str]], Iterator[tuple[str, bytes]]]:
        def read(paths: Iterable[str]) -> Iterator[tuple[str, bytes]]:
            waiting = iter(paths)
            while lot := list(islice(waiting, _AT_ONCE)):
                stored = [path for path in lot if not files[path].startswith(_WORK_TREE)]
                yield from zip(stored, self._lot([files[path] for path in stored]), strict=True)
                for path in lot:
                    if files[path].startswith(_WORK_TREE):
                        yield path, _plain(self.repo.path / path)

        return read

    def _lot(self, oids: Sequence[str]) -> Iterator[bytes]:
        """The bytes of many small files, for which git is started once."""
        out = run_git(
            ["cat-file", "--batch"],
            cwd=self.repo.path,
            input="".join(f"{oid}\n" for oid in oids).encode(),
            env=clean_env(**BOUNDED, GIT_OBJECT_DIRECTORY=str(self._merged)),
        )
        place = 0
        for oid in oids:
            line = out[place : out.index(b"\n", place)]
            words = line.split()
            if len(words) != 3 or words[1] != b"blob":
                raise AnswerIsNo("draft-unreadable", draft=self.draft, detail=f"{oid} is missing")
            place += len(line) + 1
            yield out[place : place + int(words[2])]
            place += int(words[2]) + 1

    def _is_stored(self, mark: str) -> bool:
        """Whether a mark names a file in the repository itself."""
        return not mark.startswith(_WORK_TREE) and not (self._merged / mark[:2] / mark[2:]).exists()

    def marks(self) -> Callable[[Iterable[str] | None], object]:
        """A question whose answer changes when anything does that ``look`` looks at; without git.

        Asked of some page folders it looks at those alone, which takes no time in a large site.
        """
        git, work = self.repo.git_folder, self.repo.path
        own = Path(os.fsdecode(self.repo.ask("rev-parse", "--absolute-git-dir").strip()))
        ref = self.repo.draft(self.draft).ref
        watched = (own / "HEAD", own / "MERGE_HEAD", git / "packed-refs", git / PUBLISH, git / ref)
        bare = self.repo.bare

        def ask(folders: Iterable[str] | None) -> object:
            refs = tuple(stamp(path) for path in watched)
            try:
                live = (own / "HEAD").read_text("utf-8", "replace").strip() == f"ref: {ref}"
            except OSError:
                live = False
            if not live or bare:
                return refs
            if folders is None:
                return refs, frozenset(_scan(work / "content", 3))
            return refs, frozenset(one for folder in folders for one in _scan(work / folder, 0))

        return ask


def stamp(path: Path) -> Stamp | None:
    """When a plain file was last written and how long it is; ``None`` where there is none."""
    try:
        found = path.lstat()
    except OSError:
        return None
    return (found.st_mtime_ns, found.st_size, found.st_ino) if stat.S_ISREG(found.st_mode) else None


def _scan(folder: Path, depth: int) -> list[tuple[str, int, int, int]]:
    found: list[tuple[str, int, int, int]] = []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    found += _scan(Path(entry.path), depth - 1) if depth else []
                else:
                    facts = entry.stat(follow_symlinks=False)
                    found.append((entry.path, facts.st_mtime_ns, facts.st_size, facts.st_ino))
    except OSError:
        # It went away under our eyes; the next look will see.
        pass
    return found


def _plain(path: Path) -> bytes:
    """A file of the work tree, never what a link leads to."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        raise KeyError(str(path)) from error
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise KeyError(str(path))
        return file.read()


def _with_objects(folder: Path, others: Path) -> Path:
    """A folder for git objects that also knows those of ``others``."""
    (folder / "info").mkdir(parents=True)
    (folder / "info" / "alternates").write_bytes(os.fsencode(others.resolve()) + b"\n")
    return folder
