"""A previewed page is the built page with a mark, and never one that could be taken for approved."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from sop_site.plugins.preview_pages import OVERVIEW, PreviewPages, Stand, read_page
from sop_site.settings import parse
from tests import every_kind
from tests.office import MONDAY, SITE_TOML, Office, page

SETTINGS = parse(SITE_TOML.encode())
NEWS = f"content/berita/{every_kind.DAY}-kerja-bakti"
NEWS_URL = f"/berita/{every_kind.DAY}-kerja-bakti/"


def pages_of(
    files: dict[str, str | bytes], *, changed: tuple[str, ...] = (), now: datetime = MONDAY, trouble: str = ""
) -> PreviewPages:
    data = {path: text.encode() if isinstance(text, str) else text for path, text in files.items()}
    beside: dict[str, list[str]] = {}
    for path in sorted(data):
        folder, _, name = path.rpartition("/")
        if name != "index.md":
            beside.setdefault(folder, []).append(name)
    stand = Stand(
        "semua", "v1", SETTINGS, now, beside, data.__getitem__, changed=frozenset(changed), trouble=trouble
    )
    read = [read_page(path, text, SETTINGS) for path, text in data.items() if path.endswith("/index.md")]
    return PreviewPages(stand, read)


@pytest.fixture(scope="module")
def pages() -> PreviewPages:
    return pages_of(every_kind.office_files(), changed=(NEWS,))


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", html.partition("<body>")[2]))


def main_of(html: str) -> str:
    """What the page itself says: without what stands around it, and without its word of approval."""
    inner = html.partition("<header")[2]
    inner = re.sub(r'<aside class="word".*?</aside>', "", inner, flags=re.DOTALL)
    inner = re.sub(r"<script>.*?</script>\n", "", inner, flags=re.DOTALL)
    return re.sub(r"\n\s*\n", "\n", inner)


@pytest.mark.git
def test_a_previewed_page_is_what_the_build_draws_but_for_mark_and_word(tmp_path: Path) -> None:
    from pipeline.preview.showcase import Showcase
    from pipeline.preview.sources import Office as Shown
    from pipeline.repository import Repository
    from tests import history

    office = Office(tmp_path)
    office.writes(every_kind.office_files(), draft="semua")
    history.publish(office, history.merge(office, "semua"))
    assert office.sop("build").code == 0
    office.git("branch", "draft/kosong", "publish")
    built = tmp_path / "office.output"
    with Repository(office.repo) as repo:
        shown = Shown(repo, "kosong", tmp_path / "kerja")
        pages = Showcase(shown, lambda: office.now).pages
        compared = 0
        for file in sorted(built.rglob("*.html")):
            path = file.relative_to(built).as_posix()
            url = "/" + path.removesuffix("index.html")
            if url.startswith("/bukti/"):
                continue
            status, html = pages.html(url)
            assert status == 200
            assert main_of(html) == main_of(file.read_text(encoding="utf-8")), url
            compared += 1
        shown.close()

    assert compared > 25


def every_address(pages: PreviewPages) -> Iterator[str]:
    yield from pages.documents
    yield from (OVERVIEW, "/bukti/", "/bukti/3/", "/feed.xml", "/tidak/ada/", "/sitemap.xml")


def test_every_page_is_marked_in_band_title_and_for_search_engines(pages: PreviewPages) -> None:
    for url in every_address(pages):
        _, html = pages.html(url)
        assert html.count('<div class="band" role="note" id="pratinjau"') == 1, url
        assert "<strong>BELUM DISETUJUI.</strong>" in html
        assert "<title>BELUM DISETUJUI – " in html
        assert '<meta name="robots" content="noindex, nofollow">' in html
        assert 'rel="canonical"' not in html
        assert "og:url" not in html


def test_no_page_claims_an_approval(pages: PreviewPages) -> None:
    for url in every_address(pages):
        _, html = pages.html(url)
        assert "data-approval" not in html, url
        assert not re.search(r"Disetujui oleh|Ditetapkan pada pembukaan", html), url


def test_a_changed_page_says_that_it_is_not_approved_and_another_that_it_is_not_changed(
    pages: PreviewPages,
) -> None:
    _, changed = pages.html(NEWS_URL)
    _, other = pages.html("/layanan/surat-domisili/")

    assert "Halaman ini diubah oleh draf." in changed
    assert "Belum disetujui. Isi halaman ini berasal dari draf “semua”." in changed
    assert "Halaman ini diubah oleh draf." not in other
    assert "Halaman ini tidak diubah draf “semua”" in other


@pytest.mark.parametrize(
    "url", ["/feed.xml", "/berita/feed.json", "/sitemap.xml", "/.well-known/sop.json", "/agenda/x/acara.ics"]
)
def test_what_machines_read_is_not_served(pages: PreviewPages, url: str) -> None:
    assert pages.file(url) is None
    status, html = pages.html(url)
    assert status == 404
    assert "Berkas ini tidak disajikan dalam pratinjau" in html


def test_search_engines_are_asked_to_stay_away(pages: PreviewPages) -> None:
    assert pages.file("/robots.txt") == ("robots.txt", b"User-agent: *\nDisallow: /\n")


def test_a_broken_page_says_what_is_wrong_in_which_line_and_the_others_stay() -> None:
    files = every_kind.office_files()
    text = files[f"{NEWS}/index.md"]
    assert isinstance(text, str)
    files[f"{NEWS}/index.md"] = text.replace("title:", "judul:")

    pages = pages_of(files, changed=(NEWS,))

    told = text_of(pages.html(NEWS_URL)[1])
    assert "Halaman ini belum dapat ditampilkan" in told
    assert f"{NEWS}/index.md" in told
    assert "Baris 3 Isian “judul” tidak dikenal" in told
    assert "kerja-bakti" not in pages.html("/berita/")[1]
    assert pages.html("/layanan/surat-domisili/")[0] == 200
    assert f'<a href="{NEWS_URL}">' in pages.html(OVERVIEW)[1]


def test_findings_on_a_page_show_no_personal_data() -> None:
    files = {f"{NEWS}/index.md": page("Kerja bakti", kind="news", unit="5108061503870001")}

    told = pages_of(files, changed=(NEWS,)).html(NEWS_URL)[1]

    assert "5108061503870001" not in told
    assert "Halaman ini belum dapat ditampilkan" in told


def test_a_file_that_a_page_names_and_does_not_have_is_asked_for() -> None:
    files = every_kind.office_files()
    del files[f"{NEWS}/foto.jpg"]

    told = text_of(pages_of(files, changed=(NEWS,)).html(NEWS_URL)[1])

    assert "Berkas foto.jpg disebut di halaman ini, tetapi tidak ada di foldernya." in told


def test_a_picture_that_could_run_is_neither_drawn_nor_served() -> None:
    files = every_kind.office_files()
    files[f"{NEWS}/jahat.svg"] = "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"

    pages = pages_of(files, changed=(NEWS,))

    assert pages.file(f"{NEWS_URL}jahat.svg") is None
    assert "jahat.svg tidak boleh tayang" in pages.html(NEWS_URL)[1]


def test_a_page_that_is_not_due_yet_says_so_and_others_of_that_kind_are_left_out() -> None:
    later = (MONDAY + timedelta(days=3)).isoformat()
    folder, other = "content/pengumuman/2026-01-05-nanti", "content/pengumuman/2026-01-05-lain"
    files: dict[str, str | bytes] = {
        f"{folder}/index.md": page("Pengumuman nanti", publish_at=later),
        f"{other}/index.md": page("Pengumuman lain", publish_at=later),
    }

    pages = pages_of(files, changed=(folder,))

    assert (
        "baru tayang pada 8 Januari 2026 pukul 09.00 WITA" in pages.html("/pengumuman/2026-01-05-nanti/")[1]
    )
    assert pages.html("/pengumuman/2026-01-05-lain/")[0] == 404


def test_two_pages_at_one_address_do_not_end_the_preview() -> None:
    files: dict[str, str | bytes] = {
        "content/halaman/profil/index.md": page("Profil", kind="page", topics="", section="profil"),
    }
    folder = "content/halaman/berita"
    files[f"{folder}/index.md"] = page("Berita", kind="page", topics="", section="profil")

    pages = pages_of(files, changed=(folder,))

    assert pages.html("/profil/")[0] == 200
    assert "Halaman ini belum dapat ditampilkan" in pages.html("/berita/")[1]


def test_trouble_stands_on_every_page() -> None:
    pages = pages_of({}, trouble="site.toml tidak dapat dibaca.")

    assert "Perubahan terakhir belum dapat ditampilkan: site.toml tidak dapat dibaca." in pages.html("/")[1]


def test_a_draft_without_changes_says_so() -> None:
    assert "Draf “semua” tidak mengubah halaman apa pun." in pages_of({}).html(OVERVIEW)[1]


def test_begins_at_the_one_page_that_the_draft_is_about(pages: PreviewPages) -> None:
    assert pages.first() == NEWS_URL
    assert pages_of({}).first() == OVERVIEW
