"""What a picture looks like, in few bits that survive scaling, encoding, brightening and slight cropping.

A perceptual hash (ADR 14): the picture in 32 × 32 greys, of which the 64 slowest waves of the cosine
transform keep one bit each, whether the wave goes up or down. Two versions of one picture differ in few bits.
"""

import io
import warnings
from functools import cache
from math import cos, pi, sqrt

from PIL import Image

_SIDE = 32
_WAVES = 9
_DECODED = (256, 256)
"""A JPEG is unpacked no finer than this, which takes a tenth of the time."""
_FLAT = 4.0
"""Standard deviation of the greys below which a picture shows nothing that could be recognised."""
_PAPER = 185
"""Where half of a picture is brighter, it is paper: a scanned letter or a drawing; those are a bit alike."""
_ORIENTATION = 0x0112
_TURNED = {
    2: (Image.Transpose.FLIP_LEFT_RIGHT,),
    3: (Image.Transpose.ROTATE_180,),
    4: (Image.Transpose.FLIP_TOP_BOTTOM,),
    5: (Image.Transpose.TRANSPOSE,),
    6: (Image.Transpose.ROTATE_270,),
    7: (Image.Transpose.TRANSVERSE,),
    8: (Image.Transpose.ROTATE_90,),
}


def of_picture(data: bytes, form: str) -> str | None:
    """Sixteen hexadecimal digits, a ``p`` behind them for marks on paper; ``None`` for one plain colour.

    ``form`` is Pillow's name of the format. Raises what Pillow raises for a broken picture.
    """
    greys = _greys(data, form)
    middle = sum(greys) / len(greys)
    if sqrt(sum((grey - middle) ** 2 for grey in greys) / len(greys)) < _FLAT:
        return None
    bits = 0
    for wave in _slow_waves(greys):
        bits = bits << 1 | (wave > 0)
    is_paper = sorted(greys)[len(greys) // 2] > _PAPER
    return f"{bits:016x}{'p' if is_paper else ''}"


def _greys(data: bytes, form: str) -> list[float]:
    """The picture as it is shown, on white, in 32 × 32 greys."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return _shown(data, form)


def _shown(data: bytes, form: str) -> list[float]:
    with Image.open(io.BytesIO(data), formats=[form]) as image:
        orientation = _orientation(image)
        image.draft("L", _DECODED)
        if image.has_transparency_data:
            whole = image.convert("RGBA")
            paper = Image.new("RGBA", whole.size, "white")
            paper.alpha_composite(whole)
            small = paper.convert("L")
        else:
            small = image.convert("L")
        small = small.resize((_SIDE, _SIDE), Image.Resampling.BOX)
    for turn in _TURNED.get(orientation, ()):
        small = small.transpose(turn)
    return [float(grey) for grey in small.tobytes()]


def _orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(_ORIENTATION, 1))
    except Exception:
        # Whatever Pillow stumbles over in malformed notes; the picture itself has been decoded whole.
        return 1


def _slow_waves(greys: list[float]) -> list[float]:
    """The 64 slowest waves (DCT-II), slowest first, without the one that is the brightness of the whole."""
    waves = _cosines()
    rows = [greys[start : start + _SIDE] for start in range(0, _SIDE * _SIDE, _SIDE)]
    across = [[sum(map(float.__mul__, row, wave)) for row in rows] for wave in waves]
    order = sorted(
        ((u, v) for u in range(_WAVES) for v in range(_WAVES) if u or v), key=lambda uv: (uv[0] + uv[1], uv)
    )
    return [sum(map(float.__mul__, across[u], waves[v])) for u, v in order[:64]]


@cache
def _cosines() -> list[list[float]]:
    return [[cos(pi * u * (2 * x + 1) / (2 * _SIDE)) for x in range(_SIDE)] for u in range(_WAVES)]
