"""One file of every kind that is taken in, each with words of its own planted wherever it can carry any."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
from PIL import Image

from tests.pipeline.media import raw


def token(kind: str) -> str:
    """The words planted in a file of this kind; no other file has them."""
    return f"RAHASIA-{kind.upper()}-73951"


def with_app_segment(jpeg: bytes, marker: int, body: bytes) -> bytes:
    return jpeg[:2] + bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body + jpeg[2:]


def jpeg() -> bytes:
    words = token("jpeg")
    small = io.BytesIO()
    raw.scene(64, 48).save(small, "JPEG", comment=words)
    tags = Image.Exif()
    tags[0x010E], tags[0x013B], tags[0x8298] = words, words, words
    tags.get_ifd(0x8769)[0x927C] = words.encode()
    tags.get_ifd(0x8769)[0x9286] = b"ASCII\0\0\0" + words.encode()
    tags.get_ifd(0x8825)[0x001D] = words
    target = io.BytesIO()
    xmp = f'<x:xmpmeta xmlns:x="adobe:ns:meta/">{words}</x:xmpmeta>'.encode()
    raw.scene().save(target, "JPEG", exif=tags, xmp=xmp, comment=words)
    iptc = b"\x1c\x02\x50" + struct.pack(">H", len(words)) + words.encode()
    resource = b"Photoshop 3.0\x008BIM\x04\x04\0\0" + struct.pack(">I", len(iptc)) + iptc
    data = with_app_segment(target.getvalue(), 0xED, resource)
    data = with_app_segment(data, 0xE2, b"MPF\0" + words.encode())
    return with_app_segment(data, 0xE0, b"JFXX\0\x10" + small.getvalue()) + words.encode()


def _replaced(data: bytes, kind: str) -> bytes:
    """What ``raw`` planted, under this kind's own words of the same length."""
    words = token(kind).encode()[: len(raw.SECRET)].ljust(len(raw.SECRET), b"X")
    return data.replace(raw.SECRET.encode(), words)


def picture(form: str) -> Callable[[], bytes]:
    def made() -> bytes:
        words = token(form)
        xmp = f'<x:xmpmeta xmlns:x="adobe:ns:meta/">{words}</x:xmpmeta>'
        tags = Image.Exif()
        tags[0x010E] = words
        options: dict[str, Any] = {"exif": tags, "xmp": xmp.encode()}
        if form == "PNG":
            from PIL import PngImagePlugin

            notes = PngImagePlugin.PngInfo()
            notes.add_text("Author", words)
            notes.add_itxt("XML:com.adobe.xmp", xmp, zip=False)
            options = {"pnginfo": notes, "exif": tags}
        elif form == "TIFF":
            options = {"description": words, "software": words, "artist": words}
        elif form == "GIF":
            options = {"comment": words.encode()}
        target = io.BytesIO()
        raw.scene().save(target, form, **options)
        return target.getvalue()

    return made


def heic() -> bytes:
    import pillow_heif

    pillow_heif.register_heif_opener(thumbnails=False)
    return picture("HEIF")()


