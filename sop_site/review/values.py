"""A page's front matter in the office's own words: labels, dates as Indonesian is written, names for ids."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Any

from babel.dates import format_date

from sop_site import messages
from sop_site.content import SECTION_OF
from sop_site.review.differences import mark
from sop_site.review.drawing import Text, discreet, plain
from sop_site.settings import Settings

_MOMENTS = frozenset(
    {"date", "publish_at", "expires_at", "start", "end", "until", "at", "issued", "made", "taken"}
)
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}(?:[Tt ]\d{2}:\d{2}(?::\d{2})?(?:Z|z|[+-]\d{2}:\d{2})?)?")
_ZONES = {7: "WIB", 8: "WITA", 9: "WIT"}


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field that differs; lists say what came and went, everything else stands before and after."""

    label: str
    before: Text | None = None
    after: Text | None = None
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    only_order: bool = False
    """A list whose entries only stand in another order."""


@dataclass(frozen=True, slots=True)
class Words:
    """How values are said: language, zone and the office's names for units, topics and menus."""

    lang: str
    zone: tzinfo
    settings: Settings

    def say(self, code: str, /, **values: object) -> str:
        """A sentence of the catalogue."""
        return messages.say(self.lang, code, **values)

    def moment(self, value: date | datetime) -> str:
        """``5 Januari 2026``, with the hour where it is not midnight."""
        if not isinstance(value, datetime):
            return str(format_date(value, "d MMMM y", locale=self.lang))
        try:
            there = value.astimezone(self.zone) if value.tzinfo else value.replace(tzinfo=self.zone)
        except OverflowError:
            # In the first or last hours that a calendar knows there is no other zone.
            return value.isoformat()
        day = str(format_date(there.date(), "d MMMM y", locale=self.lang))
        if (there.hour, there.minute) == (0, 0):
            return day
        offset = there.utcoffset()
        hours = offset.total_seconds() / 3600 if offset else 0
        zone = _ZONES.get(int(hours), f"UTC{there:%z}")
        return self.say("tinjau-moment", day=day, time=f"{there:%H.%M}", zone=zone)

    def label(self, key: str) -> str:
        """A field's label; the key itself where nobody knows it."""
        code = f"label-{key.replace('_', '-')}"
        return self.say(code) if messages.knows(self.lang, code) else key

    def value(self, key: str, value: Any) -> str:
        """A single value as people write it."""
        if isinstance(value, bool):
            return self.say("tinjau-yes" if value else "tinjau-no")
        if value is None:
            return "–"
        if isinstance(value, date):
            return self.moment(value)
        text = str(value)
        if key in _MOMENTS and (found := as_moment(text)) is not None:
            return self.moment(found)
        return self._named(key, text)

    def _named(self, key: str, text: str) -> str:
        """The office's name of an id, the public's word for one of a closed list."""
        lists = {"topics": self.settings.topic, "unit": self.settings.unit, "section": self.settings.menu}
        for entry in lists.get(key, ()):
            if entry.id == text:
                return str(getattr(entry, "name", None) or getattr(entry, "title", text))
        shape = {"level": "site-level-", "event_status": "tinjau-event-", "kind": "tinjau-kind-"}.get(key)
        code = f"{shape}{text}"
        return self.say(code) if shape and messages.knows(self.lang, code) else text


def as_moment(text: str) -> date | datetime | None:
    """A day or a moment from how front matter writes it, ``None`` for anything else."""
    if not _MOMENT.fullmatch(text.strip()):
        return None
    try:
        return (
            datetime.fromisoformat(text.strip())
            if len(text.strip()) > 10
            else date.fromisoformat(text.strip())
        )
    except ValueError:
        return None


def kind_word(words: Words, section: str) -> str:
    """What the public calls a page of this section."""
    kinds = {place: kind for kind, place in SECTION_OF.items()}
    code = f"tinjau-kind-{kinds.get(section, 'page')}"
    return words.say(code)


def field_changes(
    words: Words, before: Mapping[str, Any], after: Mapping[str, Any]
) -> tuple[FieldChange, ...]:
    """Every field that differs, in the order of the page as it would be."""
    keys = [*after, *(key for key in before if key not in after)]
    found: list[FieldChange] = []
    for key in keys:
        found += _changed(words, (key,), before.get(key), after.get(key))
    return tuple(found)


def _changed(words: Words, place: tuple[str, ...], old: Any, new: Any) -> Iterator[FieldChange]:
    if old == new and type(old) is type(new):
        return
    key, label = place[-1].partition(" ")[0], _label(words, place)
    if isinstance(old or new, Mapping) and isinstance(new or old, Mapping):
        one, other = old or {}, new or {}
        for name in [*other, *(name for name in one if name not in other)]:
            yield from _changed(words, (*place, name), one.get(name), other.get(name))
    elif _is_list_of_tables(old) or _is_list_of_tables(new):
        yield from _entries(words, place, old, new)
    elif isinstance(old, tuple) or isinstance(new, tuple):
        yield _items(words, key, label, _listed(old), _listed(new))
    else:
        one = None if old is None else plain(words.value(key, old))
        other = None if new is None else plain(words.value(key, new))
        if one is not None and other is not None:
            one, other = mark(one, other)
        yield FieldChange(label, one, other)


def _entries(words: Words, place: tuple[str, ...], old: Any, new: Any) -> Iterator[FieldChange]:
    """Pictures and files of a page: each is known by its file's name."""
    one, other = _by_name(old), _by_name(new)
    for name in [*other, *(name for name in one if name not in other)]:
        yield from _changed(words, (f"{place[-1]} {name}",), one.get(name), other.get(name))
    if set(one) == set(other) and list(one) != list(other):
        yield FieldChange(_label(words, place), only_order=True)


def _by_name(value: Any) -> dict[str, Any]:
    """Entries by file; those without a readable one, or with one that stands twice, by their place."""
    found: dict[str, Any] = {}
    for number, entry in enumerate(_listed(value), 1):
        name = str(entry.get("file", number)) if isinstance(entry, Mapping) else str(number)
        found[name if name not in found else f"{name} ({number})"] = entry
    return found


def _items(words: Words, key: str, label: str, old: tuple[Any, ...], new: tuple[Any, ...]) -> FieldChange:
    one, other = ([discreet(words.value(key, item)) for item in items] for items in (old, new))
    added, removed = tuple(x for x in other if x not in one), tuple(x for x in one if x not in other)
    return FieldChange(label, added=added, removed=removed, only_order=not added and not removed)


def _label(words: Words, place: tuple[str, ...]) -> str:
    shown = []
    for part in place:
        key, _, rest = part.partition(" ")
        shown.append(f"{words.label(key)} {rest}".strip())
    return discreet(" – ".join(shown))


def _listed(value: Any) -> tuple[Any, ...]:
    return value if isinstance(value, tuple) else () if value is None else (value,)


def _is_list_of_tables(value: Any) -> bool:
    return isinstance(value, tuple) and any(isinstance(entry, Mapping) for entry in value)
