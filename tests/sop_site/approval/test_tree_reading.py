"""Whole trees, read one beside the other: always what reading each by itself would give."""

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sop_site.approval import tree_changes, tree_policy
from sop_site.approval.digests import FILE, FOLDER
from sop_site.approval.folders import ENTRIES_LIMIT, Folder
from sop_site.approval.reasons import Reasons
from sop_site.approval.store import StoreFault
from sop_site.approval.tree_reading import Folders
from tests.sop_site.approval.memory_objects import MemoryObjects, Tree

NAMES = [f"h{number:03d}" for number in range(150)] + ["A", "a", "a-b", "a.b", "b", "B", "é", "con", "x~1"]
FILES = st.sampled_from([b"", b"satu", b"dua", b"tiga"])


def _files(tree: Tree, prefix: str = "") -> dict[str, bytes]:
    found = {}
    for name, below in tree.items():
        if isinstance(below, bytes):
            found[prefix + name] = below
        else:
            found |= _files(below, f"{prefix}{name}/")
    return found


def _digest(tree: Tree) -> bytes:
    """Protocol §2 word for word."""
    lines = []
    for name, below in tree.items():
        file = isinstance(below, bytes)
        inner = hashlib.sha256(below).digest() if isinstance(below, bytes) else _digest(below)
        mode, order = (b"100644", name.encode()) if file else (b"040000", name.encode() + b"/")
        lines.append((order, mode + b" " + name.encode() + b"\0" + inner))
    return hashlib.sha256(b"".join(line for _, line in sorted(lines))).digest()


def _depth(tree: Tree) -> int:
    return max((1 + (0 if isinstance(below, bytes) else _depth(below)) for below in tree.values()), default=0)


@st.composite
def histories(draw: st.DrawFn) -> list[Tree]:
    """Trees that follow one another by a few changes in two folders."""
    state: dict[str, dict[str, bytes]] = {"awal": {"x": b"1"}, "besar": {}}
    trees: list[Tree] = []
    for _ in range(draw(st.integers(1, 8))):
        folder = draw(st.sampled_from(["awal", "besar", "baru"]))
        for name in draw(st.lists(st.sampled_from(NAMES), max_size=70)):
            state.setdefault(folder, {})[name] = draw(FILES)
        for name in draw(st.lists(st.sampled_from(NAMES), max_size=20)):
            state.get(folder, {}).pop(name, None)
        kept = draw(st.integers(1, 200))
        state[folder] = dict(sorted(state.get(folder, {"x": b"1"}).items())[:kept]) or {"x": b"1"}
        trees.append({top: dict(files) for top, files in state.items()})
    return trees


def _facts(folder: Folder) -> tuple[object, ...]:
    return folder.digest, folder.entries, folder.size, folder.height, folder.longest, set(folder.problems)


@settings(max_examples=60, deadline=None)
@given(histories(), st.sampled_from(["sha1", "sha256"]))
def test_a_tree_read_beside_another_is_the_tree_read_alone(trees: list[Tree], form: str) -> None:
    store = MemoryObjects(form)
    beside = Folders(store)
    before: Folder | None = None
    files: dict[str, bytes] = {}
    for tree in trees:
        root = store.tree_of(tree)
        found, alone = beside.read(root), Folders(store).read(root)
        assert _facts(found) == _facts(alone)
        assert [child.raw for child in found.children] == [child.raw for child in alone.children]
        assert found.digest == _digest(tree)
        assert found.height == _depth(tree)
        assert found.size == sum(map(len, _files(tree).values()))
        now = _files(tree)
        differing = {path for path in files.keys() | now.keys() if files.get(path) != now.get(path)}
        assert set(tree_changes.changed(before, found)) == differing
        before, files = found, now


def test_a_folder_that_lost_its_end_goes_on_from_what_is_left() -> None:
    store = MemoryObjects()
    beside = Folders(store)
    many = {f"m{number:03d}": b"" for number in range(200)}
    for tree in (
        {"z": b"1"},
        {"a": b"2", "z": b"1"},
        {"a": b"2"},
        {"a": b"2", "b": b"3"},
        {"a": b"2", **many},
        {"a": b"2", **dict(list(many.items())[:100])},
        {"a": b"2", "m000": b""},
    ):
        assert beside.read(store.tree_of(tree)).digest == _digest(tree)


def test_one_more_page_asks_for_what_is_new_and_nothing_else() -> None:
    store = MemoryObjects()
    folders = Folders(store)
    pages: dict[str, Tree] = {f"h{number:05d}": {"index.md": b"%d" % number} for number in range(5000)}
    folders.read(store.tree_of({"content": {"berita": pages}}))
    store.asked.clear()
    pages["h02500-x"] = {"index.md": b"baru"}
    root = folders.read(store.tree_of({"content": {"berita": pages}}))
    # Root, content, berita, the new page's folder and its file.
    assert len(store.asked) == 5
    assert root.digest == _digest({"content": {"berita": pages}})


def _codes(folder: Folder) -> set[str]:
    reasons = Reasons(None)
    tree_policy.judge(folder, reasons)
    return {refusal.code for refusal in reasons.refusals}


def test_names_that_collide_with_a_name_far_away_are_found_when_they_come() -> None:
    store = MemoryObjects()
    folders = Folders(store)
    names = {f"h{number:03d}.md": b"" for number in range(400)}
    assert _codes(folders.read(store.tree_of(names))) == set()
    assert _codes(folders.read(store.tree_of({**names, "H399.md": b""}))) == {"TREE_POLICY"}
    # What was refused is nobody's neighbour: the next tree is looked at in full.
    assert _codes(folders.read(store.tree_of({**names, "H399.md": b"", "z.md": b""}))) == {"TREE_POLICY"}
    assert _codes(folders.read(store.tree_of({**names, "z.md": b""}))) == set()


