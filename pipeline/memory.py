"""The memory of earlier verifications, in the user's own cache folder and nowhere else (protocol §9).

    <cache>/sop-site/verify/<what it is bound to>/
        lock                    held while a run uses it; whoever finds it held goes without
        summary                 one line of seal, then JSON: all that counts hangs from here
        <folder>/objects/       packs of objects that were taken over
        <folder>/chain …        rows that only grow; the summary says how far they count, and their SHA-256
        <folder>/tree-…         records of the last approval's tree, each named by its SHA-256

The seal is an HMAC by a key that lies in the user's state folder: a cache folder that came from elsewhere (a
restored backup, another machine, a shared build cache) is no memory. Whatever is not exactly as it was left
is no memory either; nothing here ever makes a run fail.
"""

import fcntl
import hashlib
import hmac
import json
import os
import platform
import secrets
import shutil
import stat
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from typing import IO, Any

from pipeline import caching
from pipeline.files import write_atomic
from pipeline.gitenv import run_git
from pipeline.under_test import UnderTest
from sop_site import approval
from sop_site.approval.kept_tree import KeptTree, Ref
from sop_site.approval.remembered import FILES, CannotContinue, Growth, Memory, Summary
from sop_site.approval.store import ObjectStore
from sop_site.approval.trust import Trust
from sop_site.errors import SopError

_SECRET = 32
_PACKS = 16
"""More packs than that are brought together."""
_ROOM = 16 * 1024**2
"""How much the records may outgrow four times their first size, in bytes, before they are written anew."""
_DAYS = 60
"""A memory that nobody used for so long is thrown away when another is made."""
_VERIFIER = (
    "verification", "memory", "own_repository", "objects", "taking", "under_test", "gitenv", "caching",
)  # fmt: skip


class _Broken(Exception):
    """Something is not as it was left."""


@dataclass(slots=True)
class _Log:
    """Records of trees, one behind another in a file."""

    path: Path
    size: int

    def get(self, ref: Ref) -> bytes:
        """As ``Records``; ``CannotContinue`` where the bytes are others."""
        try:
            with _opened(self.path, os.O_RDONLY) as file:
                file.seek(ref.start)
                data = file.read(ref.length)
        except OSError as error:
            raise CannotContinue("a record cannot be read") from error
        if hashlib.sha256(data).digest() != ref.sha256:
            raise CannotContinue("a record is not what was kept")
        return data

    def put(self, data: bytes) -> Ref:
        """As ``Records``."""
        _append(self.path, self.size, data)
        ref = Ref(self.size, len(data), hashlib.sha256(data).digest())
        self.size += len(data)
        return ref


@dataclass(slots=True)
class _Rows:
    """One file of rows, as far as it counts."""

    path: Path
    data: bytes = b""
    state: Any = field(default_factory=hashlib.sha256)

    @classmethod
    def known(cls, path: Path, length: int, sha256: str) -> "_Rows":
        """The rows that a summary speaks of; ``_Broken`` if they are others."""
        with _opened(path, os.O_RDONLY) as file:
            data = file.read(length)
        state = hashlib.sha256(data)
        if len(data) != length or state.hexdigest() != sha256:
            raise _Broken
        return cls(path, data, state)

    def grown(self, gained: bytes) -> list[Any]:
        """Put more rows down; length and SHA-256 of all of them."""
        state = self.state.copy()
        state.update(gained)
        if gained or not self.data:
            _append(self.path, len(self.data), gained)
        return [len(self.data) + len(gained), state.hexdigest()]


