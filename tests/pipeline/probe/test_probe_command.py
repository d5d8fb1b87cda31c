"""``sop probe`` from the command line, on a plain repository; nothing here is put on the ledger."""

import io
import json
import subprocess
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from pipeline import cli

SITE = """\
[office]
name = "Kecamatan Percontohan"
url = "https://percontohan.go.id"
[head]
id = "camat@percontohan.go.id"
name = "Camat Percontohan"
"""
Run = Callable[..., tuple[int, dict[str, Any]]]


class Portal(BaseHTTPRequestHandler):
    """Answers every request well and remembers who asked."""

    agents: list[str] = []  # noqa: RUF012 - one list for all connections

    def do_GET(self) -> None:
        self.agents.append(self.headers["User-Agent"])
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"portal kabupaten")

    def log_message(self, *_: object) -> None:
        """Keep silent."""


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run ``sop probe …`` on a repository whose settings watch ``targets``."""
    repo = tmp_path / "office"
    monkeypatch.setattr(cli.signal, "signal", lambda *_: None)

    def go(*words: str, targets: str = "") -> tuple[int, dict[str, Any]]:
        if not repo.exists():
            repo.mkdir()
            (repo / "site.toml").write_text(SITE + targets, encoding="utf-8")
            git = [
                "git",
                "-C",
                str(repo),
                "-c",
                "user.name=Operator 1",
                "-c",
                "user.email=o@percontohan.go.id",
            ]
            subprocess.run(["git", "init", "-q", "-b", "publish", str(repo)], check=True)
            subprocess.run([*git, "add", "site.toml"], check=True)
            subprocess.run([*git, "commit", "-q", "-m", "Awal"], check=True)
        out = io.StringIO()
        with redirect_stdout(out), redirect_stderr(io.StringIO()):
            code = cli.run(["--json", "--repo", str(repo), "probe", *words])
        return code, json.loads(out.getvalue())

    return go


def test_without_targets_the_answer_is_a_sentence(run: Run) -> None:
    code, said = run("run", "--once", "--no-record")

    assert (code, said["error"]["code"]) == (1, "probe-no-targets")


def test_status_before_the_first_run_says_what_to_do(run: Run) -> None:
    code, said = run("status")

    assert (code, said["error"]["code"]) == (1, "probe-no-results")


def test_a_round_is_kept_told_and_measured(run: Run) -> None:
    server = HTTPServer(("127.0.0.1", 0), Portal)
    Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}/"
    code, said = run("run", "--once", "--no-record", targets=f'[[probe]]\nname = "Portal"\nurl = "{url}"\n')
    server.shutdown()
    server.server_close()

    assert (code, said["results"][0]["kind"], said["entry"]) == (0, "ok", None)
    assert "percontohan.go.id" in Portal.agents[-1]
    assert run("status")[1]["targets"][0]["confirmed"] is False
    assert "sop_probe_up" in run("metrics")[1]["metrics"]
    assert run("leads")[1]["leads"] == []

    code, said = run("run", "--once", "--no-record")
    assert (code, said["results"][0]["kind"]) == (1, "refused")
    run("run", "--once", "--no-record")
    assert run("status")[1]["targets"][0]["confirmed"] is True
