"""Which files of a commit hold a text: one question to git, which need not give out each file for it."""

from functools import lru_cache
from pathlib import Path

from pipeline.gitenv import GitFailed, run_git


def files_with(repo: Path, commit: str, words: str, under: str = "content/") -> tuple[str, ...]:
    """Paths of the files below ``under`` in which ``words`` stand, as they are."""
    return _asked(repo, commit, "-F", words, under)


def files_matching(repo: Path, commit: str, pattern: str, under: str = "content/") -> tuple[str, ...]:
    """Paths of the files below ``under`` in which a line fits an extended regular expression."""
    return _asked(repo, commit, "-E", pattern, under)


@lru_cache(maxsize=32)
def _asked(repo: Path, commit: str, form: str, words: str, under: str) -> tuple[str, ...]:
    # Remembered, because a commit never says anything else; a name that moves would.
    asked = [
        "grep", "-l", "-z", "-a", form, "--no-color", "--full-name", "-e", words, commit, "--", under,
    ]  # fmt: skip
    try:
        out = run_git(asked, cwd=repo).decode("utf-8", "surrogateescape")
    except GitFailed as error:
        if error.returncode == 1:
            return ()
        raise
    return tuple(entry.removeprefix(f"{commit}:") for entry in out.split("\0") if entry)
