"""The page that stands since genesis fits whatever office opens its repository."""

from pathlib import Path

import pytest

from sop_site import content, resources, settings
from tests.office import SITE_TOML, Office

PAGE = "content/halaman/tentang-situs/index.md"
UNIT = '[[unit]]\nid = "pelayanan"\nname = "Seksi Pelayanan Umum"\n'

pytestmark = pytest.mark.git


def test_the_opening_page_names_a_unit_of_the_office_that_was_opened(office: Office) -> None:
    data = office.git("show", f"refs/heads/publish:{PAGE}") + "\n"

    parsed = content.parse(PAGE, data.encode(), settings.parse(SITE_TOML.encode()))

    assert parsed.findings == ()
    assert parsed.page.unit == "pelayanan"
    assert office.verify().ok


def test_an_office_without_units_opens_without_pages(tmp_path: Path) -> None:
    assert UNIT in SITE_TOML
    office = Office(tmp_path, site=SITE_TOML.replace(UNIT, ""))

    paths = office.git("ls-tree", "-r", "--name-only", "refs/heads/publish").splitlines()

    assert [path for path in paths if path.startswith("content/")] == []
    assert office.verify().ok


def test_the_districts_own_repository_holds_the_skeleton_byte_for_byte(tmp_path: Path) -> None:
    office = Office(tmp_path, site=resources.text("skeleton/site.toml"))
    skeleton = resources.data("skeleton")

    for name in ("site.toml", "README.md", PAGE):
        assert (office.repo / name).read_bytes() == (skeleton / name).read_bytes()
