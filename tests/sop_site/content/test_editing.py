"""A page is changed where it has to be, and nowhere else."""

import json

import pytest
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st

from sop_site.content import markdown
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
    words = "Foto [resmi] *tebal*\n_garis_ a\\b `kode` baris"
    drawn = markdown.outline(f"![{label(words)}](foto.jpg)\n")

    assert [(picture.target, picture.text) for picture in drawn.pictures] == [
        ("foto.jpg", "Foto [resmi] *tebal* _garis_ a\\b `kode` baris")
    ]


LETTERS = st.text(st.sampled_from("ab :#-[]{}'\"|>&*!%,\\\u00e9\u201c"), max_size=20)
FIELDS = st.dictionaries(
    st.sampled_from(["title", "summary", "image", "image_alt", "files", "unit"]),
    st.one_of(LETTERS, st.lists(LETTERS, max_size=3)),
    min_size=1,
)


def in_yaml(value: str | list[str], *, written_out: bool) -> str:
    if written_out and value and isinstance(value, list):
        return "".join(f"\n  - {json.dumps(item, ensure_ascii=False)}" for item in value)
    return " " + json.dumps(value, ensure_ascii=False)


@effort(deadline=None)
@given(FIELDS, st.booleans(), st.sampled_from(["image", "image_alt", "credit"]), LETTERS)
def test_whatever_is_set_everything_else_says_what_it_said(
    fields: dict[str, str | list[str]], written_out: bool, key: str, value: str
) -> None:
    head = "".join(f"{name}:{in_yaml(item, written_out=written_out)}\n" for name, item in fields.items())
    text = f"---\n{head}---\nIsi: tetap.\n---\nimage: bukan isian\n"

    made = with_value(text, key, value)

    assert values(made) == values(text) | {key: value}
    assert made.endswith("---\nIsi: tetap.\n---\nimage: bukan isian\n")


@effort(deadline=None)
@given(st.text(st.sampled_from("ab []()!*_`\\<>&#\n"), max_size=30))
def test_whatever_a_file_is_called_its_link_stays_one_link(words: str) -> None:
    drawn = markdown.outline(with_paragraph("Isi.", f"[x{label(words)}y](a.pdf)"))

    assert [link.target for link in drawn.links] == ["a.pdf"]
    assert drawn.links[0].text == f"x{' '.join(words.split())}y".strip()
