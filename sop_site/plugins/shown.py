"""A page as the public sees it: the typed page, its approval, its files and its body as HTML."""

import mimetypes
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from markupsafe import Markup, escape

from sop_site.content import Page, former_paths, markdown, url_of
from sop_site.content.places import MEDIA_NAME
from sop_site.errors import RenderingFailed
from sop_site.plugins import pictures
from sop_site.plugins.words import mark_unfilled, size_text
from sop_site.publication import PageApproval
from sop_site.settings import Named, Settings

DATED_SECTIONS = ("berita", "pengumuman", "agenda", "galeri", "video", "dokumen", "siaga")
_IMAGE_TAG = re.compile(r"<img\b[^>]*>")
_OWN_FILE = re.compile(r'\b(src|href)="([a-z0-9][a-z0-9.-]*\.[a-z0-9]+)"')
_SOURCE = re.compile(r'\bsrc="([^"]*)"')
_ALIGNED = re.compile(r' style="text-align: (left|right|center);"')
_ACTIVE = re.compile(rb"<script|<foreignobject|<!entity|javascript:|\son[a-z]+\s*=", re.IGNORECASE)
_TABLE = re.compile(r"<table\b.*?</table>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class OwnFile:
    """A file in a page's folder, as its templates need it."""

    name: str
    url: str
    size: int
    """Bytes."""
    width: int | None = None
    height: int | None = None
    alt: str = ""
    caption: str | None = None
    credit: str | None = None
    title: str | None = None
    taken: Any = None

    @property
    def type(self) -> str:
        """The file's type as people call it."""
        return self.name.rpartition(".")[2].upper()

    @property
    def size_text(self) -> str:
        """The size in KB or MB."""
        return size_text(self.size)

    @property
    def media_type(self) -> str:
        """The registered media type, for feeds."""
        return mimetypes.types_map.get("." + self.name.rpartition(".")[2], "application/octet-stream")


@dataclass(frozen=True, slots=True)
class Shown:
    """One public page, ready for its template."""

    page: Any
    folder: str
    section: str
    url: str
    approval: PageApproval
    unit: str
    topics: tuple[Named, ...]
    files: Mapping[str, OwnFile]
    html: Markup
    ended: bool
    """Past ``expires_at``: it leaves the lists, and says so itself."""
    over: bool
    """An alert past ``until``, an event past ``end``."""

    @property
    def dated(self) -> bool:
        """Whether the kind is one of events in time."""
        return self.section in DATED_SECTIONS

    @property
    def listed(self) -> bool:
        """Whether lists and feeds name it."""
        return not self.ended and not self.page.withdrawn

    @property
    def fed(self) -> bool:
        """Whether feeds name it: an alert that is over warns nobody any more."""
        return self.listed and not (self.section == "siaga" and self.over)

    @property
    def former_urls(self) -> tuple[str, ...]:
        """Addresses that it had before it was moved, oldest first."""
        return tuple(url_of(path) for path in former_paths(f"{self.folder}/index.md", self.page.moved_from))

    @property
    def lasting_url(self) -> str:
        """The address that it had first: what feeds and calendars know it by, wherever it moves."""
        return next(iter(self.former_urls), self.url)

    @property
    def picture(self) -> OwnFile | None:
        """The page's leading picture."""
        name = self.page.image
        if not name:
            return None
        return self._file(name, alt=self.page.image_alt or "", credit=self.page.image_credit)

    @property
    def photos(self) -> tuple[OwnFile, ...]:
        """A gallery's pictures in their order."""
        return tuple(
            self._file(
                photo.file, alt=photo.alt or "", caption=photo.caption, credit=photo.credit, taken=photo.taken
            )
            for photo in self.page.photos
        )

    @property
    def downloads(self) -> tuple[OwnFile, ...]:
        """A document's files in their order."""
        return tuple(self._file(entry.file, title=entry.title) for entry in self.page.files)

    @property
    def video(self) -> OwnFile:
        """A video page's film."""
        return self._file(self.page.file)

    @property
    def poster(self) -> OwnFile:
        """The still picture before the film."""
        return self._file(self.page.poster)

    @property
    def captions(self) -> OwnFile | None:
        """The film's captions."""
        return self._file(self.page.captions) if self.page.captions else None

    def _file(self, name: str, **described: Any) -> OwnFile:
        own = self.files[name]
        return OwnFile(own.name, own.url, own.size, own.width, own.height, **described)


def show(
    page: Page,
    path: str,
    data: Mapping[str, bytes],
    approval: PageApproval,
    settings: Settings,
    now: datetime,
    render: Callable[[str], str] = markdown.render,
) -> Shown:
    """The page at ``path`` with its folder's files (name → bytes), seen at ``now``.

    ``render`` turns the body into HTML; a list, which shows no bodies, need not have that done.
    """
    url = url_of(path)
    files = {name: _own_file(name, content, url) for name, content in sorted(data.items())}
    unit = next((entry.name for entry in settings.unit if entry.id == page.unit), page.unit)
    topics = tuple(entry for entry in settings.topic if entry.id in (page.topics or ()))
    until = getattr(page, "until", None) or getattr(page, "end", None)
    return Shown(
        page=page,
        folder=path.rpartition("/")[0],
        section=path.split("/")[1],
        url=url,
        approval=approval,
        unit=unit,
        topics=topics,
        files=files,
        html=body_html(render(page.body), files, url),
        ended=page.expires_at is not None and page.expires_at <= now,
        over=until is not None and until <= now and not page.withdrawn,
    )


def body_html(html: str, files: Mapping[str, OwnFile], url: str) -> Markup:
    """A body with its own files under the page's address, pictures sized and lazy, tables that may scroll."""
    html = _OWN_FILE.sub(
        lambda found: f'{found[1]}="{url}{found[2]}"' if found[2] in files else found[0], html
    )
    html = _IMAGE_TAG.sub(lambda found: _sized(found[0], files, url), html)
    # The site's content security policy knows no inline styles.
    html = _ALIGNED.sub(r' class="\1"', html)
    html = _TABLE.sub(lambda found: f'<div class="scroll" tabindex="0">{found[0]}</div>', html)
    return mark_unfilled(html)


def _sized(tag: str, files: Mapping[str, OwnFile], url: str) -> str:
    source = _SOURCE.search(tag)
    own = files.get(source[1].removeprefix(url)) if source else None
    size = f' width="{own.width}" height="{own.height}"' if own and own.width and own.height else ""
    return f'{tag.removesuffix(">").removesuffix("/").rstrip()}{size} loading="lazy" decoding="async">'


def _own_file(name: str, data: bytes, url: str) -> OwnFile:
    picture = name.rpartition(".")[2] in ("jpg", "png", "webp", "svg")
    width, height = (pictures.size_of(data) if picture else None) or (None, None)
    return OwnFile(str(escape(name)), f"{url}{name}", len(data), width, height)


def refuse_unfit(folder: str, files: Mapping[str, bytes]) -> None:
    """``RenderingFailed`` for files that no check lets through: what could run or take a page's place."""
    for name, data in files.items():
        unfit = name != "index.md" and not MEDIA_NAME.fullmatch(name)
        if unfit or (name.endswith(".svg") and _ACTIVE.search(data)):
            raise RenderingFailed("render-file-unfit", file=f"{folder}/{name}")
