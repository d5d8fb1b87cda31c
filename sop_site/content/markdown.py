"""Markdown as the site draws it: no raw HTML, tables, stable heading ids; the same for checks and pages."""

import re
from dataclasses import dataclass, field
from html import unescape
from xml.etree.ElementTree import Element

import markdown as library
from markdown.extensions import Extension
from markdown.extensions.def_list import DefListExtension
from markdown.extensions.sane_lists import SaneListExtension
from markdown.extensions.tables import TableExtension
from markdown.extensions.toc import TocExtension, slugify
from markdown.treeprocessors import Treeprocessor
from markdown.util import AMP_SUBSTITUTE

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
# What a browser leaves out of an address before it looks for the scheme (WHATWG URL, "basic URL parser").
_LEFT_OUT = re.compile(r"\A[\x00-\x20]+|[\t\n\r]")
_SCHEMES = frozenset({"https", "http", "mailto", "tel"})


@dataclass(frozen=True, slots=True)
class Link:
    """A link or picture as it stands in the drawn body."""

    target: str
    text: str
    """Text of the link, alternative text of the picture."""


@dataclass(slots=True)
class Outline:
    """What a body consists of, gathered while it is drawn."""

    html: str = ""
    headings: list[tuple[int, str]] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    pictures: list[Link] = field(default_factory=list)
    tables_without_heading: int = 0
    anchors: set[str] = field(default_factory=set)
    references: dict[str, tuple[str, str | None]] = field(default_factory=dict)
    """Name of a link definition, in lower case → its target and title."""


class _NoHtml(Extension):
    """Raw HTML is shown as the text that it is."""

    def extendMarkdown(self, md: library.Markdown) -> None:  # noqa: N802 - the library's word
        md.preprocessors.deregister("html_block")
        md.inlinePatterns.deregister("html")


class _Gatherer(Treeprocessor):
    outline: Outline
    """What the body that is being drawn consists of; another one for each body."""

    def run(self, root: Element) -> None:
        for element in root.iter():
            self._look(element)

    def _look(self, element: Element) -> None:
        known = self.outline
        if element.get("id"):
            known.anchors.add(str(element.get("id")))
        if element.tag in _HEADINGS:
            known.headings.append((int(element.tag[1]), "".join(element.itertext())))
        elif element.tag == "a":
            pictures = " ".join(str(image.get("alt", "")) for image in element.iter("img"))
            text = f"{''.join(element.itertext())} {pictures}".strip()
            known.links.append(Link(_read_by_browser(element.get("href")), _read_by_browser(text)))
            _disarm(element, "href")
        elif element.tag == "img":
            known.pictures.append(
                Link(_read_by_browser(element.get("src")), _read_by_browser(element.get("alt")))
            )
            _disarm(element, "src")
        elif element.tag == "th":
            element.set("scope", "col")
        elif element.tag == "table":
            cells = ["".join(cell.itertext()).strip() for cell in element.iter("th")]
            known.tables_without_heading += not any(cells)


def _read_by_browser(text: str | None) -> str:
    """An attribute as a browser reads it: ``&#58;`` is a colon, whoever wrote it."""
    return unescape((text or "").replace(AMP_SUBSTITUTE, "&"))


def _disarm(element: Element, name: str) -> None:
    """Take a target away that would run or embed something; the checks have refused it long before."""
    scheme = _SCHEME.match(_LEFT_OUT.sub("", _read_by_browser(element.get(name))))
    if scheme and scheme[1].lower() not in _SCHEMES:
        del element.attrib[name]


class _Gathering(Extension):
    def __init__(self) -> None:
        super().__init__()
        self.gatherer: _Gatherer

    def extendMarkdown(self, md: library.Markdown) -> None:  # noqa: N802 - the library's word
        self.gatherer = _Gatherer(md)
        # After everything else: heading ids and inline elements stand by then.
        md.treeprocessors.register(self.gatherer, "sop-outline", -10)


def _drawer() -> tuple[library.Markdown, _Gatherer]:
    """The program that draws bodies, and what looks on."""
    gathering = _Gathering()
    # Objects, not names: looking names up among all installed packages costs more than drawing a page.
    extensions = [
        _NoHtml(),
        TableExtension(),
        SaneListExtension(),
        DefListExtension(),
        TocExtension(slugify=slugify, marker=""),
        gathering,
    ]
    return library.Markdown(extensions=extensions, output_format="html"), gathering.gatherer


_at_hand: list[tuple[library.Markdown, _Gatherer]] = []
"""Making a drawer takes a fifth of the time of drawing a page; whoever draws takes it away meanwhile."""


def outline(body: str) -> Outline:
    """The drawn body with its headings, links, pictures and tables."""
    found = Outline()
    try:
        drawer, gatherer = _at_hand.pop()
    except IndexError:
        drawer, gatherer = _drawer()
    gatherer.outline = found
    found.html = drawer.convert(body)
    found.references = dict(drawer.references)
    # What a body leaves half done must not show in the next one: such a drawer is not used again.
    if not drawer.parser.state:
        drawer.reset()
        gatherer.outline = Outline()
        _at_hand.append((drawer, gatherer))
    return found


def render(body: str) -> str:
    """A body as HTML."""
    return outline(body).html
