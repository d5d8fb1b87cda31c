"""Takes pictures, documents and videos into a draft: cleaned, searched, named, in one commit (SOP step 1)."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from pipeline.media import REFUSALS, Cleaned, film_boxes
from pipeline.media.batch import clean_all
from pipeline.media.gathering import Gathered, gather
from pipeline.media_finding import already_public
from pipeline.references import DraftRef
from pipeline.repository import Repository
from pipeline.submitting import author_of
from sop_site.answers import Finding, errors
from sop_site.content import place_of
from sop_site.content.editing import label, with_entry, with_paragraph, with_value
from sop_site.content.front_matter import divide
from sop_site.errors import AnswerIsNo, SopError
from sop_site.rules import gambling_words, personal_data
from sop_site.settings import UNFILLED, Settings

_FIELDS_OF_MEDIA = frozenset({"image", "image_alt", "image_credit", "file", "poster", "captions", "credit"})
_LISTS = ("photos", "files")
_CAPTIONS_LATE = 1.0
"""Seconds by which captions may outlast their film: players and programs round."""
_NAMED = 3
"""Files that a commit's title names."""


@dataclass(frozen=True, slots=True)
class Words:
    """What the operator says of the files; never invented."""

    alts: tuple[str, ...] = ()
    """Alternative texts of the pictures, in their order."""
    alt_later: bool = False
    """Whether pictures without one are taken in all the same, marked so that the check asks for it."""
    caption: str | None = None
    credit: str | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """What was taken in, or the findings that kept everything out."""

    page: str
    files: tuple[Cleaned, ...]
    """Empty where something was refused: then nothing was written."""
    findings: tuple[Finding, ...]
    commit: str | None
    side_files: int = 0
    """Passed over: hidden files, and what cameras and desktops write for themselves."""
    shortcuts: int = 0
    """Passed over: links, pipes, devices."""
    other_versions: tuple[str, ...] = ()
    """Passed over: shots of which another version was taken."""
    without_alt: tuple[str, ...] = ()
    """Pictures whose alternative text is still to be written."""


_Texts = Mapping[str, str | None]
"""Alternative text by file name; ``None`` is still to be written."""


def add(
    repo: Repository,
    name: str,
    sources: Sequence[Path],
    *,
    page_id: str | None,
    words: Words,
    keep: bool,
    at: datetime,
    advance: Callable[[float], None] = lambda _n: None,
) -> Taken:
    """Clean every file (of folders and archives: all in them), then write all of them or none.

    ``AnswerIsNo`` where it is unclear what they are for.

    Nothing reaches git, not even the operator's own unsaved text, before everything has been judged: what
    history under signatures holds cannot be taken out again.
    """
    settings = repo.settings()
    draft = repo.draft(name)
    edits = _edits(repo, draft)
    standing = {*repo.files(draft.tip, "content/"), *edits} - {p for p, data in edits.items() if data is None}
    path = _page(standing, {*repo.changed(repo.base(draft.tip), draft.tip), *edits}, page_id)
    folder = path.removesuffix("index.md")
    findings = list(_said(words, path, settings))
    with gather(sources) as gathered:
        if not gathered.files and not gathered.refused:
            raise AnswerIsNo("media-nothing-there", name=sources[0].name or str(sources[0]))
        findings += [_refused(no, shown) for shown, no in gathered.refused]
        scale = len(sources) / max(1, len(gathered.files))
        results = clean_all(gathered.files, keep=keep, advance=lambda share: advance(share * scale))
        cleaned: list[Cleaned] = []
        for source, result in zip(gathered.files, results, strict=True):
            if isinstance(result, AnswerIsNo):
                findings.append(_refused(result, source.shown))
                continue
            made = _unlike(result, standing, folder)
            standing |= {f"{folder}{part.name}" for part in _parts(made)}
            cleaned.append(made)
            findings += _searched(made, folder, settings)
    findings += already_public(repo, cleaned, folder)
    text = edits.get(path) or repo.read(draft.tip, path)
    findings += _captions_fit(cleaned, path, text, lambda name: repo.read(draft.tip, f"{folder}{name}"))
    if errors(tuple(findings)):
        return _taken(path, (), findings, None, gathered, {})
    texts = _alternative_texts(cleaned, words)
    files = {f"{folder}{part.name}": part.data for made in cleaned for part in _parts(made)}
    # A film takes minutes, in which the operator goes on writing: it is his text of now that names it.
    draft, text = _as_now(repo, name, path, files)
    changes: dict[str, bytes | None] = {path: _named(path, text, cleaned, words, texts), **files}
    local, author = at.astimezone(settings.office.zone), author_of(repo)
    saved = repo.save_pending(draft, "Simpan naskah", author, local)
    commit = repo.commit_files(
        draft.id, changes, _title(cleaned), author=author, at=local, planned_on=saved.tip
    )
    return _taken(path, tuple(cleaned), findings, commit, gathered, texts)


