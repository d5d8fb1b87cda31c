"""Whether two pictures are versions of one: how many bits of their perceptual hashes may differ (ADR 14).

A hash is written as 16 hexadecimal digits, with a ``p`` behind them where most of the picture is paper.
"""

from collections.abc import Iterable

ALIKE = 8
"""Bits of 64. Versions of a photograph differ in 0 to 8, other photographs of one event in 14 and more."""
ALIKE_ON_PAPER = 3
"""Scanned letters and drawings are all a little alike: other letters differ in 6 bits and more."""
# The waves across the picture that are turned over in its mirror image: every second one, in the order in
# which the bits stand (slowest first, by the sum of both directions).
_ACROSS = sorted(((u, v) for u in range(9) for v in range(9) if u or v), key=lambda wave: (sum(wave), wave))[
    :64
]
_MIRROR = int("".join("1" if u % 2 else "0" for u, _ in _ACROSS), 2)


def distance(one: str, other: str) -> int:
    """Bits that differ, 0 to 64; of a photograph or of its mirror image, whichever are fewer."""
    differing = int(one[:16], 16) ^ int(other[:16], 16)
    if _is_on_paper(one, other):
        return differing.bit_count()
    return min(differing.bit_count(), (differing ^ _MIRROR).bit_count())


def is_alike(one: str, other: str) -> bool:
    """Whether two pictures are versions of one."""
    return distance(one, other) <= (ALIKE_ON_PAPER if _is_on_paper(one, other) else ALIKE)


def _is_on_paper(one: str, other: str) -> bool:
    return one.endswith("p") or other.endswith("p")


def nearest(likeness: str, others: Iterable[tuple[str, str]]) -> str | None:
    """Of names with likenesses, the name of the one that is most alike; ``None`` if none is alike enough."""
    alike = [(distance(likeness, other), name) for name, other in others if is_alike(likeness, other)]
    return min(alike)[1] if alike else None
