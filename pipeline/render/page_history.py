"""Where pages lay before, and what each of their approvals changed: read from approved bytes alone.

A change's note is the ``change_note`` that stood in the page at that approval. One that had stood there
already belongs to an earlier change and is not told again; those of a page that was withdrawn went with it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from sop_site.approval.commit import format_of
from sop_site.approval.store import ObjectStore, StoreFault
from sop_site.content import former_paths, place_of
from sop_site.content.front_matter import divide
from sop_site.errors import RenderingFailed
from sop_site.messages import masked
from sop_site.publication import HISTORY_SHOWN, PageApproval, Publication
from sop_site.rules import personal_data
from sop_site.settings import Settings

_PAGE = "index.md"
_BYTES = {"sha1": 20, "sha256": 32}


def former_folders(tree: Path, paths: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Page folder → folders in which it lay before, of the pages of an exported tree that were moved."""
    found = {}
    for path in filter(place_of, paths):
        data = (tree / path).read_bytes()
        if b"\nmoved_from:" in data:
            ids = _values(path, data).get("moved_from")
            if isinstance(ids, tuple) and all(isinstance(one, str) for one in ids):
                folders = [former.removesuffix(f"/{_PAGE}") for former in former_paths(path, ids)]
                found[path.removesuffix(f"/{_PAGE}")] = tuple(folders)
    return found


def with_notes(public: Publication, tree: Path, store: ObjectStore, settings: Settings) -> Publication:
    """The publication with a note for each change that the public is shown."""
    pages: dict[str, PageApproval] = {}
    try:
        for folder, approval in public.pages.items():
            path = f"{folder}/{_PAGE}"
            here = _values(path, (tree / path).read_bytes()) if approval.history else {}
            pages[folder] = _told(folder, approval, here, store, settings)
    except StoreFault as error:
        raise RenderingFailed("render-tree-unreadable", detail=error.detail) from error
    return Publication(pages)


def _told(
    folder: str, approval: PageApproval, here: Mapping[str, Any], store: ObjectStore, settings: Settings
) -> PageApproval:
    if not approval.history:
        return approval
    if here.get("withdrawn"):
        return replace(approval, note=_publishable(_note(here), settings))
    shown = approval.history[:HISTORY_SHOWN]
    before = [_note(_at(store, older.commit, (folder, *reversed(approval.former)))) for older in shown]
    said = [_note(here), *before]
    fresh = [
        "" if note == earlier else _publishable(note, settings)
        for note, earlier in zip(said, [*before, ""], strict=True)
    ]
    if len(shown) == len(approval.history):
        # What stood in the page when it first appeared tells of no change.
        fresh[-1] = ""
    told = [replace(older, note=note) for older, note in zip(shown, fresh[1:], strict=True)]
    return replace(approval, note=fresh[0], history=(*told, *approval.history[HISTORY_SHOWN:]))


def _publishable(note: str, settings: Settings) -> str:
    """A note as it may be shown again: one that no check would let through today is left out."""
    found = personal_data.find(note, settings, nip_allowed=False) if note else ()
    return "" if any(item.severity == "error" for item in found) else masked(note)


def _note(values: Mapping[str, Any]) -> str:
    note = values.get("change_note")
    return " ".join(note.split()) if isinstance(note, str) else ""


def _values(path: str, data: bytes) -> Mapping[str, Any]:
    head = divide(path, data).head
    return head.values if head is not None else {}


def _at(store: ObjectStore, commit: str, folders: Sequence[str]) -> Mapping[str, Any]:
    """The front matter that the page had at an approval, in the first of these folders that has it."""
    root = store.links(commit).tree
    for folder in folders:
        tree: str | None = root
        for name in (*folder.split("/"), _PAGE):
            tree = next(_lines(store, tree, name), None) if tree else None
        if tree is not None:
            return _values(f"{folder}/{_PAGE}", store.blob(tree))
    return {}


def _lines(store: ObjectStore, tree: str, name: str) -> Iterator[str]:
    """The id that a tree has under a name.

    Searched for, not parsed: a section of 10,000 pages is another tree at every approval. Bytes of an id
    that look like a line would be a second find; then the tree is read line by line.
    """
    size = _BYTES[format_of(tree)]
    line = rb"(?:40000|100644) %b\0(?=(.{%d}))" % (re.escape(name.encode()), size)
    found = re.findall(line, store.raw_tree(tree), re.DOTALL)
    if len(found) > 1:
        yield from (entry.oid for entry in store.tree(tree) if entry.name == name.encode())
    else:
        yield from (oid.hex() for oid in found)
