"""Forms of every kind for a desk in the browser: which fields, in which order, asked for how.

Derived from the same types as the reader and the schema; a form promises nothing that the
reader would refuse.
"""

from dataclasses import asdict, dataclass
from types import NoneType
from typing import Any, Literal, get_args, get_origin

from pydantic.fields import FieldInfo

from sop_site import messages
from sop_site.content import fields, places
from sop_site.content.faults import OWN
from sop_site.content.fields import Widget
from sop_site.content.kinds import KINDS, BasePage
from sop_site.content.schema import helped, schema

# What everybody fills in comes first, then what makes the kind, then pictures, times and records.
_FIRST = ("kind", "title", "date", "summary", "topics", "unit")
# Written by a command, never asked for.
_WRITTEN = frozenset({"withdrawn"})
_NEVER_UNFILLED = frozenset({"kind", "title", "date", "unit", "topics"})
_LONG = frozenset({"change_note", "reason", "caption", "image_alt", "alt"})


@dataclass(frozen=True, slots=True)
class Choice:
    """One value that may be chosen."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Needed:
    """A field that has no star but becomes required."""

    when: str
    """Key of the field that makes it so."""
    has: str | bool | None
    """The value that does; ``None``: any."""
    unless: str | None = None
    """Key of the field that lifts the duty …"""
    unless_has: bool = True
    """… with this value."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form."""

    key: str
    label: str
    help: str
    example: str
    """As it is typed in the front matter (YAML)."""
    widget: Widget
    required: bool
    needed: Needed | None = None
    default: str | bool | None = None
    shortest: int | None = None
    """Letters of a text."""
    longest: int | None = None
    fewest: int | None = None
    """Entries of a list."""
    most: int | None = None
    least: float | None = None
    """Of a number."""
    greatest: float | None = None
    pattern: str | None = None
    endings: tuple[str, ...] = ()
    """Of a file that may be named."""
    choices: tuple[Choice, ...] = ()
    source: str | None = None
    """The list in ``site.toml`` that holds the choices: ``unit``, ``topic`` or ``menu``."""
    may_be_unfilled: bool = False
    """Whether “belum diisi oleh kantor” may stand here."""
    fields: tuple["Field", ...] = ()
    """Of a group, or of each row of a table."""


@dataclass(frozen=True, slots=True)
class Form:
    """How a page of one kind is asked for."""

    kind: str
    label: str
    purpose: str
    section: str
    dated: bool
    """Whether the page's id begins with its day."""
    fields: tuple[Field, ...]
    body_help: str


_NEEDED: dict[tuple[str, str], Needed] = {
    ("", "image_alt"): Needed("image", None, "image_decorative"),
    ("", "consent"): Needed("children", True),
    ("", "captions"): Needed("file", None, "speech", unless_has=False),
    ("photos", "alt"): Needed("file", None, "decorative"),
}


def form(kind: str, lang: str = "id") -> Form:
    """The form of one kind in a reader's language."""
    model, described = KINDS[kind], schema(kind, lang)
    common = [key for key in BasePage.model_fields if key in model.model_fields and key not in _FIRST]
    own = [key for key in model.model_fields if key not in BasePage.model_fields]
    order = [key for key in (*_FIRST, *own, *common) if key not in OWN | _WRITTEN]
    return Form(
        kind=kind,
        label=messages.say(lang, f"kind-{kind}"),
        purpose=messages.part(lang, f"kind-{kind}", "purpose"),
        section=places.SECTION_OF[kind],
        dated=kind in places.DATED,
        fields=tuple(_field(model, key, "", kind, described, described, lang) for key in order),
        body_help=messages.say(lang, "help-body"),
    )


def forms(lang: str = "id") -> dict[str, Form]:
    """All kinds by name."""
    return {kind: form(kind, lang) for kind in KINDS}


def as_json(one: Form) -> dict[str, Any]:
    """A form as JSON; what does not apply is left out."""
    return {key: _kept(value) for key, value in asdict(one).items()}


