"""JSON Schema of every kind, for editors that check while one types."""

from typing import Any

from sop_site.content.kinds import KINDS

_OWN = ("id", "body", "body_line")


def schema(kind: str) -> dict[str, Any]:
    """The front matter of one kind as JSON Schema 2020-12."""
    found: dict[str, Any] = KINDS[kind].model_json_schema(mode="validation", by_alias=True)
    for name in _OWN:
        found["properties"].pop(name, None)
    found["required"] = [name for name in found.get("required", []) if name not in _OWN]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **found}


def schemas() -> dict[str, Any]:
    """All kinds by name."""
    return {kind: schema(kind) for kind in KINDS}
