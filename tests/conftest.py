"""The room in which every test works: no outer git, no settings, no keys, no network but loopback."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.office import Office

_OUTER = ("GIT_", "SOP_", "SSH_", "XDG_", "LC_", "NO_COLOR", "PAGER", "EMAIL", "PYTHONUTF8")
_LOOPBACK = ("127.", "::1", "localhost", "0.0.0.0")


@pytest.fixture(autouse=True)
def sealed_room(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A home of its own, and a time zone and locale in which careless code shows."""
    for name in list(os.environ):
        if (name == "CI" or name.startswith(_OUTER)) and name != "SOP_REQUIRE_ALL":
            monkeypatch.delenv(name)
    home = tmp_path_factory.mktemp("rumah")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_CACHE_HOME", str(home / "cache"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home / "config"))
    monkeypatch.setenv("LANG", "tr_TR.UTF-8")
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    time.tzset()
    yield home
    monkeypatch.undo()
    time.tzset()


@pytest.fixture(autouse=True)
def no_outer_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sockets reach this machine only; names other than localhost do not resolve."""
    connect, look_up = socket.socket.connect, socket.getaddrinfo

    def near(host: object) -> bool:
        return host is None or str(host).startswith(_LOOPBACK) or str(host) == ""

    def guarded_connect(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and not near(address[0]):
            raise AssertionError(f"a test tried to reach {address!r}")
        connect(self, address)

    def guarded_look_up(host: Any, *arguments: Any, **options: Any) -> Any:
        if not near(host.decode() if isinstance(host, bytes) else host):
            raise socket.gaierror(socket.EAI_NONAME, "no network in tests")
        return look_up(host, *arguments, **options)

    monkeypatch.setattr(socket.socket, "connect", guarded_connect)
    monkeypatch.setattr(socket, "getaddrinfo", guarded_look_up)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """A freshly opened office: repository, keys and trust file, and the clock on a Monday morning."""
    # Imported here: most tests need no office, and should not wait for git and the whole pipeline.
    from tests.office import Office

    return Office(tmp_path)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever tells a story in an office works on real git."""
    for item in items:
        if "office" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.git)
