"""Headings: written one way, none that repeats the title, levels from ``##`` on."""

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sop_site.content import markdown
from sop_site.fixing.headings import shifted
from tests.sop_site.fixing.pages import TITLE, after


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        (f"# {TITLE}\n\nIsi.", "Isi."),
        (f"#   **{TITLE.upper()}**\nIsi.", "Isi."),
        ("# Satu\n\nIsi.\n\n## Dua", "## Satu\n\nIsi.\n\n### Dua"),
        ("### Satu\n\nIsi.\n\n#### Dua\n\n### Tiga", "## Satu\n\nIsi.\n\n### Dua\n\n## Tiga"),
        ("## Satu\n\n#### Dua", "## Satu\n\n### Dua"),
        ("##Satu\n\nIsi.", "## Satu\n\nIsi."),
        ("## Satu ##\n\nIsi.", "## Satu\n\nIsi."),
        ("Satu\n====\n\nIsi.\n\nDua\n---\n\nIsi.", "## Satu\n\nIsi.\n\n### Dua\n\nIsi."),
        ("## Satu:\n\nIsi.", "## Satu:\n\nIsi."),
    ],
)
def test_a_heading_that_is_certainly_one_is_put_in_order(before: str, expected: str) -> None:
    assert after(before) == expected


@pytest.mark.parametrize(
    "body",
    [
        f"# {TITLE}",
        f"## {TITLE}\n\nIsi.",
        "**Bukan subjudul**\n\nIsi.",
        "#BersihPantai",
        "#BersihPantai bersama\n\n### Satu",
        "### Satu\n\n## Dua",
        "## Satu\n\n#### Dua\n\n### Tiga",
        "## Bahasa C#\n\nIsi.",
        "    # dalam kode\n\nIsi.",
        "Isi `# kode` di sini",
        "- butir\n-----",
        "Isi satu\nisi dua\n---",
    ],
)
def test_what_may_be_meant_otherwise_stays(body: str) -> None:
    if body == f"# {TITLE}":
        # It is the page's only text: taken away, nothing would be left to read.
        assert after(body) == f"#{body}"
    else:
        assert after(body) == body


@given(st.lists(st.integers(1, 6), min_size=1, max_size=8))
def test_levels_are_moved_only_where_their_order_stays(levels: Sequence[int]) -> None:
    new = shifted(levels)
    if new is None:
        return
    moved = [new[level] for level in levels]

    assert moved[0] == 2
    assert all(after <= before + 1 for before, after in pairwise(moved))
    assert all((a < b) == (new[a] < new[b]) for a in levels for b in levels)
    text = "\n\n".join(f"{'#' * level} Judul" for level in levels)
    assert [level for level, _ in markdown.outline(after(text)).headings] == moved
