"""Pages of a list stay put: one more entry touches the front page, and rarely one more."""

from itertools import pairwise

import pytest

from sop_site.plugins.lists import PER_PAGE, stable_pages


def pages_of(count: int) -> dict[str, list[int]]:
    """Address → entries, where entry ``n`` is the n-th oldest."""
    return {page.url: list(page.items) for page in stable_pages(range(count, 0, -1), "/berita/")}


@pytest.mark.parametrize(
    ("count", "front", "older"),
    [(0, 0, 0), (1, 1, 0), (39, 39, 0), (40, 20, 1), (41, 21, 1), (59, 39, 1), (60, 20, 2)],
)
def test_the_front_page_shows_the_newest_twenty_to_thirty_nine(count: int, front: int, older: int) -> None:
    pages = pages_of(count)

    assert len(pages["/berita/"]) == front
    assert list(pages) == ["/berita/", *(f"/berita/hal/{n}/" for n in range(older, 0, -1))]


@pytest.mark.parametrize("count", range(0, 130, 7))
def test_every_entry_stands_once_and_newest_first(count: int) -> None:
    entries = [entry for items in pages_of(count).values() for entry in items]

    assert entries == list(range(count, 0, -1))


def test_one_more_entry_leaves_numbered_pages_as_they_are() -> None:
    for count in range(1, 130):
        before, after = pages_of(count), pages_of(count + 1)
        assert {url: after[url] for url in before if url != "/berita/"} == {
            url: items for url, items in before.items() if url != "/berita/"
        }
        assert len(after) - len(before) in (0, 1)


def test_neighbours_are_linked_both_ways() -> None:
    pages = stable_pages(range(PER_PAGE * 4), "/topik/usaha/")

    for newer, older in pairwise(pages):
        assert (newer.older, older.newer) == (older.url, newer.url)
    assert (pages[0].newer, pages[-1].older) == (None, None)
