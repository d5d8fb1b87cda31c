"""When two pictures count as versions of one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sop_site.likeness import ALIKE, ALIKE_ON_PAPER, distance, is_alike, nearest

HASHES = st.integers(0, 2**64 - 1).map("{:016x}".format)


@given(HASHES, HASHES)
def test_distance_is_the_same_from_both_sides_and_nothing_to_oneself(one: str, other: str) -> None:
    assert distance(one, one) == 0
    assert distance(one, other) == distance(other, one)
    assert 0 <= distance(one, other) <= 64


@pytest.mark.parametrize(("paper", "most"), [("", ALIKE), ("p", ALIKE_ON_PAPER)])
def test_so_many_bits_and_no_more_may_differ(paper: str, most: int) -> None:
    one = f"{0:016x}{paper}"

    assert is_alike(one, f"{(1 << most) - 1:016x}{paper}")
    assert not is_alike(one, f"{(1 << most + 1) - 1:016x}{paper}")


def test_the_most_alike_is_named() -> None:
    others = [("jauh", f"{0xFFFFFFFF0000:016x}"), ("dekat", f"{0b11:016x}"), ("lebih dekat", f"{0b1:016x}")]

    assert nearest(f"{0:016x}", others) == "lebih dekat"
    assert nearest(f"{0:016x}", others[:1]) is None
