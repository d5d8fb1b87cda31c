"""Gathers what the rules need (pages, files, what is public already) and lets them judge (SOP step 3)."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path
from typing import Any
from weakref import finalize

from pipeline import checking_crew, media_facts, media_index, media_memory, signposts
from pipeline.media_facts import Wanted
from pipeline.media_index import Advance
from pipeline.media_memory import MediaMemory
from pipeline.objects import GitObjects
from pipeline.repository import Repository
from pipeline.signposts import Signposts
from sop_site.answers import Finding
from sop_site.approval.commit import format_of
from sop_site.approval.store import FILE_LIMIT, StoreFault
from sop_site.content import DATED, SECTION_OF, SECTIONS, former_paths, markdown, parse, place_of, url_of
from sop_site.content.places import MEDIA_NAME
from sop_site.rules import Around, MediaFacts, PageInput, check
from sop_site.settings import Settings

_PAGE = "index.md"
_GENERATED = (
    "/", "/topik/", "/bukti/", "/peta-situs/", "/feed.xml", "/feed.json", "/sitemap.xml", "/robots.txt",
    "/cari/", "/.well-known/sop.json",
)  # fmt: skip
_CALENDAR = "acara.ics"
_PER_PAGE = 20
_FEEDS = ("feed.xml", "feed.json")
# Files beside content/ are protected; an ordinary approval may not change them (approval protocol §1).
_CONTENT = "content/"
_DATED_SECTIONS = frozenset(SECTION_OF[kind] for kind in DATED)
_GOVERNANCE = "governance/"
_POLICY = "governance/policy.toml"
_NOT_CODE = (".md", ".jpg", ".png", ".pdf")


@dataclass(frozen=True, slots=True)
class Checked:
    """What was looked at, and everything that was found."""

    pages: tuple[str, ...]
    findings: tuple[Finding, ...]


@dataclass(slots=True, weakref_slot=True)
class Source:
    """Files by repository path, wherever they come from; each is read when it is needed."""

    paths: frozenset[str]
    read: Callable[[str], bytes]
    fingerprint: Callable[[str], str]
    """Of a file: the id of its blob, which is the same for the same bytes."""
    close: Callable[[], None] = lambda: None
    _folders: dict[str, list[str]] = field(default_factory=dict)

    def folder(self, page: str) -> list[str]:
        """Paths beside a page."""
        if not self._folders:
            for path in sorted(self.paths):
                self._folders.setdefault(path.rpartition("/")[0], []).append(path)
        return [path for path in self._folders.get(page.rpartition("/")[0], []) if path != page]


def check_draft(repo: Repository, name: str, advance: Advance = lambda _n: None) -> Checked:
    """What a draft would make public, at its branch's tip."""
    draft = repo.draft(name)
    return check_change(repo, repo.base(draft.tip), draft.tip, advance)


def check_tip(repo: Repository, base: str, tip: str) -> tuple[Finding, ...]:
    """Findings on what a commit changes against another one, every file looked into anew.

    Submission and approval hang on it: nothing that an earlier run remembered has a say in its errors.
    """
    return check_change(repo, base, tip, anew=True).findings


def check_all(
    repo: Repository,
    commit: str,
    advance: Callable[[int], None] = lambda _n: None,
    *,
    crew: int | None = None,
) -> Checked:
    """Every page at a commit; ``crew`` processes beside one another, as many as are worth it by itself."""
    with bench(repo, commit) as judge:
        paths = repo.files(commit)
        pages = sorted(path for path in paths if place_of(path))
        # What lies outside content/ was agreed on with a new policy; only a draft has to be asked about it.
        found = list(_stray((path for path in paths if path.startswith(_CONTENT)), frozenset(paths)))
        many = checking_crew.size(len(pages)) if crew is None else crew
        for count, more in checking_crew.judged(repo, commit, pages, many, judge):
            found += more
            advance(count)
    return Checked(tuple(pages), tuple(found))


@contextmanager
def bench(repo: Repository, commit: str, lanes: int | None = None) -> Iterator[checking_crew.Judge]:
    """What judges pages of a commit, some at a time, without a look at what was public before.

    ``lanes`` children measure files beside one another, by itself as many as there are cores.
    """
    with closing(at(repo, commit)) as source, _remembered(repo) as memory:
        around = _around(repo, source, None, signposts.standing(repo, commit))

        def judge(pages: Sequence[str]) -> list[Finding]:
            facts = _media(pages, source, memory, lanes)
            return [found for page in pages for found in _page_findings(page, source, around, None, facts)]

        yield judge


def check_work_tree(repo: Repository, paths: Iterable[Path], advance: Advance = lambda _n: None) -> Checked:
    """Pages as they lie in the work tree: files, folders, or anything within a page's folder."""
    root = repo.path.resolve()
    source = work_tree(repo)
    files = source.paths
    wanted = [path.resolve().relative_to(root).as_posix() for path in paths]
    touched = [
        name for name in files if any(one in (".", name) or name.startswith(f"{one}/") for one in wanted)
    ]
    return check_source(repo, source, touched, advance)


