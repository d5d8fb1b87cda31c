"""Finding files by words: what fits, what does not, and what comes first."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sop_site.media_search import Entry, asked, folded, search

PAGE = "content/berita/2026-08-17-upacara/index.md"
PHOTO = Entry(
    PAGE.replace("index.md", "foto-lapangan.jpg"), "a1", 1000, PAGE, "Upacara di halaman kantor",
    "/berita/2026-08-17-upacara/foto-lapangan.jpg", "2026-08-17", caption="Pengibaran bendera",
    alt="Warga berbaris rapi", credit="I Gede Éka", topics=("lingkungan", "Lingkungan Hidup"),
    unit="pelayanan Seksi Pelayanan Umum",
)  # fmt: skip
SAYS = {"a1": folded("Keputusan Camat nomor 12 tahun 2026 tentang Retribusi")}


@pytest.mark.parametrize(
    "words",
    ["BENDERA", "pengibaran kantor", "berbaris", "lapangan", "foto-lapangan.jpg", "eka", "ÉKA", "hidup",
     "lingkungan", "seksi umum", "2026-08", "2026-08-17", "agustus 2026", "Agustus", "17 Agustus",
     "17 agustus 2026", "17 August", "017 2026"[1:], "upacara 2026", "retribusi", "nomor 12", "ibar"],
)  # fmt: skip
def test_it_is_found_by(words: str) -> None:
    assert search([words], [PHOTO], SAYS) == (PHOTO,)
    assert search(words.split(), [PHOTO], SAYS) == (PHOTO,)


@pytest.mark.parametrize(
    "words",
    ["gunung", "bendera gunung", "18 agustus", "7 agustus", "2025", "2026-09", "202", "agustus 2025", "1"],
)
def test_it_is_not_found_by(words: str) -> None:
    assert search(words.split(), [PHOTO], SAYS) == ()


def test_days_and_months_are_phrases() -> None:
    assert asked(["17", "Agustus", "2026", "kantor"]) == ("17 agustus 2026", "kantor")
    assert asked(["07 Mei"]) == ("7 mei",)
    assert asked(["agustus", "kantor", "17"]) == ("agustus", "kantor", "17")


def test_what_a_file_is_called_counts_more_than_what_it_says_and_the_newest_comes_first() -> None:
    named = replace(PHOTO, path=PHOTO.path.replace("foto-lapangan", "retribusi"), blob="b")
    newer = replace(named, path=named.path.replace("2026-08-17", "2026-09-01"), day="2026-09-01")

    assert search(["retribusi"], [PHOTO, named, newer], SAYS) == (newer, named, PHOTO)


@given(
    st.lists(
        st.sampled_from(("bendera", "kantor", "eka", "gunung", "agustus", "rib")), min_size=1, max_size=4
    )
)
def test_every_word_must_fit(words: list[str]) -> None:
    each = all(search([word], [PHOTO], SAYS) for word in words)

    assert bool(search(words, [PHOTO], SAYS)) is each
