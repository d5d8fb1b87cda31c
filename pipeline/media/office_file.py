"""Word and Excel files: kept only for documents, without properties; all their text goes to the checks.

Hidden sheets, rows, comments and tracked changes are plain XML inside the package: reading every part reads
them too. Elsewhere they become PDFs, where LibreOffice is installed.
"""

import io
import re
import zipfile
from collections.abc import Mapping

from pipeline.media import budgets, containers, office_text
from pipeline.media.cleaned import Cleaned, public_name
from sop_site.errors import AnswerIsNo

_MOMENT = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip can say; the same file gives the same bytes
_PROPERTIES = re.compile(r"^(docProps|customXml|\[trash\])/.*$|(^|/)printerSettings/", re.IGNORECASE)
"""Who wrote it, with what, for whom; forms of a document management; the printer of the office."""
_AUTHORS = re.compile(
    rb"((?:\bw:(?:author|initials|date)|\bw15:(?:author|userId|providerId)|\bdisplayName|\buserId|\bproviderId"
    rb"|\buserName)\s*=\s*)(\"[^\"]*\"|'[^']*')"
)
_AUTHOR = re.compile(rb"(<(?:\w+:)?(?:author|lastModifiedBy|lastPrinted)>)[^<]*(</)")
_OWN_PLACES = re.compile(rb"<(?:\w+:)?absPath\b[^>]*/>|(?<=\s)(?:absPath|url)=\"[A-Za-z]:\\\\[^\"]*\"")
_WHO = ("word/", "xl/")
_DYNAMIC = re.compile(rb"\bDDE(?:AUTO)?\b", re.IGNORECASE)
_CARRIERS = re.compile(r"(^|/)(embeddings|activeX|ctrlProps|externalLinks|oleObjects)/|\.bin$", re.IGNORECASE)
_LED_NOWHERE = rb"(?:docProps|customXml|printerSettings)/"
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*" + _LED_NOWHERE + rb"[^>]*/>")
_OVERRIDE = re.compile(rb"<(?:\w+:)?Override\b[^>]*PartName=\"/[^\"]*" + _LED_NOWHERE + rb"[^>]*/>")
_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


def clean(name: str, kind: str, data: bytes) -> Cleaned:
    """The package without author, company and thumbnail; ``AnswerIsNo`` where it carries other files."""
    parts = _parts(name, data)
    if carried := _carried(parts):
        raise AnswerIsNo("media-office-carries", name=name, part=carried[0])
    text = office_text.all_text(parts)
    kept = {part: _lean(name, part, body) for part, body in parts.items() if not _PROPERTIES.search(part)}
    made = _packed(kept)
    if len(made) > budgets.OFFICE_FILE_BYTES:
        raise AnswerIsNo("media-too-big", name=name, bytes=len(made), limit=budgets.OFFICE_FILE_BYTES)
    return Cleaned(public_name(name, kind), made, "office", text=text, notes=("media-office-kept",))


def _lean(name: str, part: str, body: bytes) -> bytes:
    """A part without the names of those who wrote, and a photograph without its place."""
    if part.endswith(".rels"):
        return _RELATION.sub(b"", body)
    if part == "[Content_Types].xml":
        return _OVERRIDE.sub(b"", body)
    if part.endswith(".xml") and part.startswith(_WHO):
        return _OWN_PLACES.sub(b"", _AUTHOR.sub(rb"\1\2", _AUTHORS.sub(rb'\1""', body)))
    if part.lower().endswith((".jpg", ".jpeg")):
        try:
            return containers.stripped_jpeg(body)
        except (ValueError, IndexError) as error:
            raise AnswerIsNo("media-metadata-stays", name=name) from error
    if part.lower().endswith(".png"):
        return containers.stripped_png(body)
    return body


def text(data: bytes) -> str:
    """All words of a package: every sheet, row and comment, hidden or not, and its properties."""
    return office_text.all_text(_parts("", data))


def carries_more(data: bytes) -> bool:
    """Whether it holds other files, or fetches some when it is opened."""
    return bool(_carried(_parts("", data)))


def _carried(parts: Mapping[str, bytes]) -> list[str]:
    return sorted(
        part
        for part, body in parts.items()
        if (_CARRIERS.search(part) and not _PROPERTIES.search(part))
        or _fetches(part, body)
        or _asks(part, body)
    )


def _asks(part: str, body: bytes) -> bool:
    """Whether a field starts another program when it is brought up to date (DDE)."""
    return (
        part.startswith("word/")
        and part.endswith(".xml")
        and b"instrText" in body
        and bool(_DYNAMIC.search(re.sub(rb"<[^>]*>", b"", body)))
    )


def has_properties(data: bytes) -> bool:
    """Whether it still says who wrote it, where and with what."""
    return any(_PROPERTIES.search(part) for part in _parts("", data))


def _fetches(part: str, body: bytes) -> bool:
    """Whether a part leads to something outside that is loaded on opening; links that are clicked do not."""
    if not part.endswith(".rels"):
        return False
    root = office_text.parsed(body)
    return root is not None and any(
        str(link.get("TargetMode")) == "External" and not str(link.get("Type")).endswith("/hyperlink")
        for link in root.iter(_RELATIONSHIP)
    )


def _parts(name: str, data: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as box:
            entries = [entry for entry in box.infolist() if not entry.is_dir()]
            if len({entry.filename for entry in entries}) != len(entries):
                raise AnswerIsNo("media-broken", name=name)
            if sum(entry.file_size for entry in entries) > budgets.UNPACKED_BYTES:
                raise AnswerIsNo("media-too-demanding", name=name)
            if any(entry.flag_bits & 1 for entry in entries):
                raise AnswerIsNo("media-encrypted", name=name)
            return {entry.filename: box.read(entry) for entry in entries}
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError) as error:
        raise AnswerIsNo("media-broken", name=name) from error


def _packed(parts: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as box:
        # The list of content types comes first, as every reader of these packages expects.
        for part in sorted(parts, key=lambda part: (part != "[Content_Types].xml", part)):
            entry = zipfile.ZipInfo(part, _MOMENT)
            entry.compress_type = zipfile.ZIP_DEFLATED
            box.writestr(entry, parts[part], compresslevel=9)
    return target.getvalue()
