"""From a file to a typed page: divide, read strictly, type, and say everything that is wrong at once."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from sop_site.answers import Finding
from sop_site.content import places
from sop_site.content.front_matter import Divided, Head, divide
from sop_site.content.kinds import KINDS, MOMENTS, ORDER, BasePage, Notice, later
from sop_site.settings import UNFILLED, Settings

# Where the exact text "belum diisi oleh kantor" may never stand (content model).
_NEVER_UNFILLED = ("kind", "title", "date", "unit", "topics")
_OWN = frozenset({"id", "body", "body_line"})
_CODES = {
    "missing": "field-missing",
    "extra_forbidden": "field-unknown",
    "string_too_short": "field-too-short",
    "string_too_long": "field-too-long",
    "too_short": "field-too-few",
    "too_long": "field-too-many",
    "blank": "field-blank",
    "many_lines": "field-many-lines",
    "no_date": "field-no-date",
    "no_own_file": "field-no-own-file",
    "literal_error": "field-not-one-of",
    "string_type": "field-not-text",
    "string_pattern_mismatch": "field-malformed",
    "alt_missing": "field-alt-missing",
    "image_alt_missing": "field-image-alt-missing",
    "consent_missing": "field-consent-missing",
    "captions_missing": "field-captions-missing",
}


_MOST_BRACKETS, _MOST_HEADINGS, _MOST_DEFINITIONS = 2_000, 1_000, 200


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
    if is_intricate(divided.body):
        return Parsed(None, (Finding("body-too-intricate", "error", path, divided.body_line),))
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


def is_intricate(body: str) -> bool:
    """Whether drawing a body would take a Markdown program seconds or all its stack: no office writes so."""
    lines = body.split("\n")
    headings = sum(line.startswith("#") for line in lines)
    definitions = sum(line.lstrip().startswith(":") for line in lines)
    return body.count("[") > _MOST_BRACKETS or headings > _MOST_HEADINGS or definitions > _MOST_DEFINITIONS


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
        Finding("field-unknown", "error", path, divided.head.line((name,)), {"field": name})
        for name in sorted(_OWN & given.keys())
    ]
    values = {**given, "id": page_id, "body": divided.body, "body_line": divided.body_line}
    try:
        model = Notice if isinstance(given.get("withdrawn"), dict) else KINDS[kind]
        page: BasePage = model.model_validate(values)
    except ValidationError as error:
        return None, own + [_finding(path, divided.head, detail) for detail in _causes(error.errors())]
    return _with_offsets(page, settings), own


def _causes(details: list[ErrorDetails]) -> Iterator[ErrorDetails]:
    """Without what only follows: a list whose one entry is faulty is not also too short."""
    places = [detail["loc"] for detail in details]
    for detail in details:
        place = detail["loc"]
        within = any(other[: len(place)] == place and other != place for other in places)
        if not (detail["type"] == "too_short" and within):
            yield detail


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


def _finding(path: str, head: Head, detail: ErrorDetails) -> Finding:
    place = detail["loc"]
    kind = detail["type"]
    code = _CODES.get(kind, "field-wrong-type")
    if kind != "missing" and detail["input"] is None:
        code = "field-blank"
    if place == ("information", "class") and detail["input"] == "dikecualikan":
        code = "information-exempt"
    context = detail.get("ctx", {})
    values: dict[str, str | int] = {"field": _name(place)}
    limit = next((context[key] for key in ("min_length", "max_length") if key in context), None)
    if limit is not None:
        values["limit"] = int(limit)
    for key in ("expected", "endings"):
        if key in context:
            values[key] = str(context[key])
    return Finding(code, "error", path, head.line(place) or 1, values)


def _name(place: tuple[str | int, ...]) -> str:
    """``photos 2: alt`` for the second picture's alternative text."""
    words = [str(part + 1) if isinstance(part, int) else part for part in place]
    return " ".join(words)[:120] or "–"


def _closed_lists(path: str, page: BasePage, head: Head, settings: Settings) -> Iterator[Finding]:
    units = {entry.id for entry in settings.unit}
    if page.unit not in units:
        yield Finding("unit-unknown", "error", path, head.line(("unit",)), {"unit": page.unit})
    topics = {entry.id for entry in settings.topic}
    for number, topic in enumerate(page.topics):
        if topic not in topics:
            yield Finding("topic-unknown", "error", path, head.line(("topics", number)), {"topic": topic})
    section = getattr(page, "section", None)
    if section is not None and section not in {entry.id for entry in settings.menu}:
        yield Finding("menu-unknown", "error", path, head.line(("section",)), {"menu": section})


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
            yield Finding(code, severity, path, head.line(place), {"field": _name(place)})  # type: ignore[arg-type]


def _leaves(value: Any, place: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _leaves(item, (*place, key))
    elif isinstance(value, tuple):
        for number, item in enumerate(value):
            yield from _leaves(item, (*place, number))
    else:
        yield place, value
