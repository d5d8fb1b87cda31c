"""Pages as the public sees them, made from text and without git, for the tests of the plugins."""

from datetime import datetime, timedelta
from typing import Any

from sop_site.content import parse
from sop_site.plugins.layout import Site
from sop_site.plugins.shown import Shown, show
from sop_site.proof import ApprovalProof, PageChange
from sop_site.publication import PageApproval
from sop_site.settings import Settings
from sop_site.settings import parse as parse_settings
from tests.office import MONDAY, SITE_TOML, WITA, page

SETTINGS = parse_settings(SITE_TOML.encode())
NOW = datetime(2026, 2, 1, tzinfo=WITA)
SECTIONS = {"news": "berita", "announcement": "pengumuman", "event": "agenda", "alert": "siaga",
            "page": "halaman", "village": "desa", "gallery": "galeri"}  # fmt: skip


def word(commit: str = "a" * 40, sequence: int = 1, **changed: Any) -> PageApproval:
    """An approval by the head on Monday morning."""
    values = {
        "commit": commit, "sequence": sequence, "name": "Camat Percontohan", "role": "head", "decree": None,
        "time": MONDAY, "assurance": "personal",
    }  # fmt: skip
    return PageApproval(**{**values, **changed})


def shown(
    page_id: str,
    title: str = "Judul halaman",
    *,
    kind: str = "news",
    now: datetime = NOW,
    files: dict[str, bytes] | None = None,
    settings: Settings = SETTINGS,
    day: str | None = None,
    text: str | None = None,
    **front: str,
) -> Shown:
    """A page of this id, read by the strict reader; a dated id gives the date."""
    path = f"content/{SECTIONS[kind]}/{page_id}/index.md"
    written = text or page(title, day or (page_id[:10] if page_id[:2] == "20" else "2026-01-05"), kind=kind,
                           **front)  # fmt: skip
    parsed = parse(path, written.encode(), settings)
    assert parsed.page is not None, parsed.findings
    return show(parsed.page, path, files or {}, word(), settings, now)


def site(*pages: Shown, settings: Settings = SETTINGS, now: datetime = NOW) -> Site:
    """A site of these pages."""
    return Site.of(settings, pages, now)


def approval_proof(sequence: int, *folders: str, kind: str = "added", **changed: Any) -> ApprovalProof:
    """The proof of an approval by the head, one day after the one before."""
    values = {
        "sequence": sequence, "commit": f"{sequence:040x}", "parent": f"{sequence - 1:040x}",
        "draft": "d" * 40, "time": MONDAY + timedelta(days=sequence), "approver": "camat@percontohan.go.id",
        "name": "Camat Percontohan", "role": "head", "decree": None, "assurance": "personal",
        "key": "SHA256:x", "content_digest": "sha256:0", "payload_sha256": "0", "ledger": None,
        "policy_version": 1, "policy_digest": "sha256:1", "signature": "armor\n", "signature_begins": 10,
        "signature_ends": 20, "pages": tuple(PageChange(folder, kind) for folder in folders),  # type: ignore[arg-type]
        "others": (),
    }  # fmt: skip
    return ApprovalProof(**{**values, **changed})
