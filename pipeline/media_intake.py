"""Takes pictures, documents and videos into a draft: cleaned, searched, named, in one commit (SOP step 1)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from pipeline.media import Cleaned, clean
from pipeline.repository import Repository
from pipeline.submitting import author_of
from sop_site.answers import Finding, errors
from sop_site.content import place_of
from sop_site.content.editing import with_entry, with_paragraph, with_value
from sop_site.content.front_matter import divide
from sop_site.errors import AnswerIsNo
from sop_site.rules import gambling, personal_data
from sop_site.settings import Settings


@dataclass(frozen=True, slots=True)
class Words:
    """What the operator says of the files; never invented."""

    alt: str | None = None
    caption: str | None = None
    credit: str | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """What was taken in, or the findings that kept everything out."""

    page: str
    files: tuple[Cleaned, ...]
    findings: tuple[Finding, ...]
    commit: str | None


def add(
    repo: Repository,
    name: str,
    sources: Sequence[Path],
    *,
    page_id: str | None,
    words: Words,
    keep: bool,
    at: datetime,
    advance: Callable[[int], None] = lambda _n: None,
) -> Taken:
    """Clean every file, then write all of them or none; ``AnswerIsNo`` where one cannot be made fit."""
    settings = repo.settings()
    local = at.astimezone(settings.office.zone)
    author = author_of(repo)
    draft = repo.save_pending(repo.draft(name), "Simpan naskah", author, local)
    path = _page(repo, draft.tip, repo.base(draft.tip), page_id)
    folder = path.removesuffix("index.md")
    known = set(repo.files(draft.tip, folder))
    cleaned: list[Cleaned] = []
    for source in sources:
        made = _unlike(clean(source, keep=keep), known, folder)
        known |= {f"{folder}{part.name}" for part in (made, made.poster) if part}
        cleaned.append(made)
        advance(1)
    findings = tuple(found for made in cleaned for found in _searched(made, folder, settings))
    if errors(findings):
        return Taken(path, tuple(cleaned), findings, None)
    text = repo.read(draft.tip, path).decode("utf-8", "replace")
    for made in cleaned:
        text = _named(text, path, made, words)
    changes: dict[str, bytes | None] = {path: text.encode()}
    for made in cleaned:
        changes |= {f"{folder}{part.name}": part.data for part in (made, made.poster) if part}
    title = "Tambah " + ", ".join(made.name for made in cleaned)
    commit = repo.commit_files(draft.id, changes, title, author=author, at=local)
    return Taken(path, tuple(cleaned), findings, commit)


def _page(repo: Repository, tip: str, base: str, page_id: str | None) -> str:
    """The page that the files are for: the one that was named, else the only one in the draft."""
    if page_id is not None:
        pages = [p for p in repo.files(tip, "content/") if place_of(p) and p.split("/")[2] == page_id]
    else:
        pages = [p for p in repo.changed(base, tip) if place_of(p) and repo.find(tip, p) is not None]
    if not pages:
        raise AnswerIsNo("media-no-page", page=page_id or "–")
    if len(pages) > 1:
        raise AnswerIsNo("media-which-page", pages=", ".join(p.split("/")[2] for p in pages))
    return pages[0]


def _unlike(made: Cleaned, known: set[str], folder: str) -> Cleaned:
    """The file under a name that nothing in the folder has yet."""
    stem, _, ending = made.name.rpartition(".")
    number, name = 1, made.name
    while f"{folder}{name}" in known:
        number += 1
        name = f"{stem}-{number}.{ending}"
    return replace(made, name=name)


def _searched(made: Cleaned, folder: str, settings: Settings) -> list[Finding]:
    """Personal data and gambling in the file's text; history cannot be cleaned afterwards."""
    path = f"{folder}{made.name}"
    found = list(personal_data.findings(made.text, path, settings, first_line=None))
    found += personal_data.findings(made.name.replace("-", " "), path, settings, first_line=None)
    if phrases := gambling.phrases(made.text):
        found.append(Finding("gambling-phrase", "error", path, None, {"phrase": min(phrases)}))
    found += [Finding(note, "warning", path) for note in made.notes]
    return found


def _named(text: str, path: str, made: Cleaned, words: Words) -> str:
    """The page's text with the file named where its kind wants it."""
    head = divide(path, text.encode()).head
    if head is None:
        raise AnswerIsNo("media-page-unreadable", path=path)
    kind = head.values.get("kind")
    if made.kind == "picture":
        return _with_picture(text, kind, "image" in head.values, made, words)
    if made.kind == "video" and kind == "video":
        text = with_value(
            with_value(text, "file", made.name), "poster", made.poster.name if made.poster else ""
        )
        return with_value(text, "credit", words.credit) if words.credit else text
    if made.kind == "captions" and kind == "video":
        return with_value(text, "captions", made.name)
    title = words.caption or made.title or made.name.rpartition(".")[0].replace("-", " ").capitalize()
    if kind == "document":
        return with_entry(text, "files", {"file": made.name, "title": title})
    if made.kind == "office":
        raise AnswerIsNo("media-office-elsewhere", name=made.name)
    return with_paragraph(text, f"[{title}]({made.name})")


def _with_picture(text: str, kind: object, has_image: bool, made: Cleaned, words: Words) -> str:
    if not words.alt:
        raise AnswerIsNo("media-alt-missing", name=made.name)
    if kind == "gallery":
        if not words.credit:
            raise AnswerIsNo("media-credit-missing", name=made.name)
        entry = {"file": made.name, "alt": words.alt, "credit": words.credit}
        return with_entry(text, "photos", entry | ({"caption": words.caption} if words.caption else {}))
    if has_image:
        return with_paragraph(text, f"![{words.alt}]({made.name})")
    text = with_value(with_value(text, "image", made.name), "image_alt", words.alt)
    return with_value(text, "image_credit", words.credit) if words.credit else text
