"""Runs a confined child to its end: within its time, only while it gets on, and never longer than we live."""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

_ANSWER_BYTES = 32 * 1024**2
_LOOKS_EVERY = 0.25
"""Seconds between two looks at the clock while a child says nothing."""
_CHUNK = 65_536


class TookTooLong(Exception):
    """The child reached its limit of time, or got no further for too long."""


@dataclass(slots=True)
class Children:
    """Those that run now, so that whoever is interrupted ends all of them, also from another thread."""

    _running: set[subprocess.Popen[bytes]] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _ended: bool = False

    def begin(self, command: Sequence[str], env: Mapping[str, str], folder: Path) -> subprocess.Popen[bytes]:
        """A child in a session of its own: a Ctrl-C at the terminal reaches us, and we end the child."""
        with self._lock:
            if self._ended:
                raise KeyboardInterrupt
            child = subprocess.Popen(
                command, env=dict(env), cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                stderr=subprocess.PIPE, start_new_session=True,
            )  # fmt: skip
            self._running.add(child)
            return child

    def end(self, child: subprocess.Popen[bytes]) -> None:
        """Stop it, and whatever it started."""
        with self._lock:
            self._running.discard(child)
        _kill(child)

    def end_all(self) -> None:
        """Stop all of them; none begins any more."""
        with self._lock:
            self._ended = True
            for child in self._running:
                _kill(child)


def answered(
    command: Sequence[str],
    env: Mapping[str, str],
    folder: Path,
    *,
    seconds: float,
    standstill: float,
    children: Children,
    advance: Callable[[float], None] = lambda _share: None,
) -> tuple[int, bytes]:
    """Exit code and standard output; ``TookTooLong`` after ``seconds``, or ``standstill`` without progress.

    A child tells how far it is (0…1) in lines on its error stream; ``advance`` gets what was added.
    """
    child = children.begin(command, env, folder)
    try:
        return _listened(child, seconds, standstill, advance)
    finally:
        children.end(child)
        child.wait()
        for stream in (child.stdout, child.stderr):
            if stream is not None:
                stream.close()


def _listened(
    child: subprocess.Popen[bytes], seconds: float, standstill: float, advance: Callable[[float], None]
) -> tuple[int, bytes]:
    began = moved = time.monotonic()
    said, told, share = bytearray(), bytearray(), 0.0
    with selectors.DefaultSelector() as waiting:
        for stream, into in ((child.stdout, said), (child.stderr, told)):
            assert stream is not None
            waiting.register(stream, selectors.EVENT_READ, into)
        while waiting.get_map():
            for key, _ in waiting.select(_LOOKS_EVERY):
                piece = os.read(key.fd, _CHUNK)
                if piece:
                    key.data.extend(piece)
                else:
                    waiting.unregister(key.fileobj)
            further = _share(told)
            if further > share:
                advance(further - share)
                share, moved = further, time.monotonic()
            now = time.monotonic()
            if now - began > seconds or now - moved > standstill:
                raise TookTooLong
            if len(said) > _ANSWER_BYTES:
                return -1, b""
    try:
        return child.wait(max(0.1, seconds - (time.monotonic() - began))), bytes(said)
    except subprocess.TimeoutExpired as error:
        raise TookTooLong from error


def _share(told: bytearray) -> float:
    """The last share that the child told; what else it babbles is thrown away."""
    lines = bytes(told).split(b"\n")
    del told[: max(0, len(told) - len(lines[-1][-64:]))]
    shares = [
        float(line) for line in lines[:-1] if line[:6].replace(b".", b"", 1).isdigit() and len(line) < 9
    ]
    return min(1.0, max(shares, default=0.0))


def _kill(child: subprocess.Popen[bytes]) -> None:
    if child.returncode is None:
        try:
            os.killpg(child.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            child.kill()
