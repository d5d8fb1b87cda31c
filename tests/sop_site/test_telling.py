"""What is told many times is told once; nothing that has to be mended is left out."""

from sop_site import messages, telling
from sop_site.answers import Finding

PATH = "content/berita/2026-01-05-x/index.md"


def names(count: int, severity: str = "warning") -> list[Finding]:
    return [
        Finding("language-name", severity, PATH, line, {"word": f"Kata{line}", "meant": "Kata"})  # type: ignore[arg-type]
        for line in range(10, 10 + count)
    ]


def test_the_same_advice_four_times_is_told_once_with_its_places() -> None:
    told = telling.lines("id", names(4))

    assert told == [
        f"{messages.say('id', 'severity-warning')} {PATH}:10: “Kata10” mungkin dimaksudkan “Kata”.",
        "  Hal yang sama 4 kali pada halaman ini; juga: Kata11 (baris 11), Kata12 (baris 12), "
        "Kata13 (baris 13).",
        "  → Samakan ejaannya dengan nama dalam daftar kantor.",
    ]


def test_three_times_and_errors_are_told_each() -> None:
    assert len(telling.lines("id", names(3))) == 6
    assert len(telling.lines("id", names(9, "error"))) == 18


def test_advice_on_two_pages_is_not_drawn_together() -> None:
    other = [Finding(f.code, f.severity, "content/berita/lain/index.md", f.line, f.values) for f in names(3)]

    assert len(telling.lines("id", [*names(3), *other])) == 12


def test_a_hundred_of_the_same_end_in_a_sentence_that_can_be_read() -> None:
    (_, also, _) = telling.lines("id", names(100))

    assert also.startswith("  Hal yang sama 100 kali")
    assert also.endswith("….")
    assert len(also) < 700


def test_fields_are_named_by_their_labels_and_numbers_stay_masked() -> None:
    fields = [Finding("field-unfilled", "warning", PATH, n, {"field": "photos 2 credit"}) for n in range(5)]
    files = [
        Finding("file-unnamed", "warning", PATH, None, {"file": "5108062812760001.jpg"}) for _ in range(5)
    ]

    assert "Foto ke-2, Pembuat foto (baris 1)" in telling.lines("id", fields)[1]
    assert "5108062812760001" not in "".join(telling.lines("id", files))
