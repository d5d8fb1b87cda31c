"""Who made each page public, composed from the verdict."""

from datetime import timedelta

import pytest

from sop_site.approval.verdict import Approval, Genesis, Verdict
from sop_site.errors import RenderingFailed
from sop_site.publication import Publication, compose, folder_of
from tests.office import MONDAY

OPENING = ("content/halaman/profil/index.md", "site.toml", "governance/policy.toml")
NEWS = "content/berita/2026-01-05-a/index.md"


def approval(sequence: int, *paths: str) -> Approval:
    mark = f"{sequence:040x}"
    return Approval(
        commit=mark, sequence=sequence, approver="camat@percontohan.go.id", name="Camat", role="acting",
        decree="800/1/2026", time=MONDAY + timedelta(days=sequence), draft="d" * 40, assurance="personal",
        paths=paths, tree="e" * 40, content_digest="sha256:0", ledger=None, key_fingerprint="SHA256:x",
        payload_sha256="0",
    )  # fmt: skip


def verdict(*approvals: Approval) -> Verdict:
    genesis = Genesis("c" * 40, "e" * 40, MONDAY, OPENING, None, "sha256:0")
    return Verdict(None, None, genesis=genesis, approvals=approvals)


def test_a_page_names_the_last_approval_that_touched_its_folder() -> None:
    photo = NEWS.replace("index.md", "foto.jpg")
    public = compose(
        verdict(approval(1, NEWS), approval(2, photo), approval(3, "site.toml")), [*OPENING, NEWS]
    )

    word = public.pages["content/berita/2026-01-05-a"]
    assert (word.sequence, word.role, word.decree) == (2, "acting", "800/1/2026")
    assert [older.sequence for older in word.history] == [1]


def test_what_stood_at_the_opening_says_so() -> None:
    word = compose(verdict(), OPENING).pages["content/halaman/profil"]

    assert (word.assurance, word.commit, word.name, word.history) == ("genesis", "c" * 40, "", ())


def test_a_page_without_a_word_stops_everything() -> None:
    with pytest.raises(RenderingFailed, match="render-page-unapproved"):
        compose(verdict(approval(1, "site.toml")), [*OPENING, NEWS])


def test_it_survives_being_written_down() -> None:
    public = compose(verdict(approval(1, NEWS), approval(2, NEWS)), [*OPENING, NEWS])

    assert Publication.from_json(public.to_json()) == public


@pytest.mark.parametrize(
    ("path", "folder"),
    [
        (NEWS, "content/berita/2026-01-05-a"),
        ("content/berita/2026-01-05-a/dalam/x.jpg", "content/berita/2026-01-05-a"),
        ("content/README.md", None),
        ("governance/a/b/c", None),
    ],
)
def test_the_folder_of_a_path(path: str, folder: str | None) -> None:
    assert folder_of(path) == folder