def pdf() -> bytes:
    words = token("pdf")
    document = raw.text_pdf("Jadwal pelayanan")
    document.docinfo["/Author"], document.docinfo["/Keywords"] = words, words
    with document.open_metadata(set_pikepdf_as_editor=False) as told:
        told["dc:creator"], told["pdf:Keywords"] = [words], words
    document.attachments["a.txt"] = pikepdf.AttachedFileSpec(document, words.encode())
    page = document.pages[0].obj
    page.PieceInfo = pikepdf.Dictionary(App=pikepdf.Dictionary(Private=words))
    page.Thumb = pikepdf.Stream(document, words.encode())
    note = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Highlight, Rect=[0, 0, 9, 9], T=words, Contents=words
    )
    page.Annots = pikepdf.Array([note])
    document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=words)
    document.Root.Secret = pikepdf.String(words)
    first = raw.saved(document, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    earlier = raw.revised(first, f"BT /F1 18 Tf 72 740 Td ({words}) Tj ET".encode())
    return raw.revised(earlier, b"BT /F1 18 Tf 72 740 Td (Jadwal pelayanan) Tj ET")


def film(name: str, form: str, codec: str, sound: str) -> Callable[[Path], bytes]:
    def made(folder: Path) -> bytes:
        import av

        plain = raw.film(folder / f"asal-{name}", form, codec, sound)
        target = folder / f"ditulisi-{name}"
        with av.open(str(plain)) as source, av.open(str(target), "w", format=form) as fresh:
            words = token(name.partition(".")[2])
            for key in ("title", "artist", "comment", "location", "encoder"):
                fresh.metadata[key] = words
            streams = {stream.index: fresh.add_stream_from_template(stream) for stream in source.streams}
            for stream in streams.values():
                stream.metadata["title"] = stream.metadata["handler_name"] = words
            for packet in source.demux():
                if packet.dts is not None:
                    packet.stream = streams[packet.stream.index]
                    fresh.mux(packet)
        return target.read_bytes()

    return made


def docx(kind: str = "docx") -> bytes:
    words = token(kind)
    main = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    changed = (
        f'Jadwal pelayanan</w:t></w:r><w:ins w:author="{words}" w:date="2026-01-01T00:00:00Z"><w:r><w:t>'
    )
    data = raw.docx(
        changed + " baru</w:t></w:r></w:ins><w:r><w:t>",
        **{
            "word__comments.xml": f'<w:comments xmlns:w="{main}"><w:comment w:id="0" w:author="{words}" '
            f'w:initials="{words}"><w:p><w:r><w:t>Periksa lagi</w:t></w:r></w:p></w:comment></w:comments>',
            "customXml__item1.xml": f"<a>{words}</a>",
            "docProps__app.xml": f"<Properties><Company>{words}</Company></Properties>",
            "docProps__thumbnail.jpeg": words,
            "word__media__image1.jpeg": jpeg().replace(token("jpeg").encode(), words.encode()),
        },
    )
    return _replaced(data, kind)


def xlsx() -> bytes:
    words = token("xlsx")
    tables = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return raw.package(
        {
            "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
            "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"/>',
            "docProps/core.xml": f"<a>{words}</a>",
            "xl/workbook.xml": f'<workbook xmlns="{tables}"><sheets><sheet name="a"/></sheets></workbook>',
            "xl/persons/person.xml": f'<p><person displayName="{words}" userId="{words}"/></p>',
            "xl/comments1.xml": f'<comments xmlns="{tables}"><authors><author>{words}</author>'
            "</authors></comments>",
            "xl/printerSettings/printerSettings1.bin": words,
        }
    )


def odt() -> bytes:
    words, space = token("odt"), "urn:oasis:names:tc:opendocument:xmlns"
    return raw.package(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "META-INF/manifest.xml": f'<m:manifest xmlns:m="{space}:manifest:1.0">'
            '<m:file-entry m:full-path="/" '
            'm:media-type="application/vnd.oasis.opendocument.text"/><m:file-entry m:full-path="content.xml" '
            'm:media-type="text/xml"/><m:file-entry m:full-path="meta.xml" m:media-type="text/xml"/>'
            "</m:manifest>",
            "meta.xml": f'<o:document-meta xmlns:o="{space}:office:1.0" '
            f'xmlns:dc="http://purl.org/dc/elements/1.1/"><o:meta><dc:creator>{words}</dc:creator></o:meta>'
            "</o:document-meta>",
            "content.xml": f'<o:document-content xmlns:o="{space}:office:1.0" xmlns:t="{space}:text:1.0" '
            f'xmlns:dc="http://purl.org/dc/elements/1.1/"><o:body><o:text><t:p>Jadwal<o:annotation>'
            f"<dc:creator>{words}</dc:creator><t:p>{words}</t:p></o:annotation></t:p></o:text></o:body>"
            "</o:document-content>",
        }
    )


def svg() -> bytes:
    words = token("svg")
    return (
        f'<?xml version="1.0"?><!-- {words} --><?pi {words}?>'
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:i="http://inkscape" i:docname="{words}" width="9" '
        f'height="9" data-who="{words}"><metadata>{words}</metadata><i:view who="{words}"/>'
        '<rect width="9" height="9"/></svg>'
    ).encode()


def vtt() -> bytes:
    words = token("vtt")
    return (
        f"WEBVTT - {words}\nKind: {words}\n\nNOTE {words}\n\nSTYLE\n::cue {{ /* {words} */ }}\n\n"
        f"{words}\n00:00.000 --> 00:01.000\nSelamat pagi\n"
    ).encode()


PLAIN: dict[str, Callable[[], bytes]] = {
    "jpeg.jpg": jpeg,
    "png.png": picture("PNG"),
    "webp.webp": picture("WEBP"),
    "heif.heic": heic,
    "avif.avif": picture("AVIF"),
    "gif.gif": picture("GIF"),
    "tiff.tif": picture("TIFF"),
    "pdf.pdf": pdf,
    "svg.svg": svg,
    "vtt.vtt": vtt,
    "docx.docx": docx,
    "xlsx.xlsx": xlsx,
}
FILMS: dict[str, Callable[[Path], bytes]] = {
    "film.mov": film("film.mov", "mov", "libx264", "aac"),
    "film.mp4": film("film.mp4", "mp4", "mpeg4", "aac"),
    "film.mkv": film("film.mkv", "matroska", "libvpx-vp9", "libopus"),
    "film.webm": film("film.webm", "webm", "libvpx", "libopus"),
}
CONVERTED: dict[str, Callable[[], bytes]] = {"docx.docx": docx, "odt.odt": odt}


def all_files(folder: Path, *, films: bool = True, office: bool = False) -> list[Path]:
    """The files, written into ``folder``; ``office`` those that LibreOffice makes PDFs of."""
    made = {name: make() for name, make in (CONVERTED if office else PLAIN).items()}
    if films and not office:
        made |= {name: make(folder) for name, make in FILMS.items()}
    place = folder / "masuk"
    place.mkdir()
    return [raw.written(place, name, data) for name, data in made.items()]
