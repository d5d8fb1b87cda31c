"""``sop check`` on real git: what it reads, what it answers, and that it repeats nobody's data."""

import io
import json
from pathlib import Path

import pytest
from PIL import Image

from pipeline import checking
from pipeline.repository import Repository
from sop_site import messages
from tests.every_kind import office_files
from tests.office import Office, Result, page

pytestmark = pytest.mark.git

NIK = "5108062812760001"
PAGE = "content/pengumuman/2026-01-05-jam/index.md"
DRAFT = "2026-01-05-jam"
KEYS = {"code", "severity", "path", "line", "message", "advice"}


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def codes(done: Result) -> list[str]:
    return [finding["code"] for finding in done.json["findings"]]


def jpeg(colour: str = "teal") -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (64, 40), colour).save(file, "JPEG")
    return file.getvalue()


def test_a_good_draft_is_a_yes(office: Office) -> None:
    done = office.sop("check", office.announces("jam"))

    assert done.code == 0
    assert done.json == {
        "ok": True, "command": "check", "findings": [], "pages": 1, "errors": 0, "warnings": 0,
    }  # fmt: skip


def test_one_page_of_every_kind_passes(office: Office) -> None:
    site = (office.root / "site.toml").read_text()
    assert "pelayanan" in site
    files = {name: content for name, content in office_files().items() if not name.endswith((".mp4", ".pdf"))}

    done = office.sop("check", office.writes(files, draft="semua"))

    # Film and document of that tree are stand-ins for the theme; everything else is real.
    wrong = [f for f in done.json["findings"] if f["severity"] == "error"]
    assert {finding["code"] for finding in wrong} <= {"file-missing", "link-dead"}
    assert done.json["pages"] == sum(name.endswith("index.md") for name in files)


def test_everything_wrong_is_told_at_once_with_line_and_advice(office: Office) -> None:
    text = page("Jam layanan", body=f"# Judul\n\nNIK {NIK}, <b>x</b>, [di sini](/tidak-ada/)", unit="lain")
    draft = office.writes(PAGE, text)

    assert codes(office.sop("check", draft)) == ["unit-unknown"]

    draft = office.writes(PAGE, text.replace("unit: lain", "unit: pelayanan"))
    done = office.sop("check", draft)

    assert done.code == 1
    assert done.json["ok"] is False
    found = done.json["findings"]
    assert {finding["code"] for finding in found} == {
        "heading-too-high", "personal-nik", "html-in-text", "link-dead", "link-says-nothing",
    }  # fmt: skip
    assert all(set(finding) == KEYS and finding["advice"] and finding["message"] for finding in found)
    lines = {finding["code"]: finding["line"] for finding in found}
    last = text.rstrip("\n").count("\n") + 1
    assert lines == dict.fromkeys(lines, last) | {"heading-too-high": last - 2}
    assert {finding["path"] for finding in found} == {PAGE}


@pytest.mark.parametrize("lang", messages.LANGUAGES)
@pytest.mark.parametrize("as_json", [True, False])
def test_nothing_personal_leaves_the_check(office: Office, lang: str, as_json: bool) -> None:
    secrets = [NIK, "081234567890", "warga@gmail.com", "4111 1111 1111 1111", "B1234567", "12 Mei 1980"]
    body = (
        f"## NIK {NIK}\n\nWA 081234567890, [warga@gmail.com](mailto:warga@gmail.com), 4111 1111 1111 1111, "
        f"paspor B1234567, tanggal lahir 12 Mei 1980.\n\n<b {NIK}>\n\n![{NIK}](https://x.example/{NIK}.jpg)"
    )
    draft = office.writes({PAGE: page("Jam layanan", body=body), f"content/lain/{NIK}.txt": "x"}, draft="jam")

    done = office.sop("--lang", lang, "check", draft, as_json=as_json)

    assert done.code == 1
    assert [secret for secret in secrets if secret in done.out + done.err] == []


