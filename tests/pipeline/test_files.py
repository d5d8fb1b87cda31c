"""Files appear whole or not at all."""

import os
from pathlib import Path

import pytest

from pipeline import files


def test_a_written_file_has_its_bytes_and_mode(tmp_path: Path) -> None:
    files.write_atomic(tmp_path / "a" / "b.txt", b"isi", 0o600)

    assert (tmp_path / "a/b.txt").read_bytes() == b"isi"
    assert (tmp_path / "a/b.txt").stat().st_mode & 0o777 == 0o600


def test_a_write_that_fails_leaves_the_old_bytes_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "b.txt"
    target.write_bytes(b"lama")

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        files.write_atomic(target, b"baru")

    assert target.read_bytes() == b"lama"
    assert [path.name for path in tmp_path.iterdir()] == ["b.txt"]


def test_a_folder_takes_the_place_of_another(tmp_path: Path) -> None:
    target = tmp_path / "situs"
    target.mkdir()
    (target / "lama.txt").write_text("lama")
    with files.folder_beside(target) as fresh:
        (fresh / "baru.txt").write_text("baru")
        files.replace_folder(fresh, target)

    assert [path.name for path in target.iterdir()] == ["baru.txt"]
    assert [path.name for path in tmp_path.iterdir()] == ["situs"]


def test_an_abandoned_folder_leaves_nothing(tmp_path: Path) -> None:
    with files.folder_beside(tmp_path / "situs") as fresh:
        (fresh / "x").write_text("x")

    assert list(tmp_path.iterdir()) == []
