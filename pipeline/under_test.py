"""A repository under test, read as files alone: none of its configuration has a say (protocol §9)."""

import re
import stat
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.gitenv import GitFailed, run_git
from pipeline.references import DRAFTS, LEDGER, PUBLISH
from sop_site.answers import Refusal
from sop_site.approval.commit import format_of
from sop_site.errors import RepositoryUnusable

_HEX = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_PACKED = re.compile(r"([^#^\s]\S*)\s+(\S.*?)\s*")
_MOST_BYTES = 64 * 1024**2
_TELLING = re.compile(r"extensions|promisor|partialclone", re.IGNORECASE)
"""Names of sections and keys stand in a configuration as they are, whatever else it may hide."""
# git's rules for a short name (gitrevisions), in the order in which they are tried.
_LOOK_UP = ("{}", "refs/{}", "refs/tags/{}", "refs/heads/{}", "refs/remotes/{}", "refs/remotes/{}/HEAD")


@dataclass(frozen=True, slots=True)
class UnderTest:
    """What stands in the files of a repository's git folder."""

    folder: Path
    """The common git folder."""
    object_format: str
    refs: Mapping[str, str]
    """Full ref name → what its file says: an id, or ``ref: …``."""
    config: tuple[str, ...] = ()
    """``key=value`` lines of the repository's own configuration."""

    def tip(self, ref: str) -> str | None:
        """The id that stands under a full ref name."""
        value = self.refs.get(ref, "")
        return value if _HEX.fullmatch(value) else None

    def drafts(self) -> list[str]:
        """The tips of all draft branches."""
        return [tip for name in sorted(self.refs) if name.startswith(DRAFTS) and (tip := self.tip(name))]


def look(repo: Path) -> UnderTest:
    """The repository at ``repo``, with a work tree or bare; ``RepositoryUnusable`` where there is none."""
    folder = _git_folder(repo)
    if (folder / "reftable").is_dir():
        raise RepositoryUnusable("repository-reftable", path=repo)
    refs = {**_packed(folder), **dict(_loose(folder))}
    # Ids tell the format themselves; what the configuration says of it may be damaged, or a lie.
    return UnderTest(folder, format_of(refs.get(PUBLISH, "")), refs, tuple(_config(folder)))


def problems(found: UnderTest) -> Iterator[Refusal]:
    """Why the repository's references or objects may mean something else than they show."""
    for ref in (PUBLISH, LEDGER):
        short = ref.removeprefix("refs/heads/")
        names = {rule.format(name) for name in (short, f"heads/{short}", ref) for rule in _LOOK_UP} - {ref}
        twins = sorted(name for name in names if name in found.refs or (found.folder / name).is_file())
        if twins:
            yield Refusal("REF_AMBIGUOUS", None, f"{twins[0]} could be taken for {ref}")
        if ref in found.refs and found.tip(ref) is None:
            yield Refusal("REF_AMBIGUOUS", None, f"{ref} is no plain reference to a commit")
    if _size(found.folder / "packed-refs") > _MOST_BYTES:
        yield Refusal("REPO_UNSAFE", None, "more packed references than can be looked through")
    if any(name.startswith("refs/replace/") for name in found.refs):
        yield Refusal("REPO_UNSAFE", None, "replace refs")
    for place in ("info/grafts", "shallow", "objects/info/alternates", "objects/info/http-alternates"):
        if _text(found.folder / place).strip():
            yield Refusal("REPO_UNSAFE", None, place)
    if any(found.folder.glob("objects/pack/*.promisor")) or _is_partial(found.config):
        yield Refusal("REPO_UNSAFE", None, "a partial clone")


def _git_folder(repo: Path) -> Path:
    folder = repo / ".git" if (repo / ".git").exists() else repo
    if folder.is_file():
        folder = (repo / _text(folder).removeprefix("gitdir:").strip()).resolve()
    if (folder / "commondir").is_file():
        folder = (folder / _text(folder / "commondir").strip()).resolve()
    if not (folder / "objects").is_dir() or not (folder / "HEAD").is_file():
        raise RepositoryUnusable("repository-missing", path=repo)
    return folder


def _loose(folder: Path) -> Iterator[tuple[str, str]]:
    for path in sorted((folder / "refs").rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            # Git reads a link as a symbolic reference to what it points at.
            yield name, f"ref: {path.readlink()}"
        elif path.is_file() and not path.name.endswith(".lock"):
            yield name, _text(path).strip()


def _packed(folder: Path) -> dict[str, str]:
    # git takes ids in capitals, and a tab after them; a name counts whatever stands before it.
    lines = (_PACKED.fullmatch(line) for line in _text(folder / "packed-refs").split("\n"))
    return {found[2]: found[1] for found in lines if found}


def _config(folder: Path) -> list[str]:
    """``key=value`` lines of the repository's own configuration, read as a file, not obeyed.

    None where it has no word of which we would take notice: asking git takes as long as judging an approval.
    """
    if not _TELLING.search(_text(folder / "config")):
        return []
    words = ["config", "--file", str(folder / "config"), "--no-includes", "--list", "-z"]
    try:
        listed = run_git(words).decode("utf-8", "replace")
    except GitFailed:
        return []
    return [entry.replace("\n", "=", 1).lower() for entry in listed.split("\0") if entry]


def _is_partial(config: Iterable[str]) -> bool:
    names = {line.partition("=")[0] for line in config}
    # git takes a remote with a filter for one that promises objects, with or without the word.
    promising = (".promisor", ".partialclonefilter")
    return any(name == "extensions.partialclone" or name.endswith(promising) for name in names)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _text(path: Path) -> str:
    """A small plain file's text, empty where there is none; anything else there tells nothing either."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return ""
        with path.open("rb") as file:
            return file.read(_MOST_BYTES).decode("utf-8", "replace")
    except OSError:
        return ""