def work_tree(repo: Repository) -> Source:
    """The files under ``content/`` as they lie in the work tree; no links, which may lead anywhere."""
    root = repo.path.resolve()
    files = frozenset(
        path.relative_to(root).as_posix()
        for path in (root / "content").rglob("*")
        if path.is_file() and not path.is_symlink()
    )
    return Source(
        files, lambda path: (root / path).read_bytes(), lambda path: blob_id((root / path).read_bytes())
    )


def check_source(
    repo: Repository, source: Source, touched: Iterable[str], advance: Advance = lambda _n: None
) -> Checked:
    """The pages of the touched files, wherever they come from, against what is public."""
    present = [path for path in touched if path in source.paths]
    pages, stray = _pages_of(present, source.paths), _stray(present, source.paths)
    with closing(at(repo, repo.publish())) as public:
        return _judged(repo, source, pages, stray, public, advance)


def at(repo: Repository, commit: str) -> Source:
    """The files of a commit; git's reader ends when it is closed, at the latest when nobody holds it."""
    blobs = repo.blobs(commit)
    objects = GitObjects(repo.path, format_of(commit))

    def read(path: str) -> bytes:
        try:
            # By its id: git need not look through folders of thousands of pages again for each.
            return objects.blob(blobs[path])
        except StoreFault as fault:
            # Nothing that may be public is so large: its size alone is judged, nobody waits for its bytes.
            return bytes(FILE_LIMIT + 1) if fault.code == "LIMIT" else repo.read(commit, path)

    source = Source(frozenset(blobs), read, lambda path: blobs[path], objects.close)
    finalize(source, objects.close)
    return source


def check_change(
    repo: Repository, base: str, tip: str, advance: Advance = lambda _n: None, *, anew: bool = False
) -> Checked:
    """What a commit changes against another one, which need not be public."""
    changed = repo.changed(base, tip)
    with closing(at(repo, tip)) as source, closing(at(repo, repo.publish())) as public:
        present = [path for path in changed if path in source.paths]
        removed = [path for path in changed if path not in source.paths and place_of(path)]
        left = {beside for page in removed for beside in source.folder(page)}
        pages = _pages_of(present, source.paths)
        moved = Signposts(repo, source.paths, source.read, pages)
        found = [
            *_stray({*present, *left}, source.paths),
            *_unsealed(changed),
            *(_gone(page, moved) for page in removed),
        ]
        return _judged(repo, source, pages, found, public, advance, anew=anew)


def _gone(page: str, moved: Signposts) -> Finding:
    """A page that a change takes away: elsewhere, or for good."""
    now = moved.get(url_of(page))
    values = {"now": url_of(now)} if now else {}
    return Finding("page-moved" if now else "page-removed", "warning", page, None, values)


def _pages_of(touched: Iterable[str], known: frozenset[str]) -> list[str]:
    """The page of every touched file, where it has one."""
    pages = {"/".join(path.split("/")[:3]) + f"/{_PAGE}" for path in touched if path.count("/") >= 3}
    return sorted(page for page in pages if page in known)


def _stray(paths: Iterable[str], known: frozenset[str]) -> Iterator[Finding]:
    """Files that belong to no page: outside content/, in a wrong place, without a page, or wrongly named."""
    for path in sorted(paths):
        if not path.startswith(_CONTENT):
            if not path.startswith(_GOVERNANCE) and path.endswith(_NOT_CODE):
                yield Finding("file-outside-content", "warning", printable(path))
            continue
        parts = path.split("/")
        if len(parts) != 4 or parts[1] not in SECTIONS or "/".join((*parts[:3], _PAGE)) not in known:
            yield Finding("file-misplaced", "error", printable(path))
        elif parts[3] != _PAGE and not MEDIA_NAME.fullmatch(parts[3]):
            yield Finding("file-misnamed", "error", printable(path))


def _unsealed(changed: Sequence[str]) -> Iterator[Finding]:
    """Protected files that change under a policy that was sealed over other ones (approval protocol §3)."""
    if _POLICY not in changed:
        outside = (path for path in changed if not path.startswith((_CONTENT, _GOVERNANCE)))
        sealable = (path for path in outside if not path.endswith(_NOT_CODE))
        yield from (Finding("protected-unsealed", "warning", printable(path)) for path in sealable)


