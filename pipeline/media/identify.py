"""The true type of a file by its first bytes: an allow-list; every other beginning is a no."""

import io
import zipfile

PICTURES = frozenset({"jpg", "png", "webp", "gif", "tiff", "bmp", "heic", "avif"})
VIDEOS = frozenset({"mp4", "mov", "mkv"})
OFFICE = frozenset({"docx", "xlsx"})
OFFICE_OTHER = frozenset({"pptx", "odt", "ods", "odp", "doc"})
"""Known, but only as the source of a PDF."""
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
    (b"\x1aE\xdf\xa3", "mkv"),
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
        return _in_zip(data)
    return _text_type(data[:HEAD_BYTES])


def _by_brand(data: bytes) -> str | None:
    length = min(int.from_bytes(data[:4], "big"), 256)
    # AVIF files often name the general brand mif1 first; the list of compatible brands is more exact.
    brands = [data[8:12], *(data[place : place + 4] for place in range(16, length, 4))]
    if b"avif" in brands:
        return "avif"
    return next((_BRANDS[brand] for brand in brands if brand in _BRANDS), None)


def _in_ole(data: bytes) -> str | None:
    """An old Word or Excel file, or a new one under a password, by the names of its streams."""
    for stream, kind in (
        ("EncryptedPackage", "encrypted"),
        ("_VBA_PROJECT", "macros"),
        ("WordDocument", "doc"),
        ("Workbook", "doc"),
    ):
        if stream.encode("utf-16-le") in data:
            return kind
    return None


def _in_zip(data: bytes) -> str | None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as box:
            names = set(box.namelist())
            mime = b""
            if "mimetype" in names:
                with box.open("mimetype") as part:
                    mime = part.read(200)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError):
        return None
    if any("vbaproject" in name.lower() or "macrosheets/" in name.lower() for name in names):
        return "macros"
    if mime.startswith(b"application/vnd.oasis.opendocument."):
        return next((kind for word, kind in _OPEN_DOCUMENT.items() if mime.endswith(word)), None)
    for main, kind in (("word/document.xml", "docx"), ("xl/workbook.xml", "xlsx"), ("ppt/", "pptx")):
        if main in names or (main.endswith("/") and any(name.startswith(main) for name in names)):
            return kind
    return None


def _text_type(head: bytes) -> str | None:
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith(b"WEBVTT"):
        return "vtt"
    if text.startswith(b"<") and b"<svg" in text and b"<html" not in text.lower():
        return "svg"
    return None
