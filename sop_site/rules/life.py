"""The life of a page: when it becomes public, and which addresses it keeps when it moves."""

from collections.abc import Iterator, Mapping

from sop_site.answers import Finding
from sop_site.content import former_paths, url_of
from sop_site.rules.inputs import PageInput, Rule


def a_public_page_stays_public(page: PageInput) -> Iterator[Finding]:
    """``publish_at`` holds back the whole page, never a change alone: there is one tree, and one text in it.

    A page that was approved without it is public, and would vanish. One that had it may be public or not
    yet; putting it off is told.
    """
    wanted = page.page.publish_at
    if page.public is None or wanted is None or wanted == page.public.publish_at:
        return
    line = page.head.line(("publish_at",))
    if page.public.publish_at is None:
        yield page.error("publish-at-public", line)
    elif wanted > page.public.publish_at:
        yield page.warning("publish-at-later", line)


def earlier_addresses_are_its_own(page: PageInput) -> Iterator[Finding]:
    """``moved_from`` names ids that this page had, that nothing else has now, and loses none of them."""
    known, around = page.page, page.around
    ids = known.moved_from
    menu = {f"/{entry.id}/" for entry in around.settings.menu}
    had = {page.public.id, *page.public.moved_from} if page.public is not None else set()
    for number, (page_id, path) in enumerate(zip(ids, former_paths(page.path, ids), strict=True)):
        line, url = page.head.line(("moved_from", number)), url_of(path)
        if page_id == known.id or page_id in ids[:number]:
            yield page.error("moved-from-itself", line, id=page_id)
        elif url in around.addresses - menu:
            yield page.error("moved-from-standing", line, url=url)
        elif around.moved.get(url, page.path) != page.path:
            yield page.error("moved-from-twice", line, url=url, other=around.moved[url])
        elif around.is_compared and page_id not in had:
            yield page.error("moved-from-unknown", line, id=page_id)
    for page_id in sorted(had - {known.id, *ids}):
        yield page.warning("moved-from-dropped", page.head.line(("moved_from",)), id=page_id)


def a_new_page_takes_no_signpost_away(page: PageInput) -> Iterator[Finding]:
    """An address that leads on to a page that moved is not given to another one."""
    if page.public is None and page.around.is_compared:
        url = url_of(page.path)
        other = page.around.moved.get(url, page.path)
        if other != page.path:
            yield page.error("address-taken-by-move", 1, url=url, other=other)


def leads_on(path: str, moved: Mapping[str, str]) -> bool:
    """Whether a path works because a page moved: its address, a document's file, a calendar entry."""
    folder, _, name = path.rpartition("/")
    kept = path.startswith("/dokumen/") or name == "acara.ics"
    return path in moved or (kept and bool(name) and f"{folder}/" in moved)


RULES: tuple[Rule, ...] = (
    a_public_page_stays_public,
    earlier_addresses_are_its_own,
    a_new_page_takes_no_signpost_away,
)
