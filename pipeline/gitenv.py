"""How git is started: an absolute program, an environment from nothing, no configuration but ours."""

import os
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path

from sop_site.errors import AnswerIsNo, MediumFailed, RepositoryUnusable, SopError

_FROM_NOTHING = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_OPTIONAL_LOCKS": "0",
    "LC_ALL": "C.UTF-8",
    "TZ": "UTC",
    "HOME": os.devnull,
}
LOCK_FILE = re.compile(r"Unable to create '([^'\n]+\.lock)': File exists")
"""What git says of a lock that somebody else holds, or held when he was killed."""
PATIENCE = timedelta(seconds=3)
"""How long to wait for another program's lock: longer than any that lives, short enough for a person."""
LOCKS_WAIT = (
    "-c", f"core.filesRefLockTimeout={PATIENCE // timedelta(milliseconds=1)}",
    "-c", f"core.packedRefsTimeout={PATIENCE // timedelta(milliseconds=1)}",
)  # fmt: skip
"""Options that let git wait for another program's lock on a reference."""
BOUNDED: Mapping[str, str] = {"GIT_ALLOC_LIMIT": "384m"}
"""For git among objects that strangers made: no single piece of memory may be larger. Six times the largest
file leaves room for a delta, its base and its result; a pack whose deltas run in a circle ends here too."""
# What no repository may switch on behind our back, given on every command line.
_PINNED = (
    "-c", "core.fsmonitor=false",
    "-c", f"core.hooksPath={os.devnull}",
    "-c", "core.commitGraph=false",
    "-c", "protocol.file.allow=always",
    "-c", "gc.auto=0",
    "-c", "maintenance.auto=false",
    *LOCKS_WAIT,
)  # fmt: skip

# What the operating system says through git (which runs with LC_ALL=C) of a medium that cannot be written.
_MEDIUM = ("No space left on device", "Read-only file system", "Input/output error", "Disk quota exceeded")


class GitFailed(RepositoryUnusable):
    """git ended with an error; ``stderr`` has its words for the log, never for an officer."""

    def __init__(self, arguments: Sequence[str], returncode: int, stderr: str) -> None:
        lines = stderr.strip().splitlines()
        super().__init__(
            "git-failed", action=arguments[0] if arguments else "git", detail=lines[-1] if lines else ""
        )
        self.returncode = returncode
        self.stderr = stderr


class Locked(GitFailed):
    """Something else writes here, or a run that was killed left its lock file ``path`` behind."""

    def __init__(self, arguments: Sequence[str], returncode: int, stderr: str, path: str) -> None:
        super().__init__(arguments, returncode, stderr)
        self.code, self.values = "repository-locked", {"path": os.path.normpath(path)}


def git_program() -> str:
    """Absolute path of git; ``RepositoryUnusable`` where it is not installed."""
    found = shutil.which("git")
    if found is None:
        raise RepositoryUnusable("git-missing")
    return found


def git_command(arguments: Sequence[str]) -> list[str]:
    """The whole command line of a git command, with all that no repository may switch on behind our back."""
    return [git_program(), *_PINNED, *arguments]


def clean_env(**extra: str) -> dict[str, str]:
    """The environment for git: only the search path is taken over, everything else is ours or ``extra``."""
    return {"PATH": os.environ.get("PATH", os.defpath), **_FROM_NOTHING, **extra}


def run_git(
    arguments: Sequence[str],
    *,
    cwd: Path | None = None,
    input: bytes | None = None,  # noqa: A002 - subprocess's own word
    env: Mapping[str, str] | None = None,
) -> bytes:
    """Standard output of one git command; ``GitFailed`` if it did not succeed."""
    done = subprocess.run(
        git_command(arguments),
        cwd=cwd,
        input=input,
        env=dict(env) if env is not None else clean_env(),
        capture_output=True,
        check=False,
    )
    if done.returncode:
        raise failure(arguments, done.returncode, done.stderr.decode("utf-8", "replace"), cwd)
    return done.stdout


def list_git(arguments: Sequence[str], *, cwd: Path, most: int) -> bytes:
    """Like ``run_git`` for listings; ``AnswerIsNo`` as soon as there are more than ``most`` bytes.

    A few small trees that name one another can list more paths than there are atoms.
    """
    with subprocess.Popen(
        git_command(arguments),
        cwd=cwd,
        env=clean_env(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        out = process.stdout.read(most + 1)
        if len(out) > most:
            process.kill()
            raise AnswerIsNo("tree-too-big", commit=arguments[-1][:40])
        stderr = process.stderr.read().decode("utf-8", "replace")
    if process.returncode:
        raise failure(arguments, process.returncode, stderr, cwd)
    return out


def failure(arguments: Sequence[str], returncode: int, stderr: str, where: Path | None) -> SopError:
    """What git's failure means: a full or broken medium is not the repository's fault."""
    for words in _MEDIUM:
        if words in stderr:
            return MediumFailed("medium-failed", path=where or "–", detail=words)
    if found := LOCK_FILE.search(stderr):
        return Locked(arguments, returncode, stderr, found[1])
    return GitFailed(arguments, returncode, stderr)
