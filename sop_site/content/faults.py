"""What is wrong with a field, told by its label, its line and a sentence of its own.

The types say no in the words of their library; here each of these becomes a finding that an operator can
mend. An error of the library that nobody has put into words here is a mistake of the program.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from pydantic_core import ErrorDetails

from sop_site import messages
from sop_site.answers import Finding
from sop_site.content import fields
from sop_site.content.front_matter import Head
from sop_site.content.kinds import KINDS

Place = tuple[str | int, ...]

CODES: Mapping[str, str] = {
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
    "string_pattern_mismatch": "field-no-address",
    "tuple_type": "field-not-list",
    "model_type": "field-not-group",
    "bool_type": "field-not-yes-no",
    "int_type": "field-not-whole-number",
    "float_type": "field-not-number",
    "greater_than_equal": "field-out-of-range",
    "less_than_equal": "field-out-of-range",
    "alt_missing": "field-alt-missing",
    "image_alt_missing": "field-image-alt-missing",
    "consent_missing": "field-consent-missing",
    "captions_missing": "field-captions-missing",
}
"""Error of the library, or of our own types, to the code of its sentence."""
# Errors of several fields together: the field that is missing, and the one beside which it belongs.
_ABOUT = {
    "alt_missing": ("alt", "file"),
    "image_alt_missing": ("image_alt", "image"),
    "consent_missing": ("consent", "children"),
    "captions_missing": ("captions", "file"),
}
_ALLOWED = re.compile(r"'([^']*)'")
_LANGUAGE: messages.Language = "id"
_LONGEST_NAME = 120
_LONGEST_VALUE = 60


def told(path: str, head: Head, kind: str, details: Sequence[ErrorDetails]) -> Iterator[Finding]:
    """Every error as a finding; what only follows from another one is left out."""
    for detail in _causes(details):
        yield _finding(path, head, kind, detail)


def name(place: Place) -> str:
    """``photos 2 alt`` for the second picture's alternative text."""
    words = [str(part + 1) if isinstance(part, int) else part for part in place]
    return " ".join(words)[:_LONGEST_NAME] or "–"


def unknown(path: str, line: int | None, kind: str, place: Place, known: Sequence[str]) -> Finding:
    """A key that the kind does not have: misspelled, in Bahasa Indonesia, of another kind, or nobody's."""
    key = str(place[-1])
    values: dict[str, str | int] = {"field": name(place)}
    if meant := _meant(key, known, str(place[-2 - isinstance(place[-2], int)]) if len(place) > 1 else ""):
        said = messages.label(_LANGUAGE, meant)
        return Finding("field-misspelled", "error", path, line, {**values, "meant": meant, "label": said})
    owners = [other for other, model in KINDS.items() if key in _keys(model)] if len(place) == 1 else []
    if owners and key not in OWN:
        kinds = ", ".join(messages.say(_LANGUAGE, f"kind-{owner}") for owner in owners)
        said = messages.say(_LANGUAGE, f"kind-{kind}")
        return Finding("field-of-other-kind", "error", path, line, {**values, "kind": said, "kinds": kinds})
    return Finding("field-unknown", "error", path, line, values)


OWN = frozenset({"id", "body", "body_line"})
"""Fields of the types that come from the file and not from its head."""


def _keys(model: Any) -> list[str]:
    return [field.alias or key for key, field in model.model_fields.items() if key not in OWN]


def _meant(key: str, known: Sequence[str], within: str) -> str | None:
    """The key that was probably meant: its label was written, or a letter slipped."""
    plain = " ".join(re.split(r"[\s_-]+", key.lower()))
    for candidate in known:
        if plain and plain == messages.label(_LANGUAGE, candidate, within).lower():
            return candidate
    near = get_close_matches(plain.replace(" ", "_"), known, n=1, cutoff=0.75)
    return near[0] if near and near[0] != key else None


def _causes(details: Sequence[ErrorDetails]) -> Iterator[ErrorDetails]:
    """Without what only follows: a list whose one entry is faulty is not also too short."""
    places = [detail["loc"] for detail in details]
    for detail in details:
        place = detail["loc"]
        within = any(other[: len(place)] == place and other != place for other in places)
        if not (detail["type"] == "too_short" and within):
            yield detail


def _finding(path: str, head: Head, kind: str, detail: ErrorDetails) -> Finding:
    place, error, given = detail["loc"], detail["type"], detail["input"]
    if error in _ABOUT:
        missing, beside = _ABOUT[error]
        line = head.line((*place, beside)) or 1
        return Finding(CODES[error], "error", path, line, {"field": name((*place, missing))})
    line = head.line(place) or 1
    model = _model_at(kind, place[:-1])
    if error == "extra_forbidden":
        return unknown(path, line, kind, place, _keys(model) if model else [])
    code, values = _said(detail, model)
    if error != "missing" and given is None:
        code, values = "field-blank", {}
    if place == ("information", "class") and given == "dikecualikan":
        code = "information-exempt"
    return Finding(code, "error", path, line, {"field": name(place), **values})


def _said(detail: ErrorDetails, model: Any) -> tuple[str, dict[str, str | int]]:
    """Code and values of one error."""
    error, given, context = detail["type"], detail["input"], detail.get("ctx", {})
    code = CODES[error]
    match code:
        case "field-too-short" | "field-too-long" | "field-too-few" | "field-too-many":
            limit = next(context[key] for key in ("min_length", "max_length") if key in context)
            return code, {"limit": int(limit), "have": len(given) if isinstance(given, str | tuple) else 0}
        case "field-not-one-of":
            return code, {"expected": ", ".join(_ALLOWED.findall(str(context["expected"])))}
        case "field-no-own-file":
            return code, {"endings": str(context["endings"])}
        case "field-no-date":
            return code, {"shape": str(context["shape"])}
        case "field-not-text" if isinstance(given, dict | tuple):
            return "field-text-not-list", {}
        case "field-no-address" if context["pattern"] == fields.ID_PATTERN:
            return "field-no-id", {"given": str(given)[:_LONGEST_VALUE]}
        case "field-not-group":
            return code, {"keys": ", ".join(_keys(_model_at_entry(model, detail["loc"])))}
        case "field-out-of-range":
            limits = (-90, 90) if detail["loc"][-1] == "lat" else (-180, 180)
            return code, {"least": str(limits[0]), "most": str(limits[1])}
        case _:
            return code, {}


def _model_at(kind: str, place: Place) -> Any:
    """The type of the mapping at a place of a kind's head."""
    model: Any = KINDS[kind]
    for part in place:
        if model is None:
            return None
        if isinstance(part, str):
            found = next((f for key, f in model.model_fields.items() if part in (key, f.alias)), None)
            model = fields.table_in(found.annotation) if found else None
    return model


def _model_at_entry(model: Any, place: Place) -> Any:
    last = next(part for part in reversed(place) if isinstance(part, str))
    found = (
        next((f for key, f in model.model_fields.items() if last in (key, f.alias)), None) if model else None
    )
    return fields.table_in(found.annotation) if found else model
