"""Gathers what the head decides on: what approving a draft now would do to what is public (SOP step 4).

A draft that is behind is shown as its approval would leave it: merged with what is public now. Where that
cannot be merged, it is shown against the state that it was written on, and the paths in the way are named.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from pipeline import checking, left_behind, review_media
from pipeline.drafts import DraftRow
from pipeline.gitenv import GitFailed
from pipeline.repository import Repository
from pipeline.reviewing import FileChange, changes
from sop_site.answers import Finding
from sop_site.content import place_of, url_of
from sop_site.content.front_matter import PAGE_BYTES
from sop_site.messages import masked
from sop_site.queue import APPROVED
from sop_site.review.page_changes import Note, PageReview, Version, compare_pages
from sop_site.review.values import Words
from sop_site.rules import personal_data
from sop_site.settings import Settings

MOST_PAGES = 60
"""Pages shown in full; of more there are only the names, and everything stands in the JSON object."""
MOST_FILES = 2_000
"""Changed files that are read; what a draft has more is only counted, and its checks are not run here."""
_MOST_LINKS = 40
_URGENT = "content/siaga/"


@dataclass(frozen=True, slots=True)
class Compared:
    """The two states that stand side by side: commits, or the tree of a merge that nobody has made yet."""

    before: str
    after: str
    is_merged: bool = False


@dataclass(frozen=True, slots=True)
class Review:
    """What a draft changes for the public, page by page and file by file."""

    row: DraftRow
    compared: Compared
    files: tuple[FileChange, ...]
    pages: tuple[PageReview, ...]
    more: tuple[str, ...]
    """Paths of pages that are not shown in full."""
    findings: tuple[Finding, ...]
    links: tuple[Note, ...]
    """Links elsewhere on the site that would lead nowhere."""
    unreached: tuple[str, ...]
    """Changed paths that were not even read, in a draft of more than ``MOST_FILES``."""
    forwarded: frozenset[str] = frozenset()
    """Paths gone in name only: their page moved with all its files, and its old address leads to it."""

    @property
    def is_grave(self) -> bool:
        """Whether it concerns an alert: serta-merta comes before everything else."""
        return any(note.code == "tinjau-alert" for page in self.pages for note in page.notes)


def compared(repo: Repository, row: DraftRow) -> Compared:
    """What an approval now would put in the place of what."""
    if row.state in APPROVED or not row.stale or row.conflicts:
        return Compared(row.base, row.draft.tip)
    publish = repo.publish()
    merged = repo.merge(publish, row.draft.tip)
    if merged.conflicts:
        return Compared(row.base, row.draft.tip)
    return Compared(publish, merged.tree, is_merged=True)


def gather(repo: Repository, row: DraftRow, words: Words, now: datetime) -> Review:
    """Everything that the head needs to see before he decides."""
    states = compared(repo, row)
    # However much a draft holds, an alert in it is never among what is left out.
    paths = sorted(repo.changed(states.before, states.after), key=lambda path: not path.startswith(_URGENT))
    read = paths[:MOST_FILES]
    found = changes(repo, states.before, states.after, read)
    files = [_concealed(change, words.settings) for change in found]
    folders = _folders(files)
    shown = dict(list(folders.items())[:MOST_PAGES])
    media = review_media.gather(repo, states.before, states.after, shown)
    findings = _findings(repo, row, states) if len(paths) <= MOST_FILES else ()
    pages = [_page(repo, states, folder, own, media, words, now) for folder, own in shown.items()]
    pages, forwarded = _led_on(pages, files, findings)
    gone = [
        url_of(path)
        for change in files
        if change.is_page
        and change.change == "removed"
        and place_of(path := change.path)
        and path not in forwarded
    ]
    return Review(
        row, states, tuple(files), tuple(sorted(pages, key=_rank)),
        tuple(f"{folder}/index.md" for folder in list(folders)[MOST_PAGES:]),
        findings,
        tuple(_dead_links(repo, states.after, gone)),
        tuple(paths[MOST_FILES:]), forwarded,
    )  # fmt: skip


def _led_on(
    pages: Sequence[PageReview], files: Sequence[FileChange], findings: Iterable[Finding]
) -> tuple[list[PageReview], frozenset[str]]:
    """The pages without those that only moved, each told once where it arrives; and the paths it left.

    Only what the checks have found to lead on, and only where every file went along: else it is a removal.
    """
    led = {(finding.path, finding.values["now"]) for finding in findings if finding.code == "page-moved"}
    sources = {change.moved_from for change in files if change.moved_from}
    left: set[str] = set()
    for page in pages:
        if page.moved_from and (page.moved_from, page.address) in led:
            folder = page.moved_from.removesuffix("index.md")
            removed = {one.path for one in files if one.change == "removed" and one.path.startswith(folder)}
            left |= removed if removed <= sources else set()
    told = [
        replace(
            page, notes=(Note("tinjau-effect-leads-on", {"address": url_of(page.moved_from)}), *page.notes)
        )
        if page.moved_from in left
        else page
        for page in pages
        if page.path not in left
    ]
    return told, frozenset(left)


def _covered(page: bytes | None, settings: Settings) -> bytes | None:
    """A page's file without citizens' data: whoever reviews need not read them.

    Of a file that is too large for a page enough is left to be seen as such.
    """
    page = page and page[: 2 * PAGE_BYTES]
    return page and personal_data.concealed(page.decode("utf-8", "replace"), settings).encode()


def _concealed(change: FileChange, settings: Settings) -> FileChange:
    """A changed file without citizens' data: screens are photographed."""
    if change.is_protected:
        return change
    shown = personal_data.concealed("\n".join(change.difference), settings)
    difference = tuple(masked(line) for line in shown.split("\n")) if change.difference else ()
    return replace(change, difference=difference)


