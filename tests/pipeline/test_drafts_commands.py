"""The operator's side: new pages, edits, withdrawals, submissions, and the queue."""

from datetime import timedelta
from pathlib import Path

import pytest

from pipeline import submitting
from pipeline.repository import Repository
from sop_site import content, settings
from tests.every_kind import picture
from tests.office import MONDAY, SITE_TOML, Office, page

OFFICE = settings.parse(SITE_TOML.encode())
# What only a file that was taken in can fill.
WAITS_FOR_MEDIA = {"gallery": {"photos"}, "video": {"file", "poster"}, "document": {"files"}}

pytestmark = pytest.mark.git


def row(office: Office, draft: str) -> dict[str, object]:
    (found,) = (line for line in office.sop("queue").json["drafts"] if line["draft"] == draft)
    assert isinstance(found, dict)
    return found


# new


@pytest.mark.parametrize("kind", list(content.KINDS))
def test_a_new_page_of_any_kind_holds_every_key_that_it_needs(office: Office, kind: str) -> None:
    made = office.sop("new", kind, "Judul contoh")
    text = office.git("show", f"{made.json['branch']}:{made.json['path']}") + "\n"
    parsed = content.parse(str(made.json["path"]), text.encode(), OFFICE)
    errors = [finding for finding in parsed.findings if finding.severity == "error"]

    assert made.code == 0
    assert {finding.values["field"] for finding in errors} == WAITS_FOR_MEDIA.get(kind, set())
    told = office.sop("check", str(made.json["draft"])).json["findings"]
    barring = {finding["code"] for finding in told if finding["severity"] == "error"}
    # Until the page can be typed, its text is not looked at; then nothing is left but the text itself.
    assert barring == ({finding.code for finding in errors} or {"body-placeholder"})


def test_a_new_page_lies_on_a_draft_of_its_own_and_in_the_work_tree(office: Office) -> None:
    made = office.sop("new", "news", "Gotong royong di pantai", "--date", "2026-01-07")

    assert made.json == {
        "ok": True, "command": "new", "id": "2026-01-07-gotong-royong-di-pantai",
        "path": "content/berita/2026-01-07-gotong-royong-di-pantai/index.md",
        "branch": "draft/2026-01-07-gotong-royong-di-pantai", "draft": "2026-01-07-gotong-royong-di-pantai",
        "files": [], "findings": [],
    }  # fmt: skip
    assert office.git("symbolic-ref", "HEAD") == f"refs/heads/{made.json['branch']}"
    assert (office.repo / str(made.json["path"])).is_file()
    assert office.git("rev-parse", f"{made.json['branch']}^") == office.tip("publish")


def test_a_second_page_may_join_a_draft(office: Office) -> None:
    first = office.sop("new", "news", "Gotong royong").json
    second = office.sop("new", "page", "Denah kantor", "--draft", str(first["branch"])).json

    assert second["draft"] == first["draft"]
    assert row(office, str(first["draft"]))["paths"] == [first["path"], second["path"]]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["news", "Judul", "--date", "5 Januari"], "date-malformed"),
        (["news", "Judul", "--id", "tanpa-tanggal"], "id-malformed"),
        (["page", "Judul", "--id", "Dengan Spasi"], "id-malformed"),
        (["page", "Judul", "--id", "berita"], "id-reserved"),
        (["page", "Judul", "--id", "tentang-situs"], "page-exists"),
        (["page", "Judul", "--draft", "tidak-ada"], "draft-missing"),
    ],
)
def test_what_cannot_become_a_page_is_refused(office: Office, words: list[str], code: str) -> None:
    refused = office.sop("new", *words)

    assert (refused.code, refused.json["error"]["code"]) == (1, code)
    assert refused.json["error"]["advice"]
    assert office.git("for-each-ref", "refs/heads/draft") == ""


