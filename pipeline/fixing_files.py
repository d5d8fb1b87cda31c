"""Repairs of the files beside a page: cleaned as ``sop media add`` does, and named as the site wants it."""

import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.checking import Source
from pipeline.media import REFUSALS, Cleaned, clean, identify, measure
from pipeline.media.cleaned import public_name
from sop_site.answers import Finding
from sop_site.content.places import MEDIA_NAME
from sop_site.errors import AnswerIsNo
from sop_site.fixing import Step
from sop_site.rules.media import DOCUMENT_BYTES, FILM_BYTES, PICTURE_BYTES, PICTURE_SIDE

_LIMITS = {"jpg": PICTURE_BYTES, "png": PICTURE_BYTES, "webp": PICTURE_BYTES, "svg": PICTURE_BYTES,
           "pdf": DOCUMENT_BYTES, "mp4": FILM_BYTES}  # fmt: skip
_TAKEN_IN = identify.PICTURES | identify.VIDEOS | {"pdf", "svg", "vtt"}
# Scripts in a document and films in another format: cleaning takes the one out and turns the other.
_CLEANED_AWAY = ("media-pdf-active", "media-codec")
# What stands in a folder and is no file of the page's: notes of programs, of which nobody wants a picture.
_NOT_MEDIA = (".", "~", "Thumbs.db", "desktop.ini")


@dataclass(slots=True)
class FixedFiles:
    """What becomes of the files of one folder."""

    changes: dict[str, bytes | None] = field(default_factory=dict)
    """Path → new bytes, ``None`` for one that lies under another name now."""
    names: dict[str, str] = field(default_factory=dict)
    """Old name → new name."""
    steps: list[tuple[str, Step]] = field(default_factory=list)
    """Path and what was done with it."""
    asked: list[Finding] = field(default_factory=list)


def fix_files(page: str, source: Source, advance: Callable[[int], None] = lambda _n: None) -> FixedFiles:
    """Files beside a page that are not as they should be, cleaned, made smaller and named anew."""
    found = FixedFiles()
    folder = page.removesuffix("index.md")
    beside = {path.removeprefix(folder): path for path in source.folder(page)}
    wanted = {
        name: path for name, path in beside.items() if not name.startswith(_NOT_MEDIA) and "/" not in name
    }
    data = {name: source.read(path) for name, path in wanted.items()}
    # The child knows files by harmless names only; each is measured under one of those.
    measured = (
        measure({f"f{number}": content for number, content in enumerate(data.values())}) if data else {}
    )
    taken = set(beside)
    for number, (name, content) in enumerate(data.items()):
        facts = measured[f"f{number}"]
        if facts.get("true_type") in _TAKEN_IN and not facts.get("encrypted"):
            _fix_one(found, folder, name, content, facts, taken)
        advance(1)
    return found


def _fix_one(
    found: FixedFiles, folder: str, name: str, data: bytes, facts: Mapping[str, object], taken: set[str]
) -> None:
    kind = str(facts["true_type"])
    reasons = list(_unclean(kind, facts, len(data)))
    new_name, new_data = name, data
    if reasons or kind not in identify.PUBLIC:
        try:
            made = _cleaned(name, data)
        except AnswerIsNo as no:
            if no.code not in REFUSALS:
                raise
            values = {key: value for key, value in no.values.items() if isinstance(value, str | int)}
            found.asked.append(Finding(no.code, "error", folder + name, None, values))
            return
        new_name, new_data = made.name, made.data
        if MEDIA_NAME.fullmatch(name) and name.rpartition(".")[2] == made.name.rpartition(".")[2]:
            new_name = name
    elif not MEDIA_NAME.fullmatch(name) or name.rpartition(".")[2] != kind:
        new_name = public_name(name, kind)
    if new_name != name:
        new_name = _free(new_name, taken - {name})
        taken.add(new_name)
        found.names[name] = new_name
        found.changes[folder + name] = None
        found.steps.append((folder + name, Step("fix-file-name", 1, name, new_name)))
    if new_name != name or new_data != data:
        found.changes[folder + new_name] = new_data
    if new_data != data:
        before, after = (f"{max(1, len(content) // 1000)} KB" for content in (data, new_data))
        found.steps.append((folder + name, Step("fix-file-cleaned", 1, before, after)))


def _unclean(kind: str, facts: Mapping[str, object], size: int) -> Iterable[str]:
    """Why a file has to go through cleaning."""
    if facts.get("has_metadata"):
        yield "metadata"
    if facts.get("problem") in _CLEANED_AWAY:
        yield str(facts["problem"])
    if size > _LIMITS.get(kind, size):
        yield "heavy"
    sides = [side for side in (facts.get("width"), facts.get("height")) if isinstance(side, int)]
    if kind in _LIMITS and kind not in ("pdf", "mp4", "svg") and max(sides, default=0) > PICTURE_SIDE:
        yield "large"


def _cleaned(name: str, data: bytes) -> Cleaned:
    with tempfile.TemporaryDirectory(prefix="sop-fix-") as folder:
        path = Path(folder, Path(name).name)
        path.write_bytes(data)
        return clean(path)


def _free(name: str, taken: set[str]) -> str:
    """The name, with a number where another file has it."""
    stem, _, ending = name.rpartition(".")
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{stem}-{number}.{ending}"
    return free
