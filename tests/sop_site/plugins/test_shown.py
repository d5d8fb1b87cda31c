"""A page's body and files as templates receive them."""

from datetime import datetime

from sop_site.plugins.shown import OwnFile, body_html
from tests.office import WITA
from tests.sop_site.plugins.values import shown

FILES = {"foto.jpg": OwnFile("foto.jpg", "/berita/x/foto.jpg", 2000, 640, 400)}


def test_own_pictures_get_their_address_size_and_patience() -> None:
    html = body_html('<img alt="Laut" src="foto.jpg">', FILES, "/berita/x/")

    assert html == (
        '<img alt="Laut" src="/berita/x/foto.jpg" width="640" height="400" loading="lazy" decoding="async">'
    )


def test_links_that_are_no_own_file_stay() -> None:
    html = (
        '<a href="/profil/">a</a><a href="#b">b</a><a href="https://c.go.id/foto.jpg">c</a><a href="d.pdf">'
    )

    assert body_html(html, FILES, "/berita/x/") == html


def test_tables_may_scroll_and_carry_no_inline_style() -> None:
    html = body_html('<table><td style="text-align: right;">1</td></table>', {}, "/x/")

    assert html == '<div class="scroll" tabindex="0"><table><td class="right">1</td></table></div>'


def test_a_page_that_expired_says_so_and_leaves_the_lists() -> None:
    def at(hour: int) -> bool:
        page = shown("2026-01-05-a", kind="announcement", expires_at="2026-02-01T09:00",
                     now=datetime(2026, 2, 1, hour, tzinfo=WITA))  # fmt: skip
        assert page.listed != page.ended
        return page.ended

    assert [at(8), at(9), at(10)] == [False, True, True]


def test_an_alert_is_over_when_its_time_has_come_and_still_listed() -> None:
    alert = shown("2026-01-05-a", kind="alert", topics="", level="awas", area="Pesisir", until="2026-01-31",
                  instructions="[Menjauh]")  # fmt: skip

    assert alert.over
    assert alert.listed


def test_files_of_the_folder_are_described_by_the_page() -> None:
    gallery = shown(
        "2026-01-05-g", kind="gallery", topics="", files={"a.svg": b'<svg width="4" height="2">'},
        photos="[{file: a.svg, alt: Peta, credit: Operator 1, caption: Peta wilayah}]",
    )  # fmt: skip

    (photo,) = gallery.photos
    assert (photo.url, photo.width, photo.alt, photo.caption) == (
        "/galeri/2026-01-05-g/a.svg",
        4,
        "Peta",
        "Peta wilayah",
    )
    assert (photo.type, photo.media_type) == ("SVG", "image/svg+xml")
    assert gallery.picture is None
