"""Repairs pages and their files: plans all of it, looks whether it does harm, then writes (SOP step 3).

A path, or what lies in the work tree, is repaired there and left for its author to save; a draft is repaired
on its branch. Where somebody's unsaved edits of a page lie in the work tree, those are what is repaired.
"""

import difflib
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from pipeline import left_behind, worktree
from pipeline.asking_https import Asking, Said, answers_the_same
from pipeline.checking import Source, at, blob_id, check_source, work_tree
from pipeline.files import write_atomic
from pipeline.fixing_files import FixedFiles, fix_files
from pipeline.repository import Repository
from pipeline.reviewing import TEXT_ENDINGS, visible
from pipeline.submitting import author_of
from sop_site.answers import Finding
from sop_site.content import parse, place_of
from sop_site.errors import AnswerIsNo
from sop_site.fixing import Step, fix, insecure_links
from sop_site.messages import masked
from sop_site.settings import Settings

_TITLE = "Perbaiki penulisan"
_PAGE = "index.md"
_ASKING_SECONDS = 60.0
"""Longer than this nobody waits for other people's servers; what was not asked by then is told."""
_CONTEXT = 1


@dataclass(slots=True)
class Repairs:
    """What will be done, or was: nothing of it is written before all of it is known."""

    fixed: list[tuple[str, Step]] = field(default_factory=list)
    """Path and what was done there."""
    asked: list[Finding] = field(default_factory=list)
    """What is left for a person."""
    before: dict[str, bytes | None] = field(default_factory=dict)
    after: dict[str, bytes | None] = field(default_factory=dict)
    """Bytes of every changed file, ``None`` where there is none."""
    pages: int = 0
    commit: str | None = None
    """On the draft; ``None`` where nothing was committed."""

    @property
    def difference(self) -> list[str]:
        """Unified difference of all texts, control characters visible and personal data masked."""
        return [line for path in sorted(self.after) for line in self._of_one(path)]

    def _of_one(self, path: str) -> Iterator[str]:
        if not path.endswith(TEXT_ENDINGS):
            return
        old, new = (_lines(side.get(path)) for side in (self.before, self.after))
        name = visible(path)
        told = difflib.unified_diff(old, new, f"a/{name}", f"b/{name}", lineterm="", n=_CONTEXT)
        yield from (masked(line) for line in told)


def _lines(data: bytes | None) -> list[str]:
    """The lines of a text as they are compared; their ends are a step of their own, told in words.

    Compared with them, a text from Windows would be shown twice, with a mark at the end of each line.
    """
    if data is None:
        return []
    text = data.decode("utf-8", "replace").replace("\r\n", "\n")
    return [visible(line) for line in text.split("\n")]


def fix_draft(
    repo: Repository, name: str, *, at_time: datetime, asking: Asking, dry: bool,
    advance: Callable[[int], None] = lambda _n: None,
) -> Repairs:  # fmt: skip
    """Repair what a draft changes: committed on its branch, or in the work tree where unsaved edits lie."""
    draft = repo.draft(name)
    edits = {} if repo.checked_out() != draft.ref else _edits(repo)
    source = _overlaid(at(repo, draft.tip), edits)
    touched = {*repo.changed(repo.base(draft.tip), draft.tip), *edits}
    done = _planned(repo, source, touched, asking, advance)
    if dry or not done.after:
        return done
    being_edited = {path.rpartition("/")[0] for path in edits}
    here = {path: data for path, data in done.after.items() if path.rpartition("/")[0] in being_edited}
    there = {path: data for path, data in done.after.items() if path not in here}
    if there:
        local = at_time.astimezone(repo.settings().office.zone)
        author = author_of(repo)
        # Other people's servers were asked meanwhile: whoever saved something in that minute keeps it.
        done.commit = repo.commit_files(
            draft.id, there, _TITLE, author=author, at=local, planned_on=draft.tip
        )
    _write(repo, here, done.before)
    # What was repaired in a file's last state still lies in the draft's earlier commits.
    known = {(finding.code, finding.path) for finding in done.asked}
    left = left_behind.findings(repo, done.commit or draft.tip)
    done.asked += [finding for finding in left if (finding.code, finding.path) not in known]
    return done


def fix_work_tree(
    repo: Repository, touched: Iterable[str], *, asking: Asking, dry: bool,
    advance: Callable[[int], None] = lambda _n: None,
) -> Repairs:  # fmt: skip
    """Repair the pages of the touched files as they lie in the work tree; nothing is committed."""
    done = _planned(repo, work_tree(repo), touched, asking, advance)
    if not dry:
        _write(repo, done.after, done.before)
    return done


def touched_by(repo: Repository, paths: Iterable[Path]) -> list[str]:
    """Files under ``content/`` that a person named: one by one, or by a folder."""
    root = repo.path.resolve()
    wanted = [path.resolve().relative_to(root).as_posix() for path in paths]
    names = work_tree(repo).paths
    return [name for name in names if any(one in (".", name) or name.startswith(f"{one}/") for one in wanted)]


def being_worked_on(repo: Repository) -> list[str]:
    """What the branch in the work tree changes, saved or not."""
    tip = repo.tip("HEAD")
    if tip is None or repo.bare:
        raise AnswerIsNo("check-what")
    return [*repo.changed(repo.base(tip), tip), *_edits(repo)]


def _edits(repo: Repository) -> dict[str, bytes | None]:
    return {path: data for path, data in repo.pending().items() if path.startswith("content/")}


