"""Captions (WebVTT): checked cue by cue, written in UTF-8 with plain line ends, without notes or styles."""

import re
from collections.abc import Iterator

from pipeline.media import budgets
from pipeline.media.cleaned import Cleaned, public_name
from sop_site.errors import AnswerIsNo

_TIMING = re.compile(
    r"(?:(\d{2,4}):)?([0-5]\d):([0-5]\d\.\d{3})[ \t]+-->[ \t]+"
    r"(?:(\d{2,4}):)?([0-5]\d):([0-5]\d\.\d{3})([ \t].*)?"
)
_SETTINGS = re.compile(r"(?:(?:align|line|position|size|vertical|region):[A-Za-z0-9%.,-]+\s*)*")
_TAG = re.compile(r"</?(?:[cibuv]|lang|ruby|rt)(?:[. \t][^<>]*)?>|<(?:\d{2,}:)?\d{2}:\d{2}\.\d{3}>")
_DROPPED = ("NOTE", "STYLE", "REGION")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def clean(name: str, data: bytes) -> Cleaned:
    """The captions with their cues alone, and when the last one ends.

    ``AnswerIsNo`` names the line that breaks the form (W3C WebVTT): times that run backwards, page code in a
    cue, anything that is neither a cue nor a note.
    """
    if len(data) > 4 * budgets.TEXT_FILE_BYTES:
        raise AnswerIsNo("media-too-big", name=name, bytes=len(data), limit=budgets.TEXT_FILE_BYTES)
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise AnswerIsNo("media-captions-faulty", name=name, line=line) from error
    cues, last, began = [], 0.0, 0.0
    for number, block in _blocks(name, text):
        start, end, cue = _cue(name, number, block)
        if start < began:
            raise AnswerIsNo("media-captions-faulty", name=name, line=number)
        began, last = start, max(last, end)
        cues.append(cue)
    if not cues:
        raise AnswerIsNo("media-captions-faulty", name=name, line=1)
    kept = "WEBVTT\n\n" + "\n\n".join(cues) + "\n"
    made = kept.encode("utf-8")
    if len(made) > budgets.TEXT_FILE_BYTES:
        raise AnswerIsNo("media-too-big", name=name, bytes=len(made), limit=budgets.TEXT_FILE_BYTES)
    return Cleaned(public_name(name, "vtt"), made, "captions", duration=last, text=kept)


def _blocks(name: str, text: str) -> Iterator[tuple[int, list[str]]]:
    """The blocks that must be cues, each with the number of its first line."""
    lines = text.split("\n")
    if not re.fullmatch(r"WEBVTT(?:[ \t].*)?", lines[0]):
        raise AnswerIsNo("media-captions-faulty", name=name, line=1)
    block: list[str] = []
    head = True  # what stands right below the first line describes the file
    for number, line in enumerate([*lines[1:], ""], start=2):
        if line.strip() and not (not block and head and "-->" in line):
            block.append(line)
            continue
        if line.strip():
            head = False
            block.append(line)
            continue
        if block and not head and not block[0].startswith(_DROPPED):
            yield number - len(block), block
        block, head = [], False


def _cue(name: str, number: int, block: list[str]) -> tuple[float, float, str]:
    """When it begins and ends, and its lines; a name of its own that it may have is dropped."""
    place = 0 if "-->" in block[0] else 1
    found = _TIMING.fullmatch(block[place].strip()) if len(block) > place else None
    if found is None:
        raise AnswerIsNo("media-captions-faulty", name=name, line=number + min(place, len(block) - 1))
    start, end = _seconds(*found.group(1, 2, 3)), _seconds(*found.group(4, 5, 6))
    settings = (found[7] or "").strip()
    words = block[place + 1 :]
    if end <= start or not _SETTINGS.fullmatch(settings):
        raise AnswerIsNo("media-captions-faulty", name=name, line=number + place)
    for offset, line in enumerate(words):
        if _CONTROL.search(line) or "-->" in line or "<" in _TAG.sub("", line):
            raise AnswerIsNo("media-captions-faulty", name=name, line=number + place + 1 + offset)
    timing = block[place].strip() if settings else block[place].split(found[7] or "\n")[0].strip()
    return start, end, "\n".join([timing, *(line.rstrip() for line in words)])


def _seconds(hours: str | None, minutes: str, seconds: str) -> float:
    return int(hours or 0) * 3600 + int(minutes) * 60 + float(seconds)