def _taken(
    path: str, files: tuple[Cleaned, ...], findings: Sequence[Finding], commit: str | None,
    gathered: Gathered, texts: _Texts,
) -> Taken:  # fmt: skip
    return Taken(
        path, files, tuple(findings), commit, gathered.side_files, gathered.shortcuts,
        tuple(gathered.other_versions), tuple(name for name, alt in texts.items() if not alt),
    )  # fmt: skip


def _title(cleaned: Sequence[Cleaned]) -> str:
    named = ", ".join(made.name for made in cleaned[:_NAMED])
    more = len(cleaned) - _NAMED
    return f"Tambah {named}" + (f" dan {more} berkas lain" if more > 0 else "")


def _alternative_texts(cleaned: Sequence[Cleaned], words: Words) -> _Texts:
    """Each picture's text, in their order; where some have none the operator is told which."""
    pictures = [made.name for made in cleaned if made.kind == "picture"]
    texts = [alt.strip() for alt in words.alts]
    if len(texts) > len(pictures) and pictures:
        raise AnswerIsNo("media-alts-too-many", given=len(texts), count=len(pictures))
    given = dict(zip(pictures, texts, strict=False))
    missing = [name for name in pictures if not given.get(name)]
    if missing and not words.alt_later:
        if len(pictures) == 1:
            raise AnswerIsNo("media-alt-missing", name=missing[0])
        raise AnswerIsNo("media-alts-missing", count=len(missing), names=", ".join(missing))
    return {name: given.get(name) or None for name in pictures}


def _captions_fit(
    cleaned: Sequence[Cleaned], path: str, text: bytes, read: Callable[[str], bytes]
) -> Iterator[Finding]:
    """Captions that go on after the film has ended belong to another one."""
    head = divide(path, text).head
    standing = str(head.values.get("file") or "") if head is not None else ""
    films = [made.duration for made in cleaned if made.kind == "video"]
    for made in cleaned:
        if made.kind != "captions":
            continue
        length = films[0] if films else _length(standing, read)
        if length and made.duration and made.duration > length + _CAPTIONS_LATE:
            values = {"last": round(made.duration), "length": round(length)}
            yield Finding("media-captions-longer", "error", made.name, None, values)


def _length(name: str, read: Callable[[str], bytes]) -> float | None:
    """Seconds of a film that the page has already."""
    try:
        return film_boxes.read(read(name)).duration if name.endswith(".mp4") else None
    except (SopError, ValueError, IndexError):
        return None


def _edits(repo: Repository, draft: DraftRef) -> Mapping[str, bytes | None]:
    """What the operator changed in the work tree and did not save yet."""
    if repo.checked_out() != draft.ref:
        return {}
    return {path: data for path, data in repo.pending().items() if path.startswith("content/")}


def _as_now(repo: Repository, name: str, path: str, files: Iterable[str]) -> tuple[DraftRef, bytes]:
    """The draft and the page's text at this moment; ``AnswerIsNo`` where the files have no place any more."""
    draft = repo.draft(name)
    edits = _edits(repo, draft)
    there = {*repo.files(draft.tip, path.removesuffix("index.md")), *edits}
    text = edits.get(path) if path in edits else repo.find(draft.tip, path)
    if text is None or not there.isdisjoint(files):
        raise AnswerIsNo("someone-was-faster", ref=draft.ref)
    return draft, text


def _page(standing: set[str], changed: set[str], page_id: str | None) -> str:
    """The page that the files are for: the one that was named, else the only one in the draft."""
    wanted = page_id.strip("/") if page_id is not None else None
    pages = sorted(path for path in standing if place_of(path) and (wanted is not None or path in changed))
    if wanted is not None:
        pages = [path for path in pages if f"/{wanted}/index.md" in path and wanted]
    if not pages:
        raise AnswerIsNo("media-no-page", page=page_id or "–")
    if len(pages) > 1:
        known = ", ".join("/".join(path.split("/")[1:3]) for path in pages)
        raise AnswerIsNo("media-which-page", pages=known)
    return pages[0]


def _parts(made: Cleaned) -> Iterator[Cleaned]:
    yield made
    if made.poster is not None:
        yield made.poster


def _unlike(made: Cleaned, standing: set[str], folder: str) -> Cleaned:
    """The file under a name that nothing in the folder has yet."""
    stem, _, ending = made.name.rpartition(".")
    number, name = 1, made.name
    while f"{folder}{name}" in standing:
        number += 1
        name = f"{stem}-{number}.{ending}"
    poster = _unlike(made.poster, standing, folder) if made.poster is not None else None
    return replace(made, name=name, poster=poster)


