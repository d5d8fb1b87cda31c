"""The file itself: encodings, line ends, characters that nobody sees."""

import codecs

import pytest

from sop_site.content import parse
from sop_site.fixing import fix
from tests.office import page
from tests.sop_site.fixing.pages import NEWS, TITLE, after
from tests.sop_site.rules.values import SETTINGS

GOOD = page(TITLE, kind="news")


@pytest.mark.parametrize(
    ("data", "codes"),
    [
        (codecs.BOM_UTF8 + GOOD.encode(), ["fix-bom"]),
        (GOOD.replace("\n", "\r\n").encode(), ["fix-line-ends"]),
        (GOOD.replace("\n", "\r").encode(), ["fix-line-ends"]),
        (codecs.BOM_UTF8 + GOOD.replace("\n", "\r\n").encode(), ["fix-bom", "fix-line-ends"]),
        (codecs.BOM_UTF16_LE + GOOD.encode("utf-16-le"), ["fix-bom"]),
        (codecs.BOM_UTF16_BE + GOOD.encode("utf-16-be"), ["fix-bom"]),
        (b"\n\n" + GOOD.encode(), ["fix-head-marks"]),
        (GOOD.replace("---\n", "---  \n").encode(), ["fix-head-marks"] * 2),
        (GOOD.rstrip("\n").encode(), ["fix-end"]),
        (GOOD.encode() + b"\n\n\n", ["fix-end"]),
        (GOOD.replace("Warga", "Wa\u200brga").encode(), ["fix-invisible"]),
        (GOOD.replace("Warga", "\x00Wa\x07rga").encode(), ["fix-invisible"]),
        (GOOD.replace("Warga dapat", "Warga\x0cdapat").encode(), ["fix-invisible"]),
        (GOOD.replace("Warga", "\u202aWarga\u202c").encode(), ["fix-invisible"]),
    ],
)
def test_a_file_that_the_model_refuses_is_the_good_page_again(data: bytes, codes: list[str]) -> None:
    done = fix(NEWS, data)

    assert done.data == GOOD.encode()
    assert [step.code for step in done.steps] == codes
    assert parse(NEWS, done.data, SETTINGS).findings == ()


def test_a_good_page_stays_as_it_is() -> None:
    assert fix(NEWS, GOOD.encode()).steps == ()


@pytest.mark.parametrize(
    "data",
    [
        GOOD.replace("Warga", "W\xe4rga").encode("latin-1"),
        b"",
        b"\n\n",
        b"\xff\xfe\x00",
        b"a" * 600_000,
        GOOD.replace("Warga", "\u202eagraW\u202c").encode(),
    ],
    ids=["no UTF-8", "empty", "blank", "half a letter", "huge", "turned around"],
)
def test_what_only_a_person_can_read_stays_as_it_is(data: bytes) -> None:
    assert fix(NEWS, data).data == data


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ("Datang\u00a0 ke kantor", "Datang ke kantor"),
        ("Datang\u00a0ke kantor", "Datang ke kantor"),
        ("Pasal\u00a05 dan 10\u00a0kg", "Pasal\u00a05 dan 10\u00a0kg"),
        ("Kafe\u0301 desa", "Kaf\u00e9 desa"),
        ("kata\u200cku dan so\u00adlusi", "kataku dan solusi"),
        ("\u0915\u094d\u200d\u0937", "\u0915\u094d\u200d\u0937"),
        ("\U0001f468\u200d\U0001f33e petani", "\U0001f468\u200d\U0001f33e petani"),
        ("\x93kata\x94 \x96 ya", "“kata” – ya"),
        ("satu\u0085dua", "satu\u0085dua"),
        ("\u200fשלום dunia", "\u200fשלום dunia"),
    ],
)
def test_characters_are_removed_only_where_they_do_nothing(before: str, expected: str) -> None:
    assert after(before) == expected
