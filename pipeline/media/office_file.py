"""Word and Excel files: kept only for documents, without properties; all their text goes to the checks.

Hidden sheets, rows, comments and tracked changes are plain XML inside the package: reading every part reads
them too. Elsewhere they become PDFs, where LibreOffice is installed.
"""

import io
import os
import re
import shutil
import signal
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path

from lxml import etree

from pipeline.media import budgets
from pipeline.media.cleaned import Cleaned, public_name
from sop_site.errors import AnswerIsNo

_CONVERSION_SECONDS = 120
_MOMENT = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip can say; the same file gives the same bytes
_PROPERTIES = re.compile(r"^docProps/.*$")
_CARRIERS = re.compile(r"(^|/)(embeddings|activeX|ctrlProps|externalLinks|oleObjects)/|\.bin$", re.IGNORECASE)
_RELATION = re.compile(rb"<Relationship\b[^>]*docProps/[^>]*/>")
_OVERRIDE = re.compile(rb"<Override\b[^>]*PartName=\"/docProps/[^>]*/>")
_XML_PARTS = (".xml", ".rels", ".vml")
_WORKSHEET = re.compile(r"xl/(?:worksheets|chartsheets|macrosheets)/[^/]+\.xml\Z")
_POWER = re.compile(r"[0-9](?:\.[0-9]{1,17})?E\+?[0-9]{1,2}", re.IGNORECASE)
_BREAKS = (
    "p",
    "si",
    "c",
    "row",
    "comment",
    "definedName",
    "pt",
    "v",
    "f",
    "del",
    "ins",
    "property",
    "h",
    "title",
)
# Attributes in which people's words stand: authors of changes, names of sheets, titles and targets of links.
_TELLING = (
    "name", "descr", "title", "author", "v", "initials", "Target", "val", "caption", "display", "tooltip",
    "location",
    "prompt", "promptTitle", "error", "errorTitle", "text", "string", "alt", "userId", "displayName",
    "creator",
)  # fmt: skip
_OWN_NAMES = re.compile(
    r"(?:\[Content_Types\]\.xml|mimetype|(?:_rels|docProps|word|xl|ppt|customXml|META-INF|META|Thumbnails|Configurations2)/.*)\Z"
)
_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="BlockUntrustedRefererLinks"
 oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution"
 oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel"
 oor:op="fuse"><value>3</value></prop></item>
</oor:items>
"""
"""LibreOffice's settings: no macros, and nothing is fetched that a document only points to."""


def clean(name: str, kind: str, data: bytes) -> Cleaned:
    """The package without author, company and thumbnail; ``AnswerIsNo`` where it carries other files."""
    parts = _parts(name, data)
    if carried := _carried(parts):
        raise AnswerIsNo("media-office-carries", name=name, part=carried[0])
    text = _all_text(parts)
    kept = {part: body for part, body in parts.items() if not _PROPERTIES.match(part)}
    for part, pattern in (("_rels/.rels", _RELATION), ("[Content_Types].xml", _OVERRIDE)):
        if part in kept:
            kept[part] = pattern.sub(b"", kept[part])
    made = _packed(kept)
    if len(made) > budgets.OFFICE_FILE_BYTES:
        raise AnswerIsNo("media-too-big", name=name, bytes=len(made), limit=budgets.OFFICE_FILE_BYTES)
    return Cleaned(public_name(name, kind), made, "office", text=text, notes=("media-office-kept",))


def text(data: bytes) -> str:
    """All words of a package: every sheet, row and comment, hidden or not, and its properties."""
    parts = _parts("", data)
    return _all_text(parts)


def carries_more(data: bytes) -> bool:
    """Whether it holds other files, or fetches some when it is opened."""
    return bool(_carried(_parts("", data)))


def _carried(parts: Mapping[str, bytes]) -> list[str]:
    return sorted(part for part, body in parts.items() if _CARRIERS.search(part) or _fetches(part, body))


def has_properties(data: bytes) -> bool:
    """Whether it still says who wrote it, where and with what."""
    return any(_PROPERTIES.match(part) for part in _parts("", data))


