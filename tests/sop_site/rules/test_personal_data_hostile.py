"""Bodies as big as a page may be, made to keep the checks busy: the work grows with the text, not faster."""

import time

import pytest

from sop_site.rules import gambling_words, personal_data
from tests.sop_site.rules.values import SETTINGS

HEAPS = [
    "1", "1 ", "12 ", "1234 ", "1/", "1\n", "5108/", "5108062812760001 ", "5108062812760001\n", "62 8",
    "0812 ", "0 8 1 ",
    "08\n", "a", "a.", "@", "a@", "@gmail ", "a at ", "gmail.", "lahir ", "| ttl ", "| ttl\n", "ttl\n",
    "ttl,a\n", "lahir|1\n",
    "Jl. A ", "RT ", "RT 1 ", "rek ", "rek 12345678\n", "|12345678\n", "12345678;", "\t12345678\n",
    "Wayan ", "\n", "A ", "*_",
    "&#49;", "&", "%35", "<b", "<!--", "\u202e1", "\u200b1", "aA", "O1", "OI1", "a b ", "paspor A123456 ",
    "A123456 ",
    "NIP 197603152001121002\n", "slot", "slot ", "s l o t ", "sssss", "judi online. ", "1 1 1 ", "l1i ",
    "liilli", "a|b",
    "[a](b)c", "](", "g a c o r ", "!@$", "togel",
]  # fmt: skip
SIZE = 256 * 1024


@pytest.mark.parametrize("heap", HEAPS)
def test_the_work_grows_with_the_text(heap: str) -> None:
    """Counted in the processor's time of one text and of one four times as long: at most some eight times."""
    small, large = (spent(heap * (size // len(heap))) for size in (SIZE // 32, SIZE // 8))

    assert large < max(8 * small, 0.5), (heap, small, large)


def spent(text: str) -> float:
    started = time.process_time()
    personal_data.findings(text, "x", SETTINGS)
    gambling_words.phrases(text)
    return time.process_time() - started
