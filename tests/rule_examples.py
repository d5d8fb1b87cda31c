"""The examples of every check: tables in tests/examples/, each run as a whole page with its files.

    [link-shortened]                                    code of the finding
    bad.body = "[Formulir](https://bit.ly/abc)"         gives it
    good.body = "[Formulir](https://contoh.go.id/)"     does not

Beside ``body``: ``front`` (raw YAML by key, empty takes a line away), ``lines`` (further lines of the head),
``text`` (the whole file), ``begins``, ``ends`` (hexadecimal), ``swell`` (mark, piece, how often), ``path``,
``media`` (facts by name; files that the page names are there anyhow), ``public`` (the body that is public),
``public_front`` and ``public_path`` (where they differ from the base), ``addresses`` (that stand beside);
``drafted``, ``moved``, ``is_compared``, ``public_files`` and ``public_likenesses`` as in ``Around``. ``kind``
stands beside them. What needs git or a media program says so with ``by``.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from sop_site.answers import Finding
from sop_site.content import markdown, media_of, parse
from sop_site.rules import Around, MediaFacts, PageInput, check
from tests.every_kind import INFORMATION, SERVICE
from tests.sop_site.rules.values import ADDRESSES, SETTINGS

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "tests/examples"
PATHS = {
    "news": "content/berita/2026-01-05-kerja-bakti/index.md",
    "event": "content/agenda/2026-01-05-musyawarah/index.md",
    "gallery": "content/galeri/2026-01-05-foto-pantai/index.md",
    "video": "content/video/2026-01-05-suasana-pagi/index.md",
    "document": "content/dokumen/2026-01-05-rencana/index.md",
    "alert": "content/siaga/2026-01-05-gelombang/index.md",
    "service": "content/layanan/surat-domisili/index.md",
    "village": "content/desa/banyuning/index.md",
    "page": "content/halaman/sejarah/index.md",
}
BASES: dict[str, dict[str, str]] = {
    "news": {},
    "event": {"start": "2026-02-10T09:00", "end": "2026-02-10T12:00", "place": "Aula", "organizer": "Kantor"},
    "gallery": {"photos": "[{file: laut.jpg, alt: Laut tenang, credit: Operator 1}]"},
    "video": {
        "file": "film.mp4", "poster": "sampul.jpg", "captions": "takarir.vtt", "transcript": "Ombak.",
        "credit": "Operator 1",
    },
    "document": {
        "issued": "2026-01-05", "information": INFORMATION, "files": "[{file: rencana.pdf, title: Rencana}]",
    },
    "alert": {"level": "siaga", "area": "Pesisir", "until": "2027-01-08", "instructions": "[Jangan melaut]"},
    "service": {**SERVICE, "duration": "1 hari", "hours": "Hari kerja"},
    "village": {"type": "kelurahan"},
    "page": {"section": "profil"},
}  # fmt: skip


@dataclass(frozen=True)
class Case:
    """One page, as raw as the table has it."""

    kind: str
    raw: Mapping[str, Any]

    @property
    def path(self) -> str:
        return str(self.raw.get("path", PATHS[self.kind]))

    def data(self) -> bytes:
        """The page's file."""
        fields = {
            "kind": self.kind, "title": '"Kerja bakti membersihkan pantai"', "date": "2026-01-05",
            "summary": '"Ringkasan singkat untuk warga kecamatan."', "topics": "[kependudukan]",
            "unit": "pelayanan", **BASES[self.kind], **self.raw.get("front", {}),
        }  # fmt: skip
        head = "".join(f"{key}: {value}\n" for key, value in fields.items() if value)
        text = self.raw.get("text") or f"---\n{head}---\n{self.raw.get('body', 'Isi halaman.')}\n"
        if lines := self.raw.get("lines"):
            text = text.replace("\n---\n", f"\n{lines}\n---\n", 1)
        if swell := self.raw.get("swell"):
            mark, piece, times = swell
            text = text.replace(mark, piece * times)
        return (self.raw.get("begins", "") + text).encode() + bytes.fromhex(self.raw.get("ends", ""))

    def excerpt(self) -> str:
        """What of it an operator would see: the lines that the table gives."""
        raw = self.raw
        lines = [f"{key}: {value}" for key, value in raw.get("front", {}).items() if value]
        lines += [f"# tanpa {key}" for key, value in raw.get("front", {}).items() if not value]
        lines += [raw[key] for key in ("lines", "text", "body", "path") if raw.get(key, "").strip()]
        lines += [f"# di samping naskah: {name}" for name in raw.get("media", {})]
        lines += [f"# yang sekarang tayang: {raw['public_path']}"] if "public_path" in raw else []
        lines += [
            f"# yang sekarang tayang: {key}: {value}" for key, value in raw.get("public_front", {}).items()
        ]
        lines += [f"# alamat halaman lain: {address}" for address in raw.get("addresses", ())]
        lines += [f"# alamat lama: {old}, kini {now}" for old, now in raw.get("moved", {}).items()]
        lines += [f"# sudah tayang: {path}" for path in raw.get("public_files", {}).values()]
        lines += [f"# sudah tayang: {path}" for path in raw.get("public_likenesses", {})]
        return "\n".join(lines) or "(kosong)"

    def findings(self) -> tuple[Finding, ...]:
        """Everything that reading and all rules say."""
        parsed = parse(self.path, self.data(), SETTINGS)
        if parsed.page is None or parsed.lines is None:
            return parsed.findings
        outline = markdown.outline(parsed.page.body)
        around = self._around()
        media = self._media(media_of(parsed.page, outline))
        return (
            *parsed.findings,
            *check(PageInput(self.path, parsed.page, parsed.lines, outline, around, media, self._public())),
        )

    def _around(self) -> Around:
        raw = self.raw
        return Around(
            settings=SETTINGS,
            addresses=ADDRESSES | frozenset(raw.get("addresses", ())),
            drafted=frozenset(raw.get("drafted", ())),
            moved=raw.get("moved", {}),
            is_compared=raw.get("is_compared", "public" in raw),
            public_files=raw.get("public_files", {}),
            public_likenesses=raw.get("public_likenesses", {}),
        )

    def _public(self) -> Any:
        """The page as it is public, ``None`` for a new one."""
        if "public" not in self.raw:
            return None
        raw = {"body": self.raw["public"], "front": self.raw.get("public_front", {})}
        before = Case(self.kind, {**raw, "path": self.raw.get("public_path", self.path)})
        return parse(before.path, before.data(), SETTINGS).page

    def _media(self, named: frozenset[str]) -> dict[str, MediaFacts]:
        given = self.raw.get("media", {name: {} for name in named})
        facts = {}
        for name in given:
            good = MediaFacts(name, name.rpartition(".")[2], 1000, 640, 400, has_text=True, fingerprint=name)
            facts[name] = replace(good, **given[name])
        return facts


@dataclass(frozen=True)
class Example:
    """A code with a page that gives it and one that does not, or with the test that shows it."""

    code: str
    bad: Case | None
    good: Case | None
    says: str
    by: str


@dataclass(frozen=True)
class Topic:
    """Codes that belong together."""

    title: str
    examples: tuple[Example, ...]


@cache
def topics() -> tuple[Topic, ...]:
    """All tables, in the order of their names."""
    return tuple(_topic(path) for path in sorted(FOLDER.glob("*.toml")))


def examples() -> Iterator[Example]:
    """All examples."""
    for topic in topics():
        yield from topic.examples


def _topic(path: Path) -> Topic:
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    about = table.pop("about")
    return Topic(about["title"], tuple(_example(code, raw) for code, raw in table.items()))


def _example(code: str, raw: Mapping[str, Any]) -> Example:
    kind = raw.get("kind", "news")
    bad, good = (Case(kind, raw[side]) if side in raw else None for side in ("bad", "good"))
    return Example(code, bad, good, raw.get("says", ""), raw.get("by", ""))
