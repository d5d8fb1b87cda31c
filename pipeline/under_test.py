"""A repository under test, read as files alone: none of its configuration has a say (protocol §9)."""

import errno
import os
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
_MOST_OF_A_REF = 4096
"""Bytes that are read of a reference or of a file that points to another folder."""
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
    # Loose before packed, as git does: a reference that is packed between the two is then seen twice, not
    # in neither place, or in its packed state of yesterday.
    loose = dict(_loose(folder))
    refs = {**_packed(folder), **loose}
    # Ids tell the format themselves; what the configuration says of it may be damaged, or a lie.
    return UnderTest(folder, format_of(refs.get(PUBLISH, "")), refs, tuple(_config(folder)))


def pack_names(objects: Path) -> frozenset[str]:
    """The packs that lie there now; others after a while mean that somebody repacked meanwhile."""
    return frozenset(entry.name for entry in _listed(objects / "pack") if entry.name.endswith(".idx"))


def obstacle(objects: Path) -> str | None:
    """Something among the objects that is neither file nor folder, at which git would wait for ever."""
    for entry in _listed(objects):
        if not entry.is_dir():
            if _is_obstacle(entry):
                return entry.name
            continue
        found = next((below.name for below in _listed(Path(entry.path)) if _is_obstacle(below)), None)
        if found is not None:
            return f"{entry.name}/{found}"
    return None


def _listed(folder: Path) -> list[os.DirEntry[str]]:
    """What lies in a folder; nothing where it may not be read: git says what that means."""
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except OSError:
        return []


def _is_obstacle(entry: os.DirEntry[str]) -> bool:
    if entry.is_file() or entry.is_dir():
        return False
    try:
        # What went away since the folder was listed, or leads nowhere, stops nobody.
        mode = entry.stat().st_mode
    except OSError:
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


def problems(found: UnderTest) -> Iterator[Refusal]:
    """Why the repository's references or objects may mean something else than they show."""
    for ref in (PUBLISH, LEDGER):
        short = ref.removeprefix("refs/heads/")
        names = {rule.format(name) for name in (short, f"heads/{short}", ref) for rule in _LOOK_UP} - {ref}
        twins = sorted(name for name in names if name in found.refs or _stands(found.folder / name))
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
    try:
        folder = _followed(repo)
        if (folder / "objects").is_dir() and (folder / "HEAD").is_file():
            return folder
    except (ValueError, RuntimeError):
        # A NUL in a path, or links that lead in a circle.
        pass
    except OSError as error:
        if error.errno not in (errno.ENAMETOOLONG, errno.ELOOP):
            raise
    raise RepositoryUnusable("repository-missing", path=repo)


def _followed(repo: Path) -> Path:
    folder = repo / ".git" if (repo / ".git").exists() else repo
    if folder.is_file():
        folder = (repo / _text(folder, _MOST_OF_A_REF).removeprefix("gitdir:").strip()).resolve()
    if (folder / "commondir").is_file():
        folder = (folder / _text(folder / "commondir", _MOST_OF_A_REF).strip()).resolve()
    return folder


def _stands(path: Path) -> bool:
    """Whether git could read a reference there; a link is one by what it says, not by what it leads to."""
    return path.is_symlink() or path.is_file()


def _loose(folder: Path) -> Iterator[tuple[str, str]]:
    for path in sorted((folder / "refs").rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            # Git reads a link as a symbolic reference to what it points at.
            yield name, f"ref: {path.readlink()}"
        elif path.is_file() and not path.name.endswith(".lock"):
            text = _text(path, _MOST_OF_A_REF).strip()
            if text or path.exists():
                yield name, text


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


def _text(path: Path, most: int = _MOST_BYTES) -> str:
    """A small plain file's text, empty where there is none; anything else there tells nothing either."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return ""
        with path.open("rb") as file:
            return file.read(most).decode("utf-8", "replace")
    except OSError:
        return ""
