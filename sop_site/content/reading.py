"""From a file to a typed page: divide, read strictly, type, and say everything that is wrong at once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from pydantic import ValidationError

from sop_site.answers import Finding
from sop_site.content import faults, intricacy, places
from sop_site.content.front_matter import Divided, Head, divide
from sop_site.content.kinds import KINDS, MOMENTS, ORDER, BasePage, Notice, later
from sop_site.settings import UNFILLED, Settings

# Where the exact text "belum diisi oleh kantor" may never stand (content model).
_NEVER_UNFILLED = ("kind", "title", "date", "unit", "topics")
_MOST_IDS = 12


@dataclass(frozen=True, slots=True)
class Parsed:
    """The page, or why there is none; a page may come with findings of its own."""

    page: Any
    findings: tuple[Finding, ...] = ()
    lines: Head | None = None


def parse(path: str, data: bytes, settings: Settings) -> Parsed:
    """The typed page in a file's bytes; ``page`` is ``None`` where it has no readable form."""
    place = places.place_of(path)
    if place is None:
        return Parsed(None, (Finding("path-unknown", "error", path),))
    divided = divide(path, data)
    if divided.head is None:
        return Parsed(None, divided.findings)
    if what := intricacy.too_much(divided.body):
        return Parsed(
            None, (Finding("body-too-intricate", "error", path, divided.body_line, {"what": what}),)
        )
    section, page_id = place
    kind = places.SECTIONS[section]
    problems = list(_place_problems(path, divided.head, kind, page_id))
    page, wrong = _typed(path, divided, kind, page_id, settings)
    is_elsewhere = any(problem.code == "kind-elsewhere" for problem in problems)
    problems += [fault for fault in wrong if not (is_elsewhere and fault.values.get("field") == "kind")]
    if page is not None:
        problems += _closed_lists(path, page, divided.head, settings)
        problems += _order(path, page, divided.head)
        problems += _unfilled(path, divided.head)
    broken = any(finding.severity == "error" for finding in problems)
    return Parsed(None if broken else page, tuple(problems), divided.head)


def _place_problems(path: str, head: Head, kind: str, page_id: str) -> Iterator[Finding]:
    if code := places.id_problem(page_id, kind):
        yield Finding(code, "error", path, None, {"id": page_id})
    said = head.values.get("kind", kind)
    if said != kind and (said in KINDS or "withdrawn" in head.values):
        values = {"kind": str(said), "section": places.SECTION_OF.get(str(said), "–")}
        yield Finding("kind-elsewhere", "error", path, head.line(("kind",)), values)


def _typed(
    path: str, divided: Divided, kind: str, page_id: str, settings: Settings
) -> tuple[BasePage | None, list[Finding]]:
    assert divided.head is not None
    given = divided.head.values
    own = [
        faults.unknown(path, divided.head.line((name,)), kind, (name,), ())
        for name in sorted(faults.OWN & given.keys())
    ]
    values = {**given, "id": page_id, "body": divided.body, "body_line": divided.body_line}
    try:
        model = Notice if isinstance(given.get("withdrawn"), dict) else KINDS[kind]
        page: BasePage = model.model_validate(values)
    except ValidationError as error:
        return None, [*own, *faults.told(path, divided.head, kind, error.errors())]
    return _with_offsets(page, settings), own


def _with_offsets(page: BasePage, settings: Settings) -> BasePage:
    """Moments without an offset get the office's own (WITA)."""
    sign = -1 if settings.office.utc_offset[0] == "-" else 1
    hours, minutes = map(int, settings.office.utc_offset[1:].split(":"))
    zone = timezone(sign * timedelta(hours=hours, minutes=minutes))
    bare = {
        name: value.replace(tzinfo=zone)
        for name in MOMENTS
        if isinstance(value := getattr(page, name, None), datetime) and value.tzinfo is None
    }
    if page.withdrawn is not None and page.withdrawn.at.tzinfo is None:
        at = page.withdrawn.at.replace(tzinfo=zone)
        return page.model_copy(update={**bare, "withdrawn": page.withdrawn.model_copy(update={"at": at})})
    return page.model_copy(update=bare) if bare else page


def _closed_lists(path: str, page: BasePage, head: Head, settings: Settings) -> Iterator[Finding]:
    units, topics, menus = (
        [entry.id for entry in table] for table in (settings.unit, settings.topic, settings.menu)
    )
    if page.unit not in units:
        values = {"unit": page.unit, "known": _some(units)}
        yield Finding("unit-unknown", "error", path, head.line(("unit",)), values)
    for number, topic in enumerate(page.topics):
        if topic not in topics:
            values = {"topic": topic, "known": _some(topics)}
            yield Finding("topic-unknown", "error", path, head.line(("topics", number)), values)
    section = getattr(page, "section", None)
    if section is not None and section not in menus:
        values = {"menu": section, "known": _some(menus)}
        yield Finding("menu-unknown", "error", path, head.line(("section",)), values)


def _some(ids: Sequence[str]) -> str:
    """Ids for a sentence that has to end."""
    more = ", …" if len(ids) > _MOST_IDS else ""
    return ", ".join(ids[:_MOST_IDS]) + more if ids else "–"


def _order(path: str, page: BasePage, head: Head) -> Iterator[Finding]:
    for first, second, equal in ORDER:
        one, two = getattr(page, first, None), getattr(page, second, None)
        if one is not None and two is not None and not later(two, one, equal=equal):
            values = {"field": second, "before": first}
            yield Finding("field-too-early", "error", path, head.line((second,)), values)


def _unfilled(path: str, head: Head) -> Iterator[Finding]:
    """Fields that hold the exact text that only the office can replace."""
    for place, value in _leaves(head.values, ()):
        if value == UNFILLED:
            never = place[0] in _NEVER_UNFILLED
            code, severity = ("field-must-be-filled", "error") if never else ("field-unfilled", "warning")
            yield Finding(code, severity, path, head.line(place), {"field": faults.name(place)})  # type: ignore[arg-type]


def _leaves(value: Any, place: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _leaves(item, (*place, key))
    elif isinstance(value, tuple):
        for number, item in enumerate(value):
            yield from _leaves(item, (*place, number))
    else:
        yield place, value
