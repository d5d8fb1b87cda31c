"""The site as it would be, kept up to date: read once, and after a change only what changed."""

import secrets
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from pipeline.preview.sources import Office, Sources
from sop_site import settings as office_settings
from sop_site.answers import Finding
from sop_site.content import place_of
from sop_site.content.places import MEDIA_NAME
from sop_site.errors import SettingsUnreadable, SopError
from sop_site.messages import masked, say
from sop_site.plugins.preview_pages import LANGUAGE, PageRead, PreviewPages, Stand, read_page
from sop_site.settings import Settings

SETTINGS = "site.toml"
_PAGE = "/index.md"
_AT_ONCE = 300
"""Pages that are read before the first one is served; of a larger site the rest follows behind."""
_PATIENCE = 4.0
"""Seconds that somebody waits for the rest of a large site before he is told that it comes."""
_PAUSE = 0.25
"""Seconds between two looks at the pages of the draft."""
_NEAR = 100
"""How many of them are looked at that often."""
_SHARE = 12
"""A look at all files may take one twelfth of the time, however many there are."""


class Showcase:
    """What is served at this moment, and a bell that rings when it is something else."""

    def __init__(self, office: Office, clock: Callable[[], datetime]) -> None:
        self._office, self._clock = office, clock
        self._known: dict[tuple[str, str], PageRead] = {}
        self._settings: tuple[bytes, Settings] | None = None
        self._run, self._number = secrets.token_hex(4), 0
        self._bell = threading.Condition()
        self._stopping = False
        self._whole = threading.Event()
        self._awaited = False
        self._marks = office.marks()
        self._seen = self._marks(None)
        sources = office.look()
        pages = _pages(sources)
        first = pages
        if len(pages) > _AT_ONCE:
            touched = {_folder(path) for path in _touched(sources)}
            first = {
                path: mark
                for path, mark in pages.items()
                if path.startswith("content/halaman/") or _folder(path) in touched
            }
        self.live, self.draft = sources.live, sources.draft
        self.pages = self._plan(sources, first)
        self._late = sources if len(first) < len(pages) else None
        if self._late is None:
            self._whole.set()

    @property
    def version(self) -> str:
        """Changes whenever what is shown does, and never comes again."""
        return self.pages.stand.version

    def for_address(self, url: str) -> PreviewPages | None:
        """The plan from which an address is answered; waits for the whole site where a part will not do.

        ``None`` where that takes too long for somebody who looks at an empty page.
        """
        pages = self.pages
        document = pages.documents.get(url)
        if (
            self._whole.is_set()
            or url in pages.broken
            or (document is not None and document.shown is not None)
        ):
            return pages
        if not self._whole.wait(timeout=_PATIENCE):
            self._awaited = True
            return None
        return self.pages

    def wait(self, version: str, seconds: float) -> str:
        """The version now, as soon as it is another one than ``version`` or the seconds are over."""
        with self._bell:
            self._bell.wait_for(lambda: self._stopping or self.version != version, timeout=seconds)
        return self.version

    def refresh(self) -> bool:
        """Look again; whether anything was renewed. What cannot be shown is said on every page."""
        seen = self._marks(None)
        if self._late is None and seen == self._seen:
            return False
        late, self._late = self._late, None
        if late is None:
            self._seen = seen
        try:
            sources = self._office.look() if late is None else late
            pages = self._plan(sources, _pages(sources), renew=late is None or self._awaited)
            self.live = sources.live
        except (SopError, KeyError, OSError) as error:
            trouble = _told(error)
            if trouble == self.pages.stand.trouble:
                return False
            pages = self._again(trouble)
        finally:
            self._whole.set()
        with self._bell:
            self.pages = pages
            self._bell.notify_all()
        return True

    def watch(self) -> None:
        """Refresh until ``stop``; the pauses grow with what a look costs."""
        near, due = self._near(), 0.0
        while True:
            pause = _PAUSE if self._late is None else 0
            with self._bell:
                if self._bell.wait_for(lambda: self._stopping, timeout=pause):
                    return
            began = time.monotonic()
            if near == (near := self._near()) and began < due and self._late is None:
                continue
            renewed = self.refresh()
            ended = time.monotonic()
            due = ended + (0 if renewed else (ended - began) * _SHARE)
            near = self._near() if renewed else near

    def _near(self) -> object:
        """Marks of the pages that the draft is about: where the next change will most likely be."""
        folders = sorted(self.pages.draft_folders)[:_NEAR]
        return self._marks(folders)

    def stop(self) -> None:
        """Let everybody go who waits."""
        with self._bell:
            self._stopping = True
            self._bell.notify_all()

    def _again(self, trouble: str) -> PreviewPages:
        """The same site as before under a new version, with a word on why it is not newer."""
        stand = replace(self.pages.stand, version=self._next(), trouble=trouble)
        return self.pages.standing(stand)

    def _next(self) -> str:
        self._number += 1
        return f"{self._run}-{self._number}"

    def _plan(self, sources: Sources, pages: Mapping[str, str], *, renew: bool = True) -> PreviewPages:
        settings = self._office_settings(sources)
        beside = _beside(sources.files)
        fresh = [path for path, mark in pages.items() if (path, mark) not in self._known]
        read = {path: read_page(path, data, settings) for path, data in sources.read_all(fresh)}
        known = {(path, mark): read.get(path) or self._known[path, mark] for path, mark in pages.items()}
        self._known = known
        public = {_folder(path) for path in _pages_in(sources.public)}
        here = {_folder(path) for path in _pages(sources)}
        touched = {_folder(path) for path in _touched(sources)}
        stand = Stand(
            draft=sources.draft,
            version=self._next() if renew else self.version,
            settings=settings,
            now=self._clock(),
            files=beside,
            read=sources.read,
            added=frozenset((touched & here) - public),
            changed=frozenset(touched & here & public),
            removed=frozenset(public - here),
            unsaved=bool(sources.edited),
        )
        return PreviewPages(stand, [_with_names(read, beside) for read in known.values()])

    def _office_settings(self, sources: Sources) -> Settings:
        try:
            data = sources.read(SETTINGS)
        except KeyError as error:
            raise SettingsUnreadable("settings-missing") from error
        if self._settings is None or self._settings[0] != data:
            self._settings = (data, office_settings.parse(data))
            # A page that was read may name a topic that is there no longer.
            self._known = {}
        return self._settings[1]


