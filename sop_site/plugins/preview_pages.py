"""Draws the site with a draft on top, one page at a time and in memory, every page marked as not approved.

No page has a proof here: a preview judges no history, so it repeats no approval either.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, tzinfo
from functools import cache
from pathlib import Path
from typing import Any, cast

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from sop_site import resources
from sop_site.answers import Finding
from sop_site.content import media_of, parse, url_of
from sop_site.errors import RenderingFailed
from sop_site.messages import as_json, say
from sop_site.plugins import frame, layout
from sop_site.plugins.layout import Card, Crumb, Document, Site
from sop_site.plugins.shown import Shown, refuse_unfit, show
from sop_site.plugins.words import Clock, t
from sop_site.publication import PageApproval
from sop_site.settings import Settings

OVERVIEW = "/_pratinjau/"
WAIT = f"{OVERVIEW}tunggu"
LANGUAGE = "id"
_PROOF = "/bukti/"
_MACHINES = (".xml", ".json", ".ics")
# Whoever asked for the word on a previewed page must fail loudly instead of showing a false one.
_NO_WORD = cast(PageApproval, None)
# Without it the page is the same, only not renewed by itself.
SCRIPT = (
    'const p=document.getElementById("pratinjau").dataset.version;const tanya=()=>fetch("'
    + WAIT
    + '?versi="+p)'
    ".then(j=>{if(!j.ok)throw j;return j.json()})"
    ".then(j=>{if(j.versi!==p)location.reload();else setTimeout(tanya,j.jeda)})"
    ".catch(()=>setTimeout(tanya,3000));tanya()"
)


_BAND_STYLE = ".band a{color:inherit}"
_DOOR_STYLE = "button{font:inherit;padding:.8em 1.4em;min-height:44px}svg{background:#fff;max-width:100%}"


@dataclass(frozen=True, slots=True)
class PageRead:
    """A page's file as it was read: the page, or what is wrong with it."""

    path: str
    page: Any
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Stand:
    """What is shown: a draft, what it changes, and how the files are read."""

    draft: str
    version: str
    settings: Settings
    now: datetime
    files: Mapping[str, Sequence[str]]
    """Page folder → names of the files beside ``index.md``."""
    read: Callable[[str], bytes]
    """Bytes of a file by its repository path."""
    added: frozenset[str] = frozenset()
    """Page folders that are not public yet."""
    changed: frozenset[str] = frozenset()
    """Public page folders in which something differs."""
    removed: frozenset[str] = frozenset()
    unsaved: bool = False
    """Whether edits of the work tree are among what is shown."""
    trouble: str = ""
    """Why the newest change is not among it."""


@dataclass(frozen=True, slots=True)
class Band:
    """What a template needs to mark a page as not approved."""

    mark: str
    lines: tuple[str, ...]
    version: str
    word: str
    overview: str = OVERVIEW
    overview_name: str = field(default_factory=lambda: _say("overview"))
    word_title: str = field(default_factory=lambda: _say("word-title"))
    script: Markup = field(default=Markup(SCRIPT))  # noqa: S704 - our own script
    script_hash: str = field(default_factory=lambda: frame.source_hash(SCRIPT))


def read_page(path: str, data: bytes, settings: Settings) -> PageRead:
    """A page's file, read as strictly as for a build."""
    parsed = parse(path, data, settings)
    found = tuple(finding for finding in parsed.findings if finding.severity == "error")
    return PageRead(path, parsed.page, found)


