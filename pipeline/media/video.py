"""Videos: an mp4 without metadata, its index in front, and a still.

H.264 and AAC are copied packet by packet, so that a minute of film takes no minute; anything else, and what
is too heavy, is encoded anew.
"""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pipeline.media import budgets, film_encoding, picture
from pipeline.media.cleaned import Cleaned, public_name
from sop_site.errors import AnswerIsNo

_POSTER_AT = 0.1
"""Where in the film its still is taken, as a share of its length: the first frame is often black."""
_FRAMES_SEARCHED = 600
_EIGHT_BITS = ("yuv420p", "yuvj420p")
"""What every browser shows; a telephone's ten bits are encoded anew."""
_DEMUXERS = {"mp4": "mov", "mov": "mov", "mkv": "matroska", "webm": "matroska"}
_ATTACHED_PICTURE = 0x400
_WITHOUT_NOTES = "filter_units=remove_types=6"
"""H.264's units for notes (SEI), where some cameras write their position."""


def clean(
    name: str, kind: str, source: Path, further: Callable[[float], None] = lambda _share: None
) -> Cleaned:
    """The film as mp4 of at most 20 MB, and its poster; ``AnswerIsNo`` for broken and for very long films.

    ``further`` is told how far it is, since encoding takes about as long as the film lasts.
    """
    av = _library()
    try:
        with _opened(av, kind, source) as film:
            track, sound = _tracks(name, film)
            duration = float(film.duration / av.time_base) if film.duration else 0.0
            poster, turn = _poster(name, film, track)
            plain = _is_plain(track, sound)
        made = _copied(av, name, kind, source) if plain else b""
        if not plain or len(made) > budgets.VIDEO_BYTES:
            made = _encoded(av, name, kind, source, duration, turn, further)
    except av.FFmpegError as error:
        raise AnswerIsNo("media-broken", name=name) from error
    if len(made) > budgets.VIDEO_BYTES:
        raise AnswerIsNo("media-too-big", name=name, bytes=len(made), limit=budgets.VIDEO_BYTES)
    return Cleaned(
        public_name(name, "mp4"),
        made,
        "video",
        poster.width,
        poster.height,
        duration=duration or None,
        poster=poster,
    )


def _library() -> Any:
    try:
        # Imported here: 100 MB that only videos need, and an extra of the package.
        import av
        import av.bitstream
        import av.error
        import av.filter
        import av.logging
    except ImportError as error:
        raise AnswerIsNo("extra-missing", extra="media", library="av") from error
    av.logging.set_level(None)
    return av


def _opened(av: Any, kind: str, source: Path) -> Any:
    """As the kind that its first bytes tell and no other: playlists lead to other files and the network."""
    return av.open(str(source), format=_DEMUXERS[kind])


def _tracks(name: str, film: Any) -> tuple[Any, Any | None]:
    """The picture and the sound; subtitles and data tracks (where cameras keep positions) are left behind."""
    pictures = [stream for stream in film.streams.video if not _is_cover(stream)]
    if not pictures:
        raise AnswerIsNo("media-broken", name=name)
    track = pictures[0]
    if track.width * track.height > budgets.DECODED_PIXELS:
        raise AnswerIsNo("media-too-many-pixels", name=name, width=track.width, height=track.height)
    return track, next(iter(film.streams.audio), None)


def _is_cover(stream: Any) -> bool:
    """Whether a track is no film but a picture that goes with it."""
    return bool(getattr(getattr(stream, "disposition", None), "value", 0) & _ATTACHED_PICTURE)


def _is_plain(track: Any, sound: Any | None) -> bool:
    """Whether every browser plays it as it is."""
    seen = track.codec_context.name == "h264" and track.codec_context.pix_fmt in _EIGHT_BITS
    return seen and (sound is None or sound.codec_context.name == "aac")


def _copied(av: Any, name: str, kind: str, source: Path) -> bytes:
    # A real file: moving the index to the front needs to read again what was written.
    with tempfile.TemporaryDirectory(prefix="sop-film-") as folder, _opened(av, kind, source) as film:
        target = Path(folder) / "film.mp4"
        _copy_packets(av, film, [stream for stream in _tracks(name, film) if stream is not None], target)
        return target.read_bytes()


def _encoded(
    av: Any, name: str, kind: str, source: Path, duration: float, turn: int, further: Callable[[float], None]
) -> bytes:
    with tempfile.TemporaryDirectory(prefix="sop-film-") as folder:
        encoded = Path(folder) / "baru.mp4"
        with _opened(av, kind, source) as film:
            tracks = _tracks(name, film)
            film_encoding.encode(
                av, film, tracks, encoded, duration=duration, turn=turn, name=name, further=further
            )
        # Copied like any other film: an encoder too notes its name and settings among the pictures.
        return _copied(av, name, "mp4", encoded)


def _copy_packets(av: Any, film: Any, sources: list[Any], target: Path) -> None:
    options = {"movflags": "+faststart", "fflags": "+bitexact"}
    with av.open(str(target), "w", format="mp4", options=options) as fresh:
        fresh.metadata.clear()
        targets = {stream.index: fresh.add_stream_from_template(stream) for stream in sources}
        for stream in targets.values():
            stream.metadata.clear()
        silenced = av.bitstream.BitStreamFilterContext(_WITHOUT_NOTES, sources[0])
        for packet in film.demux(*sources):
            number = packet.stream.index
            for kept in _without_notes(packet, silenced if packet.stream is sources[0] else None):
                kept.stream = targets[number]
                fresh.mux(kept)


def _without_notes(packet: Any, silenced: Any | None) -> list[Any]:
    """The packet without what cameras write between the pictures; nothing for the flushing one at the end."""
    last = packet.dts is None
    if silenced is None:
        return [] if last else [packet]
    return list(silenced.filter(None if last else packet))


def _poster(name: str, film: Any, track: Any) -> tuple[Cleaned, int]:
    """A still, upright, and by how many degrees frames are turned to be so."""
    if film.duration:
        film.seek(int(film.duration * _POSTER_AT))
    for number, frame in enumerate(film.decode(track)):
        if number > _FRAMES_SEARCHED:
            break
        turn = int(getattr(frame, "rotation", 0) or 0)
        image = frame.to_image().rotate(turn % 360, expand=True)
        return picture.still(f"{name.rpartition('.')[0] or name}-poster.jpg", image), turn
    raise AnswerIsNo("media-broken", name=name)
