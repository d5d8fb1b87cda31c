"""What proof pages print: words of the repository stay words in a shell."""

import shlex

import pytest

from sop_site.plugins import commands
from tests.sop_site.plugins.values import approval_proof

ODD = "content/berita/2026-01-05-$(touch x);'y"


def test_a_folder_cannot_leave_its_quotes() -> None:
    assert shlex.split(commands.page_history(ODD)[0])[-1] == ODD


@pytest.mark.parametrize("person", ["o'hara@kantor.go.id", "`x`@kantor.go.id", "a$b@kantor.go.id", "|x@k.id"])
def test_a_persons_id_cannot_leave_its_quotes(person: str) -> None:
    last = commands.verify_by_hand(approval_proof(1, approver=person))[-1]

    words = shlex.split(last)
    assert words[words.index("-I") + 1] == person


def test_the_cuts_follow_the_header_of_the_repositorys_format() -> None:
    short = approval_proof(1, signature_begins=100, signature_ends=400)
    long = approval_proof(1, commit="a" * 64, signature_begins=100, signature_ends=400)

    assert commands.verify_by_hand(short)[3].split("|")[1].strip() == "tail -c 294"
    assert commands.verify_by_hand(long)[3].split("|")[1].strip() == "tail -c 287"
