"""What a file is and holds, as plain facts for the checks; runs in the confined child for the risky types."""

from __future__ import annotations

import io
import warnings
from typing import Any

from pipeline.media import budgets, containers, film_boxes, identify
from sop_site.errors import AnswerIsNo

_REVISIONS = 20
_DECODERS = {"jpg": "JPEG", "png": "PNG", "webp": "WEBP"}
_HARMLESS_INFO = {"/Title", "/Trapped", "/CreationDate", "/ModDate"}
# What a typesetter notes of itself; names, places, keywords and histories of editing are not in it.
_HARMLESS_XMP = {
    "{http://purl.org/dc/elements/1.1/}title", "{http://purl.org/dc/elements/1.1/}language",
    "{http://purl.org/dc/elements/1.1/}format",
    "{http://www.aiim.org/pdfa/ns/id/}part", "{http://www.aiim.org/pdfa/ns/id/}conformance",
    "{http://www.aiim.org/pdfa/ns/id/}rev", "{http://www.aiim.org/pdfua/ns/id/}part",
    "{http://ns.adobe.com/xap/1.0/}CreateDate", "{http://ns.adobe.com/xap/1.0/}ModifyDate",
    "{http://ns.adobe.com/xap/1.0/}CreatorTool", "{http://ns.adobe.com/xap/1.0/t/pg/}NPages",
    "{http://ns.adobe.com/xap/1.0/mm/}DocumentID", "{http://ns.adobe.com/xap/1.0/mm/}InstanceID",
    "{http://ns.adobe.com/xap/1.0/mm/}RenditionClass", "{http://ns.adobe.com/pdf/1.3/}PDFVersion",
}  # fmt: skip
# Typst's history says "saved, converted" with its own name; PDF/A wants the schemas in use declared.
_TYPST_XMP = {
    "{http://ns.adobe.com/xap/1.0/mm/}History", "{http://www.aiim.org/pdfa/ns/extension/}schemas",
}  # fmt: skip


def facts_of(name: str, data: bytes) -> dict[str, Any]:
    """Type, size, surface, text and dangers of a file; ``problem`` names why it could not be read whole."""
    kind = identify.true_type(data)
    facts: dict[str, Any] = {
        "name": name, "true_type": kind, "size": len(data), "width": None, "height": None,
        "has_metadata": False, "has_text": False, "text": "", "encrypted": kind == "encrypted",
        "macros": kind == "macros", "duration": None, "problem": None,
    }  # fmt: skip
    try:
        facts |= _by_type(name, kind, data)
    except AnswerIsNo as no:
        facts["problem"] = no.code
        facts["encrypted"] |= no.code == "media-encrypted"
    except (ValueError, OSError, SyntaxError, EOFError, RuntimeError, KeyError, IndexError):
        facts["problem"] = "media-broken"
    facts["has_text"] = bool(facts["has_text"] or facts["text"].strip())
    return facts


def _by_type(name: str, kind: str | None, data: bytes) -> dict[str, Any]:
    if kind in _DECODERS:
        return _picture(name, kind, data)
    if kind == "pdf":
        return _document(name, data)
    if kind == "mp4":
        return _film(data)
    if kind == "svg":
        return _drawing(name, data)
    if kind == "vtt":
        from pipeline.media import captions

        return {"text": captions.clean(name, data).text}
    if kind in identify.OFFICE:
        from pipeline.media import office_file

        return {
            "text": office_file.text(data),
            "has_metadata": office_file.has_properties(data),
            "problem": "media-office-carries" if office_file.carries_more(data) else None,
        }
    return {}


def _picture(name: str, kind: str, data: bytes) -> dict[str, Any]:
    from PIL import Image

    from pipeline.media import likeness

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        Image.MAX_IMAGE_PIXELS = None
        with Image.open(io.BytesIO(data), formats=[_DECODERS[kind]]) as image:
            facts = {
                "width": image.width,
                "height": image.height,
                "has_metadata": containers.has_metadata(kind, data),
            }
            if image.width * image.height > budgets.DECODED_PIXELS:
                return facts | {"problem": "media-too-many-pixels"}
            try:
                image.load()
            except (OSError, SyntaxError, ValueError, EOFError):
                return facts | {"problem": "media-broken"}
    return facts | {"likeness": likeness.of_picture(data, _DECODERS[kind])}


def _document(name: str, data: bytes) -> dict[str, Any]:
    from pipeline.media import document, document_words

    with document.opened(name, data) as pdf:
        told = _document_tells(pdf)
        active = document.is_active(pdf)
        pages = len(pdf.pages)
    shown = document_words.page_text(data)
    words = [shown, document_words.hidden_text(data), *_earlier(data)]
    return {
        "text": "\n".join(word for word in words if word),
        "has_text": bool(shown.strip()),
        "has_metadata": told or len(_revision_ends(data)) > 1,
        "pages": pages,
        "problem": "media-pdf-active" if active else None,
    }


def _document_tells(pdf: Any) -> bool:
    info = pdf.trailer.get("/Info")
    if info is not None:
        for key in info.keys():  # noqa: SIM118 - a PDF dictionary
            own = key in ("/Creator", "/Producer") and str(info[key]).lower().startswith("typst")
            if key not in _HARMLESS_INFO and not own and str(info[key]).strip():
                return True
    if "/Metadata" not in pdf.Root:
        return False
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as meta:
        tool = str(meta.get("xmp:CreatorTool") or "").lower()
        typeset = tool.startswith("typst")
        harmless = _HARMLESS_XMP | _TYPST_XMP if typeset else _HARMLESS_XMP
        strangers = [key for key in meta if key not in harmless]
    return bool(strangers) or bool(tool and not typeset)


def _revision_ends(data: bytes) -> list[int]:
    """Where each saved revision ends; a file prepared for fast web view has a mark of its own in front."""
    ends: list[int] = []
    place = data.find(b"%%EOF")
    while place >= 0 and len(ends) < _REVISIONS:
        ends.append(place + 5)
        place = data.find(b"%%EOF", place + 5)
    return ends[1:] if b"/Linearized" in data[:1024] else ends


def _earlier(data: bytes) -> list[str]:
    """The text of every earlier revision: cut off the later ones and read what remains."""
    from pipeline.media import document_words

    words = []
    for end in _revision_ends(data)[:-1]:
        try:
            words.append(document_words.page_text(data[:end]))
        except (ValueError, RuntimeError):
            continue
    return words


def _film(data: bytes) -> dict[str, Any]:
    film = film_boxes.read(data)
    other = [codec for codec in film.codecs if codec not in ("h264", "aac")]
    return {
        "width": film.width,
        "height": film.height,
        "duration": film.duration,
        "has_metadata": film.has_metadata,
        "problem": "media-codec" if other or "h264" not in film.codecs else None,
    }


def _drawing(name: str, data: bytes) -> dict[str, Any]:
    from pipeline.media import svg

    cleaned = svg.clean(name, data)
    return {
        "width": cleaned.width,
        "height": cleaned.height,
        "text": cleaned.text,
        "has_metadata": b"<!--" in data or b"<metadata" in data,
    }
