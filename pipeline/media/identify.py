"""The true type of a file by its first bytes: an allow-list; every other beginning is a no."""

import io
import zipfile
from typing import BinaryIO

from pipeline.media import budgets

PICTURES = frozenset({"jpg", "png", "webp", "gif", "tiff", "bmp", "heic", "avif"})
VIDEOS = frozenset({"mp4", "mov", "mkv", "webm"})
OFFICE = frozenset({"docx", "xlsx"})
OFFICE_OTHER = frozenset({"pptx", "odt", "ods", "odp", "ole"})
"""Known, but only as the source of a PDF; ``ole`` are the files of Word, Excel and PowerPoint before 2007."""
ARCHIVE = "zip"
PUBLIC = frozenset({"jpg", "png", "webp", "svg", "pdf", "mp4", "vtt"})
"""What may lie in a page's folder; office files only as ``files`` of a document."""

HEAD_BYTES = 4096
_SIGNATURES = (
    (b"\xff\xd8\xff", "jpg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"%PDF-", "pdf"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BRANDS = {
    **dict.fromkeys((b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1"), "heic"),
    **dict.fromkeys((b"avif", b"avis"), "avif"),
    **dict.fromkeys((b"qt  ",), "mov"),
    **dict.fromkeys(
        (b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"MSNV", b"dash",
         b"3gp4", b"3gp5", b"3gp6", b"3g2a"), "mp4"),
}  # fmt: skip
_OPEN_DOCUMENT = {b"text": "odt", b"spreadsheet": "ods", b"presentation": "odp"}
_MATROSKA = b"\x1aE\xdf\xa3"
_DOCTYPE = b"\x42\x82"
_END_OF_ZIP, _END_BYTES = b"PK\x05\x06", 22
_PACKAGE_SIGNS = ("[Content_Types].xml", "mimetype", "META-INF/MANIFEST.MF", "AndroidManifest.xml")
"""What only packages hold (office files, books, programs): they are one thing, and not unpacked."""


def type_of(file: BinaryIO) -> str | None:
    """The true type of an open file; of most only the beginning is read."""
    head = file.read(HEAD_BYTES)
    if head.startswith(b"PK\x03\x04"):
        return _in_zip(file)
    if head.startswith(_OLE):
        return _in_ole(head + file.read(budgets.READ_BYTES))
    return true_type(head)


def true_type(data: bytes) -> str | None:
    """``jpg``, ``pdf``, ``docx`` … or ``None``; office files need all their bytes, the others the first ones.

    An office file with macros is ``macros`` and one under a password ``encrypted``, whatever its name says.
    """
    for signature, name in _SIGNATURES:
        if data.startswith(signature):
            return name
    if data.startswith(b"BM") and data[6:10] == b"\0\0\0\0":
        return "bmp"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    if data[4:8] == b"ftyp":
        return _by_brand(data)
    if data.startswith(_OLE):
        return _in_ole(data)
    if data.startswith(b"PK\x03\x04"):
        return _in_zip(io.BytesIO(data))
    if data.startswith(_MATROSKA):
        return _matroska(data[:HEAD_BYTES])
    return _text_type(data[:HEAD_BYTES])


def _by_brand(data: bytes) -> str | None:
    length = min(int.from_bytes(data[:4], "big"), 256)
    # AVIF files often name the general brand mif1 first; the list of compatible brands is more exact.
    brands = [data[8:12], *(data[place : place + 4] for place in range(16, length, 4))]
    if b"avif" in brands:
        return "avif"
    return next((_BRANDS[brand] for brand in brands if brand in _BRANDS), None)


def _matroska(head: bytes) -> str | None:
    """By the name that the file's own head gives to its kind (EBML, RFC 8794: DocType)."""
    place = head.find(_DOCTYPE)
    if place < 0 or len(head) < place + 3:
        return None
    length = head[place + 2] & 0x7F
    name = head[place + 3 : place + 3 + length].rstrip(b"\0")
    return {b"webm": "webm", b"matroska": "mkv"}.get(name)


def _in_ole(data: bytes) -> str | None:
    """An old Word, Excel or PowerPoint file, or a new one under a password, by the names of its streams."""
    for stream, kind in (
        ("EncryptedPackage", "encrypted"),
        ("_VBA_PROJECT", "macros"),
        ("WordDocument", "ole"),
        ("Workbook", "ole"),
        ("PowerPoint Document", "ole"),
    ):
        if stream.encode("utf-16-le") in data:
            return kind
    return None


def _in_zip(file: BinaryIO) -> str | None:
    """An office file by its parts, else a plain archive; ``None`` where its table of contents is broken."""
    try:
        if not _index_is_small(file):
            return None
        with zipfile.ZipFile(file) as box:
            names = set(box.namelist())
            mime = _part(box, "mimetype", names)
            kinds = _part(box, "[Content_Types].xml", names)
            manifest = _part(box, "META-INF/manifest.xml", names)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError):
        return None
    except Exception:  # whatever a decompressor says of bytes that are none of its own
        return None
    if b"macroenabled" in kinds.lower() or any(_is_program(name) for name in names):
        return "macros"
    if mime.startswith(b"application/vnd.oasis.opendocument."):
        if b"encryption-data" in manifest:
            return "encrypted"
        return next((kind for word, kind in _OPEN_DOCUMENT.items() if mime.strip().endswith(word)), None)
    for main, kind in (("word/document.xml", "docx"), ("xl/workbook.xml", "xlsx"), ("ppt/", "pptx")):
        if main in names or (main.endswith("/") and any(name.startswith(main) for name in names)):
            return kind
    return None if any(sign in names for sign in _PACKAGE_SIGNS) else ARCHIVE


def _is_program(name: str) -> bool:
    """Macros of Microsoft's packages, and of OpenDocument (whose empty lists of libraries are none)."""
    low = name.lower()
    if "vbaproject" in low or "macrosheets/" in low:
        return True
    return low.startswith(("basic/", "scripts/")) and not low.endswith(("/", "-lc.xml", "-lb.xml"))


def _part(box: zipfile.ZipFile, name: str, names: set[str]) -> bytes:
    if name not in names:
        return b""
    with box.open(name) as part:
        return part.read(100_000)


def _index_is_small(file: BinaryIO) -> bool:
    """Whether the table of contents may be read at all: it is read whole, and a file may claim any."""
    size = file.seek(0, io.SEEK_END)
    file.seek(max(0, size - _END_BYTES - 65_535))
    tail = file.read()
    place = tail.rfind(_END_OF_ZIP)
    file.seek(0)
    return (
        place >= 0 and int.from_bytes(tail[place + 12 : place + 16], "little") <= budgets.ARCHIVE_INDEX_BYTES
    )


def _text_type(head: bytes) -> str | None:
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith(b"WEBVTT"):
        return "vtt"
    if text.startswith(b"<") and b"<svg" in text and b"<html" not in text.lower():
        return "svg"
    return None
