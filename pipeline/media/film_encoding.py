"""Encodes a film anew as H.264 and AAC: smaller, in eight bits, and only as heavy as its length allows."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

from pipeline.media import budgets, film_sound
from pipeline.media.film_progress import Teller
from sop_site.errors import AnswerIsNo

_BEST_BITS, _WORST_BITS = 2_500_000, 250_000
"""Bits a second: more is not seen at this size, with fewer nothing is."""
_USED = 0.9
"""Share of the budget that is planned for; the rest is the container's, and what the encoder misses by."""
_MOST_FRAMES = 30
_QUALITY = "25"
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
        tone = film_sound.Sound(av, fresh) if sound else None
        track.thread_type = "AUTO"
        _pour(av, film, fresh, (track, picture), (sound, tone) if tone else None, Teller(duration, further))


def _picture_bits(duration: float, name: str) -> int:
    # A film that does not say how long it is gets the best; what comes out too heavy is refused after.
    if duration <= 0:
        return _BEST_BITS
    bits = int(budgets.VIDEO_BYTES * 8 * _USED / duration) - film_sound.BITS
    if bits < _WORST_BITS:
        most = int(budgets.VIDEO_BYTES * 8 * _USED / (_WORST_BITS + film_sound.BITS))
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
    av: Any,
    film: Any,
    fresh: Any,
    seen: tuple[Any, Any],
    heard: tuple[Any, film_sound.Sound] | None,
    teller: Teller,
) -> None:
    track, picture = seen
    graph = _filters(av, track, picture)
    streams = [track, heard[0]] if heard else [track]
    for packet in film.demux(*streams):
        for frame in packet.decode():
            if packet.stream is track:
                teller.seen(frame)
                graph.push(frame)
                _drain(av, graph, picture, fresh)
            elif heard:
                heard[1].hear(frame)
    graph.push(None)
    _drain(av, graph, picture, fresh)
    fresh.mux(picture.encode(None))
    if heard:
        heard[1].end()


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
