"""Looks into an mp4 without decoding it: size, length, codecs, and what else it says (ISO 14496-12)."""

from __future__ import annotations

from dataclasses import dataclass, field

from pipeline.media import boxes, film_strangers

_CONTAINERS = {b"moov", b"trak", b"mdia", b"minf", b"stbl", b"edts", b"dinf"}
_DEPTH = 12
_VIDEO = {b"avc1": "h264", b"avc3": "h264"}
_SOUND = {b"mp4a": "aac"}


@dataclass(slots=True)
class FilmFacts:
    """What the boxes say."""

    width: int | None = None
    height: int | None = None
    duration: float | None = None
    """Seconds."""
    codecs: list[str] = field(default_factory=list)
    """``h264``, ``aac``, or the four letters of anything else."""
    has_metadata: bool = False
    index_first: bool = False
    """Whether a browser can start before the whole film has arrived."""


def read(data: bytes) -> FilmFacts:
    """Facts of an mp4; ``ValueError`` where its boxes do not fit into each other."""
    facts = FilmFacts()
    order = []
    for name, body in boxes.within(data, 0, len(data)):
        order.append(name)
        _take(name, data, body, facts, 0)
    if b"moov" not in order or b"mdat" not in order:
        raise ValueError("no film in it")
    facts.has_metadata = film_strangers.any_in(data)
    facts.index_first = order.index(b"moov") < order.index(b"mdat")
    return facts


def _take(name: bytes, data: bytes, body: tuple[int, int], facts: FilmFacts, depth: int) -> None:
    start, end = body
    if depth > _DEPTH:
        raise ValueError("boxes nested too deep")
    if name == b"mvhd":
        _movie_header(data, start, facts)
    elif name == b"tkhd":
        width = int.from_bytes(data[end - 8 : end - 6], "big")
        height = int.from_bytes(data[end - 4 : end - 2], "big")
        if width and height:
            facts.width, facts.height = width, height
    elif name == b"stsd":
        code = data[start + 12 : start + 16]
        facts.codecs.append(_VIDEO.get(code) or _SOUND.get(code) or code.decode("ascii", "replace"))
    elif name in _CONTAINERS:
        for inner, span in boxes.within(data, start, end):
            _take(inner, data, span, facts, depth + 1)


def _movie_header(data: bytes, start: int, facts: FilmFacts) -> None:
    long = data[start] == 1
    width = 8 if long else 4
    place = start + 4 + 2 * width
    scale = int.from_bytes(data[place : place + 4], "big")
    length = int.from_bytes(data[place + 4 : place + 4 + width], "big")
    facts.duration = length / scale if scale else None
