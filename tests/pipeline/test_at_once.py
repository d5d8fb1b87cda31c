"""Two deciders at the same moment: one decision counts, the other hears of it, and every clone verifies."""

import os
import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.machines import DRAFTS, answer, copied, ended

pytestmark = pytest.mark.git

ROUNDS = 200 if os.environ.get("SOP_FULL") else 10
REASON = ("--reason", "Tunggu dahulu.")
PAIRS = {
    "two drafts": (("approve", DRAFTS[0]), ("approve", DRAFTS[1])),
    "one draft": (("approve", DRAFTS[0]), ("approve", DRAFTS[0])),
    "yes and no": (("approve", DRAFTS[0]), ("reject", DRAFTS[0], *REASON)),
    "yes and not yet": (("return", DRAFTS[0], *REASON), ("approve", DRAFTS[0])),
    "no and no": (("reject", DRAFTS[0], *REASON), ("reject", DRAFTS[0], *REASON)),
}
PLACES = (("camat", "plt"), ("camat", "camat"))
CLEAR = {
    "someone-was-faster", "draft-approved", "draft-rejected", "draft-returned", "UNRELATED_DRAFT",
    "DRAFT_BARRED",
}  # fmt: skip


def rounds() -> Iterator[tuple[int, str, tuple[str, str]]]:
    for number in range(ROUNDS):
        yield number, list(PAIRS)[number % len(PAIRS)], PLACES[number // len(PAIRS) % 2]


@pytest.mark.parametrize(("seed", "pair", "places"), list(rounds()))
def test_of_two_decisions_at_once_one_counts_and_the_other_hears_of_it(
    tmp_path: Path, seed: int, pair: str, places: tuple[str, str]
) -> None:
    machines, chance = copied(tmp_path / "kantor"), random.Random(seed)
    running = []
    for place, words in zip(places, PAIRS[pair], strict=True):
        running.append(machines.start(place, *words))
        time.sleep(chance.choice((0, 0, 0.05, 0.3)))
    (one, told), (two, other) = map(ended, running)

    assert sorted((one, two)) == [0, 1], (told, other)
    assert answer(told if one else other) <= CLEAR
    decided = PAIRS[pair][0 if one == 0 else 1]
    for place in {*places, "bersama.git"}:
        if place != "bersama.git":
            machines.receive(place)
        assert machines.decisions(place) == [f"{decided[0]} {decided[1]}"]
    assert machines.refs(places[0]) == machines.refs("bersama.git")


def test_the_next_decision_is_made_after_one_was_lost_to_another_machine(tmp_path: Path) -> None:
    machines = copied(tmp_path / "kantor")

    assert machines.run("plt", "approve", DRAFTS[0])[0] == 0
    code, told = machines.run("camat", "approve", DRAFTS[1])
    assert (code, answer(told)) == (1, {"UNRELATED_DRAFT"})
    assert machines.run("camat", "approve", DRAFTS[1], "--update")[0] == 0
    assert machines.run("plt", "reject", DRAFTS[1], *REASON)[0] == 1
    assert machines.decisions("plt") == sorted(f"approve {draft}" for draft in DRAFTS)
