"""What ``sop check`` of one draft with ten 12-megapixel photographs costs against Pillow alone.

    python benchmarks/check_media.py [PAGES]      (default 300: public pages with a picture each)

Pillow decodes and encodes the same ten files, one after the other, in this process. The command is measured
whole, the start of Python included: the first time, when nothing is known of any file; when the public
pictures are known and the draft is new; and once more.
"""

import io
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from likeness import encoded, photo
from memory_of import peak
from office_pages import office, text_page
from PIL import Image

PHOTOS = 10


def twelve_megapixels(number: int) -> bytes:
    """A photograph of 4000 × 3000 with a sensor's noise, as a telephone writes it (some 4 MB)."""
    image = photo(number).resize((4000, 3000), Image.Resampling.BICUBIC)
    noise = Image.effect_noise((4000, 3000), 18).convert("RGB")
    return encoded(Image.blend(image, noise, 0.12), quality=88)


def draft(photos: list[bytes]) -> list[tuple[str, bytes]]:
    day = "2026-01-05"
    folder = f"content/galeri/{day}-kerja-bakti/"
    rows = "".join(
        f"  - file: foto-{n}.jpg\n    alt: Warga memungut sampah {n}\n    credit: Operator 1\n"
        for n in range(len(photos))
    )
    page = (
        f"---\nkind: gallery\ntitle: Kerja bakti di pantai\ndate: {day}\n"
        f"summary: Foto kerja bakti warga di pantai.\nunit: pelayanan\nphotos:\n{rows}---\n"
    )
    return [
        (f"{folder}index.md", page.encode()),
        *((f"{folder}foto-{n}.jpg", data) for n, data in enumerate(photos)),
    ]


def public(count: int) -> list[tuple[str, bytes]]:
    """Pages with one cleaned picture each (2400 pixels wide, below 500 kB); some fifty different pictures."""
    dice, files = random.Random(1), []
    shots = [photo(1000 + n).resize((2400, 1800)) for n in range(min(count, 50))]
    for number in range(count):
        image = shots[number % len(shots)].copy()
        image.paste((number % 256, number // 256, 90), (0, 0, 24, 24))
        extra = "image: foto.jpg\nimage_alt: Warga di halaman kantor\n"
        path, page = text_page(number, dice, extra)
        files += [(path, page), (path.replace("index.md", "foto.jpg"), encoded(image, quality=70))]
    return files


def pillow(photos: list[bytes]) -> float:
    began = time.perf_counter()
    for data in photos:
        with Image.open(io.BytesIO(data)) as image:
            image.load()
            image.save(io.BytesIO(), "JPEG", quality=82)
    return time.perf_counter() - began


def run(repo: Path, env: dict[str, str], *words: str) -> tuple[float, int]:
    began = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-m", "pipeline", "--repo", str(repo), "--json", *words],
        cwd=Path(__file__).resolve().parent.parent,
        env=env,
        stdout=subprocess.DEVNULL,
    ) as process:
        most = peak(process)
    return time.perf_counter() - began, most


def main(pages: int) -> None:
    photos = [twelve_megapixels(number) for number in range(PHOTOS)]
    with tempfile.TemporaryDirectory(prefix="sop-ukur-") as name:
        repo = office(Path(name) / "office", public(pages), {"kerja-bakti": draft(photos)})
        env = {**os.environ, "XDG_CACHE_HOME": f"{name}/cache", "XDG_STATE_HOME": f"{name}/state"}
        env.pop("CI", None)
        alone = pillow(photos)
        size = sum(map(len, photos)) / len(photos) / 1e6
        print(f"Pillow alone: {alone:.2f} s for {PHOTOS} photographs of 12 megapixels, {size:.1f} MB each")
        spent, most = run(repo, env, "check", "--all")
        print(f"check --all, {pages} pages with a picture each: {spent:.1f} s, {most / 1e6:.0f} MB at most")
        print(f"once more: {run(repo, env, 'check', '--all')[0]:.1f} s")
        for label in ("the first time", "once more"):
            print(f"media find, {label}: {run(repo, env, 'media', 'find', 'warga')[0]:.2f} s")
        for label in ("nothing known of its files", "once more"):
            spent, most = run(repo, env, "check", "kerja-bakti")
            print(
                f"check of the draft, {label}: {spent:.2f} s, {spent / alone:.2f} times Pillow alone, "
                f"{most / 1e6:.0f} MB at most"
            )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 300)
