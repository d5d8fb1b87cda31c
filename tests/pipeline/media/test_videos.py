"""Videos: films that every browser plays, without a word beside them, and a still of each."""

import io
from pathlib import Path

import pytest
from PIL import Image

from demo import samples
from pipeline.media import Cleaned, budgets, clean, film_boxes, film_encoding, measure
from sop_site.errors import AnswerIsNo
from tests.pipeline.media import raw

av = pytest.importorskip("av")


def streams(data: bytes) -> list[tuple[str, str]]:
    with av.open(io.BytesIO(data)) as film:
        return [(stream.type, stream.codec_context.name) for stream in film.streams]


def frames(data: bytes) -> int:
    with av.open(io.BytesIO(data)) as film:
        return sum(1 for _ in film.decode(video=0))


def is_public(made: Cleaned) -> None:
    assert made.kind == "video"
    assert made.name.endswith(".mp4")
    assert raw.SECRET.encode() not in made.data
    assert b"+115" not in made.data
    facts = film_boxes.read(made.data)
    assert facts.index_first
    assert measure({made.name: made.data})[made.name]["problem"] is None
    assert measure({made.name: made.data})[made.name]["has_metadata"] is False
    assert made.poster is not None
    assert Image.open(io.BytesIO(made.poster.data)).format == "JPEG"
    assert made.poster.name == made.name.replace(".mp4", "-poster.jpg")


def test_a_cameras_film_is_copied_without_its_notes(tmp_path: Path) -> None:
    source = raw.film(tmp_path / "MVI 0007.MOV", "mov", "libx264", "aac")
    assert raw.SECRET.encode() in source.read_bytes(), "the test planted nothing"

    made = clean(source)

    is_public(made)
    assert streams(made.data) == [("video", "h264"), ("audio", "aac")]
    assert frames(made.data) == 12
    assert (made.name, made.width, made.height) == ("mvi-0007.mp4", 320, 180)
    assert made.duration == pytest.approx(1.0, abs=0.1)
    assert b"x264" not in made.data, "notes between the pictures (SEI) are gone too"


@pytest.mark.parametrize(
    ("name", "form", "codec", "sound"),
    [("a.mkv", "matroska", "libvpx-vp9", "libopus"), ("b.mp4", "mp4", "mpeg4", "libmp3lame"),
     ("c.webm", "webm", "libvpx", None), ("d.mov", "mov", "libx264", "pcm_s16le")],
)  # fmt: skip
def test_any_other_coding_becomes_h264_and_aac(
    tmp_path: Path, name: str, form: str, codec: str, sound: str | None
) -> None:
    made = clean(raw.film(tmp_path / name, form, codec, sound))

    is_public(made)
    assert streams(made.data) == [("video", "h264"), *([("audio", "aac")] if sound else [])]
    assert frames(made.data) == pytest.approx(12, abs=1)


@pytest.mark.parametrize("codec", ["libx264", "libvpx-vp9"], ids=["copied", "encoded"])
def test_the_same_film_gives_the_same_bytes(tmp_path: Path, codec: str) -> None:
    source = raw.film(tmp_path / "film.mkv", "matroska", codec, "libopus")

    first, second = clean(source), clean(source)

    assert first.data == second.data
    assert first.poster == second.poster


@pytest.mark.parametrize("codec", ["libx264", "mpeg4"], ids=["copied", "encoded"])
def test_a_film_made_upright_is_shown_upright(tmp_path: Path, codec: str) -> None:
    made = clean(raw.film(tmp_path / "tegak.mov", "mov", codec, "aac", turn=-90))

    with av.open(io.BytesIO(made.data)) as film:
        assert next(film.decode(video=0)).rotation == -90
    assert made.poster is not None
    assert (made.poster.width, made.poster.height) == (180, 320)
    sky = Image.open(io.BytesIO(made.poster.data)).convert("RGB")
    upper, lower = sky.getpixel((175, 160)), sky.getpixel((5, 160))
    assert isinstance(upper, tuple)
    assert isinstance(lower, tuple)
    assert upper[2] > upper[0], "the sky is where a turn to the right brings it"
    assert lower[0] > lower[2]


def test_a_film_that_is_too_heavy_is_encoded_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pipeline.media import video

    monkeypatch.setattr(budgets, "VIDEO_BYTES", 60_000)
    monkeypatch.setattr(film_encoding, "_WORST_BITS", 1_000)
    source = raw.film(
        tmp_path / "berat.mp4", "mp4", "libx264", None, seconds=3, crf="0", preset="ultrafast", g="1"
    )
    assert source.stat().st_size > 60_000

    made = video.clean("berat.mp4", "mp4", source)

    assert len(made.data) <= 60_000
    assert frames(made.data) == 36


def test_how_heavy_a_film_may_be_follows_from_its_length() -> None:
    assert film_encoding._picture_bits(10, "x") == 2_500_000
    assert 250_000 <= film_encoding._picture_bits(300, "x") < 2_500_000
    with pytest.raises(AnswerIsNo) as no:
        film_encoding._picture_bits(3600, "x")
    assert no.value.code == "media-film-too-long"
    assert no.value.values["minutes"] == 60


def test_a_film_cut_off_in_the_middle_is_refused(tmp_path: Path) -> None:
    whole = raw.film(tmp_path / "film.mp4", "mp4", "libx264", "aac").read_bytes()
    cut = raw.written(tmp_path, "potong.mp4", whole[: len(whole) // 2])

    with pytest.raises(AnswerIsNo) as no:
        clean(cut)

    assert no.value.code == "media-broken"


def test_sound_alone_is_no_film(tmp_path: Path) -> None:
    source = tmp_path / "suara.mp4"
    with av.open(str(source), "w", format="mp4") as target:
        tones = target.add_stream("aac", rate=48_000, layout="mono")
        for start in range(0, 48_000, 1024):
            target.mux(tones.encode(samples.tone(start)))
        target.mux(tones.encode(None))

    with pytest.raises(AnswerIsNo) as no:
        clean(source)

    assert no.value.code == "media-broken"
