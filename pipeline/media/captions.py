"""Captions (WebVTT): checked for their form, written in UTF-8 with plain line ends and without notes."""

import re

from pipeline.media import budgets
from pipeline.media.cleaned import Cleaned, public_name
from sop_site.errors import AnswerIsNo

_TIMING = re.compile(r"^(\d{2,}:)?\d{2}:\d{2}\.\d{3} --> (\d{2,}:)?\d{2}:\d{2}\.\d{3}( .*)?$", re.MULTILINE)
_NOTE = re.compile(r"(?:^|\n\n)(?:NOTE|STYLE)\b[^\n]*(?:\n[^\n]+)*")


def clean(name: str, data: bytes) -> Cleaned:
    """The captions with their cues alone; ``AnswerIsNo`` where no cue can be read."""
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        raise AnswerIsNo("media-broken", name=name) from error
    kept = "WEBVTT\n\n" + _NOTE.sub("", text).partition("\n\n")[2].strip("\n") + "\n"
    if "\0" in kept or not _TIMING.search(kept):
        raise AnswerIsNo("media-broken", name=name)
    made = kept.encode("utf-8")
    if len(made) > budgets.TEXT_FILE_BYTES:
        raise AnswerIsNo("media-too-big", name=name, bytes=len(made), limit=budgets.TEXT_FILE_BYTES)
    return Cleaned(public_name(name, "vtt"), made, "captions", text=kept)
