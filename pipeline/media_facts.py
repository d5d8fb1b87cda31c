"""The facts of files, measured in the confined child once and then remembered (SOP step 3)."""

import hashlib
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from pipeline.media import measure
from pipeline.media_memory import MediaMemory

FACTS = "facts"
_BATCH_FILES = 16
_BATCH_BYTES = 32 * 1024**2
"""What one child is handed at most, so that its limits of time and memory fit any batch."""
_LANES = 2
"""Children at a time: each may take a gigabyte."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file to be measured."""

    name: str
    """Its public name; only what follows the last dot matters."""
    read: Callable[[], bytes]


def lanes() -> int:
    """How many children may work beside one another on this machine."""
    return max(1, min(_LANES, len(os.sched_getaffinity(0))))


def measured(
    wanted: Mapping[str, Wanted],
    remembered: MediaMemory,
    advance: Callable[[int], None] = lambda _n: None,
    *,
    at_once: int | None = None,
) -> dict[str, dict[str, Any]]:
    """Facts of each file by the key it is wanted under.

    What is remembered is found by the SHA-256 of the bytes that were read now; no other bytes can borrow it.
    """
    found: dict[str, dict[str, Any]] = {}
    many = at_once or lanes()
    with ThreadPoolExecutor(many) as pool:
        for group in _groups(wanted, remembered, found, advance, many * _BATCH_BYTES):
            batches = list(_batches(group, many))
            for batch, told in zip(batches, pool.map(_told, batches), strict=True):
                remembered.learn(
                    FACTS, {one.digest: told[one.key] for one in batch if _is_sure(told[one.key])}
                )
                found |= told
                advance(len(batch))
    return found


@dataclass(frozen=True, slots=True)
class _New:
    key: str
    name: str
    digest: str
    data: bytes


def _groups(
    wanted: Mapping[str, Wanted],
    remembered: MediaMemory,
    found: dict[str, dict[str, Any]],
    advance: Callable[[int], None],
    most: int,
) -> Iterator[list[_New]]:
    """The files that nothing is known of, no more of them in memory at a time than the children take."""
    group: list[_New] = []
    size = 0
    for key, file in wanted.items():
        data = file.read()
        digest = _digest(file.name, data)
        known = remembered.known(FACTS, [digest])
        if isinstance(facts := known.get(digest), dict):
            found[key] = facts
            advance(1)
            continue
        group.append(_New(key, file.name, digest, data))
        size += len(data)
        if size >= most:
            yield group
            group, size = [], 0
    if group:
        yield group


def _digest(name: str, data: bytes) -> str:
    """The file's own hash; with its ending, which the text of captions and drawings is read by."""
    return f"{hashlib.sha256(data).hexdigest()}.{name.rpartition('.')[2]}"


def _batches(waiting: Sequence[_New], at_once: int) -> Iterator[list[_New]]:
    # As many as work at once at least, so that both cores have work.
    many = max(1, min(_BATCH_FILES, -(-len(waiting) // at_once)))
    batch: list[_New] = []
    size = 0
    for one in waiting:
        if batch and (len(batch) >= many or size + len(one.data) > _BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(one)
        size += len(one.data)
    if batch:
        yield batch


def _told(batch: list[_New]) -> dict[str, dict[str, Any]]:
    """What the child says of a batch, under plain names that cannot clash."""
    names = {f"{number}.{one.name.rpartition('.')[2]}": one for number, one in enumerate(batch)}
    told = measure({name: one.data for name, one in names.items()})
    return {one.key: told[name] for name, one in names.items()}


def was_answered(facts: Mapping[str, Any]) -> bool:
    """Whether a child told of a file at all, be it that it is broken."""
    return "true_type" in facts


def _is_sure(facts: Mapping[str, Any]) -> bool:
    """Whether a file would be told the same of tomorrow: not that the child ran out of time or memory."""
    known = (None, "media-codec", "media-office-carries", "media-pdf-active")
    return was_answered(facts) and facts.get("problem") in known
