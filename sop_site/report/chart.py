"""A bar chart as SVG that needs no colour to be read: every bar carries its number."""

from collections.abc import Sequence
from html import escape

_ROW, _LABEL, _BAR, _WIDTH = 26, 330, 210, 590
_INK, _FILL = "#1a1a1a", "#2f5d8a"


def bars(title: str, description: str, values: Sequence[tuple[str, int]]) -> str:
    """Horizontal bars, one a row, in the order given; lengths are to one scale."""
    longest = max([value for _, value in values] + [1])
    height = _ROW * len(values) + 8
    rows = []
    for place, (label, value) in enumerate(values):
        top = 4 + place * _ROW
        length = round(_BAR * value / longest, 1)
        rows.append(
            f'<text x="{_LABEL - 8}" y="{top + 17}" text-anchor="end">{escape(label)}</text>'
            f'<rect x="{_LABEL}" y="{top + 4}" width="{max(length, 1)}" height="{_ROW - 9}" fill="{_FILL}"/>'
            f'<text x="{_LABEL + max(length, 1) + 6}" y="{top + 17}">{value}</text>'
        )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {_WIDTH} {height}"'
        f' font-family="Liberation Sans, Arial, sans-serif" font-size="12" fill="{_INK}">'
        f"<title>{escape(title)}</title><desc>{escape(description)}</desc>{''.join(rows)}</svg>"
    )
