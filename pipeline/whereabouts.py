"""Where a page is being worked on: which unfinished drafts hold it, and how one comes back to them."""

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline import composing, signposts
from pipeline.gitenv import GitFailed
from pipeline.references import DRAFTS, DraftRef
from pipeline.repository import Repository
from sop_site.content import place_of
from sop_site.errors import AnswerIsNo


@dataclass(frozen=True, slots=True)
class Place:
    """A page, and the unfinished draft to go on with (``None``: it is public, and nothing was begun)."""

    path: str
    draft: DraftRef | None


def unfinished(repo: Repository) -> list[DraftRef]:
    """Drafts that hold what is not public yet."""
    asked = ("for-each-ref", f"--no-merged={repo.publish()}", "--format=%(objectname) %(refname)", DRAFTS)
    lines = repo.ask(*asked).decode("utf-8", "surrogateescape").splitlines()
    rows = (line.split(" ", 1) for line in lines)
    return [DraftRef(ref.removeprefix(DRAFTS), ref, tip) for tip, ref in rows]


def drafts_changing(repo: Repository, folder: str) -> Iterator[str]:
    """Ids of unfinished drafts that change something in a folder (``content/…/``)."""
    for draft in unfinished(repo):
        if any(path.startswith(folder) for path in _changed(repo, draft)):
            yield draft.id


def _changed(repo: Repository, draft: DraftRef) -> list[str]:
    """Paths that a draft changes; none where it cannot be read, which is no reason to stop other work."""
    try:
        return repo.changed(repo.base(draft.tip), draft.tip)
    except (AnswerIsNo, GitFailed):
        return []


def find(repo: Repository, named: str, own: str) -> Place:
    """The page (or the draft) that a person wants to go on with.

    A public page with an unfinished draft of the name ``own`` + its id leads back to that draft. What is not
    public is looked for in the unfinished drafts; ``AnswerIsNo`` where none holds it, or several do.
    """
    try:
        path = _page_at(repo, named, repo.publish())
    except AnswerIsNo as error:
        if error.code != "page-missing":
            raise
        return _in_drafts(repo, named, error)
    ref = f"{DRAFTS}{own}{path.split('/')[-2]}"
    begun = next((draft for draft in unfinished(repo) if draft.ref == ref), None)
    return Place(path, begun if begun and repo.find(begun.tip, path) is not None else None)


def _page_at(repo: Repository, named: str, commit: str) -> str:
    """The page of that name at a commit; under an earlier id it is known as well."""
    files = repo.files(commit, "content/")
    try:
        return composing.find_page(named, files)
    except AnswerIsNo as error:
        last = named.strip("/").removesuffix("/index.md").rpartition("/")[2]
        led = {path for url, path in signposts.standing(repo, commit).items() if url.split("/")[-2] == last}
        if error.code == "page-missing" and len(led) == 1:
            return led.pop()
        raise


def _in_drafts(repo: Repository, named: str, missing: AnswerIsNo) -> Place:
    short = named.removeprefix("refs/heads/").removeprefix("draft/")
    found = []
    for draft in unfinished(repo):
        changed = filter(place_of, _changed(repo, draft))
        pages = [path for path in changed if repo.find(draft.tip, path) is not None]
        if draft.id == short and pages:
            return Place(pages[0], draft)
        try:
            found.append(Place(composing.find_page(named, pages), draft))
        except AnswerIsNo as error:
            if error.code != "page-missing":
                raise
    if not found:
        raise missing
    if len(found) > 1:
        drafts = ", ".join(place.draft.id for place in found if place.draft)
        raise AnswerIsNo("page-in-drafts", page=named, drafts=drafts)
    return found[0]


def base_of(repo: Repository, draft: str | None) -> str:
    """Where work on a draft goes on: at its tip, or at what is public where there is none or it is done."""
    publish = repo.publish()
    tip = repo.draft(draft).tip if draft else publish
    return publish if repo.is_ancestor(tip, publish) else tip


def page_in(repo: Repository, named: str, draft: str | None) -> tuple[str, str]:
    """Path of a page and the commit to go on from; ``AnswerIsNo`` where the draft is older than the page."""
    base, publish = base_of(repo, draft), repo.publish()
    try:
        return _page_at(repo, named, base), base
    except AnswerIsNo as error:
        if error.code != "page-missing" or base == publish:
            raise
        path = _page_at(repo, named, publish)
        raise AnswerIsNo("page-newer-than-draft", path=path, draft=draft) from error
