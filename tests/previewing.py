"""``sop preview`` as a process of its own, and a browser without a window for what it answers."""

import contextlib
import http.client
import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.office import Office

ROOT = Path(__file__).resolve().parent.parent
PHONE = "127.0.0.2"
"""An address of this machine that stands for the one in the office's network."""


@dataclass(frozen=True)
class Got:
    """An answer: status, headers with small names, text."""

    status: int
    headers: dict[str, str]
    raw: bytes

    @property
    def text(self) -> str:
        return self.raw.decode("utf-8", "replace")

    @property
    def version(self) -> str:
        """Which state of the preview a page shows."""
        found = re.search(r'data-version="([^"]+)"', self.text)
        assert found is not None, self.text[:500]
        return found[1]


@dataclass
class Preview:
    """A running preview: what it said first, and ways to ask it."""

    said: dict[str, Any]
    process: "subprocess.Popen[str]"
    port: int
    sender: str = "127.0.0.2"
    """From which address the telephone asks."""

    @property
    def token(self) -> str:
        """Of the one-time link."""
        return str(self.said["phone_url"]).rpartition("/")[2]

    def ask(
        self, path: str, *, at: str = "127.0.0.1", method: str = "GET", body: str = "", **headers: str
    ) -> Got:
        """One request; ``host`` and ``cookie`` may be given among the headers."""
        source = (self.sender if at == PHONE else "127.0.0.1", 0)
        asking = http.client.HTTPConnection(at, self.port, timeout=30, source_address=source)
        given = {"Host": f"{at}:{self.port}"} | {name.capitalize(): value for name, value in headers.items()}
        if body:
            given["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            asking.request(method, path, body=body or None, headers=given)
            answer = asking.getresponse()
            named = {name.lower(): value for name, value in answer.getheaders()}
            return Got(answer.status, named, answer.read())
        finally:
            asking.close()

    def raw(self, data: bytes) -> bytes:
        """Whatever comes back for bytes that no browser would send."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=30) as asking:
            with contextlib.suppress(OSError):
                asking.sendall(data)
            pieces = []
            with contextlib.suppress(ConnectionResetError):
                while piece := asking.recv(65536):
                    pieces.append(piece)
            return b"".join(pieces)

    def changed_from(self, version: str) -> None:
        """Wait as a page does until something else is shown."""
        while json.loads(self.ask(f"/_pratinjau/tunggu?versi={version}").text)["versi"] == version:
            assert self.process.poll() is None

    def stops(self) -> int:
        """Its exit code when it is asked to end."""
        self.process.terminate()
        return self.process.wait(timeout=30)


def start(office: Office, *words: str) -> "subprocess.Popen[str]":
    """The command, as it is typed."""
    command = [sys.executable, "-m", "pipeline", "--json", "--repo", str(office.repo), "preview", *words]
    environment = {"PATH": os.environ["PATH"], "HOME": str(office.root), "TMPDIR": str(office.root)}
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True
    )


@contextlib.contextmanager
def preview(office: Office, *words: str) -> Iterator[Preview]:
    """A preview on a free port that has answered."""
    with start(office, "--port", "0", *words) as process:
        try:
            assert process.stdout is not None
            said = json.loads(process.stdout.readline())
            assert said["ok"], said
            yield Preview(said, process, int(said["url"].split("/")[2].rpartition(":")[2]))
        finally:
            process.kill()
