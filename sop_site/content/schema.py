"""JSON Schema of every kind, for editors that check while one types."""

from typing import Any

from sop_site import messages
from sop_site.content.kinds import KINDS

_OWN = ("id", "body", "body_line")
_LANGUAGE: messages.Language = "id"


def schema(kind: str) -> dict[str, Any]:
    """The front matter of one kind as JSON Schema 2020-12, its labels in Bahasa Indonesia."""
    found: dict[str, Any] = KINDS[kind].model_json_schema(mode="validation", by_alias=True)
    for name in _OWN:
        found["properties"].pop(name, None)
    found["required"] = [name for name in found.get("required", []) if name not in _OWN]
    for table in (found, *found.get("$defs", {}).values()):
        for name, described in table["properties"].items():
            described["title"] = messages.say(_LANGUAGE, f"label-{name.replace('_', '-')}")
    rules = [rule for rule in _CONDITIONS if set(rule["if"]["properties"]) <= set(found["properties"])]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **found, "allOf": rules}


def schemas() -> dict[str, Any]:
    """All kinds by name."""
    return {kind: schema(kind) for kind in KINDS}


def _needs(given: dict[str, Any], *one_of: dict[str, Any]) -> dict[str, Any]:
    """Where a field has a value, one of several others must be there."""
    return {"if": {"properties": given, "required": list(given)}, "then": {"anyOf": list(one_of)}}


def _is(name: str, *, value: bool) -> dict[str, Any]:
    return {"properties": {name: {"const": value}}, "required": [name]}


_CONDITIONS = (
    _needs({"image": {"type": "string"}}, {"required": ["image_alt"]}, _is("image_decorative", value=True)),
    _needs({"children": {"const": True}}, {"required": ["consent"]}),
    _needs({"poster": {"type": "string"}}, {"required": ["captions"]}, _is("speech", value=False)),
)
"""What the types ask of several fields together."""
