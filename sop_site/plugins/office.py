"""The generator that draws an approved tree inside Pelican: read strictly, plan, write, note it.

Pelican's own readers skip what they cannot read and go on; here every page that was approved is read by our
strict reader, and one that cannot be read stops the build.
"""

import base64
import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from jinja2 import StrictUndefined as StrictUndefined
from markupsafe import Markup, escape
from pelican import signals
from pelican.generators import Generator

from sop_site import well_known
from sop_site.content import parse
from sop_site.content.places import MEDIA_NAME
from sop_site.errors import RenderingFailed
from sop_site.plugins import calendar_file, commands, feeds, layout, pictures, proof_pages, site_map, words
from sop_site.plugins.handover import Handover
from sop_site.plugins.layout import Document, Site
from sop_site.plugins.proof_pages import ProofPages
from sop_site.plugins.shown import DATED_SECTIONS, OwnFile, Shown, show
from sop_site.publication import HISTORY_SHOWN
from sop_site.settings import UNFILLED

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_ACTIVE = re.compile(rb"<script|<foreignobject|<!entity|javascript:|\son[a-z]+\s*=", re.IGNORECASE)
_EMBLEM_TYPES = ("svg", "png", "jpg", "webp")


class OfficeGenerator(Generator):  # type: ignore[misc]
    """Everything the site consists of; Pelican's article, page and static generators have nothing to do."""

    def generate_context(self) -> None:
        """Read every approved page and plan the site."""
        self.handover: Handover = self.settings["HANDOVER"]
        self.content = Path(self.path)
        self.withheld: list[str] = []
        try:
            self.site = Site.of(self.handover.settings, self._read(), self.handover.now)
            self.proof = ProofPages(self.site, self.handover.proof, frozenset(self.withheld))
            self.documents = layout.documents(self.site, self.proof.documents())
            self.signposts = layout.signposts(self.documents)
        except RenderingFailed as error:
            # Pelican turns every error into a line of its log; the officer's sentence needs code and values.
            self._tell({"error": {"code": error.code, "values": error.values}})
            raise
        self.env.filters.update(
            filled=words.filled,
            linked=words.linked,
            size=words.dimensions,
            day=self.site.clock.day,
            moment=self.site.clock.moment,
        )

    def _read(self) -> Iterator[Shown]:
        """The pages that are public at the hour of this build."""
        for folder, approval in self.handover.publication.pages.items():
            place = self.content.parent / folder
            files = {file.name: file.read_bytes() for file in sorted(place.iterdir()) if file.is_file()}
            _refuse_unfit(folder, files)
            path = f"{folder}/index.md"
            parsed = parse(path, files.pop("index.md"), self.handover.settings)
            if parsed.page is None:
                codes = ", ".join(sorted({finding.code for finding in parsed.findings}))
                raise RenderingFailed("render-page-unreadable", page=path, detail=codes)
            if parsed.page.publish_at is not None and parsed.page.publish_at > self.handover.now:
                self.withheld.append(folder)
                continue
            yield show(parsed.page, path, files, approval, self.handover.settings, self.handover.now)

    def generate_output(self, writer: Any) -> None:
        """Write every file of the site, and last the note for the completeness check."""
        common = self._common()
        for document in self.documents:
            template = self.get_template(document.template)
            values = {**common, "url": document.url, **document.values}
            _write(writer, document, template, {**self.context, **values})
        generated = dict(self._machine_files())
        for path, text in generated.items():
            self._put(path, text.encode())
        copied = dict(self._copied_files())
        for path, source in copied.items():
            self._put(path, (self.content.parent / source).read_bytes())
        self._note(sorted(generated), copied)

    def _common(self) -> dict[str, Any]:
        """Values that every template may rely on; a page overrides what is its own."""
        office = self.handover.settings
        style = _small(Path(self.theme, "static", "site.css").read_text(encoding="utf-8"))
        digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
        own = dict.fromkeys(
            ("shown", "approval", "menu_id", "feed", "newer", "older", "children", "crumbs", "moved_to"), None
        )
        return {
            **own,
            "t": words.t,
            "span": self.site.clock.span,
            "UNFILLED": UNFILLED,
            "HISTORY_SHOWN": HISTORY_SHOWN,
            "office": office.office,
            "office_site": office.site,
            "proof_address": proof_pages.address,
            "page_history": commands.page_history,
            "count": words.count,
            "menu": office.menu,
            "sections": layout.LIST_SECTIONS,
            "footer_pages": self._footer_pages(),
            "emblem": self._emblem(),
            "initials": initials(office.office.name),
            "style": Markup(style),  # noqa: S704 - the theme's own sheet
            "style_hash": f"sha256-{digest}",
        }

    def _footer_pages(self) -> list[dict[str, str]]:
        known = {shown.page.id: shown for shown in self.site.listed["halaman"]}
        return [
            {"url": known[name].url, "title": known[name].page.title}
            for name in layout.FOOTER_PAGES
            if name in known
        ]

    def _emblem(self) -> OwnFile | None:
        """The office's own emblem, where settings name a file that is in the approved tree."""
        name = self.handover.settings.office.emblem
        file = self.content.parent / name if name else None
        if file is None or not file.is_file() or file.suffix[1:] not in _EMBLEM_TYPES:
            return None
        data = file.read_bytes()
        width, height = pictures.size_of(data) or (None, None)
        return OwnFile(f"lambang{file.suffix}", f"/lambang{file.suffix}", len(data), width, height)

    def _machine_files(self) -> Iterator[tuple[str, str]]:
        """Path and text of everything that is not HTML and no copy."""
        office = self.handover.settings.office
        base = office.url
        newest = [s for s in self.site.pages if s.fed and s.section in layout.FEED_SECTIONS]
        lists = [("/", office.name, newest)]
        for section in DATED_SECTIONS:
            title = f"{words.t(f'section-{section}')} – {office.name}"
            lists.append((f"/{section}/", title, [s for s in self.site.listed[section] if s.fed]))
        for page, title, entries in lists:
            for name, write in (("feed.xml", feeds.atom), ("feed.json", feeds.json_feed)):
                newest = entries[: feeds.NEWEST]
                text = write(newest, title=title, base=base, path=page + name, page=page, author=office.name)
                yield page[1:] + name, text
        for shown in self.site.pages:
            if shown.section == "agenda" and shown.page.start and shown.page.end:
                entry = calendar_file.calendar(shown, base, office.name)
                for url in (shown.url, *self.signposts.get(shown.url, ())):
                    yield url[1:] + calendar_file.NAME, entry
        yield "sitemap.xml", site_map.sitemap(self._addresses(), base)
        demonstration = self.handover.settings.site.demonstration
        yield "robots.txt", site_map.robots(base, demonstration=demonstration)
        yield "tanda.svg", sign(initials(office.name))
        yield well_known.PATH, self.handover.well_known
        yield from self.proof.files()

    def _addresses(self) -> Iterator[tuple[str, datetime | None]]:
        for document in self.documents:
            if document.mapped:
                yield document.url, document.shown.approval.time if document.shown else None

    def _copied_files(self) -> Iterator[tuple[str, str]]:
        """Output path → path in the approved tree, for every file that is published as it stands."""
        for shown in self.site.pages:
            for name in shown.files:
                yield f"{shown.url[1:]}{name}", f"{shown.folder}/{name}"
            # Letters and other sites name a document's file itself; no page can send those readers on.
            for url in self.signposts.get(shown.url, ()) if shown.section == "dokumen" else ():
                for file in () if shown.page.withdrawn else shown.downloads:
                    yield f"{url[1:]}{file.name}", f"{shown.folder}/{file.name}"
        emblem = self._emblem()
        if emblem is not None:
            yield emblem.name, str(self.handover.settings.office.emblem)

    def _put(self, path: str, data: bytes) -> None:
        target = Path(self.output_path, path)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)

    def _note(self, generated: list[str], copied: dict[str, str]) -> None:
        """Tell the completeness check what stands where; it trusts nothing of this that it can see itself."""
        drawn = [document.path for document in self.documents if document.shown is None]
        note = {
            "pages": {doc.shown.folder: doc.path for doc in self.documents if doc.shown is not None},
            "withheld": self.withheld,
            "generated": sorted([*generated, *drawn]),
            "copied": copied,
        }
        self._tell(note)

    def _tell(self, note: dict[str, Any]) -> None:
        if self.handover.report is not None:
            self.handover.report.write_text(json.dumps(note), encoding="utf-8")


def _refuse_unfit(folder: str, files: Mapping[str, bytes]) -> None:
    """``RenderingFailed`` for files that no check lets through: what could run or take a page's place."""
    for name, data in files.items():
        unfit = name != "index.md" and not MEDIA_NAME.fullmatch(name)
        if unfit or (name.endswith(".svg") and _ACTIVE.search(data)):
            raise RenderingFailed("render-file-unfit", file=f"{folder}/{name}")


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


def _small(sheet: str) -> str:
    """The style sheet without comments, indents and line ends."""
    return "".join(line.strip() for line in _COMMENT.sub("", sheet).splitlines())


def _write(writer: Any, document: Document, template: Any, values: dict[str, Any]) -> None:
    values["localsiteurl"] = ""
    writer.write_file(document.path, template, values)


def generators(_pelican: object) -> type[Generator]:
    """Answer to Pelican's question which generators to run."""
    return OfficeGenerator


def register() -> None:
    """Called by Pelican. The handler stands at module level: Pelican holds it weakly."""
    signals.get_generators.connect(generators)
