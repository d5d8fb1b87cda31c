"""Two texts compared: nothing is lost, nothing is invented, and what moved is not shown as new."""

import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sop_site.review import differences, drawing
from sop_site.review.differences import compare, mark

WORDS = st.lists(
    st.sampled_from(["satu", "dua", "tiga", "empat", "lima", "enam", "tujuh"]), min_size=1, max_size=12
)
PARAGRAPHS = st.lists(WORDS.map(" ".join), max_size=9)
LONG = "Paragraf yang cukup panjang untuk dikenali di tempat lain."


def text(pieces: drawing.Text | None) -> str | None:
    return None if pieces is None else "".join(piece.text for piece in pieces)


def unmarked(pieces: drawing.Text) -> list[str]:
    return [piece.text for piece in pieces if piece.is_word and not piece.is_marked]


@given(before=PARAGRAPHS, after=PARAGRAPHS)
def test_both_texts_can_be_read_off_the_difference(before: list[str], after: list[str]) -> None:
    told = compare(before, after, drawing.plain)

    assert [text(block.after) for block in told.blocks if block.after is not None] == after
    assert Counter(text(block.before) for block in told.blocks if block.before is not None) == Counter(before)
    assert told.is_empty is (before == after)


@given(before=PARAGRAPHS, after=PARAGRAPHS)
def test_what_is_called_the_same_or_moved_is_the_same(before: list[str], after: list[str]) -> None:
    for block in compare(before, after, drawing.plain).blocks:
        if block.change in ("same", "moved"):
            assert block.before == block.after
        if block.change == "added":
            assert block.before is None
        if block.change == "removed":
            assert block.after is None


@given(before=WORDS, after=WORDS)
def test_without_what_is_marked_both_sides_say_the_same(before: list[str], after: list[str]) -> None:
    one, other = mark(drawing.plain(" ".join(before)), drawing.plain(" ".join(after)))

    assert unmarked(one) == unmarked(other)
    assert (text(one), text(other)) == (" ".join(before), " ".join(after))


def test_only_the_words_that_differ_are_marked() -> None:
    (block,) = compare(
        ["Buka pukul 08.00 setiap hari."], ["Buka pukul 07.30 setiap hari."], drawing.plain
    ).blocks

    assert block.change == "changed"
    assert [piece.text for piece in block.after or () if piece.is_marked] == ["07.30"]
    assert [piece.text for piece in block.before or () if piece.is_marked] == ["08.00"]


def test_a_paragraph_that_went_elsewhere_has_moved() -> None:
    before = [LONG, "Kedua yang tinggal.", "Ketiga yang tinggal.", "Keempat yang tinggal."]
    told = compare(before, [*before[1:], LONG], drawing.plain)

    assert [block.change for block in told.blocks] == ["same", "same", "same", "moved"]


def test_a_short_line_that_stands_twice_has_not_moved() -> None:
    told = compare(["Ya", "a b c d", "e f g h"], ["a b c d", "e f g h", "Ya"], drawing.plain)

    assert "moved" not in [block.change for block in told.blocks]


@pytest.mark.parametrize("before", ["Hubungi 081234567890.", "**Tebal** saja"])
def test_a_change_that_cannot_be_shown_is_told(before: str) -> None:
    after = before.replace("345", "999").replace("**", "")
    (block,) = compare([before], [after], drawing.drawn).blocks

    assert block.change == "changed"
    assert block.shows_nothing


def test_a_flood_of_paragraphs_is_cut_and_counted() -> None:
    many = [f"Paragraf {number} yang baru" for number in range(3 * differences.MOST_BLOCKS)]
    told = compare([], many, drawing.plain)

    assert len(told.blocks) == differences.MOST_BLOCKS
    assert told.left_out == 2 * differences.MOST_BLOCKS


def test_one_endless_paragraph_is_shown_whole_on_both_sides() -> None:
    one = drawing.plain("ulang " * 50_000)
    before, after = mark(one, (*one, drawing.Piece("akhir")))

    assert all(piece.is_marked for piece in before if piece.is_word)
    assert after[-1].is_marked


@pytest.mark.parametrize(
    ("definition", "shown"),
    [
        ("[f]: https://palsu.go.id/", "https://palsu.go.id/"),
        ("[F]:\n  https://palsu.go.id/", "https://palsu.go.id/"),
        ("[f]: https://asli.go.id/\n\n[f]: https://palsu.go.id/", "https://palsu.go.id/"),
        ('[f]: https://asli.go.id/ "Judul palsu"', "Judul palsu"),
    ],
)
def test_a_link_that_only_leads_elsewhere_is_another_paragraph(definition: str, shown: str) -> None:
    text = "Unduh [formulir][f] sebelum datang ke kantor.\n\nTeks lain.\n\n"
    before, after = text + "[f]: https://asli.go.id/", text + definition

    told = compare(*map(drawing.whole_blocks, (before, after)), drawing.drawn).blocks

    (link,) = (block for block in told if block.after and "formulir" in drawing.html(block.after))
    assert link.change == "changed"
    assert shown in re.sub("</?ins>", "", drawing.html(link.after or (), "ins"))
    assert "<ins>" in drawing.html(link.after or (), "ins")


def test_a_title_that_only_a_mouse_shows_is_compared_too() -> None:
    (block,) = compare(
        ["Lihat peta desa [di halaman ini](/a/)."], ['Lihat peta desa [di halaman ini](/a/ "Judul").'],
        drawing.drawn,
    ).blocks  # fmt: skip

    assert "Judul" in drawing.html(block.after or ())
    assert not block.shows_nothing
