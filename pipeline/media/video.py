"""Videos: an mp4 without metadata, its index in front, and a still.

The pictures of H.264 are copied packet by packet, so that a minute of film takes no minute; any other
coding, what is too heavy, and what is in doubt is encoded anew.
"""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pipeline.media import budgets, film_boxes, film_copying, film_encoding, picture
from pipeline.media.cleaned import Cleaned, public_name
from pipeline.media.h264_units import InDoubtError
from sop_site.errors import AnswerIsNo

_POSTER_AT = 0.1
"""Where in the film its still is taken, as a share of its length: the first frame is often black."""
_FRAMES_SEARCHED = 600
_EIGHT_BITS = ("yuv420p", "yuvj420p")
"""What every browser shows; a telephone's ten bits are encoded anew."""
_DEMUXERS = {"mp4": "mov", "mov": "mov", "mkv": "matroska", "webm": "matroska"}
_ATTACHED_PICTURE = 0x400
_TO_LOOK = 0.3
"""Share of the work that it is to look whether a film can be copied, where it then cannot."""


def clean(
    name: str, kind: str, source: Path, further: Callable[[float], None] = lambda _share: None
) -> Cleaned:
    """The film as mp4 of at most 20 MB, and its poster; ``AnswerIsNo`` for broken and for very long films.

    ``further`` is told how far it is, since encoding takes about as long as the film lasts.
    """
    av = _library()
    try:
        with _opened(av, kind, source) as film:
            track, _ = _tracks(name, film)
            duration = float(film.duration / av.time_base) if film.duration else 0.0
            poster, turn = _poster(name, film, track)
            plain = _is_plain(track)
        made = (
            _copied(av, name, kind, source, duration, lambda share: further(_TO_LOOK * share))
            if plain
            else b""
        )
        if not made or len(made) > budgets.VIDEO_BYTES:
            rest = (lambda share: further(_TO_LOOK + (1 - _TO_LOOK) * share)) if plain else further
            made = _encoded(av, name, kind, source, duration, turn, rest)
    except av.FFmpegError as error:
        raise AnswerIsNo("media-broken", name=name) from error
    if len(made) > budgets.VIDEO_BYTES:
        raise AnswerIsNo("media-too-big", name=name, bytes=len(made), limit=budgets.VIDEO_BYTES)
    if film_boxes.read(made).has_metadata:
        raise AnswerIsNo("media-metadata-stays", name=name)
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


def _is_plain(track: Any) -> bool:
    """Whether every browser shows its pictures as they are."""
    return track.codec_context.name == "h264" and track.codec_context.pix_fmt in _EIGHT_BITS


def _copied(
    av: Any, name: str, kind: str, source: Path, duration: float, further: Callable[[float], None]
) -> bytes:
    """The film with its pictures as they are; empty where they cannot be copied without doubt."""
    # A real file: moving the index to the front needs to read again what was written.
    with tempfile.TemporaryDirectory(prefix="sop-film-") as folder, _opened(av, kind, source) as film:
        target = Path(folder) / "film.mp4"
        try:
            film_copying.copy(
                av, film, _tracks(name, film), target,
                source=source, kind=kind, duration=duration, further=further,
            )  # fmt: skip
        except (InDoubtError, av.FFmpegError):
            return b""
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
        target = Path(folder) / "film.mp4"
        # An encoder too notes its name and settings among the pictures.
        with _opened(av, "mp4", encoded) as film:
            film_copying.join(av, film, target)
        return target.read_bytes()


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
