"""Which cleaner takes which type: the one place where a file's true type decides what happens to it."""

from collections.abc import Callable
from pathlib import Path

from pipeline.media import identify
from pipeline.media.cleaned import Cleaned
from sop_site.errors import AnswerIsNo


def clean(
    name: str, source: Path, *, keep: bool, further: Callable[[float], None] = lambda _share: None
) -> Cleaned:
    """The cleaned file; runs inside the confined child. ``AnswerIsNo`` names why a file is refused.

    ``further`` is told how far a long work is, as a share of the whole.
    """
    with source.open("rb") as file:
        kind = identify.type_of(file)
    # A film is read by its own library, a piece at a time.
    data = b"" if kind in identify.VIDEOS else source.read_bytes()
    # Each library is loaded for its own files only: a photograph does not wait for the video library.
    if kind in identify.PICTURES:
        from pipeline.media import picture

        return picture.clean(name, str(kind), data)
    if kind == "pdf":
        from pipeline.media import document

        return document.clean(name, data)
    if kind in identify.VIDEOS:
        from pipeline.media import video

        return video.clean(name, str(kind), source, further)
    if kind == "svg":
        from pipeline.media import svg

        return svg.clean(name, data)
    if kind == "vtt":
        from pipeline.media import captions

        return captions.clean(name, data)
    return _office(name, str(kind), data, keep=keep)


def _office(name: str, kind: str, data: bytes, *, keep: bool) -> Cleaned:
    if kind == "macros":
        raise AnswerIsNo("media-macros", name=name)
    if kind == "encrypted":
        raise AnswerIsNo("media-encrypted", name=name)
    if kind in identify.OFFICE and keep:
        from pipeline.media import office_file

        return office_file.clean(name, kind, data)
    if kind in identify.OFFICE | identify.OFFICE_OTHER:
        raise AnswerIsNo("media-office-unconverted", name=name)
    raise AnswerIsNo("media-type-refused", name=name)
