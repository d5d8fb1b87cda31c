"""Every page of the site as a plan: where it stands, which template draws it, with what values.

Nothing here changes on one page because another was approved, but for the lists that name it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Any

from sop_site.errors import RenderingFailed
from sop_site.plugins.lists import stable_pages
from sop_site.plugins.shown import DATED_SECTIONS, Shown
from sop_site.plugins.words import Clock, t
from sop_site.settings import Named, Settings

LIST_SECTIONS = (*DATED_SECTIONS, "layanan", "desa")
TOPIC_SECTIONS = ("berita", "pengumuman", "agenda", "layanan", "dokumen")
FEED_SECTIONS = ("berita", "pengumuman", "siaga")
FOOTER_PAGES = ("tentang-situs", "aksesibilitas", "privasi", "lisensi")
HOME_BLOCKS = ("berita", "pengumuman", "agenda", "dokumen")
_ON_HOME = 5
_SERVICES_ON_HOME = 12


@dataclass(frozen=True, slots=True)
class Crumb:
    """A step of the trail; without ``url`` it is the page itself."""

    title: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """What a list says about a page."""

    url: str
    title: str
    summary: str
    when: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """One HTML file: its site path, its template and the template's values."""

    url: str
    template: str
    values: Mapping[str, Any]
    shown: Shown | None = None
    mapped: bool = True
    """Whether the site map for search engines names it."""

    @property
    def path(self) -> str:
        """Path in the output folder."""
        return self.url[1:] + ("index.html" if self.url.endswith("/") else "")


