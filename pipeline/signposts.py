"""Which earlier addresses lead on to which page: read from the pages' own ``moved_from``."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path

from pipeline.holding import files_with
from pipeline.repository import Repository
from sop_site.content import former_paths, place_of, url_of
from sop_site.content.front_matter import divide


class Signposts(Mapping[str, str]):
    """Site path that a page once had → repository path at which it lies now; looked up when first asked."""

    def __init__(
        self, repo: Repository, paths: Iterable[str], read: Callable[[str], bytes], touched: Iterable[str]
    ) -> None:
        """Of the files ``paths``; ``touched`` are those of them that may differ from what is public."""
        self._repo, self._paths, self._read, self._touched = repo, frozenset(paths), read, frozenset(touched)

    def __getitem__(self, address: str) -> str:
        return self._known[address]

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)

    @cached_property
    def _known(self) -> dict[str, str]:
        found: dict[str, str] = {}
        moved = {*pages_with(self._repo.path, self._repo.publish(), "moved_from:"), *self._touched}
        for path in sorted(moved & self._paths):
            for former in former_paths(path, earlier_ids(path, self._read(path))):
                found.setdefault(url_of(former), path)
        return found


def standing(repo: Repository, commit: str) -> Signposts:
    """Those of a commit that need not be public."""
    touched = filter(place_of, repo.changed(repo.publish(), commit))
    return Signposts(repo, repo.files(commit, "content/"), lambda path: repo.read(commit, path), touched)


def earlier_ids(path: str, page: bytes) -> tuple[str, ...]:
    """``moved_from`` of a page's file, empty where it cannot be read."""
    head = divide(path, page).head
    ids = head.values.get("moved_from") if head is not None else None
    return tuple(one for one in ids if isinstance(one, str)) if isinstance(ids, tuple) else ()


def pages_with(repo: Path, commit: str, words: str) -> Iterator[str]:
    """Pages of a commit in whose text ``words`` stand, by path."""
    return filter(place_of, files_with(repo, commit, words))
