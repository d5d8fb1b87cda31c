"""Gives a public page another id: its folder goes elsewhere, and it says itself where it lay before."""

import re
from dataclasses import dataclass

from pipeline import signposts, whereabouts
from pipeline.repository import Repository
from sop_site.content import SECTIONS, former_paths, id_problem, url_of
from sop_site.content.editing import with_value, without
from sop_site.content.kinds import MOST_MOVES
from sop_site.errors import AnswerIsNo
from sop_site.messages import say

_NO_PATH_BEFORE = r"(?<![\w/.-])"


@dataclass(frozen=True, slots=True)
class Move:
    """What a move changes; nothing is written yet."""

    path: str
    """Of the page, at its new place."""
    old_url: str
    new_url: str
    changes: dict[str, bytes | None]
    linking: tuple[str, ...]
    """Other public pages that link to the old address and are left as they are."""
    mended: tuple[str, ...]
    """Those whose links are changed along."""
    drafts: tuple[str, ...]
    """Other drafts in which somebody is changing the page at its old place."""


def plan(repo: Repository, base: str, path: str, new_id: str, reason: str, *, mend: bool) -> Move:
    """The move of the page at ``path`` in the commit ``base``; ``AnswerIsNo`` where it cannot go there."""
    section, old_id = path.split("/")[1:3]
    if new_id == old_id:
        raise AnswerIsNo("move-nowhere", page=old_id)
    if (code := id_problem(new_id, SECTIONS[section])) is not None:
        raise AnswerIsNo("id-reserved" if code == "id-taken-by-site" else "id-malformed", id=new_id)
    target = f"content/{section}/{new_id}/index.md"
    folder, new_folder = path.removesuffix("index.md"), target.removesuffix("index.md")
    for commit in (base, repo.publish()):
        if repo.files(commit, new_folder):
            raise AnswerIsNo("page-exists", path=target)
    old_url, new_url = url_of(path), url_of(target)
    owner = signposts.standing(repo, base).get(new_url)
    if owner not in (None, path):
        raise AnswerIsNo("address-leads-on", url=new_url, path=owner)
    changes: dict[str, bytes | None] = dict.fromkeys(repo.files(base, folder))
    for name in list(changes):
        changes[new_folder + name.removeprefix(folder)] = repo.read(base, name)
    changes[target] = _moved(repo, base, path, target, reason)
    linking = [
        one for one in signposts.pages_with(repo.path, base, old_url) if _links(repo, base, one, old_url)
    ]
    linking = [one for one in linking if one != path]
    if mend:
        why = say("id", "move-links-note", before=old_url, after=new_url)
        for one in linking:
            mended = led_elsewhere(repo.read(base, one).decode(), old_url, new_url)
            changes[one] = with_value(mended, "change_note", why).encode()
    return Move(
        path=target,
        old_url=old_url,
        new_url=new_url,
        changes=changes,
        linking=() if mend else tuple(linking),
        mended=tuple(linking) if mend else (),
        drafts=tuple(whereabouts.drafts_changing(repo, folder)),
    )


def _moved(repo: Repository, base: str, path: str, target: str, reason: str) -> bytes:
    """The page's text at its new place; ids by which the public never knew it are not kept."""
    page, old_url, new_url = repo.read(base, path), url_of(path), url_of(target)
    old_id, new_id = path.split("/")[2], target.split("/")[2]
    ids = list(signposts.earlier_ids(path, page))
    if repo.find(repo.publish(), path) is not None:
        ids.append(old_id)
    known = url_of(former_paths(path, ids)[-1]) if ids else None
    ids = [one for one in ids if one != new_id][-MOST_MOVES:]
    text = led_elsewhere(page.decode(), old_url, new_url)
    text = with_value(text, "moved_from", ids) if ids else without(text, "moved_from")
    if known is not None:
        # What people read is Bahasa Indonesia, whatever language the desk speaks.
        note = say("id", "move-note", before=known, after=new_url, reason=reason)
        text = with_value(text, "change_note", note)
    return text.encode()


def led_elsewhere(text: str, old_url: str, new_url: str) -> str:
    """A page's text with every link to one address leading to another; the field that tells it is left."""
    return _address(old_url).sub(lambda _found: new_url, text)


def _links(repo: Repository, commit: str, path: str, url: str) -> bool:
    return bool(_address(url).search(repo.read(commit, path).decode("utf-8", "replace")))


def _address(url: str) -> re.Pattern[str]:
    """The address as a whole: ``/profil/`` is no part of ``/berita/profil/``."""
    return re.compile(_NO_PATH_BEFORE + re.escape(url))