@dataclass(frozen=True)
class Site:
    """All public pages, in the one order of lists: newest first by date, then by id."""

    settings: Settings
    pages: tuple[Shown, ...]
    now: datetime
    clock: Clock
    listed: dict[str, tuple[Shown, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, settings: Settings, pages: Iterable[Shown], now: datetime) -> "Site":
        """The site of these pages, in whatever order they come."""
        newest = sorted(pages, key=lambda shown: (shown.page.date, shown.page.id), reverse=True)
        listed = {
            name: tuple(shown for shown in newest if shown.section == name and shown.listed)
            for name in (*LIST_SECTIONS, "halaman")
        }
        for name in ("layanan", "desa"):
            listed[name] = tuple(sorted(listed[name], key=lambda shown: (shown.page.title, shown.page.id)))
        return cls(settings, tuple(newest), now, Clock(settings.office.zone), listed)

    def card(self, shown: Shown, *, kind: bool = False) -> Card:
        """The card of a page; with ``kind`` it says to which list it belongs."""
        date = shown.page.start if shown.section == "agenda" else shown.page.date
        parts = [t(f"one-{shown.section}")] if kind else []
        if shown.dated:
            parts.append(self.clock.day(date))
        if shown.section == "siaga":
            until = self.clock.moment(shown.page.until)
            parts.append(t("alert-over" if shown.over else "alert-until", time=until))
        if shown.section == "agenda":
            off = shown.page.event_status == "cancelled"
            parts += [t("event-off")] if off else [t("event-done")] if shown.over else []
        return Card(shown.url, shown.page.title, shown.page.summary, " · ".join(parts))

    def in_menu(self, menu_id: str) -> list[Shown]:
        """Pages of a menu in the order that they give themselves, then by title."""
        pages = [shown for shown in self.listed["halaman"] if shown.page.section == menu_id]
        last = 1_000_000
        return sorted(
            pages,
            key=lambda shown: (
                last if shown.page.order is None else shown.page.order,
                shown.page.title,
                shown.page.id,
            ),
        )


def documents(site: Site, proof: Iterable[Document] = ()) -> tuple[Document, ...]:
    """Every HTML file of the site, with the proof's, sorted by address; no address twice."""
    parts: tuple[Callable[[Site], Iterator[Document]], ...] = (
        _pages,
        _home,
        _dated_lists,
        _services,
        _villages,
        _topics,
        _menus,
        _site_map,
        _missing,
    )
    drawn = [*proof, *(document for part in parts for document in part(site))]
    found = sorted([*drawn, *_moved(site, {item.url for item in drawn})], key=lambda item: item.url)
    for one, next_one in pairwise(found):
        if one.url == next_one.url:
            raise RenderingFailed("render-address-taken", url=one.url)
    return tuple(found)


def _pages(site: Site) -> Iterator[Document]:
    for shown in site.pages:
        menu_id, trail = _place(site, shown)
        own_menu = shown.section == "halaman" and shown.page.id == menu_id
        others = [other for other in site.in_menu(shown.page.id) if other is not shown] if own_menu else []
        yield Document(
            shown.url,
            # A notice of withdrawal has lost its kind's own fields and is drawn as a plain page.
            "page" if shown.page.withdrawn else shown.page.kind,
            {
                "shown": shown,
                "approval": shown.approval,
                "title": shown.page.title,
                "description": shown.page.summary,
                "crumbs": (*trail, Crumb(shown.page.title)),
                "menu_id": menu_id,
                "children": tuple(map(site.card, others)),
            },
            shown,
            # What is over is still found at its address; search engines need not come for it.
            mapped=shown.listed,
        )


def _moved(site: Site, taken: set[str]) -> Iterator[Document]:
    """What stands at a page's earlier addresses and leads on; it never takes the place of anything else."""
    for shown in site.pages:
        for url in shown.former_urls:
            if url not in taken:
                taken.add(url)
                values = {
                    "title": t("moved-title"),
                    "heading": t("moved-title"),
                    "description": t("moved-text"),
                    "crumbs": (Crumb(t("home"), "/"), Crumb(t("moved-title"))),
                    "moved_to": shown.url,
                    "target": shown.page.title,
                }
                yield Document(url, "moved", values, mapped=False)


def signposts(found: Iterable[Document]) -> dict[str, list[str]]:
    """Address of a page → the earlier addresses at which the site leads to it."""
    led: dict[str, list[str]] = {}
    for document in found:
        if "moved_to" in document.values:
            led.setdefault(document.values["moved_to"], []).append(document.url)
    return led


def _place(site: Site, shown: Shown) -> tuple[str | None, tuple[Crumb, ...]]:
    """The menu entry a page belongs to, and the steps above it."""
    home = Crumb(t("home"), "/")
    if shown.section != "halaman":
        menu_id = shown.section if shown.section in (entry.id for entry in site.settings.menu) else None
        return menu_id, (home, Crumb(t(f"section-{shown.section}"), f"/{shown.section}/"))
    entry = next((entry for entry in site.settings.menu if entry.id == shown.page.section), None)
    if entry is None or entry.id == shown.page.id:
        return shown.page.section, (home,)
    return entry.id, (home, Crumb(entry.name, f"/{entry.id}/"))


def _home(site: Site) -> Iterator[Document]:
    lists = {name: site.listed[name][:_ON_HOME] for name in HOME_BLOCKS}
    coming = [shown for shown in site.listed["agenda"] if shown.page.end >= site.now]
    lists["agenda"] = tuple(sorted(coming, key=lambda shown: (shown.page.start, shown.page.id))[:_ON_HOME])
    alerts = [
        {
            "url": shown.url,
            "title": shown.page.title,
            "level": shown.page.level,
            "area": shown.page.area,
            "until": shown.page.until,
        }
        for shown in site.listed["siaga"]
        if not shown.over
    ]
    values = {
        "title": site.settings.office.name,
        "description": t("home-description", office=site.settings.office.name),
        "alerts": alerts,
        "services": [
            Card(shown.url, shown.page.title, shown.page.summary)
            for shown in site.listed["layanan"][:_SERVICES_ON_HOME]
        ],
        "blocks": [
            {"section": name, "cards": [site.card(shown) for shown in shown_list]}
            for name, shown_list in lists.items()
            if shown_list
        ],
        "ways": tuple(_ways(site)),
    }
    yield Document("/", "home", values)


def _ways(site: Site) -> Iterator[Card]:
    """What else the front page leads to: the menu's other parts, the villages, the proof."""
    own = {shown.page.id: shown for shown in site.listed["halaman"]}
    for entry in site.settings.menu:
        if entry.id != "layanan":
            page = own.get(entry.id)
            about = page.page.summary if page else t("about-menu", menu=entry.name)
            yield Card(f"/{entry.id}/", entry.name, about)
    if site.listed["desa"]:
        yield Card("/desa/", t("section-desa"), t("about-desa"))
    yield Card("/bukti/", t("proof"), t("about-proof"))


def _dated_lists(site: Site) -> Iterator[Document]:
    for section in DATED_SECTIONS:
        yield from _list_pages(
            site.listed[section],
            f"/{section}/",
            heading=t(f"section-{section}"),
            description=t(f"about-{section}"),
            trail=(Crumb(t("home"), "/"),),
            card=site.card,
            feed=f"/{section}/feed.xml",
        )


def _list_pages(
    entries: Sequence[Shown],
    base: str,
    *,
    heading: str,
    description: str,
    trail: tuple[Crumb, ...],
    card: Callable[[Shown], Card],
    feed: str | None = None,
) -> Iterator[Document]:
    for page in stable_pages(entries, base):
        numbered = t("list-part", what=heading, number=page.number) if page.number else heading
        last = (Crumb(heading, base), Crumb(numbered)) if page.number else (Crumb(heading),)
        values = {
            "title": numbered,
            "heading": numbered,
            "description": description,
            "crumbs": (*trail, *last),
            "cards": [card(shown) for shown in page.items],
            "newer": page.newer,
            "older": page.older,
            "feed": feed,
        }
        yield Document(page.url, "list", values)


def _groups(
    url: str, heading: str, description: str, groups: list[dict[str, Any]], menu_id: str | None = None
) -> Document:
    values = {
        "title": heading,
        "heading": heading,
        "description": description,
        "crumbs": (Crumb(t("home"), "/"), Crumb(heading)),
        "groups": [group for group in groups if group["cards"]],
        "menu_id": menu_id,
    }
    return Document(url, "groups", values)


def _services(site: Site) -> Iterator[Document]:
    by_topic: list[dict[str, Any]] = []
    for topic in (*site.settings.topic, None):
        cards = [
            Card(shown.url, shown.page.title, shown.page.summary)
            for shown in site.listed["layanan"]
            if (shown.topics[0] if shown.topics else None) == topic
        ]
        by_topic.append({"title": topic.name if topic else t("other"), "cards": cards})
    menu_id = "layanan" if any(entry.id == "layanan" for entry in site.settings.menu) else None
    yield _groups("/layanan/", t("section-layanan"), t("about-layanan"), by_topic, menu_id)


def _villages(site: Site) -> Iterator[Document]:
    groups = [
        {
            "title": t(f"villages-{kind}"),
            "cards": [
                Card(shown.url, shown.page.title, "")
                for shown in site.listed["desa"]
                if shown.page.type == kind
            ],
        }
        for kind in ("kelurahan", "desa")
    ]
    yield _groups("/desa/", t("section-desa"), t("about-desa"), groups)


def _topics(site: Site) -> Iterator[Document]:
    cards = [Card(f"/topik/{topic.id}/", topic.name, "") for topic in site.settings.topic]
    yield _groups("/topik/", t("topics"), t("about-topics"), [{"title": "", "cards": cards}])
    members: dict[str, list[Shown]] = {topic.id: [] for topic in site.settings.topic}
    for shown in site.pages:
        if shown.listed and shown.section in TOPIC_SECTIONS:
            for topic in shown.topics:
                members[topic.id].append(shown)
    for topic in site.settings.topic:
        yield from _list_pages(
            members[topic.id],
            f"/topik/{topic.id}/",
            heading=topic.name,
            description=t("about-topic", topic=topic.name),
            trail=(Crumb(t("home"), "/"), Crumb(t("topics"), "/topik/")),
            card=lambda shown: site.card(shown, kind=True),
        )


def _menus(site: Site) -> Iterator[Document]:
    """Landing pages of menu entries without a page of their own; ``layanan`` is the service list."""
    taken = {shown.url for shown in site.pages} | {f"/{section}/" for section in LIST_SECTIONS}
    for entry in site.settings.menu:
        if f"/{entry.id}/" not in taken:
            cards = [Card(o.url, o.page.title, o.page.summary) for o in site.in_menu(entry.id)]
            about = t("about-menu", menu=entry.name)
            yield _groups(f"/{entry.id}/", entry.name, about, [{"title": "", "cards": cards}], entry.id)


def _site_map(site: Site) -> Iterator[Document]:
    groups = [_menu_group(site, entry) for entry in site.settings.menu]
    lists = [Card(f"/{section}/", t(f"section-{section}"), "") for section in LIST_SECTIONS]
    more = [Card("/topik/", t("topics"), ""), Card("/bukti/", t("proof"), "")]
    groups.append({"title": t("contents"), "cards": [*lists, *more]})
    yield _groups("/peta-situs/", t("site-map"), t("about-site-map"), groups)


def _menu_group(site: Site, entry: Named) -> dict[str, Any]:
    members = site.listed["layanan"] if entry.id == "layanan" else site.in_menu(entry.id)
    return {"title": entry.name, "cards": [Card(shown.url, shown.page.title, "") for shown in members]}


def _missing(_site: Site) -> Iterator[Document]:
    """The page for what is not there."""
    heading = t("missing-title")
    crumbs = (Crumb(t("home"), "/"), Crumb(heading))
    description = t("about-missing")
    values = {"title": heading, "heading": heading, "description": description, "crumbs": crumbs}
    yield Document("/404.html", "missing", values, mapped=False)
