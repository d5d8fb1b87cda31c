"""The demonstration's raw material: real files that tell too much, the same on every run."""

import io
import time
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from demo import samples
from pipeline.media import clean

av = pytest.importorskip("av")


def test_raw_material_tells_too_much_and_is_clean_after(tmp_path: Path) -> None:
    made = samples.make(tmp_path)

    photo = Image.open(io.BytesIO(made["photo"].read_bytes()))
    assert max(photo.size) == 4000
    assert photo.getexif().get_ifd(0x8825)[4] == (115.0, 5.0, 20.0)
    with pikepdf.open(made["document"]) as document:
        assert "catatan-pribadi.txt" in document.attachments
        assert "/OpenAction" in document.Root
        assert document.docinfo["/Author"] == "Komputer Pribadi"
    with av.open(str(made["video"])) as film:
        assert film.metadata["location"].startswith("-08.1083")
        assert [stream.type for stream in film.streams] == ["video", "audio"]

    cleaned = {kind: clean(path) for kind, path in made.items()}
    assert not Image.open(io.BytesIO(cleaned["photo"].data)).getexif()
    for told in (b"Kamera Contoh", b"Komputer Pribadi", b"-08.1083", b"app.alert", b"catatan-pribadi"):
        assert any(told in path.read_bytes() for path in made.values()), told
        assert all(told not in part.data for part in cleaned.values()), told


def test_raw_material_is_the_same_on_every_run_and_quick(tmp_path: Path) -> None:
    began = time.perf_counter()
    first, second = samples.make(tmp_path / "a"), samples.make(tmp_path / "b")

    assert {kind: path.read_bytes() for kind, path in first.items()} == {
        kind: path.read_bytes() for kind, path in second.items()
    }
    assert time.perf_counter() - began < 30
