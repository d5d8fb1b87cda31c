"""``sop fix`` on real git: what it repairs where, what it leaves, what it says, and that nothing is lost."""

import io
from pathlib import Path

import click
import pytest
from PIL import Image

from pipeline import asking_https
from pipeline.commands.fix import coloured
from pipeline.fixing import Repairs
from tests.office import Office, Result, page

pytestmark = pytest.mark.git

DRAFT = "2026-01-05-jam"
FOLDER = f"content/pengumuman/{DRAFT}"
PAGE = f"{FOLDER}/index.md"
TITLE = "Jam layanan kantor pada bulan Januari"
UNTIDY = page(TITLE, body=f"# {TITLE}\n\nWarga  datang , pada 2026-08-17.\n\n### Loket")
TIDY = page(TITLE, body="Warga datang, pada 17 Agustus 2026.\n\n## Loket")


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return Office(tmp_path_factory.mktemp("kantor"))


@pytest.fixture
def office(opened: Office, tmp_path: Path) -> Office:
    return opened.copied_to(tmp_path / "kantor")


def codes(answers: list[dict[str, object]]) -> list[object]:
    return [answer["code"] for answer in answers]


def jpeg(*, size: tuple[int, int] = (64, 40), located: bool = True) -> bytes:
    file, exif = io.BytesIO(), Image.Exif()
    if located:
        exif.get_ifd(0x8825)[1] = "S"
        exif[0x010F] = "Kamera"
    Image.new("RGB", size, "teal").save(file, "JPEG", **({"exif": exif} if located else {}))
    return file.getvalue()


def shown(office: Office, draft: str = DRAFT) -> None:
    office.git("switch", "-q", f"draft/{draft}")


def at_tip(office: Office, path: str = PAGE) -> str:
    return office.git("show", f"draft/{DRAFT}:{path}") + "\n"


def test_a_draft_is_repaired_on_its_branch_by_the_operator(office: Office) -> None:
    draft = office.writes(PAGE, UNTIDY.encode("utf-8-sig").replace(b"\n", b"\r\n"))
    before = office.tip(f"draft/{draft}")
    done = office.sop("fix", f"draft/{draft}")

    assert done.code == 0
    assert done.json["ok"] is True
    assert set(codes(done.json["fixed"])) == {
        "fix-bom", "fix-line-ends", "fix-title-twice", "fix-gap", "fix-gap-before-stop", "fix-date",
        "fix-heading-level",
    }  # fmt: skip
    assert all(set(step) == {"path", "line", "code", "before", "after"} for step in done.json["fixed"])
    assert done.json["asked"] == []
    assert done.json["commit"] == office.tip(f"draft/{draft}") != before
    assert at_tip(office) == TIDY
    assert office.git("log", "-1", "--format=%an <%ae>|%s|%P", f"draft/{draft}") == (
        f"Operator 1 <{office.operator.id}>|Perbaiki penulisan|{before}"
    )
    assert office.sop("check", draft).code == 0


def test_a_repaired_draft_is_left_alone(office: Office) -> None:
    draft = office.writes(PAGE, UNTIDY)
    office.sop("fix", draft)
    tip = office.tip(f"draft/{draft}")
    again = office.sop("fix", draft)

    assert (again.code, again.json["fixed"], again.json["commit"], again.json["diff"]) == (0, [], None, "")
    assert office.tip(f"draft/{draft}") == tip


def test_a_dry_run_shows_and_changes_nothing(office: Office) -> None:
    draft = office.writes(PAGE, UNTIDY)
    tip = office.tip(f"draft/{draft}")
    done = office.sop("fix", draft, "--dry-run")

    assert done.code == 0
    assert done.json["dry_run"] is True
    assert done.json["fixed"]
    assert "-Warga  datang , pada 2026-08-17." in done.json["diff"].splitlines()
    assert "+Warga datang, pada 17 Agustus 2026." in done.json["diff"].splitlines()
    assert office.tip(f"draft/{draft}") == tip

    shown(office)
    assert office.sop("fix", PAGE, "--dry-run").json["fixed"]
    assert (office.repo / PAGE).read_text() == UNTIDY


