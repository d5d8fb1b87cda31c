"""PDF documents: written anew without scripts, attachments, forms, metadata and earlier revisions.

What is kept: the pages, their structure for screen readers, bookmarks, title and language. The text of the
result is read by another library than the one that wrote it.
"""

from __future__ import annotations

import io
import zlib
from typing import Any

import pikepdf

from pipeline.media import budgets, containers
from pipeline.media.cleaned import Cleaned, public_name
from pipeline.media.document_title import describe, marks_of, title_of
from pipeline.media.document_words import dictionaries, hidden_text, page_text
from sop_site.errors import AnswerIsNo

_ROOT_KEPT = frozenset(
    {
        "/Type", "/Version", "/Pages", "/PageLabels", "/Names", "/Dests", "/ViewerPreferences", "/PageLayout",
        "/PageMode", "/Outlines", "/StructTreeRoot", "/MarkInfo", "/Lang", "/OCProperties", "/OutputIntents",
        "/Metadata", "/AcroForm",
    }
)  # fmt: skip
"""What a document is; whatever else stands there opens, runs, carries or tells something."""
# Without the old /ID, of which half would stay: LibreOffice makes it of the moment.
_TRAILER_KEPT = frozenset({"/Root", "/Size", "/Info"})
_EVERYWHERE = ("/AA", "/JS", "/Metadata", "/PieceInfo", "/AF", "/EF", "/RF", "/LastModified", "/XFA",
               "/Thumb",
               "/Ref", "/OPI", "/Alternates")  # fmt: skip
_NAME_TREES_KEPT = ("/Dests", "/IDS", "/AP")
# Links inside the document and to the web stay; every other action runs, opens or sends something.
_ACTIONS_KEPT = ("/GoTo", "/URI", "/Named")
_TURNS = ("/NextPage", "/PrevPage", "/FirstPage", "/LastPage", "/GoBack")
_ADDRESSES = ("http://", "https://", "mailto:", "tel:")
_OUTSIDE = ("/F", "/FFilter", "/FDecodeParms")
"""Of a stream: its bytes lie in another file."""
_OF_A_NOTE = ("/T", "/NM", "/M", "/CreationDate", "/Popup", "/IRT", "/RC", "/Subj", "/RT")
"""Who wrote a note beside the text, when, and in answer to what."""
_WORDS_SHOWN = ("/Link", "/FreeText", "/Stamp")
_NOTES_DROPPED = (
    "/FileAttachment",
    "/RichMedia",
    "/Screen",
    "/Movie",
    "/Sound",
    "/3D",
    "/Popup",
    "/Text",
    "/Widget",
)


def clean(name: str, data: bytes) -> Cleaned:
    """A PDF fit to be public, and all its text; ``AnswerIsNo`` where it is encrypted, broken or too big."""
    with opened(name, data) as pdf:
        if len(pdf.pages) > budgets.PDF_PAGES:
            raise AnswerIsNo("media-too-many-pages", name=name, pages=len(pdf.pages), limit=budgets.PDF_PAGES)
        _refuse_dynamic(name, pdf)
        title, marks, signed, carries = title_of(pdf), marks_of(pdf), _is_signed(pdf), _carries(pdf)
        _flatten_forms(pdf)
        _strip(pdf)
        describe(pdf, title, marks)
        made = _saved(pdf)
        pages = len(pdf.pages)
    if len(made) <= budgets.PDF_BYTES and _is_active_still(made):
        raise AnswerIsNo("media-metadata-stays", name=name)
    if len(made) > budgets.PDF_BYTES:
        raise AnswerIsNo("media-too-big", name=name, bytes=len(made), limit=budgets.PDF_BYTES)
    shown = page_text(made)
    return Cleaned(
        name=public_name(name, "pdf"),
        data=made,
        kind="document",
        pages=pages,
        title=title,
        text=f"{title}\n{shown}\n{hidden_text(made)}",
        notes=(
            *(() if shown.strip() else ("media-no-text-layer",)),
            *(("media-signature-lost",) if signed else ()),
            *(("media-attachments-lost",) if carries else ()),
        ),
    )


def is_active(pdf: pikepdf.Pdf) -> bool:
    """Whether anything in it could run, open or carry another file."""
    if any(key in pdf.Root for key in ("/OpenAction", "/AA", "/Collection", "/AcroForm")):
        return True
    for place in dictionaries(pdf):
        if any(key in place for key in ("/JS", "/EF", "/AA", "/XFA")) or _bad_action(place.get("/A")):
            return True
    return False


def opened(name: str, data: bytes) -> pikepdf.Pdf:
    """The parsed file; ``AnswerIsNo`` where it is encrypted or broken."""
    try:
        pdf = pikepdf.open(io.BytesIO(data))
    except pikepdf.PasswordError as error:
        raise AnswerIsNo("media-encrypted", name=name) from error
    except (pikepdf.PdfError, ValueError, RuntimeError) as error:
        raise AnswerIsNo("media-broken", name=name) from error
    if pdf.is_encrypted:
        pdf.close()
        raise AnswerIsNo("media-encrypted", name=name)
    return pdf


def _is_active_still(made: bytes) -> bool:
    with pikepdf.open(io.BytesIO(made)) as pdf:
        return is_active(pdf)


