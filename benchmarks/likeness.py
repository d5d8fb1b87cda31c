"""How well versions of one picture are told from other pictures: recall and false alarms by distance.

    python benchmarks/likeness.py [PICTURES]      (default 150)

Pictures are made up, photo-like: sky and ground with the texture of nature (noise of all scales), people as
blobs, buildings. Each third one is another photograph of the event before it: same place, people moved,
camera turned a little. Logos and scanned letters stand among them.
"""

import io
import random
import sys
from collections.abc import Callable, Iterator
from itertools import combinations
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from PIL import Image, ImageDraw, ImageEnhance, ImageFilter

from pipeline.media import likeness
from sop_site.likeness import ALIKE, ALIKE_ON_PAPER, is_alike

SIZE = (1200, 900)


def clouds(dice: random.Random, size: tuple[int, int]) -> Image.Image:
    """Noise of all scales, as surfaces in nature have."""
    whole = Image.new("L", size, 128)
    for scale, weight in ((3, 0.5), (7, 0.4), (17, 0.35), (45, 0.3), (150, 0.2)):
        small = Image.frombytes("L", (scale, scale), dice.randbytes(scale * scale))
        whole = Image.blend(whole, small.resize(size, Image.Resampling.BICUBIC), weight)
    return whole


def photo(place: int, moment: int = 0) -> Image.Image:
    """A photograph at one of many places; another moment is another photograph of the same event."""
    at, now = random.Random(place), random.Random(f"{place}/{moment}")
    width, height = SIZE
    wide = (int(width * 1.25), int(height * 1.25))
    horizon = at.uniform(0.25, 0.6) * wide[1]
    image = Image.composite(
        Image.new("RGB", wide, tuple(at.randint(120, 240) for _ in range(3))),
        Image.new("RGB", wide, tuple(at.randint(40, 160) for _ in range(3))),
        clouds(at, wide),
    )
    ground = Image.composite(
        Image.new("RGB", wide, tuple(at.randint(60, 200) for _ in range(3))),
        Image.new("RGB", wide, tuple(at.randint(10, 120) for _ in range(3))),
        clouds(at, wide),
    )
    image.paste(ground.crop((0, 0, wide[0], wide[1] - int(horizon))), (0, int(horizon)))
    draw = ImageDraw.Draw(image)
    for _ in range(at.randint(1, 4)):
        x, w = at.uniform(0, wide[0]), at.uniform(0.1, 0.35) * wide[0]
        top = horizon - at.uniform(0.05, 0.3) * wide[1]
        draw.rectangle((x, top, x + w, horizon + 40), fill=tuple(at.randint(60, 250) for _ in range(3)))
    for _ in range(now.randint(4, 14)):
        x, y, h = now.uniform(0.1, 0.9) * wide[0], now.uniform(0.5, 0.9) * wide[1], now.uniform(90, 330)
        shirt = tuple(now.randint(20, 250) for _ in range(3))
        draw.ellipse((x, y - h, x + h / 3, y + h / 2), fill=shirt)
        draw.ellipse((x + h / 12, y - h * 1.25, x + h / 4, y - h), fill=(150, 110, 80))
    left, upper = now.uniform(0.02, 0.22) * width, now.uniform(0.02, 0.22) * height
    image = image.crop((int(left), int(upper), int(left) + width, int(upper) + height))
    return image.filter(ImageFilter.GaussianBlur(1.2))


def letter(number: int) -> Image.Image:
    """A scanned page of text."""
    dice = random.Random(f"letter {number}")
    page = Image.new("RGB", (850, 1200), (250, 249, 245))
    draw = ImageDraw.Draw(page)
    y = 130
    while y < 1050:
        for _ in range(dice.randint(2, 9)):
            x, end = 90, dice.choice((760, 760, 760, dice.randint(200, 700)))
            while x < end:
                word = dice.randint(12, 90)
                draw.rectangle((x, y, min(x + word, 760), y + 9), fill=(60, 60, 65))
                x += word + 9
            y += 19
        y += 22
    return page


def logo(number: int) -> Image.Image:
    """A flat drawing of few shapes."""
    dice = random.Random(f"logo {number}")
    image = Image.new("RGB", (600, 600), "white")
    draw = ImageDraw.Draw(image)
    for _ in range(dice.randint(2, 5)):
        x, y, w = dice.randint(60, 400), dice.randint(60, 400), dice.randint(60, 260)
        shape = dice.choice((draw.ellipse, draw.rectangle))
        shape((x, y, x + w, y + dice.randint(60, 260)), fill=tuple(dice.randint(0, 255) for _ in range(3)))
    return image


def encoded(image: Image.Image, form: str = "JPEG", **options: object) -> bytes:
    target = io.BytesIO()
    image.save(target, form, **options)
    return target.getvalue()


def _cropped(image: Image.Image, part: float) -> Image.Image:
    width, height = image.size
    return image.crop(
        (int(width * part), int(height * part), int(width * (1 - part)), int(height * (1 - part)))
    )


VERSIONS: dict[str, Callable[[Image.Image], Image.Image]] = {
    "the same, worse": lambda image: image,
    "a third of the size": lambda image: image.resize((image.width // 3, image.height // 3)),
    "brighter": lambda image: ImageEnhance.Brightness(image).enhance(1.25),
    "darker": lambda image: ImageEnhance.Brightness(image).enhance(0.75),
    "more contrast": lambda image: ImageEnhance.Contrast(image).enhance(1.3),
    "grey": lambda image: image.convert("L"),
    "sharper": lambda image: image.filter(ImageFilter.SHARPEN),
    "1 % cut off all around": lambda image: _cropped(image, 0.01),
    "2 % cut off all around": lambda image: _cropped(image, 0.02),
    "4 % cut off all around": lambda image: _cropped(image, 0.04),
    "mirrored": lambda image: image.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
}


def pictures(count: int) -> Iterator[tuple[str, str, Image.Image]]:
    """Kind, event, picture."""
    for number in range(count):
        yield "photo", f"photo {number}", photo(number)
        if number % 3 == 0:
            yield "photo", f"photo {number}", photo(number, 1)
    for number in range(count // 3):
        yield "letter", f"letter {number}", letter(number)
        yield "logo", f"logo {number}", logo(number)


def _told(data: bytes) -> str | None:
    return likeness.of_picture(data, "JPEG")


def main(count: int) -> None:
    known: list[tuple[str, str, str | None]] = []
    hits: dict[tuple[str, str], list[int]] = {}
    for kind, event, image in pictures(count):
        own = _told(encoded(image, quality=88))
        known.append((kind, event, own))
        for name, change in VERSIONS.items():
            other = _told(encoded(change(image), quality=60))
            found = own is not None and other is not None and is_alike(own, other)
            hits.setdefault((kind, name), []).append(found)
    print(f"alike: at most {ALIKE} of 64 bits differ, {ALIKE_ON_PAPER} on paper")
    for (kind, name), found in hits.items():
        print(f"{kind:7s} {name:24s} recall {100 * sum(found) / len(found):5.1f} % of {len(found)}")
    pairs: dict[str, list[bool]] = {}
    for (kind, event, one), (kind2, event2, two) in combinations(known, 2):
        what = "same event, other photo" if event == event2 else " and ".join(sorted({kind, kind2}))
        pairs.setdefault(what, []).append(one is not None and two is not None and is_alike(one, two))
    for what, found in pairs.items():
        print(f"{what:24s} taken for one picture: {sum(found)} of {len(found)} pairs")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 150)