def _overlaid(source: Source, changes: Mapping[str, bytes | None]) -> Source:
    """The same files with some of them changed, put there or taken away."""
    gone = {path for path, data in changes.items() if data is None}

    def read(path: str) -> bytes:
        data = changes.get(path)
        return source.read(path) if data is None else data

    def fingerprint(path: str) -> str:
        data = changes.get(path)
        return source.fingerprint(path) if data is None else blob_id(data)

    return Source((source.paths | changes.keys()) - gone, read, fingerprint)


def _planned(
    repo: Repository, source: Source, touched: Iterable[str], asking: Asking, advance: Callable[[int], None]
) -> Repairs:
    pages = _pages(touched, source)
    texts = {page: source.read(page) for page in pages}
    if unfinished := worktree.with_conflict_marks(texts):
        raise AnswerIsNo("merge-unfinished", path=unfinished[0])
    done = Repairs(pages=len(pages))
    said = _asked_outside(texts, asking)
    for page in pages:
        _fix_page(done, page, source, said)
        advance(1)
    around = [path for page in pages for path in (page, *source.folder(page))]
    if done.after:
        _take_back_harm(repo, done, source, around, pages)
    after = _overlaid(source, done.after)
    left = check_source(repo, after, [path for page in pages for path in (page, *after.folder(page))])
    done.asked += [finding for finding in left.findings if finding not in done.asked]
    done.asked.sort(key=lambda finding: (finding.severity, finding.path, finding.line or 0))
    return done


def _pages(touched: Iterable[str], source: Source) -> list[str]:
    """The page of every touched file, where it has one."""
    pages = {"/".join([*path.split("/")[:3], _PAGE]) for path in touched}
    return sorted(page for page in pages if page in source.paths and place_of(page))


def _asked_outside(texts: Mapping[str, bytes], asking: Asking) -> dict[str, Said]:
    """What each insecure address answers over https, each asked once."""
    said: dict[str, Said] = {}
    until = time.monotonic() + _ASKING_SECONDS
    for page, data in texts.items():
        for url in insecure_links(page, data):
            if url not in said:
                said[url] = answers_the_same(url, asking) if time.monotonic() < until else "silent"
    return said


def _fix_page(done: Repairs, page: str, source: Source, said: Mapping[str, Said]) -> None:
    data = source.read(page)
    secure = [url for url, answer in said.items() if answer == "same"]
    text = fix(page, data, secure=secure)
    # Where the head cannot be found nobody knows what names a file: then the files stay as they are.
    files = fix_files(page, source) if text.is_divided else FixedFiles()
    if files.names:
        text = fix(page, data, secure=secure, names=files.names)
    changes = dict(files.changes) | ({page: text.data} if text.data != data else {})
    done.fixed += [*((page, step) for step in text.steps), *files.steps]
    done.asked += [*text.asked, *files.asked, *_unanswered(page, data, said)]
    done.after |= changes
    done.before |= {path: source.read(path) if path in source.paths else None for path in changes}


def _unanswered(page: str, data: bytes, said: Mapping[str, Said]) -> Iterator[Finding]:
    """Why an address was left as it is."""
    for url in insecure_links(page, data):
        if said[url] == "silent":
            yield Finding("fix-https-silent", "warning", page, None, {"target": masked(url)[:200]})
        elif said[url] == "other":
            yield Finding("fix-https-other", "warning", page, None, {"target": masked(url)[:200]})


def _take_back_harm(
    repo: Repository, done: Repairs, source: Source, around: list[str], pages: Iterable[str]
) -> None:
    """Undo the repairs of a page that has an error after them which it had not before."""
    settings = repo.settings()
    before = _error_codes(check_source(repo, source, around).findings)
    after = _overlaid(source, done.after)
    beside = [path for page in pages for path in (page, *after.folder(page))]
    now = _error_codes(check_source(repo, after, beside).findings)
    for page in pages:
        folder = page.removesuffix(_PAGE)
        new = now.get(folder, set()) - before.get(folder, set())
        # A page that could not be read had no chance to be judged: what now shows was there all along.
        if new and _was_readable(page, source, settings):
            done.fixed = [(path, step) for path, step in done.fixed if not path.startswith(folder)]
            for side in (done.before, done.after):
                for path in [path for path in side if path.startswith(folder)]:
                    del side[path]
            code = "fix-public-page" if new == {"change-note-missing"} else "fix-would-harm"
            done.asked.append(Finding(code, "warning", page, None, {"codes": ", ".join(sorted(new))}))


def _was_readable(page: str, source: Source, settings: Settings) -> bool:
    return parse(page, source.read(page), settings).page is not None


def _error_codes(findings: Iterable[Finding]) -> dict[str, set[str]]:
    """Codes of all errors by the folder of the page."""
    found: dict[str, set[str]] = {}
    for finding in findings:
        if finding.severity == "error":
            found.setdefault(finding.path.rpartition("/")[0] + "/", set()).add(finding.code)
    return found


def _write(repo: Repository, changes: Mapping[str, bytes | None], before: Mapping[str, bytes | None]) -> None:
    """Files first, then the pages that name them, last what nobody names any more; each in one step."""
    root = repo.path.resolve()
    for path in changes:
        file = root / path
        inside = file.parent.resolve().is_relative_to(root / "content")
        if not inside or file.is_symlink() or _bytes_of(file) != before.get(path):
            raise AnswerIsNo("work-tree-edited", path=path)
    for path in sorted(changes, key=lambda name: (changes[name] is None, name.endswith(_PAGE), name)):
        data, file = changes[path], root / path
        if data is None:
            file.unlink()
        else:
            write_atomic(file, data, file.stat().st_mode & 0o777 if file.exists() else 0o644)


def _bytes_of(file: Path) -> bytes | None:
    return file.read_bytes() if file.is_file() else None
