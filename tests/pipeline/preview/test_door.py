"""One link, one browser, for a while; whoever guesses has to wait."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.preview.door import BROWSERS, MINUTES, Door


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def door(clock: Clock) -> Door:
    return Door(clock)


def test_a_link_lets_one_browser_in_and_no_second(door: Door) -> None:
    token = door.new_link()

    first, second = door.enter(token), door.enter(token)

    assert door.admits(first)
    assert second is None
    assert door.state(token) == "used"


def test_looking_at_a_link_does_not_use_it_up(door: Door) -> None:
    token = door.new_link()

    assert [door.state(token) for _ in range(3)] == ["open"] * 3
    assert door.enter(token) is not None


def test_a_link_ends_after_its_minutes(door: Door, clock: Clock) -> None:
    token = door.new_link()
    clock.now = MINUTES * 60 - 0.1
    assert door.state(token) == "open"

    clock.now = MINUTES * 60

    assert door.state(token) == "ended"
    assert door.enter(token) is None


def test_a_new_link_ends_the_one_before(door: Door) -> None:
    old, new = door.new_link(), door.new_link()

    assert (door.state(old), door.state(new)) == ("ended", "open")


def test_who_is_in_stays_in_when_a_new_link_is_made(door: Door) -> None:
    secret = door.enter(door.new_link())
    door.new_link()

    assert door.admits(secret)


def test_a_token_has_at_least_128_bits_and_never_comes_again(door: Door) -> None:
    tokens = [door.new_link() for _ in range(50)]

    assert len(set(tokens)) == 50
    assert min(len(token) for token in tokens) * 6 >= 128


def test_the_browser_that_came_first_leaves_when_there_are_too_many(door: Door) -> None:
    secrets = [door.enter(door.new_link()) for _ in range(BROWSERS + 1)]

    assert [door.admits(secret) for secret in secrets] == [False] + [True] * BROWSERS


@given(st.text(max_size=80))
def test_what_was_never_given_out_opens_nothing(guess: str) -> None:
    door = Door(Clock())
    door.enter(door.new_link())
    door.new_link()

    assert door.state(guess) == "unknown"
    assert door.enter(guess) is None
    assert not door.admits(guess)
    assert not door.admits(None)


def test_who_was_refused_too_often_waits_a_minute_and_nobody_else_does(door: Door, clock: Clock) -> None:
    for _ in range(20):
        assert not door.must_wait("192.168.1.66")
        door.refused("192.168.1.66")

    assert door.must_wait("192.168.1.66")
    assert not door.must_wait("192.168.1.7")
    clock.now = 60.0
    assert not door.must_wait("192.168.1.66")


def test_no_crowd_of_addresses_fills_the_memory(door: Door) -> None:
    for number in range(3_000):
        door.refused(f"10.0.{number // 256}.{number % 256}")

    assert len(door._refused) <= 1_000
