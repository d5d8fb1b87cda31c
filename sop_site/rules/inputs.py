"""What a rule is given: one page with its files as facts, and what the office has besides."""

from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sop_site.answers import Finding
from sop_site.content.front_matter import Head
from sop_site.content.markdown import Outline
from sop_site.settings import Settings


@dataclass(frozen=True, slots=True)
class MediaFacts:
    """A file beside a page, measured elsewhere."""

    name: str
    true_type: str | None
    size: int
    width: int | None = None
    height: int | None = None
    has_metadata: bool = False
    has_text: bool = False
    text: str = ""
    encrypted: bool = False
    macros: bool = False
    duration: float | None = None
    problem: str | None = None
    fingerprint: str | None = None
    """The same for the same bytes."""
    likeness: str | None = None
    """Of a picture: what it looks like (ADR 14)."""


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around the pages under check."""

    settings: Settings
    addresses: frozenset[str]
    """Site paths that exist once this is approved, files included."""
    drafted: Container[str] = frozenset()
    """Site paths that stand in some other draft only; asked for a link that leads nowhere else."""
    moved: Mapping[str, str] = field(default_factory=dict)
    """Site path that a page once had → repository path at which it lies now."""
    is_compared: bool = False
    """Whether the pages are compared with what is public; a look at all that is public is not."""
    public_files: Mapping[str, str] = field(default_factory=dict)
    """Fingerprint of each public file to its path."""
    public_likenesses: Mapping[str, str] = field(default_factory=dict)
    """Path of each public picture to what it looks like."""


@dataclass(frozen=True, slots=True)
class PageInput:
    """One page under check."""

    path: str
    page: Any
    """The typed page."""
    head: Head
    outline: Outline
    around: Around
    media: Mapping[str, MediaFacts] = field(default_factory=dict)
    public: Any = None
    """The page as the public knows it now, also under an earlier id; ``None`` for a new one."""

    def error(self, code: str, line: int | None = None, **values: str | int) -> Finding:
        """A finding that bars submission."""
        return Finding(code, "error", self.path, line, values)

    def warning(self, code: str, line: int | None = None, **values: str | int) -> Finding:
        """A finding that is shown and bars nothing."""
        return Finding(code, "warning", self.path, line, values)

    def line_of(self, words: str) -> int | None:
        """The line of the body on which ``words`` first stand."""
        place = self.page.body.find(words) if words else -1
        return None if place < 0 else int(self.page.body_line) + self.page.body.count("\n", 0, place)


Rule = Callable[[PageInput], Iterator[Finding]]