def printable(path: str) -> str:
    """A path as text, whatever bytes somebody gave it as a name."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def blob_id(data: bytes) -> str:
    """The id that git gives these bytes."""
    # Not a signature, only git's name for equal bytes.
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def _judged(
    repo: Repository,
    source: Source,
    pages: list[str],
    found: Iterable[Finding],
    public: Source,
    advance: Advance = lambda _n: None,
    *,
    anew: bool = False,
) -> Checked:
    around = _around(repo, source, public, Signposts(repo, source.paths, source.read, pages))
    with _remembered(repo) as memory:
        facts = _media(pages, source, MediaMemory(None) if anew else memory)
        if any(one.likeness for beside in facts.values() for one in beside.values()):
            files = {path: public.fingerprint(path) for path in around.public_files.values()}
            looks = media_index.looks(files, public.read, memory, advance)
            around = replace(around, public_likenesses=looks)
    findings = list(found)
    for path in pages:
        findings += _page_findings(path, source, around, public, facts)
    return Checked(tuple(pages), tuple(findings))


def _remembered(repo: Repository) -> AbstractContextManager[MediaMemory]:
    return media_memory.opened(repo.path, repo.git_folder)


def _around(repo: Repository, source: Source, public: Source | None, moved: Mapping[str, str]) -> Around:
    settings = repo.settings()
    paths = sorted(path for path in public.paths if path.startswith(_CONTENT)) if public else []
    # What this change takes from its place (a page that moves takes its files along) is no other one's.
    paths = [path for path in paths if not path.endswith(_PAGE) and path in source.paths]
    return Around(
        settings,
        frozenset(addresses(source.paths, settings)),
        _Drafted(repo),
        moved,
        public is not None,
        {public.fingerprint(path): path for path in paths} if public else {},
    )


def _page_findings(
    path: str,
    source: Source,
    around: Around,
    public: Source | None,
    media: Mapping[str, Mapping[str, MediaFacts]],
) -> Iterator[Finding]:
    parsed = parse(path, source.read(path), around.settings)
    yield from parsed.findings
    if parsed.page is None or parsed.lines is None:
        return
    before = None
    places = (path, *reversed(former_paths(path, parsed.page.moved_from)))
    if public and (place := next((one for one in places if one in public.paths), None)):
        before = parse(place, public.read(place), around.settings).page
    outline = markdown.outline(parsed.page.body)
    beside = media.get(path, {})
    yield from check(PageInput(path, parsed.page, parsed.lines, outline, around, beside, before))


def _media(
    pages: Sequence[str], source: Source, memory: MediaMemory, lanes: int | None = None
) -> dict[str, dict[str, MediaFacts]]:
    """The facts of all files beside each page, by page and name."""
    beside = {
        path: page
        for page in pages
        for path in source.folder(page)
        if MEDIA_NAME.fullmatch(path.rpartition("/")[2])
    }
    wanted = {path: Wanted(path.rpartition("/")[2], partial(source.read, path)) for path in beside}
    found: dict[str, dict[str, MediaFacts]] = {}
    for path, told in media_facts.measured(wanted, memory, at_once=lanes).items() if wanted else ():
        name = path.rpartition("/")[2]
        found.setdefault(beside[path], {})[name] = _facts(name, told, source.fingerprint(path))
    return found


def _facts(name: str, known: Mapping[str, Any], fingerprint: str) -> MediaFacts:
    """A child's answer as a value; what it did not say counts as unknown type."""
    told = {field: known[field] for field in MediaFacts.__slots__ if field in known}
    return MediaFacts(**{"true_type": None, "size": 0, **told, "name": name, "fingerprint": fingerprint})


def addresses(paths: Iterable[str], settings: Settings) -> Iterator[str]:
    """Site paths of what a tree shows: pages, their files, lists and what is generated."""
    yield from _GENERATED
    for section in SECTIONS:
        if section != "halaman":
            yield f"/{section}/"
        if section in _DATED_SECTIONS:
            yield from (f"/{section}/{name}" for name in _FEEDS)
    for topic in settings.topic:
        yield f"/topik/{topic.id}/"
    for entry in settings.menu:
        yield f"/{entry.id}/"
    counts: Counter[str] = Counter()
    for path in paths:
        parts = path.split("/")
        if len(parts) == 4 and parts[0] == "content" and parts[1] in SECTIONS:
            url = url_of("/".join(parts[:3]) + f"/{_PAGE}")
            yield url if parts[3] == _PAGE else url + parts[3]
            if parts[3] == _PAGE:
                counts[parts[1]] += 1
                if parts[1] == SECTION_OF["event"]:
                    yield url + _CALENDAR
    for section in _DATED_SECTIONS:
        yield from (f"/{section}/hal/{number}/" for number in range(1, counts[section] // _PER_PAGE))


class _Drafted:
    """Addresses of pages that stand in some draft; git is asked only when somebody wants to know."""

    def __init__(self, repo: Repository) -> None:
        self._repo = repo

    def __contains__(self, address: object) -> bool:
        return address in self._addresses

    @cached_property
    def _addresses(self) -> frozenset[str]:
        found = set()
        for draft in self._repo.drafts():
            for path in self._repo.changed(self._repo.base(draft.tip), draft.tip):
                if place_of(path):
                    found.add(url_of(path))
        return frozenset(found)
