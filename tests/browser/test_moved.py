"""An old address in a real browser, from a host that serves nothing but files."""

import re
from pathlib import Path

import pytest

from tests import history
from tests.browser import chromium
from tests.office import Office, page

pytestmark = [pytest.mark.browser, pytest.mark.git]


def test_an_old_address_brings_a_reader_to_the_page_without_scripts(tmp_path: Path) -> None:
    chromium.program()
    office = Office(tmp_path)
    office.writes(
        "content/berita/2026-01-06-baru/index.md",
        page("Kerja bakti di pantai", kind="news", moved_from="[2026-01-05-lama]"),
    )
    history.publish(office, history.merge(office, "2026-01-06-baru"))
    assert office.sop("build").code == 0

    with chromium.serving(office.root / "office.output") as server:
        old = f"http://127.0.0.1:{server.server_port}/berita/2026-01-05-lama/"
        # The site's own policy lets no script run, and there is none.
        seen = chromium.run(old, "--dump-dom").stdout

    assert re.findall("<h1>(.*?)</h1>", seen) == ["Kerja bakti di pantai"]
    assert "<script" not in seen