def test_a_draft_answers_for_what_it_changes_only(office: Office) -> None:
    other = office.writes(
        "content/pengumuman/2026-01-05-lain/index.md", page("Lain sekali", body=f"NIK {NIK}")
    )
    tree = office.tip(f"draft/{other}")
    office.git("update-ref", "refs/heads/publish", tree)

    done = office.sop("check", office.announces("jam"))

    assert (done.code, done.json["pages"]) == (0, 1)
    every = office.sop("check", "--all")
    assert every.code == 1
    assert codes(every) == ["personal-nik"]


def test_paths_are_read_from_the_work_tree_and_drafts_from_their_tip(office: Office) -> None:
    draft = office.writes(PAGE, page("Jam layanan"))
    office.git("checkout", "-q", f"draft/{draft}")
    file = office.repo / PAGE
    file.write_text(page("Jam layanan", body=f"NIK {NIK}"))

    assert office.sop("check", draft).code == 0
    for where in (PAGE, "content/pengumuman", "content", ".", str(file), f"{PAGE.rpartition('/')[0]}/"):
        assert codes(office.sop("check", where)) == ["personal-nik"], where
    assert codes(office.sop("check")) == ["personal-nik"]


def test_without_a_name_the_current_branch_is_checked(office: Office) -> None:
    nothing = office.sop("check")
    assert (nothing.code, nothing.json["pages"]) == (0, 0)

    draft = office.writes(PAGE, page("Jam layanan", body=f"NIK {NIK}"))
    office.git("checkout", "-q", f"draft/{draft}")

    assert codes(office.sop("check")) == ["personal-nik"]


def test_what_is_not_there_is_named(office: Office) -> None:
    for name in ("tidak-ada", "../di-luar", "/etc/passwd", "content/tidak/ada"):
        done = office.sop("check", name)
        assert (done.code, done.json["error"]["code"]) == (1, "check-nothing-there")


def test_a_change_of_a_public_text_asks_for_a_note(office: Office) -> None:
    draft = office.announces("jam")
    office.submits(draft)
    office.approves(draft)
    changed = page("Pengumuman jam", body="Isi yang baru.")

    done = office.sop("check", office.writes(PAGE, changed, draft="perbaikan"))
    assert codes(done) == ["change-note-missing"]

    noted = page("Pengumuman jam", body="Isi yang baru.", change_note="Jam diperbaiki")
    assert office.sop("check", office.writes(PAGE, noted, draft="perbaikan")).code == 0

    same = page("Pengumuman jam", expires_at="2028-12-31")
    assert office.sop("check", office.writes(PAGE, same, draft="lebih-lama")).code == 0


def test_links_lead_to_what_is_public_in_this_draft_or_generated(office: Office) -> None:
    office.announces("draf-lain")
    event = "content/agenda/2026-01-05-rapat/index.md"
    body = "\n\n".join(
        f"[Tujuan {number}]({target})"
        for number, target in enumerate(
            ["/", "/berita/", "/desa/", "/bukti/", "/topik/kependudukan/", "/peta-situs/", "/feed.xml",
             "/pengumuman/feed.json", "/agenda/2026-01-05-rapat/", "/agenda/2026-01-05-rapat/acara.ics",
             "/profil/", "#bagian", "/pengumuman/2026-01-05-jam/foto.jpg"]
        )
    )  # fmt: skip
    more = "\n\n[Draf](/pengumuman/2026-01-05-draf-lain/)\n\n[Mati](/topik/tidak-ada/)\n\n## Bagian"
    draft = office.writes(
        {
            PAGE: page("Jam layanan", body=body + more, image="foto.jpg", image_decorative="true"),
            PAGE.replace("index.md", "foto.jpg"): jpeg(),
            event: page(
                "Rapat koordinasi", kind="event", start="2026-02-01T09:00", end="2026-02-01T10:00",
                place="Aula", organizer="Kantor",
            ),
        },
        draft="jam",
    )  # fmt: skip

    found = [(f["code"], f["severity"]) for f in office.sop("check", draft).json["findings"]]

    assert found == [("link-dead", "error"), ("link-drafted-only", "warning")]


