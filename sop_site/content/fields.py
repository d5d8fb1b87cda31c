"""The types of single fields: text that is text, days and moments, own files, the unfilled mark."""

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Annotated, Any

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
from sop_site.content.places import ID_LENGTH, MEDIA_NAME
from sop_site.settings import UNFILLED

TEXT_LENGTH = 4_000
TRANSCRIPT_LENGTH = 30_000


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
    raise PydanticCustomError("no_date", "no date")


def _day(value: Any) -> date:
    if isinstance(value, str):
        value = as_date(value)
    if isinstance(value, date) and not isinstance(value, datetime) and value.year in _YEARS:
        return value
    raise PydanticCustomError("no_date", "no date")


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
_DAY_WRITTEN = r"\d{4}-\d{2}-\d{2}"
_TIME_WRITTEN = r"[Tt ]\d{2}:\d{2}(:\d{2})?([Zz]|[+-]\d{2}:\d{2})?"
_DRAWN = ("jpg", "png", "webp", "svg")
_ATTACHED = ("pdf", "docx", "xlsx", *_DRAWN, "mp4", "vtt")

Text = Annotated[str, Field(max_length=TEXT_LENGTH, json_schema_extra=_SAID), AfterValidator(_said)]
Transcript = Annotated[
    str, Field(max_length=TRANSCRIPT_LENGTH, json_schema_extra=_SAID), AfterValidator(_said)
]
Title = Annotated[
    str,
    Field(min_length=5, max_length=140, json_schema_extra=_SAID_ON_ONE_LINE),
    AfterValidator(_said),
    AfterValidator(_on_one_line),
]
Summary = Annotated[str, Field(min_length=20, max_length=300, json_schema_extra=_SAID), AfterValidator(_said)]
Texts = Annotated[
    tuple[Text, ...], Field(min_length=1, max_length=100), BeforeValidator(_unfilled_list), _OrUnfilled()
]
FILLED_LATER = WrapValidator(_unfilled_entries)
OR_UNFILLED = _OrUnfilled()
Moment = Annotated[datetime, BeforeValidator(_moment), _written(f"^{_DAY_WRITTEN}({_TIME_WRITTEN})?$")]
Day = Annotated[date, BeforeValidator(_day), _written(f"^{_DAY_WRITTEN}$")]
Id = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
PageId = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=ID_LENGTH)]
Picture = Annotated[str, AfterValidator(_own_file(*_DRAWN)), _named(*_DRAWN)]
Film = Annotated[str, AfterValidator(_own_file("mp4")), _named("mp4")]
Captions = Annotated[str, AfterValidator(_own_file("vtt")), _named("vtt")]
Attachment = Annotated[str, AfterValidator(_own_file(*_ATTACHED)), _named(*_ATTACHED)]
Address = Annotated[str, Field(pattern=r"^https://[A-Za-z0-9.-]+(:\d+)?(/\S*)?$", max_length=500)]
