"""Two versions of a page side by side: title, fields, text, files, and what that means for the public."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from sop_site.content import DATED, SECTIONS, parse, place_of, url_of
from sop_site.content.front_matter import divide
from sop_site.review import drawing
from sop_site.review.differences import Difference, compare
from sop_site.review.values import FieldChange, Words, as_moment, field_changes, kind_word

Fate = Literal["added", "changed", "removed", "moved", "withdrawn", "media"]
MediumKind = Literal["picture", "document", "video", "captions", "other"]
_KINDS: Mapping[str, MediumKind] = {
    "jpg": "picture", "png": "picture", "webp": "picture", "svg": "picture", "pdf": "document",
    "docx": "document", "xlsx": "document", "mp4": "video", "vtt": "captions",
}  # fmt: skip
_TEXT_OF_A_FILE = 60_000
"""Characters of a document's text that are compared."""


_NOTHING = Difference(())


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence of the catalogue with its values; ``grave`` ones are said first and loudly."""

    code: str
    values: Mapping[str, object] = field(default_factory=dict)
    grave: bool = False


@dataclass(frozen=True, slots=True)
class Medium:
    """A file beside a page as it was measured; ``picture`` holds the bytes that may be shown."""

    name: str
    size: int
    """Bytes."""
    width: int | None = None
    height: int | None = None
    pages: int | None = None
    seconds: float | None = None
    text: str = ""
    problem: str | None = None
    picture: bytes | None = None
    alt: str | None = None


@dataclass(frozen=True, slots=True)
class MediumChange:
    """A file beside a page before and after."""

    name: str
    kind: MediumKind
    change: Literal["added", "changed", "removed", "moved"]
    before: Medium | None
    after: Medium | None
    moved_from: str | None = None
    text: Difference = field(default=_NOTHING)
    """Of what stands in the file."""


@dataclass(frozen=True, slots=True)
class Version:
    """A page's file and what lies beside it, at one time; ``data`` is ``None`` where there is no page."""

    path: str
    data: bytes | None
    media: Mapping[str, Medium] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PageReview:
    """What a draft changes on one page."""

    path: str
    address: str
    kind: str
    """What the public calls a page of this kind."""
    fate: Fate
    before_title: str
    after_title: str
    moved_from: str | None
    fields: tuple[FieldChange, ...]
    body: Difference
    unreadable: tuple[str, ...]
    """The lines' difference, where one of the two has no form that could be compared."""
    media: tuple[MediumChange, ...]
    notes: tuple[Note, ...]

    @property
    def title(self) -> str:
        """The page's title as it would be, else as it was, else its path."""
        return self.after_title or self.before_title or drawing.discreet(self.path)


@dataclass(frozen=True, slots=True)
class _Read:
    head: Mapping[str, Any]
    body: str
    readable: bool


def compare_pages(
    before: Version, after: Version, files: Sequence[MediumChange], words: Words, now: datetime,
    difference: Sequence[str] = (), moved_from: str | None = None,
) -> PageReview:  # fmt: skip
    """Everything that differs between two versions; ``difference`` is shown where a page cannot be read."""
    path = after.path
    one, other = _read(before, words), _read(after, words)
    fate = _fate(before, after, one, other, moved_from)
    can_be_read = one.readable and other.readable
    place = place_of(path)
    return PageReview(
        path=path,
        address=url_of(path) if place else "–",
        kind=kind_word(words, place[0]) if place else "–",
        fate=fate,
        before_title=_title(one),
        after_title=_title(other),
        moved_from=moved_from,
        fields=field_changes(words, _shown(one.head), _shown(other.head)) if can_be_read else (),
        body=compare(drawing.whole_blocks(one.body), drawing.whole_blocks(other.body), drawing.drawn)
        if can_be_read
        else Difference(()),
        unreadable=() if can_be_read else tuple(map(drawing.discreet, difference)),
        media=tuple(files),
        notes=_notes(fate, place[0] if place else "", one, other, words, now),
    )


def medium_change(
    name: str, change: Literal["added", "changed", "removed"], before: Medium | None, after: Medium | None,
    moved_from: str | None = None,
) -> MediumChange:  # fmt: skip
    """A file before and after, with the difference of its text where it has one."""
    kind = _KINDS.get(name.rpartition(".")[2], "other")
    texts = [medium.text[:_TEXT_OF_A_FILE] if medium else "" for medium in (before, after)]
    told = compare(drawing.lines(texts[0]), drawing.lines(texts[1]), drawing.plain)
    return MediumChange(
        drawing.discreet(name), kind, "moved" if moved_from else change, before, after, moved_from, told
    )


