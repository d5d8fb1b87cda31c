"""The office's settings: one typed, frozen object read from ``site.toml`` (content model, "site.toml").

The line below each field is its documentation. What an office has not given yet holds ``UNFILLED``: it is
shown marked on the site and listed by ``sop doctor``, never invented.
"""

from datetime import tzinfo
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from sop_site import toml_text
from sop_site.errors import SettingsUnreadable

UNFILLED = "belum diisi oleh kantor"
"""The exact text that stands where only the office can know (content model)."""

Identifier = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
HttpsUrl = Annotated[str, Field(pattern=r"^https://[A-Za-z0-9.-]+(:\d+)?(/\S*)?$")]
# Printed in commands that citizens paste into a shell: nothing in it may mean anything there.
_REPOSITORY = r"^https?://[A-Za-z0-9.-]+(:\d+)?(/[A-Za-z0-9._~/@:+-]*)?$"
Email = Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+$")]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Office(_Table):
    """``[office]``: who speaks on this site."""

    name: str = Field(min_length=3)
    """The office's full name."""
    kind: Literal["kecamatan", "kelurahan", "desa", "dinas"] = "kecamatan"
    """What kind of office it is."""
    parent: str = UNFILLED
    """The government it belongs to."""
    url: Annotated[str, Field(pattern=r"^https?://[A-Za-z0-9.-]+(:\d+)?(/[^\s?#]*)?$")]
    """Address of the published site; a slash at the end is dropped."""
    timezone: str = "Asia/Makassar"
    """IANA name of the time zone of all dates without one (WITA)."""
    utc_offset: Annotated[str, Field(pattern=r"^[+-]\d\d:\d\d$")] = "+08:00"
    """Offset of a page's date that names none."""
    city: str = UNFILLED
    """Seat of the office, as letters name it beside the date."""
    address: str = UNFILLED
    """Street address."""
    postcode: str = UNFILLED
    """Postal code."""
    phone: str = UNFILLED
    """Office telephone as printed."""
    email: str = UNFILLED
    """Office e-mail address."""
    hours: str = UNFILLED
    """Opening hours in words."""
    emblem: str | None = None
    """Path of the emblem's file in the content repository; without it a typographic mark stands."""
    lat: float | None = None
    """Latitude of the office, decimal degrees."""
    lon: float | None = None
    """Longitude of the office, decimal degrees."""

    @field_validator("url")
    @classmethod
    def _without_last_slash(cls, url: str) -> str:
        return url.rstrip("/")

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError("unknown time zone") from error
        return name

    @property
    def zone(self) -> tzinfo:
        """The time zone as an object."""
        return ZoneInfo(self.timezone)


class Head(_Table):
    """``[head]``: the office that approves, as letters name it."""

    id: Email
    """The head's person id in the policy."""
    name: str
    """Name or function."""
    title: str = UNFILLED
    """Post as printed above a signature, for example ``CAMAT BULELENG``."""
    rank: str | None = None
    """Rank and grade as printed."""
    nip: str | None = None
    """Civil servant number, as text."""


class Named(_Table):
    """An entry of a closed list: ``[[unit]]``, ``[[topic]]``, ``[[village]]``, ``[[menu]]``."""

    id: Identifier
    """What pages name."""
    name: str
    """What citizens read."""


class ProbeTarget(_Table):
    """``[[probe]]``: an address that is monitored (SOP step 8a)."""

    name: str
    """What the report calls it."""
    url: Annotated[str, Field(pattern=r"^https?://\S+$")]
    """The page that is asked for."""
    keyword: str | None = None
    """Text that a healthy answer contains."""
    own: bool = False
    """Whether it is the office's own site."""
    timeout_seconds: float = Field(default=20.0, gt=0, le=120)
    """Limit of one whole probe."""
    slow_ms: int = Field(default=5000, gt=0)
    """From this whole time on the answer counts as slow."""


