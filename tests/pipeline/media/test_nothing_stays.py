"""What a file says beside its content is in no object of the repository and in no folder afterwards."""

import io
import re
import shutil
import subprocess
import tempfile
import zipfile
from pathlib import Path

import pikepdf
import pytest

from tests.office import Office
from tests.pipeline.media import planted
from tests.pipeline.media.test_hostile_files import DRAFT, FOLDER, visitors_page

pytest.importorskip("av")
pytest.importorskip("pillow_heif")

PLANTED = re.compile(rb"RAHASIA-[A-Z0-9]+|R\0A\0H\0A\0S\0I\0A\0-")


def blobs(office: Office) -> list[bytes]:
    ids = office.git("cat-file", "--batch-all-objects", "--batch-check=%(objectname)").split()
    done = subprocess.run(
        ["git", "cat-file", "--batch"],
        cwd=office.repo,
        input="\n".join(ids).encode(),
        capture_output=True,
        check=True,
    )
    found, place = [], 0
    while place < len(done.stdout):
        line = done.stdout.index(b"\n", place)
        size = int(done.stdout[place:line].split()[2])
        found.append(done.stdout[line + 1 : line + 1 + size])
        place = line + 2 + size
    assert len(found) == len(ids)
    return found


def unpacked(data: bytes) -> bytes:
    """The bytes, and what is packed inside them."""
    if data.startswith(b"%PDF-"):
        target = io.BytesIO()
        with pikepdf.open(io.BytesIO(data)) as document:
            document.save(
                target, stream_decode_level=pikepdf.StreamDecodeLevel.all, compress_streams=False,
                object_stream_mode=pikepdf.ObjectStreamMode.disable,
            )  # fmt: skip
            strings = b"".join(
                bytes(value) for thing in document.objects if isinstance(thing, pikepdf.Dictionary)
                for value in thing.values() if isinstance(value, pikepdf.String)
            )  # fmt: skip
        return data + target.getvalue() + strings
    if data.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(data)) as box:
            return data + b"".join(name.encode() + box.read(name) for name in box.namelist())
    return data


def words(data: bytes) -> list[bytes]:
    return sorted(set(PLANTED.findall(unpacked(data))))


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    (tmp_path / "kantor-induk").mkdir()
    own = Office(tmp_path / "kantor-induk")
    own.writes(f"{FOLDER}/index.md", visitors_page(), draft=DRAFT)
    (tmp_path / "sementara").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "sementara"))
    return own


def proves_nothing_stays(office: Office, tmp_path: Path, sources: list[Path], *options: str) -> list[str]:
    for source in sources:
        assert words(source.read_bytes()), f"the test planted nothing in {source.name}"
    done = office.sop("media", "add", DRAFT, *map(str, sources), "--alt-later", *options)
    assert done.code == 0, done.out
    guilty = [found for data in blobs(office) for found in words(data)]
    assert guilty == []
    assert list((tmp_path / "sementara").iterdir()) == []
    told = office.sop("check", DRAFT).json["findings"]
    assert [finding for finding in told if finding["code"] == "media-has-metadata"] == []
    return [str(made["name"]) for made in done.json["files"]]


def test_nothing_planted_stays_in_any_object_or_folder(office: Office, tmp_path: Path) -> None:
    sources = planted.all_files(tmp_path)

    names = proves_nothing_stays(office, tmp_path, sources, "--keep")

    assert len(names) == len(sources) >= 15
    assert {name.rpartition(".")[2] for name in names} == {
        "jpg", "png", "pdf", "svg", "vtt", "docx", "xlsx", "mp4",
    }  # fmt: skip


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice was not found: NOT tested here")
def test_nothing_planted_stays_in_what_libreoffice_makes(office: Office, tmp_path: Path) -> None:
    names = proves_nothing_stays(office, tmp_path, planted.all_files(tmp_path, office=True))

    assert names == ["docx.pdf", "odt.pdf"]
