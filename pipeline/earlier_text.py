"""The last text that a page had before it was withdrawn, from the approved history."""

from pipeline import signposts
from pipeline.repository import Repository
from sop_site.content import former_paths
from sop_site.content.editing import with_value, without
from sop_site.content.front_matter import divide
from sop_site.errors import AnswerIsNo


def before_withdrawal(repo: Repository, path: str) -> dict[str, bytes]:
    """The page and its files as they were last shown, by the paths that they have now.

    The note on changes is left out: it told of an earlier one. ``AnswerIsNo`` where the page is not
    withdrawn, or was never anything but a notice.
    """
    notice = repo.read(repo.publish(), path)
    if not _is_withdrawn(path, notice):
        raise AnswerIsNo("page-not-withdrawn", page=path.split("/")[-2])
    ids = signposts.earlier_ids(path, notice)
    places = (path, *reversed(former_paths(path, ids)))
    out = repo.ask("log", "--first-parent", "--format=%H", repo.publish(), "--", *places)
    for commit in out.decode().split():
        for place in places:
            page = repo.find(commit, place)
            if page is not None and not _is_withdrawn(place, page):
                return _files(repo, commit, place, path, ids)
    raise AnswerIsNo("page-never-shown", page=path.split("/")[-2])


def _files(repo: Repository, commit: str, place: str, path: str, ids: tuple[str, ...]) -> dict[str, bytes]:
    old, new = place.removesuffix("index.md"), path.removesuffix("index.md")
    found = {new + name.removeprefix(old): repo.read(commit, name) for name in repo.files(commit, old)}
    text = without(found[path].decode(), "change_note")
    found[path] = (with_value(text, "moved_from", ids) if ids else text).encode()
    return found


def _is_withdrawn(path: str, page: bytes) -> bool:
    head = divide(path, page).head
    return head is not None and "withdrawn" in head.values
