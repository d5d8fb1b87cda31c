"""Pictures at the door: pixels in, pixels out, and nothing else."""

import io
from pathlib import Path

import pytest
from PIL import Image, ImageCms

from pipeline.media import clean, containers, measure
from sop_site.errors import AnswerIsNo
from tests.pipeline.media import raw

FORMS = ["JPEG", "PNG", "WEBP", "TIFF", "GIF", "BMP", "AVIF", "HEIF"]


def taken(folder: Path, name: str, data: bytes) -> Image.Image:
    made = clean(raw.written(folder, name, data))
    image = Image.open(io.BytesIO(made.data))
    assert image.size == (made.width, made.height)
    return image


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_draft_is_told_what_its_pictures_are(form: str) -> None:
    told = measure({"a.x": raw.picture(form)})["a.x"]

    assert (told["width"], told["height"], told["problem"], told["has_metadata"]) == (640, 480, None, True)


def refusal(folder: Path, name: str, data: bytes) -> str:
    with pytest.raises(AnswerIsNo) as no:
        clean(raw.written(folder, name, data))
    return no.value.code


@pytest.mark.parametrize("form", FORMS)
def test_no_word_and_no_place_survives_in_any_form(tmp_path: Path, form: str) -> None:
    if form == "HEIF":
        pytest.importorskip("pillow_heif").register_heif_opener()
    source = raw.picture(form)
    assert form == "BMP" or raw.SECRET.encode() in source, "the test planted nothing"

    made = clean(raw.written(tmp_path, f"foto.{form.lower()}", source))

    assert raw.SECRET.encode() not in made.data
    assert made.name.rpartition(".")[2] in ("jpg", "png", "webp")
    image = Image.open(io.BytesIO(made.data))
    assert not image.getexif()
    assert not image.getexif().get_ifd(0x8825)
    assert set(image.info) <= {
        "jfif",
        "jfif_version",
        "jfif_unit",
        "jfif_density",
        "progressive",
        "progression",
    }
    assert measure({made.name: made.data})[made.name]["has_metadata"] is False
    assert measure({"asli.jpg": raw.picture("JPEG")})["asli.jpg"]["has_metadata"] is True


@pytest.mark.parametrize(
    ("orientation", "corner"),
    [(1, (0, 0)), (3, (1, 1)), (6, (1, 0)), (8, (0, 1)), (2, (1, 0)), (4, (0, 1))],
)
def test_a_picture_stands_upright_as_its_camera_said(
    tmp_path: Path, orientation: int, corner: tuple[int, int]
) -> None:
    image = taken(tmp_path, "foto.jpg", raw.picture("JPEG", orientation=orientation)).convert("RGB")

    assert image.size == ((480, 640) if orientation in (6, 8) else (640, 480))
    place = tuple(10 if side == 0 else length - 10 for side, length in zip(corner, image.size, strict=True))
    red, green, _ = image.getpixel((place[0], place[1]))  # type: ignore[misc]
    assert red > 180
    assert green < 80


def test_a_large_noisy_photograph_is_brought_within_the_budgets(tmp_path: Path) -> None:
    noise = Image.effect_noise((4200, 3000), 90).convert("RGB")

    made = clean(raw.written(tmp_path, "besar.jpg", raw.picture("JPEG", noise, quality=90)))

    assert len(made.data) <= 500_000
    assert max(made.width or 0, made.height or 0) <= 2400
    assert abs((made.width or 0) / (made.height or 1) - 1.4) < 0.01


def test_a_small_picture_is_not_enlarged(tmp_path: Path) -> None:
    assert taken(tmp_path, "kecil.jpg", raw.picture("JPEG", raw.scene(80, 60))).size == (80, 60)


def test_the_same_picture_gives_the_same_bytes(tmp_path: Path) -> None:
    source = raw.written(tmp_path, "foto.jpg", raw.picture("JPEG", raw.scene(3000, 2000)))

    assert clean(source).data == clean(source).data


