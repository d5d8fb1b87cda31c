"""Word and Excel: a PDF where LibreOffice is installed, the file itself only when it is asked for."""

import io
import os
import shutil
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from pipeline.media import budgets, clean, measure
from sop_site import messages
from sop_site.errors import AnswerIsNo
from tests.pipeline.media import raw


@pytest.fixture
def libreoffice() -> None:
    if shutil.which("soffice") or shutil.which("libreoffice"):
        return
    if os.environ.get("SOP_REQUIRE_ALL") == "1":
        pytest.fail("LibreOffice is required (SOP_REQUIRE_ALL=1) and was not found")
    pytest.skip("LibreOffice was not found: conversion is NOT tested here")


@pytest.fixture
def listener() -> Iterator[tuple[str, list[str]]]:
    """A server on this machine that notes whoever asks it for something."""
    asked: list[str] = []

    class Noting(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        do_HEAD = do_OPTIONS = do_PROPFIND = do_GET  # noqa: N815 - the names that the server looks for

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Noting)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    thread.join()
    server.server_close()


def refusal(path: Path, *, keep: bool) -> str:
    with pytest.raises(AnswerIsNo) as no:
        clean(path, keep=keep)
    return no.value.code


def test_a_kept_file_loses_its_author_and_gives_all_its_words(tmp_path: Path) -> None:
    words = "<w:p><w:r><w:t>Komentar tersembunyi</w:t></w:r></w:p>"
    comment = f"<w:comments xmlns:w='x'><w:comment>{words}</w:comment></w:comments>"
    source = raw.docx("Jadwal pelayanan", **{"word__comments.xml": comment})

    made = clean(raw.written(tmp_path, "Jadwal.docx", source), keep=True)

    assert (made.name, made.kind, made.notes) == ("jadwal.docx", "office", ("media-office-kept",))
    with zipfile.ZipFile(io.BytesIO(made.data)) as box:
        assert not [name for name in box.namelist() if name.startswith("docProps")]
        assert all(raw.SECRET.encode() not in box.read(name) for name in box.namelist())
    assert "Jadwal pelayanan" in made.text
    assert "Komentar tersembunyi" in made.text
    facts = measure({"a.docx": made.data, "b.docx": source})
    assert (facts["a.docx"]["has_metadata"], facts["b.docx"]["has_metadata"]) == (False, True)


def test_a_kept_file_gives_the_same_bytes_each_time(tmp_path: Path) -> None:
    source = raw.written(tmp_path, "a.docx", raw.docx("Isi"))

    assert clean(source, keep=True).data == clean(source, keep=True).data


def test_a_word_that_is_half_bold_is_read_as_one(tmp_path: Path) -> None:
    halves = f"{raw.NIK[:7]}</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>{raw.NIK[7:]}"

    assert raw.NIK in clean(raw.written(tmp_path, "a.docx", raw.docx(halves)), keep=True).text


@pytest.mark.parametrize("keep", [False, True])
@pytest.mark.parametrize("name", ["a.docx", "a.docm", "foto.jpg"])
def test_macros_are_refused_whatever_the_file_is_called(tmp_path: Path, name: str, keep: bool) -> None:
    source = raw.written(tmp_path, name, raw.docx("Isi", **{"word__vbaProject.bin": b"x"}))

    assert refusal(source, keep=keep) == "media-macros"


@pytest.mark.parametrize("keep", [False, True])
def test_a_file_under_a_password_is_refused(tmp_path: Path, keep: bool) -> None:
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + "EncryptedPackage".encode("utf-16-le")

    assert refusal(raw.written(tmp_path, "a.docx", ole), keep=keep) == "media-encrypted"


@pytest.mark.parametrize(
    ("part", "body"),
    [
        ("word__embeddings__lain.xlsx", "x"),
        ("word__activeX__a.xml", "<a/>"),
        ("word___rels__document.xml.rels", raw.relations("image", "https://lain.example/a.png")),
        ("word___rels__settings.xml.rels", raw.relations("attachedTemplate", "https://lain.example/a.dotm")),
    ],
)
def test_a_kept_file_carries_and_fetches_nothing_else(tmp_path: Path, part: str, body: str) -> None:
    source = raw.written(tmp_path, "a.docx", raw.docx("Isi", **{part: body}))

    assert refusal(source, keep=True) == "media-office-carries"