@dataclass(slots=True)
class Keeper:
    """The memory of one history while its lock is held."""

    place: Path
    secret: bytes
    object_format: str
    _values: dict[str, Any] | None = None
    """The summary as it stands."""
    _rows: dict[str, "_Rows"] = field(default_factory=dict)
    _log: _Log | None = None
    _tree: KeptTree | None = None
    _fresh: Path | None = None

    @property
    def objects(self) -> Path | None:
        """Where the objects of what is remembered lie; ``None`` if nothing is."""
        return None if self._values is None else self.place / self._values["folder"] / "objects"

    def memory(self, store: ObjectStore) -> Memory:
        """What is remembered, its objects read from ``store``; only where there is something."""
        assert self._values is not None
        folder = self.place / self._values["folder"]
        log = self._values["log"]
        summary = Summary.of(self._values["summary"])
        self._log = _Log(folder / log["name"], log["size"])
        self._tree = KeptTree(store, self._log)
        data = {name: rows.data for name, rows in self._rows.items()}
        return Memory(self.object_format, summary, data, self._tree.open(summary.tree))

    def begin(self) -> Path:
        """A folder for objects of a memory that is made from nothing."""
        self._fresh = self.place / secrets.token_hex(8)
        objects = self._fresh / "objects"
        objects.mkdir(parents=True, mode=0o700)
        self._tree = None
        return objects

    def save(self, grown: Growth, store: ObjectStore) -> None:
        """Put down what was learned; what stood before stands until the last moment, and is never touched."""
        with suppress(OSError, SopError):
            if self._fresh is not None:
                self._save(grown, store, self._fresh, None)
            elif self._values is not None:
                self._save(grown, store, self.place / self._values["folder"], self._values)

    def _save(self, grown: Growth, store: ObjectStore, folder: Path, old: Mapping[str, Any] | None) -> None:
        files = {}
        for name in FILES:
            rows = self._rows[name] if old else _Rows(folder / name)
            files[name] = rows.grown(grown.gained[name])
        tree, log = self._kept(grown, store, folder, old["log"] if old else None)
        values = {
            "folder": folder.name,
            "files": files,
            "log": log,
            "summary": {**grown.summary, "tree": tree},
        }
        if values == old:
            return
        body = json.dumps(values, separators=(",", ":")).encode("ascii")
        _replace(self.place / "summary", _seal(self.secret, self.place.name, body) + b"\n" + body)

    def _kept(
        self, grown: Growth, store: ObjectStore, folder: Path, old: Mapping[str, Any] | None
    ) -> tuple[list[Any], dict[str, Any]]:
        """Facts of the tree, and the state of the file that has its records."""
        if old and self._tree and self._log and old["size"] < 4 * old["first"] + _ROOM:
            facts = self._tree.keep(grown.root)
            return facts, {"name": old["name"], "size": self._log.size, "first": old["first"]}
        log = _Log(folder / f"tree-{secrets.token_hex(4)}", 0)
        facts = KeptTree(store, log).keep(grown.root)
        return facts, {"name": log.path.name, "size": log.size, "first": log.size}

    def load(self) -> None:
        """Look at what is there; after this, ``objects`` tells whether anything is."""
        with suppress(OSError, ValueError, KeyError, TypeError, _Broken):
            values = self._read()
            folder = self.place / values["folder"]
            self._rows = {name: _Rows.known(folder / name, *values["files"][name]) for name in FILES}
            for part in (folder, folder / "objects", folder / "objects" / "pack"):
                if not stat.S_ISDIR(part.lstat().st_mode):
                    return
            # Where else objects could be looked for, or found sooner: never written by us.
            shutil.rmtree(folder / "objects" / "info", ignore_errors=True)
            self._values = values

    def _read(self) -> dict[str, Any]:
        with _opened(self.place / "summary", os.O_RDONLY) as file:
            seal, _, body = file.read().partition(b"\n")
        if not hmac.compare_digest(seal, _seal(self.secret, self.place.name, body)):
            raise _Broken
        values: dict[str, Any] = json.loads(body)
        return values

    def tidy(self) -> None:
        """Remove what the summary does not name."""
        values: Mapping[str, Any] = {"folder": None}
        with suppress(OSError, ValueError, _Broken):
            values = self._read()
        with suppress(OSError):
            for path in self.place.iterdir():
                if path.is_dir() and path.name != values["folder"]:
                    shutil.rmtree(path, ignore_errors=True)
            for path in self.place.glob("*/tree-*"):
                if path.name != values["log"]["name"]:
                    path.unlink()

    def pack(self, bare: Path) -> None:
        """Bring packs together where they pile up; ``bare`` is a repository over ``objects``."""
        with suppress(OSError, SopError):
            if self.objects is not None and len(list(self.objects.glob("pack/*.pack"))) > _PACKS:
                run_git(["repack", "-q", "-d", "--geometric=2"], cwd=bare)