def test_files_are_measured_and_counted(office: Office) -> None:
    folder = PAGE.removesuffix("index.md")
    text = page("Jam layanan", image="foto.jpg", image_decorative="true")
    files: dict[str, str | bytes | None] = {
        PAGE: text,
        f"{folder}foto.jpg": b"%PDF-1.7 bukan foto",
        f"{folder}sisa.jpg": jpeg(),
        f"{folder}Nama Salah.JPG": jpeg(),
        "content/pengumuman/2026-01-05-tanpa/foto.jpg": jpeg(),
        "content/lain/x/foto.jpg": jpeg(),
        "gambar.png": jpeg(),
    }
    done = office.sop("check", office.writes(files, draft="jam"))

    found = {(f["code"], f["path"]) for f in done.json["findings"]}
    assert found == {
        ("media-other-type", f"{folder}foto.jpg"),
        ("file-unnamed", PAGE),
        ("file-misnamed", f"{folder}Nama Salah.JPG"),
        ("file-misplaced", "content/pengumuman/2026-01-05-tanpa/foto.jpg"),
        ("file-misplaced", "content/lain/x/foto.jpg"),
        ("file-outside-content", "gambar.png"),
    }


def test_a_picture_that_is_public_already_is_mentioned(office: Office) -> None:
    files = {PAGE: page("Jam layanan", image="foto.jpg", image_decorative="true")}
    draft = office.writes({**files, PAGE.replace("index.md", "foto.jpg"): jpeg()}, draft="satu")
    office.git("update-ref", "refs/heads/publish", office.tip(f"draft/{draft}"))
    copy = {name.replace("jam", "dua"): content for name, content in files.items()}
    second = PAGE.replace("jam", "dua")

    done = office.sop("check", office.writes({**copy, second.replace("index.md", "foto.jpg"): jpeg()}))

    assert [(f["code"], f["severity"]) for f in done.json["findings"]] == [
        ("media-already-public", "warning")
    ]


def test_a_removed_page_is_a_warning_and_what_is_left_of_it_an_error(office: Office) -> None:
    picture = PAGE.replace("index.md", "foto.jpg")
    files = {PAGE: page("Jam layanan", image="foto.jpg", image_decorative="true"), picture: jpeg()}
    draft = office.writes(files, draft="satu")
    office.git("update-ref", "refs/heads/publish", office.tip(f"draft/{draft}"))

    whole = office.sop("check", office.writes({PAGE: None, picture: None}, draft="hapus"))
    half = office.sop("check", office.writes({PAGE: None}, draft="sisa"))

    assert (whole.code, codes(whole)) == (0, ["page-removed"])
    assert (half.code, codes(half)) == (1, ["file-misplaced", "page-removed"])


def test_names_in_no_known_writing_do_not_break_the_check(office: Office) -> None:
    draft = office.announces("jam")
    blob = office.git("hash-object", "-w", "--stdin", data=b"x")
    inner = office.git("mktree", "-z", data=b"100644 blob " + blob.encode() + b"\tf\xff\n.jpg\0")
    top = office.git("mktree", "-z", data=b"040000 tree " + inner.encode() + b"\tcontent\0")
    tip = office.commits(top, [office.tip("publish")], "Nama aneh", office.operator)
    office.git("update-ref", f"refs/heads/draft/{draft}", tip)

    for as_json in (True, False):
        done = office.sop("check", draft, as_json=as_json)
        assert done.code == 1
        assert "\ufffd" in done.out or "\\ufffd" in done.out


def test_a_draft_may_be_asked_for_from_elsewhere(office: Office) -> None:
    draft = office.writes(PAGE, page("Jam layanan", body=f"NIK {NIK}"))

    with Repository(office.repo) as repo:
        checked = checking.check_draft(repo, draft)
        told = checking.check_tip(repo, office.tip("publish"), office.tip(f"draft/{draft}"))

    assert checked.pages == (PAGE,)
    assert checked.findings == told
    assert [finding.code for finding in told] == ["personal-nik"]


def test_the_schema_is_one_object_for_a_program(office: Office) -> None:
    done = office.sop("schema", "news", repo=False)

    assert done.code == 0
    assert done.json["schema"]["properties"]["title"]["maxLength"] == 140
    every = office.sop("schema", repo=False)
    assert set(every.json["schema"]) >= {"news", "page", "service"}
    assert json.loads(office.sop("schema", "page", repo=False, as_json=False).out)["type"] == "object"
    assert office.sop("schema", "lain", repo=False).code == 2
