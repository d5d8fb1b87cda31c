"""``sop move``: another id, the old address that leads on, and everything that goes along."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import history, moving
from pipeline.verification import verification
from sop_site.content import parse
from sop_site.settings import parse as parse_settings
from tests.every_kind import INFORMATION, picture
from tests.office import SITE_TOML, Office, page

pytestmark = pytest.mark.git
OLD, NEW = "2026-01-05-kerja-bakti", "2026-01-06-gotong-royong"
NEWS = f"content/berita/{OLD}"
DOCUMENT = "content/dokumen/2026-01-05-rencana"
EVENT = "content/agenda/2026-01-05-rapat"
OTHER = "content/berita/2026-01-05-lain/index.md"
BODY = """Warga dari semua kelurahan hadir membawa alat masing-masing, lalu membersihkan pantai bersama-sama.

Lihat [kabar ini](/berita/2026-01-05-kerja-bakti/#jadwal) untuk jamnya.

## Jadwal

Pukul 08.00."""
PDF = (
    b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)


def files() -> dict[str, str | bytes | None]:
    return {
        f"{NEWS}/index.md": page("Kerja bakti di pantai", kind="news", body=BODY, image="foto.jpg",
                                 image_alt="Pantai", image_credit="Operator 1"),
        f"{NEWS}/foto.jpg": picture(),
        OTHER: page("Kabar lain hari ini", kind="news",
                    body=f"Baca [kerja bakti](/berita/{OLD}/) lebih dahulu."),
        f"{DOCUMENT}/index.md": page("Rencana kerja kecamatan", kind="document", issued="2026-01-05",
                                     information=INFORMATION,
                                     files="[{file: rencana.pdf, title: Rencana kerja}]"),
        f"{DOCUMENT}/rencana.pdf": PDF,
        f"{EVENT}/index.md": page("Rapat kerja kecamatan", kind="event", start="2026-02-10T09:00",
                                  end="2026-02-10T12:00", place="Aula", organizer="Kantor kecamatan"),
    }  # fmt: skip


def published(office: Office, draft: str) -> None:
    office.submits(draft)
    office.approves(draft)


def moved(office: Office, *words: str) -> dict[str, Any]:
    done = office.sop("move", *words, "--reason", "Tanggalnya keliru.")
    assert done.code == 0, done.out + done.err
    return done.json


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """An office with these pages, public; tests work in copies of it."""
    office = Office(tmp_path_factory.mktemp("kantor"))
    office.writes(files(), draft="awal")
    published(office, "awal")
    return office


@pytest.fixture
def ready(opened: Office, tmp_path: Path) -> Office:
    return opened.copied_to(tmp_path / "salinan")


@pytest.fixture(scope="module")
def site(opened: Office, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What citizens see after three pages moved in one draft, one of them twice."""
    office = opened.copied_to(tmp_path_factory.mktemp("situs") / "kantor")
    draft = moved(office, OLD, "2026-01-06-kerja")["draft"]
    moved(office, "2026-01-05-rencana", "2026-01-05-rencana-kerja", "--draft", draft)
    moved(office, "2026-01-05-rapat", "2026-01-05-rapat-kerja", "--draft", draft)
    published(office, draft)
    published(office, moved(office, "2026-01-06-kerja", NEW)["draft"])
    assert office.sop("build").code == 0
    return office.root / "office.output"


def read(site: Path, url: str) -> str:
    return (site / url.strip("/") / "index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("old", [OLD, "2026-01-06-kerja"])
def test_every_old_address_leads_straight_to_the_page_without_a_script(site: Path, old: str) -> None:
    html = read(site, f"/berita/{old}/")

    assert f'<meta http-equiv="refresh" content="0; url=/berita/{NEW}/">' in html
    assert f'<link rel="canonical" href="https://percontohan.go.id/berita/{NEW}/">' in html
    assert '<meta name="robots" content="noindex">' in html
    assert f'<a href="/berita/{NEW}/">Kerja bakti di pantai</a>' in html
    assert "<script" not in html
    assert "data-approval" not in html


def test_an_old_address_is_in_no_list_and_no_site_map(site: Path) -> None:
    texts = [path for path in site.rglob("*") if path.suffix in (".html", ".xml", ".json")]
    naming = [path.relative_to(site).as_posix() for path in texts if f'/{OLD}/"' in path.read_text("utf-8")]

    # The feeds know an entry by the address that it had first, so that nobody gets it twice; and the
    # other page links there still.
    assert sorted(naming) == [
        "berita/2026-01-05-kerja-bakti/index.html", "berita/2026-01-05-lain/index.html",
        "berita/feed.json", "berita/feed.xml", "feed.json", "feed.xml",
    ]  # fmt: skip
    assert OLD not in (site / "sitemap.xml").read_text("utf-8")
    assert NEW in (site / "sitemap.xml").read_text("utf-8")
    entry = next(item for item in json.loads((site / "feed.json").read_text("utf-8"))["items"]
                 if item["title"] == "Kerja bakti di pantai")  # fmt: skip
    assert entry["id"] == f"https://percontohan.go.id/berita/{OLD}/"
    assert entry["url"] == f"https://percontohan.go.id/berita/{NEW}/"


def test_the_files_of_a_document_and_a_calendar_entry_are_still_where_letters_say(site: Path) -> None:
    assert (site / "dokumen/2026-01-05-rencana/rencana.pdf").read_bytes() == PDF
    assert (site / "dokumen/2026-01-05-rencana-kerja/rencana.pdf").read_bytes() == PDF
    old, new = (site / f"agenda/2026-01-05-{name}/acara.ics" for name in ("rapat", "rapat-kerja"))
    assert old.read_bytes() == new.read_bytes()
    assert "UID:2026-01-05-rapat@percontohan.go.id" in new.read_text("utf-8")
    assert not (site / f"berita/{OLD}/foto.jpg").exists()
    assert (site / f"berita/{NEW}/foto.jpg").is_file()


def test_the_history_goes_back_through_the_moves(site: Path) -> None:
    html = read(site, f"/berita/{NEW}/")
    history = html.partition('id="riwayat"')[2].partition("</section>")[0]

    assert re.findall(r'href="/bukti/(\d)/"', history) == ["3", "2", "1"]
    assert f"dari /berita/2026-01-06-kerja/ menjadi /berita/{NEW}/. Alasan: Tanggalnya keliru." in history
    assert "pertama kali ditetapkan" in history
    assert f"-- content/berita/{NEW} {NEWS} content/berita/2026-01-06-kerja" in html


def test_the_page_links_to_itself_where_it_is_now(site: Path) -> None:
    assert f'href="/berita/{NEW}/#jadwal"' in read(site, f"/berita/{NEW}/")


def test_links_of_other_pages_are_told_or_mended_in_the_same_draft(ready: Office) -> None:
    told = moved(ready, OLD, NEW)
    found = ready.sop("check", told["draft"]).json["findings"]
    ready.git("switch", "-q", "publish")
    ready.git("branch", "-q", "-D", told["branch"])
    mended = moved(ready, OLD, NEW, "--links")

    assert (told["linking"], told["mended"]) == ([OTHER], [])
    assert {(one["code"], one["severity"]) for one in found} == {("page-moved", "warning")}
    assert (mended["linking"], mended["mended"]) == ([], [OTHER])
    assert f"](/berita/{NEW}/) lebih" in ready.git("show", f"{mended['branch']}:{OTHER}")
    assert ready.sop("check", mended["draft"]).code == 0


def test_a_page_may_go_back_and_then_its_other_address_leads_on(ready: Office) -> None:
    published(ready, moved(ready, OLD, NEW)["draft"])
    published(ready, moved(ready, NEW, OLD)["draft"])

    assert ready.verify().ok
    text = ready.git("show", f"publish:{NEWS}/index.md") + "\n"
    shown = parse(f"{NEWS}/index.md", text.encode(), parse_settings(SITE_TOML.encode())).page
    assert shown.moved_from == (NEW,)
    assert ready.git("ls-tree", "--name-only", f"publish:content/berita/{OLD}") == "foto.jpg\nindex.md"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ([OLD, OLD], "move-nowhere"),
        ([OLD, "gotong-royong"], "id-malformed"),
        ([OLD, "2026-01-05-lain"], "page-exists"),
        (["tentang-situs", "berita"], "id-reserved"),
        (["tidak-ada", NEW], "page-missing"),
        ([OLD, "2026-01-06-Besar"], "id-malformed"),
        ([OLD, "2026-01-06-../../x"], "id-malformed"),
    ],
)
def test_where_a_page_cannot_go_is_said_before_anything_is_written(
    ready: Office, words: list[str], code: str
) -> None:
    before = ready.git("for-each-ref")
    refused = ready.sop("move", *words, "--reason", "Alasan.")

    assert (refused.code, refused.json["error"]["code"]) == (1, code)
    assert refused.json["error"]["advice"]
    assert ready.git("for-each-ref") == before


