"""Markdown as the site draws it: no raw HTML, tables, stable heading ids; the same for checks and pages."""

import re
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

import markdown as library
from markdown.extensions import Extension
from markdown.extensions.toc import slugify
from markdown.treeprocessors import Treeprocessor


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


class _NoHtml(Extension):
    """Raw HTML is shown as the text that it is."""

    def extendMarkdown(self, md: library.Markdown) -> None:  # noqa: N802 - the library's word
        md.preprocessors.deregister("html_block")
        md.inlinePatterns.deregister("html")


class _Gatherer(Treeprocessor):
    def __init__(self, md: library.Markdown, outline: Outline) -> None:
        super().__init__(md)
        self.outline = outline

    def run(self, root: Element) -> None:
        for element in root.iter():
            self._look(element)

    def _look(self, element: Element) -> None:
        known = self.outline
        if element.get("id"):
            known.anchors.add(str(element.get("id")))
        if re.fullmatch(r"h[1-6]", element.tag):
            known.headings.append((int(element.tag[1]), "".join(element.itertext())))
        elif element.tag == "a":
            pictures = " ".join(str(image.get("alt", "")) for image in element.iter("img"))
            text = f"{''.join(element.itertext())} {pictures}".strip()
            known.links.append(Link(str(element.get("href", "")), text))
        elif element.tag == "img":
            known.pictures.append(Link(str(element.get("src", "")), str(element.get("alt", ""))))
        elif element.tag == "th":
            element.set("scope", "col")
        elif element.tag == "table":
            cells = ["".join(cell.itertext()).strip() for cell in element.iter("th")]
            known.tables_without_heading += not any(cells)


class _Gathering(Extension):
    def __init__(self, outline: Outline) -> None:
        super().__init__()
        self.outline = outline

    def extendMarkdown(self, md: library.Markdown) -> None:  # noqa: N802 - the library's word
        # After everything else: heading ids and inline elements stand by then.
        md.treeprocessors.register(_Gatherer(md, self.outline), "sop-outline", -10)


def outline(body: str) -> Outline:
    """The drawn body with its headings, links, pictures and tables."""
    found = Outline()
    extensions: list[Extension | str] = [
        _NoHtml(),
        "tables",
        "sane_lists",
        "def_list",
        "toc",
        _Gathering(found),
    ]
    configs = {"toc": {"slugify": slugify, "marker": ""}}
    drawer = library.Markdown(extensions=extensions, extension_configs=configs, output_format="html")
    found.html = drawer.convert(body)
    return found


def render(body: str) -> str:
    """A body as HTML."""
    return outline(body).html
