"""The built site in a real browser: it fits a telephone, asks nobody else, breaks no own rule."""

from pathlib import Path

import pytest

from tests import every_kind, history
from tests.browser import chromium
from tests.office import SITE_TOML, Office

pytestmark = [pytest.mark.browser, pytest.mark.git]
WIDTHS = (320, 360, 1280)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of an office with a page of every kind, as a demonstration."""
    chromium.program()
    office = Office(tmp_path_factory.mktemp("peramban"), site=f"{SITE_TOML}\n[site]\ndemonstration = true\n")
    office.writes(every_kind.office_files(), draft="semua")
    history.publish(office, history.merge(office, "semua"))
    assert office.sop("build").code == 0
    return office.root / "office.output"


def addresses(site: Path) -> list[str]:
    return sorted(
        "/" + path.relative_to(site).as_posix().removesuffix("index.html") for path in site.rglob("*.html")
    )


def test_every_page_fits_and_asks_only_its_own_site(site: Path) -> None:
    pages = addresses(site)
    assert len(pages) > 25

    found, console = chromium.look(site, [(url, width) for url in pages for width in WIDTHS])

    assert console == [], "the browser's console must stay silent"
    assert len(found) == len(pages) * len(WIDTHS)
    assert [(one["url"], one["width"]) for one in found if one["wide"] > one["width"]] == []
    assert [one["url"] for one in found if not one["title"] or not one["heading"]] == []
    assert [(one["url"], one["small"]) for one in found if one["small"]] == []
    assert [one["broken"] for one in found if one["broken"]] == []
    assert [name for one in found for name in one["asked"] if "://127.0.0.1:" not in name] == []


def test_light_and_dark_have_ink_of_their_own(site: Path) -> None:
    inks = set()
    for scheme in ("0", "1"):
        (one,), _ = chromium.look(site, [("/", 360)], f"--blink-settings=preferredColorScheme={scheme}")
        inks.add(one["ink"])

    assert len(inks) == 2


def test_a_page_that_broke_its_own_rules_would_be_noticed(site: Path, tmp_path: Path) -> None:
    html = (site / "index.html").read_text(encoding="utf-8")
    harm = '<p style="color: red">x</p><iframe width="2000" title="x"></iframe>'
    (tmp_path / "index.html").write_text(html.replace("</main>", f"{harm}</main>"), encoding="utf-8")

    (one,), console = chromium.look(tmp_path, [("/", 360)])

    assert one["wide"] > 360
    assert any("Content Security Policy" in line for line in console)


def test_a_picture_of_the_page_can_be_taken(site: Path, tmp_path: Path) -> None:
    picture = tmp_path / "beranda.png"
    with chromium.serving(site) as server:
        url = f"http://127.0.0.1:{server.server_port}/"
        chromium.run(url, "--window-size=1280,900", f"--screenshot={picture}")

    assert picture.read_bytes().startswith(b"\x89PNG")
    assert picture.stat().st_size > 20_000
