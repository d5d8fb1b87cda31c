"""What a PDF says of itself that stays: its title, its language, and the standards that it keeps."""

from xml.sax.saxutils import escape

import pikepdf

_MARKS = (
    ("pdfaid", "http://www.aiim.org/pdfa/ns/id/", ("part", "conformance")),
    ("pdfuaid", "http://www.aiim.org/pdfua/ns/id/", ("part",)),
)


def title_of(pdf: pikepdf.Pdf) -> str:
    """As the file names itself: by its older list of properties, else by its newer one."""
    value = pdf.docinfo.get("/Title") if "/Info" in pdf.trailer else None
    if isinstance(value, pikepdf.String) and str(value).strip():
        return " ".join(str(value).split())
    try:
        with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as meta:
            return " ".join(str(meta.get("dc:title") or "").split())
    except Exception:  # foreign XML in any state; without a title the document is as good
        return ""


def marks_of(pdf: pikepdf.Pdf) -> dict[str, str]:
    """What the file says of its conformity (PDF/A, PDF/UA): the one part of its metadata that stays."""
    found = {}
    try:
        with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as meta:
            for prefix, space, names in _MARKS:
                for name in names:
                    value = str(meta.get(f"{{{space}}}{name}") or "")
                    if value.isalnum() and len(value) < 4:
                        found[f"{prefix}:{name}"] = value
    except Exception:  # foreign XML in any state
        return {}
    return found


def describe(pdf: pikepdf.Pdf, title: str, marks: dict[str, str]) -> None:
    """Title in both places where readers look; nothing else."""
    if "/Info" in pdf.trailer:
        del pdf.trailer["/Info"]
    if "/Metadata" in pdf.Root:
        del pdf.Root["/Metadata"]
    if not title and not marks:
        return
    if title:
        pdf.trailer["/Info"] = pdf.make_indirect(pikepdf.Dictionary(Title=pikepdf.String(title)))
    language = str(pdf.Root.get("/Lang") or "")
    packet = pikepdf.Stream(pdf, _packet(title, language, marks).encode("utf-8"))
    packet["/Type"], packet["/Subtype"] = pikepdf.Name("/Metadata"), pikepdf.Name("/XML")
    pdf.Root["/Metadata"] = pdf.make_indirect(packet)


def _packet(title: str, language: str, marks: dict[str, str]) -> str:
    spaces = "".join(f' xmlns:{prefix}="{space}"' for prefix, space, _ in _MARKS)
    facts = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in sorted(marks.items()))
    if title:
        facts += (
            f'<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{escape(title)}</rdf:li></rdf:Alt></dc:title>'
        )
    if language:
        facts += f"<dc:language><rdf:Bag><rdf:li>{escape(language)}</rdf:li></rdf:Bag></dc:language>"
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        f'<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"{spaces}>{facts}'
        '</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="r"?>'
    )
