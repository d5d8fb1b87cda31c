"""The labelled set: every format in every disguise is found, and ordinary pages are left in peace."""

import os
from collections import Counter

import pytest

from sop_site.rules.disguises import readable
from tests.corpus import ordinary_pages, reading

PERSONAL = reading.cases("first.txt", "second.txt")
GAMBLING = reading.cases("first_gambling.txt", "second_gambling.txt")
INNOCENT = reading.cases("first_innocent.txt", "second_innocent.txt")
FULL = os.environ.get("SOP_FULL") == "1"


@pytest.mark.parametrize("cases", [PERSONAL, GAMBLING, INNOCENT], ids=["personal", "gambling", "innocent"])
def test_every_text_is_told_what_its_label_says(cases: list[reading.Case]) -> None:
    misses = [f"{case.source} {case.text!r}: {miss}" for case in cases if (miss := case.miss())]

    assert not misses, "\n".join(misses)


def test_the_set_is_large_and_knows_every_format_and_place() -> None:
    codes = Counter(code for case in (*PERSONAL, *GAMBLING) for code in case.errors)

    assert len(PERSONAL) + len(GAMBLING) + len(INNOCENT) >= 1_200
    assert {case.place for case in PERSONAL} == set(reading.PLACES)
    few = {code: count for code, count in codes.items() if count < 10 and code != "gambling-words"}
    assert not few
    assert set(codes) >= {
        *(f"personal-{kind}" for kind in ("nik", "kk", "npwp", "account", "card", "bpjs", "passport",
        "birth")),
        *("personal-mobile", "personal-mail", "personal-nip", "personal-addresses", "gambling-phrase",
        "gambling-words"),
    }  # fmt: skip


@pytest.mark.parametrize("seed", range(20 if FULL else 2))
def test_at_most_one_ordinary_page_in_two_hundred_is_barred(seed: int) -> None:
    pages = [*ordinary_pages.by_hand(), *ordinary_pages.made_up(200, seed)]
    barred, mentioned = [], []
    for title, page in pages:
        told = reading.judged(page)
        barred += [f"{title}: {item.code} {dict(item.values)}" for item in told if item.severity == "error"]
        mentioned += [title for item in told[:1] if item.severity == "warning"]

    assert len(barred) <= len(pages) // 200, barred
    assert len(mentioned) <= len(pages) // 50, mentioned


@pytest.mark.parametrize("case", PERSONAL[::7], ids=lambda case: case.source)
def test_whoever_reads_a_text_plainly_finds_each_line_where_it_was(case: reading.Case) -> None:
    assert readable(case.text).count("\n") == case.text.count("\n")
    again = readable(case.text)
    assert readable(again).count("\n") == again.count("\n")
