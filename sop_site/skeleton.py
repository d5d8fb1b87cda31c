"""Fits the pages that a new repository starts with to the units and the menu of the office that opens it."""

import re

from sop_site.settings import Named, Settings

_UNIT = re.compile(r"^(unit: )(.+)$", re.MULTILINE)
_MENU = re.compile(r"^(section: )(.+)$", re.MULTILINE)


def fitted(page: str, settings: Settings) -> str | None:
    """The text of a page (file ``index.md``) with a unit and a menu that the office has.

    An office's own file of settings may know neither those of the skeleton nor any at all; without a unit
    nobody answers for the page, and there is ``None``.
    """
    if not settings.unit or not settings.menu:
        return None
    return _known(_MENU, _known(_UNIT, page, settings.unit), settings.menu)


def _known(line: re.Pattern[str], page: str, entries: tuple[Named, ...]) -> str:
    ids = [entry.id for entry in entries]
    return line.sub(
        lambda found: found[0] if found[2] in ids else found[1] + ids[0],
        page,
        count=1,
    )
