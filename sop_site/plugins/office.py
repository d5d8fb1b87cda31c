"""The generator that draws an approved tree inside Pelican: read strictly, plan, write, note it.

Pelican's own readers skip what they cannot read and go on; here every page that was approved is read by our
strict reader, and one that cannot be read stops the build.
"""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from pelican import signals
from pelican.generators import Generator

from sop_site import well_known
from sop_site.content import parse
from sop_site.errors import RenderingFailed
from sop_site.plugins import calendar_file, feeds, frame, layout, site_map, words
from sop_site.plugins.handover import Handover
from sop_site.plugins.layout import Document, Site
from sop_site.plugins.proof_pages import ProofPages
from sop_site.plugins.shown import DATED_SECTIONS, OwnFile, Shown, refuse_unfit, show


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
        self.env.filters.update(frame.filters(self.site.clock))

    def _read(self) -> Iterator[Shown]:
        """The pages that are public at the hour of this build."""
        for folder, approval in self.handover.publication.pages.items():
            place = self.content.parent / folder
            files = {file.name: file.read_bytes() for file in sorted(place.iterdir()) if file.is_file()}
            refuse_unfit(folder, files)
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
        common = frame.values(self.site, Path(self.theme), self._emblem())
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

    def _emblem(self) -> OwnFile | None:
        """The office's own emblem, where settings name a file that is in the approved tree."""
        name = self.handover.settings.office.emblem
        file = self.content.parent / name if name else None
        return frame.emblem(name, file.read_bytes()) if name and file and file.is_file() else None

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
        yield "tanda.svg", frame.sign(frame.initials(office.name))
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


def _write(writer: Any, document: Document, template: Any, values: dict[str, Any]) -> None:
    values["localsiteurl"] = ""
    writer.write_file(document.path, template, values)


def generators(_pelican: object) -> type[Generator]:
    """Answer to Pelican's question which generators to run."""
    return OfficeGenerator


def register() -> None:
    """Called by Pelican. The handler stands at module level: Pelican holds it weakly."""
    signals.get_generators.connect(generators)
