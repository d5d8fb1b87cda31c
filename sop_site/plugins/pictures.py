"""Width and height of a picture, read from its first bytes, so that a page does not jump while it loads."""

import re
import struct

_START_OF_FRAME = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
_SVG_TAG = re.compile(rb"<svg\b[^>]*>", re.DOTALL)
_SVG_NUMBER = rb"\s*=\s*[\"']\s*([0-9.]+)(?:px)?\s*[\"']"
_SVG_BOX = re.compile(rb"\bviewBox\s*=\s*[\"']\s*[-0-9.]+[\s,]+[-0-9.]+[\s,]+([0-9.]+)[\s,]+([0-9.]+)")

Size = tuple[int, int]


def size_of(data: bytes) -> Size | None:
    """Width and height in pixels of a PNG, JPEG, WebP or SVG; ``None`` where they cannot be told."""
    try:
        if data.startswith(b"\x89PNG\r\n\x1a\n"):
            return struct.unpack(">II", data[16:24])
        if data.startswith(b"\xff\xd8"):
            return _jpeg(data)
        if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
            return _webp(data)
        return _svg(data)
    except (struct.error, IndexError, ValueError):
        return None


def _jpeg(data: bytes) -> Size | None:
    place = 2
    while place + 9 < len(data):
        if data[place] != 0xFF:
            return None
        marker = data[place + 1]
        if marker == 0xFF:
            place += 1
            continue
        if marker in _START_OF_FRAME:
            height, width = struct.unpack(">HH", data[place + 5 : place + 9])
            return width, height
        place += 2 + struct.unpack(">H", data[place + 2 : place + 4])[0]
    return None


def _webp(data: bytes) -> Size | None:
    kind = data[12:16]
    if kind == b"VP8X":
        return int.from_bytes(data[24:27], "little") + 1, int.from_bytes(data[27:30], "little") + 1
    if kind == b"VP8L":
        bits = int.from_bytes(data[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8 ":
        width, height = struct.unpack("<HH", data[26:30])
        return width & 0x3FFF, height & 0x3FFF
    return None


def _svg(data: bytes) -> Size | None:
    tag = _SVG_TAG.search(data[:65536])
    if tag is None:
        return None
    sides = [re.search(rb"\b" + side + _SVG_NUMBER, tag[0]) for side in (b"width", b"height")]
    if sides[0] and sides[1]:
        return round(float(sides[0][1])), round(float(sides[1][1]))
    box = _SVG_BOX.search(tag[0])
    return (round(float(box[1])), round(float(box[2]))) if box else None
