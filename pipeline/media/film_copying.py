"""Copies the pictures of an H.264 film packet by packet, where there is no doubt that they are pictures.

A damaged or made-up table of contents can name any bytes of the file a picture, its notes included, and
players look away. So every packet is taken apart, and decoded strictly, while it is copied.
"""

from __future__ import annotations

import mmap
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pipeline.media import boxes, budgets, film_sound, h264_units
from pipeline.media.film_progress import Teller
from pipeline.media.h264_units import InDoubtError

_IN_BOXES = ("mp4", "mov")
_OPTIONS = {"movflags": "+faststart", "fflags": "+bitexact"}


def copy(
    av: Any, film: Any, tracks: tuple[Any, Any | None], target: Path, *,
    source: Path, kind: str, duration: float, further: Callable[[float], None],
) -> None:  # fmt: skip
    """Write the pictures as they are and the sound anew.

    ``InDoubtError`` where a packet is not wholly a picture, or where they are too heavy altogether.
    """
    track, sound = tracks
    _check_places(film, track, source, kind)
    track.codec_context.options = {"err_detect": "explode"}
    track.thread_type = "AUTO"
    teller = Teller(duration, further)
    with av.open(str(target), "w", format="mp4", options=_OPTIONS) as fresh:
        known, picture = _pictures(fresh, track)
        tone = film_sound.Sound(av, fresh) if sound else None
        for packet in film.demux(*([track, sound] if sound else [track])):
            frames = packet.decode()
            if packet.stream is track:
                for frame in frames:
                    teller.seen(frame)
                    if frame.is_corrupt:
                        raise InDoubtError("a picture that cannot be decoded whole")
                _put(av, fresh, packet, h264_units.pictures_only(bytes(packet), known), picture)
            elif tone is not None:
                for frame in frames:
                    tone.hear(frame)
        if tone is not None:
            tone.end()


def join(av: Any, film: Any, target: Path) -> None:
    """The same for a film that we encoded ourselves: its sound is copied too, its pictures lose the notes."""
    with av.open(str(target), "w", format="mp4", options=_OPTIONS) as fresh:
        track = film.streams.video[0]
        known, picture = _pictures(fresh, track)
        tones = [(each, fresh.add_stream_from_template(each)) for each in film.streams.audio]
        for _, tone in tones:
            tone.metadata.clear()
        for packet in film.demux(track, *(each for each, _ in tones)):
            if packet.stream is track:
                _put(av, fresh, packet, h264_units.pictures_only(bytes(packet), known, own=True), picture)
            elif packet.dts is not None:
                packet.stream = tones[0][1]
                fresh.mux(packet)


def _pictures(fresh: Any, track: Any) -> tuple[h264_units.Settings, Any]:
    known = h264_units.settings(track.codec_context.extradata or b"")
    fresh.metadata.clear()
    picture = fresh.add_stream_from_template(track)
    picture.metadata.clear()
    picture.codec_context.extradata = known.packed()
    return known, picture


def _put(av: Any, fresh: Any, packet: Any, pictures: bytes, picture: Any) -> None:
    if packet.dts is None or not pictures:
        return
    bare = av.Packet(pictures)
    bare.pts, bare.dts, bare.duration = packet.pts, packet.dts, packet.duration
    bare.time_base, bare.is_keyframe = packet.time_base, packet.is_keyframe
    bare.stream = picture
    fresh.mux(bare)


def _check_places(film: Any, track: Any, source: Path, kind: str) -> None:
    """``InDoubtError`` where packets lie outside the media or over each other, or are too heavy."""
    spans, weight = [], 0
    for packet in film.demux(track):
        if packet.size:
            spans.append((packet.pos, packet.pos + packet.size))
            weight += packet.size
        if weight > budgets.VIDEO_BYTES:
            raise InDoubtError("too heavy to be copied")
    film.seek(0)
    if kind not in _IN_BOXES:
        return  # a block of Matroska brings its bytes itself, and has no table that could name others
    with source.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        try:
            media = [span for name, span in boxes.within(data, 0, len(data)) if name == b"mdat"]
        except ValueError as error:
            raise InDoubtError("boxes that do not fit") from error
    before = 0
    for start, end in sorted(spans):
        if start < before or not any(first <= start and end <= last for first, last in media):
            raise InDoubtError("pictures that lie outside, or over each other")
        before = end
