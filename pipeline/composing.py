"""New pages, pages to be edited and notices of withdrawal, as the text that the operator goes on with."""

import json
import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime

from sop_site.content import DATED, SECTION_OF, folder_of, id_problem
from sop_site.content.front_matter import divide
from sop_site.errors import AnswerIsNo
from sop_site.settings import UNFILLED, Settings

_SLUG_LENGTH = 60
_SUMMARY_LENGTH = 300
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_CALENDAR_YEARS = 1


def page_id(kind: str, title: str, day: date, given: str | None) -> str:
    """The id of a new page; ``AnswerIsNo`` where it is malformed or belongs to the site itself."""
    slug = _slug(title) or "halaman"
    name = given or (f"{day.isoformat()}-{slug}" if kind in DATED else slug)
    code = id_problem(name, kind)
    if code is not None:
        raise AnswerIsNo("id-reserved" if code == "id-taken-by-site" else "id-malformed", id=name)
    return name


def page_path(kind: str, name: str) -> str:
    """``content/<section>/<id>/index.md``."""
    return f"{folder_of(kind, name)}/index.md"


def new_page(kind: str, title: str, day: date, settings: Settings) -> str:
    """A page with every required key; what the operator must say holds the mark of what is not filled in."""
    lines = [f"kind: {kind}", f"title: {_quoted(title)}", f"date: {day.isoformat()}", f"summary: {UNFILLED}"]
    if kind in ("news", "announcement", "event", "service", "document"):
        lines.append(f"topics: [{settings.topic[0].id if settings.topic else 'umum'}]")
    lines.append(f"unit: {settings.unit[0].id if settings.unit else 'umum'}")
    lines += _OWN_KEYS[kind](day, settings)
    return "---\n" + "\n".join(lines) + "\n---\n" + _BODY


_BODY = f"{UNFILLED}\n"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _unfilled(*keys: str) -> list[str]:
    return [f"{key}: {UNFILLED}" for key in keys]


def _unfilled_list(*keys: str) -> list[str]:
    """A list as a list, so that whoever types over it keeps its form."""
    return [line for key in keys for line in (f"{key}:", f"  - {UNFILLED}")]


def _information(day: date) -> list[str]:
    return [
        "information:", "  class: setiap-saat", f"  custodian: {UNFILLED}", f"  responsible: {UNFILLED}",
        f"  made: {day.isoformat()}", f"  place: {UNFILLED}", "  form: [softcopy]",
        f"  retention: {UNFILLED}",
    ]  # fmt: skip


def _year_later(day: date) -> str:
    return f"{day.year + _CALENDAR_YEARS}-{day.month:02d}-{min(day.day, 28):02d}"


_OWN_KEYS: Mapping[str, Callable[[date, Settings], list[str]]] = {
    "news": lambda _day, _settings: [],
    "announcement": lambda day, _settings: [f"expires_at: {_year_later(day)}"],
    "event": lambda day, _settings: [
        f"start: {day.isoformat()}T08:00", f"end: {day.isoformat()}T12:00", *_unfilled("place", "organizer"),
    ],
    "gallery": lambda _day, _settings: ["photos: []"],
    "video": lambda _day, _settings: ["speech: true", *_unfilled("transcript", "credit")],
    "document": lambda day, _settings: ["files: []", f"issued: {day.isoformat()}", *_information(day)],
    "alert": lambda day, _settings: [
        "level: waspada", *_unfilled("area"), f"until: {day.isoformat()}T23:59",
        *_unfilled_list("instructions"),
    ],
    "service": lambda _day, _settings: [
        *_unfilled("audience"), *_unfilled_list("requirements", "steps"),
        *_unfilled("duration", "cost", "result", "where", "hours"), *_unfilled_list("legal_basis"),
        *_unfilled("complaints", "contact"),
    ],
    "village": lambda _day, _settings: ["type: desa"],
    "page": lambda _day, settings: [f"section: {settings.menu[0].id if settings.menu else UNFILLED}"],
}  # fmt: skip


def withdrawal(path: str, data: bytes, at: datetime, reason: str, body: str) -> bytes:
    """The page with its text replaced by a notice: who it was, when and why it was taken back."""
    head = divide(path, data).head
    if head is None:
        raise AnswerIsNo("page-missing", page=path)
    if "withdrawn" in head.values:
        raise AnswerIsNo("page-withdrawn", page=path.split("/")[-2])
    kept = {name: head.values[name] for name in ("kind", "title", "date", "topics", "unit", "lang", "section",
            "order", "start", "end", "publish_at", "moved_from") if name in head.values}  # fmt: skip
    lines = [f"{name}: {_plain(value)}" for name, value in kept.items()]
    # The old summary is part of what was withdrawn.
    lines.append(f"summary: {_quoted(body[:_SUMMARY_LENGTH])}")
    lines += [f"change_note: {_quoted(body)}", "withdrawn:", f"  at: {at.isoformat(timespec='seconds')}"]
    lines.append(f"  reason: {_quoted(reason)}")
    return ("---\n" + "\n".join(lines) + f"\n---\n{body}\n").encode()


def _plain(value: object) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, tuple):
        return "[" + ", ".join(_plain(item) for item in value) + "]"
    return _quoted(value) if isinstance(value, str) else str(value)


def day_of(text: str | None, today: date) -> date:
    """The day that was given, else today; ``AnswerIsNo`` for what is no date."""
    if text is None:
        return today
    try:
        return date.fromisoformat(text if _ISO_DAY.fullmatch(text) else "")
    except ValueError as error:
        raise AnswerIsNo("date-malformed", date=text) from error


def find_page(named: str, paths: list[str]) -> str:
    """The public page that a person means by an id, an address or a path; ``AnswerIsNo`` unless it is one."""
    wanted = named.strip("/").removeprefix("content/").removesuffix("/index.md")
    section, _, last = wanted.rpartition("/")
    pages = [path for path in paths if path.endswith("/index.md") and path.split("/")[-2] == last]
    if section:
        pages = [path for path in pages if path.split("/")[1] == section]
    elif len(pages) > 1:
        whole = [path for path in pages if path.split("/")[1] == SECTION_OF["page"]]
        pages = whole if named.startswith("/") and whole else pages
    if len(pages) > 1:
        raise AnswerIsNo("page-ambiguous", page=named, paths=", ".join(pages))
    if not pages:
        raise AnswerIsNo("page-missing", page=named)
    return pages[0]


def _slug(title: str) -> str:
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain)[:_SLUG_LENGTH].strip("-")
