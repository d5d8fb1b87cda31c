"""Gathers what the rules need (pages, files, what is public already) and lets them judge (SOP step 3)."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.media import measure
from pipeline.repository import Repository
from sop_site.answers import Finding
from sop_site.content import SECTIONS, markdown, parse, place_of, url_of
from sop_site.content.places import MEDIA_NAME
from sop_site.rules import Around, MediaFacts, PageInput, check
from sop_site.settings import Settings

_PAGE = "index.md"
_GENERATED = ("/", "/topik/", "/bukti/", "/peta-situs/", "/feed.xml", "/feed.json", "/sitemap.xml", "/cari/")
# Files beside content/ are protected; an ordinary approval may not change them (approval protocol §1).
_CONTENT = "content/"


@dataclass(frozen=True, slots=True)
class Checked:
    """What was looked at, and everything that was found."""

    pages: tuple[str, ...]
    findings: tuple[Finding, ...]


@dataclass(slots=True)
class Source:
    """Files by repository path, wherever they come from; each is read when it is needed."""

    paths: frozenset[str]
    read: Callable[[str], bytes]
    _folders: dict[str, list[str]] = field(default_factory=dict)

    def folder(self, page: str) -> list[str]:
        """Paths beside a page."""
        if not self._folders:
            for path in sorted(self.paths):
                self._folders.setdefault(path.rpartition("/")[0], []).append(path)
        return [path for path in self._folders.get(page.rpartition("/")[0], []) if path != page]


def check_draft(repo: Repository, name: str) -> Checked:
    """What a draft would make public, at its branch's tip."""
    draft = repo.draft(name)
    return _check_change(repo, repo.base(draft.tip), draft.tip)


def check_tip(repo: Repository, base: str, tip: str) -> tuple[Finding, ...]:
    """Findings on what a commit changes against another one."""
    return _check_change(repo, base, tip).findings


def check_all(repo: Repository, commit: str, advance: Callable[[int], None] = lambda _n: None) -> Checked:
    """Every page at a commit."""
    source = at(repo, commit)
    pages = sorted(path for path in source.paths if place_of(path))
    # What lies outside content/ here was agreed on with a new policy; only a draft has to be asked about it.
    stray = _stray(path for path in source.paths if path.startswith(_CONTENT))
    return _judged(repo, source, pages, stray, {}, advance)


def check_work_tree(repo: Repository, paths: Iterable[Path]) -> Checked:
    """Pages as they lie in the work tree: files, folders, or anything within a page's folder."""
    root = repo.path.resolve()
    files = frozenset(
        path.relative_to(root).as_posix()
        for path in (root / "content").rglob("*")
        if path.is_file() and not path.is_symlink()
    )
    source = Source(files, lambda path: (root / path).read_bytes())
    wanted = [path.resolve().relative_to(root).as_posix() for path in paths]
    touched = [name for name in files if any(name == one or name.startswith(f"{one}/") for one in wanted)]
    return _judged(repo, source, _pages_of(touched, files), _stray(touched), _public(repo))


def at(repo: Repository, commit: str) -> Source:
    """The files of a commit."""
    blobs = repo.blobs(commit)
    return Source(frozenset(blobs), lambda path: repo.read(commit, path))


def _check_change(repo: Repository, base: str, tip: str) -> Checked:
    changed = repo.changed(base, tip)
    source = at(repo, tip)
    pages = _pages_of([path for path in changed if path in source.paths], source.paths)
    found = [*_stray(path for path in changed if path in source.paths), *_removed(changed, source)]
    return _judged(repo, source, pages, found, _public(repo))


def _pages_of(touched: Iterable[str], known: frozenset[str]) -> list[str]:
    """The page of every touched file, where it has one."""
    pages = {"/".join(path.split("/")[:3]) + f"/{_PAGE}" for path in touched if path.count("/") >= 3}
    return sorted(page for page in pages if page in known)


def _stray(paths: Iterable[str]) -> Iterator[Finding]:
    """Files that belong to no page: outside content/, in a wrong place, or wrongly named."""
    for path in sorted(paths):
        if not path.startswith(_CONTENT):
            if path.split("/")[0] not in ("governance",) and path.endswith((".md", ".jpg", ".png", ".pdf")):
                yield Finding("file-outside-content", "warning", path)
            continue
        parts = path.split("/")
        if len(parts) != 4 or parts[1] not in SECTIONS:
            yield Finding("file-misplaced", "error", path)
        elif parts[3] != _PAGE and not MEDIA_NAME.fullmatch(parts[3]):
            yield Finding("file-misnamed", "error", path)


def _removed(changed: Iterable[str], source: Source) -> Iterator[Finding]:
    for path in changed:
        if path not in source.paths and place_of(path):
            yield Finding("page-removed", "warning", path)


def _public(repo: Repository) -> Mapping[str, Callable[[], bytes]]:
    """What is public now, by path."""
    publish = repo.publish()
    return {path: _reader(repo, publish, path) for path in repo.blobs(publish, "content") if place_of(path)}


def _reader(repo: Repository, commit: str, path: str) -> Callable[[], bytes]:
    return lambda: repo.read(commit, path)


def _judged(
    repo: Repository,
    source: Source,
    pages: list[str],
    found: Iterable[Finding],
    public: Mapping[str, Callable[[], bytes]],
    advance: Callable[[int], None] = lambda _n: None,
) -> Checked:
    settings = repo.settings()
    around = Around(settings, frozenset(addresses(source.paths, settings)), _drafted(repo))
    findings = list(found)
    for path in pages:
        findings += _page_findings(path, source, around, public.get(path))
        advance(1)
    return Checked(tuple(pages), tuple(findings))


def _page_findings(
    path: str, source: Source, around: Around, public: Callable[[], bytes] | None
) -> Iterator[Finding]:
    parsed = parse(path, source.read(path), around.settings)
    yield from parsed.findings
    if parsed.page is None or parsed.lines is None:
        return
    before = parse(path, public(), around.settings).page if public else None
    files = {
        name: source.read(beside)
        for beside in source.folder(path)
        if MEDIA_NAME.fullmatch(name := beside.rpartition("/")[2])
    }
    media = {name: _facts(name, known) for name, known in measure(files).items()} if files else {}
    outline = markdown.outline(parsed.page.body)
    yield from check(PageInput(path, parsed.page, parsed.lines, outline, around, media, before))


def _facts(name: str, known: Mapping[str, Any]) -> MediaFacts:
    """A child's answer as a value; what it did not say counts as unknown type."""
    told = {field: known[field] for field in MediaFacts.__slots__ if field in known}
    return MediaFacts(**{"true_type": None, "size": 0, **told, "name": name})


def addresses(paths: Iterable[str], settings: Settings) -> Iterator[str]:
    """Site paths of what a tree shows: pages, their files, lists and what is generated."""
    yield from _GENERATED
    for section in SECTIONS:
        if section != "halaman":
            yield f"/{section}/"
    for topic in settings.topic:
        yield f"/topik/{topic.id}/"
    for entry in settings.menu:
        yield f"/{entry.id}/"
    for path in paths:
        parts = path.split("/")
        if len(parts) == 4 and parts[0] == "content" and parts[1] in SECTIONS:
            url = url_of("/".join(parts[:3]) + f"/{_PAGE}")
            yield url if parts[3] == _PAGE else url + parts[3]


def _drafted(repo: Repository) -> frozenset[str]:
    """Addresses of pages that stand in some draft."""
    found = set()
    for draft in repo.drafts():
        for path in repo.changed(repo.base(draft.tip), draft.tip):
            if place_of(path):
                found.add(url_of(path))
    return frozenset(found)
