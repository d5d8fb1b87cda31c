"""Several processes that check pages beside one another; their findings come in the pages' own order."""

import json
import os
import queue
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pipeline
from pipeline.checking_child import read
from pipeline.repository import Repository
from sop_site.answers import Finding

WORTH_IT = 400
"""Pages below which starting processes takes longer than it saves."""
_MOST = 4
"""Processes; each takes some ninety megabytes."""
_CHUNK = 40
_ROOT = Path(pipeline.__file__).resolve().parent.parent

Judge = Callable[[Sequence[str]], list[Finding]]


def size(pages: int) -> int:
    """How many processes are worth starting for so many pages; one core does without any."""
    cores = min(_MOST, len(os.sched_getaffinity(0)))
    return cores if cores > 1 and pages >= WORTH_IT else 0


def judged(
    repo: Repository, commit: str, pages: Sequence[str], many: int, judge: Judge
) -> Iterator[tuple[int, list[Finding]]]:
    """Number of pages and their findings, chunk by chunk in order; ``judge`` does what a process left undone.

    Without processes it does everything. However this ends, no process is left.
    """
    chunks = [pages[start : start + _CHUNK] for start in range(0, len(pages), _CHUNK)]
    if not many:
        yield from ((len(chunk), judge(chunk)) for chunk in chunks)
        return
    job = json.dumps({"repo": str(repo.path.resolve()), "commit": commit, "publish": repo.publish()})
    crew = [_Member(job) for _ in range(many)]
    idle: queue.SimpleQueue[_Member] = queue.SimpleQueue()
    for member in crew:
        idle.put(member)

    def ask(chunk: Sequence[str]) -> list[Finding] | None:
        member = idle.get()
        try:
            return member.ask(chunk)
        finally:
            idle.put(member)

    threads = ThreadPoolExecutor(many)
    try:
        for chunk, found in zip(chunks, threads.map(ask, chunks), strict=True):
            # A process that was killed, or met with a bug that must be told here, answers nothing.
            yield len(chunk), judge(chunk) if found is None else found
    finally:
        threads.shutdown(wait=False, cancel_futures=True)
        for member in crew:
            member.end()
        threads.shutdown()


class _Member:
    def __init__(self, job: str) -> None:
        # A session of its own: Ctrl-C reaches us alone, and we end it.
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "pipeline.checking_child"],
            env={**os.environ, "PYTHONPATH": str(_ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            text=True,
            encoding="utf-8",
        )
        self._tell(job)

    def ask(self, pages: Sequence[str]) -> list[Finding] | None:
        """Findings on some pages; ``None`` from a process that has ended."""
        assert self._process.stdout is not None
        if not self._tell(json.dumps(list(pages))):
            return None
        try:
            line = self._process.stdout.readline()
            return [read(row) for row in json.loads(line)] if line.endswith("\n") else None
        except (OSError, ValueError):
            return None

    def _tell(self, line: str) -> bool:
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(line + "\n")
            self._process.stdin.flush()
        except (OSError, ValueError):
            return False
        return True

    def end(self) -> None:
        """End it at once; it writes nothing but what the user's own memory can lose."""
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                try:
                    stream.close()
                except (OSError, ValueError):
                    continue
