"""How a body is drawn: Markdown and nothing else, and the checks are told what a browser gets."""

from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import settings as effort
from hypothesis import strategies as st

from sop_site.content import markdown
from sop_site.content.markdown import Link, outline, render

DRAWN = frozenset(
    {"p", "a", "em", "strong", "code", "pre", "ul", "ol", "li", "blockquote", "hr", "br", "img", "table",
     "thead", "tbody", "tr", "th", "td", "h1", "h2", "h3", "h4", "h5", "h6", "dl", "dt", "dd"}
)  # fmt: skip
SAID = frozenset({"href", "src", "alt", "title", "id", "scope", "style", "start"})


class Browser(HTMLParser):
    """Reads HTML as a browser does: which elements there are, and where they lead."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.styles: set[str] = set()
        self.links: list[str] = []
        self.pictures: list[str] = []
        self.ids: list[str] = []
        self.others = 0
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        self.tags.add(tag)
        self.attributes |= said.keys()
        if "style" in said:
            self.styles.add(str(said["style"]))
        if tag == "a":
            self.links.append(said.get("href") or "")
        if tag == "img":
            self.pictures.append(said.get("src") or "")
        if said.get("id"):
            self.ids.append(str(said["id"]))

    def handle_comment(self, data: str) -> None:
        self.others += 1

    def handle_decl(self, decl: str) -> None:
        self.others += 1

    def unknown_decl(self, data: str) -> None:
        self.others += 1

    handle_pi = unknown_decl


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>",
        "<div onclick=alert(1)>x</div>",
        "teks <img src=x onerror=alert(1)> teks",
        "<!-- catatan -->",
        "<style>p{display:none}</style>",
        "<iframe src='https://lain.example'></iframe>",
        "- <b>tebal</b>",
        "| a | b |\n|---|---|\n| <b>x</b> | y |",
        "## <i>miring</i>",
        "[<b>x</b>](/kontak/)",
        "<?php echo 1 ?>",
        "<![CDATA[x]]>",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
    ],
)
def test_raw_html_is_shown_as_the_text_that_it_is(html: str) -> None:
    seen = Browser(render(html))

    assert seen.tags <= DRAWN - {"img", "hr", "br"}
    assert seen.attributes <= SAID
    assert seen.others == 0


@pytest.mark.parametrize(
    "body",
    [
        "[x](javascript:alert)",
        "[x](JAVASCRIPT:alert)",
        "[x](java&#115;cript:alert)",
        "[x](javascript&colon;alert)",
        "[x](javascript&#x3a;alert)",
        "[x](<javascript:alert>)",
        "[x][1]\n\n[1]: javascript:alert",
        "[x]\n\n[x]: javascript:alert",
        "![x](javascript:alert)",
        "[![x](a.jpg)](javascript:alert)",
    ],
)
def test_a_link_is_told_as_a_browser_reads_it(body: str) -> None:
    drawn, seen = outline(body), Browser(render(body))
    told = [link.target for link in (*drawn.links, *drawn.pictures)]

    # What would run is told to the checks, and never drawn.
    assert ["" if target.lower() == "javascript:alert" else target for target in told] == (
        seen.links + seen.pictures
    )
    assert any(target.lower() == "javascript:alert" for target in told)


def test_links_and_pictures_are_told_with_their_words() -> None:
    drawn = outline(
        "[Kontak **kami**](/kontak/) dan ![Pantai & bukit](foto.jpg)\n\n[![Peta](peta.png)](/desa/)"
    )

    assert drawn.links == [Link("/kontak/", "Kontak kami"), Link("/desa/", "Peta")]
    assert drawn.pictures == [Link("foto.jpg", "Pantai & bukit"), Link("peta.png", "Peta")]


def test_headings_have_ids_that_links_can_name_and_none_twice() -> None:
    drawn = outline("## Syarat & Biaya\n\n## Syarat\n\n## Syarat\n\n### Jam *buka*\n\n[x](#syarat_1)")

    assert drawn.headings == [(2, "Syarat & Biaya"), (2, "Syarat"), (2, "Syarat"), (3, "Jam buka")]
    assert drawn.anchors == {"syarat-biaya", "syarat", "syarat_1", "jam-buka"}
    assert sorted(Browser(drawn.html).ids) == sorted(drawn.anchors)
    assert outline("## Syarat & Biaya").html == outline("## Syarat & Biaya").html


def test_tables_name_their_columns() -> None:
    drawn = outline("| Hari | Jam |\n|:-----|----:|\n| Senin | 8 |")

    assert drawn.tables_without_heading == 0
    assert drawn.html.count('scope="col"') == 2
    assert Browser(drawn.html).styles == {"text-align: left;", "text-align: right;"}
    assert outline("|  |  |\n|---|---|\n| a | b |").tables_without_heading == 1
    assert outline("| Hari |  |\n|---|---|\n| a | b |").tables_without_heading == 0


def test_the_rest_is_drawn_as_operators_know_it() -> None:
    html = render("1. satu\n2. dua\n\n- a\n- b\n\n> kutipan\n\nIstilah\n: Arti\n\n`kode`\n\n    tetap")

    assert Browser(html).tags == {"ol", "ul", "li", "blockquote", "p", "dl", "dt", "dd", "code", "pre"}


PIECES = st.sampled_from(
    ["a", " ", "\n", "\n\n", "[", "]", "(", ")", "](", "![", "<", ">", "</", "<b>", "<script>", "<a@b.id>",
     "<https://a.id>", "<javascript:x>", "javascript:", "&#58;", "&amp;", "&lt;", "&", ";", "# ", "## ", "- ",
     "1. ", "> ", "`", "```", "*", "**", "_", "\\", "|", "|-|\n", "| a |", ":", "    ", '"', "'", "[a]: x\n",
     "<!--", "-->", "{#x}", "{: onclick=x}", "a.jpg", "http://", "\u2003", "é", "\x02", "amp\x03"]
)  # fmt: skip


@effort(max_examples=400, deadline=None)
@given(st.one_of(st.lists(PIECES, max_size=30).map("".join), st.text(max_size=80)))
@example("[a](<b \"c\" onclick='d'>)")
@example('![a"onerror=alert(1) x="](b.jpg "c\\" onerror=alert(1) d=\\"")')
@example("\x02klzzwxh:0000\x03 <b>")
def test_whatever_is_written_a_browser_gets_nothing_else(body: str) -> None:
    drawn = outline(body)
    seen = Browser(drawn.html)

    assert seen.tags <= DRAWN
    assert seen.attributes <= SAID
    assert seen.others == 0
    assert all(style.startswith("text-align: ") for style in seen.styles)
    assert sorted(seen.links) == sorted(link.target for link in drawn.links)
    assert sorted(seen.pictures) == sorted(picture.target for picture in drawn.pictures)
    assert markdown.render(body) == drawn.html


_FRAGMENTS = (
    '[a]: /satu/ "x"\n',
    "[a][a] dan [a]\n",
    "3. tiga\n4. empat\n",
    "1. satu\n\n    anak\n",
    "- x\n    - y\n",
    "Istilah\n:   arti\n\n    lagi\n",
    "> kutipan\n> - x\n",
    "| a | b |\n|---|---|\n| 1 | `2` |\n",
    "# Judul\n",
    "## Judul\n",
    "## Judul { #x }\n",
    "***tebal* `kode` **\n",
    "    kode\n",
    "<div>\n",
    "![x](foto.jpg)\n",
    "\n",
    "&#58; &amp; \\* \\[\n",
    "*a_b*c_\n",
    "Judul\n===\n",
    "[x](<y z>) <https://a.go.id>\n",
    ":   yatim\n",
    "\u0002kode\u0003\n",
    "[TOC]\n",
    "* * *\n",
    "|\n",
    "1) a\n",
    "``\n",
    "teks  \nlagi\n",
)


@given(st.lists(st.lists(st.sampled_from(_FRAGMENTS), max_size=12).map("".join), min_size=2, max_size=6))
def test_what_was_drawn_before_does_not_show(bodies: list[str]) -> None:
    alone = []
    for body in bodies:
        markdown._at_hand.clear()
        alone.append(markdown.outline(body))

    assert [markdown.outline(body) for body in bodies] == alone
