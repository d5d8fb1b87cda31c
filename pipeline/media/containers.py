"""Looks into picture files without decoding them: which parts carry more than the picture."""

from __future__ import annotations

import re
from collections.abc import Iterator

_PNG_PICTURE_PARTS = {
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"bKGD",
    b"pHYs", b"hIST", b"sPLT", b"cICP",
}  # fmt: skip
_WEBP_PICTURE_PARTS = {b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ICCP", b"ANIM", b"ANMF"}
_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
"""Where a JPEG's compressed bytes end: inside them 0xFF is followed by zero or a restart."""
_JP2_NOTES = {b"uuid", b"xml ", b"uinf", b"asoc", b"free", b"skip"}
_JFIF_WITHOUT_THUMBNAIL = 16  # length of an APP0 segment whose thumbnail has no pixels


def has_metadata(kind: str, data: bytes) -> bool:
    """Whether a jpg, png or webp holds more than pixels and colour profile; a broken one counts as yes."""
    try:
        if kind == "jpg":
            parts = list(jpeg_segments(data))
            return not all(_is_picture(marker, body) for marker, body in parts) or _jpeg_trailer(data)
        if kind == "png":
            return any(name not in _PNG_PICTURE_PARTS for name in _png_parts(data))
        return any(name not in _WEBP_PICTURE_PARTS for name in _webp_parts(data))
    except (IndexError, ValueError):
        return True


def jpeg_segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Marker and body of every segment up to the first scan; ``ValueError`` where the chain is broken."""
    for marker, start, end in _jpeg_spans(data):
        yield marker, data[start + 4 : end]


def stripped_jpeg(data: bytes) -> bytes:
    """A JPEG without EXIF, XMP, IPTC, thumbnails, comments; its pixels untouched (for pictures in PDFs)."""
    kept, last = [data[:2]], 2
    for marker, start, end in _jpeg_spans(data):
        if _is_picture(marker, data[start + 4 : end]):
            kept.append(data[start:end])
        last = end
    return b"".join([*kept, *_scans(data, last)])


def _scans(data: bytes, place: int) -> Iterator[bytes]:
    """The compressed picture up to its end, without what stands between or behind its scans."""
    while data[place + 1] != 0xD9:
        start = place
        end = place + 2 + int.from_bytes(data[place + 2 : place + 4], "big")
        if data[place + 1] == 0xDA:
            found = _MARKER.search(data, end)
            end = found.start() if found else len(data)
        if data[place + 1] == 0xDA or _is_picture(data[place + 1], data[start + 4 : end]):
            yield data[start:end]
        if end + 1 >= len(data):
            break  # cut off: as much as there is
        place = end
    yield b"\xff\xd9"


def stripped_png(data: bytes) -> bytes:
    """A PNG without text, EXIF and times; unchanged where its parts do not fit together."""
    if not data.startswith(b"\x89PNG\r\n\x1a\n"):
        return data
    kept, place = [data[:8]], 8
    while place + 12 <= len(data):
        end = place + 12 + int.from_bytes(data[place : place + 4], "big")
        if end > len(data):
            return data
        if data[place + 4 : place + 8] in _PNG_PICTURE_PARTS:
            kept.append(data[place:end])
        place = end
    return b"".join(kept)


def stripped_jp2(data: bytes) -> bytes:
    """A JPEG 2000 without its boxes for notes (XMP, UUID); unchanged where its boxes do not fit together."""
    kept, place = [], 0
    if data[4:8] != b"jP  ":
        return data
    while place + 8 <= len(data):
        length = int.from_bytes(data[place : place + 4], "big")
        end = len(data) if length == 0 else place + length
        if length == 1:
            end = place + int.from_bytes(data[place + 8 : place + 16], "big")
        if end < place + 8 or end > len(data):
            return data
        if data[place + 4 : place + 8] not in _JP2_NOTES:
            kept.append(data[place:end])
        place = end
    return b"".join(kept)


def _jpeg_spans(data: bytes) -> Iterator[tuple[int, int, int]]:
    if data[:2] != b"\xff\xd8":
        raise ValueError("not a JPEG")
    place = 2
    while True:
        if data[place] != 0xFF:
            raise ValueError("broken chain of segments")
        marker = data[place + 1]
        if marker == 0xFF:
            place += 1
            continue
        if marker == 0xDA:
            return
        end = place + 2 + int.from_bytes(data[place + 2 : place + 4], "big")
        if end > len(data):
            raise ValueError("segment beyond the end")
        yield marker, place, end
        place = end


def _is_picture(marker: int, body: bytes) -> bool:
    if marker == 0xE0:
        return body.startswith(b"JFIF\0") and len(body) + 2 == _JFIF_WITHOUT_THUMBNAIL
    if marker == 0xE2:
        return body.startswith(b"ICC_PROFILE\0")
    if marker == 0xEE:
        return body.startswith(b"Adobe")
    return not (0xE0 <= marker <= 0xEF or marker == 0xFE)


def _jpeg_trailer(data: bytes) -> bool:
    """Whether bytes follow the end of the picture (a phone's moving part, a second picture)."""
    return not data.endswith(b"\xff\xd9") or data.count(b"\xff\xd8\xff") > 1


def _png_parts(data: bytes) -> Iterator[bytes]:
    place = 8
    while place < len(data):
        length = int.from_bytes(data[place : place + 4], "big")
        name = data[place + 4 : place + 8]
        yield name
        place += 12 + length
        if name == b"IEND" and place != len(data):
            yield b"more"


def _webp_parts(data: bytes) -> Iterator[bytes]:
    if len(data) > 8 + int.from_bytes(data[4:8], "little") + 1:
        yield b"more"
    place = 12
    while place + 8 <= len(data):
        length = int.from_bytes(data[place + 4 : place + 8], "little")
        yield data[place : place + 4]
        place += 8 + length + (length & 1)
