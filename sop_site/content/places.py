"""Where a page lies and what it is called: kinds, sections, ids, addresses (content model)."""

import re
from collections.abc import Iterable, Mapping
from datetime import date

SECTIONS: Mapping[str, str] = {
    "berita": "news",
    "pengumuman": "announcement",
    "agenda": "event",
    "galeri": "gallery",
    "video": "video",
    "dokumen": "document",
    "siaga": "alert",
    "layanan": "service",
    "desa": "village",
    "halaman": "page",
}
"""Section → kind, in the content model's order."""
SECTION_OF: Mapping[str, str] = {kind: section for section, kind in SECTIONS.items()}
DATED = frozenset({"news", "announcement", "event", "gallery", "video", "document", "alert"})
RESERVED_IDS = frozenset(SECTIONS) | {
    "cari", "topik", "bukti", "peta-situs", "unduhan", "admin", "theme", "hal", "feed", "sitemap", "robots",
    "manifest", "lambang", "tanda", "index", "404", "aset", "static", "pagefind", "well-known",
}  # fmt: skip
"""Ids that a page of kind page may not have: the site's own addresses."""

ID_LENGTH = 100
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_DATED = re.compile(r"(\d{4}-\d{2}-\d{2})-(.+)")
_PATH = re.compile(r"content/([^/]+)/([^/]+)/index\.md")
MEDIA_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\.(?:jpg|png|webp|svg|pdf|mp4|vtt|docx|xlsx)")


def place_of(path: str) -> tuple[str, str] | None:
    """Section and id of ``content/<section>/<id>/index.md``, or ``None`` for any other path."""
    found = _PATH.fullmatch(path)
    return (found[1], found[2]) if found and found[1] in SECTIONS else None


def id_problem(page_id: str, kind: str) -> str | None:
    """Code of what is wrong with an id, or ``None``."""
    slug = page_id
    if kind in DATED:
        found = _DATED.fullmatch(page_id)
        if found is None or not _is_day(found[1]):
            return "id-not-dated"
        slug = found[2]
    if not _SLUG.fullmatch(slug) or len(page_id) > ID_LENGTH:
        return "id-malformed-page"
    return "id-taken-by-site" if kind == "page" and page_id in RESERVED_IDS else None


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def folder_of(kind: str, page_id: str) -> str:
    """The folder of a page, ``content/<section>/<id>``."""
    return f"content/{SECTION_OF[kind]}/{page_id}"


def former_paths(path: str, ids: Iterable[str]) -> tuple[str, ...]:
    """Where the page at ``path`` lay under each of its earlier ids: a move changes the id, not the kind."""
    section = path.split("/")[1]
    return tuple(f"content/{section}/{page_id}/index.md" for page_id in ids)


def url_of(path: str) -> str:
    """Site path of the page at ``content/<section>/<id>/index.md``; ``ValueError`` for another path."""
    found = _PATH.fullmatch(path)
    if found is None:
        raise ValueError(path)
    section, page_id = found[1], found[2]
    return f"/{page_id}/" if section == "halaman" else f"/{section}/{page_id}/"
