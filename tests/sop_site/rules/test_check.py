"""All rules together: wherever a number is hidden it is found, and no answer about the page repeats it."""

import json
import re
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st

from sop_site import messages
from sop_site.rules import PageInput, check
from sop_site.rules.numbers import PROVINCES, is_nik
from tests.sop_site.rules import values

DIGITS_ALONE = re.compile(r"\D")
PLACES: dict[str, Callable[[str], PageInput]] = {
    "sentence": lambda said: values.given(f"Pemohon dengan NIK {said} sudah datang."),
    "heading": lambda said: values.given(f"Baris.\n\n#### NIK:{said}"),
    "table": lambda said: values.given(f"| Nama | NIK |\n|---|---|\n| Warga | {said} |"),
    "list": lambda said: values.given(f"- satu\n- {said}"),
    "code": lambda said: values.given(f"`{said}`"),
    "link text": lambda said: values.given(f"[{said}](/tidak-ada/)"),
    "link target": lambda said: values.given(f"[Data warga](</tidak-ada/{said}>)"),
    "picture": lambda said: values.given(f"![KTP {said}](https://lain.example/ktp.jpg)"),
    "html": lambda said: values.given(f"<b title='{said}'>"),
    "reference": lambda said: values.given(f"Baris.\n\n[tidak dipakai]: /x/ '{said}'"),
    "title": lambda said: values.given(title=f"Surat warga NIK {said}"),
    "summary": lambda said: values.given(summary=json.dumps(f"Surat keterangan warga, NIK {said}.")),
    "source": lambda said: values.given(sources=json.dumps([f"Surat warga {said}"])),
    "comment": lambda said: values.given(unit=f"pelayanan # NIK {said}"),
    "note": lambda said: values.given(change_note=json.dumps(f"NIK {said} dihapus")),
}  # fmt: skip


def niks() -> st.SearchStrategy[str]:
    return st.builds(
        lambda province, region, day, woman, serial: (
            f"{province}{region:04}{day.day + 40 * woman:02}{day:%m%y}{serial:04}"
        ),
        st.sampled_from(sorted(PROVINCES)),
        st.integers(101, 9999).filter(lambda code: code % 100 and code // 100),
        st.dates(date(1930, 1, 1), date(2029, 12, 31)),
        st.booleans(),
        st.integers(1, 9999),
    )


def grouped(nik: str, way: str) -> str:
    if way == "region":
        return f"{nik[:6]} {nik[6:12]} {nik[12:]}"
    if way == "dots":
        return f"{nik[:2]}.{nik[2:4]}.{nik[4:6]}.{nik[6:12]}.{nik[12:]}"
    return " ".join(nik[start : start + 4] for start in range(0, 16, 4)) if way == "fours" else nik


@effort(max_examples=150, deadline=None)
@given(niks(), st.sampled_from(sorted(PLACES)), st.sampled_from(["whole", "region", "dots", "fours"]))
def test_a_nik_is_found_wherever_it_stands_and_never_shown(nik: str, place: str, way: str) -> None:
    assert is_nik(nik)
    found = check(PLACES[place](grouped(nik, way)))

    assert [finding.code for finding in found if finding.code == "personal-nik"], place
    for lang in messages.LANGUAGES:
        for finding in found:
            shown = messages.as_json(lang, finding)
            told = f"{shown['path']} {shown['message']} {shown['advice']}"
            assert nik not in DIGITS_ALONE.sub("", told)
            assert nik not in DIGITS_ALONE.sub("", "".join(messages.as_lines(lang, finding)))


@pytest.mark.parametrize("place", PLACES)
def test_every_hiding_place_has_its_line(place: str) -> None:
    page = PLACES[place]("5108062812760001")

    lines = [finding.line for finding in check(page) if finding.code == "personal-nik"]

    head = place in ("title", "summary", "source", "comment", "note")
    assert lines
    assert all(line is not None and (line < page.page.body_line) == head for line in lines)


def test_a_number_in_an_address_of_the_web_may_be_anything_and_is_mentioned_masked() -> None:
    found = check(values.given("[Unggahan kantor](https://lain.example/posts/3174015505900002)"))

    assert [(finding.code, finding.severity) for finding in found] == [("personal-sixteen", "warning")]
    assert "3174015505900002" not in json.dumps([messages.as_json("id", finding) for finding in found])


def test_findings_come_once_and_in_the_order_of_lines() -> None:
    body = "Baris [di sini](/satu/).\n\n[di sini](/satu/)\n\n# Tinggi\n\n<b>x</b> <b>y</b>"
    page = values.given(body)

    found = check(page)

    assert [(finding.code, finding.line) for finding in found] == sorted(
        {(finding.code, finding.line) for finding in found}, key=lambda one: (one[1], one[0])
    )
    assert {finding.code for finding in found} == {
        "link-dead", "link-says-nothing", "heading-too-high", "html-in-text",
    }  # fmt: skip
