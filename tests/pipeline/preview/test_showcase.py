"""A large site is served before all of it is read, and a plan is renewed only when something changed."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pipeline.preview import showcase
from pipeline.preview.showcase import Showcase
from pipeline.preview.sources import Office as Shown
from pipeline.repository import Repository
from tests import history
from tests.office import Office, page

URL = "/pengumuman/2026-01-05-jam/"
pytestmark = pytest.mark.git


@contextmanager
def opened(office: Office, draft: str, scratch: Path) -> Iterator[Showcase]:
    with Repository(office.repo) as repo:
        shown = Shown(repo, draft, scratch)
        yield Showcase(shown, lambda: office.now)
        shown.close()


def test_the_pages_of_the_draft_are_there_before_a_large_site_is_read(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(showcase, "_AT_ONCE", 0)
    monkeypatch.setattr(showcase, "_PATIENCE", 0.0)
    history.publish(office, history.merge(office, office.announces("libur")))
    draft = office.announces("jam")
    with opened(office, draft, tmp_path / "kerja") as show:
        early = show.for_address(URL)
        assert early is not None
        assert "Halaman ini diubah oleh draf." in early.html(URL)[1]
        assert show.for_address("/pengumuman/") is None
        assert "Halaman ini sedang disiapkan" in show.pages.coming("/pengumuman/")
        version = show.version

        assert show.refresh()

        listed = show.for_address("/pengumuman/")
        assert listed is not None
        assert URL in listed.html("/pengumuman/")[1]
        assert show.version != version
        assert not show.refresh()


def test_nothing_is_drawn_anew_while_nothing_changes(office: Office, tmp_path: Path) -> None:
    with opened(office, office.announces("jam"), tmp_path / "kerja") as show:
        pages = show.pages

        assert not show.refresh()
        assert show.pages is pages


def test_only_what_changed_is_read_again(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = office.announces("jam")
    office.announces("libur")
    office.writes("content/pengumuman/2026-01-05-libur/index.md", page("Libur"), draft=draft)
    read: list[str] = []
    real = showcase.read_page
    monkeypatch.setattr(showcase, "read_page", lambda path, *rest: read.append(path) or real(path, *rest))
    with opened(office, draft, tmp_path / "kerja") as show:
        read.clear()
        office.writes("content/pengumuman/2026-01-05-libur/index.md", page("Libur baru"), draft=draft)

        assert show.refresh()

    assert read == ["content/pengumuman/2026-01-05-libur/index.md"]
