"""Puts the review for a browser where it was asked for: one file that only its owner reads."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from os import environ
from pathlib import Path
from sys import platform
from webbrowser import open as open_in_browser

from pipeline.desk import Desk
from pipeline.files import write_atomic
from pipeline.repository import Repository
from sop_site.errors import AnswerIsNo

STANDARD_OUTPUT = "-"
_STRANGE = re.compile(r"[^a-z0-9]+")
_PRIVATE = 0o600


Drawn = Callable[[], str]
"""Draws the page, once it is known that there is a place for it."""


@dataclass(frozen=True, slots=True)
class Put:
    """Where the page is; ``path`` is ``None`` on standard output, where ``lines`` are the page."""

    path: str | None
    lines: Sequence[str]
    opened: bool = False


def put(desk: Desk, repo: Repository, draft: str, page: Drawn, target: str, *, opens: bool) -> Put:
    """Write the page to ``target`` (beside the repository where none is named) and open it if asked to."""
    if target == STANDARD_OUTPUT:
        if opens:
            raise AnswerIsNo("tinjau-open-needs-file")
        return Put(None, [_encoded(page()).decode()])
    path = Path(target).absolute() if target else usual_place(repo.path, draft)
    _refuse_inside(repo.path, path)
    write_atomic(path, _encoded(page()), _PRIVATE)
    lines = [desk.say("tinjau-written", path=path)]
    if opens and not _has_display():
        lines.append(desk.say("tinjau-no-display"))
    return Put(str(path), lines, opens and _has_display() and open_in_browser(path.as_uri()))


def _encoded(page: str) -> bytes:
    """The page's bytes; a file's name that is no UTF-8 has question marks where nothing can be read."""
    return page.encode("utf-8", "replace")


def usual_place(repo: Path, draft: str) -> Path:
    """``<repo>.tinjauan/<draft>.html``: never in the content, where it might be committed."""
    return repo.resolve().with_name(f"{repo.resolve().name}.tinjauan") / f"{_plain(draft)}.html"


def _plain(name: str) -> str:
    return _STRANGE.sub("-", name.lower()).strip("-")[:100] or "draf"


def _refuse_inside(repo: Path, path: Path) -> None:
    if path.resolve().is_relative_to(repo.resolve()):
        raise AnswerIsNo("tinjau-place-taken", path=path)


def _has_display() -> bool:
    return platform == "darwin" or bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"))
