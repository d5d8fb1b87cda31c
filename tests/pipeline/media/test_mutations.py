"""Files of every kind, damaged at random: each becomes clean or is refused, within its limits."""

import random
import resource
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.media import REFUSALS, Cleaned, budgets
from pipeline.media.batch import clean_all
from pipeline.media.gathering import Source
from sop_site import messages
from tests.pipeline.media import planted, raw

pytest.importorskip("av")
pytest.importorskip("pillow_heif")

SEEDS = (20260105, 73951)
_LARGE = (0, 1, 0x7F, 0x80, 0xFF)


def damaged(data: bytes, chance: random.Random) -> bytes:
    """One to three of the accidents and tricks that files meet."""
    made = bytearray(data)
    for _ in range(chance.randint(1, 3)):
        start = chance.randrange(len(made)) if made else 0
        # The first bytes decide most: half of the damage is done there.
        place = min(start, chance.randrange(600)) if chance.random() < 0.5 else start
        length = chance.choice((1, 2, 4, 16, 200))
        how = chance.randrange(7)
        if how == 0:
            made[place : place + length] = chance.randbytes(length)
        elif how == 1:
            made[place : place + 4] = bytes([chance.choice(_LARGE)]) * 4
        elif how == 2:
            del made[place:]
        elif how == 3:
            del made[place : place + length]
        elif how == 4:
            made[place:place] = made[start : start + 1000] * chance.choice((1, 3))
        elif how == 5 and made:
            made[place % len(made)] ^= 1 << chance.randrange(8)
        else:
            made += chance.choice((b"PK\x03\x04", b"%PDF-1.7\n", b"<script>alert(1)</script>", bytes(5000)))
    return bytes(made)


def cases(number: int, folder: Path, seed: int = SEEDS[0]) -> Iterator[tuple[str, bytes]]:
    chance = random.Random(seed)
    whole = {path.name: path.read_bytes() for path in planted.all_files(folder)}
    names = sorted(whole)
    for count in range(number):
        name = names[count % len(names)]
        yield f"{count}-{name}", damaged(whole[name], chance)


def _hides_words(made: Cleaned) -> bool:
    """Whether planted words are in it that neither people nor the checks can read.

    A block copied into captions can bring a line of a note into a cue. There people see it, and it is part
    of the text in which the checks look for personal data: that is no leak. Elsewhere it would be one.
    """
    if made.kind == "captions":
        head, *cues = made.data.decode().split("\n\n")
        hidden = [head, *(cue.partition("\n")[0] for cue in cues)]  # the times, which nobody is shown
        return any("RAHASIA-" in line for line in hidden) or made.data.decode() != made.text
    return b"RAHASIA-" in made.data or (made.poster is not None and b"RAHASIA-" in made.poster.data)


def judged(folder: Path, number: int, seed: int = SEEDS[0]) -> dict[str, int]:
    """How often each came of it; every outcome is one that an operator can be told."""
    room = folder / "rusak"
    room.mkdir()
    sources = [Source(raw.written(room, name, data), name) for name, data in cases(number, folder, seed)]
    outcomes: dict[str, int] = {}
    for source, made in zip(sources, clean_all(sources, keep=True, advance=lambda _: None), strict=True):
        if isinstance(made, Cleaned):
            code = "clean"
            assert not _hides_words(made), source.shown
            assert len(made.data) <= budgets.VIDEO_BYTES
        else:
            code = made.code
            assert code in REFUSALS, (source.shown, code)
            assert messages.say("id", code, **{"name": "x", **made.values}), source.shown
        outcomes[code] = outcomes.get(code, 0) + 1
    return outcomes


def test_a_sample_of_damaged_files_is_cleaned_or_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sementara").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "sementara"))

    outcomes = judged(tmp_path, 32)

    assert outcomes["clean"] >= 3
    assert len(outcomes) >= 3
    assert list((tmp_path / "sementara").iterdir()) == []


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("seed", SEEDS)
def test_thousands_of_damaged_files_are_cleaned_or_refused_in_their_limits(tmp_path: Path, seed: int) -> None:
    began = time.monotonic()

    outcomes = judged(tmp_path, 4_000, seed)

    assert sum(outcomes.values()) == 4_000
    assert outcomes.get("media-took-too-long", 0) <= 5, outcomes
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < 1024**2, "kilobytes"
    assert time.monotonic() - began < 3600
