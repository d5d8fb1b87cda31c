"""Media: what a page's files must be, measured elsewhere."""

from dataclasses import replace

import pytest

from sop_site.rules import MediaFacts, media
from sop_site.rules.inputs import PageInput
from tests.every_kind import INFORMATION
from tests.sop_site.rules import values

PICTURE = MediaFacts("foto.jpg", "jpg", 90_000, width=1200, height=800, fingerprint="a1")
PDF = MediaFacts("rencana.pdf", "pdf", 90_000, has_text=True)


def told(facts: MediaFacts, **page: str) -> list[tuple[str, str]]:
    found = values.given(media=[facts], **page)
    return [(finding.code, finding.severity) for rule in media.RULES for finding in rule(found)]


def document(facts: MediaFacts) -> PageInput:
    files = f"[{{file: {facts.name}, title: Rencana kerja}}]"
    return values.given(
        kind="document", media=[facts], issued="2026-01-05", information=INFORMATION, files=files
    )


@pytest.mark.parametrize(
    "facts",
    [
        PICTURE,
        PDF,
        MediaFacts("peta.svg", "svg", 9_000),
        MediaFacts("film.mp4", "mp4", 20_000_000),
        MediaFacts("takarir.vtt", "vtt", 100),
        replace(PICTURE, size=500_000, width=2400, height=2400),
        replace(PDF, size=5_000_000),
    ],
)
def test_clean_files_within_the_limits_are_good(facts: MediaFacts) -> None:
    assert told(facts) == []


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        (replace(PICTURE, true_type="png"), "media-other-type"),
        (replace(PICTURE, true_type=None), "media-other-type"),
        (replace(PDF, true_type="docx"), "media-other-type"),
        (replace(PDF, encrypted=True), "media-is-closed"),
        (replace(PDF, macros=True), "media-is-closed"),
        (replace(PICTURE, problem="media-broken"), "media-not-whole"),
        (replace(PICTURE, has_metadata=True), "media-has-metadata"),
        (replace(PICTURE, size=500_001), "media-too-heavy"),
        (replace(PDF, size=5_000_001), "media-too-heavy"),
        (MediaFacts("film.mp4", "mp4", 20_000_001), "media-too-heavy"),
        (replace(PICTURE, width=2401), "media-too-large"),
        (replace(PICTURE, height=2401), "media-too-large"),
        (MediaFacts("daftar.xlsx", "xlsx", 100), "media-office"),
    ],
)
def test_every_other_file_bars_the_page(facts: MediaFacts, code: str) -> None:
    assert told(facts) == [(code, "error")]


def test_a_scan_is_advice() -> None:
    assert told(replace(PDF, has_text=False)) == [("media-pdf-without-text", "warning")]


def test_office_files_are_kept_as_files_of_a_document_with_a_warning() -> None:
    page = document(MediaFacts("daftar.xlsx", "xlsx", 100))

    (found,) = media.files_are_what_they_say(page)

    assert (found.code, found.severity) == ("media-office-kept", "warning")


def test_the_same_picture_elsewhere_is_advice_but_not_at_its_own_place() -> None:
    own, other = values.PATHS["news"].replace("index.md", "foto.jpg"), "content/berita/x/lain.jpg"

    for known, expected in ((own, []), (other, ["media-already-public"])):
        page = values.given(media=[PICTURE], around={"public_files": {"a1": known}})
        assert values.codes(media.files_are_not_public_elsewhere(page)) == expected


LOOK = "0123456789abcdef"


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ({"content/galeri/2025-01-05-x/lain.jpg": LOOK}, ["media-near-duplicate"]),
        ({"content/galeri/2025-01-05-x/lain.jpg": "0123456789abcdec"}, ["media-near-duplicate"]),
        ({"content/galeri/2025-01-05-x/lain.jpg": "5a5a5a5a12345678"}, []),
        ({values.PATHS["news"].replace("index.md", "lama.jpg"): LOOK}, []),
        ({}, []),
    ],
)
def test_a_picture_that_is_public_in_another_version_is_advice(
    known: dict[str, str], expected: list[str]
) -> None:
    page = values.given(media=[replace(PICTURE, likeness=LOOK)], around={"public_likenesses": known})

    found = list(media.pictures_are_not_public_in_another_version(page))

    assert values.codes(found) == expected
    assert all(one.severity == "warning" and one.values["page"] == "/galeri/2025-01-05-x/" for one in found)


def test_the_same_bytes_are_not_told_twice() -> None:
    other = "content/galeri/2025-01-05-x/lain.jpg"
    around = {"public_likenesses": {other: LOOK}, "public_files": {"a1": other}}
    page = values.given(media=[replace(PICTURE, likeness=LOOK)], around=around)

    assert values.codes(media.pictures_are_not_public_in_another_version(page)) == []
