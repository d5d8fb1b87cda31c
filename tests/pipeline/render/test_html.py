"""The written pages as markup: every link leads somewhere, ids are unique, headings in order, pages light."""

import gzip
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin

import pytest

from tests import every_kind, history
from tests.office import SITE_TOML, Office

ROOT = Path(__file__).resolve().parents[3]
WORST_BYTES = 14_000
"""Compressed HTML that fits one round trip (citizen's site, goals)."""
VOID = {"meta", "link", "img", "source", "track", "br", "hr", "input", "wbr"}
pytestmark = pytest.mark.git


@dataclass
class Page(HTMLParser):
    """What a page links to, names and nests."""

    targets: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    headings: list[int] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    _open: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.tags.append(tag)
        if tag not in VOID:
            self._open.append(tag)
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        self.ids += [str(values["id"])] if "id" in values else []
        self.targets += [str(values[name]) for name in ("href", "src", "poster") if name in values]
        if "style" in values or any(name.startswith("on") for name in values):
            self.faults.append(f"inline style or script on {tag}")
        if tag == "img" and "alt" not in values:
            self.faults.append("a picture without alternative text")

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open.pop() != tag:
            self.faults.append(f"</{tag}> closes nothing")

    def close(self) -> None:
        super().close()
        self.faults += [f"<{tag}> stays open" for tag in self._open]


def read(site: Path) -> dict[str, Page]:
    """Address → page, for every HTML file."""
    pages = {}
    for path in sorted(site.rglob("*.html")):
        parsed = Page()
        parsed.feed(path.read_text(encoding="utf-8"))
        parsed.close()
        pages["/" + path.relative_to(site).as_posix().removesuffix("index.html")] = parsed
    return pages


def publishes(office: Office, files: dict[str, str | bytes]) -> Path:
    office.writes(files, draft="semua")
    history.publish(office, history.merge(office, "semua"))
    done = office.sop("build")
    assert done.code == 0, done.out
    return office.root / "office.output"


@pytest.fixture(scope="module")
def every(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of an office with a page of every kind."""
    settings = f"{SITE_TOML}\n[site]\ndemonstration = true\n"
    return publishes(Office(tmp_path_factory.mktemp("a"), site=settings), dict(every_kind.office_files()))


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the office's real content, as it lies in this repository."""
    skeleton = (ROOT / "sop_site/data/skeleton/site.toml").read_text(encoding="utf-8")
    settings = skeleton.replace("camat@buleleng.bulelengkab.go.id", "camat@percontohan.go.id")
    paths = [path for path in (ROOT / "content").rglob("*") if path.is_file() and path.name[0] != "."]
    files = {path.relative_to(ROOT).as_posix(): path.read_bytes() for path in paths}
    return publishes(Office(tmp_path_factory.mktemp("b"), site=settings), files)


@pytest.fixture(params=["every", "real"])
def site(request: pytest.FixtureRequest) -> Path:
    found = request.getfixturevalue(request.param)
    assert isinstance(found, Path)
    return found


def dead(site: Path) -> Iterator[str]:
    pages = read(site)
    for address, found in pages.items():
        for target in found.targets:
            if re.match(r"(?:https?|mailto|tel):", target):
                continue
            place, fragment = urldefrag(urljoin(address, target))
            file = site / unquote(place[1:] + ("index.html" if place.endswith("/") else ""))
            if not file.is_file() or (fragment and unquote(fragment) not in pages[place].ids):
                yield f"{address} → {target}"


def test_every_link_leads_to_a_page_a_file_or_a_place_on_it(site: Path) -> None:
    assert sorted(set(dead(site))) == []


def test_markup_is_whole(site: Path) -> None:
    for address, found in read(site).items():
        assert found.faults == [], address
        assert len(found.ids) == len(set(found.ids)), address
        assert "script" not in found.tags, address
        assert found.tags.count("main") == 1, address


def test_headings_begin_with_one_title_and_skip_no_level(site: Path) -> None:
    for address, found in read(site).items():
        assert found.headings.count(1) == 1, address
        assert found.headings[0] == 1, address
        steps = zip(found.headings, found.headings[1:], strict=False)
        assert all(after - before <= 1 for before, after in steps), (address, found.headings)


def test_nothing_is_fetched_from_elsewhere(site: Path) -> None:
    fetching = re.compile(r'<(?:img|source|track|video|iframe|script)\b[^>]*\b(?:src|poster)="(?!/)')
    for path in site.rglob("*.html"):
        html = path.read_text(encoding="utf-8")
        assert not fetching.search(html), path
        assert not re.search(r'<link rel="(?!canonical|alternate|icon)', html), path
        assert "url(" not in html, path
        assert "@import" not in html, path


def test_every_page_is_light(site: Path) -> None:
    weights = {path: len(gzip.compress(path.read_bytes(), 9)) for path in site.rglob("*.html")}

    assert {path: weight for path, weight in weights.items() if weight > WORST_BYTES} == {}


def test_a_demonstration_says_so_on_every_page_and_a_real_site_nowhere(every: Path, real: Path) -> None:
    for path in every.rglob("*.html"):
        html = path.read_text(encoding="utf-8")
        assert "PERAGAAN" in html, path
        assert '<meta name="robots" content="noindex, nofollow">' in html, path
    for path in real.rglob("*.html"):
        html = path.read_text(encoding="utf-8")
        assert "PERAGAAN" not in html, path
        assert ("noindex" in html) == (path.name == "404.html"), path


def test_service_cards_have_all_parts_in_the_models_order(real: Path) -> None:
    order = ["Untuk siapa", "Syarat", "Cara mengurus", "Waktu", "Biaya", "Hasil", "Di mana dan kapan",
             "Dasar hukum", "Pengaduan", "Kontak"]  # fmt: skip
    cards = list((real / "layanan").glob("*/index.html"))

    assert len(cards) >= 8
    for card in cards:
        html = card.read_text(encoding="utf-8")
        places = [html.find(f"<h2>{part}</h2>") for part in order]
        assert -1 not in places, card
        assert places == sorted(places), card


def test_what_the_office_has_not_filled_in_is_marked(real: Path) -> None:
    bare = re.compile(r"(?<!<mark class=\"unfilled\">)belum diisi oleh kantor")
    shown = [path for path in real.rglob("*.html") if "belum diisi oleh kantor" in path.read_text()]

    assert shown
    for path in shown:
        text = re.sub(r"<head>.*?</head>", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        assert not bare.search(text), path
