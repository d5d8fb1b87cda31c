"""The operator's clone: drafts, what they change, the work tree, and the office's shared copy (GitPython).

Never used for a verdict: the verifier reads a bare fetch of its own. Everything here is read from refs and
objects; the work tree is only looked at where a person's unsaved edits are the question.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline import plumbing, worktree
from pipeline.gitenv import GitFailed, failure, git_command, git_program, list_git, run_git
from pipeline.plumbing import Identity, RefMove
from pipeline.references import (
    COMMIT_FIELDS,
    DRAFTS,
    PUBLISH,
    CommitFacts,
    DraftRef,
    Merged,
    commit_facts,
)  # fmt: skip
from sop_site import settings as office_settings
from sop_site.errors import AnswerIsNo, RepositoryUnusable, SettingsUnreadable

if TYPE_CHECKING:
    import git

# A hook or an outer git command leaves these behind; they would point our git at another repository.
_OUTER = (
    "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_NAMESPACE", "GIT_PREFIX", "GIT_CEILING_DIRECTORIES",
    "GIT_GRAFT_FILE", "GIT_SHALLOW_FILE", "GIT_REPLACE_REF_BASE", "GIT_EXTERNAL_DIFF",
)  # fmt: skip

_GLANCE_BYTES = 4 * 1024**2
_LISTING_BYTES = 64 * 1024**2
"""More than 200,000 paths (approval protocol §5) need; a draft that lists more could never be approved."""


class Repository:
    """One clone; close it (or use ``with``) so that git's reader processes end."""

    def __init__(self, path: Path) -> None:
        git_program()  # says so itself where git is missing
        for name in _OUTER:
            os.environ.pop(name, None)
        os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")
        # Imported here: GitPython starts git when it is loaded, and most commands never come this far.
        import git as gitpython

        self._errors: Any = gitpython.exc
        try:
            self._repo: git.Repo = gitpython.Repo(path)
        except (gitpython.exc.InvalidGitRepositoryError, gitpython.exc.NoSuchPathError, ValueError) as error:
            raise RepositoryUnusable("repository-missing", path=path) from error
        self.path = path
        self._listable: set[str] = set()
        self._ground: str | None = None
        self.bare = bool(self._repo.bare)
        self.git_folder = Path(self._repo.common_dir)
        """Where references lie, also those of linked work trees."""
        self._work_folder = Path(self._repo.git_dir)
        self._repo.git.update_environment(GIT_NO_REPLACE_OBJECTS="1", GIT_TERMINAL_PROMPT="0")

    def __enter__(self) -> Repository:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End git's reader processes."""
        self._repo.close()

    def ask(self, *arguments: str) -> bytes:
        """Standard output of a git command that only reads; ``GitFailed`` if it did not succeed."""
        command = git_command(arguments)
        try:
            out = self._repo.git.execute(command, stdout_as_string=False, strip_newline_in_stdout=False)
        except self._errors.GitCommandError as error:
            raise failure(arguments, int(error.status or 1), str(error.stderr), self.path) from error
        assert isinstance(out, bytes)
        return out

    def tip(self, ref: str) -> str | None:
        """The commit that a full ref name (or an id) stands for, ``None`` if there is none."""
        words = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}")
        try:
            return self.ask(*words).decode().strip()
        except GitFailed:
            return None

    def stand_on(self, commit: str) -> None:
        """Take ``commit`` for what is public: the last good approval, where what came after is refused."""
        self._ground = commit

    def publish(self) -> str:
        """What is public: the tip of the publish branch; ``RepositoryUnusable`` where it is missing."""
        tip = self._ground or self.tip(PUBLISH)
        if tip is None:
            raise RepositoryUnusable("publish-missing", path=self.path)
        return tip

    def settings(self) -> office_settings.Settings:
        """The office's settings as they are public (``site.toml`` at ``publish``), never a draft's."""
        data = self.find(self.publish(), "site.toml")
        if data is None:
            raise SettingsUnreadable("settings-missing")
        return office_settings.parse(data)

    def drafts(self) -> list[DraftRef]:
        """Every draft branch, by id."""
        out = self.ask("for-each-ref", "--format=%(objecttype) %(objectname) %(refname)", DRAFTS)
        lines = out.decode("utf-8", "surrogateescape").split("\n")
        rows = (line.split(" ", 2) for line in lines if line.startswith("commit "))
        return [DraftRef(ref.removeprefix(DRAFTS), ref, tip) for _, tip, ref in rows]

    def draft(self, name: str) -> DraftRef:
        """A draft by id, with or without ``draft/``; ``AnswerIsNo`` where there is none."""
        short = name.removeprefix("refs/heads/").removeprefix("draft/")
        tip = self.tip(DRAFTS + short) if short else None
        if tip is None:
            raise AnswerIsNo("draft-missing", draft=name)
        return DraftRef(short, DRAFTS + short, tip)

    def find(self, rev: str, path: str) -> bytes | None:
        """Bytes of a file at a commit, ``None`` if it is not there (or is a folder)."""
        if not path.isprintable():
            # A name with a line feed or in no UTF-8; drafts are written by anybody.
            return self._find_alone(rev, path)
        try:
            _, kind, _, data = self._repo.git.get_object_data(f"{rev}:{path}")
        except ValueError:
            # Not there; or GitPython's reader, which does not know the ids of a SHA-256 repository.
            return self._find_alone(rev, path) if self._has_long_ids else None
        return bytes(data) if kind in (b"blob", "blob") else None

    def find_page(self, rev: str, path: str) -> bytes | None:
        """As ``find``, for what only glances at pages: ``None`` also for one that is too large to be one."""
        if path.isprintable() and not self._has_long_ids:
            try:
                _, _, size = self._repo.git.get_object_header(f"{rev}:{path}")
            except ValueError:
                return None
            if size > _GLANCE_BYTES:
                return None
        return self.find(rev, path)

    @cached_property
    def _has_long_ids(self) -> bool:
        return self.ask("rev-parse", "--show-object-format").strip() == b"sha256"

    def _find_alone(self, rev: str, path: str) -> bytes | None:
        try:
            return self.ask("cat-file", "blob", f"{rev}:{path}")
        except GitFailed:
            return None

    def read(self, rev: str, path: str) -> bytes:
        """Bytes of a file at a commit; ``KeyError`` if it is not there."""
        data = self.find(rev, path)
        if data is None:
            raise KeyError(path)
        return data

    def blobs(self, rev: str, under: str = "") -> dict[str, str]:
        """Blob id of every file at a commit, below ``under`` if given."""
        words = ["ls-tree", "-r", "-z", "--full-tree", rev, "--", *([under] if under else [])]
        out = list_git(words, cwd=self.path, most=_LISTING_BYTES)
        text = out.decode("utf-8", "surrogateescape")
        entries = (entry.split("\t", 1) for entry in text.split("\0") if entry)
        found = ((path, *facts.split(" ")) for facts, path in entries)
        return {path: oid for path, _, kind, oid in found if kind == "blob"}

    def contents(self, blobs: Mapping[str, str]) -> Iterator[bytes]:
        """Bytes of files by their blobs' ids, in their order; all in one question."""
        asked = "".join(f"{oid}\n" for oid in blobs.values()).encode()
        rest = memoryview(run_git(["cat-file", "--batch=%(objectsize)"], cwd=self.path, input=asked))
        while rest:
            size = bytes(rest[:20]).partition(b"\n")[0]
            start = len(size) + 1
            yield bytes(rest[start : start + int(size)])
            rest = rest[start + int(size) + 1 :]

    def files(self, rev: str, under: str = "") -> list[str]:
        """Paths of all files at a commit, below ``under`` if given, in git's order."""
        return list(self.blobs(rev, under))

    def tree(self, rev: str) -> str:
        """Id of a commit's tree."""
        return self.ask("rev-parse", "--verify", f"{rev}^{{tree}}").decode().strip()

    def trees(self, commits: Sequence[str]) -> dict[str, str]:
        """Tree of each commit that is here; all in one question."""
        asked = "".join(f"{commit}^{{tree}}\n" for commit in commits).encode()
        words = ["cat-file", "--batch-check=%(objectname) %(objecttype)"]
        answers = run_git(words, cwd=self.path, input=asked).decode("utf-8", "replace").split("\n")
        found = zip(commits, (answer.split(" ") for answer in answers), strict=False)
        return {commit: answer[0] for commit, answer in found if answer[1:] == ["tree"]}

    def changed_in(self, pairs: Sequence[tuple[str, str]]) -> dict[tuple[str, str], tuple[str, ...]]:
        """As ``changed``, for many ``(base, tip)`` at once, whose trees are known to be bounded."""
        asked = "".join(f"{tip} {base}\n" for base, tip in pairs).encode()
        words = ["diff-tree", "--stdin", "--always", "-r", "-z", "--name-only", "--no-renames"]
        parts = iter(
            run_git(words, cwd=self.path, input=asked).decode("utf-8", "surrogateescape").split("\0")
        )
        found: dict[tuple[str, str], tuple[str, ...]] = {}
        waiting = [*(tip for _, tip in pairs[1:]), ""]
        next(parts, None)
        for pair, following in zip(pairs, waiting, strict=True):
            paths = iter(lambda: next(parts, ""), following)
            found[pair] = tuple(path for path in paths if path)
        return found

    def changed(self, base: str, tip: str) -> list[str]:
        """Paths that differ between two commits (or trees), removed ones included."""
        self._refuse_endless(base, tip)
        out = self.ask("diff-tree", "-r", "-z", "--name-only", "--no-renames", base, tip)
        return [path for path in out.decode("utf-8", "surrogateescape").split("\0") if path]

    def renamed(self, base: str, tip: str) -> dict[str, str]:
        """New path → old path of files that only went elsewhere, more or less as they were."""
        self._refuse_endless(base, tip)
        words = ["diff-tree", "-r", "-z", "--name-status", "--find-renames", "--diff-filter=R", base, tip]
        parts = self.ask(*words).decode("utf-8", "surrogateescape").split("\0")
        return {new: old for old, new in zip(parts[1::3], parts[2::3], strict=False)}

    def _refuse_endless(self, *revs: str) -> None:
        """``AnswerIsNo`` for trees that git would compare for ever: it tells nothing before it knows all."""
        for rev in revs:
            if rev not in self._listable:
                words = ["ls-tree", "-r", "-z", "--name-only", "--full-tree", rev]
                list_git(words, cwd=self.path, most=_LISTING_BYTES)
                self._listable.add(rev)

    def commits(self, tip: str, *without: str, first_parent: bool = False) -> list[CommitFacts]:
        """Commits reachable from ``tip`` and from none of ``without``, newest first."""
        options = ["--first-parent"] if first_parent else []
        return self._log(*options, tip, *(f"^{commit}" for commit in without))

    def chain(self, tip: str) -> list[CommitFacts]:
        """First parents from ``tip`` on, newest first, without their messages."""
        return self._log("--first-parent", tip, fields=COMMIT_FIELDS.removesuffix("%B"))

    def all_commits(self, *which: str) -> list[CommitFacts]:
        """Commits of every draft, and those that ``which`` adds or hides; each before its parents."""
        return self._log(f"--glob={DRAFTS}*", *which)

    def _log(self, *which: str, fields: str = COMMIT_FIELDS) -> list[CommitFacts]:
        out = self.ask(
            "log", "-z", "--topo-order", "--no-show-signature", "--encoding=UTF-8", "--no-color",
            f"--format={fields}", *which, "--",
        )  # fmt: skip
        return [commit_facts(text) for text in out.decode("utf-8", "replace").split("\0") if text]

    def is_ancestor(self, older: str, newer: str) -> bool:
        """Whether ``newer`` contains ``older`` (a commit contains itself)."""
        try:
            self.ask("merge-base", "--is-ancestor", older, newer)
        except GitFailed as error:
            if error.returncode == 1:
                return False
            raise
        return True

    def base(self, tip: str) -> str:
        """Where a draft left the publish branch; for a foreign history, the publish tip itself."""
        publish = self.publish()
        try:
            return self.ask("merge-base", publish, tip).decode().split("\n")[0]
        except GitFailed:
            return publish

    def merge(self, ours: str, theirs: str) -> Merged:
        """The tree of a three-way merge, nothing written but objects."""
        self._refuse_endless(ours, theirs)
        words = ["merge-tree", "--write-tree", "-z", "--name-only", "--no-messages", ours, theirs]
        status, out, err = self._repo.git.execute(
            git_command(words), with_extended_output=True, with_exceptions=False, stdout_as_string=False
        )
        if status not in (0, 1):
            raise GitFailed(words, int(status), str(err))
        tree, *conflicts = [part for part in bytes(out).decode("utf-8", "replace").split("\0") if part]
        return Merged(tree.strip(), tuple(conflicts))

    def parents(self, commit: str) -> tuple[str, ...]:
        """Parents of a commit."""
        return tuple(self.ask("rev-parse", f"{commit}^@").decode().split())

    def identity(self) -> Identity | None:
        """Who git says is working here; ``None`` where nobody was named."""
        try:
            out = self.ask("-c", "user.useConfigOnly=true", "var", "GIT_AUTHOR_IDENT")
        except GitFailed:
            return None
        line = out.decode("utf-8", "replace")
        name, _, rest = line.partition(" <")
        return Identity(name, rest.partition(">")[0])

    def checked_out(self) -> str | None:
        """Full name of the branch in the work tree, ``None`` for a bare or detached one."""
        if self.bare:
            return None
        try:
            return self.ask("symbolic-ref", "--quiet", "HEAD").decode().strip()
        except GitFailed:
            return None

    def pending(self) -> dict[str, bytes | None]:
        """What the work tree holds that its branch does not: path to bytes, ``None`` for a removed file."""
        if self.bare:
            return {}
        shown = worktree.still_shown(self.path, self._work_folder)
        if shown is not None and worktree.catch_up(self.path, shown):
            worktree.has_followed(self._work_folder)
            shown = None
        here = worktree.suspects(self.path)
        # A run that was killed leaves files and an index that lag behind; only bytes that neither the branch
        # nor its earlier tip holds are somebody's edits.
        return {
            path: data
            for path, data in here.items()
            if data != self.find("HEAD", path) and (shown is None or data != self.find(shown, path))
        }

    def with_pending(self, draft: DraftRef, message: str, author: Identity, at: datetime) -> DraftRef:
        """The draft as it would be with the edits under ``content/`` of the work tree; nothing moves yet.

        A merge that a person began there (``git merge publish``) is finished with all that it brings.
        """
        if self.checked_out() != draft.ref:
            return draft
        parent = self._start(draft.tip)
        merged = [tip for tip in worktree.merging(self._work_folder) if not self.is_ancestor(tip, parent)]
        edits = {path: data for path, data in self.pending().items() if merged or path.startswith("content/")}
        if not edits and not merged:
            return draft
        if unfinished := worktree.with_conflict_marks(edits):
            raise AnswerIsNo("merge-unfinished", path=unfinished[0])
        tree = plumbing.write_tree(self.path, parent, edits)
        tip = plumbing.write_commit(self.path, tree, [parent, *merged], message, author, at)
        return DraftRef(draft.id, draft.ref, tip)

    def keep(self, before: DraftRef, after: DraftRef, message: str) -> None:
        """Let the draft become what ``with_pending`` made of it."""
        if before.tip != after.tip:
            behind = worktree.still_shown(self.path, self._work_folder)
            plumbing.move_refs(self.path, [RefMove(after.ref, after.tip, before.tip)], message)
            run_git(["read-tree", after.tip], cwd=self.path)
            if behind is not None:
                worktree.overtake(self.path, behind)
                worktree.has_followed(self._work_folder)
            worktree.forget_merge(self._work_folder)

    def save_pending(self, draft: DraftRef, message: str, author: Identity, at: datetime) -> DraftRef:
        """Commit the edits under ``content/`` if this draft is in the work tree; others stay untouched."""
        after = self.with_pending(draft, message, author, at)
        self.keep(draft, after, message)
        return after

    def commit_files(
        self, draft: str, changes: Mapping[str, bytes | None], message: str, *, author: Identity,
        at: datetime, planned_on: str | None = None,
    ) -> str:  # fmt: skip
        """Put or remove files on a draft (made at ``publish`` if new) and return its new tip.

        Changes that took a while to plan say on which tip: ``AnswerIsNo`` where somebody has saved something
        since, which they would undo. No changes make an empty commit. Where the draft is in the work tree,
        unsaved edits to the same files are refused with ``AnswerIsNo`` and the work tree is brought along.
        """
        ref = DRAFTS + draft.removeprefix(DRAFTS).removeprefix("draft/")
        old, publish = self.tip(ref), self.publish()
        if planned_on is not None and old != planned_on:
            raise AnswerIsNo("someone-was-faster", ref=ref)
        start = publish if old is None or self.is_ancestor(old, publish) else old
        shown = self.checked_out() == ref
        if shown:
            clash = sorted(set(self.pending()) & set(changes))
            if clash:
                raise AnswerIsNo("work-tree-edited", path=clash[0])
        tree = plumbing.write_tree(self.path, start, changes) if changes else self.tree(start)
        tip = plumbing.write_commit(self.path, tree, [start], message, author, at)
        self.move([RefMove(ref, tip, old)], message.partition("\n")[0])
        return tip

    def _start(self, tip: str) -> str:
        """Where work on a draft goes on: from publish where that shows exactly this draft, approved."""
        publish = self.publish()
        done = self.is_ancestor(tip, publish) and self.tree(tip) == self.tree(publish)
        return publish if done else tip

    def move(self, moves: Sequence[RefMove], note: str) -> None:
        """Move refs in one transaction, then bring the work tree along where no edits are in the way."""
        shown = self.checked_out()
        along = [move for move in moves if move.ref == shown and move.old and move.old != move.new]
        for move in along:
            worktree.begin_to_follow(self._work_folder, str(move.old))
        plumbing.move_refs(self.path, moves, note)
        for move in along:
            if worktree.bring_along(self.path, str(move.old), move.new):
                worktree.has_followed(self._work_folder)

    def switch(self, ref: str) -> None:
        """Show another branch in the work tree; ``AnswerIsNo`` if unsaved edits would be in the way."""
        if self.bare or self.checked_out() == ref:
            return
        try:
            run_git(["checkout", "-q", ref.removeprefix("refs/heads/"), "--"], cwd=self.path)
        except GitFailed as error:
            raise AnswerIsNo("work-tree-edited", path=next(iter(self.pending()), "–")) from error
