"""Finds files that the office already has, in public pages and drafts: by words, pictures by their looks."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

from pipeline import checking, media_facts, media_index, media_memory
from pipeline.checking import Source, blob_id
from pipeline.gitenv import clean_env, run_git
from pipeline.media import Cleaned
from pipeline.media_facts import Wanted
from pipeline.media_memory import MediaMemory
from pipeline.repository import Repository
from sop_site import likeness
from sop_site.answers import Finding
from sop_site.content import media_of, parse, place_of, url_of
from sop_site.content.places import MEDIA_NAME
from sop_site.media_search import Entry, folded, search
from sop_site.settings import Settings

_ROWS, _DRAFTS = "found", "drafted"
_WITH_WORDS = ("pdf", "vtt", "svg", "docx", "xlsx")
_PAGES_AT_ONCE = 200

Advance = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class _Folder:
    """A page and the files beside it, at some commit."""

    page: str
    files: tuple[str, ...]
    key: str
    """The same for the same bytes under the same settings."""


def find(repo: Repository, words: Sequence[str], advance: Advance = lambda _n: None) -> tuple[Entry, ...]:
    """Files that all words fit, the best first; ``advance`` counts what had to be learned before."""
    settings, publish = repo.settings(), repo.publish()
    with (
        closing(checking.at(repo, publish)) as public,
        media_memory.opened(repo.path, repo.git_folder) as memory,
    ):
        entries = _entries(repo, public, settings, memory, advance)
        texts = _texts(entries, public.read, memory, advance)
        for draft in repo.drafts():
            mine, said = _of_draft(repo, draft.id, draft.tip, public, settings, memory)
            entries += mine
            texts |= said
    return search(words, entries, {oid: folded(text) for oid, text in texts.items()})


def already_public(repo: Repository, cleaned: Iterable[Cleaned], folder: str) -> list[Finding]:
    """Warnings of files whose bytes, or whose picture in another version, the public knows already."""
    files = {made.name: made for made in cleaned}
    with (
        closing(checking.at(repo, repo.publish())) as public,
        media_memory.opened(repo.path, repo.git_folder) as memory,
    ):
        known = _media_of(public)
        paths = {oid: path for path, oid in sorted(known.items())}
        found = []
        wanted = {}
        for name, made in files.items():
            path = paths.get(blob_id(made.data))
            if path is not None:
                found.append(
                    Finding("media-already-public", "warning", f"{folder}{name}", None, {"known": path})
                )
            elif made.kind == "picture":
                wanted[name] = Wanted(name, partial(bytes, made.data))
        if not wanted or not known:
            return found
        looks = media_index.looks(known, public.read, memory)
        others = [item for item in looks.items() if not item[0].startswith(folder)]
        for name, facts in media_facts.measured(wanted, memory).items():
            look = facts.get("likeness")
            alike = likeness.nearest(look, others) if isinstance(look, str) else None
            if alike:
                values = {"known": alike, "page": url_of(f"{alike.rpartition('/')[0]}/index.md")}
                found.append(Finding("media-near-duplicate", "warning", f"{folder}{name}", None, values))
    return found


def _media_of(source: Source) -> dict[str, str]:
    """Path and blob id of every file beside a page."""
    return {
        path: source.fingerprint(path)
        for path in source.paths
        if path.startswith("content/") and MEDIA_NAME.fullmatch(path.rpartition("/")[2])
    }


def _entries(
    repo: Repository,
    source: Source,
    settings: Settings,
    memory: MediaMemory,
    advance: Advance,
    pages: Iterable[str] | None = None,
) -> list[Entry]:
    """Every file beside the pages of a commit; what was learned of a page's bytes is not asked again."""
    folders = list(_folders(source, settings, pages))
    known = memory.known(_ROWS, (folder.key for folder in folders))
    entries: list[Entry] = []
    for start in range(0, len(folders), _PAGES_AT_ONCE):
        part = folders[start : start + _PAGES_AT_ONCE]
        news = [folder for folder in part if not isinstance(known.get(folder.key), list)]
        sizes = _sizes(repo, [source.fingerprint(path) for folder in news for path in folder.files])
        learned = {}
        for folder in news:
            learned[folder.key] = [asdict(entry) for entry in _read(folder, source, settings, sizes)]
            advance(1)
        memory.learn(_ROWS, learned)
        rows = known | learned
        entries += [_entry(row) for folder in part for row in rows[folder.key]]
    return entries


def _entry(row: Mapping[str, Any]) -> Entry:
    return Entry(**{**row, "topics": tuple(row["topics"])})