@contextmanager
def held(found: UnderTest, repo: Path, trust: Trust) -> Iterator[Keeper | None]:
    """The memory for a repository and trust file, ``None`` where there can be none now."""
    keeper = lock = None
    with suppress(OSError, RuntimeError, ImportError):
        keeper, lock = _held(found, repo, trust)
    if keeper is None or lock is None:
        yield None
        return
    try:
        keeper.load()
        yield keeper
    finally:
        keeper.tidy()
        os.close(lock)


def _held(found: UnderTest, repo: Path, trust: Trust) -> tuple[Keeper, int]:
    """``OSError`` where a folder cannot be had, is not the user's own, or is in use."""
    forbidden = caching.grounds(repo, found.folder)
    cache, state = caching.cache_folder(("verify",), forbidden), caching.state_folder(forbidden)
    secret = _secret(state / "memory.key")
    key = _bound_to(found, trust)
    is_new = not (cache / key).exists()
    place = caching.own(cache, (key,), forbidden)
    lock = os.open(place / "lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.utime(lock)
    except OSError:
        os.close(lock)
        raise
    if is_new:
        _forget_old(cache)
    return Keeper(place, secret, found.object_format), lock


def _secret(path: Path) -> bytes:
    """The key of the seal, made where there is none; ``OSError`` if others can read it."""
    with suppress(FileNotFoundError):
        file = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        with os.fdopen(file, "rb") as opened:
            facts, secret = os.fstat(file), opened.read(_SECRET + 1)
        if facts.st_uid != os.geteuid() or facts.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise PermissionError(path)
        if len(secret) == _SECRET:
            return secret
    secret = secrets.token_bytes(_SECRET)
    write_atomic(path, secret, 0o600)
    return secret


def _bound_to(found: UnderTest, trust: Trust) -> str:
    """One name for all that a memory is good for: trust file, repository, and the verifier to the letter."""
    whole = hashlib.sha256()
    values = [
        *(trust.genesis, trust.genesis_sha256, trust.policy_sha256, trust.content_digest),
        *(found.object_format, str(found.folder.resolve())),
        *(platform.node(), sys.version, metadata.version("cryptography")),
    ]
    whole.update("\0".join(values).encode("utf-8", "surrogateescape"))
    own = Path(__file__).parent
    core = Path(approval.__file__).parent
    for path in [*(own / f"{name}.py" for name in _VERIFIER), *sorted(core.rglob("*.py"))]:
        whole.update(hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()


def _forget_old(cache: Path) -> None:
    """Memories of other verifiers, histories and places that nobody asked for in a long time."""
    for path in cache.iterdir():
        with suppress(OSError):
            if time.time() - (path / "lock").stat().st_mtime > _DAYS * 86_400:
                shutil.rmtree(path)


def _opened(path: Path, flags: int) -> IO[bytes]:
    """A file of the memory; ``OSError`` for a link, which we never make."""
    descriptor = os.open(path, flags | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    return os.fdopen(descriptor, "rb" if flags == os.O_RDONLY else "wb")


def _append(path: Path, size: int, data: bytes) -> None:
    """Write behind the first ``size`` bytes; what stands there was left by a run that was killed."""
    with _opened(path, os.O_WRONLY | os.O_CREAT) as file:
        file.truncate(size)
        file.seek(size)
        file.write(data)


def _seal(secret: bytes, name: str, body: bytes) -> bytes:
    return hmac.new(secret, name.encode("ascii") + b"\n" + body, hashlib.sha256).hexdigest().encode("ascii")


def _replace(path: Path, data: bytes) -> None:
    """Whole or not at all; a power cut may leave what is no memory, so the disk is not waited for."""
    beside = path.with_name(f"{path.name}.new")
    with _opened(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC) as file:
        file.write(data)
    beside.replace(path)


def sealing_key(folder: Path) -> bytes:
    """The key of the seal in the user's state folder, for other memories than this one; ``OSError`` if it
    cannot be had or others can read it."""
    return _secret(folder / "memory.key")
