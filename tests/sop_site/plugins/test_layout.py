"""Which pages the site has, in which order they are named, and that no address is taken twice."""

import pytest

from sop_site.errors import RenderingFailed
from sop_site.plugins.layout import Document, documents
from sop_site.settings import parse
from tests.office import SITE_TOML
from tests.sop_site.plugins.values import shown, site


def by_url(*pages: object, **options: object) -> dict[str, Document]:
    return {document.url: document for document in documents(site(*pages, **options))}  # type: ignore[arg-type]


def test_an_empty_site_has_all_its_own_pages() -> None:
    pages = by_url()

    sections = {"berita", "pengumuman", "agenda", "galeri", "video", "dokumen", "siaga", "layanan", "desa"}
    assert {f"/{section}/" for section in sections} <= set(pages)
    assert {"/", "/404.html", "/topik/", "/topik/kependudukan/", "/peta-situs/"} <= set(pages)
    assert {"/profil/", "/ppid/", "/kontak/"} <= set(pages)
    assert pages["/404.html"].path == "404.html"
    assert pages["/berita/"].path == "berita/index.html"


def test_lists_are_newest_first_by_date_then_by_id() -> None:
    three = [shown("2026-01-05-a"), shown("2026-01-06-a"), shown("2026-01-05-b")]

    for pages in (three, three[::-1]):
        cards = by_url(*pages)["/berita/"].values["cards"]
        assert [card.url for card in cards] == [
            "/berita/2026-01-06-a/",
            "/berita/2026-01-05-b/",
            "/berita/2026-01-05-a/",
        ]


def test_the_date_counts_and_not_the_id() -> None:
    moved = shown("2026-01-01-lama", day="2026-01-09")

    cards = by_url(shown("2026-01-08-baru"), moved)["/berita/"].values["cards"]

    assert [card.url for card in cards] == ["/berita/2026-01-01-lama/", "/berita/2026-01-08-baru/"]


def test_topics_hold_news_and_no_galleries() -> None:
    gallery = shown("2026-01-07-g", kind="gallery", files={"a.jpg": b""}, topics="[lingkungan]",
                    photos="[{file: a.jpg, alt: Laut, credit: Operator 1}]")  # fmt: skip

    topic = by_url(gallery, shown("2026-01-05-a", topics="[lingkungan]"))["/topik/lingkungan/"]

    assert [card.url for card in topic.values["cards"]] == ["/berita/2026-01-05-a/"]


def test_home_shows_alerts_in_force_and_coming_events_only() -> None:
    def alert(page_id: str, until: str) -> object:
        return shown(page_id, kind="alert", topics="", level="siaga", area="Pesisir", until=until,
                     instructions="[Menjauh]")  # fmt: skip

    def event(page_id: str, start: str, end: str) -> object:
        return shown(page_id, kind="event", start=start, end=end, place="Aula", organizer="Kantor")

    home = by_url(
        alert("2026-01-05-lewat", "2026-01-20"),
        alert("2026-01-06-kini", "2026-02-20"),
        event("2026-01-05-lalu", "2026-01-20", "2026-01-21"),
        event("2026-01-06-jauh", "2026-03-20", "2026-03-21"),
        event("2026-01-07-dekat", "2026-02-20", "2026-02-21"),
    )["/"].values

    assert [one["url"] for one in home["alerts"]] == ["/siaga/2026-01-06-kini/"]
    (agenda,) = home["blocks"]
    assert [card.url for card in agenda["cards"]] == ["/agenda/2026-01-07-dekat/", "/agenda/2026-01-06-jauh/"]


def test_a_withdrawn_page_keeps_its_address_and_leaves_the_lists() -> None:
    text = (
        "---\nkind: event\ntitle: Rapat warga\ndate: 2026-01-05\nsummary: Rapat warga yang ditarik kembali.\n"
        "unit: pelayanan\nwithdrawn: {at: 2026-01-06, reason: Keliru}\n---\nx\n"
    )

    pages = by_url(shown("2026-01-05-rapat", kind="event", text=text))

    assert pages["/agenda/2026-01-05-rapat/"].template == "page"
    assert pages["/agenda/"].values["cards"] == []


def test_a_menu_entry_with_a_page_of_its_own_is_that_page_with_its_children() -> None:
    def info(page_id: str, **front: str) -> object:
        return shown(page_id, f"Halaman {page_id}", kind="page", topics="", section="profil", **front)

    pages = by_url(info("profil"), info("sejarah"), info("visi", order="1"))

    children = [card.url for card in pages["/profil/"].values["children"]]
    assert children == ["/visi/", "/sejarah/"]
    crumbs = [(crumb.title, crumb.url) for crumb in pages["/sejarah/"].values["crumbs"]]
    assert crumbs == [("Beranda", "/"), ("Profil", "/profil/"), ("Halaman sejarah", None)]


def test_one_more_page_changes_only_what_names_it() -> None:
    old = [shown(f"2026-01-{day:02}-a") for day in range(1, 29)]

    before, after = by_url(*old), by_url(*old, shown("2026-01-30-baru", topics="[lingkungan]"))

    changed = {url for url in after if before.get(url) != after[url]}
    assert changed == {"/", "/berita/", "/topik/lingkungan/", "/berita/2026-01-30-baru/"}


def test_two_pages_at_one_address_stop_the_build() -> None:
    settings = parse((SITE_TOML + '\n[[menu]]\nid = "peta-situs"\nname = "Peta"\n').encode())

    with pytest.raises(RenderingFailed, match="render-address-taken"):
        documents(site(settings=settings))
