"""Two versions of a page in the office's words: fields by label, dates as people write them."""

from datetime import timedelta

import pytest

from sop_site import settings
from sop_site.review.page_changes import (
    Medium,
    PageReview,
    Version,
    alternative_texts,
    compare_pages,
    medium_change,
)
from sop_site.review.values import FieldChange, Words
from tests.office import MONDAY, SITE_TOML, WITA, page

SETTINGS = settings.parse(SITE_TOML.encode())
WORDS = Words("id", WITA, SETTINGS)
PATH = "content/pengumuman/2026-01-05-satu/index.md"


def review(before: str | None, after: str | None, path: str = PATH, **more: object) -> PageReview:
    old, new = (None if text is None else text.encode() for text in (before, after))
    given: dict[str, object] = {"now": MONDAY, **more}
    return compare_pages(Version(path, old), Version(path, new), (), WORDS, **given)  # type: ignore[arg-type]


def words(pieces: tuple[object, ...] | None) -> str | None:
    return None if pieces is None else "".join(str(piece.text) for piece in pieces)  # type: ignore[attr-defined]


def fields(told: PageReview) -> dict[str, FieldChange]:
    return {field.label: field for field in told.fields}


def codes(told: PageReview) -> list[str]:
    return [note.code for note in told.notes]


def test_a_field_is_named_by_its_label_and_a_date_as_people_write_it() -> None:
    told = fields(review(page("Pengumuman satu"), page("Pengumuman baru", expires_at="2026-06-30T12:00")))

    assert (words(told["Judul"].before), words(told["Judul"].after)) == ("Pengumuman satu", "Pengumuman baru")
    assert words(told["Tayang sampai"].before) == "31 Desember 2027"
    assert words(told["Tayang sampai"].after) == "30 Juni 2026 pukul 12.00 WITA"


def test_a_list_says_what_came_and_what_went_by_name() -> None:
    told = fields(review(page("Pengumuman satu"), page("Pengumuman satu", topics="[lingkungan]")))

    assert (told["Topik"].added, told["Topik"].removed) == (("Lingkungan",), ("Administrasi Kependudukan",))


def test_a_list_in_another_order_says_just_that() -> None:
    before = page("Pengumuman satu", sources="[Satu, Dua]")
    told = fields(review(before, before.replace("[Satu, Dua]", "[Dua, Satu]")))

    assert told["Sumber"].only_order


def test_photos_are_known_by_their_file_and_not_by_their_place() -> None:
    path = "content/galeri/2026-01-05-foto/index.md"
    entry = "{{file: {0}.jpg, alt: {1}, credit: Kantor}}"
    one = page("Galeri foto", kind="gallery", topics="", photos=f"[{entry.format('a', 'Laut')}]")
    two = one.replace("photos: [", f"photos: [{entry.format('b', 'Gunung')}, ").replace(
        "alt: Laut", "alt: Pantai"
    )
    told = fields(review(one, two, path))

    assert words(told["Foto a.jpg – Teks alternatif"].after) == "Pantai"
    assert words(told["Foto b.jpg – Teks alternatif"].after) == "Gunung"
    assert alternative_texts(two.encode(), path) == {"a.jpg": "Pantai", "b.jpg": "Gunung"}


@pytest.mark.parametrize(
    ("before", "after", "fate"),
    [
        (None, page("Pengumuman satu"), "added"),
        (page("Pengumuman satu"), None, "removed"),
        (page("Pengumuman satu"), page("Pengumuman satu", body="Lain."), "changed"),
        (page("Pengumuman satu"), page("Pengumuman satu"), "media"),
        (page("Pengumuman satu"),
         page("Pengumuman satu", expires_at="", withdrawn="{at: 2026-01-06, reason: Keliru}"), "withdrawn"),
    ],
)  # fmt: skip
def test_what_becomes_of_a_page_has_one_name(before: str | None, after: str | None, fate: str) -> None:
    assert review(before, after).fate == fate


def test_an_alert_says_area_level_and_end_before_all_else() -> None:
    front = {"level": "awas", "area": "Banyuning", "until": "2026-01-06T18:00", "instructions": "[Mengungsi]"}
    text = page("Banjir besar", kind="alert", topics="", **front)
    note = review(None, text, "content/siaga/2026-01-05-banjir/index.md").notes[0]

    assert note.code == "tinjau-alert"
    assert note.values == {"level": "Awas", "area": "Banyuning", "until": "6 Januari 2026 pukul 18.00 WITA"}


def test_what_a_draft_says_of_time_is_judged_at_the_hour_of_the_review() -> None:
    text = page("Pengumuman satu", publish_at="2026-01-07", expires_at="2026-01-09")

    assert "tinjau-effect-later" in codes(review(None, text))
    assert "tinjau-effect-until" in codes(review(None, text))
    late = review(None, text, now=MONDAY + timedelta(days=9))
    assert "tinjau-effect-later" not in codes(late)
    assert "tinjau-effect-over" in codes(late)


@pytest.mark.parametrize(
    "broken", ["tanpa kepala", "---\njudul: [\n---\n", "---\nkind: &a x\n---\nIsi", "\ufeff---\n"]
)
def test_a_page_that_cannot_be_read_is_shown_line_by_line(broken: str) -> None:
    told = review(page("Pengumuman satu"), broken, difference=("-lama", "+NIK 5108066203850001 \u202e"))

    assert told.unreadable == ("-lama", "+NIK 5108••••••••01 ⟨U+202E⟩")
    assert told.before_title == "Pengumuman satu"
    assert told.fields == ()


def test_a_body_that_would_take_a_drawer_for_ever_is_not_drawn() -> None:
    told = review(None, page("Pengumuman satu", body="[" * 50_000), difference=("+[[[",))

    assert told.unreadable == ("+[[[",)


def test_the_text_of_a_document_is_compared_by_line() -> None:
    before, after = (Medium("a.pdf", 10, text=f"Baris satu\nPukul {hour}") for hour in ("08.00", "07.30"))
    told = medium_change("a.pdf", "changed", before, after)

    assert told.kind == "document"
    assert [block.change for block in told.text.blocks] == ["same", "changed"]


def test_the_same_picture_elsewhere_has_moved() -> None:
    one = Medium("a.jpg", 10)

    assert medium_change("a.jpg", "added", one, one, "content/berita/x/a.jpg").change == "moved"
