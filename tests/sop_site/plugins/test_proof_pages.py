"""The pages under /bukti/ as a plan: few entries on a page, stable addresses, nothing named too early."""

from dataclasses import replace
from typing import Any

import pytest

from sop_site.approval.policy_history import PolicyChange
from sop_site.plugins.layout import Document
from sop_site.plugins.proof_pages import NAMED, ProofPages
from sop_site.proof import ApprovalProof, Opening, PageChange, PolicyProof, Proof
from tests.office import MONDAY
from tests.sop_site.plugins.values import approval_proof, shown, site

OPENING = Opening("c" * 40, MONDAY, "1", "2", "sha256:0", ())


def policy(version: int, *changes: PolicyChange) -> PolicyProof:
    return PolicyProof(version, "sha256:1", "c" * 40, 0, MONDAY, 1, (), changes)


def drawn(
    *approvals: ApprovalProof, pages: tuple = (), withheld: tuple[str, ...] = (), **proof: Any
) -> ProofPages:
    values = {"opening": OPENING, "policies": (policy(1),), **proof}
    return ProofPages(site(*pages), Proof(approvals=approvals, **values), frozenset(withheld))


def by_url(pages: ProofPages) -> dict[str, Document]:
    return {document.url: document for document in pages.documents()}


def test_ten_thousand_approvals_stay_in_short_lists_that_do_not_move() -> None:
    many = [approval_proof(number, f"content/berita/2026-01-05-{number}") for number in range(1, 10_001)]

    before, after = by_url(drawn(*many[:-1])), by_url(drawn(*many))

    assert len(after["/bukti/"].values["cards"]) == 20
    assert {f"/bukti/{number}/" for number in (0, 1, 10_000)} <= set(after)
    lists = [url for url in after if url.startswith("/bukti/hal/")]
    assert len(lists) == 499
    assert all(len(after[url].values["cards"]) == 20 for url in lists)
    assert {url for url in before if before[url] != after[url]} <= {"/bukti/", "/bukti/hal/498/"}
    years = after["/bukti/"].values["years"]
    assert [(year.year, year.first, year.url) for year in years][-2:] == [
        (2027, 361, "/bukti/hal/19/"), (2026, 1, "/bukti/hal/1/"),
    ]  # fmt: skip


def test_a_page_is_named_by_its_present_title_or_by_its_path() -> None:
    here = shown("2026-01-05-ada", "Judul sekarang")
    one = approval_proof(1, here.folder, "content/berita/2026-01-05-hilang")

    (group,) = by_url(drawn(one, pages=(here,)))["/bukti/1/"].values["groups"]

    assert [(page.title, page.url) for page in group.pages] == [
        ("Judul sekarang", "/berita/2026-01-05-ada/"),
        ("content/berita/2026-01-05-hilang", None),
    ]


def test_a_page_before_its_hour_is_counted_alone() -> None:
    secret = "content/berita/2026-01-05-nanti"
    pages = drawn(approval_proof(1, secret), withheld=(secret,))

    found = by_url(pages)

    (group,) = found["/bukti/1/"].values["groups"]
    assert (group.pages, group.waiting) == ((), 1)
    shown_of_all = [
        {name: value for name, value in document.values.items() if name != "proof"}
        for document in found.values()
    ]
    assert "nanti" not in str(shown_of_all)
    assert "nanti" not in str(list(pages.files()))


def test_an_approval_of_many_pages_names_some_and_lists_all() -> None:
    folders = [f"content/berita/2026-01-05-{number:04}" for number in range(NAMED + 5)]
    pages = drawn(approval_proof(1, *folders))

    values = by_url(pages)["/bukti/1/"].values

    assert len(values["groups"][0].pages) == NAMED
    assert values["groups"][0].more == 5
    assert values["listed"] == "/bukti/1/jalur.txt"
    assert dict(pages.files())["bukti/1/jalur.txt"].splitlines() == folders


def test_few_of_each_kind_are_named_where_an_approval_changed_many() -> None:
    added = approval_proof(1, *(f"content/berita/2026-01-05-{number:04}" for number in range(NAMED)))
    also = tuple(PageChange(f"content/desa/{number}", "removed") for number in range(3))

    first, second = by_url(drawn(replace(added, pages=(*added.pages, *also))))["/bukti/1/"].values["groups"]

    assert (len(first.pages), first.more) == (NAMED, 0)
    assert (len(second.pages), second.more) == (0, 3)


def test_the_signers_file_holds_the_lines_below_words_for_people() -> None:
    text = dict(drawn(allowed_signers=("a@b.go.id ssh-ed25519 AAAA",)).files())["bukti/allowed_signers"]

    *words, line = text.splitlines()
    assert line == "a@b.go.id ssh-ed25519 AAAA"
    assert words
    assert all(word.startswith("# ") for word in words)


def test_old_policies_have_pages_of_their_own() -> None:
    versions = tuple(policy(number) for number in range(1, 17))

    found = by_url(drawn(approval_proof(1, policy_version=3), policies=versions))

    assert found["/bukti/1/"].values["policy_url"] == "/bukti/kebijakan/hal/1/#v3"
    front = found["/bukti/kebijakan/"].values["policies"]
    assert [entry.version for entry, _ in front] == [16, 15, 14, 13, 12, 11]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            PolicyChange("person-added-until", {"name": "Plt.", "role": "acting", "decree": "800/1"},
                         {"from": MONDAY, "until": MONDAY}),
            "Plt. menjadi pelaksana tugas, mulai 5 Januari 2026 pukul 09.00 WITA dan berakhir "
            "5 Januari 2026 pukul 09.00 WITA. Dasar kewenangan: 800/1.",
        ),
        (
            PolicyChange("role-changed", {"name": "Plh.", "role": "head", "old": "daily"}),
            "Plh. beralih dari pelaksana harian menjadi kepala kantor.",
        ),
        (
            PolicyChange("name-changed", {"name": "Baru", "role": "witness", "old": "Lama"}),
            "Lama (saksi) selanjutnya disebut Baru.",
        ),
    ],
)  # fmt: skip
def test_a_policys_changes_are_sentences(change: PolicyChange, sentence: str) -> None:
    ((_, said),) = by_url(drawn(policies=(policy(1, change),)))["/bukti/kebijakan/"].values["policies"]

    assert said == [sentence]
