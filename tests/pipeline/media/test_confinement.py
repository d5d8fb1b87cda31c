"""The child that opens foreign files: its limits hold, and its parent believes it no further than it must."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pipeline.media import budgets, clean, confinement, identify, measure
from pipeline.media.cleaned import PUBLIC_NAME, public_name
from sop_site import messages
from sop_site.errors import AnswerIsNo
from tests.pipeline.media import raw

ROOT = Path(__file__).resolve().parents[3]
GOOD = {"name": "foto.jpg", "data": "made", "kind": "picture", "notes": []}


def says(answer: object, code: int = 0) -> tuple[int, bytes]:
    return code, (json.dumps(answer) + "\n").encode()


def test_a_child_that_dies_or_babbles_is_a_refusal() -> None:
    for done in (
        (-9, b""),
        (0, b"halo"),
        says({"cleaned": GOOD}, code=1),
        says([1, 2]),
    ):
        with pytest.raises(AnswerIsNo) as no:
            confinement._answer(*done, "foto.jpg")
        assert no.value.code == "media-too-demanding"


def test_a_code_that_no_catalogue_knows_counts_as_broken() -> None:
    with pytest.raises(AnswerIsNo) as no:
        confinement._answer(*says({"refused": "draft-missing", "values": {"draft": [1]}}), "foto.jpg")

    assert no.value.code == "media-broken"
    assert no.value.values == {"name": "foto.jpg"}


@pytest.mark.parametrize(
    "lie",
    [
        {"name": "../../index.md"},
        {"name": "indeks md"},
        {"name": "foto.jpg\n"},
        {"name": None},
        {"kind": "page"},
    ],
)
def test_what_a_child_calls_its_file_cannot_lead_elsewhere(tmp_path: Path, lie: dict[str, Any]) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "made").write_bytes(b"x")
    assert confinement._believed(dict(GOOD), "foto.jpg", tmp_path).data == b"x"

    with pytest.raises(AnswerIsNo):
        confinement._believed(GOOD | lie, "foto.jpg", tmp_path)


def test_a_link_in_the_childs_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "made").symlink_to(raw.written(tmp_path, "rahasia", b"x"))

    with pytest.raises(AnswerIsNo):
        confinement._believed(dict(GOOD), "foto.jpg", tmp_path)


def test_time_is_limited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budgets, "WALL_SECONDS", 0.01)

    with pytest.raises(AnswerIsNo) as no:
        clean(raw.written(tmp_path, "foto.jpg", raw.picture("JPEG")))

    assert no.value.code == "media-took-too-long"


def test_memory_computing_time_and_files_are_limited_before_anything_is_loaded() -> None:
    program = (
        "import resource, sys\n"
        "from pipeline.media import budgets, child, limits\n"
        "limits.confine(budgets.CPU_SECONDS)\n"
        "loaded = {'PIL', 'pikepdf', 'pypdfium2', 'av', 'lxml', 'pydantic', 'git'} & set(sys.modules)\n"
        "limits = [resource.getrlimit(n) for n in (resource.RLIMIT_AS, resource.RLIMIT_DATA,\n"
        "          resource.RLIMIT_CPU, resource.RLIMIT_FSIZE, resource.RLIMIT_CORE)]\n"
        "try:\n    bytes(1024**3)\n    held = False\n"
        "except MemoryError:\n    held = True\n"
        "print(sorted(loaded), limits, held)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )
    bounds = (
        budgets.MEMORY_BYTES, budgets.HELD_BYTES, budgets.CPU_SECONDS, budgets.WRITTEN_BYTES, 0,
    )  # fmt: skip
    limits = [(limit,) * 2 for limit in bounds]

    assert done.stdout.strip() == f"[] {limits} True", done.stderr


def test_a_file_of_any_length_is_not_read_into_memory(tmp_path: Path) -> None:
    huge = tmp_path / "besar.mp4"
    with huge.open("wb") as file:
        file.truncate(budgets.READ_BYTES + 1)

    with pytest.raises(AnswerIsNo) as no:
        clean(huge)

    assert no.value.code == "media-too-big"


@pytest.mark.parametrize("name", ["tidak-ada.jpg", "."])
def test_what_is_no_file_is_unreadable(tmp_path: Path, name: str) -> None:
    with pytest.raises(AnswerIsNo) as no:
        clean(tmp_path / name)

    assert no.value.code == "media-unreadable"


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipa.jpg")

    with pytest.raises(AnswerIsNo) as no:
        clean(tmp_path / "pipa.jpg")

    assert no.value.code == "media-unreadable"


@pytest.mark.parametrize(("library", "kind"), [("av", "mp4"), ("pillow_heif", "heic")])
def test_a_missing_extra_is_named_with_its_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, library: str, kind: str
) -> None:
    from pipeline.media import cleaning

    head = {"mp4": b"\0\0\0\x18ftypisom", "heic": b"\0\0\0\x18ftypheic"}[kind]
    monkeypatch.setitem(sys.modules, library, None)

    with pytest.raises(AnswerIsNo) as no:
        cleaning.clean(f"a.{kind}", raw.written(tmp_path, f"a.{kind}", head + bytes(500)), keep=False)

    assert no.value.code == "extra-missing"
    assert "sop-site[media]" in messages.advice("id", "extra-missing", **no.value.values)


def test_facts_of_good_files_survive_a_bad_one_beside_them() -> None:
    facts = measure(
        {"a.png": raw.png_bomb(), "b.jpg": raw.picture("JPEG"), "c.pdf": b"%PDF-1.7\n" + bytes(99)}
    )

    assert facts["a.png"]["problem"] == "media-too-many-pixels"
    assert (facts["b.jpg"]["problem"], facts["b.jpg"]["width"]) == (None, 640)
    assert facts["c.pdf"]["problem"] == "media-broken"


def test_every_refusal_and_every_note_has_its_words() -> None:
    for code in confinement.REFUSALS | confinement.NOTES:
        for lang in messages.LANGUAGES:
            values = dict.fromkeys(
                ("name", "bytes", "limit", "seconds", "extra", "library", "what", "minutes", "most"), 1
            )
            assert "{" not in messages.say(lang, code, **values), code
            assert messages.advice(lang, code, **values), code


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"\xff\xd8\xff\xe0", "jpg"), (b"\x89PNG\r\n\x1a\n", "png"), (b"RIFF\0\0\0\0WEBP", "webp"),
        (b"GIF89a", "gif"), (b"II*\x00", "tiff"), (b"%PDF-1.7", "pdf"),
        (b"\x1aE\xdf\xa3\x84\x42\x82\x84webm", "webm"),
        (b"\x1aE\xdf\xa3\x8b\x42\x82\x88matroska", "mkv"), (b"\x1aE\xdf\xa3", None),
        (b"\0\0\0\x14ftypqt  ", "mov"), (b"\0\0\0\x18ftypmif1\0\0\0\0mif1avif", "avif"),
        (b"\0\0\0\x18ftypheic", "heic"), (b"\0\0\0\x18ftypxxxx", None), (b"RIFF\0\0\0\0AVI ", None),
        (b"\xef\xbb\xbfWEBVTT\n", "vtt"), (b'<?xml version="1.0"?><svg ', "svg"),
        (b"<html><svg ", None), (b"BM" + bytes(20), "bmp"), (b"PK\x03\x04" + bytes(40), None),
    ],
)  # fmt: skip
def test_the_first_bytes_tell_the_type(head: bytes, kind: str | None) -> None:
    assert identify.true_type(head) == kind


@pytest.mark.parametrize(
    "source", ["Foto Pantai (1).JPG", "C:\\foto\\a.jpg", "é́ü.png", "", "a--b.x", "ünïcode name"]
)
def test_every_name_becomes_one_that_may_stand_beside_a_page(source: str) -> None:
    assert PUBLIC_NAME.fullmatch(public_name(source, "jpg"))
