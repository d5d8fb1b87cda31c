"""Foreign files as they come in: with places, names, scripts and other things that must not become public."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pikepdf
from PIL import Image, PngImagePlugin

from demo import samples

SECRET = "TOKEN-RAHASIA-73"
"""Planted wherever a file can carry words; after cleaning it is nowhere."""
NIK = "5108062005900001"
XMP = f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF>{SECRET}</rdf:RDF></x:xmpmeta>'.encode()


def scene(width: int = 640, height: int = 480, mode: str = "RGB") -> Image.Image:
    """A picture whose left upper corner is red, so that its orientation shows."""
    image = Image.new("RGB", (width, height), (40, 90, 160))
    image.paste((220, 20, 20), (0, 0, width // 4, height // 4))
    return image.convert(mode)


def exif(orientation: int = 1) -> Image.Exif:
    tags = Image.Exif()
    tags[0x010F], tags[0x010E], tags[0x0112] = SECRET, SECRET, orientation
    place = tags.get_ifd(0x8825)
    place[1], place[2], place[3], place[4] = "S", (8.0, 6.0, 30.0), "E", (115.0, 5.0, 20.0)
    return tags


def picture(form: str, image: Image.Image | None = None, *, orientation: int = 1, **options: Any) -> bytes:
    """A picture of a form that Pillow writes, with EXIF (and GPS), XMP and comments where it has them."""
    target, drawn = io.BytesIO(), image or scene()
    if form in ("JPEG", "WEBP", "AVIF", "HEIF"):
        options = {"exif": exif(orientation), "xmp": XMP} | options
    if form == "JPEG":
        options = {"comment": SECRET} | options
    if form == "PNG":
        notes = PngImagePlugin.PngInfo()
        notes.add_text("Author", SECRET)
        notes.add_itxt("XML:com.adobe.xmp", XMP.decode())
        options = {"pnginfo": notes, "exif": exif(orientation)} | options
    if form == "TIFF":
        options = {"description": SECRET, "software": SECRET} | options
    if form == "GIF":
        options = {"comment": SECRET} | options
    drawn.save(target, form, **options)
    return target.getvalue()


def png_bomb(side: int = 30_000) -> bytes:
    """A small PNG that claims a surface of almost a billion pixels."""

    def part(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    rows = zlib.compress(bytes(1_000_000), 9)
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", rows) + part(b"IEND", b"")


def pdf(*lines: str, box: bool = False, **save: Any) -> bytes:
    """One page with a text layer, and all that PDFs carry beside their pages."""
    document = text_pdf(*lines, box=box)
    document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=f"app.alert('{SECRET}')")
    document.Root.Lang = pikepdf.String("id-ID")
    scripts = pikepdf.Dictionary(
        Names=pikepdf.Array([pikepdf.String("a"), pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=SECRET)])
    )
    document.attachments["catatan.txt"] = pikepdf.AttachedFileSpec(document, SECRET.encode())
    document.Root.Names.JavaScript = scripts
    launch = pikepdf.Dictionary(S=pikepdf.Name.Launch, F=SECRET)
    document.pages[0].obj.Annots = pikepdf.Array(
        [
            pikepdf.Dictionary(
                Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=launch
            ),
            pikepdf.Dictionary(
                Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Text, Rect=[0, 0, 9, 9], Contents=SECRET
            ),
        ]
    )
    with document.open_metadata(set_pikepdf_as_editor=False) as told:
        told["dc:creator"], told["xmp:CreatorTool"] = [SECRET], SECRET
    document.docinfo["/Title"], document.docinfo["/Author"] = "Jadwal pelayanan", SECRET
    return saved(document, **save)


def text_pdf(*lines: str, box: bool = False) -> pikepdf.Pdf:
    document = pikepdf.new()
    page = document.add_blank_page(page_size=(595, 842))
    page.Resources = pikepdf.Dictionary(
        Font=pikepdf.Dictionary(
            F1=pikepdf.Dictionary(
                Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
            )
        )
    )
    rows = " ".join(f"({line}) Tj 0 -28 Td" for line in lines)
    over = "0 0 0 rg 0 0 595 842 re f" if box else ""
    page.Contents = document.make_stream(f"BT /F1 18 Tf 72 740 Td {rows} ET {over}".encode())
    return document


def saved(document: pikepdf.Pdf, **options: Any) -> bytes:
    target = io.BytesIO()
    document.save(target, **options)
    return target.getvalue()


def revised(first: bytes, content: bytes) -> bytes:
    """A later revision hung onto a PDF, as editors save it: the page's content stream is replaced."""
    with pikepdf.open(io.BytesIO(first)) as pdf:
        number, size = pdf.pages[0].obj.Contents.objgen[0], int(pdf.trailer.Size)
        root = pdf.trailer.Root.objgen[0]
    start = int(first.rpartition(b"startxref")[2].split()[0])
    place = len(first)
    thing = b"%d 0 obj\n<< /Length %d >>\nstream\n%s\nendstream\nendobj\n" % (number, len(content), content)
    table = b"xref\n%d 1\n%010d 00000 n \n" % (number, place)
    end = b"trailer\n<< /Size %d /Root %d 0 R /Prev %d >>\nstartxref\n%d\n%%%%EOF\n"
    return first + thing + table + end % (size, root, start, place + len(thing))