@pytest.mark.parametrize("named", [PAGE, FOLDER, "content", "."])
def test_a_path_is_repaired_in_the_work_tree_and_saved_by_its_author(office: Office, named: str) -> None:
    draft = office.writes(PAGE, UNTIDY)
    shown(office)
    tip = office.tip(f"draft/{draft}")
    (office.repo / PAGE).chmod(0o600)
    done = office.sop("fix", named)

    assert (done.code, done.json["commit"]) == (0, None)
    assert (office.repo / PAGE).read_text() == TIDY
    assert (office.repo / PAGE).stat().st_mode & 0o777 == 0o600
    assert office.tip(f"draft/{draft}") == tip
    assert office.git("status", "--porcelain") == f"M {PAGE}"


def test_without_a_name_it_is_what_the_branch_changes(office: Office) -> None:
    office.writes(PAGE, UNTIDY)
    office.announces("lain", body="Halaman  orang lain.")
    shown(office)
    new = office.repo / "content/pengumuman/2026-01-05-baru/index.md"
    new.parent.mkdir()
    new.write_text(UNTIDY)

    done = office.sop("fix")

    assert (done.code, done.json["pages"]) == (0, 2)
    assert (office.repo / PAGE).read_text() == new.read_text() == TIDY
    assert "Halaman  orang lain." in office.git(
        "show", "draft/2026-01-05-lain:content/pengumuman/2026-01-05-lain/index.md"
    )


def test_unsaved_edits_are_repaired_where_they_lie_and_stay_unsaved(office: Office) -> None:
    other = "content/pengumuman/2026-01-05-dua/index.md"
    draft = office.writes({PAGE: UNTIDY, other: UNTIDY}, draft=DRAFT)
    shown(office)
    (office.repo / PAGE).write_text(UNTIDY.replace("Warga", "Penduduk"))
    done = office.sop("fix", draft)

    assert done.code == 0
    assert (office.repo / PAGE).read_text() == TIDY.replace("Warga", "Penduduk")
    assert at_tip(office) == UNTIDY
    assert at_tip(office, other) == (office.repo / other).read_text() == TIDY
    assert office.git("status", "--porcelain") == f"M {PAGE}"


def test_what_only_a_person_knows_is_asked_for_and_never_written(office: Office) -> None:
    body = "![](foto.jpg)\n\n[klik di sini](/kontak/) 08/07/2026\n\nNIK 5108062812760001  ada."
    draft = office.writes({PAGE: page(TITLE, body=body), f"{FOLDER}/foto.jpg": jpeg(located=False)})
    done = office.sop("fix", draft)

    assert done.code == 0
    assert codes(done.json["fixed"]) == ["fix-gap"]
    assert {"picture-without-alt", "link-says-nothing", "fix-date-ambiguous", "personal-nik"} <= set(
        codes(done.json["asked"])
    )
    assert all(
        answer["path"] == PAGE and answer["line"]
        for answer in done.json["asked"]
        if answer["severity"] == "error" and answer["code"] != "history-unfit"
    )
    assert "5108062812760001" not in done.out
    assert at_tip(office) == page(TITLE, body=body.replace("  ada", " ada"))


