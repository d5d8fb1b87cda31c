"""A page is changed where it has to be, and nowhere else."""

import pytest

from sop_site.content.editing import label, with_entry, with_paragraph, with_value
from sop_site.content.front_matter import divide

ENTRY = {"file": "b.pdf", "title": "Dua: “kedua”"}
PAGE = """---
# catatan operator
kind: news
title:   'Judul'   # ditulis tangan

topics: [a,   b]
---
Isi.
"""


def values(text: str) -> dict[str, object]:
    head = divide("content/berita/x/index.md", text.encode()).head
    assert head is not None, text
    return dict(head.values)


def test_a_new_value_is_one_more_line() -> None:
    made = with_value(PAGE, "image", "foto.jpg")

    assert made == PAGE.replace("---\nIsi", 'image: "foto.jpg"\n---\nIsi')


def test_a_value_that_stands_is_replaced_where_it_stands() -> None:
    text = PAGE.replace("topics:", "image: lama.jpg\nimage_alt: >\n  Kalimat\n  panjang\n\n# tetap\ntopics:")

    made = with_value(with_value(text, "image", "baru.jpg"), "image_alt", 'Kata "dalam" kutip: # ya')

    assert made == text.replace("lama.jpg", '"baru.jpg"').replace(
        "image_alt: >\n  Kalimat\n  panjang\n", 'image_alt: "Kata \\"dalam\\" kutip: # ya"\n'
    )
    assert values(made)["image_alt"] == 'Kata "dalam" kutip: # ya'


def test_yes_and_no_are_written_as_such() -> None:
    assert values(with_value(PAGE, "speech", False))["speech"] is False


@pytest.mark.parametrize(
    ("standing", "before"),
    [
        ("", 0),
        ("files: []\n", 0),
        ("files:\n", 0),
        ("files: belum diisi oleh kantor\n", 0),
        ("files:\n  - file: a.pdf\n    title: Satu\n", 1),
        ("files: # daftar\n  - file: a.pdf\n    title: Satu\n\n# sesudahnya\n", 1),
        ("files:\n- file: a.pdf\n  title: Satu\n", 1),
        ("files:\n    - {file: a.pdf, title: Satu}\n", 1),
        ("files: [{file: a.pdf, title: Satu}]\n", 1),
        ("files: [{file: a.pdf, title: Satu},]\n", 1),
        ("files: [\n  {file: a.pdf, title: Satu}\n]\n", 1),
    ],
)
def test_an_entry_is_added_in_the_style_of_the_list(standing: str, before: int) -> None:
    text = f"---\nkind: document\n{standing}issued: 2026-01-05\n---\nIsi.\n"

    made = with_entry(with_entry(text, "files", ENTRY), "files", {"file": "c.pdf", "title": "Tiga"})

    found = values(made)
    assert found["files"] == (
        *(({"file": "a.pdf", "title": "Satu"},) * before), ENTRY, {"file": "c.pdf", "title": "Tiga"},
    )  # fmt: skip
    assert found | {"files": ()} == values(text) | {"files": ()}
    for comment in ("# daftar", "\n\n# sesudahnya\nissued"):
        assert (comment in made) == (comment in text)


def test_a_paragraph_goes_to_the_end() -> None:
    assert with_paragraph(PAGE, "![a](b.jpg)") == PAGE + "\n![a](b.jpg)\n"


def test_words_in_square_brackets_are_only_words() -> None:
    from sop_site.content import markdown

    words = "Foto [resmi] *tebal*\n_garis_ a\\b `kode` baris"
    drawn = markdown.outline(f"![{label(words)}](foto.jpg)\n")

    assert [(picture.target, picture.text) for picture in drawn.pictures] == [
        ("foto.jpg", "Foto [resmi] *tebal* _garis_ a\\b `kode` baris")
    ]