def package(parts: Mapping[str, str | bytes]) -> bytes:
    """A zip as office programs make it."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as box:
        for name, body in parts.items():
            box.writestr(name, body)
    return target.getvalue()


def docx(words: str, **more: str | bytes) -> bytes:
    """A small Word file; ``more`` adds parts (``__`` stands for ``/``)."""
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package_kind = "http://schemas.openxmlformats.org/package/2006"
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": (
            f'<Types xmlns="{package_kind}/content-types">'
            '<Default Extension="rels" ContentType='
            '"application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            '<Override PartName="/word/document.xml" ContentType='
            '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>'
            '<Override PartName="/docProps/core.xml" ContentType='
            '"application/vnd.openxmlformats-package.core-properties+xml"/></Types>'
        ),
        "_rels/.rels": (
            f'<Relationships xmlns="{package_kind}/relationships">'
            f'<Relationship Id="r1" Type="{office}/officeDocument" Target="word/document.xml"/>'
            f'<Relationship Id="r2" Type="{package_kind}/relationships/metadata/core-properties" '
            'Target="docProps/core.xml"/></Relationships>'
        ),
        "docProps/core.xml": (
            f'<cp:coreProperties xmlns:cp="{package_kind}/metadata/core-properties" '
            f'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator>{SECRET}</dc:creator></cp:coreProperties>'
        ),
        "word/document.xml": (
            '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
            f"<w:body><w:p><w:r><w:t>{words}</w:t></w:r></w:p></w:body></w:document>"
        ),
    }
    return package(parts | {name.replace("__", "/"): body for name, body in more.items()})


def relations(kind: str, target: str) -> str:
    """A part that leads outside."""
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    return (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r9" Type="{office}/{kind}" Target="{target}" TargetMode="External"/>'
        "</Relationships>"
    )


def linked_picture(relation: str) -> str:
    """A picture that a Word file does not hold but fetches."""
    main, office = "http://schemas.openxmlformats.org/drawingml/2006", "http://schemas.openxmlformats.org"
    return (
        f'<w:r><w:drawing><wp:inline xmlns:wp="{main}/wordprocessingDrawing">'
        f'<wp:extent cx="900000" cy="900000"/><wp:docPr id="1" name="a"/><a:graphic xmlns:a="{main}/main">'
        f'<a:graphicData uri="{main}/picture"><pic:pic xmlns:pic="{main}/picture"><pic:nvPicPr>'
        '<pic:cNvPr id="1" name="a"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill>'
        f'<a:blip r:link="{relation}" xmlns:r="{office}/officeDocument/2006/relationships"/>'
        '<a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/>'
        '<a:ext cx="900000" cy="900000"/></a:xfrm><a:prstGeom prst="rect"/></pic:spPr></pic:pic>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )


def written(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def film(
    path: Path, form: str, codec: str, sound: str | None, *, seconds: int = 1, turn: int = 0, **options: str
) -> Path:
    """A short film with a title and a position, coded as the caller asks."""
    import av

    with av.open(str(path), "w", format=form) as target:
        target.metadata["title"], target.metadata["location"] = SECRET, "-08.1083+115.0889/"
        pictures: Any = target.add_stream(codec, rate=12, options=options)
        pictures.width, pictures.height, pictures.pix_fmt = 320, 180, "yuv420p"
        if turn:
            pictures.set_display_rotation(turn)
        tones: Any = target.add_stream(sound, rate=48_000, layout="mono") if sound else None
        for number in range(12 * seconds):
            for packet in pictures.encode(samples.frame(samples.landscape(320, 180, 0.4 + number / 40))):
                target.mux(packet)
        target.mux(pictures.encode(None))
        if tones is not None:
            fit = av.AudioResampler(
                format=tones.format.name,
                layout="mono",
                rate=48_000,
                frame_size=tones.codec_context.frame_size,
            )
            for start in range(0, 48_000 * seconds, 1024):
                for frame in fit.resample(samples.tone(start)):
                    target.mux(tones.encode(frame))
            target.mux(tones.encode(None))
    return path