@pytest.mark.parametrize("mode", ["L", "LA", "P", "RGBA", "1", "I;16"])
def test_odd_kinds_of_pixels_become_ordinary_ones(tmp_path: Path, mode: str) -> None:
    drawn = Image.new("I;16", (60, 40), 40_000) if mode == "I;16" else raw.scene(60, 40, mode)

    assert taken(tmp_path, "aneh.png", raw.picture("PNG", drawn)).mode in ("RGB", "RGBA")


def test_what_is_see_through_stays_so(tmp_path: Path) -> None:
    drawn = raw.scene(60, 40, "RGBA")
    drawn.putalpha(Image.linear_gradient("L").resize((60, 40)))

    image = taken(tmp_path, "lambang.png", raw.picture("PNG", drawn))

    assert image.mode == "RGBA"
    assert image.getchannel("A").getextrema() != (255, 255)


def test_colours_of_another_colour_space_are_translated(tmp_path: Path) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    plain = taken(tmp_path, "satu.jpg", raw.picture("JPEG"))
    odd = taken(tmp_path, "dua.jpg", raw.picture("JPEG", icc_profile=profile))

    assert "icc_profile" not in odd.info
    assert odd.getpixel((5, 5)) == plain.getpixel((5, 5)), "a profile that does not fit is ignored"


def test_a_printers_picture_is_shown_in_the_screens_colours(tmp_path: Path) -> None:
    image = taken(tmp_path, "cetak.jpg", raw.picture("JPEG", raw.scene(60, 40, "CMYK")))

    assert image.mode == "RGB"


def test_a_moving_picture_is_kept_as_a_still_and_the_operator_is_told(tmp_path: Path) -> None:
    frames = [raw.scene(60, 40), raw.scene(60, 40).rotate(180)]
    data = raw.picture("GIF", frames[0], save_all=True, append_images=frames[1:], duration=100)

    made = clean(raw.written(tmp_path, "gerak.gif", data))

    assert made.notes == ("media-animation-lost",)
    assert made.name == "gerak.png"


def test_the_name_follows_the_content_and_not_the_other_way_round(tmp_path: Path) -> None:
    made = clean(raw.written(tmp_path, "Foto Pantai (1).PNG", raw.picture("JPEG")))

    assert made.name == "foto-pantai-1.jpg"


@pytest.mark.parametrize("name", ["日本.jpg", "...jpg", "-.jpg", "A" * 200 + ".jpg"])
def test_any_name_becomes_a_plain_one(tmp_path: Path, name: str) -> None:
    made = clean(raw.written(tmp_path, name, raw.picture("JPEG", raw.scene(20, 20))))

    assert made.name.removesuffix(".jpg").replace("-", "").isalnum()
    assert len(made.name) <= 64


def test_what_is_hung_onto_a_picture_falls_off(tmp_path: Path) -> None:
    hung = raw.picture("JPEG") + raw.package({"index.html": "<script>alert(1)</script>"})

    made = clean(raw.written(tmp_path, "dua.jpg", hung))

    assert b"index.html" not in made.data
    assert containers.has_metadata("jpg", hung)


@pytest.mark.parametrize("cut", [3, 20, 300, 2000])
def test_a_picture_that_is_not_whole_is_refused(tmp_path: Path, cut: int) -> None:
    data = raw.picture("JPEG", Image.effect_noise((400, 300), 90).convert("RGB"))

    assert refusal(tmp_path, "potong.jpg", data[:cut]) == "media-broken"


def test_a_picture_that_claims_too_large_a_surface_is_not_unpacked(tmp_path: Path) -> None:
    assert refusal(tmp_path, "bom.png", raw.png_bomb()) == "media-too-many-pixels"


@pytest.mark.parametrize(
    "data",
    [b"", b"MZ\x90\x00" + bytes(200), b"\x7fELF" + bytes(200), b"#!/bin/sh\nrm -rf /\n",
     b"<html><svg></svg></html>", b"<?php system('id');", bytes(1000)],
)  # fmt: skip
def test_what_is_no_medium_is_refused_whatever_it_is_called(tmp_path: Path, data: bytes) -> None:
    assert refusal(tmp_path, "foto.jpg", data) == "media-type-refused"
