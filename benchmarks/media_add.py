"""What cleaning costs: ten 12-megapixel photographs through ``sop media add``, against Pillow alone.

    python benchmarks/media_add.py [PHOTOS]      (default 10)

Pillow alone decodes each and writes it again at the same size and its usual quality, one after the other in
one process. The command decodes, turns, brings to sRGB, makes smaller, fits into 500 KB, proves that no
metadata stays, searches for personal data and commits; each file in a confined child of its own. Memory is
the largest that one child filled.
"""

import contextlib
import io
import random
import resource
import sys
import tempfile
import time
from pathlib import Path

from PIL import Image, ImageChops

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.office import Office, page

DRAFT = "2026-01-05-kartu"


def photo(seed: int) -> bytes:
    """Twelve megapixels with large forms, fine grain and a place, some 4 MB as from a telephone."""
    chance = random.Random(seed)
    small = Image.frombytes("RGB", (64, 48), chance.randbytes(64 * 48 * 3))
    forms = small.resize((4000, 3000), Image.Resampling.BICUBIC)
    grain = Image.effect_noise((4000, 3000), 14)
    drawn = ImageChops.add(
        forms, Image.merge("RGB", (grain, grain.transpose(Image.Transpose.ROTATE_180), grain)), 2
    )
    tags = Image.Exif()
    tags[0x0112] = 1
    target = io.BytesIO()
    drawn.save(target, "JPEG", quality=90, exif=tags)
    return target.getvalue()


def alone(photos: list[bytes]) -> float:
    """Seconds that Pillow needs to decode and encode them."""
    began = time.perf_counter()
    for data in photos:
        with Image.open(io.BytesIO(data)) as opened:
            opened.load()
            opened.save(io.BytesIO(), "JPEG")
    return time.perf_counter() - began


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    photos = [photo(seed) for seed in range(number)]
    print(f"{number} photographs of 12 megapixels, {sum(map(len, photos)) / number / 1e6:.1f} MB each")
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
        root = Path(folder)
        office = Office(root)
        card = root / "DCIM" / "100KARTU"
        card.mkdir(parents=True)
        for count, data in enumerate(photos):
            (card / f"IMG_{count:04}.JPG").write_bytes(data)
        office.writes(f"content/berita/{DRAFT}/index.md", page("Kerja bakti", kind="news"), draft=DRAFT)
        alts = [word for count in range(number) for word in ("--alt", f"Warga bekerja, gambar {count + 1}")]
        alone(photos[:1])
        pillow = alone(photos)
        began = time.perf_counter()
        done = office.sop("media", "add", DRAFT, str(card), *alts)
        took = time.perf_counter() - began
        assert done.code == 0, done.out
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"Pillow alone      {pillow:6.2f} s")
    print(f"sop media add     {took:6.2f} s   {took / pillow:.2f} times")
    print(f"a child filled    {most:6.0f} MB at most")


if __name__ == "__main__":
    main()