def as_pdf(name: str, source: Path) -> bytes:
    """The bytes of a PDF that LibreOffice makes of it; ``AnswerIsNo`` where that is absent or fails."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        raise AnswerIsNo("media-office-unconverted", name=name)
    with tempfile.TemporaryDirectory(prefix="sop-pdf-") as folder:
        # A profile of its own: no settings or recent files of the person at this computer.
        settings = Path(folder, "profil", "user", "registrymodifications.xcu")
        settings.parent.mkdir(parents=True)
        settings.write_text(_PROFILE, encoding="utf-8")
        command = [
            program, f"-env:UserInstallation={Path(folder, 'profil').as_uri()}", "--headless", "--norestore",
            "--convert-to", "pdf", "--outdir", folder, str(source),
        ]  # fmt: skip
        _converts(name, command, folder)
        made = next(iter(sorted(Path(folder).glob("*.pdf"))), None)
        if made is None:
            raise AnswerIsNo("media-broken", name=name)
        return made.read_bytes()


def _converts(name: str, command: list[str], folder: str) -> None:
    env = {"PATH": os.environ.get("PATH", os.defpath), "HOME": folder, "TMPDIR": folder, "LC_ALL": "C.UTF-8"}
    # In a session of its own, for the program starts others: at the end of the time all of them are stopped.
    with subprocess.Popen(
        command, env=env, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL, start_new_session=True,
    ) as running:  # fmt: skip
        try:
            running.wait(_CONVERSION_SECONDS)
        except BaseException as error:
            os.killpg(running.pid, signal.SIGKILL)
            if isinstance(error, subprocess.TimeoutExpired):
                raise AnswerIsNo("media-took-too-long", name=name, seconds=_CONVERSION_SECONDS) from error
            raise


def _fetches(part: str, body: bytes) -> bool:
    """Whether a part leads to something outside that is loaded on opening; links that are clicked do not."""
    if not part.endswith(".rels"):
        return False
    root = _parsed(body)
    return root is not None and any(
        str(link.get("TargetMode")) == "External" and not str(link.get("Type")).endswith("/hyperlink")
        for link in root.iter(_RELATIONSHIP)
    )


def _parts(name: str, data: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as box:
            entries = [entry for entry in box.infolist() if not entry.is_dir()]
            if sum(entry.file_size for entry in entries) > budgets.UNPACKED_BYTES:
                raise AnswerIsNo("media-too-demanding", name=name)
            if any(entry.flag_bits & 1 for entry in entries):
                raise AnswerIsNo("media-encrypted", name=name)
            return {entry.filename: box.read(entry) for entry in entries}
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError) as error:
        raise AnswerIsNo("media-broken", name=name) from error


def _parsed(body: bytes) -> etree._Element | None:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True)
    try:
        return etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def _all_text(parts: Mapping[str, bytes]) -> str:
    """The words of every part; those of worksheets also row by row, so that a heading meets its column."""
    words = [_text_of(body) for part, body in parts.items() if part.endswith(_XML_PARTS)]
    names = [part for part in parts if not part.endswith("/")]
    return "\n".join([*words, *_rows_of(parts), *map(_spoken, names)])


def _spoken(name: str) -> str:
    """A part's own name, as far as a person gave it."""
    return "" if _OWN_NAMES.match(name) else name


def _rows_of(parts: Mapping[str, bytes]) -> Iterator[str]:
    """Each row of each worksheet as a line with tabs, hidden or not; cells name their words by number."""
    shared = _parsed(parts.get("xl/sharedStrings.xml", b""))
    strings = [] if shared is None else ["".join(map(str, item.itertext())) for item in shared.iter("{*}si")]
    for part, body in sorted(parts.items()):
        root = _parsed(body) if _WORKSHEET.match(part) else None
        for row in [] if root is None else root.iter("{*}row"):
            yield "\t".join(_cell(cell, strings) for cell in row.iter("{*}c"))


def _cell(cell: etree._Element, strings: Sequence[str]) -> str:
    value = cell.findtext("{*}v") or ""
    if cell.get("t") == "s" and value.isdigit() and int(value) < len(strings):
        return strings[int(value)]
    if cell.get("t") == "inlineStr":
        return "".join(map(str, cell.itertext()))
    # A spreadsheet keeps sixteen digits as a number: 5.108062812760001E+15.
    if _POWER.fullmatch(value) and float(value).is_integer():
        return str(int(Decimal(value)))
    return value.removesuffix(".0")


def _text_of(body: bytes) -> str:
    root = _parsed(body)
    if root is None:
        return ""
    # A word that is half bold stands in two runs: pieces of one paragraph are joined without a gap.
    lines: list[str] = []
    for element in root.iter():
        if not isinstance(element.tag, str):
            lines.append(f"\n{element.text or ''}\n")  # what a comment or an instruction says
            lines.append(element.tail or "")
            continue
        local = element.tag.rpartition("}")[2]
        if local in _BREAKS:
            lines.append("\n")
        elif local in ("tab", "br", "cr"):
            lines.append("\t")
        lines.append(element.text or "")
        if local not in ("t", "delText", "r", "rPr"):
            named = (value for key, value in element.items() if str(key).rpartition("}")[2] in _TELLING)
            lines.extend(f"\n{value!s}\n" for value in named if value)
        if (element.tail or "").strip():
            lines.append(str(element.tail))
    return re.sub(r"[ \n]*\n[ \n]*", "\n", "".join(lines)).strip()


def _packed(parts: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as box:
        # The list of content types comes first, as every reader of these packages expects.
        for part in sorted(parts, key=lambda part: (part != "[Content_Types].xml", part)):
            entry = zipfile.ZipInfo(part, _MOMENT)
            entry.compress_type = zipfile.ZIP_DEFLATED
            box.writestr(entry, parts[part], compresslevel=9)
    return target.getvalue()
