"""Videos: the same pictures and sound in a new mp4 without metadata, its index in front, and a still.

Nothing is encoded again: H.264 and AAC are copied packet by packet, so a minute of film takes no minute.
"""

import tempfile
from pathlib import Path
from typing import Any

from pipeline.media import budgets, picture
from pipeline.media.cleaned import Cleaned, public_name
from sop_site.errors import AnswerIsNo

_POSTER_AT = 0.1
"""Where in the film its still is taken, as a share of its length: the first frame is often black."""
_FRAMES_SEARCHED = 600


def clean(name: str, source: Path) -> Cleaned:
    """The film as mp4 and its poster; ``AnswerIsNo`` for other codecs, broken files and more than 20 MB."""
    av = _library()
    try:
        with av.open(str(source)) as film:
            track, sound = _tracks(name, film)
            poster = _poster(name, film, track)
        with av.open(str(source)) as film:
            track, sound = _tracks(name, film)
            made = _copied(av, film, track, sound)
            width, height = poster.width, poster.height
            duration = float(film.duration / av.time_base) if film.duration else None
    except av.FFmpegError as error:
        raise AnswerIsNo("media-broken", name=name) from error
    if len(made) > budgets.VIDEO_BYTES:
        raise AnswerIsNo("media-too-big", name=name, bytes=len(made), limit=budgets.VIDEO_BYTES)
    return Cleaned(public_name(name, "mp4"), made, "video", width, height, duration=duration, poster=poster)


def _library() -> Any:
    try:
        # Imported here: 100 MB that only videos need, and an extra of the package.
        import av
        import av.error
        import av.logging
    except ImportError as error:
        raise AnswerIsNo("extra-missing", extra="media", library="av") from error
    av.logging.set_level(None)
    return av


def _tracks(name: str, film: Any) -> tuple[Any, Any | None]:
    """The picture and the sound; subtitles and data tracks (where cameras keep positions) are left behind."""
    pictures = [stream for stream in film.streams.video if stream.codec_context.name != "mjpeg"]
    sounds = list(film.streams.audio)
    if not pictures:
        raise AnswerIsNo("media-broken", name=name)
    for stream, wanted in ((pictures[0], "h264"), *((sound, "aac") for sound in sounds[:1])):
        if stream.codec_context.name != wanted:
            raise AnswerIsNo("media-codec", name=name, codec=str(stream.codec_context.name), wanted=wanted)
    if pictures[0].width * pictures[0].height > budgets.DECODED_PIXELS:
        raise AnswerIsNo(
            "media-too-many-pixels", name=name, width=pictures[0].width, height=pictures[0].height
        )
    return pictures[0], sounds[0] if sounds else None


def _copied(av: Any, film: Any, track: Any, sound: Any | None) -> bytes:
    # A real file: moving the index to the front needs to read again what was written.
    with tempfile.TemporaryDirectory(prefix="sop-film-") as folder:
        target = Path(folder) / "film.mp4"
        _copy_packets(av, film, [stream for stream in (track, sound) if stream is not None], target)
        return target.read_bytes()


def _copy_packets(av: Any, film: Any, sources: list[Any], target: Path) -> None:
    options = {"movflags": "+faststart", "fflags": "+bitexact"}
    with av.open(str(target), "w", format="mp4", options=options) as fresh:
        fresh.metadata.clear()
        targets = {stream.index: fresh.add_stream_from_template(stream) for stream in sources}
        for stream in targets.values():
            stream.metadata.clear()
        for packet in film.demux(*sources):
            if packet.dts is None:
                continue  # the flushing packet at the end
            packet.stream = targets[packet.stream.index]
            fresh.mux(packet)


def _poster(name: str, film: Any, track: Any) -> Cleaned:
    if film.duration:
        film.seek(int(film.duration * _POSTER_AT))
    for number, frame in enumerate(film.decode(track)):
        if number > _FRAMES_SEARCHED:
            break
        image = frame.to_image()
        turn = int(getattr(frame, "rotation", 0) or 0) % 360
        return picture.still(f"{name.rpartition('.')[0] or name}-poster.jpg", image.rotate(turn, expand=True))
    raise AnswerIsNo("media-broken", name=name)
