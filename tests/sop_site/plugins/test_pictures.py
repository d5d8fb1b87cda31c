"""Sizes of pictures from their first bytes, as an independent reader sees them."""

import io

import pytest
from PIL import Image

from sop_site.plugins.pictures import size_of


@pytest.mark.parametrize(
    ("form", "options"),
    [
        ("PNG", {}), ("JPEG", {}), ("JPEG", {"progressive": True}), ("JPEG", {"comment": b"\xff\xc0" * 50}),
        ("WEBP", {}), ("WEBP", {"lossless": True}), ("WEBP", {"exif": b"Exif\0\0"}),
    ],
)  # fmt: skip
@pytest.mark.parametrize("size", [(1, 1), (640, 427), (2400, 1601)])
def test_sizes_agree_with_pillow(form: str, options: dict[str, object], size: tuple[int, int]) -> None:
    file = io.BytesIO()
    Image.new("RGB", size, (10, 90, 110)).save(file, form, **options)

    assert size_of(file.getvalue()) == size


@pytest.mark.parametrize(
    ("svg", "size"),
    [
        (b'<svg xmlns="x" width="40" height="20.4px">', (40, 20)),
        (b"<?xml version='1.0'?><svg viewBox='0 0 100 50'>", (100, 50)),
        (b'<svg width="100%" height="100%" viewBox="0,0,30,60">', (30, 60)),
        (b"<svg>", None),
    ],
)
def test_drawings(svg: bytes, size: tuple[int, int] | None) -> None:
    assert size_of(svg) == size


@pytest.mark.parametrize(
    "data",
    [b"", b"\xff\xd8", b"\x89PNG\r\n\x1a\n", b"RIFF0000WEBPVP8 ", b"\xff\xd8\xff\xe0\xff\xff", b"GIF89a"],
)
def test_what_cannot_be_read_has_no_size(data: bytes) -> None:
    assert size_of(data) is None
