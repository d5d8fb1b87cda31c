"""``sop edit`` as the way into a change and back to it; several pages in one draft; others at work."""

from pathlib import Path

import pytest

from tests.office import Office, page

pytestmark = pytest.mark.git
PAGE = "content/halaman/tentang-situs/index.md"


def changed(office: Office, path: str, line: str) -> None:
    """One more line in the work tree's file."""
    file = office.repo / path
    file.write_text(f"{file.read_text('utf-8')}\n{line}\n", encoding="utf-8")


def head(office: Office) -> str:
    return office.git("symbolic-ref", "HEAD").removeprefix("refs/heads/draft/")


def refused(office: Office, *words: str) -> str:
    done = office.sop(*words)
    assert done.code == 1, done.out
    assert done.json["error"]["advice"]
    return str(done.json["error"]["code"])


def begun(office: Office) -> str:
    """An unfinished change of the page, saved on its draft; the work tree shows something else."""
    draft = str(office.sop("edit", "tentang-situs", "--note", "Jam baru.").json["draft"])
    office.git("switch", "-q", "publish")
    return draft


@pytest.mark.parametrize("named", ["tentang-situs", "/tentang-situs/", PAGE])
def test_who_edits_again_comes_back_to_what_he_began(office: Office, named: str) -> None:
    draft = begun(office)
    tip = office.tip(f"draft/{draft}")
    back = office.sop("edit", named)

    assert (back.json["draft"], back.json["resumed"], back.json["state"]) == (draft, True, "draft")
    assert head(office) == draft
    assert office.tip(f"draft/{draft}") == tip


@pytest.mark.parametrize("named", ["2026-01-05-jam", "draft/2026-01-05-jam", "/pengumuman/2026-01-05-jam/"])
def test_a_page_or_draft_that_is_not_public_is_opened_too(office: Office, named: str) -> None:
    office.announces("jam")

    assert office.sop("edit", named).json["path"] == "content/pengumuman/2026-01-05-jam/index.md"
    assert head(office) == "2026-01-05-jam"


def test_a_returned_draft_opens_with_what_the_head_asked_for(office: Office) -> None:
    draft = office.announces("jam")
    office.submits(draft)
    office.returns(draft, "Sebutkan hari liburnya.")
    told = office.sop("edit", draft, as_json=False).out

    assert "(dikembalikan)" in told
    assert "Sebutkan hari liburnya." in told


def test_a_rejected_draft_is_not_gone_on_with(office: Office) -> None:
    draft = office.announces("jam")
    office.submits(draft)
    office.rejects(draft)

    assert refused(office, "edit", draft) == "draft-rejected"


def test_unsaved_edits_bar_the_way_back_and_are_kept(office: Office) -> None:
    draft = begun(office)
    office.announces("jam")
    office.sop("edit", "2026-01-05-jam")
    changed(office, "content/pengumuman/2026-01-05-jam/index.md", "Belum disimpan.")

    assert refused(office, "edit", draft) == "work-tree-edited"
    assert head(office) == "2026-01-05-jam"
    kept = (office.repo / "content/pengumuman/2026-01-05-jam/index.md").read_text("utf-8")
    assert "Belum disimpan." in kept


def test_a_page_in_two_drafts_asks_which(office: Office) -> None:
    office.announces("jam")
    text = page("Pengumuman jam lain")
    office.writes("content/pengumuman/2026-01-05-jam/index.md", text, draft="saingan")

    assert refused(office, "edit", "/pengumuman/2026-01-05-jam/") == "page-in-drafts"
    assert office.sop("edit", "saingan").json["draft"] == "saingan"


def test_a_page_nobody_wrote_is_not_there(office: Office) -> None:
    assert refused(office, "edit", "2026-01-05-jam") == "page-missing"


def test_a_change_without_a_note_of_its_own_is_not_submitted(office: Office) -> None:
    for turn, note in enumerate(("Satu.", "Dua.")):
        office.sop("edit", "tentang-situs")
        changed(office, PAGE, f"Tambahan {turn}.")
        (found,) = office.sop("submit", "ubah-tentang-situs").json["findings"]
        assert found["code"] == "change-note-missing", "the old note must not stand for a new change"
        text = (office.repo / PAGE).read_text("utf-8").replace("change_note: Satu.\n", "")
        (office.repo / PAGE).write_text(text.replace("\n---\n", f"\nchange_note: {note}\n---\n", 1))
        office.submits("ubah-tentang-situs")
        office.approves("ubah-tentang-situs")

    assert "change_note: Dua." in office.git("show", f"publish:{PAGE}")


def test_a_note_is_given_with_the_command_and_names_nobody(office: Office) -> None:
    assert refused(office, "edit", "tentang-situs", "--note", "Hubungi 081234567890") == "reason-personal"
    office.sop("edit", "tentang-situs", "--note", "Jam pelayanan diperbarui.")

    assert "Jam pelayanan diperbarui." in office.git("show", f"draft/ubah-tentang-situs:{PAGE}")


