"""Encodes a film anew as H.264 and AAC: smaller, in eight bits, and only as heavy as its length allows."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

from pipeline.media import budgets
from sop_site.errors import AnswerIsNo

_SOUND_BITS = 96_000
_SOUND_RATE = 48_000
_BEST_BITS, _WORST_BITS = 2_500_000, 250_000
"""Bits a second: more is not seen at this size, with fewer nothing is."""
_USED = 0.9
"""Share of the budget that is planned for; the rest is the container's, and what the encoder misses by."""
_MOST_FRAMES = 30
_QUALITY = "25"
_STEP = 0.005
_SAME_BYTES = {"threads": "2", "x264-params": "sliced-threads=1"}
"""The number of threads changes the bytes, and threads for whole frames make them a matter of luck."""


def encode(
    av: Any,
    film: Any,
    tracks: tuple[Any, Any | None],
    target: Path,
    *,
    duration: float,
    turn: int,
    name: str,
    further: Callable[[float], None],
) -> None:
    """Write ``film`` to ``target`` anew; ``AnswerIsNo`` where its length leaves too few bits a second."""
    bits = _picture_bits(duration, name)
    with av.open(str(target), "w", format="mp4") as fresh:
        track, sound = tracks
        picture = _picture_stream(fresh, track, bits, turn)
        tone = fresh.add_stream("aac", rate=_SOUND_RATE, layout="stereo") if sound else None
        if tone is not None:
            tone.bit_rate = _SOUND_BITS
        track.thread_type = "AUTO"
        teller = _Teller(duration, further)
        _pour(av, film, fresh, (track, picture), (sound, tone) if sound else None, teller)


class _Teller:
    """Says how far the film is, each time that a hundredth more is done; without a length, by frames."""

    def __init__(self, duration: float, further: Callable[[float], None]) -> None:
        self._duration, self._further = duration, further
        self._told, self._frames = 0.0, 0

    def seen(self, frame: Any) -> None:
        """One more frame was decoded."""
        self._frames += 1
        if self._duration > 0 and frame.time is not None:
            share = float(frame.time) / self._duration
        else:
            share = 1 - 1 / (1 + self._frames / 3000)
        # Up to the encoder's last frames, which are written after all are read.
        share = min(0.99, share)
        if share - self._told >= _STEP:
            self._told = share
            self._further(share)


def _picture_bits(duration: float, name: str) -> int:
    # A film that does not say how long it is gets the best; what comes out too heavy is refused after.
    if duration <= 0:
        return _BEST_BITS
    bits = int(budgets.VIDEO_BYTES * 8 * _USED / duration) - _SOUND_BITS
    if bits < _WORST_BITS:
        most = int(budgets.VIDEO_BYTES * 8 * _USED / (_WORST_BITS + _SOUND_BITS))
        raise AnswerIsNo(
            "media-film-too-long", name=name, minutes=round(duration / 60) or 1, most=max(1, most // 60)
        )
    return min(_BEST_BITS, bits)


def _picture_stream(fresh: Any, track: Any, bits: int, turn: int) -> Any:
    rate = min(Fraction(_MOST_FRAMES), Fraction(track.average_rate or track.guessed_rate or _MOST_FRAMES))
    options = {
        "preset": "veryfast",
        "profile": "high",
        "crf": _QUALITY,
        "maxrate": str(bits),
        "bufsize": str(bits),
    }
    picture = fresh.add_stream("libx264", rate=rate, options=options | _SAME_BYTES)
    picture.width, picture.height = _fitting(track.width, track.height)
    picture.pix_fmt = "yuv420p"
    if turn:
        picture.set_display_rotation(turn)
    return picture


def _fitting(width: int, height: int) -> tuple[int, int]:
    """Both sides even, the long one at most as long as planned."""
    scale = min(1.0, budgets.FILM_LONG_SIDE / max(width, height))
    return max(2, round(width * scale / 2) * 2), max(2, round(height * scale / 2) * 2)


def _pour(
    av: Any, film: Any, fresh: Any, seen: tuple[Any, Any], heard: tuple[Any, Any] | None, teller: _Teller
) -> None:
    track, picture = seen
    graph = _filters(av, track, picture)
    resampler = av.AudioResampler(format="fltp", layout="stereo", rate=_SOUND_RATE)
    streams = [track, heard[0]] if heard else [track]
    for packet in film.demux(*streams):
        for frame in packet.decode():
            if packet.stream is track:
                teller.seen(frame)
                graph.push(frame)
                _drain(av, graph, picture, fresh)
            elif heard:
                _hear(resampler.resample(frame), heard[1], fresh)
    graph.push(None)
    _drain(av, graph, picture, fresh)
    fresh.mux(picture.encode(None))
    if heard:
        _hear(resampler.resample(None), heard[1], fresh)
        fresh.mux(heard[1].encode(None))


def _filters(av: Any, track: Any, picture: Any) -> Any:
    """Size, eight bits and an even beat; frames that are too many are dropped, missing ones shown longer."""
    graph = av.filter.Graph()
    steps = [
        graph.add_buffer(template=track, time_base=track.time_base),
        graph.add("fps", f"fps={picture.codec_context.framerate}"),
        graph.add("scale", f"{picture.width}:{picture.height}"),
        graph.add("format", "pix_fmts=yuv420p"),
        graph.add("buffersink"),
    ]
    graph.link_nodes(*steps).configure()
    return graph


def _drain(av: Any, graph: Any, picture: Any, fresh: Any) -> None:
    while True:
        try:
            frame = graph.pull()
        except (av.BlockingIOError, av.EOFError):
            return
        frame.pict_type = 0  # the encoder decides itself which frames stand alone
        fresh.mux(picture.encode(frame))


def _hear(frames: list[Any], tone: Any, fresh: Any) -> None:
    for frame in frames:
        fresh.mux(tone.encode(frame))
