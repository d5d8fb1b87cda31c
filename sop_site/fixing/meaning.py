"""Whether a repaired body still says what it said: looked at as it is drawn, not as it is written."""

import re
from functools import lru_cache
from html import unescape

from sop_site.content import markdown
from sop_site.content.markdown import Outline

_TAG = re.compile(r"<[^>]*>")


@lru_cache(maxsize=8)
def _drawn(body: str) -> Outline:
    return markdown.outline(body)


def same_words(before: str, after: str) -> bool:
    """Whether two bodies are drawn with the same letters; spaces may differ."""
    return _letters(before) == _letters(after)


def _letters(body: str) -> str:
    return "".join(unescape(_TAG.sub("", _drawn(body).html)).split())


def no_worse(before: str, after: str) -> bool:
    """Whether no heading, link, picture or table lost its words or its target on the way."""
    old, new = _drawn(before), _drawn(after)
    kept = (sorted(link.target for link in side.links + side.pictures) for side in (old, new))
    return len({tuple(targets) for targets in kept}) == 1 and all(
        late <= early for early, late in zip(_empty(old), _empty(new), strict=True)
    )


def _empty(drawn: Outline) -> tuple[int, ...]:
    """How many headings, links and pictures, and heads of tables have no words."""
    return (
        sum(not text.strip() for _, text in drawn.headings),
        sum(not link.text.strip() for link in drawn.links),
        sum(not picture.text.strip() for picture in drawn.pictures),
        drawn.tables_without_heading,
    )