def _refuse_dynamic(name: str, pdf: pikepdf.Pdf) -> None:
    """A form whose pages its own program makes at opening: the file's own page says "please wait"."""
    form = pdf.Root.get("/AcroForm")
    if not isinstance(form, pikepdf.Dictionary) or "/XFA" not in form:
        return
    fields = form.get("/Fields")
    if bool(pdf.Root.get("/NeedsRendering")) or not isinstance(fields, pikepdf.Array) or len(fields) == 0:
        raise AnswerIsNo("media-form-dynamic", name=name)


def _carries(pdf: pikepdf.Pdf) -> bool:
    """Whether other files are attached to it."""
    names = pdf.Root.get("/Names")
    inside = isinstance(names, pikepdf.Dictionary) and "/EmbeddedFiles" in names
    return inside or any("/EF" in place for place in dictionaries(pdf))


def _is_signed(pdf: pikepdf.Pdf) -> bool:
    """Whether it bears an electronic signature, which no changed file can keep."""
    return any(str(place.get("/FT")) == "/Sig" and "/V" in place for place in dictionaries(pdf))


def _flatten_forms(pdf: pikepdf.Pdf) -> None:
    """What was filled in becomes part of the page; fields, signatures and their scripts go."""
    if "/AcroForm" not in pdf.Root:
        return
    pdf.generate_appearance_streams()
    pdf.flatten_annotations("all")
    if "/AcroForm" in pdf.Root:
        del pdf.Root["/AcroForm"]


def _strip(pdf: pikepdf.Pdf) -> None:
    for key in [str(key) for key in pdf.Root.keys()]:  # noqa: SIM118 - PDF
        if key not in _ROOT_KEPT:
            del pdf.Root[key]
    for key in [str(key) for key in pdf.trailer.keys()]:  # noqa: SIM118 - PDF
        if key not in _TRAILER_KEPT:
            del pdf.trailer[key]
    names = pdf.Root.get("/Names")
    if isinstance(names, pikepdf.Dictionary):
        for tree in [str(key) for key in names.keys() if key not in _NAME_TREES_KEPT]:  # noqa: SIM118 - PDF
            del names[tree]
    for page in pdf.pages:
        _strip_notes(page.obj)
    for place in list(dictionaries(pdf)):
        _strip_dictionary(place)


def _strip_notes(page: Any) -> None:
    notes = page.get("/Annots")
    if not isinstance(notes, pikepdf.Array):
        return
    kept = []
    for note in notes:
        kind = str(note.get("/Subtype", "")) if isinstance(note, pikepdf.Dictionary) else "/Popup"
        if kind in _NOTES_DROPPED:
            continue
        for key in _OF_A_NOTE if kind in _WORDS_SHOWN else (*_OF_A_NOTE, "/Contents"):
            if key in note:
                del note[key]
        kept.append(note)
    if kept:
        page["/Annots"] = pikepdf.Array(kept)
    else:
        del page["/Annots"]


def _strip_dictionary(place: Any) -> None:
    for key in _EVERYWHERE:
        if key in place:
            del place[key]
    for key in ("/A", "/PA", "/Next"):
        if key in place and _bad_action(place[key]):
            del place[key]
    if isinstance(place, pikepdf.Stream):
        for key in _OUTSIDE:
            if key in place:
                del place[key]
        _strip_photo(place)


def _bad_action(action: object) -> bool:
    if isinstance(action, pikepdf.Array):
        return any(_bad_action(item) for item in action)
    if not isinstance(action, pikepdf.Dictionary) or "/S" not in action:
        return False
    kind = str(action["/S"])
    if kind == "/URI" and not str(action.get("/URI", "")).strip().lower().startswith(_ADDRESSES):
        return True
    if kind == "/Named" and str(action.get("/N", "")) not in _TURNS:
        return True
    return kind not in _ACTIONS_KEPT or _bad_action(action.get("/Next"))


def _strip_photo(stream: Any) -> None:
    """A photograph inside the document loses its EXIF without being encoded again."""
    given = stream.get("/Filter")
    filters = [str(item) for item in given] if isinstance(given, pikepdf.Array) else [str(given)]
    if filters == ["/JPXDecode"]:
        photo = stream.read_raw_bytes()
        lean = containers.stripped_jp2(photo)
        if len(lean) != len(photo):
            stream.write(lean, filter=pikepdf.Name.JPXDecode, decode_parms=stream.get("/DecodeParms"))
        return
    if filters[-1:] != ["/DCTDecode"] or filters[:-1] not in ([], ["/FlateDecode"]):
        return
    raw = stream.read_raw_bytes()
    try:
        photo = zlib.decompress(raw) if len(filters) > 1 else raw
        clean_photo = containers.stripped_jpeg(photo)
    except (ValueError, IndexError, zlib.error):
        return
    if len(filters) > 1 or len(clean_photo) != len(raw):
        settings = stream.get("/DecodeParms")
        own = settings[-1] if isinstance(settings, pikepdf.Array) else settings
        stream.write(clean_photo, filter=pikepdf.Name.DCTDecode, decode_parms=own)


def _saved(pdf: pikepdf.Pdf) -> bytes:
    """All reachable objects written anew: what an earlier revision held is reachable no more."""
    target = io.BytesIO()
    pdf.remove_unreferenced_resources()
    pdf.save(
        target,
        deterministic_id=True,
        fix_metadata_version=False,
        compress_streams=True,
        object_stream_mode=pikepdf.ObjectStreamMode.preserve,
    )
    return target.getvalue()