def _refused(no: AnswerIsNo, shown: str) -> Finding:
    """The door's no to one file, so that all files are answered for at once."""
    if no.code not in REFUSALS:
        raise no
    values = {key: value for key, value in no.values.items() if isinstance(value, str | int)}
    return Finding(no.code, "error", shown, None, values)


def _said(words: Words, path: str, settings: Settings) -> Iterator[Finding]:
    """Personal data in what the operator says of the files."""
    for said in filter(None, (*words.alts, words.caption, words.credit)):
        yield from personal_data.findings(said, path, settings, first_line=None)


def _searched(made: Cleaned, folder: str, settings: Settings) -> Iterator[Finding]:
    """Personal data and gambling in the file's text and name."""
    path = f"{folder}{made.name}"
    yield from personal_data.findings(made.text, path, settings, first_line=None)
    yield from personal_data.findings(made.name.replace("-", " "), path, settings, first_line=None)
    if phrases := gambling_words.phrases(made.text):
        yield Finding("gambling-phrase", "error", path, None, {"phrase": min(phrases)})
    for note in made.notes:
        yield Finding(note, "warning", path)


def _named(path: str, data: bytes, cleaned: Sequence[Cleaned], words: Words, texts: _Texts) -> bytes:
    """The page with the files named where its kind wants them, and everything else as it was written."""
    before = divide(path, data).head
    if before is None:
        raise AnswerIsNo("media-page-unreadable", path=path)
    text, kind, has_image = data.decode("utf-8"), before.values.get("kind"), bool(before.values.get("image"))
    for made in cleaned:
        text = _with_file(text, kind, has_image, made, words, texts.get(made.name))
        has_image |= made.kind == "picture"
    after = divide(path, text.encode())
    now = after.head.values if after.head is not None else {}
    kept = all(_is_kept(key, value, now) for key, value in before.values.items())
    if not kept or not all(_is_named(made.name, now, after.body) for made in cleaned):
        raise AnswerIsNo("media-page-unreadable", path=path)
    return text.encode()


def _is_kept(key: str, value: object, after: Mapping[str, object]) -> bool:
    """Whether a field says what it said before: an edit that is not understood whole is not made."""
    now = after.get(key)
    if key in _LISTS and isinstance(value, tuple):
        return isinstance(now, tuple) and now[: len(value)] == value
    return now == value or key in _LISTS or key in _FIELDS_OF_MEDIA


def _is_named(name: str, values: Mapping[str, object], body: str) -> bool:
    entries = [value for key in _LISTS for value in _entries(values.get(key))]
    return name in [*entries, *values.values()] or f"]({name})" in body


def _entries(value: object) -> list[object]:
    return (
        [entry.get("file") for entry in value if isinstance(entry, dict)] if isinstance(value, tuple) else []
    )


def _with_file(text: str, kind: object, has_image: bool, made: Cleaned, words: Words, alt: str | None) -> str:
    if made.kind == "picture":
        return _with_picture(text, kind, has_image, made, words, alt)
    if made.kind == "video" and kind == "video":
        text = with_value(text, "file", made.name)
        text = with_value(text, "poster", made.poster.name) if made.poster else text
        return with_value(text, "credit", words.credit) if words.credit else text
    if made.kind == "captions" and kind == "video":
        return with_value(text, "captions", made.name)
    title = words.caption or made.title or made.name.rpartition(".")[0].replace("-", " ").capitalize()
    if kind == "document":
        return with_entry(text, "files", {"file": made.name, "title": " ".join(title.split())})
    if made.kind == "office":
        raise AnswerIsNo("media-office-elsewhere", name=made.name)
    return with_paragraph(text, f"[{label(title)}]({made.name})")


def _with_picture(
    text: str, kind: object, has_image: bool, made: Cleaned, words: Words, alt: str | None
) -> str:
    """The page with the picture; where its text is still to be written, so that the check asks for it."""
    if kind == "gallery":
        if not words.credit:
            raise AnswerIsNo("media-credit-missing", name=made.name)
        entry = {"file": made.name, "alt": alt or UNFILLED, "credit": words.credit}
        return with_entry(text, "photos", entry | ({"caption": words.caption} if words.caption else {}))
    if has_image:
        # Without words between the brackets this is an error of the check, and that is right.
        return with_paragraph(text, f"![{label(alt or '')}]({made.name})")
    text = with_value(with_value(text, "image", made.name), "image_alt", alt or UNFILLED)
    return with_value(text, "image_credit", words.credit) if words.credit else text
