"""What is public and by whose word: page folder → approval, composed from the judged chain.

A page names its own approval only, the latest one that changed anything in its folder; so nothing here
changes on a page when another page is approved. Its history goes back through every place that it once had.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, cast

from sop_site.errors import RenderingFailed

if TYPE_CHECKING:
    from sop_site.approval.chain import Verdict

HISTORY_SHOWN = 20
"""How many earlier approvals a page names; of the rest it tells how many there are."""
Assurance = Literal["personal", "forge", "genesis"]


@dataclass(frozen=True, slots=True)
class PageApproval:
    """The word that made a page public."""

    commit: str
    """Id of the approval commit, or of genesis."""
    sequence: int
    """The approval's number; 0 for genesis."""
    name: str
    """The approver's name at that time; empty for genesis."""
    role: str
    """``head``, ``acting``, ``daily``; ``genesis`` for what stood at the opening."""
    decree: str | None
    """Number of the letter that gave the role, where the policy names one."""
    time: datetime
    """When it was signed, with the signer's own offset."""
    assurance: Assurance
    """Who made the signature: the person, the forge in the person's name, or nobody yet (genesis)."""
    draft: str | None = None
    """The draft commit that was approved."""
    key: str | None = None
    """Fingerprint of the signing key."""
    note: str = ""
    """What this approval changed in the page, in the page's own words then (``change_note``)."""
    former: tuple[str, ...] = ()
    """Folders in which the page lay before it was moved, oldest first."""
    history: tuple["PageApproval", ...] = ()
    """Earlier approvals of the same page, newest first, without histories of their own."""

    @property
    def first(self) -> "PageApproval | None":
        """The approval that first put the page there, where it is another one than this."""
        return self.history[-1] if self.history else None


@dataclass(frozen=True, slots=True)
class Publication:
    """Every public page folder (``content/<section>/<id>``) with its approval."""

    pages: Mapping[str, PageApproval] = field(default_factory=dict)

    def to_json(self) -> str:
        """A note for the renderer; never an input to verification."""
        pages = {folder: _plain(approval) for folder, approval in sorted(self.pages.items())}
        return json.dumps({"version": 1, "pages": pages}, ensure_ascii=False, sort_keys=True, indent=1)

    @classmethod
    def from_json(cls, text: str) -> "Publication":
        """The publication that ``to_json`` wrote."""
        pages = json.loads(text)["pages"]
        return cls({folder: _approval(value) for folder, value in pages.items()})


def folder_of(path: str) -> str | None:
    """The page folder that a repository path belongs to, or ``None`` where it belongs to none."""
    parts = path.split("/")
    return "/".join(parts[:3]) if len(parts) > 3 and parts[0] == "content" else None


def compose(
    verdict: "Verdict", paths: Iterable[str], former: Mapping[str, Sequence[str]] | None = None
) -> Publication:
    """Who made each page of the approved tree public.

    ``paths`` are the tree's file paths; ``former`` names the folders in which a page lay before it was moved,
    whose approvals are part of its history. ``RenderingFailed`` if a page is in the tree and no accepted
    approval, genesis included, put it there: that would be a page without a word.
    """
    touched = _touched(verdict)
    pages: dict[str, PageApproval] = {}
    for path in paths:
        folder = folder_of(path)
        if folder is None or path != f"{folder}/index.md":
            continue
        words = touched.get(folder)
        if not words:
            raise RenderingFailed("render-page-unapproved", page=folder)
        *older, newest = words
        places = tuple((former or {}).get(folder, ()))
        # The approval that moves a page touches both places, and counts once.
        known = {word.sequence: word for place in places for word in touched.get(place, ())}
        known |= {word.sequence: word for word in older}
        history = [word for sequence, word in sorted(known.items()) if sequence < newest.sequence]
        pages[folder] = replace(newest, former=places, history=tuple(reversed(history)))
    return Publication(dict(sorted(pages.items())))


def _touched(verdict: "Verdict") -> dict[str, list[PageApproval]]:
    """Page folder → approvals that changed it, oldest first."""
    touched: dict[str, list[PageApproval]] = {}
    if verdict.genesis is not None:
        opening = PageApproval(
            commit=verdict.genesis.commit,
            sequence=0,
            name="",
            role="genesis",
            decree=None,
            time=verdict.genesis.time,
            assurance="genesis",
        )
        for folder in {folder_of(path) for path in verdict.genesis.paths} - {None}:
            touched[str(folder)] = [opening]
    for approval in verdict.approvals:
        word = PageApproval(
            commit=approval.commit,
            sequence=approval.sequence,
            name=approval.name,
            role=approval.role,
            decree=approval.decree,
            time=approval.time,
            assurance=cast(Assurance, approval.assurance),
            draft=approval.draft,
            key=approval.key_fingerprint,
        )
        for folder in {folder_of(path) for path in approval.paths} - {None}:
            touched.setdefault(str(folder), []).append(word)
    return touched


def _plain(approval: PageApproval) -> dict[str, Any]:
    values = {name: getattr(approval, name) for name in PageApproval.__slots__}
    values["time"] = approval.time.isoformat()
    values["history"] = [_plain(older) for older in approval.history]
    return values


def _approval(values: Mapping[str, Any]) -> PageApproval:
    return PageApproval(
        **{
            **values,
            "time": datetime.fromisoformat(values["time"]),
            "former": tuple(values["former"]),
            "history": tuple(_approval(older) for older in values["history"]),
        }
    )
