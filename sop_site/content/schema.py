"""JSON Schema of every kind, for editors that check while one types.

A notice of withdrawal is written by ``sop withdraw`` and typed by nobody; the schema describes
ordinary pages.
"""

from typing import Any

from sop_site import messages
from sop_site.content import faults, fields
from sop_site.content.front_matter import divide
from sop_site.content.kinds import KINDS

_LANGUAGE: messages.Language = "id"


def schema(kind: str, lang: str = _LANGUAGE) -> dict[str, Any]:
    """The front matter of one kind as JSON Schema 2020-12, with labels, help and examples."""
    found: dict[str, Any] = KINDS[kind].model_json_schema(mode="validation", by_alias=True)
    for name in faults.OWN:
        found["properties"].pop(name, None)
    found["required"] = [name for name in found.get("required", []) if name not in faults.OWN]
    _describe(found, lang, within="", kind=kind)
    for key, field in KINDS[kind].model_fields.items():
        if table := fields.table_in(field.annotation):
            _describe(found["$defs"][table.__name__], lang, within=key, kind=kind)
    if "Photo" in found.get("$defs", {}):
        found["$defs"]["Photo"]["anyOf"] = [_filled("alt"), _is("decorative", value=True)]
    rules = [rule for rule in _CONDITIONS if set(rule["if"]["properties"]) <= set(found["properties"])]
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": messages.say(lang, f"kind-{kind}"),
        "description": messages.part(lang, f"kind-{kind}", "purpose"),
    }
    return {**found, **head, "allOf": rules}


def schemas(lang: str = _LANGUAGE) -> dict[str, Any]:
    """All kinds by name."""
    return {kind: schema(kind, lang) for kind in KINDS}


def helped(lang: str, key: str, within: str, kind: str) -> tuple[str, str]:
    """Help sentence and example of a field; the example as an operator types it."""
    name = key.replace("_", "-")
    outer = within.replace("_", "-")
    codes = [f"help-{outer}-{name}"] if outer else [f"help-{kind}-{name}"]
    code = next((code for code in codes if messages.knows(lang, code)), f"help-{name}")
    example = kind if key == "kind" else messages.part(lang, code, "example")
    return messages.say(lang, code), example


def value_of(example: str) -> Any:
    """The value of an example that stands in YAML, as JSON holds it."""
    head = divide("", f"---\nx: {example}\n---\n".encode()).head
    assert head is not None, example
    return _as_json(head.values["x"])


def _as_json(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _as_json(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [_as_json(item) for item in value]
    return value.isoformat() if hasattr(value, "isoformat") else value


def _describe(table: dict[str, Any], lang: str, *, within: str, kind: str) -> None:
    """Titles, descriptions and examples for a mapping's fields, which the types know nothing of."""
    table.pop("description", None)
    for key, described in table["properties"].items():
        described["title"] = messages.label(lang, key, within)
        described["description"], example = helped(lang, key, within, kind)
        described["examples"] = [value_of(example)]


def _needs(given: dict[str, Any], *one_of: dict[str, Any]) -> dict[str, Any]:
    """Where a field has a value, one of several others must be there."""
    return {"if": {"properties": given, "required": list(given)}, "then": {"anyOf": list(one_of)}}


def _filled(name: str) -> dict[str, Any]:
    return {"properties": {name: {"type": "string"}}, "required": [name]}


def _is(name: str, *, value: bool) -> dict[str, Any]:
    return {"properties": {name: {"const": value}}, "required": [name]}


_CONDITIONS = (
    _needs({"image": {"type": "string"}}, _filled("image_alt"), _is("image_decorative", value=True)),
    _needs({"children": {"const": True}}, _filled("consent")),
    _needs({"poster": {"type": "string"}}, _filled("captions"), _is("speech", value=False)),
)
"""What the types ask of several fields together."""
