"""Raw git objects through one ``git cat-file --batch``, in a repository that the verifier made itself."""

import io
import re
import secrets
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import IO, cast

from pipeline.gitenv import BOUNDED, clean_env, git_program
from sop_site.approval.store import FILE_LIMIT, ObjectStore, RawObject

_AT_ONCE = 512
"""Ids asked for in one go: fewer bytes than a pipe holds, so that neither side waits for the other."""
_PIPE = 1 << 20
"""Room between git and us, in bytes: a large tree comes in one go."""
_SMALL = {"commit": 1 << 16, "tree": 1 << 12, "blob": 1 << 16}
"""Largest object of each kind that is read ahead, in bytes."""
_KINDS = {kind.encode("ascii"): kind for kind in ("commit", "tree", "blob", "tag")}
_CHUNK = 1 << 20
_FORESEEN = 1 << 20
"""Largest tree that git is asked for before its turn, in bytes."""
_FOLDERS = {
    "sha1": re.compile(rb"40000 [^\0]+\0(.{20})", re.DOTALL),
    "sha256": re.compile(rb"40000 [^\0]+\0(.{32})", re.DOTALL),
}
"""Where folders stand in a tree; what it makes out wrongly is only asked for in vain."""


class GitObjects(ObjectStore):
    """The store over a bare repository; use it with ``with``, so that the reader process ends."""

    def __init__(self, bare: Path, object_format: str, objects: Path | None = None) -> None:
        """``objects`` reads another folder of objects in place of the repository's own (for a diagnosis).

        Nobody has checked those: git may announce more or fewer bytes than follow. So a question that
        nobody can foresee stands behind each, and its answer shows where the one before it ends.
        """
        super().__init__(object_format)
        extra: Mapping[str, str] = {} if objects is None else {"GIT_OBJECT_DIRECTORY": str(objects)}
        self._command = [git_program(), "-C", str(bare), "-c", "core.commitGraph=false",
                         "cat-file", "--batch"]  # fmt: skip
        self._env = clean_env(**BOUNDED, **extra)
        self._reader: subprocess.Popen[bytes] | None = None
        self._objects = objects
        self._mark = b"" if objects is None else f"sop-{secrets.token_hex(16)}".encode("ascii")
        self._asked: dict[str, None] = {}
        self._early: dict[str, RawObject | None] = {}
        self._middling: set[str] = set()
        self._seen: set[str] = set()

    def __enter__(self) -> "GitObjects":
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _value: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the reader process."""
        if self._reader is not None:
            for stream in (self._reader.stdin, self._reader.stdout):
                if stream is not None:
                    stream.close()
            self._reader.kill()
            self._reader.wait()
            self._reader = None

    def read_all_ahead(self) -> None:
        """Take in every small object that the repository holds: for a judgement of all of it."""
        small = []
        for kind, size, oid in self._listed():
            if size <= _SMALL.get(kind, -1):
                small.append(oid)
            elif kind == "tree" and size <= _FORESEEN:
                self._middling.add(oid)
        self.read_ahead(small)

    def foresee(self, trees: Iterable[str]) -> None:
        """Ask git for the middling trees below these root trees before the judgement comes to them."""
        found, waiting = [], list(trees)
        while waiting:
            oid = waiting.pop()
            if oid in self._seen:
                continue
            self._seen.add(oid)
            if oid in self._middling:
                found.append(oid)
            elif oid in self._ahead:
                waiting.extend(
                    below.hex() for below in _FOLDERS[self.object_format].findall(self.raw_tree(oid))
                )
        for start in range(0, len(found), _AT_ONCE):
            self._ask(found[start : start + _AT_ONCE])

    def _listed(self) -> Iterator[tuple[str, int, str]]:
        """Kind, size and id of every object."""
        command = [*self._command[:-1], "--batch-check=%(objecttype) %(objectsize) %(objectname)"]
        listing = subprocess.run(
            [*command, "--batch-all-objects", "--unordered"],
            env=self._env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
        for line in listing.stdout.decode("ascii", "replace").splitlines():
            kind, size, oid = line.split(" ")
            yield kind, int(size), oid

    def _read(self, oids: Iterable[str]) -> Iterator[tuple[str, RawObject | None]]:
        waiting = iter(oids)
        while chunk := list(islice(waiting, _AT_ONCE)):
            self._ask([oid for oid in chunk if oid not in self._asked and oid not in self._early])
            for oid in chunk:
                yield oid, self._answer_to(oid)

    def _ask(self, oids: list[str]) -> None:
        """Send questions; no more than a pipe holds are ever open."""
        if not oids:
            return
        while self._asked and len(self._asked) + len(oids) > _AT_ONCE:
            self._take_next()
        to, _ = self._pipes()
        after = self._mark + b"\n" if self._mark else b""
        to.write(b"".join(b"%s\n%s" % (oid.encode("ascii"), after) for oid in oids))
        to.flush()
        self._asked.update(dict.fromkeys(oids))

    def _answer_to(self, oid: str) -> RawObject | None:
        """The answer to a question that was sent; answers come in the order of the questions."""
        while oid not in self._early:
            if oid not in self._asked:
                self._ask([oid])
            self._take_next()
        return self._early.pop(oid)

    def _take_next(self) -> None:
        oid = next(iter(self._asked))
        _, out = self._pipes()
        answer = self._answer(out, oid)
        if self._reader is None:
            # git gave up at a damaged object, or we at a huge one: the answers to the others went with it.
            others = [other for other in self._asked if other != oid]
            self._asked.clear()
            self._ask(others)
        else:
            del self._asked[oid]
        self._early[oid] = answer

    def _pipes(self) -> tuple[IO[bytes], IO[bytes]]:
        if self._reader is None:
            self._reader = subprocess.Popen(
                self._command,
                env=self._env,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                pipesize=_PIPE,
            )
        assert self._reader.stdin is not None
        assert self._reader.stdout is not None
        return self._reader.stdin, self._reader.stdout

    def _answer(self, out: IO[bytes], oid: str) -> RawObject | None:
        """One answer; an object that git itself cannot read comes as one whose bytes fit no id."""
        words = out.readline().split()
        if len(words) == 2 and words[1] == b"missing":
            lies_there = self._objects is not None and (self._objects / oid[:2] / oid[2:]).exists()
            missing = RawObject("damaged", 0, b"") if lies_there else None
            return missing if self._ends(out) else self._damaged()
        if len(words) != 3 or words[0] != oid.encode("ascii") or words[1] not in _KINDS:
            return self._damaged()
        size = int(words[2])
        if size > FILE_LIMIT:
            # Nobody waits for what is not read: a few bytes in a pack may unfold to terabytes.
            self.close()
            return RawObject(_KINDS[words[1]], size, None)
        data = self._taken_with_care(out, size) if self._mark else out.read(size + 1)[:size]
        if self._reader is None or not self._ends(out):
            return self._damaged()
        return RawObject(_KINDS[words[1]], size, data)

    def _damaged(self) -> RawObject:
        """Nothing that follows can be told apart any more: git is started anew for what is left."""
        self.close()
        return RawObject("damaged", 0, b"")

    def _ends(self, out: IO[bytes]) -> bool:
        return not self._mark or out.readline() == self._mark + b" missing\n"

    def _taken_with_care(self, out: IO[bytes], size: int) -> bytes | None:
        """The same from objects that nobody has checked: the mark may come before ``size`` bytes have."""
        kept, tail, left = bytearray(), b"", size + 1
        while left > 0:
            piece = cast(io.BufferedReader, out).read1(min(left, _CHUNK))
            left -= len(piece)
            tail = (tail + piece)[-(len(piece) + len(self._mark)) :]
            if not piece or self._mark in tail:
                self.close()
                return None
            kept += piece
        if not tail.endswith(b"\n"):
            self.close()
        return bytes(kept[:size])