def _folders(source: Source, settings: Settings, pages: Iterable[str] | None) -> Iterator[_Folder]:
    told = settings.model_dump_json(include={"topic", "unit", "office"})
    for page in sorted(filter(place_of, source.paths)) if pages is None else pages:
        files = tuple(path for path in source.folder(page) if MEDIA_NAME.fullmatch(path.rpartition("/")[2]))
        if files:
            beside = "".join(f"{path}\0{source.fingerprint(path)}\0" for path in (page, *files))
            key = hashlib.sha256(f"{beside}{told}".encode("utf-8", "surrogateescape")).hexdigest()
            yield _Folder(page, files, key)


def _sizes(repo: Repository, oids: Iterable[str]) -> dict[str, int]:
    """Bytes of each blob."""
    wanted = "".join(f"{oid}\n" for oid in oids)
    if not wanted:
        return {}
    out = run_git(
        ["cat-file", "--batch-check=%(objectname) %(objectsize)"],
        cwd=repo.path, input=wanted.encode(), env=clean_env(),
    )  # fmt: skip
    rows = (line.split(" ") for line in out.decode("ascii").splitlines())
    return {oid: int(size) for oid, size in rows if size.isdigit()}


def _read(folder: _Folder, source: Source, settings: Settings, sizes: Mapping[str, int]) -> Iterator[Entry]:
    """The files of one page with what the page says of them; of a page that cannot be read, their names."""
    page = parse(folder.page, source.read(folder.page), settings).page
    named = media_of(page) if page is not None else frozenset()
    topics = {entry.id: entry.name for entry in settings.topic}
    units = {entry.id: entry.name for entry in settings.unit}
    for path in folder.files:
        oid, name = source.fingerprint(path), path.rpartition("/")[2]
        plain = Entry(
            path, oid, sizes.get(oid, 0), folder.page, name, url_of(folder.page) + name, "", used=False
        )
        if page is None:
            yield plain
            continue
        said = _said(page, name)
        yield Entry(
            path, oid, plain.size, folder.page, page.title, plain.url,
            said.get("taken") or page.date.date().isoformat(),
            caption=said.get("caption") or said.get("title") or "",
            alt=said.get("alt") or "",
            credit=said.get("credit") or "",
            topics=tuple(word for topic in page.topics for word in (topic, topics.get(topic, ""))),
            unit=f"{page.unit} {units.get(page.unit, '')}",
            used=name in named,
        )  # fmt: skip


def _said(page: Any, name: str) -> dict[str, str]:
    """What the page says of a file: alternative text, caption or title, credit, day."""
    for entry in (*getattr(page, "photos", ()), *getattr(page, "files", ())):
        if entry.file == name:
            return {key: str(value) for key, value in entry if value is not None}
    if name == page.image:
        return {"alt": page.image_alt or "", "credit": page.image_credit or ""}
    if name in (getattr(page, "file", None), getattr(page, "poster", None), getattr(page, "captions", None)):
        return {"caption": page.summary, "credit": getattr(page, "credit", "")}
    before, found, _ = page.body.partition(f"]({name}")
    return {"alt": before.rpartition("[")[2]} if found else {}


def _texts(
    entries: Iterable[Entry], read: Callable[[str], bytes], memory: MediaMemory, advance: Advance
) -> dict[str, str]:
    """What files say, by blob id: documents, captions, drawings."""
    files = {entry.path: entry.blob for entry in entries if entry.name.rpartition(".")[2] in _WITH_WORDS}
    return {oid: text for oid, text in media_index.texts(files, read, memory, advance).items() if text}


def _of_draft(
    repo: Repository, draft: str, tip: str, public: Source, settings: Settings, memory: MediaMemory
) -> tuple[list[Entry], dict[str, str]]:
    """Files that a draft would add or change."""
    base = repo.base(tip)
    key = f"{base}.{tip}"
    known = memory.known(_DRAFTS, [key]).get(key)
    changed = known if isinstance(known, list) else repo.changed(base, tip)
    memory.learn(_DRAFTS, {} if changed is known else {key: changed})
    pages = {f"{path.rpartition('/')[0]}/index.md" for path in changed}
    if not any(map(place_of, pages)):
        return [], {}
    with closing(checking.at(repo, tip)) as source:
        there = sorted(page for page in pages if page in source.paths and place_of(page))
        entries = [
            Entry(**{**vars(entry), "draft": draft})
            for entry in _entries(repo, source, settings, memory, lambda _n: None, there)
            if entry.path not in public.paths or public.fingerprint(entry.path) != entry.blob
        ]
        return entries, _texts(entries, source.read, memory, lambda _n: None)