def test_a_link_to_be_clicked_is_kept(tmp_path: Path) -> None:
    links = {"word___rels__document.xml.rels": raw.relations("hyperlink", "https://www.go.id/")}

    assert clean(raw.written(tmp_path, "a.docx", raw.docx("Isi", **links)), keep=True).kind == "office"


def test_a_package_that_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    source = raw.written(tmp_path, "a.docx", raw.docx("Isi", **{"word__media__a.xml": bytes(110_000_000)}))

    assert source.stat().st_size < 1_000_000
    assert refusal(source, keep=True) == "media-too-demanding"


@pytest.mark.parametrize("cut", [10, 200])
def test_a_package_that_is_not_whole_is_refused(tmp_path: Path, cut: int) -> None:
    assert refusal(raw.written(tmp_path, "a.docx", raw.docx("Isi")[:cut]), keep=True) == "media-type-refused"


def test_any_other_package_is_refused(tmp_path: Path) -> None:
    archive = raw.package({"index.html": "<p>halo</p>", "setup.exe": b"MZ"})

    assert refusal(raw.written(tmp_path, "a.docx", archive), keep=False) == "media-type-refused"


def test_without_libreoffice_the_operator_is_told_what_helps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    assert refusal(raw.written(tmp_path, "a.docx", raw.docx("Isi")), keep=False) == "media-office-unconverted"


def test_a_conversion_that_makes_nothing_is_told_as_such(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As LibreOffice does with a file that it cannot open: it ends well, and there is no PDF.
    raw.written(tmp_path, "soffice", b"#!/bin/sh\nexit 0\n").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")

    code = refusal(raw.written(tmp_path, "a.docx", raw.docx("Isi")), keep=False)
    assert code == "media-office-not-converted"


def test_a_conversion_that_does_not_end_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    child = tmp_path / "anak"
    script = f"#!/bin/sh\nsleep 300 &\necho $! > {child}\nwait\n"
    raw.written(tmp_path, "soffice", script.encode()).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setattr(budgets, "OFFICE_SECONDS", 0.7)

    assert refusal(raw.written(tmp_path, "a.docx", raw.docx("Isi")), keep=False) == "media-took-too-long"
    running = Path("/proc", child.read_text().strip(), "cmdline")
    assert not (running.exists() and running.read_bytes()), "what the program started is ended too"


@pytest.mark.usefixtures("libreoffice")
def test_a_word_file_becomes_a_document_that_is_public(
    tmp_path: Path, listener: tuple[str, list[str]]
) -> None:
    url, asked = listener
    picture = raw.linked_picture("r9")
    words = f"Jadwal pelayanan</w:t></w:r>{picture}<w:r><w:t>"
    links = {"word___rels__document.xml.rels": raw.relations("image", f"{url}/pelacak.png")}

    made = clean(raw.written(tmp_path, "Jadwal Kantor.docx", raw.docx(words, **links)))

    assert (made.name, made.kind, made.pages) == ("jadwal-kantor.pdf", "document", 1)
    assert "Jadwal pelayanan" in made.text
    assert raw.SECRET.encode() not in made.data
    assert b"LibreOffice" not in made.data
    assert asked == [], "nothing is fetched that a document only points to"


@pytest.mark.parametrize(
    "picture", [b"\xff\xd8\xff\xe1\x40\x00Exif", b"GPS -8.1083 115.0889"], ids=["cut off", "no picture"]
)
def test_a_photograph_that_cannot_be_freed_of_its_place_refuses_the_file(
    tmp_path: Path, picture: bytes
) -> None:
    sound = raw.written(
        tmp_path, "baik.docx", raw.docx("Isi", **{"word__media__image1.jpg": raw.picture("JPEG")})
    )
    broken = raw.written(tmp_path, "rusak.docx", raw.docx("Isi", **{"word__media__image1.jpg": picture}))

    assert clean(sound, keep=True).kind == "office"
    with pytest.raises(AnswerIsNo) as no:
        clean(broken, keep=True)

    assert no.value.code == "media-metadata-stays"
    assert "rusak.docx" in messages.say("id", no.value.code, **no.value.values)