def alternative_texts(data: bytes, path: str) -> dict[str, str]:
    """File name → what a page says of a picture to those who do not see it (front matter alone)."""
    head = divide(path, data).head
    if head is None:
        return {}
    values = head.values
    found = {}
    if isinstance(values.get("image"), str) and values.get("image_alt"):
        found[values["image"]] = drawing.discreet(str(values["image_alt"]))
    for photo in values.get("photos") or ():
        if isinstance(photo, Mapping) and isinstance(photo.get("file"), str) and photo.get("alt"):
            found[photo["file"]] = drawing.discreet(str(photo["alt"]))
    return found


def _read(version: Version, words: Words) -> _Read:
    if version.data is None:
        return _Read({}, "", True)
    if place_of(version.path) is None:
        return _Read({}, "", False)
    divided = divide(version.path, version.data)
    if divided.head is None or divided.findings:
        return _Read(divided.head.values if divided.head else {}, "", False)
    # What would take a drawer seconds or all its stack is shown as lines.
    told = parse(version.path, version.data, words.settings).findings
    intricate = any(finding.code == "body-too-intricate" for finding in told)
    return _Read(divided.head.values, divided.body, not intricate)


def _fate(before: Version, after: Version, one: _Read, other: _Read, moved_from: str | None) -> Fate:
    if after.data is None:
        return "removed"
    if before.data is None:
        return "added"
    if "withdrawn" in other.head and "withdrawn" not in one.head:
        return "withdrawn"
    if moved_from:
        return "moved"
    return "media" if before.data == after.data else "changed"


def _title(read: _Read) -> str:
    title = read.head.get("title")
    return drawing.discreet(" ".join(str(title).split()))[:300] if title else ""


def _shown(head: Mapping[str, Any]) -> dict[str, Any]:
    """Front matter without what is said elsewhere."""
    return {key: value for key, value in head.items() if key not in ("kind", "change_note")}


def _notes(
    fate: Fate, section: str, one: _Read, other: _Read, words: Words, now: datetime
) -> tuple[Note, ...]:
    """What it means for the public."""
    head = other.head if fate != "removed" else one.head
    found: list[Note] = []
    if section == "siaga" and fate != "removed" and "withdrawn" not in head:
        values = {
            name: drawing.discreet(words.value(name, head.get(name))) for name in ("level", "area", "until")
        }
        found.append(Note("tinjau-alert", values, grave=True))
    if fate == "removed":
        found.append(Note("tinjau-effect-removed", grave=True))
    if fate == "withdrawn":
        withdrawn = head.get("withdrawn")
        reason = withdrawn.get("reason") if isinstance(withdrawn, Mapping) else withdrawn
        found.append(Note("tinjau-effect-withdrawn", {"reason": drawing.discreet(str(reason))}, grave=True))
    if fate not in ("removed", "withdrawn"):
        found += _times(head, words, now)
        found.append(_lists(section, head, words))
    if change_note := head.get("change_note"):
        found.append(Note("tinjau-effect-change-note", {"note": drawing.discreet(str(change_note))}))
    return tuple(found)


def _times(head: Mapping[str, Any], words: Words, now: datetime) -> list[Note]:
    found = []
    for key, later, over in (
        ("publish_at", "tinjau-effect-later", None),
        ("expires_at", "tinjau-effect-until", "tinjau-effect-over"),
    ):
        value = head.get(key)
        at = value if isinstance(value, date) else as_moment(str(value))
        if at is None:
            continue
        there = _instant(at, words)
        said = {"at": words.moment(at)}
        if there is not None and there > now:
            found.append(Note(later, said))
        elif there is not None and over:
            found.append(Note(over, said, grave=True))
    return found


def _instant(at: date | datetime, words: Words) -> datetime | None:
    moment = at if isinstance(at, datetime) else datetime(at.year, at.month, at.day)  # noqa: DTZ001 - next line
    return moment if moment.tzinfo else moment.replace(tzinfo=words.zone)


def _lists(section: str, head: Mapping[str, Any], words: Words) -> Note:
    """Where a visitor comes across the page."""
    dated = {kind for kind in DATED if SECTIONS.get(section) == kind}
    named = [f"/{section}/"] if section not in ("", "halaman") else []
    topics = head.get("topics")
    named += [f"/topik/{topic}/" for topic in topics] if isinstance(topics, tuple) else []
    if dated:
        named.insert(0, "/")
    if section == "halaman" and head.get("section"):
        named.append(f"/{head['section']}/")
    shown = drawing.discreet(", ".join(map(str, named))) or "–"
    return Note("tinjau-effect-lists", {"lists": shown})
