"""A preview in a real browser: on the operator's screen, and on a telephone that was let in once.

``PREVIEW_PICTURES=folder`` keeps pictures of it at 360 and 1280 pixels, for the operator's guide.
"""

import base64
import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import every_kind
from tests.browser import devtools
from tests.browser.devtools import Failed, Tab
from tests.office import Office
from tests.previewing import PHONE, Preview, preview

NEWS = f"berita/{every_kind.DAY}-kerja-bakti"
URL = f"/{NEWS}/"
OPEN = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE 127.0.0.2"
pytestmark = [pytest.mark.browser, pytest.mark.git]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    office = Office(tmp_path_factory.mktemp("kantor"))
    office.writes(every_kind.office_files(), draft="semua")
    office.git("switch", "-q", "draft/semua")
    return office


@pytest.fixture(scope="module")
def served(office: Office) -> Iterator[Preview]:
    with preview(office, "--host", PHONE) as running:
        yield running


@pytest.fixture
def tab(monkeypatch: pytest.MonkeyPatch) -> Iterator[Tab]:
    monkeypatch.setattr(devtools, "NEAR", OPEN)
    with devtools.tab() as opened:
        yield opened


def as_wide_as(tab: Tab, width: int) -> None:
    size = {"width": width, "height": 780, "deviceScaleFactor": 1, "mobile": width < 500}
    tab.send("Emulation.setDeviceMetricsOverride", **size)


def picture(tab: Tab, name: str) -> None:
    """Keep what is seen now, where somebody asked for pictures."""
    if folder := os.environ.get("PREVIEW_PICTURES"):
        data = tab.send("Page.captureScreenshot", format="png")["data"]
        Path(folder).mkdir(parents=True, exist_ok=True)
        Path(folder, f"{name}.png").write_bytes(base64.b64decode(data))


def band(tab: Tab) -> str:
    return str(tab.runs("document.getElementById('pratinjau').textContent"))


def until(served: Preview, tab: Tab, condition: str) -> None:
    """Ask the page again and again; between two pages there is none to ask."""
    while True:
        with contextlib.suppress(Failed):
            if tab.runs(condition):
                return
        assert served.process.poll() is None


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_the_mark_is_seen_at_every_width_and_nothing_runs_out_sideways(
    served: Preview, tab: Tab, width: int
) -> None:
    as_wide_as(tab, width)
    for path in ("/", URL, "/_pratinjau/", "/bukti/", f"/galeri/{every_kind.DAY}-foto-pantai/"):
        tab.opens(f"http://127.0.0.1:{served.port}{path}")
        box = tab.runs(
            "(r => [r.top, r.height, r.width])(document.getElementById('pratinjau').getBoundingClientRect())"
        )

        assert "BELUM DISETUJUI" in band(tab)
        assert box[0] == 0
        assert box[1] > 20
        assert tab.runs("document.documentElement.scrollWidth") <= width, path
        if path == URL:
            picture(tab, f"pratinjau-{width}")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_mark_can_be_read_by_day_and_by_night(served: Preview, tab: Tab, scheme: str) -> None:
    tab.send("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
    tab.opens(f"http://127.0.0.1:{served.port}/")
    colour = "getComputedStyle(document.querySelector('.band {}')).color"

    assert tab.runs(colour.format("a")) == tab.runs(colour.format("strong")) == "rgb(28, 20, 0)"


def test_a_save_renews_the_page_that_is_open(served: Preview, office: Office, tab: Tab) -> None:
    file = office.repo / "content" / NEWS / "index.md"
    text = file.read_text(encoding="utf-8")
    tab.opens(f"http://127.0.0.1:{served.port}{URL}")
    tab.runs("window.lama = true")

    file.write_text(text.replace("Warga dapat datang", "Seluruh warga dapat datang"), encoding="utf-8")

    until(served, tab, "window.lama === undefined && document.readyState === 'complete'")
    assert "Seluruh warga dapat datang" in tab.runs("document.body.textContent")
    assert "Suntingan di folder kerja ikut ditampilkan." in band(tab)
    file.write_text(text, encoding="utf-8")


def test_nothing_on_a_page_breaks_its_own_rules(served: Preview, tab: Tab) -> None:
    watch = (
        "window.salah = []; "
        "document.addEventListener('securitypolicyviolation', e => window.salah.push(e.blockedURI))"
    )
    tab.send("Page.enable")
    tab.send("Page.addScriptToEvaluateOnNewDocument", source=watch)
    for path in ("/", URL, "/_pratinjau/"):
        tab.opens(f"http://127.0.0.1:{served.port}{path}")

        assert tab.runs("window.salah") == []
        assert (
            tab.runs("[...document.images].filter(one => one.loading !== 'lazy' && !one.naturalWidth).length")
            == 0
        )


def test_a_script_in_a_draft_does_not_run(office: Office, served: Preview, tab: Tab) -> None:
    file = office.repo / "content" / NEWS / "index.md"
    text = file.read_text(encoding="utf-8")
    before = served.ask(URL)
    evil = "\n<script>document.title='BERHASIL'</script>\n<img src=x onerror=\"document.title='BERHASIL'\">\n"
    file.write_text(text + evil, encoding="utf-8")
    served.changed_from(before.version)

    tab.opens(f"http://127.0.0.1:{served.port}{URL}")

    assert tab.runs("document.title").startswith("BELUM DISETUJUI")
    file.write_text(text, encoding="utf-8")


def test_without_javascript_the_page_is_the_same_and_renewed_by_hand(served: Preview, tab: Tab) -> None:
    tab.send("Emulation.setScriptExecutionDisabled", value=True)
    tab.opens(f"http://127.0.0.1:{served.port}{URL}")

    root = tab.send("DOM.getDocument", depth=-1)["root"]["nodeId"]
    html = tab.send("DOM.getOuterHTML", nodeId=root)["outerHTML"]
    assert "BELUM DISETUJUI" in html
    assert "Kerja bakti" in html


def test_a_telephone_comes_in_by_its_link_once(served: Preview, office: Office, tab: Tab) -> None:
    as_wide_as(tab, 360)
    tab.opens(str(served.said["phone_url"]))
    picture(tab, "pratinjau-tautan-360")
    size = tab.runs("(r => [r.width, r.height])(document.querySelector('button').getBoundingClientRect())")
    assert min(size) >= 44
    assert tab.runs("document.documentElement.scrollWidth") <= 360

    loaded = "document.querySelector('button') === null && document.readyState === 'complete'"
    tab.runs("document.querySelector('button').click()")
    until(served, tab, loaded)

    assert tab.runs("location.pathname") == "/_pratinjau/"
    assert tab.runs("document.cookie") == ""
    tab.opens(f"http://{PHONE}:{served.port}{URL}")
    assert "Kerja bakti" in tab.runs("document.body.textContent")
    tab.opens(str(served.said["phone_url"]))
    assert "Tautan ini sudah dipakai" in tab.runs("document.body.textContent")
    with devtools.tab() as other:
        other.opens(f"http://{PHONE}:{served.port}{URL}")
        assert "Perangkat ini belum diizinkan" in other.runs("document.body.textContent")
