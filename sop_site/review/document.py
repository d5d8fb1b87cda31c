"""The review as one page for a browser: no script, nothing fetched, every text escaped by the template.

The page may be opened anywhere and printed for the file. What a draft says never reaches it but as text,
as one of the few tags of ``drawing``, or as a picture inside ``<img>``, where nothing of it can run.
"""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from sop_site.review import drawing
from sop_site.review import sheet as sheets
from sop_site.review.differences import Block, Difference
from sop_site.review.drawing import Text
from sop_site.review.page_changes import Medium, MediumChange, PageReview
from sop_site.review.sheet import Sheet
from sop_site.review.values import Words

_TYPES = {"jpg": "image/jpeg", "png": "image/png", "webp": "image/webp", "svg": "image/svg+xml"}
MOST_ROWS = 300
"""Paragraphs and lines drawn of one text; more are counted."""


@dataclass(frozen=True, slots=True)
class Row:
    """What stands side by side: a paragraph, or how many of them stay."""

    change: str
    before: Markup | None = None
    after: Markup | None = None
    count: int = 0
    is_quiet: bool = False


def html(words: Words, sheet: Sheet, pages: Sequence[PageReview]) -> str:
    """The whole page."""
    environment = _environment()
    source = environment.loader
    assert source is not None
    style = source.get_source(environment, "tinjauan.css")[0]
    pen = _Pen(words)
    return environment.get_template("tinjauan.html").render(
        say=words.say, lang=words.lang, sheet=sheet, pages=pages, pen=pen,
        style=Markup(style),  # noqa: S704 - our own sheet
        style_hash=b64encode(sha256(style.encode()).digest()).decode(),
    )  # fmt: skip


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("sop_site.review"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip


class _Pen:
    """What the template asks for while it draws."""

    def __init__(self, words: Words) -> None:
        self._words = words

    def inserted(self, text: Text) -> Markup:
        """Pieces with what came marked, for the eye and for the ear."""
        return self._marked(text, "ins", "tinjau-inserted")

    def deleted(self, text: Text) -> Markup:
        """Pieces with what went marked."""
        return self._marked(text, "del", "tinjau-deleted")

    def _marked(self, text: Text, name: str, code: str) -> Markup:
        drawn = drawing.html(text, name, self._words.say(code), self._words.say("tinjau-mark-end"))
        return Markup(drawn)  # noqa: S704 - known tags without attributes, and escaped words

    def rows(self, told: Difference) -> list[Row]:
        """Paragraphs that differ, one below the other; of those that stay only how many they are."""
        found: list[Row] = []
        for block in told.blocks:
            if block.change != "same":
                found.append(self._row(block))
            elif found and found[-1].change == "same":
                found[-1] = Row("same", count=found[-1].count + 1)
            else:
                found.append(Row("same", count=1))
        rest = len(found) - MOST_ROWS
        return [*found[:MOST_ROWS], *([Row("cut", count=rest)] if rest > 0 else [])]

    def _row(self, block: Block) -> Row:
        before = None if block.before is None else self.deleted(block.before)
        after = None if block.after is None else self.inserted(block.after)
        return Row(block.change, before, after, is_quiet=block.shows_nothing)

    def facts(self, medium: Medium) -> str:
        """A file's measures."""
        return sheets.facts_of(self._words, medium)

    def picture(self, medium: Medium) -> str:
        """The bytes of a picture as an address that needs no network."""
        kind = _TYPES[medium.name.rpartition(".")[2]]
        return f"data:{kind};base64,{b64encode(medium.picture or b'').decode()}"

    def fate(self, page: PageReview) -> str:
        """What becomes of a page."""
        return self._words.say(f"tinjau-fate-{page.fate}")

    def file_fate(self, medium: MediumChange) -> str:
        """What becomes of a file."""
        return drawing.discreet(sheets.fate_of(self._words, medium))

    def note(self, code: str, values: dict[str, object]) -> str:
        """A sentence on what a change means."""
        return self._words.say(code, **values)
