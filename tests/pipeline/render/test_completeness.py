"""What the renderer says it did is believed only where the tree and the written bytes bear it out."""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from pipeline.render import completeness
from sop_site.errors import RenderingFailed
from sop_site.publication import PageApproval, Publication

FOLDER = "content/berita/2026-01-05-pantai"
PAGE = "berita/2026-01-05-pantai/index.html"
PHOTO = "berita/2026-01-05-pantai/foto.jpg"
STAMP = b'<aside data-approval="' + b"a" * 40 + b'">'


class Drawn:
    """A small site that is right, until a test makes it wrong."""

    def __init__(self, root: Path) -> None:
        self.tree, self.site = root / "tree", root / "site"
        self.put(self.tree / FOLDER / "index.md", b"---\nkind: news\n---\n")
        self.put(self.tree / FOLDER / "foto.jpg", b"foto")
        self.put(self.site / PAGE, STAMP)
        self.put(self.site / PHOTO, b"foto")
        self.put(self.site / "index.html", b"beranda")
        word = PageApproval("a" * 40, 1, "Camat", "head", None, datetime(2026, 1, 5, tzinfo=UTC), "personal")
        self.public = Publication({FOLDER: word})
        self.note: dict[str, Any] = {
            "pages": {FOLDER: PAGE},
            "withheld": [],
            "generated": ["index.html"],
            "copied": {PHOTO: f"{FOLDER}/foto.jpg"},
        }

    @staticmethod
    def put(path: Path, data: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)

    def prove(self) -> dict[str, str]:
        return completeness.prove(self.tree, self.site, self.public, self.note)


@pytest.fixture
def drawn(tmp_path: Path) -> Drawn:
    return Drawn(tmp_path)


def test_a_whole_site_is_told_file_by_file(drawn: Drawn) -> None:
    digests = drawn.prove()

    assert digests == {
        PAGE: hashlib.sha256(STAMP).hexdigest(),
        PHOTO: hashlib.sha256(b"foto").hexdigest(),
        "index.html": hashlib.sha256(b"beranda").hexdigest(),
    }


def forgotten(drawn: Drawn) -> None:
    """The renderer skipped a page and says nothing of it."""
    drawn.note["pages"] = {}
    (drawn.site / PAGE).unlink()


def invented(drawn: Drawn) -> None:
    """A page that nobody approved."""
    drawn.put(drawn.site / "berita/2026-01-06-palsu/index.html", STAMP)
    drawn.note["pages"]["content/berita/2026-01-06-palsu"] = "berita/2026-01-06-palsu/index.html"


def elsewhere(drawn: Drawn) -> None:
    """A page at another page's address."""
    drawn.note["pages"][FOLDER] = "index.html"


def withheld_without_reason(drawn: Drawn) -> None:
    """Held back although the page asks for no embargo."""
    forgotten(drawn)
    drawn.note["withheld"] = [FOLDER]


def stray(drawn: Drawn) -> None:
    drawn.put(drawn.site / "draf.html", b"x")


def stray_hidden(drawn: Drawn) -> None:
    drawn.put(drawn.site / ".htaccess", b"x")


def lost(drawn: Drawn) -> None:
    (drawn.site / "index.html").unlink()


def linked(drawn: Drawn) -> None:
    (drawn.site / "index.html").unlink()
    (drawn.site / "index.html").symlink_to("/etc/passwd")


def retouched(drawn: Drawn) -> None:
    drawn.put(drawn.site / PHOTO, b"foto lain")


def photo_left_out(drawn: Drawn) -> None:
    (drawn.site / PHOTO).unlink()
    drawn.note["copied"] = {}


def unstamped(drawn: Drawn) -> None:
    drawn.put(drawn.site / PAGE, b"<aside>")


def stamped_twice(drawn: Drawn) -> None:
    drawn.put(drawn.site / PAGE, STAMP + STAMP)


def stamped_by_another(drawn: Drawn) -> None:
    drawn.put(drawn.site / PAGE, STAMP.replace(b"a" * 40, b"b" * 40))


@pytest.mark.parametrize(
    ("harm", "code"),
    [
        (forgotten, "render-page-missing"),
        (invented, "render-page-missing"),
        (elsewhere, "render-page-missing"),
        (withheld_without_reason, "render-page-missing"),
        (stray, "render-stray-file"),
        (stray_hidden, "render-stray-file"),
        (lost, "render-stray-file"),
        (linked, "render-stray-file"),
        (retouched, "render-file-differs"),
        (photo_left_out, "render-file-missing"),
        (unstamped, "render-page-unstamped"),
        (stamped_twice, "render-page-unstamped"),
        (stamped_by_another, "render-page-unstamped"),
    ],
    ids=lambda value: value if isinstance(value, str) else value.__name__,
)
def test_what_is_not_as_approved_stops_the_build(
    drawn: Drawn, harm: Callable[[Drawn], None], code: str
) -> None:
    harm(drawn)

    with pytest.raises(RenderingFailed, match=code):
        drawn.prove()


def test_a_page_under_embargo_may_be_absent(drawn: Drawn) -> None:
    drawn.put(drawn.tree / FOLDER / "index.md", b"---\nkind: news\npublish_at: 2027-01-01\n---\n")
    forgotten(drawn)
    drawn.note |= {"withheld": [FOLDER], "copied": {}}
    (drawn.site / PHOTO).unlink()

    assert list(drawn.prove()) == ["index.html"]
