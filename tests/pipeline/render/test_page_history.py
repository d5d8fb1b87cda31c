"""Which note is told for which approval: from approved bytes, bounded, each once, and nothing personal."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.render import page_history
from sop_site.errors import RenderingFailed
from sop_site.publication import HISTORY_SHOWN, PageApproval, Publication
from tests.office import MONDAY, page
from tests.sop_site.approval.memory_objects import MemoryObjects
from tests.sop_site.plugins.values import SETTINGS, word

FOLDER, FORMER = "content/berita/2026-01-05-baru", "content/berita/2026-01-05-lama"


def text(note: str | None) -> bytes:
    given = {"change_note": f'"{note}"'} if note else {}
    return page("Kabar hari ini", kind="news", **given).encode()


def history(store: MemoryObjects, notes: list[str | None], folders: list[str]) -> Publication:
    """A page that stood in these folders with these notes, one approval after another."""
    words: list[PageApproval] = []
    for sequence, (note, folder) in enumerate(zip(notes, folders, strict=True), start=1):
        root = store.tree_of({"content": {"berita": {folder.rpartition("/")[2]: {"index.md": text(note)}}}})
        who = f"x <a@b.c> {int(MONDAY.timestamp())} +0800"
        raw = f"tree {root}\nauthor {who}\ncommitter {who}\n\nx{sequence}\n"
        words.append(word(store.put("commit", raw.encode()), sequence))
    *older, newest = words
    former = (FORMER,) if FORMER in folders else ()
    return Publication({FOLDER: PageApproval(
        newest.commit, newest.sequence, newest.name, newest.role, None, newest.time, "personal",
        former=former, history=tuple(reversed(older)),
    )})  # fmt: skip


def told(tmp: Path, notes: list[str | None], folders: list[str] | None = None) -> tuple[list[str], int]:
    """The notes that the public is shown, newest first, and how often the store was asked."""
    store = MemoryObjects()
    public = history(store, notes, folders or [FOLDER] * len(notes))
    (tmp / FOLDER).mkdir(parents=True, exist_ok=True)
    (tmp / FOLDER / "index.md").write_bytes(text(notes[-1]))
    store.asked.clear()
    approval = page_history.with_notes(public, tmp, store, SETTINGS).pages[FOLDER]
    return [approval.note, *(older.note for older in approval.history)], len(store.asked)


def test_each_approval_has_the_note_that_it_brought(tmp_path: Path) -> None:
    assert told(tmp_path, [None, "Satu.", "Dua."])[0] == ["Dua.", "Satu.", ""]


def test_a_note_that_stood_there_already_is_not_told_for_another_change(tmp_path: Path) -> None:
    assert told(tmp_path, ["Awal.", "Satu.", "Satu.", "Dua."])[0] == ["Dua.", "", "Satu.", ""]


def test_a_page_that_moved_takes_its_notes_along(tmp_path: Path) -> None:
    found, _ = told(tmp_path, [None, "Satu.", "Pindah."], [FORMER, FORMER, FOLDER])

    assert found == ["Pindah.", "Satu.", ""]


def test_a_page_with_500_changes_costs_no_more_than_one_with_twenty(tmp_path: Path) -> None:
    notes: list[str | None] = [f"Perubahan {number}." for number in range(500)]
    found, asked = told(tmp_path, notes)
    _, few = told(tmp_path, notes[-HISTORY_SHOWN - 2 :])

    assert found[: HISTORY_SHOWN + 1] == [f"Perubahan {499 - back}." for back in range(HISTORY_SHOWN + 1)]
    assert found[HISTORY_SHOWN + 1 :] == [""] * (500 - HISTORY_SHOWN - 1)
    assert asked == few


def test_a_note_that_no_check_would_let_through_today_is_not_shown_again(tmp_path: Path) -> None:
    personal = "Nomor warga 081234567890 dihapus."

    assert told(tmp_path, [None, personal, "Dua."])[0] == ["Dua.", "", ""]
    assert told(tmp_path, [None, "Satu.", personal])[0] == ["", "Satu.", ""]


def test_a_page_of_one_approval_asks_for_nothing(tmp_path: Path) -> None:
    assert told(tmp_path, ["Awal."]) == ([""], 0)


def test_an_approved_object_that_is_gone_stops_the_build(tmp_path: Path) -> None:
    store = MemoryObjects()
    public = history(store, [None, "Satu."], [FOLDER] * 2)
    (tmp_path / FOLDER).mkdir(parents=True)
    (tmp_path / FOLDER / "index.md").write_bytes(text("Satu."))
    blob = next(oid for oid, raw in store.known.items() if raw.data == text(None))
    del store.known[blob]

    with pytest.raises(RenderingFailed, match="render-tree-unreadable"):
        page_history.with_notes(public, tmp_path, store, SETTINGS)


def test_bytes_of_an_id_that_look_like_a_line_are_not_taken_for_one() -> None:
    store = MemoryObjects()
    false = (b"40000 ab\0" + b"\1" * 20)[:20].hex()
    right = "f" * 40
    tree = store.lines_of([("040000", b"aa", false), ("040000", b"ab", right)])

    assert list(page_history._lines(store, tree, "ab")) == [right]


@given(
    names=st.sets(st.from_regex(r"[a-z0-9]{1,4}(-[a-z0-9]{1,3})?", fullmatch=True), min_size=1, max_size=8),
    form=st.sampled_from(["sha1", "sha256"]),
)
@settings(deadline=None)
def test_searching_a_tree_finds_what_reading_it_finds(names: set[str], form: str) -> None:
    store = MemoryObjects(form)
    tree = store.tree_of({name: {"index.md": name.encode()} for name in names})
    read = {entry.name.decode(): entry.oid for entry in store.tree(tree)}

    assert {name: next(page_history._lines(store, tree, name), None) for name in names} == read
    assert list(page_history._lines(store, tree, "zzzzzzzzz")) == []