@pytest.mark.parametrize(
    ("reason", "code"), [(" ", "reason-blank"), ("Hubungi 081234567890", "reason-personal")]
)
def test_a_reason_is_given_and_names_nobody(ready: Office, reason: str, code: str) -> None:
    assert ready.sop("move", OLD, NEW, "--reason", reason).json["error"]["code"] == code


def test_an_address_that_leads_on_is_given_to_no_other_page(ready: Office) -> None:
    published(ready, moved(ready, OLD, NEW)["draft"])
    refused = ready.sop("move", "2026-01-05-lain", OLD, "--reason", "Alasan.")
    ready.writes(f"{NEWS}/index.md", page("Halaman lain di alamat lama", kind="news"), draft="rebut")
    found = {one["code"] for one in ready.sop("check", "rebut").json["findings"]}

    assert refused.json["error"]["code"] == "address-leads-on"
    assert found == {"address-taken-by-move"}
    assert ready.sop("submit", "rebut").code == 1


def test_who_edits_the_page_elsewhere_is_told_and_his_edit_follows_it_or_is_asked_about(
    ready: Office,
) -> None:
    text = ready.git("show", f"publish:{NEWS}/index.md") + "\n"
    ready.writes(f"{NEWS}/index.md", text.replace("topics: [kependudukan]", "topics: [lingkungan]"),
                 draft="topik")  # fmt: skip
    noted = text.replace("image_credit: Operator 1\n", "image_credit: Operator 1\nchange_note: Jam baru.\n")
    ready.writes(f"{NEWS}/index.md", noted.replace("08.00", "09.00"), draft="jam")
    move = moved(ready, OLD, NEW)
    published(ready, move["draft"])
    ready.submits("topik")
    followed = ready.approves("topik", "--update")
    ready.submits("jam")
    asked = ready.sop("approve", "jam", "--update")

    assert sorted(move["drafts"]) == ["jam", "topik"]
    assert followed.code == 0
    assert "[lingkungan]" in ready.git("show", f"publish:content/berita/{NEW}/index.md")
    assert not ready.git("ls-tree", "publish", f"content/berita/{OLD}")
    assert asked.code == 1
    assert asked.json["conflicts"] == [f"content/berita/{NEW}/index.md"]
    assert ready.verify().ok


