"""What is remembered of files: for speed alone, the user's own, and never believed where anything is odd."""

import sqlite3
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from pipeline import checking, media_facts, media_memory
from pipeline.media_facts import Wanted
from pipeline.media_memory import MediaMemory
from pipeline.repository import Repository
from tests.office import Office, page
from tests.pipeline.media import raw


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "ingatan.sqlite"


@pytest.fixture
def memory(file: Path) -> Iterator[MediaMemory]:
    held = MediaMemory(file, b"rahasia")
    held.learn("facts", {"a": {"size": 1, "text": "é"}, "b": [1, "dua"]})
    yield held
    held.close()


def again(file: Path, secret: bytes = b"rahasia") -> dict[str, Any]:
    held = MediaMemory(file, secret)
    try:
        return held.known("facts", ["a", "b", "c"])
    finally:
        held.close()


def changed(file: Path, sql: str) -> None:
    with sqlite3.connect(file) as rows:
        rows.execute(sql)
    rows.close()


def test_what_was_learned_is_known_by_another_run(file: Path, memory: MediaMemory) -> None:
    assert again(file) == {"a": {"size": 1, "text": "é"}, "b": [1, "dua"]}
    assert memory.known("looks", ["a"]) == {}
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE known SET value = CAST('{\"size\":2}' AS BLOB) WHERE key = 'a'",
        "UPDATE known SET value = '{\"size\":2}' WHERE key = 'a'",
        "UPDATE known SET seal = zeroblob(32) WHERE key = 'a'",
        "UPDATE known SET seal = NULL WHERE key = 'a'",
        "DELETE FROM known WHERE key = 'a'",
        "UPDATE known SET value = (SELECT value FROM known WHERE key = 'b'),"
        " seal = (SELECT seal FROM known WHERE key = 'b') WHERE key = 'a'",
        "UPDATE known SET kind = 'looks' WHERE key = 'a'",
    ],
)
def test_a_row_that_is_not_as_it_was_left_is_none(file: Path, memory: MediaMemory, sql: str) -> None:
    memory.close()
    changed(file, sql)

    assert again(file) == {"b": [1, "dua"]}


def test_a_memory_under_another_key_is_none(file: Path, memory: MediaMemory) -> None:
    assert again(file, b"kunci lain") == {}


@pytest.mark.parametrize("data", [b"", b"bukan basis data" * 400, b"SQLite format 3\0" + b"\xff" * 4096])
def test_what_is_no_database_is_begun_anew(file: Path, data: bytes) -> None:
    file.write_bytes(data)

    held = MediaMemory(file, b"x")
    held.learn("facts", {"a": 1})

    assert held.known("facts", ["a"]) == {"a": 1}
    held.close()


def test_a_link_is_not_followed(file: Path, tmp_path: Path) -> None:
    other = tmp_path / "lain.txt"
    other.write_text("tetap")
    file.symlink_to(other)

    again(file)

    assert other.read_text() == "tetap"


def test_damage_while_it_is_open_is_survived(file: Path, memory: MediaMemory) -> None:
    changed(file, "DROP TABLE known")

    assert memory.known("facts", ["a"]) == {}
    memory.learn("facts", {"a": 1})


def test_it_is_neither_in_a_repository_nor_there_where_nothing_is_remembered(
    tmp_path: Path, sealed_room: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with media_memory.opened(tmp_path, tmp_path / ".git") as memory:
        assert memory.is_kept
    (kept,) = (sealed_room / "cache" / "sop-site" / "media").glob("*.sqlite")
    assert stat.S_IMODE(kept.parent.stat().st_mode) == 0o700
    with media_memory.opened(sealed_room, sealed_room / ".git") as memory:
        assert not memory.is_kept
    monkeypatch.setenv("SOP_NO_MEMORY", "1")
    with media_memory.opened(tmp_path, tmp_path / ".git") as memory:
        memory.learn("facts", {"a": 1})
        assert memory.known("facts", ["a"]) == {}


def no_child(_files: Mapping[str, bytes]) -> dict[str, dict[str, Any]]:
    raise AssertionError("a child was started")


def test_a_file_is_measured_once(memory: MediaMemory, monkeypatch: pytest.MonkeyPatch) -> None:
    photo, document = raw.picture("JPEG"), raw.pdf("Jadwal layanan")
    files = {
        "x": Wanted("foto.jpg", lambda: photo),
        "y": Wanted("jadwal.pdf", lambda: document),
        "z": Wanted("rusak.pdf", lambda: b"%PDF-1.7 rusak"),
    }
    first = media_facts.measured(files, memory)
    assert "Jadwal layanan" in first["y"]["text"]

    broken = files.pop("z")
    with monkeypatch.context() as patch:
        patch.setattr(media_facts, "measure", no_child)
        steps: list[int] = []
        assert media_facts.measured(files, memory, steps.append) == {key: first[key] for key in files}
        assert sum(steps) == 2
    # What could not be read may have been the machine's fault; it is tried again.
    assert media_facts.measured({"z": broken}, memory)["z"]["problem"] == "media-broken"


@pytest.mark.git
def test_what_is_remembered_hides_no_error_from_an_approval(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = "2026-01-05-foto"
    folder = f"content/berita/{draft}"
    text = page("Kerja bakti", kind="news", image="foto.jpg", image_alt="Warga")
    office.writes({f"{folder}/index.md": text, f"{folder}/foto.jpg": raw.picture("JPEG")}, draft=draft)
    lie = {"true_type": "jpg", "size": 10, "has_metadata": False}
    with monkeypatch.context() as patch:
        patch.setattr(media_facts, "measure", lambda files: dict.fromkeys(files, lie))
        assert office.sop("check", draft).code == 0

    assert office.sop("check", draft).code == 0, "remembered"
    with Repository(office.repo) as repo:
        told = checking.check_tip(repo, office.tip("publish"), office.tip(f"draft/{draft}"))
    assert "media-has-metadata" in {finding.code for finding in told}