def test_a_draft_with_work_in_it_is_not_begun_again(office: Office) -> None:
    first = office.sop("new", "news", "Gotong royong")
    again = office.sop("new", "news", "Gotong royong")

    assert (again.code, again.json["error"]["code"]) == (1, "draft-exists")
    assert office.tip(str(first.json["branch"])) == office.git("rev-parse", "HEAD")


def test_unsaved_edits_keep_the_work_tree_where_it_is(office: Office) -> None:
    first = office.sop("new", "news", "Gotong royong").json
    edited = office.repo / str(first["path"])
    edited.write_text(page("Gotong royong", kind="news"), encoding="utf-8")
    told = office.sop("new", "news", "Berita lain", as_json=False)

    assert told.code == 0
    assert "Folder kerja tidak dipindahkan" in told.out
    assert office.git("symbolic-ref", "HEAD") == f"refs/heads/{first['branch']}"
    assert edited.read_text(encoding="utf-8") == page("Gotong royong", kind="news")
    assert office.tip("draft/2026-01-05-berita-lain") != office.tip("publish")


def test_a_new_page_may_bring_its_picture(office: Office, tmp_path: Path) -> None:
    photo = tmp_path / "Foto Pantai.JPG"
    photo.write_bytes(picture())
    made = office.sop("new", "news", "Gotong royong", "--media", str(photo), "--alt", "Pantai yang bersih",
                      "--credit", "Operator 1")  # fmt: skip
    folder = str(made.json["path"]).removesuffix("/index.md")

    assert made.code == 0
    assert made.json["files"] == ["foto-pantai.jpg"]
    assert office.git("ls-tree", "-r", "--name-only", str(made.json["branch"]), folder).splitlines() == [
        f"{folder}/foto-pantai.jpg", f"{folder}/index.md",
    ]  # fmt: skip
    text = office.git("show", f"{made.json['branch']}:{folder}/index.md") + "\n"
    shown = content.parse(str(made.json["path"]), text.encode(), OFFICE).page
    assert (shown.image, shown.image_alt, shown.image_credit) == (
        "foto-pantai.jpg", "Pantai yang bersih", "Operator 1",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("data", "options", "code"),
    [
        (b"bukan gambar", ["--alt", "Pantai"], "media-type-refused"),
        (None, [], "media-alt-missing"),
    ],
)
@pytest.mark.parametrize("draft", [None, "berjalan"])
def test_a_page_whose_media_are_refused_is_not_begun(
    office: Office, tmp_path: Path, data: bytes | None, options: list[str], code: str, draft: str | None
) -> None:
    office.git("switch", "-q", "-c", "draft/berjalan", "publish")
    photo = tmp_path / "foto.jpg"
    photo.write_bytes(data or picture())
    before = office.git("for-each-ref")
    given = ["--draft", draft] if draft else []
    refused = office.sop("new", "news", "Gotong royong", "--media", str(photo), *options, *given)
    found = [finding["code"] for finding in refused.json.get("findings", [])]

    assert (refused.code, found or [refused.json["error"]["code"]]) == (1, [code])
    assert office.git("for-each-ref") == before
    assert office.git("status", "--porcelain") == ""


# edit and withdraw


@pytest.mark.parametrize(
    "named",
    ["tentang-situs", "/tentang-situs/", "content/halaman/tentang-situs/index.md", "halaman/tentang-situs"],
)
def test_a_public_page_is_edited_on_a_draft(office: Office, named: str) -> None:
    begun = office.sop("edit", named)

    assert begun.json["draft"] == "ubah-tentang-situs"
    assert begun.json["path"] == "content/halaman/tentang-situs/index.md"
    assert office.tip("draft/ubah-tentang-situs") == office.tip("publish")
    assert office.sop("edit", named).code == 0