class PreviewPages:
    """The whole site as a plan; a page is drawn when somebody asks for it."""

    def __init__(self, stand: Stand, pages: Iterable[PageRead]) -> None:
        self.stand = stand
        self.draft_folders = stand.added | stand.changed
        self.broken: dict[str, tuple[str, tuple[Finding, ...]]] = {}
        """Address → folder and findings of a page that cannot be shown."""
        self._copies: dict[str, str] = {}
        shown = list(self._shown(pages))
        self.site, documents = self._planned(shown)
        self.documents = {document.url: document for document in documents}
        self._copy_names()
        theme = resources.theme(stand.settings.site.theme)
        self._env = _environment(theme, stand.settings.office.zone)
        self._common = frame.values(self.site, theme, self._emblem())
        # The band stays yellow in the dark, so its link must stay dark.
        style = frame.small_sheet(theme) + _BAND_STYLE
        self._common |= {"style": Markup(style), "style_hash": frame.source_hash(style)}  # noqa: S704

    def standing(self, stand: Stand) -> "PreviewPages":
        """The same plan under other words on its band."""
        same = object.__new__(PreviewPages)
        same.__dict__ |= {**self.__dict__, "stand": stand}
        return same

    def _shown(self, pages: Iterable[PageRead]) -> Iterable[Shown]:
        stand = self.stand
        for read in pages:
            folder = read.path.rpartition("/")[0]
            if read.page is None:
                self.broken[url_of(read.path)] = (folder, read.findings)
                continue
            not_due = read.page.publish_at is not None and read.page.publish_at > stand.now
            if not_due and folder not in self.draft_folders:
                # Nobody is to see it before its hour; that is no business of this draft.
                continue
            yield show(read.page, read.path, {}, _NO_WORD, stand.settings, stand.now, lambda _body: "")

    def _planned(self, shown: list[Shown]) -> tuple[Site, tuple[Document, ...]]:
        while True:
            site = Site.of(self.stand.settings, shown, self.stand.now)
            try:
                return site, layout.documents(site)
            except RenderingFailed as error:
                url = error.values.get("url")
                guilty = [one for one in shown if one.url == url and one.folder in self.draft_folders]
                if not guilty:
                    raise
                for one in guilty:
                    finding = Finding(error.code, "error", f"{one.folder}/index.md", None, {"url": str(url)})
                    self.broken[one.url] = (one.folder, (finding,))
                shown = [one for one in shown if one not in guilty]

    def _copy_names(self) -> None:
        """Address → repository path of every file that may be served; nothing else ever is."""
        for shown in self.site.pages:
            for name in self.stand.files.get(shown.folder, ()):
                self._copies[f"{shown.url}{name}"] = f"{shown.folder}/{name}"
        emblem = self.stand.settings.office.emblem
        if emblem and self._emblem() is not None:
            self._copies[f"/lambang{Path(emblem).suffix}"] = emblem

    def _emblem(self) -> Any:
        name = self.stand.settings.office.emblem
        try:
            return frame.emblem(name, self.stand.read(name)) if name else None
        except KeyError:
            return None

    def file(self, url: str) -> tuple[str, bytes] | None:
        """Name and bytes of the file at an address; ``None`` where there is none that may be served."""
        if url == "/tanda.svg":
            return "tanda.svg", frame.sign(frame.initials(self.stand.settings.office.name)).encode()
        if url == "/robots.txt":
            return "robots.txt", b"User-agent: *\nDisallow: /\n"
        path = self._copies.get(url)
        if path is None:
            return None
        data = self.stand.read(path)
        folder, _, name = path.rpartition("/")
        try:
            refuse_unfit(folder, {name: data})
        except RenderingFailed:
            return None
        return name, data

    def has(self, url: str) -> bool:
        """Whether a page of its own stands at the address."""
        return url in self.broken or url in self.documents

    def html(self, url: str) -> tuple[int, str]:
        """Status and HTML of what stands at an address; a page that cannot be drawn says why."""
        if url == OVERVIEW:
            return 200, self._draw(self._overview(), url)
        if url in self.broken:
            return 200, self._draw(self._broken(*self.broken[url]), url)
        if url.startswith(_PROOF):
            return 200, self._draw(_own("proof"), url)
        document = self.documents.get(url)
        if document is None and url.endswith(_MACHINES):
            return 404, self._draw(_own("machine"), url)
        if document is None:
            return 404, self._drawn(self.documents["/404.html"])
        if document.shown is None:
            return 200, self._drawn(document)
        return 200, self._page(document, document.shown)

    def _page(self, document: Document, light: Shown) -> str:
        """One page with its body and files."""
        folder, stand = light.folder, self.stand
        files = {name: stand.read(f"{folder}/{name}") for name in stand.files.get(folder, ())}
        path = f"{folder}/index.md"
        found = [
            Finding("preview-file-absent", "error", path, None, {"file": name})
            for name in sorted(media_of(light.page) - files.keys())
        ]
        try:
            refuse_unfit(folder, files)
        except RenderingFailed as error:
            found.append(Finding(error.code, "error", path, None, {"file": str(error.values["file"])}))
        if found:
            return self._draw(self._broken(folder, tuple(found)), document.url)
        full = show(light.page, path, files, _NO_WORD, stand.settings, stand.now)
        values = {**document.values, "shown": full, "approval": None}
        return self._drawn(replace(document, values=values, shown=full))

    def _drawn(self, document: Document) -> str:
        lines, word = [], "list"
        shown = document.shown
        if shown is not None:
            touched = shown.folder in self.draft_folders
            word = "changed" if touched else "unchanged"
            due = shown.page.publish_at
            lines += [_say("band-changed")] if touched else []
            if due is not None and due > self.stand.now:
                lines.append(_say("band-due", time=self.site.clock.moment(due)))
        return self._render(document.template, document.url, document.values, lines, word)

    def _draw(self, values: Mapping[str, Any], url: str) -> str:
        return self._render("preview", url, values, [], "list")

    def _render(
        self, template: str, url: str, values: Mapping[str, Any], lines: Iterable[str], word: str
    ) -> str:
        stand = self.stand
        said = [_say("band-draft", draft=stand.draft), *lines]
        said += [_say("band-unsaved")] if stand.unsaved else []
        said += [_say("band-trouble", why=stand.trouble)] if stand.trouble else []
        band = Band(_say("mark"), tuple(said), stand.version, _say(f"word-{word}", draft=stand.draft))
        drawn = self._env.get_template(f"{template}.html")
        return drawn.render({**self._common, "url": url, **values, "preview": band, "approval": None})

    def _overview(self) -> dict[str, Any]:
        stand = self.stand
        broken = {folder: url for url, (folder, _) in self.broken.items()}
        groups = [
            {"title": _say(f"group-{name}"), "cards": self._cards(folders - broken.keys())}
            for name, folders in (("added", stand.added), ("changed", stand.changed))
        ]
        cards = [
            Card(url, folder, "") for folder, url in sorted(broken.items()) if folder in self.draft_folders
        ]
        groups.append({"title": _say("group-broken"), "cards": cards})
        gone = [Card(url_of(f"{folder}/index.md"), folder, "") for folder in sorted(stand.removed)]
        groups.append({"title": _say("group-removed"), "cards": gone})
        groups = [group for group in groups if group["cards"]]
        lead = _say("overview-lead" if groups else "overview-none", draft=stand.draft)
        return {**_titled(_say("overview")), "paragraphs": [lead], "groups": groups}

    def _cards(self, folders: frozenset[str]) -> list[Card]:
        return [self.site.card(shown) for shown in self.site.pages if shown.folder in folders]

    def first(self) -> str:
        """Where to begin: the one page that the draft is about, else the list of all that it changes."""
        urls = [url_of(f"{folder}/index.md") for folder in self.draft_folders]
        return urls[0] if len(urls) == 1 else OVERVIEW

    def _broken(self, folder: str, findings: Sequence[Finding]) -> dict[str, Any]:
        told = []
        for finding in findings:
            said = as_json(LANGUAGE, finding)
            place = _say("broken-line", line=finding.line) if finding.line else _say("broken-whole")
            told.append({"place": place, "message": said["message"], "advice": said["advice"]})
        text = _say("broken-text", path=f"{folder}/index.md")
        return {**_titled(_say("broken-title")), "paragraphs": [text], "findings": told}

    def coming(self, url: str) -> str:
        """The page in the place of one for which more of the site has to be read first."""
        return self._draw(_own("coming"), url)

    def failed(self, url: str) -> str:
        """The page in the place of one that could not be drawn at all."""
        return self._draw(_own("failed"), url)


