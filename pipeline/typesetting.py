"""Typesets documents with typst: PDF/A-2a and PDF/UA-1 at once, the same bytes for the same words.

``python -m pipeline.typesetting`` writes the office's copy of the SOP anew into ``content/``.
"""

import json
import struct
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from pipeline.files import write_atomic
from sop_site import resources
from sop_site.errors import AnswerIsNo, RenderingFailed

SOP_COPY = Path("content/halaman/sop-pengelolaan-web/sop-pengelolaan-web-salinan.pdf")
"""Where the copy of the SOP stands in a content repository and in this project."""
_SOP_IN_FORCE = datetime(2023, 6, 7, tzinfo=UTC)
_MISSING = "□"
_PACKAGE = Path(resources.__file__).resolve().parent


def typeset(template: str, data: Mapping[str, Any], at: datetime) -> bytes:
    """The PDF of a template (path below ``sop_site/``) filled with JSON-able ``data``.

    ``at`` is the only time that enters the file, as its date of creation. Fonts come from the package alone,
    or two computers would not give the same bytes. Raises ``RenderingFailed`` where typst refuses, which
    includes a picture without alternative text (PDF/UA-1), and ``AnswerIsNo`` where typst is absent.
    """
    try:
        # Imported here: an 80 MB library that only documents need, and an extra of the package.
        import typst
    except ImportError as error:
        raise AnswerIsNo("typst-missing") from error
    try:
        made = typst.compile(
            _PACKAGE / template,
            root=_PACKAGE,
            font_paths=[resources.fonts()],
            ignore_system_fonts=True,
            format="pdf",
            pdf_standards=["a-2a", "ua-1"],
            timestamp=int(at.timestamp()),
            sys_inputs={"data": json.dumps(printable(data), ensure_ascii=False)},
        )
    except typst.TypstError as error:
        raise RenderingFailed("typesetting-failed", detail=str(error.message)) from error
    assert isinstance(made, bytes)
    return made


def sop_copy() -> bytes:
    """The tagged PDF "SALINAN" of SOP 000.8.3.3/234/VI/2023."""
    words = json.loads(resources.text("sop/salinan-sop.json"))
    return typeset("data/sop/salinan-sop.typ", words, _SOP_IN_FORCE)


def printable(value: Any) -> Any:
    """``value`` with every character that the fonts lack replaced by a box, in all its strings.

    PDF/A forbids the glyph for "missing", so that an emoji in a title would stop the whole report.
    """
    if isinstance(value, str):
        return "".join(sign if sign == "\n" or ord(sign) in _covered() else _MISSING for sign in value)
    if isinstance(value, Mapping):
        return {name: printable(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [printable(item) for item in value]
    return value


@cache
def _covered() -> frozenset[int]:
    """Code points that every one of our font files can draw."""
    files = sorted(resources.fonts().glob("*.ttf"))
    return frozenset.intersection(*(_code_points(path.read_bytes()) for path in files))


def _code_points(font: bytes) -> frozenset[int]:
    """Code points of a TrueType font's ``cmap`` in segment format 4 (OpenType 1.9, "cmap")."""
    count = struct.unpack_from(">H", font, 4)[0]
    tables = (struct.unpack_from(">4sIII", font, 12 + 16 * place) for place in range(count))
    cmap = next(offset for tag, _, offset, _ in tables if tag == b"cmap")
    for place in range(struct.unpack_from(">H", font, cmap + 2)[0]):
        start = cmap + struct.unpack_from(">HHI", font, cmap + 4 + 8 * place)[2]
        if struct.unpack_from(">H", font, start)[0] == 4:
            return _segments(font, start)
    return frozenset()


def _segments(font: bytes, start: int) -> frozenset[int]:
    segments = struct.unpack_from(">H", font, start + 6)[0] // 2
    ends = struct.unpack_from(f">{segments}H", font, start + 14)
    starts = struct.unpack_from(f">{segments}H", font, start + 16 + 2 * segments)
    deltas = struct.unpack_from(f">{segments}H", font, start + 16 + 4 * segments)
    at_offsets = start + 16 + 6 * segments
    offsets = struct.unpack_from(f">{segments}H", font, at_offsets)
    found = set()
    for place, (first, last) in enumerate(zip(starts, ends, strict=True)):
        for point in range(first, min(last, 0xFFFE) + 1):
            glyph = point
            if offsets[place]:
                at = at_offsets + 2 * place + offsets[place] + 2 * (point - first)
                glyph = struct.unpack_from(">H", font, at)[0]
                if not glyph:
                    continue
            if (glyph + deltas[place]) & 0xFFFF:
                found.add(point)
    return frozenset(found)


def main() -> None:
    """Write the copy of the SOP below the current folder, or below the one that is named."""
    write_atomic(Path(*sys.argv[1:2]) / SOP_COPY, sop_copy())


if __name__ == "__main__":
    main()
