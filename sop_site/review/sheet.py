"""The first page of a review: what a head needs to decide, as labelled words for any kind of page."""

from collections.abc import Mapping
from dataclasses import dataclass

from sop_site.review.page_changes import Medium, MediumChange
from sop_site.review.values import Words


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that may be done now, and the command that does it."""

    words: str
    command: str


@dataclass(frozen=True, slots=True)
class Told:
    """A finding, ready to be read."""

    is_error: bool
    place: str
    words: str
    advice: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything but the pages; all texts are plain and may be shown as they are."""

    title: str
    state: str
    facts: tuple[tuple[str, str], ...]
    """Label and words, in the order of reading."""
    warnings: tuple[str, ...]
    """Said first and loudly."""
    findings: tuple[Told, ...]
    remarks: tuple[str, ...]
    policy: tuple[str, ...]
    other_files: tuple[str, ...]
    more: tuple[str, ...]
    deeds: tuple[Deed, ...]
    foot: str
    is_urgent: bool = False


def size_text(size: int) -> str:
    """A file's size for people, decimal units, Indonesian comma."""
    if size < 1_000_000:
        return f"{max(1, round(size / 1000))} KB"
    return f"{size / 1_000_000:.1f} MB".replace(".", ",")


def facts_of(words: Words, medium: Medium) -> str:
    """A file's measures on one line."""
    told = [size_text(medium.size)]
    if medium.width and medium.height:
        told.append(words.say("tinjau-file-pixels", width=str(medium.width), height=str(medium.height)))
    if medium.pages is not None:
        told.append(words.say("tinjau-file-pages", pages=str(medium.pages)))
    if medium.seconds is not None:
        minutes, seconds = divmod(round(medium.seconds), 60)
        told.append(words.say("tinjau-file-length", minutes=str(minutes), seconds=str(seconds)))
    return ", ".join(told)


def fate_of(words: Words, medium: MediumChange) -> str:
    """What becomes of a file."""
    values: Mapping[str, object] = {"before": medium.moved_from or "–"}
    return words.say(f"tinjau-file-{medium.change}", **values)
