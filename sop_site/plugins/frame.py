"""What stands around every page whoever draws it: template settings, common values, emblem and sign."""

import base64
import hashlib
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from jinja2 import StrictUndefined
from markupsafe import Markup, escape

from sop_site.plugins import commands, layout, pictures, proof_pages, words
from sop_site.plugins.layout import Site
from sop_site.plugins.shown import OwnFile
from sop_site.publication import HISTORY_SHOWN
from sop_site.settings import UNFILLED

ENVIRONMENT: Mapping[str, Any] = {
    "autoescape": True,
    "trim_blocks": True,
    "lstrip_blocks": True,
    "keep_trailing_newline": True,
    "undefined": StrictUndefined,
    "extensions": [],
}
"""How templates are read; an unknown name stops the page."""
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_EMBLEM_TYPES = ("svg", "png", "jpg", "webp")


def filters(clock: words.Clock) -> dict[str, Callable[..., object]]:
    """The filters that templates use."""
    return {
        "filled": words.filled,
        "linked": words.linked,
        "size": words.dimensions,
        "day": clock.day,
        "moment": clock.moment,
    }


def values(site: Site, theme: Path, emblem: OwnFile | None) -> dict[str, Any]:
    """Values that every template may rely on; a page overrides what is its own."""
    office = site.settings
    style = small_sheet(theme)
    own = dict.fromkeys(
        (
            "preview", "shown", "approval", "menu_id", "feed", "newer", "older", "children", "crumbs",
            "moved_to",
        ),
        None,
    )  # fmt: skip
    return {
        **own,
        "t": words.t,
        "span": site.clock.span,
        "UNFILLED": UNFILLED,
        "HISTORY_SHOWN": HISTORY_SHOWN,
        "office": office.office,
        "office_site": office.site,
        "proof_address": proof_pages.address,
        "page_history": commands.page_history,
        "count": words.count,
        "menu": office.menu,
        "sections": layout.LIST_SECTIONS,
        "footer_pages": _footer_pages(site),
        "emblem": emblem,
        "initials": initials(office.office.name),
        "style": Markup(style),  # noqa: S704 - the theme's own sheet
        "style_hash": source_hash(style),
    }


def source_hash(text: str) -> str:
    """How a content security policy names an inline style or script by its bytes."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _footer_pages(site: Site) -> list[dict[str, str]]:
    known = {shown.page.id: shown for shown in site.listed["halaman"]}
    return [
        {"url": known[name].url, "title": known[name].page.title}
        for name in layout.FOOTER_PAGES
        if name in known
    ]


def emblem(name: str, data: bytes) -> OwnFile | None:
    """The office's own emblem from the file that settings name; ``None`` for a type no browser draws."""
    suffix = Path(name).suffix
    if suffix[1:] not in _EMBLEM_TYPES:
        return None
    width, height = pictures.size_of(data) or (None, None)
    return OwnFile(f"lambang{suffix}", f"/lambang{suffix}", len(data), width, height)


def initials(name: str) -> str:
    """The typographic mark of an office without an emblem: the first letters of its first two words."""
    return "".join(word[0] for word in name.split()[:2]).upper()


def sign(letters: str) -> str:
    """The same mark as a small picture for the browser's tab."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="4" '
        'fill="#083e49"/><text x="16" y="21.5" text-anchor="middle" font-family="sans-serif" font-size="15" '
        f'font-weight="700" fill="#fff">{escape(letters)}</text></svg>\n'
    )


def small_sheet(theme: Path) -> str:
    """The theme's style sheet without comments, indents and line ends."""
    sheet = Path(theme, "static", "site.css").read_text(encoding="utf-8")
    return "".join(line.strip() for line in _COMMENT.sub("", sheet).splitlines())