def test_a_page_may_be_edited_again_after_its_edit_was_approved(office: Office) -> None:
    for turn in ("satu", "dua"):
        path = office.repo / str(office.sop("edit", "tentang-situs").json["path"])
        head, _, body = path.read_text(encoding="utf-8").rpartition("---\n")
        head = head.partition("change_note:")[0] + f"change_note: Ditambah {turn}.\n"
        path.write_text(f"{head}---\n{body}\nTambahan {turn}.\n", encoding="utf-8")
        office.submits("ubah-tentang-situs")
        office.approves("ubah-tentang-situs")

    assert office.verify().ok
    text = office.git("show", "publish:content/halaman/tentang-situs/index.md")
    assert "Tambahan satu." in text
    assert "Tambahan dua." in text


def test_a_page_that_nobody_wrote_cannot_be_edited(office: Office) -> None:
    office.announces("satu")

    assert office.sop("edit", "2026-01-05-dua").json["error"]["code"] == "page-missing"


def test_a_withdrawn_page_becomes_a_notice_without_its_files(office: Office) -> None:
    folder = "content/pengumuman/2026-01-05-satu"
    draft = office.announces("satu")
    office.writes({f"{folder}/surat.vtt": "WEBVTT\n\n00:00.000 --> 00:01.000\nHalo\n"}, draft=draft)
    office.submits(draft)
    office.approves(draft)
    begun = office.sop("withdraw", "2026-01-05-satu", "--reason", "Jadwal dibatalkan.").json
    office.submits(str(begun["draft"]))
    office.approves(str(begun["draft"]))

    assert office.git("ls-tree", "-r", "--name-only", "publish", folder) == f"{folder}/index.md"
    text = office.git("show", f"publish:{folder}/index.md") + "\n"
    notice = content.parse(f"{folder}/index.md", text.encode(), OFFICE).page
    assert notice.withdrawn.reason == "Jadwal dibatalkan."
    assert "05-01-2026. Alasan: Jadwal dibatalkan." in notice.body
    assert "Warga dapat datang" not in text
    again = office.sop("withdraw", "2026-01-05-satu", "--reason", "Lagi.")
    assert (again.code, again.json["error"]["code"]) == (1, "page-withdrawn")


def test_a_withdrawal_needs_a_reason(office: Office) -> None:
    assert office.sop("withdraw", "tentang-situs", "--reason", " ").json["error"]["code"] == "reason-blank"


# submit


def test_a_submission_saves_the_work_tree_and_asks_for_a_decision(office: Office) -> None:
    made = office.sop("new", "announcement", "Jadwal pelayanan").json
    path = office.repo / str(made["path"])
    path.write_text(page("Jadwal pelayanan"), encoding="utf-8")
    (office.repo / "catatan.txt").write_text("bukan isi situs\n")
    done = office.submits(str(made["draft"]), "--note", "Mohon diperiksa")

    assert done.json["findings"] == []
    assert done.json["tip"] == office.tip(str(made["branch"]))
    assert office.git("show", f"{made['branch']}:{made['path']}") == page("Jadwal pelayanan").strip()
    assert office.git("status", "--porcelain") == "?? catatan.txt"
    waiting = row(office, str(made["draft"]))
    assert (waiting["state"], waiting["turn"], waiting["note"]) == ("waiting", "head", "Mohon diperiksa")


def test_submitting_twice_changes_nothing(office: Office) -> None:
    draft = office.announces("satu")
    office.submits(draft)
    tip = office.tip(f"draft/{draft}")
    again = office.submits(f"draft/{draft}")

    assert again.json["again"] is True
    assert office.tip(f"draft/{draft}") == tip


def test_a_draft_with_errors_is_not_submitted(office: Office) -> None:
    draft = office.announces("satu", unit="tidak-ada")
    tip = office.tip(f"draft/{draft}")
    refused = office.sop("submit", draft)

    assert refused.code == 1
    assert [finding["severity"] for finding in refused.json["findings"]] == ["error"]
    assert office.tip(f"draft/{draft}") == tip
    assert "1 hal harus diperbaiki" in office.sop("submit", draft, as_json=False).out


