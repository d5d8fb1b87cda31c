"""A text by somebody else as pieces: no tag, attribute, address or hidden letter of his reaches the page."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sop_site.review import drawing

TRICKS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[a](javascript:alert(1))",
    "![a](data:text/html,x)",
    "<javascript:alert(1)>",
    '[x](http://a "onmouseover=alert(1)")',
    "&lt;script&gt;",
    "<svg/onload=alert(1)>",
    "`<b>`",
    "# Judul",
    "1. satu",
    "> kutipan",
    "a | b\n--|--\n1 | 2",
    "**tebal _miring_**",
    "[r]: javascript:alert(1)",
    "[x][r]",
    "</div></article>",
    "<!-- -->",
    "&#60;script&#62;",
    "\u202e",
    "\x1b[31m",
)


class Tags(HTMLParser):
    """Every tag with its attributes, and whether all were closed in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.seen: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []
        self.open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        self.attributes += attrs
        if tag not in ("br", "hr"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(TRICKS), st.text(max_size=20)), max_size=8).map("\n".join))
def test_only_known_tags_without_attributes_are_drawn(body: str) -> None:
    for block in drawing.whole_blocks(body):
        found = Tags(drawing.html(drawing.drawn(block)))

        assert found.seen <= drawing.TAGS
        assert found.attributes == []
        assert found.open == []


@pytest.mark.parametrize("trick", TRICKS)
def test_a_trick_is_shown_as_the_text_that_it_is(trick: str) -> None:
    html = drawing.html(drawing.drawn(trick))

    assert not re.search(r"<(script|img|svg|a|div|article)", html)
    assert "\u202e" not in html
    assert "\x1b" not in html


def test_a_link_says_where_it_leads_and_a_picture_what_it_shows() -> None:
    html = drawing.html(drawing.drawn("Lihat [jadwal](/berita/x/) dan ![Loket buka](loket.jpg)."))

    assert html == "<p>Lihat jadwal ⟨→ /berita/x/⟩ dan ⟨Loket buka (loket.jpg)⟩.</p>"


def test_marks_are_heard_as_well_as_seen() -> None:
    pieces = (
        drawing.Piece("p", is_tag=True),
        drawing.Piece("lama", is_marked=True),
        drawing.Piece("/p", is_tag=True),
    )

    assert drawing.html(pieces, "del", "[dihapus:", "]") == (
        '<p><del><span class="hidden">[dihapus: </span>lama<span class="hidden">] </span></del></p>'
    )
    assert drawing.text_lines(pieces, ("[-", "-]")) == ["[-lama-]"]


@pytest.mark.parametrize(
    "number", ["5108066203850001", "5108 0662 0385 0001", "5108\u200b0662\u200b0385\u200b0001"]
)
def test_a_long_number_is_covered_and_stays_no_markdown(number: str) -> None:
    html = drawing.html(drawing.drawn(f"NIK {number} dan budi@gmail.com"))

    assert "0385" not in html
    assert "budi" not in html
    assert "strong" not in html


def test_a_list_with_spaces_between_stays_one_block() -> None:
    assert drawing.blocks("- satu\n\n    lanjutan\n\nbaru\n") == ("- satu\n\n    lanjutan", "baru")