def test_a_foreign_verifier_finds_nothing_in_a_move_but_files_of_content(ready: Office) -> None:
    published(ready, moved(ready, OLD, NEW)["draft"])
    last = ready.verify().approvals[-1]

    assert sorted(last.paths) == sorted(
        f"content/berita/{page_id}/{name}" for page_id in (OLD, NEW) for name in ("foto.jpg", "index.md")
    )
    followed = ready.git("log", "--follow", "--format=%H", "publish", "--", f"content/berita/{NEW}/foto.jpg")
    assert len(followed.split()) > 1


PIECES = ["/a/", "/berita/a/", "/a/#x", "(/a/)", "x/a/", "/ab/", "/a", " "]


@given(st.lists(st.sampled_from(PIECES), max_size=8))
def test_only_the_whole_address_is_led_elsewhere(pieces: list[str]) -> None:
    text = " ".join(pieces)

    assert moving.led_elsewhere(text, "/a/", "/b/") == " ".join(
        piece.replace("/a/", "/b/") if piece in ("/a/", "/a/#x", "(/a/)") else piece for piece in pieces
    )


def test_an_earlier_id_still_names_the_page_at_the_desk(ready: Office) -> None:
    published(ready, moved(ready, OLD, NEW)["draft"])

    assert ready.sop("edit", OLD).json["path"] == f"content/berita/{NEW}/index.md"
    assert ready.sop("edit", f"/berita/{OLD}/").json["draft"] == f"ubah-{NEW}"
    taken = ready.sop("new", "news", "Kabar yang lain lagi", "--id", OLD)
    assert taken.json["error"]["code"] == "address-leads-on"


