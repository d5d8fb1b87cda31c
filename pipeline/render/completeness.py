"""The proof that the site is the approved tree: every approved page is there, and nothing else is."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sop_site.content import url_of
from sop_site.errors import RenderingFailed
from sop_site.publication import Publication


def prove(tree: Path, site: Path, public: Publication, note: Mapping[str, Any]) -> dict[str, str]:
    """SHA-256 of every file of the site by its path; ``RenderingFailed`` names what is wrong.

    ``note`` is the renderer's own account. It may say which file is what, but each claim is checked
    against the tree and the bytes that were written.
    """
    pages, copied = note["pages"], note["copied"]
    _every_page_is_accounted_for(tree, public, note)
    present = {path.relative_to(site).as_posix(): path for path in site.rglob("*") if not path.is_dir()}
    expected = {*pages.values(), *note["generated"], *copied}
    if stray := sorted(present.keys() ^ expected):
        raise RenderingFailed("render-stray-file", file=stray[0])
    digests: dict[str, str] = {}
    for path, file in present.items():
        if file.is_symlink() or not file.is_file():
            raise RenderingFailed("render-stray-file", file=path)
        data = file.read_bytes()
        digests[path] = hashlib.sha256(data).hexdigest()
        if path in copied and (tree / copied[path]).read_bytes() != data:
            raise RenderingFailed("render-file-differs", file=path)
    _every_page_names_its_approval(site, public, pages)
    _every_file_of_a_page_is_there(tree, pages, copied)
    return digests


def _every_page_is_accounted_for(tree: Path, public: Publication, note: Mapping[str, Any]) -> None:
    """Drawn or withheld until its hour, each exactly once and at its own address."""
    pages, withheld = note["pages"], set(note["withheld"])
    if wrong := sorted((pages.keys() | withheld) ^ public.pages.keys() | (pages.keys() & withheld)):
        raise RenderingFailed("render-page-missing", page=wrong[0])
    for folder, path in pages.items():
        if path != f"{url_of(f'{folder}/index.md')[1:]}index.html":
            raise RenderingFailed("render-page-missing", page=folder)
    for folder in withheld:
        if b"\npublish_at:" not in (tree / folder / "index.md").read_bytes():
            raise RenderingFailed("render-page-missing", page=folder)


def _every_page_names_its_approval(site: Path, public: Publication, pages: Mapping[str, str]) -> None:
    for folder, path in pages.items():
        stamp = f'data-approval="{public.pages[folder].commit}"'.encode()
        if (site / path).read_bytes().count(stamp) != 1:
            raise RenderingFailed("render-page-unstamped", page=folder)


def _every_file_of_a_page_is_there(tree: Path, pages: Mapping[str, str], copied: Mapping[str, str]) -> None:
    sources = set(copied.values())
    for folder in pages:
        for file in (tree / folder).iterdir():
            path = file.relative_to(tree).as_posix()
            if file.name != "index.md" and path not in sources:
                raise RenderingFailed("render-file-missing", file=path)