def _folders(files: Iterable[FileChange]) -> dict[str, list[FileChange]]:
    """Changed files by the page that they belong to; alerts first, then removed pages."""
    found: dict[str, list[FileChange]] = {}
    for change in files:
        parts = change.path.split("/")
        if parts[0] == "content" and len(parts) >= 3:
            found.setdefault("/".join(parts[:3]), []).append(change)

    def rank(item: tuple[str, list[FileChange]]) -> tuple[bool, bool]:
        removes = any(change.is_page and change.change == "removed" for change in item[1])
        return not item[0].startswith(_URGENT), not removes

    return dict(sorted(found.items(), key=rank))


def _page(
    repo: Repository, states: Compared, folder: str, files: Sequence[FileChange],
    media: review_media.Measured, words: Words, now: datetime,
) -> PageReview:  # fmt: skip
    path = f"{folder}/index.md"
    own = next((change for change in files if change.path == path), None)
    moved_from = own.moved_from if own else None
    source = moved_from or path
    before, after = repo.find(states.before, source), repo.find(states.after, path)
    told = [
        review_media.change(change, media, (before or b"", source), (after or b"", path))
        for change in files
        if change.path != path
    ]
    versions = (
        Version(source, _covered(before, words.settings)),
        Version(path, _covered(after, words.settings)),
    )
    return compare_pages(*versions, told, words, now, own.difference if own else (), moved_from)


def _rank(page: PageReview) -> tuple[int, str]:
    """Alerts first, then what goes away, then the rest by path."""
    grave = any(note.code == "tinjau-alert" for note in page.notes)
    return (0 if grave else 1 if page.fate in ("removed", "withdrawn") else 2, page.path)


def _findings(repo: Repository, row: DraftRow, states: Compared) -> tuple[Finding, ...]:
    """What ``sop approve`` would find; of an approved draft nothing is asked any more."""
    if row.state in APPROVED:
        return ()
    found = checking.check_change(repo, states.before, states.after).findings
    try:
        return (*found, *left_behind.findings(repo, row.draft.tip))
    except GitFailed:
        # A history that git cannot list is refused by the verifier, with its own words.
        return found


def _dead_links(repo: Repository, after: str, gone: Sequence[str]) -> Iterable[Note]:
    """Pages that stay and name the address of one that goes."""
    if not gone:
        return
    for address in gone[:_MOST_LINKS]:
        try:
            out = repo.ask("grep", "-l", "-z", "-F", "-e", f"({address}", after, "--", "content")
        except GitFailed as error:
            if error.returncode == 1:
                continue
            raise
        names = [
            line.partition(":")[2] for line in out.decode("utf-8", "surrogateescape").split("\0") if line
        ]
        for name in names[:_MOST_LINKS]:
            yield Note("tinjau-effect-dead-link", {"path": name, "address": address}, grave=True)