@cache
def _environment(theme: Path, zone: tzinfo = UTC) -> Environment:
    """The templates, which are compiled once however often a plan is renewed."""
    # Settings say ``autoescape``; all templates are HTML.
    made = Environment(loader=FileSystemLoader(theme / "templates"), **frame.ENVIRONMENT)  # noqa: S701
    made.filters.update(frame.filters(Clock(zone)))
    return made


def door(title: str, text: str, *, action: str = "", button: str = "", key: str = "", code: str = "") -> str:
    """A page that stands before the preview and shows nothing of it; ``code`` is the SVG of a QR code."""
    theme = resources.theme()
    env = _environment(theme)
    style = frame.small_sheet(theme) + _DOOR_STYLE
    values = {
        "title": title, "text": text, "action": action, "button": button, "key": key,
        "mark": _say("mark"), "code": Markup(code),  # noqa: S704 - drawn by ourselves
        "style": Markup(style), "style_hash": frame.source_hash(style),  # noqa: S704 - the theme's own sheet
    }  # fmt: skip
    return env.get_template("preview-door.html").render(values)


def _say(code: str, **values: object) -> str:
    # A number is said as it is: a line is no amount of money.
    return say(LANGUAGE, f"preview-{code}", **{name: str(value) for name, value in values.items()})


def _titled(title: str) -> dict[str, Any]:
    crumbs = (Crumb(t("home"), "/"), Crumb(title))
    return {
        "title": title, "heading": title, "description": title, "crumbs": crumbs,
        "paragraphs": (), "findings": (), "groups": (),
    }  # fmt: skip


def _own(name: str) -> dict[str, Any]:
    return {**_titled(_say(f"{name}-title")), "paragraphs": [_say(f"{name}-text")]}
