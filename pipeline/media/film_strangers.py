"""Whether an mp4 holds anything but its pictures and its sound: an allow-list of boxes, and no gaps.

A list of boxes for notes is never whole: cameras invent theirs. What every player needs is a short list.
"""

from __future__ import annotations

from pipeline.media import boxes
from pipeline.media.boxes import Span

_HOLDERS = frozenset([b"moov", b"trak", b"mdia", b"minf", b"stbl", b"edts", b"dinf"])
_NEEDED = frozenset(
    [b"ftyp", b"mdat", b"elst", b"vmhd", b"smhd", b"dref", b"stts", b"ctts", b"cslg", b"stss", b"stsc",
     b"stsz", b"stco", b"co64", b"sgpd", b"sbgp", b"sdtp"]
)  # fmt: skip
_CODINGS = {b"avc1": 78, b"avc3": 78, b"mp4a": 28}
"""How long the plain part of a coding's description is, before the boxes in it."""
_OF_CODINGS = frozenset([b"avcC", b"esds", b"pasp", b"colr", b"btrt", b"fiel", b"clap"])
_NOTED = frozenset([b"udta", b"meta"])
_TIMED = frozenset([b"mvhd", b"tkhd", b"mdhd"])
_NAMES = frozenset([b"", b"VideoHandler", b"SoundHandler"])
_COMPRESSOR = (42, 74)
_DEPTH = 12


def any_in(data: bytes) -> bool:
    """Whether there are notes, names, times of recording, or bytes that belong to no picture and no sound.

    ``ValueError`` where the boxes do not fit into each other.
    """
    media: list[Span] = []
    samples: list[Span] = []
    found = False
    for name, span in boxes.within(data, 0, len(data)):
        if name == b"mdat":
            media.append(span)
        found |= _strange(data, name, span, samples, 0)
    return found or not _tile(media, samples)


def _strange(data: bytes, name: bytes, span: Span, samples: list[Span], depth: int) -> bool:
    start, end = span
    if depth > _DEPTH:
        raise ValueError("boxes nested too deep")
    if name in _HOLDERS:
        inside = list(boxes.within(data, start, end))
        if name == b"stbl":
            samples.extend(_chunks(data, dict(inside)))
        return any(_strange(data, inner, body, samples, depth + 1) for inner, body in inside)
    if name in (b"free", b"skip"):
        return bool(data[start:end].strip(b"\0"))
    if name in _TIMED:
        width = 16 if data[start] == 1 else 8
        return any(data[start + 4 : start + 4 + width])  # made and changed
    if name == b"hdlr":
        return data[start + 24 : end].strip(b"\0") not in _NAMES
    if name == b"stsd":
        return any(_coding(data, *entry) for entry in boxes.within(data, start + 8, end))
    if name in _NOTED:
        return _says_something(data[start:end])
    return name not in _NEEDED


def _coding(data: bytes, name: bytes, span: Span) -> bool:
    start, end = span
    plain = _CODINGS.get(name)
    if plain is None:
        return False  # another coding: that is said elsewhere
    first, last = _COMPRESSOR
    if name != b"mp4a" and data[start + first : start + last].strip(b"\0"):
        return True  # the name of a camera's or a program's encoder
    return any(inner not in _OF_CODINGS for inner, _ in boxes.within(data, start + plain, end))


def _says_something(body: bytes) -> bool:
    """Whether a box for notes holds any: an empty list of them is what tidy programs leave behind."""
    return bool(body.strip(b"\0")) and not (b"ilst" in body and b"data" not in body and b"\xa9" not in body)


def _chunks(data: bytes, table: dict[bytes, Span]) -> list[Span]:
    """Where a track's samples lie, chunk by chunk."""
    if not {b"stsz", b"stsc"} <= table.keys() or not {b"stco", b"co64"} & table.keys():
        raise ValueError("a track without its table")
    sizes = _sizes(data, table[b"stsz"][0])
    wide = b"co64" in table
    at = table[b"co64" if wide else b"stco"][0]
    places = boxes.numbers(data, at + 8, boxes.number(data, at + 4), 8 if wide else 4)
    at = table[b"stsc"][0]
    runs = boxes.numbers(data, at + 8, 3 * boxes.number(data, at + 4))
    each = dict(zip(runs[0::3], runs[1::3], strict=True))
    found, taken, count = [], 0, 0
    for order, place in enumerate(places, start=1):
        count = each.get(order, count)
        found.append((place, place + sum(sizes[taken : taken + count])))
        taken += count
    if taken != len(sizes):
        raise ValueError("a table that does not name every sample")
    return found


def _sizes(data: bytes, at: int) -> list[int]:
    same, count = boxes.numbers(data, at + 4, 2)
    if same:
        if same * count > len(data):
            raise ValueError("more samples than there are bytes")
        return [same] * count
    return boxes.numbers(data, at + 12, count)


def _tile(media: list[Span], samples: list[Span]) -> bool:
    """Whether the samples fill the places for media, without gap and without lying over each other."""
    left = sorted((span for span in samples if span[0] < span[1]), reverse=True)
    for start, end in sorted(media):
        while left and left[-1][0] == start:
            start = left.pop()[1]
        if start != end:
            return False
    return not left