class Archive(_Table):
    """``[archive]``: where archives go and how many stay (SOP step 9)."""

    folder: str | None = None
    """Default medium, else ``<repository>.archive``; a relative path starts beside the repository."""
    keep: int = Field(default=12, ge=1)
    """How many verified archives ``sop archive prune`` leaves on a medium."""


class Report(_Table):
    """``[report]``: the monthly report (SOP step 10)."""

    recipient: str = "Kepala Dinas Komunikasi, Informatika, Persandian dan Statistik Kabupaten Buleleng"
    """To whom it is addressed."""
    classification: str = "500.12.6"
    """Classification code of the letter; the running number is left to the clerk."""


class DeployTarget(_Table):
    """``[[deploy]]``: a place where the built site is put."""

    name: Identifier = "utama"
    """What ``sop deploy --target`` names."""
    folder: str
    """The served link, switched in one step; a relative path starts beside the repository."""
    keep: int = Field(default=3, ge=1)
    """How many earlier releases stay for ``sop rollback``."""


class Witness(_Table):
    """``[witness]``: the machine that records what was first seen public."""

    hours: int = Field(default=24, ge=1)
    """From how many hours on an approval that no witness has seen is a warning of ``sop doctor``."""


class Checks(_Table):
    """``[checks]``: contacts that may stand in texts."""

    phones: tuple[str, ...] = ()
    """Further office numbers, as printed."""
    emails: tuple[str, ...] = ()
    """Further office addresses."""


class Site(_Table):
    """``[site]``: how the site presents itself."""

    theme: Identifier = "kecamatan"
    """Theme folder."""
    demonstration: bool = False
    """Shows the band PERAGAAN on every page and asks search engines to stay away."""
    repository: Annotated[str, Field(pattern=_REPOSITORY)] | None = None
    """Address from which anybody may clone the content repository; the proof pages print it."""


DEFAULT_MENU = (
    Named(id="profil", name="Profil"),
    Named(id="layanan", name="Layanan"),
    Named(id="ppid", name="PPID"),
    Named(id="kontak", name="Kontak"),
)


class Settings(_Table):
    """Everything that ``site.toml`` says."""

    office: Office
    head: Head
    unit: tuple[Named, ...] = ()
    topic: tuple[Named, ...] = ()
    village: tuple[Named, ...] = ()
    menu: Annotated[tuple[Named, ...], Field(max_length=7)] = DEFAULT_MENU
    probe: tuple[ProbeTarget, ...] = ()
    archive: Archive = Archive()
    report: Report = Report()
    deploy: tuple[DeployTarget, ...] = ()
    witness: Witness = Witness()
    checks: Checks = Checks()
    site: Site = Site()

    @model_validator(mode="after")
    def _ids_are_unique(self) -> "Settings":
        for table in (self.unit, self.topic, self.village, self.menu):
            ids = [entry.id for entry in table]
            if len(ids) != len(set(ids)):
                raise ValueError("an id stands twice")
        return self


def parse(data: bytes) -> Settings:
    """Settings from the bytes of ``site.toml``; ``SettingsUnreadable`` names the table and key at fault."""
    try:
        table = toml_text.loads(data.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        # Numbers of thousands of digits and arrays of thousands of levels are no TOML that an office writes.
        raise SettingsUnreadable("settings-not-toml", detail=str(error)[:200]) from error
    try:
        return Settings.model_validate(_lists_as_tuples(table))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "site.toml"
        raise SettingsUnreadable("settings-invalid", place=place, detail=first["msg"]) from error


def _lists_as_tuples(value: object) -> object:
    """TOML arrays as tuples, which the strict, frozen model asks for."""
    if isinstance(value, dict):
        return {key: _lists_as_tuples(item) for key, item in value.items()}
    if isinstance(value, list):
        return tuple(_lists_as_tuples(item) for item in value)
    return value


def unfilled(settings: Settings) -> tuple[str, ...]:
    """Dotted names of the fields that only the office can fill and has not."""
    return tuple(
        f"{table}.{name}"
        for table in ("office", "head")
        for name, value in getattr(settings, table)
        if value == UNFILLED
    )