def test_a_file_that_got_a_folder_of_its_name_beside_it_is_found() -> None:
    store = MemoryObjects()
    folders = Folders(store)
    names = dict.fromkeys(("a", "b", "c"), b"")
    folder = store.tree_of({"x": b""})
    root = store.tree_of(names)
    assert _codes(folders.read(root)) == set()
    # The name itself is no new one: it stood in the tree before, once.
    blobs = {name: store.put("blob", data) for name, data in {**names, "b": b"lain"}.items()}
    lines = [(FILE, name.encode(), blobs[name]) for name in ("a", "b")]
    both = store.lines_of([*lines, (FOLDER, b"b", folder), (FILE, b"c", blobs["c"])])
    assert _codes(Folders(store).read(both)) == {"TREE_POLICY"}
    assert _codes(folders.read(both)) == {"TREE_POLICY"}


@pytest.mark.slow
def test_all_files_of_the_largest_tree_may_change_at_once() -> None:
    store = MemoryObjects()
    folders = Folders(store)
    blob = store.put("blob", b"")
    roots = []
    for top in (b"lama", b"baru"):
        below = store.lines_of([(FILE, b"%06d" % number, blob) for number in range(ENTRIES_LIMIT - 2)])
        roots.append(folders.read(store.lines_of([(FOLDER, top, below)])))
    assert [_codes(root) for root in roots] == [set(), set()]
    assert len(tree_changes.changed(*roots)) == 2 * (ENTRIES_LIMIT - 2)


def test_a_tree_that_names_itself_a_billion_times_is_refused_at_once() -> None:
    store = MemoryObjects()
    oid = store.tree_of({"a": b""})
    for _ in range(14):
        oid = store.lines_of([(FOLDER, f"n{number}".encode(), oid) for number in range(9)])
    found = Folders(store).read(oid)
    assert _codes(found) == {"LIMIT"}
    with pytest.raises(StoreFault) as caught:
        tree_changes.changed(None, found)
    assert caught.value.code == "LIMIT"


@pytest.mark.parametrize(
    ("components", "codes"), [(16, set()), (17, {"TREE_POLICY"}), (400, {"TREE_POLICY"})]
)
def test_a_path_has_sixteen_components_at_most(components: int, codes: set[str]) -> None:
    store = MemoryObjects()
    oid = store.put("blob", b"isi")
    for depth in range(components):
        oid = store.lines_of([(FOLDER if depth else FILE, b"a", oid)])
    found = Folders(store).read(oid)
    assert _codes(found) == codes
    # Nothing is changed outside the one folder, however deep it goes.
    assert all(path.startswith("a/") for path in tree_changes.changed(None, found))


def test_a_folder_wider_than_any_site_is_refused_without_being_kept() -> None:
    store = MemoryObjects()
    empty = store.put("blob", b"")
    names = [(FILE, b"%07d" % number, empty) for number in range(ENTRIES_LIMIT + 1)]
    found = Folders(store).read(store.lines_of(names))
    assert _codes(found) == {"LIMIT"}
    assert not found.pieces
    assert _codes(Folders(store).read(store.lines_of(names[:-1]))) == set()


@pytest.mark.parametrize(
    "rows",
    [
        [(FILE, b"b", 0), (FILE, b"a", 0)],
        [(FILE, b"a", 0), (FILE, b"a", 0)],
        [(FOLDER, b"a", 1), (FILE, b"a.md", 0)],
    ],
    ids=["backwards", "twice", "folder-before-file"],
)
def test_lines_out_of_order_are_no_tree_also_beside_shared_ones(rows: list[tuple[str, bytes, int]]) -> None:
    store = MemoryObjects()
    things = [store.put("blob", b"x"), store.tree_of({"x": b""})]
    base = [(FILE, b"%03d" % number, things[0]) for number in range(100)]
    folders = Folders(store)
    folders.read(store.lines_of(base))
    with pytest.raises(StoreFault) as caught:
        folders.read(store.lines_of([*base, *((mode, name, things[kind]) for mode, name, kind in rows)]))
    assert caught.value.code == "OBJECT_CORRUPT"
    with pytest.raises(StoreFault):
        folders.read(store.lines_of([*base, (FILE, b"050", things[0])]))
    with pytest.raises(StoreFault):
        folders.read(store.lines_of([(FILE, b"z", things[0]), *base]))


def test_bytes_that_only_look_shared_are_read_from_the_first_one_on() -> None:
    """A line whose id holds the bytes of another line does not smuggle that line in."""
    store = MemoryObjects()
    folders = Folders(store)
    base = [(FILE, b"a%02d" % number, store.put("blob", b"%d" % number)) for number in range(40)]
    root = folders.read(store.lines_of(base))
    tail = b"".join(child.raw for child in root.children)[-600:]
    oid = store.put("tree", b"100644 b\0" + b"\1" * 3 + tail)
    with pytest.raises(StoreFault) as caught:
        folders.read(oid)
    assert caught.value.code in ("OBJECT_CORRUPT", "OBJECT_MISSING")
    with pytest.raises(StoreFault) as alone:
        Folders(store).read(oid)
    assert alone.value.code == caught.value.code
