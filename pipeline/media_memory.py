"""What was learned of files by looking into them, in the user's own cache folder: for speed alone.

    <cache>/sop-site/media/<version of what measures>.sqlite      kind, key → value, each row under a seal

Keys are hashes of bytes that we computed ourselves. The seal is an HMAC by the key in the user's state
folder: a row that came from elsewhere counts as none, and a row that is missing is learned again. Nothing in
a repository can add to it, and what an approval waits for is measured anew.
"""

import hashlib
import hmac
import json
import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from importlib import metadata
from pathlib import Path
from typing import Any

from pipeline import caching, memory

_LIBRARIES = ("pillow", "pikepdf", "pypdfium2", "lxml")
_LEARNERS = (
    "pipeline/media/*.py", "pipeline/media_*.py", "sop_site/content/*.py", "sop_site/media_search.py",
    "sop_site/settings.py",
)  # fmt: skip
"""Whatever decides what a value says."""
_AT_ONCE = 500
_BYTES = 1024**3
"""A memory that grew larger than this is thrown away and begun anew."""
_DAYS = 60
_PATIENCE = 5.0
"""Seconds to wait for another run that writes."""


class MediaMemory:
    """Values that JSON can hold, by kind and key; without a file it remembers nothing."""

    def __init__(self, file: Path | None, secret: bytes = b"") -> None:
        self._secret = secret
        self._rows: sqlite3.Connection | None = None
        if file is not None:
            with suppress(OSError, sqlite3.Error):
                self._rows = _opened(file)

    @property
    def is_kept(self) -> bool:
        """Whether anything that is put here will be there again."""
        return self._rows is not None

    def known(self, kind: str, keys: Iterable[str]) -> dict[str, Any]:
        """What is remembered of these keys."""
        found: dict[str, Any] = {}
        wanted = list(dict.fromkeys(keys))
        for start in range(0, len(wanted) if self._rows is not None else 0, _AT_ONCE):
            part = wanted[start : start + _AT_ONCE]
            marks = ",".join("?" * len(part))
            # Only question marks are put into the words of the query.
            query = f"SELECT key, value, seal FROM known WHERE kind = ? AND key IN ({marks})"  # noqa: S608
            for key, value, seal in self._asked(query, (kind, *part)):
                if self._is_sealed(kind, key, value, seal):
                    with suppress(ValueError):
                        found[key] = json.loads(value)
        return found

    def learn(self, kind: str, values: Mapping[str, Any]) -> None:
        """Remember these; a medium that is full or broken is no reason to stop."""
        if self._rows is None or not values:
            return
        rows = []
        for key, value in values.items():
            body = json.dumps(value, separators=(",", ":")).encode("ascii")
            rows.append((kind, key, body, self._seal(kind, key, body)))
        with suppress(sqlite3.Error), self._rows:
            self._rows.executemany("INSERT OR REPLACE INTO known VALUES (?, ?, ?, ?)", rows)

    def close(self) -> None:
        """Let the file go."""
        if self._rows is not None:
            self._rows.close()
            self._rows = None

    def _asked(self, query: str, values: tuple[str, ...]) -> list[tuple[Any, Any, Any]]:
        assert self._rows is not None
        try:
            return self._rows.execute(query, values).fetchall()
        except sqlite3.Error:
            # Damaged since it was opened: what is asked for is learned again.
            return []

    def _seal(self, kind: str, key: str, body: bytes) -> bytes:
        return hmac.digest(self._secret, f"{kind}\n{key}\n".encode() + body, "sha256")

    def _is_sealed(self, kind: str, key: str, value: object, seal: object) -> bool:
        if not isinstance(value, bytes) or not isinstance(seal, bytes):
            return False
        return hmac.compare_digest(self._seal(kind, key, value), seal)


@contextmanager
def opened(repo: Path, git_folder: Path) -> Iterator[MediaMemory]:
    """The user's memory, which never lies within ``repo``; an empty one where there can be none."""
    file, secret = None, b""
    if not caching.is_off():
        with suppress(OSError, RuntimeError, metadata.PackageNotFoundError):
            file, secret = _place(caching.grounds(repo, git_folder))
    remembered = MediaMemory(file, secret)
    try:
        yield remembered
    finally:
        remembered.close()


def _place(forbidden: list[Path]) -> tuple[Path, bytes]:
    folder, state = caching.cache_folder(("media",), forbidden), caching.state_folder(forbidden)
    return folder / f"{_version()}.sqlite", memory.sealing_key(state)


def _version() -> str:
    """One name for everything that measures: another program, another memory."""
    libraries = "".join(f"{name} {metadata.version(name)}\n" for name in _LIBRARIES)
    return hashlib.sha256(f"{caching.name_of_code(*_LEARNERS)}\n{libraries}".encode()).hexdigest()[:24]


def _opened(file: Path) -> sqlite3.Connection:
    """The file as a database; whatever is no database of ours is thrown away."""
    _forget_old(file)
    for _ in range(2):
        if file.is_symlink() or (file.exists() and file.stat().st_size > _BYTES):
            _remove(file)
        file.touch(mode=0o600)
        rows = sqlite3.connect(file, timeout=_PATIENCE, check_same_thread=False)
        try:
            rows.execute("PRAGMA journal_mode = WAL")
            rows.execute("PRAGMA synchronous = NORMAL")
            rows.execute(
                "CREATE TABLE IF NOT EXISTS known"
                " (kind TEXT, key TEXT, value BLOB, seal BLOB, PRIMARY KEY (kind, key)) WITHOUT ROWID"
            )
            rows.execute("SELECT kind, key, value, seal FROM known LIMIT 1").fetchall()
        except sqlite3.OperationalError as error:
            rows.close()
            if "locked" in str(error):
                raise
            _remove(file)
        except sqlite3.Error:
            rows.close()
            _remove(file)
        else:
            return rows
    raise sqlite3.DatabaseError(str(file))


def _remove(file: Path) -> None:
    for name in (file.name, f"{file.name}-wal", f"{file.name}-shm"):
        file.with_name(name).unlink(missing_ok=True)


def _forget_old(file: Path) -> None:
    """Memories of other programs that nobody wrote in for a long time."""
    if file.exists():
        return
    for path in file.parent.glob("*.sqlite"):
        with suppress(OSError):
            if time.time() - path.stat().st_mtime > _DAYS * 86_400:
                _remove(path)
