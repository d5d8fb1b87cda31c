"""Many files cleaned at once, as many as the computer has processors and memory for; each in a child."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Lock

from pipeline.media import confinement
from pipeline.media.cleaned import Cleaned
from pipeline.media.confinement import Manner
from pipeline.media.gathering import Source
from pipeline.media.running import Children
from sop_site.errors import AnswerIsNo

_MOST_AT_ONCE = 4
_EACH = 1_100_000_000
"""Bytes of memory that one child may fill, with its libraries."""


def clean_all(
    sources: Sequence[Source], *, keep: bool, advance: Callable[[float], None]
) -> list[Cleaned | AnswerIsNo]:
    """What became of each, in their order; ``advance`` gets shares of files, in all as many as there are.

    Whoever interrupts this ends every child.
    """
    children, lock = Children(), Lock()

    def clean(source: Source) -> Cleaned | AnswerIsNo:
        done = 0.0

        def further(share: float) -> None:
            nonlocal done
            done += share
            with lock:
                advance(share)

        try:
            return confinement.clean(
                source.path, keep=keep, name=source.shown, manner=Manner(children, further)
            )
        except AnswerIsNo as no:
            return no
        finally:
            further(max(0.0, 1 - done))

    with ThreadPoolExecutor(at_once(), thread_name_prefix="bersih") as pool:
        try:
            return list(pool.map(clean, sources))
        except BaseException:
            children.end_all()
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def at_once() -> int:
    """How many children may run beside one another."""
    known = hasattr(os, "sched_getaffinity")
    processors = len(os.sched_getaffinity(0)) if known else os.cpu_count() or 1
    return max(1, min(processors, _MOST_AT_ONCE, _free_memory() // _EACH))


def _free_memory() -> int:
    """Bytes that may be filled without harm; as if there were room for two where nothing says so."""
    try:
        told = Path("/proc/meminfo").read_text(encoding="ascii")
        line = next(line for line in told.splitlines() if line.startswith("MemAvailable:"))
        return int(line.split()[1]) * 1024
    except (OSError, StopIteration, ValueError, IndexError):
        return 2 * _EACH