def test_an_id_that_the_public_never_knew_leaves_no_signpost(ready: Office) -> None:
    new = ready.sop("new", "news", "Belum tayang", "--id", "2026-01-07-satu").json
    drafted = moved(ready, "2026-01-07-satu", "2026-01-07-dua", "--draft", new["draft"])
    twice = moved(ready, OLD, "2026-01-06-sementara")["draft"]
    moved(ready, "2026-01-06-sementara", NEW, "--draft", twice)

    assert "moved_from" not in ready.git("show", f"{drafted['branch']}:{drafted['path']}")
    text = ready.git("show", f"draft/{twice}:content/berita/{NEW}/index.md")
    assert f'moved_from: ["{OLD}"]\n' in text
    assert f"dari /berita/{OLD}/ menjadi /berita/{NEW}/" in text
    assert ready.sop("check", twice).code == 0


def test_the_report_counts_a_move_as_one_page_that_changed(ready: Office) -> None:
    published(ready, moved(ready, OLD, NEW)["draft"])
    with verification(ready.repo, ready.trust, ready.now, full=True) as verified:
        last, before = verified.verdict.approvals[-1], verified.verdict.approvals[-2]
        told = list(history._pages(last, before.tree, verified.store))

    assert [(page.folder, page.change) for page in told] == [(f"content/berita/{NEW}", "changed")]


ALARM = ("akan DIHAPUS", "Halaman dihapus", "hilang dari situs")


def test_the_head_is_not_told_that_a_page_which_only_moved_is_gone(ready: Office) -> None:
    draft = moved(ready, f"/berita/{OLD}/", NEW)["draft"]
    told = ready.sop("review", draft, as_json=False).out

    assert [word for word in ALARM if word in told] == []
    assert "1 diubah, 0 dihapus" in told
    assert f"Alamat lama, /berita/{OLD}/, mengantar pembaca ke alamat baru." in told


@pytest.mark.parametrize("without", ["picture", "signpost"])
def test_what_a_move_leaves_behind_is_told_as_a_removal(ready: Office, without: str) -> None:
    draft, new = moved(ready, f"/berita/{OLD}/", NEW)["draft"], f"content/berita/{NEW}"
    text = (ready.repo / new / "index.md").read_text(encoding="utf-8")
    kept = [line for line in text.split("\n") if without == "picture" or not line.startswith("moved_from")]
    gone = {f"{new}/foto.jpg": None} if without == "picture" else {}
    ready.writes({f"{new}/index.md": "\n".join(kept), **gone}, draft=draft)
    told = ready.sop("review", draft, as_json=False).out

    assert [word for word in ALARM if word not in told] == []


def test_a_withdrawal_names_the_draft_that_moves_the_page_and_the_next_step(ready: Office) -> None:
    draft = moved(ready, f"/berita/{OLD}/", NEW)["draft"]
    told = ready.sop("withdraw", f"/berita/{OLD}/", "--reason", "Fotonya keliru.", as_json=False).out

    assert f"dalam draf lain: {draft}" in told
    assert f"“sop submit tarik-{OLD}”" in told
