"""``sop media``: files go into a draft cleaned, named on their page, in one commit; or not at all."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from demo import pages, samples
from pipeline import media_intake
from sop_site import content, settings
from tests.office import MONDAY, SITE_TOML, Office, page
from tests.pipeline.media import raw

OFFICE = settings.parse(SITE_TOML.encode())
DAY = "2026-01-05"

pytestmark = pytest.mark.git


@pytest.fixture(scope="module")
def material(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return samples.make(tmp_path_factory.mktemp("bahan"))


def news(office: Office, name: str = "berita", **front: str) -> str:
    draft = f"{DAY}-{name}"
    return office.writes(
        f"content/berita/{draft}/index.md", page("Kerja bakti", kind="news", **front), draft=draft
    )


def shown(office: Office, draft: str, path: str) -> Any:
    text = office.git("show", f"draft/{draft}:{path}") + "\n"
    parsed = content.parse(path, text.encode(), OFFICE)
    assert parsed.page is not None, parsed.findings
    return parsed.page


def objects(office: Office) -> set[str]:
    found = office.git("cat-file", "--batch-all-objects", "--batch-check=%(objectname)")
    return set(found.splitlines())


def test_a_photograph_becomes_the_picture_of_a_news_item(office: Office, material: dict[str, Path]) -> None:
    draft = news(office)
    before = office.tip(f"draft/{draft}")

    done = office.sop(
        "media",
        "add",
        draft,
        str(material["photo"]),
        "--alt",
        "Pantai dengan bukit",
        "--credit",
        "Operator 1",
    )

    assert (done.code, done.json["findings"]) == (0, [])
    assert done.json["files"][0] == {
        "name": "dsc-0042.jpg", "kind": "picture", "bytes": done.json["files"][0]["bytes"], "width": 2400,
        "height": 1800, "poster": None,
    }  # fmt: skip
    made = shown(office, draft, f"content/berita/{draft}/index.md")
    assert (made.image, made.image_alt, made.image_credit) == (
        "dsc-0042.jpg", "Pantai dengan bukit", "Operator 1",
    )  # fmt: skip
    assert office.git("rev-parse", f"draft/{draft}^") == before, "one commit"
    assert office.sop("check", draft).json["findings"] == []


def test_nothing_but_a_few_lines_of_the_page_changes(office: Office, material: dict[str, Path]) -> None:
    draft = news(office)
    path = f"content/berita/{draft}/index.md"
    before = office.git("show", f"draft/{draft}:{path}").splitlines()

    office.sop("media", "add", draft, str(material["photo"]), "--alt", "Pantai")

    after = office.git("show", f"draft/{draft}:{path}").splitlines()
    added = [line for line in after if line not in before]
    assert added == ['image: "dsc-0042.jpg"', 'image_alt: "Pantai"']
    assert [line for line in after if line not in added] == before


def test_further_pictures_stand_in_the_text(office: Office, tmp_path: Path) -> None:
    draft = news(office)
    first = raw.written(tmp_path, "a.jpg", raw.picture("JPEG", raw.scene(60, 40)))
    second = raw.written(tmp_path, "A.png", raw.picture("JPEG", raw.scene(90, 40)))

    done = office.sop(
        "media", "add", draft, str(first), str(second), "--alt", "Pagi", "--alt", "Suasana [pagi]"
    )

    assert [made["name"] for made in done.json["files"]] == ["a.jpg", "a-2.jpg"]
    made = shown(office, draft, f"content/berita/{draft}/index.md")
    assert made.image == "a.jpg"
    assert made.body.endswith("\n\n![Suasana \\[pagi\\]](a-2.jpg)\n")


def test_the_demonstrations_document_and_video_pass_every_check(
    office: Office, material: dict[str, Path]
) -> None:
    office.git("config", "user.name", "Operator 1")
    office.git("config", "user.email", "operator1@percontohan.go.id")
    draft = f"{DAY}-bahan"
    folders = {"document": f"content/dokumen/{draft}", "video": f"content/video/{draft}"}
    texts = {"document": pages.DOCUMENT, "video": pages.VIDEO}
    known = {"[pelayanan]": "[kependudukan]", "pemberdayaan-masyarakat": "pelayanan", "{today}": DAY}
    for kind, text in texts.items():
        for word, instead in known.items():
            text = text.replace(word, instead)
        office.writes(f"{folders[kind]}/index.md", text, draft=draft)

    unclear = office.sop("media", "add", draft, str(material["document"]))
    assert (unclear.code, unclear.json["error"]["code"]) == (1, "media-which-page")
    for kind in ("document", "video"):
        done = office.sop(
            "media", "add", draft, str(material[kind]), "--page", folders[kind].removeprefix("content/")
        )
        assert done.code == 0, done.out

    document = shown(office, draft, f"{folders['document']}/index.md")
    assert [(entry.file, entry.title) for entry in document.files] == [
        ("jadwal-pelayanan-final.pdf", "Jadwal pelayanan kantor (contoh)")
    ]
    video = shown(office, draft, f"{folders['video']}/index.md")
    assert (video.file, video.poster) == ("mvi-0007.mp4", "mvi-0007-poster.jpg")
    assert office.sop("check", draft).json["findings"] == []
    office.submits(draft)
    office.approves(draft)


def test_pictures_of_a_gallery_stand_in_its_list(office: Office, tmp_path: Path) -> None:
    draft = office.sop("new", "gallery", "Kerja bakti di pantai").json["id"]
    source = str(raw.written(tmp_path, "a.jpg", raw.picture("JPEG")))

    no = office.sop("media", "add", draft, source, "--alt", "Pantai")
    done = office.sop(
        "media",
        "add",
        draft,
        source,
        source,
        "--alt",
        "Pantai",
        "--alt",
        "Pantai",
        "--credit",
        "Operator 1",
        "--caption",
        "Pagi",
    )

    assert (no.code, no.json["error"]["code"]) == (1, "media-credit-missing")
    assert done.code == 0, done.out
    photos = shown(office, draft, f"content/galeri/{draft}/index.md").photos
    assert [(photo.file, photo.alt, photo.credit, photo.caption) for photo in photos] == [
        (name, "Pantai", "Operator 1", "Pagi") for name in ("a.jpg", "a-2.jpg")
    ]


def test_two_films_of_one_name_keep_their_own_stills(office: Office, tmp_path: Path) -> None:
    draft = news(office)
    film = raw.film(tmp_path / "a.mp4", "mp4", "libx264", None)

    done = office.sop("media", "add", draft, str(film), str(film))

    assert [(made["name"], made["poster"]) for made in done.json["files"]] == [
        ("a.mp4", "a-poster.jpg"), ("a-2.mp4", "a-poster-2.jpg"),
    ]  # fmt: skip


@pytest.mark.parametrize("how", ["text", "file name", "alternative text"])
def test_personal_data_keeps_every_file_out_of_git(office: Office, tmp_path: Path, how: str) -> None:
    draft = news(office)
    clean = raw.written(tmp_path, "bersih.pdf", raw.pdf("Jadwal pelayanan"))
    words = f"Nama pemohon, NIK {raw.NIK}" if how == "text" else "Jadwal pelayanan"
    name = f"KTP {raw.NIK}.pdf" if how == "file name" else "dua.pdf"
    dirty = raw.written(tmp_path, name, raw.pdf(words))
    said = ["--alt", f"KTP dengan NIK {raw.NIK}"] if how == "alternative text" else []
    tip, before = office.tip(f"draft/{draft}"), objects(office)

    done = office.sop("media", "add", draft, str(clean), str(dirty), *said)

    assert done.code == 1
    assert [finding["severity"] for finding in done.json["findings"]].count("error") >= 1
    assert done.json["files"] == []
    assert raw.NIK not in done.out + done.err
    assert (office.tip(f"draft/{draft}"), objects(office)) == (tip, before), "nothing was written"
    told = office.sop("media", "add", draft, str(clean), str(dirty), *said, as_json=False)
    assert "Tidak ada berkas yang dimasukkan" in told.out
    assert raw.NIK not in told.out + told.err


def test_all_files_are_answered_for_at_once_and_none_is_taken(office: Office, tmp_path: Path) -> None:
    draft = news(office)
    before = objects(office)
    files = [
        raw.written(tmp_path, "baik.pdf", raw.saved(raw.text_pdf("Jadwal"))),
        raw.written(tmp_path, "bom.png", raw.png_bomb()),
        raw.written(tmp_path, "program.jpg", b"MZ" + bytes(100)),
        raw.written(tmp_path, "makro.docx", raw.docx("Isi", **{"word__vbaProject.bin": b"x"})),
        tmp_path / "tidak-ada.jpg",
    ]

    done = office.sop("media", "add", draft, *map(str, files))

    assert done.code == 1
    assert [(finding["path"], finding["code"]) for finding in done.json["findings"]] == [
        ("bom.png", "media-too-many-pixels"), ("program.jpg", "media-type-refused"),
        ("makro.docx", "media-macros"), ("tidak-ada.jpg", "media-unreadable"),
    ]  # fmt: skip
    assert all(finding["message"] and finding["advice"] for finding in done.json["findings"])
    assert objects(office) == before


def test_gambling_words_in_a_document_keep_it_out(office: Office, tmp_path: Path) -> None:
    draft = news(office)
    source = raw.written(tmp_path, "a.pdf", raw.pdf("Daftar slot gacor maxwin hari ini"))

    done = office.sop("media", "add", draft, str(source))

    assert (done.code, done.json["findings"][0]["code"]) == (1, "gambling-phrase")


def test_a_picture_without_alternative_text_is_not_taken(office: Office, tmp_path: Path) -> None:
    draft = news(office)
    before = objects(office)

    done = office.sop("media", "add", draft, str(raw.written(tmp_path, "a.jpg", raw.picture("JPEG"))))

    assert (done.code, done.json["error"]["code"]) == (1, "media-alt-missing")
    assert objects(office) == before


def test_a_word_file_is_kept_on_a_document_only(office: Office, tmp_path: Path) -> None:
    source = str(raw.written(tmp_path, "Formulir.docx", raw.docx("Formulir permohonan")))
    draft = news(office)
    document = office.sop("new", "document", "Formulir permohonan").json["id"]

    elsewhere = office.sop("media", "add", draft, source, "--keep")
    done = office.sop("media", "add", document, source, "--keep", "--caption", "Formulir permohonan")

    assert (elsewhere.code, elsewhere.json["error"]["code"]) == (1, "media-office-elsewhere")
    assert (done.code, done.json["files"][0]["name"]) == (0, "formulir.docx")
    assert [finding["code"] for finding in done.json["findings"]] == ["media-office-kept"]
    files = shown(office, document, f"content/dokumen/{document}/index.md").files
    assert [(entry.file, entry.title) for entry in files] == [("formulir.docx", "Formulir permohonan")]


def test_captions_find_their_place_on_a_video(office: Office, tmp_path: Path) -> None:
    draft = office.sop("new", "video", "Suasana pantai").json["id"]
    cues = raw.written(tmp_path, "takarir.vtt", b"WEBVTT\n\n00:00.000 --> 00:01.000\nSelamat pagi\n")
    film = raw.film(tmp_path / "a.mp4", "mp4", "libx264", "aac")

    done = office.sop("media", "add", draft, str(film), str(cues), "--credit", "Operator 1")

    assert done.code == 0, done.out
    made = shown(office, draft, f"content/video/{draft}/index.md")
    assert (made.file, made.poster, made.captions) == ("a.mp4", "a-poster.jpg", "takarir.vtt")


def test_captions_that_outlast_their_film_are_refused(office: Office, tmp_path: Path) -> None:
    draft = office.sop("new", "video", "Suasana pantai").json["id"]
    film = raw.film(tmp_path / "a.mp4", "mp4", "libx264", "aac")
    cues = b"WEBVTT\n\n00:00.000 --> 00:01.000\nSelamat pagi\n\n00:08.000 --> 00:09.000\nTerima kasih\n"
    late = raw.written(tmp_path, "takarir.vtt", cues)

    together = office.sop("media", "add", draft, str(film), str(late), "--credit", "Operator 1")
    first = office.sop("media", "add", draft, str(film), "--credit", "Operator 1")
    after = office.sop("media", "add", draft, str(late))

    assert [done.code for done in (together, first, after)] == [1, 0, 1]
    for done in (together, after):
        assert [finding["code"] for finding in done.json["findings"]] == ["media-captions-longer"]


def test_a_document_elsewhere_is_linked_by_its_title(office: Office, tmp_path: Path) -> None:
    draft = news(office)

    office.sop("media", "add", draft, str(raw.written(tmp_path, "a.pdf", raw.pdf("Jadwal"))))

    body = shown(office, draft, f"content/berita/{draft}/index.md").body
    assert body.endswith("[Jadwal pelayanan](a.pdf)\n")


def test_unsaved_text_is_kept_and_named_pages_may_be_unsaved(office: Office, tmp_path: Path) -> None:
    draft = news(office)
    office.git("switch", "-q", f"draft/{draft}")
    edited = office.repo / f"content/berita/{draft}/index.md"
    edited.write_text(edited.read_text() + "\nKalimat yang belum disimpan.\n")
    source = str(raw.written(tmp_path, "a.jpg", raw.picture("JPEG")))
    dirty = str(raw.written(tmp_path, "b.pdf", raw.pdf(f"NIK {raw.NIK}")))
    tip = office.tip(f"draft/{draft}")

    refused = office.sop("media", "add", draft, source, dirty, "--alt", "Pantai")
    assert (refused.code, office.tip(f"draft/{draft}")) == (1, tip)
    assert "belum disimpan" in edited.read_text()
    done = office.sop("media", "add", draft, source, "--alt", "Pantai")

    assert done.code == 0, done.out
    assert 'image: "a.jpg"' in edited.read_text()
    assert "belum disimpan" in edited.read_text()
    assert (edited.parent / "a.jpg").is_file()
    assert office.git("status", "--porcelain") == ""


def test_a_head_that_cannot_be_read_is_left_alone(office: Office, tmp_path: Path) -> None:
    draft = f"{DAY}-rusak"
    office.writes(f"content/berita/{draft}/index.md", "---\nkind: news\nkind: news\n---\nIsi.\n", draft=draft)

    done = office.sop(
        "media", "add", draft, str(raw.written(tmp_path, "a.jpg", raw.picture("JPEG"))), "--alt", "x"
    )

    assert (done.code, done.json["error"]["code"]) == (1, "media-page-unreadable")


def test_a_list_that_is_written_in_an_unknown_way_loses_nothing(office: Office, tmp_path: Path) -> None:
    document = office.sop("new", "document", "Formulir permohonan").json["id"]
    path = f"content/dokumen/{document}/index.md"
    text = office.git("show", f"draft/{document}:{path}") + "\n"
    odd = text.replace("files: []", "files: [{file: lama.pdf, title: Lama}] # [catatan]")
    assert odd != text
    office.writes(path, odd, draft=document)

    done = office.sop("media", "add", document, str(raw.written(tmp_path, "a.pdf", raw.pdf("Jadwal"))))

    assert (done.code, done.json["error"]["code"]) == (1, "media-page-unreadable")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(["tidak-ada", "a.jpg"], "draft-missing"), (["{draft}", "a.jpg", "--page", "lain"], "media-no-page"),
     (["{draft}", "a.jpg", "--page", ""], "media-no-page")],
)  # fmt: skip
def test_what_is_not_there_is_said(office: Office, arguments: list[str], code: str) -> None:
    draft = news(office)

    done = office.sop("media", "add", *(word.replace("{draft}", draft) for word in arguments))

    assert (done.code, done.json["error"]["code"]) == (1, code)
    assert done.json["error"]["advice"]


def test_what_is_public_is_found_again_by_its_words(office: Office, tmp_path: Path) -> None:
    draft = news(office)
    source = str(raw.written(tmp_path, "foto-lapangan.jpg", raw.picture("JPEG")))
    office.sop("media", "add", draft, source, "--alt", "Warga memungut sampah")

    (drafted,) = office.sop("media", "find", "sampah").json["found"]
    assert (drafted["state"], drafted["draft"]) == ("draft", draft), "a draft is not public"
    office.submits(draft)
    office.approves(draft)

    url = f"/berita/{draft}/foto-lapangan.jpg"
    for words in (["SAMPAH"], ["lapangan"], ["kerja", "memungut"]):
        assert [found["url"] for found in office.sop("media", "find", *words).json["found"]] == [url]
    assert office.sop("media", "find", "sampah", "gunung").json["found"] == []
    assert url in office.sop("media", "find", "sampah", as_json=False).out


def test_the_commit_is_dated_by_the_offices_clock(office: Office, tmp_path: Path) -> None:
    draft = news(office)
    at = MONDAY + timedelta(days=1)

    office.sop("media", "add", draft, str(raw.written(tmp_path, "a.pdf", raw.pdf("Jadwal"))), at=at)

    assert office.git("show", "-s", "--format=%cI", f"draft/{draft}") == at.isoformat()


def test_a_file_that_was_taken_in_stays_through_edits_and_submission(office: Office, tmp_path: Path) -> None:
    made = office.sop("new", "announcement", "Jadwal pelayanan", "--date", "2026-01-05").json
    draft, page = str(made["draft"]), office.repo / str(made["path"])
    text = page.read_text().replace(
        "summary: belum diisi oleh kantor", "summary: Jadwal pelayanan kantor baru."
    )
    page.write_text(text.partition("\n---\n")[0] + "\n---\nJam pelayanan berubah mulai pekan depan.\n")
    photo = samples.make(tmp_path / "bahan")["photo"]

    taken = office.sop("media", "add", draft, str(photo), "--alt", "Pantai dengan laut tenang").json
    page.write_text(page.read_text() + "\nKalimat tambahan.\n")
    office.submits(draft)

    (name,) = (file["name"] for file in taken["files"])
    kept = office.git("ls-tree", "-r", "--name-only", f"draft/{draft}").split()
    assert f"content/pengumuman/{draft}/{name}" in kept
    assert "Kalimat tambahan." in office.git("show", f"draft/{draft}:{made['path']}")


@pytest.mark.parametrize("saved", [False, True])
def test_what_is_written_while_a_film_is_made_smaller_is_kept(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, saved: bool
) -> None:
    draft = news(office)
    office.git("switch", "-q", f"draft/{draft}")
    edited = office.repo / f"content/berita/{draft}/index.md"
    edited.write_text(edited.read_text() + "\nKalimat pertama.\n")
    really = media_intake.clean_all

    def slowly(*sources: Any, **more: Any) -> Any:
        edited.write_text(edited.read_text() + "\nKalimat kedua, ditulis sambil menunggu.\n")
        if saved:
            office.git("commit", "-qam", "Simpan")
        return really(*sources, **more)

    monkeypatch.setattr(media_intake, "clean_all", slowly)
    source = str(raw.written(tmp_path, "a.jpg", raw.picture("JPEG")))
    done = office.sop("media", "add", draft, source, "--alt", "Pantai")

    assert done.code == 0, done.out
    for words in ("Kalimat pertama.", "Kalimat kedua", 'image: "a.jpg"'):
        assert words in edited.read_text()
    assert office.git("status", "--porcelain") == ""
