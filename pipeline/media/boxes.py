"""The boxes of which an mp4 is made: a length, four letters, and what is in it (ISO 14496-12)."""

from __future__ import annotations

from collections.abc import Iterator
from mmap import mmap

Span = tuple[int, int]
"""From where up to where, in bytes from the beginning of the file."""


def within(data: bytes | mmap, start: int, end: int) -> Iterator[tuple[bytes, Span]]:
    """Name and inside of each box; ``ValueError`` where they do not fit into what holds them."""
    while start + 8 <= end:
        size, head = int.from_bytes(data[start : start + 4], "big"), 8
        if size == 1:
            size, head = int.from_bytes(data[start + 8 : start + 16], "big"), 16
        elif size == 0:
            size = end - start
        if size < head or start + size > end:
            raise ValueError("a box is longer than what holds it")
        yield data[start + 4 : start + 8], (start + head, start + size)
        start += size
    if data[start:end].strip(b"\0"):
        raise ValueError("something stands behind the last box")


def numbers(data: bytes, start: int, count: int, width: int = 4) -> list[int]:
    """So many whole numbers in a row; ``ValueError`` where there are fewer."""
    body = data[start : start + count * width]
    if len(body) < count * width:
        raise ValueError("a table is cut off")
    return [int.from_bytes(body[place : place + width], "big") for place in range(0, len(body), width)]


def number(data: bytes, start: int) -> int:
    """One of them."""
    return numbers(data, start, 1)[0]