def test_it_is_said_in_words_with_a_difference(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    draft = office.writes(PAGE, UNTIDY.replace("Warga", "\u200bWarga 081234567890") + "\n![](foto.jpg)\n")
    done = office.sop("fix", draft, "--dry-run", as_json=False)

    assert "-⟨U+200B⟩Warga 0812********90  datang , pada 2026-08-17." in done.out.splitlines()
    assert f"{PAGE}:12: spasi ganda menjadi satu." in done.out.splitlines()
    assert "Belum ada yang diubah." in done.out
    assert done.out.index("Yang perlu Anda isi sendiri:") < done.out.index("belum memiliki teks alternatif")
    assert "\x1b" not in done.out
    assert "081234567890" not in done.out
    english = office.sop("--lang", "en", "fix", draft, as_json=False)
    assert "Left for you to fill in:" in english.out


def test_the_difference_has_colours_unless_somebody_asked_for_none(monkeypatch: pytest.MonkeyPatch) -> None:
    done = Repairs(before={PAGE: b"lama\n"}, after={PAGE: b"baru\n"})
    plain = done.difference

    assert coloured(done) == [
        click.style(line, fg={"+": "green", "-": "red", "@": "cyan"}[line[0]]) if line[0] in "+-@" else line
        for line in plain
    ]
    monkeypatch.setenv("NO_COLOR", "1")
    assert coloured(done) == plain


def test_a_picture_is_cleaned_and_named_and_so_is_its_mention(office: Office) -> None:
    body = "Lihat ![Loket kantor](<Foto Loket (1).JPG>)\n\n![Peta batas desa](peta.png)"
    draft = office.writes(
        {
            PAGE: page(TITLE, body=body),
            f"{FOLDER}/Foto Loket (1).JPG": jpeg(size=(3000, 40)),
            f"{FOLDER}/peta.png": jpeg(located=False),
        }
    )
    assert office.sop("check", draft).code == 1
    done = office.sop("fix", draft)

    assert done.code == 0
    files = set(office.git("ls-tree", "-r", "--name-only", f"draft/{draft}", FOLDER).splitlines())
    assert files == {PAGE, f"{FOLDER}/foto-loket-1.jpg", f"{FOLDER}/peta.jpg"}
    assert "](foto-loket-1.jpg)" in at_tip(office)
    assert "](peta.jpg)" in at_tip(office)
    assert {"fix-file-name", "fix-file-cleaned", "fix-file-mention"} <= set(codes(done.json["fixed"]))
    # The earlier commit still holds the camera's notes, and it would become public with the draft.
    assert "history-unfit" in codes(done.json["asked"])
    assert office.sop("check", draft).code == 0
    assert office.sop("fix", draft).json["fixed"] == []


def test_a_file_that_cannot_be_cleaned_stays_and_is_told(office: Office) -> None:
    draft = office.writes({PAGE: page(TITLE, body="![Loket](foto.jpg)"), f"{FOLDER}/foto.jpg": jpeg()[:200]})
    done = office.sop("fix", draft)

    assert (done.code, done.json["fixed"]) == (0, [])
    assert done.json["asked"]


def test_a_public_page_waits_for_its_note_of_change(office: Office) -> None:
    draft = office.writes(PAGE, page(TITLE, body="Warga datang pada 2026-08-17."))
    office.submits(draft)
    office.approves(draft)
    office.git("switch", "-q", "publish")
    before = (office.repo / PAGE).read_bytes()
    done = office.sop("fix", PAGE)

    assert (done.code, done.json["fixed"], codes(done.json["asked"])) == (0, [], ["fix-public-page"])
    assert (office.repo / PAGE).read_bytes() == before

    (office.repo / PAGE).write_bytes(
        before.replace(b"---\n\xef", b"").replace(b"unit:", b"change_note: Ejaan diperbaiki\nunit:", 1)
    )
    assert codes(office.sop("fix", PAGE).json["fixed"]) == ["fix-date"]


def test_a_repair_that_would_make_an_error_is_taken_back(office: Office) -> None:
    body = "Data 2026-08-172026-08-17  2026-08-17"
    assert office.sop("check", office.writes(PAGE, page(TITLE, body=body))).code == 0
    done = office.sop("fix", DRAFT)

    assert (done.code, done.json["fixed"], done.json["commit"]) == (0, [], None)
    assert "fix-would-harm" in codes(done.json["asked"])


def test_without_network_an_address_stays_and_it_is_said(office: Office) -> None:
    draft = office.writes(PAGE, page(TITLE, body="Lihat [peta desa](http://peta.example.go.id/x)."))
    done = office.sop("fix", draft)

    assert (done.code, done.json["fixed"]) == (0, [])
    assert set(codes(done.json["asked"])) == {"link-not-https", "fix-https-silent"}


def test_an_address_that_answers_becomes_secure(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def answers(url: str, _: asking_https.Asking) -> str:
        asked.append(url)
        return "same" if url.endswith("/x") else "other"

    monkeypatch.setattr("pipeline.fixing.answers_the_same", answers)
    body = (
        "Lihat [peta desa](http://a.go.id/x), [peta lain](http://a.go.id/y), [peta desa](http://a.go.id/x)."
    )
    done = office.sop("fix", office.writes(PAGE, page(TITLE, body=body)))

    assert asked == ["http://a.go.id/x", "http://a.go.id/y"]
    assert at_tip(office) == page(TITLE, body=body.replace("http://a.go.id/x", "https://a.go.id/x"))
    assert set(codes(done.json["asked"])) == {"link-not-https", "fix-https-other"}


def test_what_was_saved_while_others_were_asked_is_not_undone(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = "Warga  lihat [peta desa](http://a.go.id/x)."
    draft = office.writes(PAGE, page(TITLE, body=body))
    newer = page(TITLE, body=f"{body}\n\nKalimat baru.")

    def answers(_url: str, _: asking_https.Asking) -> str:
        office.writes(PAGE, newer, draft=draft)
        return "same"

    monkeypatch.setattr("pipeline.fixing.answers_the_same", answers)
    done = office.sop("fix", draft)

    assert (done.code, done.json["error"]["code"]) == (1, "someone-was-faster")
    assert at_tip(office) == newer


def test_both_sides_of_a_conflict_are_a_persons(office: Office) -> None:
    text = page(TITLE, body="<<<<<<< kami\nWarga  satu\n=======\nWarga  dua\n>>>>>>> mereka")
    done = office.sop("fix", office.writes(PAGE, text))

    assert (done.code, done.json["error"]["code"]) == (1, "merge-unfinished")


@pytest.mark.parametrize("name", ["tidak-ada", "../luar", "/etc/passwd"])
def test_what_is_not_there_or_elsewhere_is_a_no(office: Office, name: str) -> None:
    done = office.sop("fix", name)

    assert (done.code, done.json["error"]["code"]) == (1, "check-nothing-there")


def test_links_lead_it_nowhere(office: Office) -> None:
    outside = office.root / "luar.md"
    outside.write_text(UNTIDY)
    folder = office.repo / FOLDER
    folder.mkdir(parents=True)
    (folder / "index.md").symlink_to(outside)
    (office.repo / "content/pengumuman/2026-01-05-lain").symlink_to(office.root)

    assert office.sop("fix", "content").code == 0
    assert outside.read_text() == UNTIDY
    assert (folder / "index.md").is_symlink()


def test_a_bare_repository_has_drafts_and_no_work_tree(office: Office) -> None:
    draft = office.writes(PAGE, UNTIDY)
    bare = office.root / "pusat.git"
    office.git("clone", "-q", "--bare", str(office.repo), str(bare))
    there = office.seen_from(bare)

    assert there.sop("fix", draft).json["fixed"]
    assert there.sop("fix").json["error"]["code"] == "check-what"
    assert there.sop("fix", PAGE).json["error"]["code"] == "check-nothing-there"
    assert isinstance(there.sop("fix", draft), Result)


def test_a_page_from_notepad_is_not_shown_twice_for_its_line_ends(office: Office) -> None:
    draft = office.writes(PAGE, UNTIDY.encode("utf-8-sig").replace(b"\n", b"\r\n"))
    told = office.sop("fix", f"draft/{draft}", "--dry-run", as_json=False).out

    assert "akhir baris disamakan menjadi LF." in told
    assert "U+000D" not in told
    assert "-kind: " not in told
