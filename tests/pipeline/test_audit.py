"""Every served byte against the manifest: from a folder, over HTTP, and through the command."""

import functools
import hashlib
import http.server
import json
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline import cli
from pipeline.audit import audit_folder, audit_url
from sop_site import manifest
from sop_site.errors import AnswerIsNo, ServiceSilent

FILES = {"index.html": b"beranda", "berita/a b/index.html": b"berita", "foto#1.jpg": b"\xff\xd8"}


class Quiet(http.server.SimpleHTTPRequestHandler):
    """A web server that says nothing about its visitors, and one address that leads elsewhere."""

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        if (Path(str(self.directory)) / "pindah").exists() and self.path == "/index.html":
            self.send_response(302)
            self.send_header("Location", "/berita/a%20b/index.html")
            self.end_headers()
            return
        super().do_GET()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "situs"
    for name, data in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(data)
    digests = {name: hashlib.sha256(data).hexdigest() for name, data in FILES.items()}
    (root / manifest.NAME).write_bytes(manifest.of(digests).text())
    return root


@pytest.fixture
def url(folder: Path) -> Iterator[str]:
    handler = functools.partial(Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_an_untouched_folder_is_good(folder: Path) -> None:
    found = audit_folder(folder)

    assert not found.differences
    assert found.files == 3
    assert found.output_digest[7:] == hashlib.sha256((folder / manifest.NAME).read_bytes()).hexdigest()


def test_every_departure_of_a_folder_is_named(folder: Path) -> None:
    (folder / "index.html").write_bytes(b"Beranda")
    (folder / "foto#1.jpg").unlink()
    (folder / ".htaccess").write_bytes(b"")
    (folder / "pintu").symlink_to("index.html")

    found = audit_folder(folder).differences

    assert found.changed == ("index.html",)
    assert found.missing == ("foto#1.jpg",)
    assert found.added == (".htaccess", "pintu")


def test_an_untouched_site_is_good_over_the_network(url: str) -> None:
    steps: list[int] = []

    found = audit_url(url + "/", steps.append)

    assert not found.differences
    assert sum(steps) == found.files == 3


def test_departures_are_seen_over_the_network(folder: Path, url: str) -> None:
    (folder / "foto#1.jpg").write_bytes(b"lain")
    (folder / "berita/a b/index.html").unlink()
    (folder / "pindah").touch()

    found = audit_url(url).differences

    assert found.changed == ("foto#1.jpg",)
    assert found.missing == ("berita/a b/index.html", "index.html")


@pytest.mark.parametrize(
    "text",
    [
        b"x",
        b"\xff\n",
        b"0" * 64 + b" index.html\n",
        b"0" * 64 + b"  ../rahasia\n",
        b"0" * 64 + b"  /etc/passwd\n",
        (b"0" * 64 + b"  a\n") * 2,
        b"0" * 64 + b"  a",
    ],
)
def test_a_manifest_out_of_form_is_not_followed(folder: Path, url: str, text: bytes) -> None:
    (folder / manifest.NAME).write_bytes(text)

    for look in (lambda: audit_folder(folder), lambda: audit_url(url)):
        with pytest.raises(AnswerIsNo, match="audit-manifest-broken"):
            look()


def test_a_place_without_a_manifest_is_no_site_of_ours(folder: Path, url: str) -> None:
    (folder / manifest.NAME).unlink()

    for look in (lambda: audit_folder(folder), lambda: audit_url(url)):
        with pytest.raises(AnswerIsNo, match="audit-no-manifest"):
            look()
    with pytest.raises(AnswerIsNo, match="audit-nothing-there"):
        audit_folder(folder / "tidak-ada")


def test_a_server_that_does_not_answer_is_an_outside_service() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(ServiceSilent, match="audit-silent"):
            audit_url(f"http://127.0.0.1:{taken.getsockname()[1]}")


def test_the_command_needs_no_repository(
    folder: Path, url: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli.signal, "signal", lambda *_: None)
    monkeypatch.chdir(folder.parent)
    for place in (str(folder), "situs", url):
        assert cli.run(["--json", "audit", place]) == 0
        told = json.loads(capsys.readouterr().out)
        assert (told["ok"], told["files"]) == (True, 3)
        assert told["changed"] == told["missing"] == told["added"] == []

    (folder / "index.html").write_bytes(b"lain")
    for place in (str(folder), url):
        assert cli.run(["--json", "audit", place]) == 1
        assert json.loads(capsys.readouterr().out)["changed"] == ["index.html"]
    assert cli.run(["audit", str(folder)]) == 1
    assert "BERUBAH index.html" in capsys.readouterr().out
