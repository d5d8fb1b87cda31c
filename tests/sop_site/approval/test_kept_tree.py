"""A tree that was put down as records, and the next tree read beside what is opened of it."""

import hashlib
from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from sop_site.approval import tree_changes
from sop_site.approval.folders import Folder
from sop_site.approval.kept_tree import KeptTree, Ref
from sop_site.approval.tree_reading import Folders
from tests.sop_site.approval.memory_objects import MemoryObjects, Tree
from tests.sop_site.approval.test_tree_reading import histories


@dataclass
class Shelf:
    """Records in memory; it counts what it is asked for."""

    data: bytes = b""
    asked: list[Ref] = field(default_factory=list)

    def get(self, ref: Ref) -> bytes:
        self.asked.append(ref)
        data = self.data[ref.start : ref.start + ref.length]
        assert hashlib.sha256(data).digest() == ref.sha256
        return data

    def put(self, data: bytes) -> Ref:
        ref = Ref(len(self.data), len(data), hashlib.sha256(data).digest())
        self.data += data
        return ref


def _facts(folder: Folder) -> tuple[object, ...]:
    below = [
        (child.raw, child.digest, child.digested, child.folded, child.entries, child.height, child.longest)
        for child in folder.children
    ]
    own = folder.oid, folder.digest, folder.entries, folder.size, folder.height, folder.longest
    names = frozenset[str]().union(*(piece.names for piece in folder.pieces))
    inner = [_facts(child.folder) for child in folder.children if child.folder is not None]
    return (*own, folder.problems, below, names, inner)


@settings(max_examples=60, deadline=None)
@given(histories(), st.sampled_from(["sha1", "sha256"]))
def test_a_tree_read_beside_a_kept_one_is_the_tree_read_alone(trees: list[Tree], form: str) -> None:
    store, shelf = MemoryObjects(form), Shelf()
    kept: list[object] | None = None
    before: Folder | None = None
    for tree in trees:
        tree = {"content": tree, "site.toml": b"nama"}
        root, alone = store.tree_of(tree), Folders(store).read(store.tree_of(tree))
        if alone.problems:
            continue
        # Each is read by a run of its own, which knows nothing but the records.
        keeper = KeptTree(store, shelf)
        base = keeper.open(kept) if kept else None
        found = Folders(store, base).read(root)
        assert _facts(found) == _facts(alone)
        assert tree_changes.changed(base, found) == tree_changes.changed(before, alone)
        kept, before = keeper.keep(found), alone
        assert _facts(KeptTree(store, shelf).open(kept)) == _facts(alone)


def test_one_more_page_opens_and_puts_down_a_few_records_only() -> None:
    store, shelf = MemoryObjects(), Shelf()
    sections: dict[str, dict[str, Tree]] = {
        f"bagian-{number}": {f"h{page:05d}": {"index.md": b"%d" % page} for page in range(500)}
        for number in range(20)
    }
    first = KeptTree(store, shelf)
    kept = first.keep(Folders(store).read(store.tree_of({"content": dict(sections)})))
    size, shelf.asked = len(shelf.data), []
    sections["bagian-7"]["h00250-x"] = {"index.md": b"baru"}
    store.asked.clear()
    keeper = KeptTree(store, shelf)
    found = Folders(store, keeper.open(kept)).read(store.tree_of({"content": dict(sections)}))
    keeper.keep(found)

    # Root, content, the section, the new page and its file; of the records, those of three folders.
    assert len(store.asked) == 5
    assert len(shelf.asked) < 30
    assert len(shelf.data) - size < 15_000
