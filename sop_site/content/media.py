"""Which files of its own folder a page names."""

import re
from typing import Any

from sop_site.content import markdown
from sop_site.content.places import MEDIA_NAME

_SINGLE = ("image", "file", "poster", "captions")
_LINK = re.compile(r"[^/?#]+")


def media_of(page: Any, outline: markdown.Outline | None = None) -> frozenset[str]:
    """Names of the files that front matter or body use; with ``outline`` the body need not be drawn again."""
    named = {getattr(page, name) for name in _SINGLE if getattr(page, name, None)}
    for entry in (*getattr(page, "photos", ()), *getattr(page, "files", ())):
        named.add(entry.file)
    drawn = outline or markdown.outline(page.body)
    named |= {link.target for link in (*drawn.links, *drawn.pictures) if is_own(link.target)}
    return frozenset(named)


def is_own(target: str) -> bool:
    """Whether a link's target is a bare file name of the page's own folder."""
    return bool(_LINK.fullmatch(target)) and MEDIA_NAME.fullmatch(target) is not None