def _kept(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _kept(item) for key, item in value.items() if item not in (None, (), [])}
    return [_kept(item) for item in value] if isinstance(value, tuple | list) else value


def _field(
    model: Any,
    attribute: str,
    within: str,
    kind: str,
    described: dict[str, Any],
    root: dict[str, Any],
    lang: str,
) -> Field:
    info: FieldInfo = model.model_fields[attribute]
    key = info.alias or attribute
    written = described["properties"][key]
    limits = _plain(written)
    entries = limits.get("items", {})
    asked = fields.asked(info.annotation, tuple(info.metadata))
    table = fields.table_in(info.annotation)
    help_text, example = helped(lang, key, within, kind)
    widget = _widget(info, key, asked)
    # Limits of the entries are the limits of the texts that are typed.
    text = entries if widget == "list" else limits
    return Field(
        key=key,
        label=messages.label(lang, key, within),
        help=help_text,
        example=example,
        widget=widget,
        required=info.is_required(),
        needed=_NEEDED.get((within, key)),
        default=info.default if isinstance(info.default, str | bool) else None,
        shortest=text.get("minLength"),
        longest=text.get("maxLength"),
        fewest=limits.get("minItems"),
        most=limits.get("maxItems"),
        least=limits.get("minimum"),
        greatest=limits.get("maximum"),
        pattern=text.get("pattern"),
        endings=asked.endings if asked else (),
        choices=tuple(
            Choice(value, messages.say(lang, f"choice-{key}-{value}".replace("_", "-")))
            for value in (_values(limits) or _values(entries) if key != "kind" else ())
        ),
        source=asked.source if asked else None,
        may_be_unfilled=_may_be_unfilled(widget, key, written, bool(within)),
        fields=tuple(
            _field(table, inner, key, kind, root["$defs"][table.__name__], root, lang)
            for inner in table.model_fields
        )
        if table
        else (),
    )


def _widget(info: FieldInfo, key: str, asked: fields.Asked | None) -> Widget:
    """From the type as it stands; what is none of these has no place in a form yet."""
    kind = _bare(info.annotation)
    listed = get_origin(kind) is tuple
    inner = _bare(get_args(kind)[0]) if listed else kind
    if key == "kind":
        return "fixed"
    if isinstance(inner, type) and issubclass(inner, fields.Table):
        return "table" if listed else "group"
    if get_origin(inner) is Literal:
        return "choices" if listed else "choice"
    if inner is bool:
        return "yes-no"
    if inner in (int, float):
        return "number"
    if asked is None:
        raise TypeError(key)
    if asked.widget == "text" and listed:
        return "list"
    return "long-text" if key in _LONG and asked.widget == "text" else asked.widget


def _bare(annotation: Any) -> Any:
    """A type without its notes and without "or nothing"."""
    if hasattr(annotation, "__metadata__"):
        return _bare(get_args(annotation)[0])
    if get_origin(annotation) in (None, tuple, Literal):
        return annotation
    kept = [part for part in get_args(annotation) if part is not NoneType]
    return _bare(kept[0]) if len(kept) == 1 else annotation


def _plain(written: dict[str, Any]) -> dict[str, Any]:
    """A property's schema without "or nothing" and "or not filled in"."""
    ways = [way for way in written.get("anyOf", ()) if way.get("type") != "null" and "const" not in way]
    return _plain(ways[0]) if ways else written


def _values(limits: dict[str, Any]) -> list[str]:
    return limits.get("enum") or ([limits["const"]] if "const" in limits else [])


def _may_be_unfilled(widget: Widget, key: str, written: dict[str, Any], nested: bool) -> bool:
    if key in _NEVER_UNFILLED and not (nested and key == "title"):
        return False
    whole = any("const" in way for way in written.get("anyOf", ()))
    return whole or (widget in ("text", "long-text", "list") and key != "website")
