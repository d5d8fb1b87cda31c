"""Lists whose pages stay put: numbered from the oldest, so that one more entry touches few files."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

PER_PAGE = 20
"""Entries on a numbered page; the front page shows the newest 20 to 39 (content model, "Lists")."""

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class ListPage(Generic[Item]):
    """One page of a list: its address, its entries newest first, and its neighbours' addresses."""

    url: str
    items: Sequence[Item]
    number: int | None
    """``None`` for the front page."""
    newer: str | None
    older: str | None


def stable_pages(items: Sequence[Item], base: str, per_page: int = PER_PAGE) -> tuple[ListPage[Item], ...]:
    """The pages of a list, front page first; ``items`` newest first, ``base`` such as ``/berita/``."""
    full = max(0, len(items) // per_page - 1)
    oldest_first = items[::-1]
    front = items[: len(items) - full * per_page]
    pages = [ListPage(base, front, None, newer=None, older=_url(base, full) if full else None)]
    for number in range(full, 0, -1):
        chunk = oldest_first[(number - 1) * per_page : number * per_page]
        newer = base if number == full else _url(base, number + 1)
        older = _url(base, number - 1) if number > 1 else None
        pages.append(ListPage(_url(base, number), chunk[::-1], number, newer, older))
    return tuple(pages)


def _url(base: str, number: int) -> str:
    return f"{base}hal/{number}/"
