"""Raw git objects through one ``git cat-file --batch``, in a repository that the verifier made itself."""

import subprocess
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import IO

from pipeline.gitenv import clean_env, git_program
from sop_site.approval.store import FILE_LIMIT, ObjectStore, RawObject

_AT_ONCE = 128
"""Ids asked for in one go: fewer bytes than any pipe holds, so that neither side waits for the other."""
_CHUNK = 1 << 20


class GitObjects(ObjectStore):
    """The store over a bare repository; use it with ``with``, so that the reader process ends."""

    def __init__(self, bare: Path, object_format: str, objects: Path | None = None) -> None:
        """``objects`` reads another folder of objects in place of the repository's own (for a diagnosis)."""
        super().__init__(object_format)
        extra: Mapping[str, str] = {} if objects is None else {"GIT_OBJECT_DIRECTORY": str(objects)}
        self._command = [git_program(), "-C", str(bare), "-c", "core.commitGraph=false",
                         "cat-file", "--batch"]  # fmt: skip
        self._env = clean_env(**extra)
        self._reader: subprocess.Popen[bytes] | None = None

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

    def _read(self, oids: Iterable[str]) -> Iterator[tuple[str, RawObject | None]]:
        waiting = iter(oids)
        while chunk := list(islice(waiting, _AT_ONCE)):
            yield from self._read_some(chunk)

    def _read_some(self, oids: list[str]) -> Iterator[tuple[str, RawObject | None]]:
        to, out = self._pipes()
        to.write("".join(f"{oid}\n" for oid in oids).encode("ascii"))
        to.flush()
        answered = 0
        try:
            for oid in oids:
                found = self._answer(out)
                answered += 1
                yield oid, found
                if self._reader is None:
                    # git gave up at a damaged object and took the answers to the others with it.
                    yield from self._read(oids[answered:])
                    answered = len(oids)
                    return
        finally:
            # Whoever stops listening early must not leave answers behind for the next question.
            while answered < len(oids) and self._reader is not None:
                self._answer(out)
                answered += 1

    def _pipes(self) -> tuple[IO[bytes], IO[bytes]]:
        if self._reader is None:
            self._reader = subprocess.Popen(
                self._command,
                env=self._env,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        assert self._reader.stdin is not None
        assert self._reader.stdout is not None
        return self._reader.stdin, self._reader.stdout

    def _answer(self, out: IO[bytes]) -> RawObject | None:
        """One answer; an object that git itself cannot read comes as one whose bytes fit no id."""
        words = out.readline().split()
        if len(words) == 2 and words[1] == b"missing":
            return None
        if len(words) != 3:
            self.close()
            return RawObject("damaged", 0, b"")
        kind, size = words[1].decode("ascii"), int(words[2])
        data = self._take(out, size)
        return RawObject(kind, size, data)

    def _take(self, out: IO[bytes], size: int) -> bytes | None:
        if size <= FILE_LIMIT:
            return out.read(size + 1)[:size]
        left = size + 1
        while left > 0 and (piece := out.read(min(left, _CHUNK))):
            left -= len(piece)
        return None
