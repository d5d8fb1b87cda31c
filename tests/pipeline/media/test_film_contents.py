"""What lies in a public film: pictures and sound, and not a byte besides."""

import io
import struct
from pathlib import Path

import pytest

from pipeline.media import budgets, clean, film_boxes, film_encoding, h264_units, measure, video
from sop_site.errors import AnswerIsNo
from tests.pipeline.media import raw

av = pytest.importorskip("av")
SECRET = raw.SECRET.encode()


@pytest.fixture(scope="module")
def camera(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A film as a camera makes it: its table of contents, with the notes, behind the pictures."""
    return raw.film(tmp_path_factory.mktemp("kamera") / "a.mov", "mov", "libx264", "aac").read_bytes()


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory, camera: bytes) -> bytes:
    return clean(raw.written(tmp_path_factory.mktemp("umum"), "a.mov", camera)).data


def box(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body) + 8) + name + body


def packets(data: bytes, kind: str) -> list[bytes]:
    with av.open(io.BytesIO(data)) as film:
        track = film.streams.video[0] if kind == "video" else film.streams.audio[0]
        return [bytes(packet) for packet in film.demux(track) if packet.size]


def settings_of(data: bytes) -> h264_units.Settings:
    with av.open(io.BytesIO(data)) as film:
        return h264_units.settings(film.streams.video[0].codec_context.extradata)


def with_units(data: bytes, *units: bytes) -> bytes:
    """The same film in an mkv, each picture with ``units`` in front of it."""
    target = io.BytesIO()
    extra = b"".join(len(unit).to_bytes(4, "big") + unit for unit in units)
    with av.open(io.BytesIO(data)) as film, av.open(target, "w", format="matroska") as fresh:
        track = film.streams.video[0]
        copied = fresh.add_stream_from_template(track)
        for packet in film.demux(track):
            if packet.dts is not None:
                made = av.Packet(extra + bytes(packet))
                made.pts, made.dts, made.time_base = packet.pts, packet.dts, packet.time_base
                made.is_keyframe, made.stream = packet.is_keyframe, copied
                fresh.mux(made)
    return target.getvalue()


def pointed_at_notes(data: bytes, track: int) -> bytes:
    """The film with its table naming the notes where the first samples of a track should lie."""
    made, place = bytearray(data), -1
    for _ in range(track + 1):
        place = data.index(b"stco", place + 1)
    made[place + 12 : place + 16] = struct.pack(">I", data.index(SECRET) - 8)
    return bytes(made)


def outcome(folder: Path, data: bytes) -> bytes:
    """The public film, or the code with which it was refused as broken."""
    try:
        return clean(raw.written(folder, "a.mov", data)).data
    except AnswerIsNo as no:
        return {"media-broken": b"broken"}[no.code]


def test_every_packet_of_a_copied_film_is_made_of_pictures_behind_their_lengths(
    camera: bytes, public: bytes
) -> None:
    known = settings_of(public)

    for packet in packets(public, "video"):
        assert h264_units.pictures_only(packet, known) == packet
    assert known.sequence == settings_of(camera).sequence
    assert len(packets(public, "video")) == 12
    assert packets(public, "video")[1] in packets(camera, "video"), "it is copied, not encoded anew"


def test_what_stands_between_the_tones_is_not_copied(camera: bytes, public: bytes) -> None:
    assert not set(packets(camera, "audio")) & set(packets(public, "audio"))
    assert b"Lavc" in b"".join(packets(camera, "audio")), "the test planted nothing"
    assert b"Lavc" not in b"".join(packets(public, "audio"))


@pytest.mark.parametrize("track", [0, 1], ids=["pictures", "sound"])
def test_notes_that_the_table_calls_pictures_or_sound_do_not_come_out(
    tmp_path: Path, camera: bytes, track: int
) -> None:
    made = pointed_at_notes(camera, track)
    kind = "video" if track == 0 else "audio"
    assert any(SECRET in packet for packet in packets(made, kind)), "the test planted nothing"

    # What the words do to a decoder is up to it: it stumbles over them, or makes noise of them.
    assert SECRET not in outcome(tmp_path, made)


@pytest.mark.parametrize("kind", [6, 12, 24, 30], ids=["notes", "padding", "unknown-24", "unknown-30"])
def test_units_that_are_no_pictures_do_not_come_out(tmp_path: Path, public: bytes, kind: int) -> None:
    source = with_units(public, bytes([kind]) + SECRET + b"\x80")
    assert SECRET in source

    made = clean(raw.written(tmp_path, "a.mkv", source))

    assert SECRET not in made.data
    assert measure({"a.mp4": made.data})["a.mp4"]["has_metadata"] is False


def test_words_behind_a_picture_put_the_film_in_doubt(public: bytes) -> None:
    known, packet = settings_of(public), packets(public, "video")[1]
    length = int.from_bytes(packet[:4], "big")
    longer = (length + 30).to_bytes(4, "big") + packet[4 : 4 + length] + b"Kantor Camat, lantai dua, pagi"

    with pytest.raises(h264_units.InDoubtError):
        h264_units.pictures_only(longer, known)


@pytest.mark.parametrize("damage", [b"", b"\0\0\0\x01\x67", b"\x01d\0\x0c\xff\xe1\0\x19" + b"g" * 9])
def test_settings_that_are_none_put_the_film_in_doubt(damage: bytes) -> None:
    with pytest.raises(h264_units.InDoubtError):
        h264_units.settings(damage)


def test_padding_behind_the_settings_is_not_repeated(public: bytes) -> None:
    known = settings_of(public)

    assert h264_units.settings(known.packed() + SECRET).packed() == known.packed()
    with pytest.raises(h264_units.InDoubtError):
        h264_units.settings(known.packed().replace(known.pictures[0], SECRET[: len(known.pictures[0])]))


def grown(data: bytes, more: bytes) -> bytes:
    """The film with bytes behind its last sample, inside the box for media."""
    place = data.index(b"mdat") - 4
    size = int.from_bytes(data[place : place + 4], "big")
    assert place + size == len(data), "media are last"
    return data[:place] + struct.pack(">I", size + len(more)) + data[place + 4 :] + more


def dated(data: bytes, name: bytes) -> bytes:
    place = data.index(name) + 8
    return data[:place] + struct.pack(">I", 3_800_000_000) + data[place + 4 :]


STRANGERS = {
    "padding with words": lambda data: data + box(b"free", SECRET),
    "a box of no known name": lambda data: data + box(b"uuid", bytes(16) + SECRET),
    "a camera's own box": lambda data: data + box(b"CNTH", SECRET),
    "notes": lambda data: data + box(b"udta", box(b"name", SECRET)),
    "bytes behind the last sample": lambda data: grown(data, SECRET),
    "when it was made": lambda data: dated(data, b"mvhd"),
    "when the track was made": lambda data: dated(data, b"tkhd"),
    "when the media were made": lambda data: dated(data, b"mdhd"),
    "a track with a name": lambda data: data.replace(b"VideoHandler", b"Kamera Bu Ni"),
    "an unknown box in a table": lambda data: data.replace(b"stss", b"note"),
}


@pytest.mark.parametrize("name", STRANGERS)
def test_whatever_else_lies_in_a_film_counts_as_metadata(public: bytes, name: str) -> None:
    made = STRANGERS[name](public)

    assert film_boxes.read(public).has_metadata is False
    assert made != public
    assert film_boxes.read(made).has_metadata is True


def test_empty_padding_says_nothing(public: bytes) -> None:
    assert film_boxes.read(public + box(b"free", bytes(40))).has_metadata is False


def test_a_film_that_keeps_what_it_should_not_is_refused(
    tmp_path: Path, camera: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pipeline.media import film_copying

    source = raw.written(tmp_path, "a.mov", camera)
    # As if the library wrote a note of its own, as one of its later versions may.
    monkeypatch.setattr(film_copying, "_OPTIONS", {"movflags": "+faststart"})

    with pytest.raises(AnswerIsNo) as no:
        video.clean("a.mov", "mov", source)

    assert no.value.code == "media-metadata-stays"


def test_a_film_in_doubt_is_encoded_anew(
    tmp_path: Path, camera: bytes, public: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    encoded: list[str] = []
    encode = film_encoding.encode

    def noting(*given: object, **named: object) -> None:
        encoded.append(str(named["name"]))
        encode(*given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(film_encoding, "encode", noting)
    doubtful = with_units(public, b"\x18" + SECRET + b"\x80")

    video.clean("jelas.mov", "mov", raw.written(tmp_path, "a.mov", camera))
    made = video.clean("ragu.mkv", "mkv", raw.written(tmp_path, "b.mkv", doubtful))

    assert encoded == ["ragu.mkv"]
    assert len(made.data) < budgets.VIDEO_BYTES
