"""``sop review``: what approving now would change for the public, for a terminal, a browser and a program."""

import re
import stat
import time
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline import review_page, reviews
from tests import every_kind
from tests.office import MONDAY, Office, page

pytestmark = pytest.mark.git
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
BODY = "Baris pertama yang tetap.\n\nBaris kedua yang tetap.\n\nBaris ketiga yang tetap."


def published(office: Office, name: str, **front: str) -> str:
    draft = office.announces(name, **front)
    office.submits(draft)
    office.approves(draft)
    return draft


def read(office: Office, draft: str, *options: str) -> str:
    done = office.sop("review", draft, *options, as_json=False)
    assert done.code == 0, done.out + done.err
    return done.out


def changes(office: Office, name: str, text: str, draft: str = "ubah") -> str:
    return office.writes({f"content/pengumuman/{name}/index.md": text}, draft=draft)


def test_the_head_reads_first_what_he_decides_on(office: Office) -> None:
    draft = office.announces("satu")
    office.submits(draft, "--note", "Mohon segera")
    lines = read(office, draft).splitlines()

    assert lines[0] == "Pengumuman satu [menunggu keputusan]"
    summary = lines[: lines.index("")]
    assert "  Perubahan: 1 baru, 0 diubah, 0 dihapus atau ditarik" in summary
    assert "  Periksa: 0 harus diperbaiki, 0 saran" in summary
    assert "  Catatan operator: Mohon segera" in summary
    assert lines[-1].startswith("  Tolak: sop reject")


def test_fields_and_words_are_told_in_the_offices_language(office: Office) -> None:
    first = published(office, "satu", body=BODY)
    text = page(
        "Pengumuman satu", body=BODY.replace("kedua", "lain"), expires_at="2026-06-30", change_note="Baru."
    )
    changes(office, first, text)
    told = read(office, "ubah")

    assert "Tayang sampai: [-31 Desember 2027-] → {+30 Juni 2026+}" in told
    assert "- Baris [-kedua-] yang tetap." in told
    assert "+ Baris {+lain+} yang tetap." in told
    assert "Catatan perubahan untuk publik: Baru." in told


def test_a_draft_that_is_behind_is_shown_as_an_approval_now_would_leave_it(office: Office) -> None:
    first = published(office, "satu", body=BODY)
    path = f"content/pengumuman/{first}/index.md"
    changes(office, first, page("Pengumuman satu", body=BODY.replace("pertama", "awal"), change_note="A."))
    changes(
        office, first, page("Pengumuman satu", body=BODY.replace("ketiga", "akhir"), change_note="A."), "lain"
    )
    office.submits("lain")
    office.approves("lain")
    shown = office.sop("review", "ubah").json

    (changed,) = shown["pages"]
    assert (changed["path"], shown["merged"], shown["conflicts"]) == (path, True, [])
    # What the other draft brought is public already and stays as it is.
    assert [line for line in changed["difference"] if line[0] in "+-"] == [
        "-Baris pertama yang tetap.",
        "+Baris awal yang tetap.",
    ]
    assert "Situs sudah berubah" in read(office, "ubah")


def test_the_command_that_brings_a_draft_up_to_date_is_named_exactly(office: Office) -> None:
    draft = office.announces("satu")
    published(office, "dua")
    (command,) = (
        line for line in office.sop("review", draft).json["next_commands"] if line.startswith("sop approve")
    )

    assert command == f"sop approve {draft} --update"
    assert office.sop(*command.split()[1:]).code == 0


def test_a_conflict_is_named_and_no_approval_is_offered(office: Office) -> None:
    first = published(office, "satu", body=BODY)
    for name in ("kiri", "kanan"):
        text = page("Pengumuman satu", body=BODY.replace("kedua", name), change_note="X.")
        changes(office, first, text, name)
        office.submits(name)
    office.approves("kiri")
    shown = office.sop("review", "kanan").json

    assert shown["conflicts"] == [f"content/pengumuman/{first}/index.md"]
    assert not any("sop approve" in command for command in shown["next_commands"])
    assert any("sop return" in command for command in shown["next_commands"])
    assert f"Berkas: content/pengumuman/{first}/index.md" in read(office, "kanan")


def test_errors_and_what_was_said_before_are_told_before_the_pages(office: Office) -> None:
    draft = office.announces("satu", body="Hubungi 5108066203850001.")
    office.returns(draft, "Hapus nomornya.")
    told = read(office, draft)

    assert "! Draf ini belum dapat disetujui: 1 hal" in told
    assert "Dikembalikan 2026-01-05" in told
    assert "Hapus nomornya." in told.split("Halaman baru")[0]
    assert "5108066203850001" not in told
    assert "5108066203850001" not in office.sop("review", draft).out
    assert "sop reopen" in told


def test_an_alert_comes_before_all_else(office: Office) -> None:
    front = {"level": "awas", "area": "Banyuning", "until": "2026-01-06", "instructions": "[Mengungsi]"}
    alert = page("Banjir besar di Banyuning", kind="alert", topics="", **front)
    files = {
        "content/berita/2026-01-05-a/index.md": page("Berita biasa saja", kind="news"),
        "content/siaga/2026-01-05-banjir/index.md": alert,
    }
    office.writes(files, draft="campur")
    shown, told = office.sop("review", "campur").json, read(office, "campur")

    assert shown["urgent"]
    assert told.splitlines()[1].startswith("! SERTA-MERTA")
    assert told.index("Banjir besar di Banyuning\n") < told.index("Halaman baru: Berita biasa saja")
    assert "Berlaku sampai: 6 Januari 2026." in told