@pytest.mark.parametrize(
    ("note", "code"), [("Approval-Version: 1", "note-malformed"), ("a\nLedger-Version: 1", "note-malformed")]
)
def test_a_note_may_not_look_like_a_signature(office: Office, note: str, code: str) -> None:
    draft = office.announces("satu")

    assert office.sop("submit", draft, "--note", note).json["error"]["code"] == code


def test_what_is_settled_or_empty_is_not_submitted(office: Office) -> None:
    office.git("branch", "draft/kosong", "publish")
    done, refused = office.announces("satu"), office.announces("dua")
    office.submits(done)
    office.approves(done)
    office.rejects(refused)

    codes = [
        office.sop("submit", name).json["error"]["code"] for name in ("kosong", done, refused, "tidak-ada")
    ]
    assert codes == ["draft-empty", "draft-approved", "draft-rejected", "draft-missing"]


def test_whoever_writes_without_a_name_is_the_operator_of_the_policy(office: Office) -> None:
    office.git("config", "--unset-all", "user.name")
    office.git("config", "--unset-all", "user.email")
    draft = office.announces("satu")
    office.submits(draft)

    assert office.git("log", "-1", "--format=%ae", f"draft/{draft}") == "operator1@percontohan.go.id"


def test_an_interrupted_submission_leaves_the_draft_as_it_was(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = office.announces("satu")
    tip = office.tip(f"draft/{draft}")

    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(submitting.sharing, "send", stopped)
        assert office.sop("submit", draft).code == 1
    assert office.tip(f"draft/{draft}") == tip
    assert office.submits(draft).json["again"] is False


# queue and review


def test_every_draft_stands_in_the_queue_with_its_state(office: Office) -> None:
    names = {
        state: office.announces(state) for state in ("draft", "waiting", "returned", "rejected", "approved")
    }
    for state in ("waiting", "returned", "rejected", "approved"):
        office.submits(names[state])
    office.returns(names["returned"], "Tambahkan jam.")
    office.rejects(names["rejected"], "Bukan urusan kantor.")
    office.approves(names["approved"])
    told = office.sop("queue").json["drafts"]

    assert {line["draft"]: line["state"] for line in told} == {name: state for state, name in names.items()}
    assert [line["state"] for line in told] == ["waiting", "returned", "draft", "rejected", "approved"]
    by_state = {line["state"]: line for line in told}
    assert [remark["reason"] for remark in by_state["returned"]["remarks"]] == ["Tambahkan jam."]
    assert by_state["approved"]["title"] == "Pengumuman approved"
    assert by_state["draft"]["checks"] == {"errors": 0, "warnings": 0}
    lines = office.sop("queue", as_json=False).out
    assert "Dikembalikan 2026-01-05" in lines
    assert "menunggu keputusan" in lines


def test_age_counts_working_days(office: Office) -> None:
    draft = office.announces("satu")
    office.submits(draft)

    ages = []
    for days in (0, 1, 5, 7, 11):
        (line,) = office.sop("queue", at=MONDAY + timedelta(days=days, hours=1)).json["drafts"]
        ages.append(line["age_days"])
    # From Monday: Tuesday, Saturday, Monday; and Friday the 16th is a holiday (Isra Mikraj).
    assert ages == [0, 1, 4, 5, 8]
    assert office.sop("review", draft).json["age_days"] == 8


def test_a_draft_made_with_plain_git_is_a_draft_like_any_other(office: Office) -> None:
    office.git("switch", "-q", "-c", "draft/lewat-git")
    folder = office.repo / "content/pengumuman/2026-01-05-git"
    folder.mkdir(parents=True)
    (folder / "index.md").write_text(page("Lewat git saja"), encoding="utf-8")
    office.git("add", "content")
    office.git("commit", "-q", "-m", "Naskah")
    office.submits("lewat-git")

    assert row(office, "lewat-git")["title"] == "Lewat git saja"


def test_review_shows_before_and_after_and_who_wrote_it(office: Office) -> None:
    first = office.announces("satu")
    office.submits(first)
    office.approves(first)
    path = f"content/pengumuman/{first}/index.md"
    office.writes({path: page("Pengumuman satu", body="Jam pelayanan berubah.")}, draft="ubah")
    office.writes({"content/halaman/tentang-situs/index.md": None}, draft="ubah")
    shown = office.sop("review", "ubah").json

    changes = {change["path"]: change["change"] for change in shown["pages"]}
    assert changes == {"content/halaman/tentang-situs/index.md": "removed", path: "changed"}
    (changed,) = (change for change in shown["pages"] if change["change"] == "changed")
    assert "+Jam pelayanan berubah." in changed["difference"]
    assert "-Warga dapat datang ke kantor kecamatan pada hari kerja." in changed["difference"]
    assert shown["authors"] == ["operator1@percontohan.go.id"]
    told = office.sop("review", "ubah", as_json=False).out
    assert "DIHAPUS content/halaman/tentang-situs/index.md" in told
    assert "PERHATIAN: 1 berkas" in told


def test_review_makes_hidden_characters_visible(office: Office) -> None:
    draft = office.announces("satu", body="Aman \u202etxt.exe")

    assert "⟨U+202E⟩" in office.sop("review", draft, as_json=False).out
    assert "\u202e" not in office.sop("review", draft, as_json=False).out


def test_review_of_an_approved_draft_still_shows_what_it_changed(office: Office) -> None:
    draft = office.announces("satu")
    office.submits(draft)
    office.approves(draft)

    assert [change["change"] for change in office.sop("review", draft).json["pages"]] == ["added"]


@pytest.mark.parametrize("mode", ["120000", "160000"])
def test_a_draft_with_a_link_or_a_submodule_does_not_stop_the_queue(office: Office, mode: str) -> None:
    draft = office.announces("satu")
    other = office.announces("dua")
    office.rejects(other)
    index = {"GIT_INDEX_FILE": str(office.root / "cerita.index")}
    oid = office.git("hash-object", "-w", "--stdin", data=b"/etc/passwd")
    oid = oid if mode == "120000" else office.tip("publish")
    office.git("read-tree", f"draft/{draft}", **index)
    office.git(
        "update-index", "--add", "--cacheinfo", f"{mode},{oid},content/halaman/tautan/index.md", **index
    )
    tip = office.commits(
        office.git("write-tree", **index), [office.tip(f"draft/{draft}")], "x", office.operator
    )
    office.git("update-ref", f"refs/heads/draft/{draft}", tip)

    assert office.sop("queue").code == 0
    assert office.sop("review", draft).code == 0
    assert office.sop("approve", draft).code == 1
    refused = office.sop("return", draft, "--reason", "Ada tautan.")
    assert (refused.code, refused.json["error"]["code"]) == (1, "draft-unreadable")


@pytest.mark.parametrize("name", [b"2026-01-05-\xff", b"2026-01-05-x\n", b"2026-01-05-\xe2\x80\xae"])
def test_a_file_name_that_no_page_may_have_does_not_stop_the_queue(office: Office, name: bytes) -> None:
    draft = office.announces("satu")
    index = {"GIT_INDEX_FILE": str(office.root / "cerita.index")}
    oid = office.git("hash-object", "-w", "--stdin", data=page("Satu").encode())
    office.git("read-tree", f"draft/{draft}", **index)
    entry = f"100644 {oid}\tcontent/pengumuman/".encode() + name + b"/index.md\0"
    office.git("update-index", "-z", "--index-info", data=entry, **index)
    tree, tip = office.git("write-tree", **index), office.tip(f"draft/{draft}")
    office.git("update-ref", f"refs/heads/draft/{draft}", office.commits(tree, [tip], "x", office.operator))

    assert row(office, draft)["checks"]["errors"] > 0  # type: ignore[index]
    for words in (["review", draft], ["submit", draft], ["approve", draft]):
        assert office.sop(*words).json["ok"] is (words[0] == "review")
        assert "\u202e" not in office.sop("review", draft, as_json=False).out.split("Harus")[0]


def test_a_bare_repository_has_a_queue_too(office: Office, tmp_path: Path) -> None:
    draft = office.announces("satu")
    office.submits(draft)
    bare = tmp_path / "salinan.git"
    office.git("clone", "-q", "--bare", str(office.repo), str(bare))
    office.repo, office.trust = bare, office.trust
    office.keys.rename(tmp_path / "salinan.git.keys")

    assert row(office, draft)["state"] == "waiting"
    with Repository(bare) as repo:
        assert repo.pending() == {}


def test_what_was_refused_once_does_not_reach_the_public_history(office: Office) -> None:
    made = office.sop("new", "page", "Contoh halaman").json
    page = office.repo / str(made["path"])
    good = page.read_text().replace("belum diisi oleh kantor\n---", "Ringkasan halaman contoh.\n---")
    good = good.partition("\n---\n")[0] + "\n---\nIsi halaman.\n"
    page.write_text(good + "\nNIK 5108066203850001\n")

    assert office.sop("submit", str(made["draft"])).code == 1
    assert "5108066203850001" not in office.git("log", "-p", "--all")

    page.write_text(good)
    office.submits(str(made["draft"]))
    office.approves(str(made["draft"]))
    assert "5108066203850001" not in office.git("log", "-p", "--all")


def test_a_draft_whose_earlier_commits_hold_personal_data_is_not_approved(office: Office) -> None:
    path = "content/pengumuman/2026-01-05-lama/index.md"
    office.writes(path, page("Pengumuman lama", body="NIK 5108066203850001"))
    draft = office.writes(path, page("Pengumuman lama"), draft="2026-01-05-lama")

    assert "history-unfit" in {found["code"] for found in office.sop("submit", draft).json["findings"]}
    assert "history-unfit" in {found["code"] for found in office.sop("approve", draft).json["findings"]}


def test_a_private_key_in_a_draft_bars_it(office: Office) -> None:
    draft = office.announces("kunci")
    office.writes(
        f"content/pengumuman/{draft}/kunci.txt", office.keys.joinpath("head").read_bytes(), draft=draft
    )

    assert "secret-in-file" in {found["code"] for found in office.sop("submit", draft).json["findings"]}


def test_edits_of_one_draft_are_not_carried_into_another(office: Office) -> None:
    first = office.sop("new", "page", "Halaman pertama").json
    (office.repo / str(first["path"])).write_text("sedang ditulis\n")

    office.sop("new", "page", "Halaman kedua")

    assert office.git("branch", "--show-current") == first["branch"]
    assert (office.repo / str(first["path"])).read_text() == "sedang ditulis\n"


@pytest.mark.parametrize("words", [("reject",), ("return",)])
def test_a_reason_with_personal_data_is_not_recorded(office: Office, words: tuple[str]) -> None:
    draft = office.announces("jadwal")
    office.submits(draft)

    refused = office.sop(*words, draft, "--reason", "Memuat NIK 5108066203850001")

    assert (refused.code, refused.json["error"]["code"]) == (1, "reason-personal")
    assert office.git("for-each-ref", "refs/heads/ledger") == ""


def test_a_tree_that_lists_itself_a_billion_times_is_answered_in_time(office: Office) -> None:
    tree = office.git(
        "mktree", data=f"100644 blob {office.git('hash-object', '-w', '--stdin', data=b'x')}\ta\n".encode()
    )
    for _ in range(9):
        entries = "".join(f"040000 tree {tree}\t{name}\n" for name in "abcdefghij")
        tree = office.git("mktree", data=entries.encode())
    root = office.git("mktree", data=f"040000 tree {tree}\tcontent\n".encode())
    tip = office.commits(root, [office.tip("publish")], "Bom", office.operator)
    office.git("update-ref", "refs/heads/draft/bom", tip)

    for words in (("queue",), ("review", "bom"), ("submit", "bom"), ("approve", "bom")):
        done = office.sop(*words)
        assert (done.code, done.json["error"]["code"]) == (1, "tree-too-big"), words
