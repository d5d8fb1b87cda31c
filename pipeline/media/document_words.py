"""The words of a PDF, wherever in it they stand: drawn on its pages, or told beside them."""

import io
import re
from collections.abc import Iterator
from typing import Any

import pikepdf
import pypdfium2

_DEPTH = 50  # Strings that programs write for each other: identifiers, fonts' and signatures' bytes.
_NEVER_WORDS = frozenset(
    {
        *(
            "/ID",
            "/Registry",
            "/Ordering",
            "/Cert",
            "/ByteRange",
            "/Panose",
            "/CharSet",
            "/Lookup",
            "/O",
            "/U",
        ),
        *("/OE", "/UE", "/CreationDate", "/ModDate", "/M", "/LastModified", "/CheckSum", "/DA", "/Lang"),
        *("/CIDSet", "/Producer", "/Creator"),
    }
)
_WORDY_STREAMS = frozenset({"/Metadata", "/EmbeddedFile"})
_STREAM_BYTES = 2_000_000


def page_text(data: bytes) -> str:
    """Text of all pages as drawn: also under boxes, in white, and outside the visible page."""
    pages = []
    document = pypdfium2.PdfDocument(data)
    try:
        for number in range(len(document)):
            page = document[number]
            layer = page.get_textpage()
            pages.append(layer.get_text_range())
            layer.close()
            page.close()
    except pypdfium2.PdfiumError:
        return "\n".join(pages)
    finally:
        document.close()
    return "\n".join(pages).replace("\r\n", "\n")


def hidden_text(data: bytes) -> str:
    """Words that stand in the file but on no page: notes, bookmarks, field values, alternative texts.

    Also what the properties tell, the names of attachments and their words where they are text, and names of
    destinations and layers. What is written as a name (``/N5108…``) or a number counts as written.
    """
    found: list[str] = []
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for place in dictionaries(pdf):
            for key in list(place.keys()):
                value = place.get(key)
                if key not in _NEVER_WORDS:
                    found += _words_of(value)
            if isinstance(place, pikepdf.Stream) and str(place.get("/Type", "")) in _WORDY_STREAMS:
                found.append(_stream_words(place))
    return "\n".join(dict.fromkeys(word for word in found if word.strip()))


def _words_of(value: Any) -> list[str]:
    if isinstance(value, pikepdf.String):
        return [str(value)]
    if isinstance(value, pikepdf.Array):
        return [str(item) for item in value if isinstance(item, pikepdf.String)]
    return []


def _stream_words(stream: Any) -> str:
    """Words of a packet of properties or of an attached text, without its marks."""
    try:
        raw = bytes(stream.read_bytes())[:_STREAM_BYTES]
    except (pikepdf.PdfError, ValueError, RuntimeError):
        return ""
    text = raw.decode("utf-8", "ignore")
    return re.sub(r"<[^<>]{0,2000}>", "\n", text)


def dictionaries(pdf: pikepdf.Pdf) -> Iterator[Any]:
    """Every dictionary and stream of the file, those written in place inside others included."""
    for thing in pdf.objects:
        yield from _within(thing, 0)


def _within(thing: Any, depth: int) -> Iterator[Any]:
    if depth > _DEPTH:
        return
    if isinstance(thing, pikepdf.Array):
        children: list[Any] = list(thing)
    elif isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        yield thing
        children = [thing.get(key) for key in list(thing.keys())]
    else:
        return
    for child in children:
        if isinstance(child, pikepdf.Object) and not child.is_indirect:
            yield from _within(child, depth + 1)