def test_a_link_that_will_lead_nowhere_is_told(office: Office) -> None:
    target = published(office, "tujuan")
    published(office, "asal", body=f"Lihat [pengumuman](/pengumuman/{target}/).")
    office.writes({f"content/pengumuman/{target}/index.md": None}, draft="hapus")

    expected = f"Tautan pada content/pengumuman/2026-01-05-asal/index.md ke /pengumuman/{target}/"
    assert expected in read(office, "hapus")


def with_pictures(office: Office) -> str:
    first = {
        "content/berita/2026-01-05-foto/index.md": page("Kerja bakti", kind="news", **every_kind.PICTURE),
        "content/berita/2026-01-05-foto/foto.jpg": every_kind.picture(),
    }
    office.writes(first, draft="awal")
    office.submits("awal")
    office.approves("awal")
    second = {
        "content/berita/2026-01-05-foto/foto.jpg": every_kind.picture(size=(320, 200)),
        "content/berita/2026-01-05-foto/gambar.svg": SVG,
        "content/berita/2026-01-05-foto/palsu.png": b"<html><script>alert(1)</script>",
    }
    return office.writes(second, draft="ganti")


def test_a_replaced_picture_is_told_with_its_measures(office: Office) -> None:
    told = read(office, with_pictures(office))

    assert "Berkas diganti: foto.jpg" in told
    assert "640 × 400 piksel" in told
    assert "320 × 200 piksel" in told
    assert "Halaman diubah" not in told
    assert "Hanya berkasnya yang berubah: Kerja bakti" in told


def test_the_page_for_a_browser_holds_the_pictures_and_nothing_active(office: Office, tmp_path: Path) -> None:
    target = tmp_path / "baru" / "tinjauan.html"
    shown = office.sop("review", with_pictures(office), "--html", str(target)).json
    html = target.read_text(encoding="utf-8")

    assert (shown["html"], shown["opened"]) == (str(target), False)
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert html.count('src="data:image/jpeg;base64,') == 2
    # What is no picture, or one with a script in it, is named and never embedded.
    assert "image/svg+xml" not in html
    assert "image/png" not in html
    assert "<script" not in html
    assert "default-src &#39;none&#39;" in html or "default-src 'none'" in html


def test_the_usual_place_is_beside_the_repository_and_never_in_it(office: Office) -> None:
    draft = office.announces("satu")
    told = read(office, draft, "--html")

    place = office.root / "office.tinjauan" / f"{draft}.html"
    assert str(place) in told
    assert place.is_file()
    refused = office.sop("review", draft, "--html", str(office.repo / "content" / "x.html"))
    assert (refused.code, refused.json["error"]["code"]) == (1, "tinjau-place-taken")


def test_the_page_goes_to_standard_output_where_a_dash_stands(office: Office) -> None:
    draft = office.announces("satu")

    assert read(office, draft, "--html", "-").startswith("<!doctype html>")
    assert (
        office.sop("review", draft, "--html", "-", "--open").json["error"]["code"] == "tinjau-open-needs-file"
    )


def test_without_a_display_the_page_is_only_written(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setattr(review_page, "platform", "linux")
    monkeypatch.setattr(review_page, "open_in_browser", lambda _: pytest.fail("opened"))
    draft = office.announces("satu")

    assert "tidak mempunyai layar" in read(office, draft, "--open")


@pytest.mark.parametrize("name", ["../../luar", "a/../b", "-html", "x;rm -rf", "$(x)"])
def test_the_name_of_a_draft_leads_nowhere_else(name: str) -> None:
    place = review_page.usual_place(Path("/kantor"), name)

    assert re.fullmatch(r"/kantor\.tinjauan/[a-z0-9-]+\.html", str(place))


def test_a_draft_of_very_many_pages_is_cut_and_counted(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reviews, "MOST_PAGES", 3)
    monkeypatch.setattr(reviews, "MOST_FILES", 8)
    files: dict[str, str | bytes | None] = {
        f"content/pengumuman/2026-01-05-n{number}/index.md": page(f"Pengumuman {number}")
        for number in range(10)
    }
    alert = {"level": "awas", "area": "Banyuning", "until": "2026-01-06", "instructions": "[Mengungsi]"}
    files["content/siaga/2026-01-05-z/index.md"] = page("Banjir", kind="alert", topics="", **alert)
    office.writes(files, draft="banyak")
    shown, told = office.sop("review", "banyak").json, read(office, "banyak")

    assert told.count("Halaman baru: ") == 3
    assert "5 halaman lagi juga berubah" in told
    assert "3 berkas lagi berubah" in told
    assert shown["urgent"]
    assert shown["counts"] == {"added": 8, "changed": 0, "removed": 0}
    assert not any("sop approve" in command for command in shown["next_commands"])


def test_the_age_counts_working_days_here_too(office: Office) -> None:
    draft = office.announces("satu")
    office.submits(draft)
    office.now = MONDAY + timedelta(days=7)

    assert "(5 hari kerja)" in read(office, draft)


def test_in_english_the_same_is_told(office: Office) -> None:
    told = read(office, office.announces("satu"), "--lang", "en")

    assert "Changes: 1 new, 0 changed, 0 removed or withdrawn" in told
    assert "31 December 2027" in told


def test_an_ordinary_review_is_quick(office: Office) -> None:
    draft = office.announces("satu")
    read(office, draft)
    began = time.process_time()
    read(office, draft)

    assert time.process_time() - began < 1
