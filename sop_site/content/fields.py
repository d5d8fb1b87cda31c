"""The types of single fields: text that is text, days and moments, own files, the unfilled mark."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Annotated, Any, Literal, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    WithJsonSchema,
    WrapValidator,
)
from pydantic_core import CoreSchema, PydanticCustomError

from sop_site.content.front_matter import as_date
from sop_site.content.places import MEDIA_NAME
from sop_site.settings import UNFILLED

ID_PATTERN = r"^[a-z0-9]+(-[a-z0-9]+)*$"
TEXT_LENGTH = 4_000
TRANSCRIPT_LENGTH = 30_000


Widget = Literal[
    "fixed", "text", "long-text", "number", "date", "moment", "yes-no", "choice", "choices", "list", "file",
    "group", "table",
]  # fmt: skip
"""How a form asks for a value; ``group`` is one mapping, ``table`` a list of them."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a form has to know of a type beyond its limits."""

    widget: Widget
    endings: tuple[str, ...] = ()
    """Of the files that may be named."""
    source: Literal["unit", "topic", "menu"] | None = None
    """The list in ``site.toml`` that holds the choices."""


class Table(BaseModel):
    """A mapping of the front matter: known keys only, no silent change of types."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


def _said(value: str) -> str:
    if not value.strip():
        raise PydanticCustomError("blank", "blank")
    return value


def _on_one_line(value: str) -> str:
    if "\n" in value:
        raise PydanticCustomError("many_lines", "many lines")
    return value


_YEARS = range(1900, 9999)
"""Years that every time zone and calendar program can show; an approved date must never stop the site."""


def _moment(value: Any) -> datetime:
    """A date is its midnight; without an offset it is left bare until the office's offset is known."""
    if isinstance(value, str):
        value = as_date(value)
    if isinstance(value, date) and value.year in _YEARS:
        return value if isinstance(value, datetime) else datetime.combine(value, time())
    raise PydanticCustomError("no_date", "no date", {"shape": "date-shape-moment"})


def _day(value: Any) -> date:
    if isinstance(value, str):
        value = as_date(value)
    if isinstance(value, date) and not isinstance(value, datetime) and value.year in _YEARS:
        return value
    raise PydanticCustomError("no_date", "no date", {"shape": "date-shape-day"})


def _own_file(*endings: str) -> Callable[[str], str]:
    def check(name: str) -> str:
        if not MEDIA_NAME.fullmatch(name) or name.rpartition(".")[2] not in endings:
            raise PydanticCustomError("no_own_file", "no own file", {"endings": ", ".join(endings)})
        return name

    return check


def _unfilled_list(value: Any) -> Any:
    """The mark alone may stand for a whole list."""
    return (UNFILLED,) if value == UNFILLED else value


def _unfilled_entries(value: Any, check: Callable[[Any], Any]) -> Any:
    """The mark alone may stand for a list of entries, which then has none yet."""
    return () if value == UNFILLED else check(value)


class _OrUnfilled:
    """Tells editors that the mark may stand for the whole list."""

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"anyOf": [handler(core), {"const": UNFILLED}]}


def _named(*endings: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": rf"^[a-z0-9]+(-[a-z0-9]+)*\.({'|'.join(endings)})$"})


def _written(pattern: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": pattern})


_SAID: dict[str, Any] = {"pattern": r"\S"}
_SAID_ON_ONE_LINE: dict[str, Any] = {"pattern": r"^[^\n]*\S[^\n]*$"}
# Years as in _YEARS; that a month has a thirty-first day, only the reader knows.
DAY_WRITTEN = r"(19\d\d|[2-8]\d{3}|9[0-8]\d\d|99[0-8]\d|999[0-8])-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
_CLOCK = r"([01]\d|2[0-3]):[0-5]\d"
_TIME_WRITTEN = rf"[Tt ]{_CLOCK}(:[0-5]\d)?([Zz]|[+-]{_CLOCK})?"
_DRAWN = ("jpg", "png", "webp", "svg")
_ATTACHED = ("pdf", "docx", "xlsx", *_DRAWN, "mp4", "vtt")

Text = Annotated[
    str, Field(max_length=TEXT_LENGTH, json_schema_extra=_SAID), AfterValidator(_said), Asked("text")
]
Transcript = Annotated[
    str,
    Field(max_length=TRANSCRIPT_LENGTH, json_schema_extra=_SAID),
    AfterValidator(_said),
    Asked("long-text"),
]
Title = Annotated[
    str,
    Field(min_length=5, max_length=140, json_schema_extra=_SAID_ON_ONE_LINE),
    AfterValidator(_said),
    AfterValidator(_on_one_line),
    Asked("text"),
]
Summary = Annotated[
    str,
    Field(min_length=20, max_length=300, json_schema_extra=_SAID),
    AfterValidator(_said),
    Asked("long-text"),
]
Texts = Annotated[
    tuple[Text, ...],
    Field(min_length=1, max_length=100),
    BeforeValidator(_unfilled_list),
    _OrUnfilled(),
    Asked("list"),
]
FILLED_LATER = WrapValidator(_unfilled_entries)
OR_UNFILLED = _OrUnfilled()
Moment = Annotated[
    datetime, BeforeValidator(_moment), _written(f"^{DAY_WRITTEN}({_TIME_WRITTEN})?$"), Asked("moment")
]
Day = Annotated[date, BeforeValidator(_day), _written(f"^{DAY_WRITTEN}$"), Asked("date")]
Id = Annotated[str, Field(pattern=ID_PATTERN, max_length=80)]
Unit = Annotated[Id, Asked("choice", source="unit")]
Topic = Annotated[Id, Asked("choices", source="topic")]
Menu = Annotated[Id, Asked("choice", source="menu")]
Picture = Annotated[str, AfterValidator(_own_file(*_DRAWN)), _named(*_DRAWN), Asked("file", _DRAWN)]
Film = Annotated[str, AfterValidator(_own_file("mp4")), _named("mp4"), Asked("file", ("mp4",))]
Captions = Annotated[str, AfterValidator(_own_file("vtt")), _named("vtt"), Asked("file", ("vtt",))]
Attachment = Annotated[
    str, AfterValidator(_own_file(*_ATTACHED)), _named(*_ATTACHED), Asked("file", _ATTACHED)
]
Address = Annotated[
    str, Field(pattern=r"^https://[A-Za-z0-9.-]+(:\d+)?(/\S*)?$", max_length=500), Asked("text")
]


def table_in(annotation: Any) -> type[Table] | None:
    """The mapping that a field holds, alone or in a list; ``None`` where it holds none."""
    if isinstance(annotation, type) and issubclass(annotation, Table):
        return annotation
    return next((found for part in get_args(annotation) if (found := table_in(part))), None)


def asked(annotation: Any, metadata: tuple[Any, ...] = ()) -> Asked | None:
    """What a field's type says to forms, wherever in it that stands; the outermost word counts."""
    for said in (*reversed(metadata), *reversed(getattr(annotation, "__metadata__", ()))):
        if isinstance(said, Asked):
            return said
    return next((found for part in get_args(annotation) if (found := asked(part))), None)