def test_who_else_changes_the_page_is_told(office: Office) -> None:
    office.writes(PAGE, office.git("show", f"publish:{PAGE}") + "\nLain.\n", draft="orang-lain")
    told = office.sop("edit", "tentang-situs")

    assert told.json["drafts"] == ["orang-lain"]


def test_a_draft_that_fell_behind_says_so_when_it_is_opened(office: Office) -> None:
    draft = begun(office)
    office.submits(office.announces("jam"))
    office.approves("2026-01-05-jam")

    assert "Tertinggal dari situs yang tayang" in office.sop("edit", draft, as_json=False).out


def test_an_approved_draft_named_again_begins_at_what_is_public(office: Office) -> None:
    draft = office.announces("jam")
    office.submits(draft)
    office.approves(draft)
    office.submits(office.announces("libur"))
    office.approves("2026-01-05-libur")
    done = office.sop("edit", "tentang-situs", "--draft", draft)

    assert (done.code, done.json["draft"]) == (0, draft)
    assert office.tip(f"draft/{draft}") == office.tip("publish")


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """One draft: a page moved, one withdrawn, one edited, one new; submitted."""
    office = Office(tmp_path_factory.mktemp("tiga"))
    for name in ("satu", "dua", "tiga"):
        draft = office.announces(name)
        office.submits(draft)
        office.approves(draft)
    draft = str(office.sop("edit", "2026-01-05-satu", "--note", "Tanggal diperbarui.").json["draft"])
    for words in (
        ("move", "2026-01-05-dua", "2026-01-06-dua", "--reason", "Tanggal keliru."),
        ("withdraw", "2026-01-05-tiga", "--reason", "Batal."),
        ("new", "page", "Denah kantor"),
    ):
        done = office.sop(*words, "--draft", draft)
        assert (done.code, done.json["draft"]) == (0, draft), done.out
    path = "content/halaman/denah-kantor/index.md"
    text = (office.repo / path).read_text("utf-8").partition("---\n")[2].partition("---\n")[0]
    (office.repo / path).write_text(f"---\n{text}---\nDenah kantor ada di pintu masuk.\n", encoding="utf-8")
    changed(office, "content/pengumuman/2026-01-05-satu/index.md", "Tambahan.")
    office.submits(draft)
    return office


def test_pages_in_one_draft_are_approved_at_once(three: Office, tmp_path: Path) -> None:
    office = three.copied_to(tmp_path / "setuju")
    office.approves("ubah-2026-01-05-satu")

    last = office.verify().approvals[-1]
    assert {path.split("/")[2] for path in last.paths} == {
        "2026-01-05-satu", "2026-01-05-dua", "2026-01-06-dua", "2026-01-05-tiga", "denah-kantor",
    }  # fmt: skip


def test_pages_in_one_draft_are_returned_at_once_and_opened_again(three: Office, tmp_path: Path) -> None:
    office = three.copied_to(tmp_path / "kembali")
    before = office.tip("publish")
    office.returns("ubah-2026-01-05-satu")
    office.git("switch", "-q", "publish")
    back = office.sop("edit", "2026-01-05-satu")

    assert office.tip("publish") == before
    assert (back.json["draft"], back.json["state"]) == ("ubah-2026-01-05-satu", "returned")
    assert office.sop("edit", "2026-01-06-dua").json["draft"] == "ubah-2026-01-05-satu"
    assert office.submits("ubah-2026-01-05-satu").code == 0


def test_a_page_that_is_newer_than_the_draft_needs_another_one(office: Office) -> None:
    draft = begun(office)
    office.submits(office.announces("jam"))
    office.approves("2026-01-05-jam")

    withdraw, move = ("withdraw", "--reason", "Batal."), ("move", "2026-01-06-jam", "--reason", "Salah.")
    for name, *rest in (("edit",), withdraw, move):
        done = refused(office, name, "2026-01-05-jam", *rest, "--draft", draft)
        assert done == "page-newer-than-draft"


def endless(office: Office) -> str:
    """A commit whose tree would list itself a billion times."""
    tree = office.git("rev-parse", "publish:content")
    for _ in range(30):
        line = f"040000 tree {tree}\ta\n040000 tree {tree}\tb\n"
        tree = office.git("mktree", data=line.encode())
    return office.commits(tree, [office.tip("publish")], "Rusak", office.operator)


def test_a_draft_that_cannot_be_read_does_not_stand_in_anybodys_way(office: Office) -> None:
    office.git("update-ref", "refs/heads/draft/rusak", endless(office))
    office.announces("jam")

    assert office.sop("edit", "2026-01-05-jam").code == 0
    assert office.sop("move", "tentang-situs", "tentang", "--reason", "Lebih pendek.").code == 0
