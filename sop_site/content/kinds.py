"""The ten kinds of page as types (content model, "Front matter"); labels and forms follow from them."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from sop_site.content import fields
from sop_site.content.fields import Table


class Information(Table):
    """The page's row in the list of public information (Daftar Informasi Publik)."""

    class_: Literal["berkala", "serta-merta", "setiap-saat"] = Field(alias="class")
    custodian: fields.Text
    responsible: fields.Text
    made: fields.Day
    place: fields.Text
    form: Annotated[
        Annotated[tuple[Literal["softcopy", "hardcopy"], ...], Field(min_length=1)],
        fields.FILLED_LATER,
        fields.OR_UNFILLED,
    ]
    retention: fields.Text


class Withdrawn(Table):
    """What stands in the place of a page that was taken back."""

    at: fields.Moment
    reason: fields.Text


class Photo(Table):
    """One picture of a gallery."""

    file: fields.Picture
    alt: fields.Text | None = None
    decorative: bool = False
    caption: fields.Text | None = None
    credit: fields.Text
    taken: fields.Day | None = None

    @model_validator(mode="after")
    def _is_described(self) -> Self:
        if self.alt is None and not self.decorative:
            raise PydanticCustomError("alt_missing", "alt missing")
        return self


class Attachment(Table):
    """One file of a document."""

    file: fields.Attachment
    title: fields.Text


class BasePage(Table):
    """What all kinds have; ``id``, ``body`` and ``body_line`` come from the file, not its front matter."""

    id: str = Field(exclude=True)
    body: str = Field(default="", exclude=True)
    body_line: int = Field(default=1, exclude=True)
    kind: str
    title: fields.Title
    date: fields.Moment
    summary: fields.Summary
    topics: tuple[fields.Topic, ...] = ()
    unit: fields.Unit
    lang: Literal["id", "en", "ban"] = "id"
    image: fields.Picture | None = None
    image_alt: fields.Text | None = None
    image_decorative: bool = False
    image_credit: fields.Text | None = None
    children: bool | None = None
    consent: fields.Text | None = None
    sources: tuple[fields.Text, ...] = ()
    change_note: fields.Text | None = None
    publish_at: fields.Moment | None = None
    expires_at: fields.Moment | None = None
    information: Information | None = None
    withdrawn: Withdrawn | None = None

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if self.image and not (self.image_alt or self.image_decorative):
            raise PydanticCustomError("image_alt_missing", "image_alt missing")
        if self.children and not self.consent:
            raise PydanticCustomError("consent_missing", "consent missing")
        return self


class News(BasePage):
    """Berita."""

    kind: Literal["news"]
    topics: tuple[fields.Topic, ...] = Field(min_length=1)


class Announcement(BasePage):
    """Pengumuman."""

    kind: Literal["announcement"]
    topics: tuple[fields.Topic, ...] = Field(min_length=1)
    number: fields.Text | None = None
    expires_at: fields.Moment


class Event(BasePage):
    """Agenda."""

    kind: Literal["event"]
    topics: tuple[fields.Topic, ...] = Field(min_length=1)
    start: fields.Moment
    end: fields.Moment
    place: fields.Text
    organizer: fields.Text
    event_status: Literal["planned", "cancelled", "moved"] = "planned"


class Gallery(BasePage):
    """Galeri foto."""

    kind: Literal["gallery"]
    photos: Annotated[
        Annotated[tuple[Photo, ...], Field(min_length=1)], fields.FILLED_LATER, fields.OR_UNFILLED
    ]


class Video(BasePage):
    """Video."""

    kind: Literal["video"]
    file: fields.Film
    poster: fields.Picture
    captions: fields.Captions | None = None
    speech: bool = True
    transcript: fields.Transcript
    credit: fields.Text

    @model_validator(mode="after")
    def _is_captioned(self) -> Self:
        if self.speech and not self.captions:
            raise PydanticCustomError("captions_missing", "captions missing")
        return self


class Document(BasePage):
    """Dokumen."""

    kind: Literal["document"]
    topics: tuple[fields.Topic, ...] = Field(min_length=1)
    files: Annotated[
        Annotated[tuple[Attachment, ...], Field(min_length=1)], fields.FILLED_LATER, fields.OR_UNFILLED
    ]
    number: fields.Text | None = None
    issued: fields.Day
    information: Information


class Alert(BasePage):
    """Siaga: informasi serta-merta."""

    kind: Literal["alert"]
    level: Literal["waspada", "siaga", "awas"]
    area: fields.Text
    until: fields.Moment
    instructions: fields.Texts


class Service(BasePage):
    """Kartu layanan."""

    kind: Literal["service"]
    topics: tuple[fields.Topic, ...] = Field(min_length=1)
    audience: fields.Text
    requirements: fields.Texts
    steps: fields.Texts
    duration: fields.Text
    cost: fields.Text
    result: fields.Text
    where: fields.Text
    hours: fields.Text
    legal_basis: fields.Texts
    complaints: fields.Text
    contact: fields.Text


class Village(BasePage):
    """Desa atau kelurahan."""

    kind: Literal["village"]
    type: Literal["desa", "kelurahan"]
    head: fields.Text | None = None
    address: fields.Text | None = None
    website: fields.Address | None = None
    lat: float | None = Field(default=None, ge=-90, le=90)
    lon: float | None = Field(default=None, ge=-180, le=180)


class InfoPage(BasePage):
    """Halaman."""

    kind: Literal["page"]
    section: fields.Menu
    order: int | None = None


class Notice(BasePage):
    """A withdrawn page of any kind: only what lists and the notice itself need is left."""

    section: fields.Menu | None = None
    order: int | None = None
    withdrawn: Withdrawn


Page = (
    News | Announcement | Event | Gallery | Video | Document | Alert | Service | Village | InfoPage | Notice
)
KINDS: dict[str, type[Any]] = {
    "news": News,
    "announcement": Announcement,
    "event": Event,
    "gallery": Gallery,
    "video": Video,
    "document": Document,
    "alert": Alert,
    "service": Service,
    "village": Village,
    "page": InfoPage,
}
MOMENTS = ("date", "publish_at", "expires_at", "start", "end", "until")
"""Fields that hold a moment; the office's offset stands where none is written."""
ORDER: tuple[tuple[str, str, bool], ...] = (
    ("start", "end", True), ("date", "until", False), ("date", "expires_at", False),
)  # fmt: skip
"""What must not come before what; the last says whether both may be equal."""


def later(value: datetime, than: datetime, *, equal: bool) -> bool:
    """Whether a moment comes after another."""
    return value >= than if equal else value > than
