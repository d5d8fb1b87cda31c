"""The approved tree becomes plain files, byte for byte, and nothing that is not a plain file is written."""

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from pipeline.render.export import export
from pipeline.verification import Verification
from sop_site.approval.store import ObjectStore, RawObject
from sop_site.approval.verdict import Verdict
from sop_site.errors import RenderingFailed

WHO = b"Camat <camat@percontohan.go.id> 1767574800 +0800"


class Objects(ObjectStore):
    """Git objects in memory, with their true ids."""

    def __init__(self) -> None:
        super().__init__("sha1")
        self.known: dict[str, RawObject] = {}

    def put(self, kind: str, data: bytes) -> str:
        oid = hashlib.sha1(f"{kind} {len(data)}\0".encode() + data).hexdigest()
        self.known[oid] = RawObject(kind, len(data), data)
        return oid

    def folder(self, *entries: tuple[str, str, str]) -> str:
        lines = [f"{mode} {name}".encode() + b"\0" + bytes.fromhex(oid) for mode, name, oid in entries]
        return self.put("tree", b"".join(lines))

    def merge(self, tree: str) -> str:
        return self.put("commit", b"tree %s\nauthor %s\ncommitter %s\n\nx\n" % (tree.encode(), WHO, WHO))

    def _read(self, oids: Iterable[str]) -> Iterator[tuple[str, RawObject | None]]:
        for oid in oids:
            yield oid, self.known.get(oid)


@pytest.fixture
def objects() -> Objects:
    return Objects()


def exported(objects: Objects, tree: str, target: Path) -> list[str]:
    verification = Verification(Verdict(None, None), objects, target, "sha1", 0.0)
    return export(verification, objects.merge(tree), target)


def test_every_file_is_written_with_its_bytes_whatever_its_name(objects: Objects, tmp_path: Path) -> None:
    contents = {"-rf": b"", "a b.md": b"\r\n\0\xff", "ē.md": b"x" * 100_000, "$(id)": b"1", ".gitkeep": b""}
    inner = objects.folder(
        *(("100644", name, objects.put("blob", contents[name])) for name in sorted(contents, key=str.encode))
    )
    tree = objects.folder(("40000", "content", inner), ("100644", "site.toml", objects.put("blob", b"[x]\n")))

    paths = exported(objects, tree, tmp_path / "tree")

    assert paths == sorted([*(f"content/{name}" for name in contents), "site.toml"])
    for name, data in contents.items():
        written = tmp_path / "tree/content" / name
        assert written.read_bytes() == data
        assert written.stat().st_mode & 0o111 == 0


@pytest.mark.parametrize("mode", ["120000", "100755", "160000", "100664"])
def test_links_programs_and_other_repositories_are_not_written(
    objects: Objects, tmp_path: Path, mode: str
) -> None:
    tree = objects.folder((mode, "masuk", objects.put("blob", b"/etc/passwd")))

    with pytest.raises(RenderingFailed, match="render-tree-odd"):
        exported(objects, tree, tmp_path / "tree")
    assert list((tmp_path / "tree").iterdir()) == []


@pytest.mark.parametrize("name", ["..", ".git", "GIT~1", "con", "a\u202eb", "a\\b"])
def test_a_name_that_means_something_else_is_not_written(objects: Objects, tmp_path: Path, name: str) -> None:
    tree = objects.folder(("100644", name, objects.put("blob", b"x")))

    with pytest.raises(RenderingFailed, match="render-tree-odd"):
        exported(objects, tree, tmp_path / "tree")


def test_bytes_that_are_not_what_their_id_says_are_not_written(objects: Objects, tmp_path: Path) -> None:
    blob = objects.put("blob", b"benar")
    tree = objects.folder(("100644", "a.md", blob))
    objects.known[blob] = RawObject("blob", 5, b"salah")

    with pytest.raises(RenderingFailed, match="render-tree-unreadable"):
        exported(objects, tree, tmp_path / "tree")
    assert list((tmp_path / "tree").iterdir()) == []


def test_a_folder_within_itself_ends(objects: Objects, tmp_path: Path) -> None:
    tree = objects.folder(("100644", "a.md", objects.put("blob", b"x")))
    for _ in range(20):
        tree = objects.folder(("40000", "d", tree))

    with pytest.raises(RenderingFailed, match="render-tree-odd"):
        exported(objects, tree, tmp_path / "tree")


def test_nothing_that_lies_there_already_is_written_over(objects: Objects, tmp_path: Path) -> None:
    (tmp_path / "tree").mkdir()
    tree = objects.folder(("100644", "a.md", objects.put("blob", b"x")))

    with pytest.raises(FileExistsError):
        exported(objects, tree, tmp_path / "tree")
