"""Pages as the rules get them, made from text and without git or files, for the tests of the rules."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from sop_site.answers import Finding
from sop_site.content import markdown, parse
from sop_site.rules import Around, MediaFacts, PageInput, Rule, check
from sop_site.settings import Checks, Settings
from sop_site.settings import parse as parse_settings
from tests.office import SITE_TOML, page

SETTINGS = parse_settings(SITE_TOML.encode()).model_copy(
    update={"checks": Checks(phones=("0812-3600-0001",), emails=("layanan.percontohan@gmail.com",))}
)
ADDRESSES = frozenset({"/", "/kontak/", "/berita/", "/berita/2026-01-05-lain/", "/desa/banyuning/peta.pdf"})
PATHS = {
    "news": "content/berita/2026-01-05-kerja-bakti/index.md",
    "announcement": "content/pengumuman/2026-01-05-jam-layanan/index.md",
    "gallery": "content/galeri/2026-01-05-foto-pantai/index.md",
    "service": "content/layanan/surat-domisili/index.md",
    "document": "content/dokumen/2026-01-05-rencana/index.md",
    "page": "content/halaman/sejarah/index.md",
}
TITLE = "Jam layanan pada bulan Januari"


def given(
    body: str = "",
    *,
    kind: str = "news",
    path: str | None = None,
    title: str = TITLE,
    media: Iterable[MediaFacts] = (),
    public: Any = None,
    around: Mapping[str, Any] | None = None,
    settings: Settings = SETTINGS,
    **front: str,
) -> PageInput:
    """One page under check; ``front`` is raw YAML by field."""
    where = path or PATHS[kind]
    parsed = parse(where, page(title, kind=kind, body=body, **front).encode(), settings)
    assert parsed.page is not None, parsed.findings
    assert parsed.lines is not None
    surroundings = replace(Around(settings, ADDRESSES), **dict(around or {}))
    files = {facts.name: facts for facts in media}
    outline = markdown.outline(parsed.page.body)
    return PageInput(where, parsed.page, parsed.lines, outline, surroundings, files, public)


def codes(findings: Iterable[Finding]) -> list[str]:
    """Codes in order."""
    return [finding.code for finding in findings]


def said(rule: Rule, body: str = "", **values: Any) -> list[str]:
    """What one rule says of a page."""
    return codes(rule(given(body, **values)))


def everything(body: str = "", **values: Any) -> list[tuple[str, str, int | None]]:
    """Code, severity and line of everything that all rules say of a page."""
    return [(found.code, found.severity, found.line) for found in check(given(body, **values))]
