"""What pictures look like: versions of one are told from other pictures, whatever was done to them."""

import io
import random

import pytest
from PIL import Image, ImageDraw, ImageEnhance

from pipeline.media import likeness, measuring
from sop_site.likeness import distance, is_alike
from tests.pipeline.media import raw


def photo(place: int, moment: int = 0) -> Image.Image:
    """Sky, ground and people; another moment is another photograph of the same event."""
    at, now = random.Random(place), random.Random(f"{place}/{moment}")
    image = Image.new("RGB", (640, 480))
    for scale, weight in ((3, 0.6), (9, 0.45), (30, 0.3), (90, 0.2)):
        small = Image.frombytes("RGB", (scale, scale), at.randbytes(3 * scale * scale))
        image = Image.blend(image, small.resize(image.size, Image.Resampling.BICUBIC), weight)
    draw = ImageDraw.Draw(image)
    for _ in range(now.randint(4, 9)):
        x, y, high = now.randint(40, 560), now.randint(160, 380), now.randint(60, 190)
        draw.ellipse((x, y, x + high / 2, y + high), fill=tuple(now.randbytes(3)))
    left, upper = now.randint(0, 90), now.randint(0, 70)
    return image.crop((left, upper, left + 540, upper + 400))


def letter(number: int) -> Image.Image:
    dice, page = random.Random(number), Image.new("RGB", (600, 850), (250, 249, 245))
    draw, y = ImageDraw.Draw(page), 90
    while y < 760:
        for _ in range(dice.randint(2, 9)):
            x, end = 60, dice.choice((540, 540, dice.randint(150, 500)))
            while x < end:
                word = dice.randint(10, 70)
                draw.rectangle((x, y, min(x + word, 540), y + 7), fill=(60, 60, 65))
                x += word + 7
            y += 15
        y += 18
    return page


def told(image: Image.Image, form: str = "JPEG", **options: object) -> str:
    target = io.BytesIO()
    image.save(target, form, **options)
    found = likeness.of_picture(target.getvalue(), form)
    assert found is not None
    return found


VERSIONS = {
    "smaller and worse": lambda image: image.resize((200, 150)),
    "brighter": lambda image: ImageEnhance.Brightness(image).enhance(1.2),
    "darker": lambda image: ImageEnhance.Brightness(image).enhance(0.75),
    "more contrast": lambda image: ImageEnhance.Contrast(image).enhance(1.25),
    "grey": lambda image: image.convert("L"),
    "a little cut off": lambda image: image.crop((6, 4, 534, 396)),
    "mirrored": lambda image: image.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
}


@pytest.mark.parametrize("change", VERSIONS.values(), ids=list(VERSIONS))
def test_versions_of_a_photograph_are_alike(change: object) -> None:
    missed = [n for n in range(24) if not is_alike(told(photo(n)), told(change(photo(n)), quality=55))]  # type: ignore[operator]

    assert len(missed) <= 1, "at least 95 of 100 are found"


def test_the_form_of_the_file_does_not_matter() -> None:
    image = photo(1)

    assert max(distance(told(image), told(image, form)) for form in ("PNG", "WEBP")) <= 2


def test_other_photographs_are_not_alike_not_even_of_the_same_event() -> None:
    known = [told(photo(number, moment)) for number in range(30) for moment in range(2)]

    alike = [(a, b) for a in range(60) for b in range(a) if is_alike(known[a], known[b])]

    assert alike == []


def test_scanned_letters_are_not_all_alike() -> None:
    known = [told(letter(number)) for number in range(25)]

    assert all(look.endswith("p") for look in known)
    alike = [(a, b) for a in range(25) for b in range(a) if is_alike(known[a], known[b])]
    assert len(alike) <= 2, "of 300 pairs"
    assert is_alike(known[0], told(letter(0).resize((450, 640)), quality=50))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_looks_as_its_orientation_shows_it(orientation: int) -> None:
    upright = photo(2)
    lying = {1: [], 2: [0], 3: [3], 4: [1], 5: [5], 6: [2], 7: [6], 8: [4]}[orientation]
    for turn in lying:
        upright = upright.transpose(Image.Transpose(turn))
    data = raw.picture("JPEG", upright, orientation=orientation, quality=90)

    assert distance(str(likeness.of_picture(data, "JPEG")), told(photo(2), quality=90)) <= 2


@pytest.mark.parametrize("colour", ["white", "teal", "black"])
def test_a_plain_colour_looks_like_nothing(colour: str) -> None:
    facts = measuring.facts_of("polos.png", raw.picture("PNG", Image.new("RGB", (80, 60), colour)))

    assert (facts["likeness"], facts["problem"]) == (None, None)


def test_what_is_seen_through_lies_on_white() -> None:
    drawn = letter(3)
    clear = drawn.convert("RGBA")
    clear.putalpha(drawn.convert("L").point(lambda grey: 255 if grey < 128 else 0))

    assert distance(told(clear, "PNG"), told(drawn, "PNG")) <= 2


def test_malformed_notes_do_not_hide_what_a_picture_looks_like() -> None:
    target = io.BytesIO()
    photo(4).save(target, "JPEG", exif=b"Exif\0\0II*\0\xff\xff\xff\x7f\xff")

    assert is_alike(str(likeness.of_picture(target.getvalue(), "JPEG")), told(photo(4)))