def _told(error: Exception) -> str:
    if isinstance(error, SopError):
        return masked(say(LANGUAGE, error.code, **error.values))
    return say(LANGUAGE, "preview-failed-text")


def _with_names(read: PageRead, beside: Mapping[str, list[str]]) -> PageRead:
    """The page, with a finding for each file beside it whose name no build would take."""
    folder = _folder(read.path)
    wrong = [name for name in beside.get(folder, ()) if not MEDIA_NAME.fullmatch(name)]
    if not wrong:
        return read
    found = [Finding("file-misnamed", "error", f"{folder}/{name}") for name in wrong]
    return PageRead(read.path, None, (*read.findings, *found))


def _pages(sources: Sources) -> dict[str, str]:
    return _pages_in(sources.files)


def _pages_in(files: Mapping[str, str]) -> dict[str, str]:
    return {path: mark for path, mark in files.items() if path.endswith(_PAGE) and place_of(path) is not None}


def _touched(sources: Sources) -> Iterable[str]:
    """Paths that are not as the public has them."""
    everything = sources.files.keys() | sources.public.keys()
    return [path for path in everything if sources.files.get(path) != sources.public.get(path)]


def _beside(files: Mapping[str, str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for path in sorted(files):
        folder, _, name = path.rpartition("/")
        if folder.count("/") == 2 and name != "index.md":
            found.setdefault(folder, []).append(name)
    return found


def _folder(path: str) -> str:
    return "/".join(path.split("/")[:3])
