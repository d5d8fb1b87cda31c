"""A link as a QR code: for a terminal in half blocks, for a page or a file as SVG."""

import io

import segno

_HALVES = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}
_BORDER = 2
_BLACK_ON_WHITE, _PLAIN = "\x1b[30;107m", "\x1b[0m"


def for_terminal(text: str, *, colours: bool) -> list[str]:
    """Lines of half blocks. Without colours the terminal is taken to be dark, and light is drawn."""
    rows = [[bool(cell) == colours for cell in row] for row in _code(text).matrix_iter(border=_BORDER)]
    if len(rows) % 2:
        rows.append([not colours] * len(rows[0]))
    lines = [
        "".join(_HALVES[pair] for pair in zip(upper, lower, strict=True))
        for upper, lower in zip(rows[::2], rows[1::2], strict=True)
    ]
    return [f"{_BLACK_ON_WHITE}{line}{_PLAIN}" for line in lines] if colours else lines


def as_svg(text: str, *, inline: bool = False) -> str:
    """The code as a picture; ``inline`` leaves away what only a file of its own needs."""
    out = io.BytesIO()
    _code(text).save(out, kind="svg", scale=6, border=4, light="#fff", xmldecl=not inline, svgns=not inline)
    return out.getvalue().decode("utf-8")


def _code(text: str) -> segno.QRCode:
    return segno.make(text, error="m", micro=False)
