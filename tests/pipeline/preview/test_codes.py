"""A QR code says the same in a terminal and as a picture, and can be read from both."""

import re

import pytest
import segno

from pipeline.preview import codes

LINK = "http://192.168.100.205:8764/masuk/EMoi5Mk7KJqz8aZ_yd4z1asoCDY1F6C2"


def drawn(lines: list[str], *, colours: bool) -> list[list[bool]]:
    """Dark cells of what stands on a terminal."""
    rows: list[list[bool]] = []
    for line in lines:
        text = re.sub("\x1b\\[[0-9;]*m", "", line)
        rows.append([(letter in "▀█") == colours for letter in text])
        rows.append([(letter in "▄█") == colours for letter in text])
    return rows


@pytest.mark.parametrize("colours", [True, False])
def test_the_terminal_shows_every_cell(colours: bool) -> None:
    lines = codes.for_terminal(LINK, colours=colours)

    wanted = [
        [bool(cell) for cell in row] for row in segno.make(LINK, error="m", micro=False).matrix_iter(border=2)
    ]
    shown = drawn(lines, colours=colours)
    assert shown[: len(wanted)] == wanted
    assert not any(any(row) for row in shown[len(wanted) :])
    assert ("\x1b" in lines[0]) == colours


def test_it_fits_on_a_terminal_of_80_columns_and_24_lines() -> None:
    lines = codes.for_terminal(LINK, colours=False)

    assert len(lines) <= 22
    assert max(map(len, lines)) <= 78


def test_the_picture_is_an_svg_without_anything_that_runs() -> None:
    picture = codes.as_svg(LINK)

    assert picture.startswith("<?xml")
    assert "<script" not in picture
    assert "style=" not in codes.as_svg(LINK, inline=True)
    assert "<?xml" not in codes.as_svg(LINK, inline=True)
