"""Hostile words in every field, on the built site: in its HTML they are words, in a browser nothing runs."""

import json
import shutil
from pathlib import Path

import lxml.html
import pytest

from sop_site.answers import errors
from tests import history
from tests.attack_strings import BODIES, RUN, TEXTS, TITLES
from tests.browser import chromium, devtools
from tests.every_kind import picture
from tests.office import Office, page
from tests.sop_site.content.test_injection import checked

pytestmark = [pytest.mark.browser, pytest.mark.git]
TITLE_LETTERS = range(5, 141)
FIELDS = ("summary", "image_alt", "image_credit", "change_note")


def quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def accepted_texts() -> list[str]:
    """Texts that the checks let through in a field; the rest never comes as far as a page."""
    return [
        text for text in (*TEXTS, *TITLES) if not errors(checked("Isi.", change_note=quoted(f"Awal: {text}")))
    ]


def accepted_bodies() -> list[str]:
    return [body for body in BODIES if not errors(checked(f"Awal.\n\n{body}\n\nAkhir."))]


def folder(number: int) -> str:
    return f"content/berita/2026-01-05-uji-{number}"


@pytest.fixture(scope="module", params=[4, pytest.param(1, marks=pytest.mark.slow)], ids=["sample", "all"])
def office(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Office:
    """Pages with one hostile text in every field, then pages with all hostile bodies, then one like any."""
    chromium.program()
    texts, bodies = accepted_texts(), accepted_bodies()
    assert len(texts) > 60
    assert len(bodies) > 40
    texts = texts[:: request.param]
    files: dict[str, str | bytes] = {}
    for number, text in enumerate(texts):
        title = f"Judul {text}" if len(text) + 6 in TITLE_LETTERS and "\n" not in text else "Judul biasa"
        fields = dict.fromkeys(FIELDS, quoted(f"Kalimat panjang: {text}"))
        files[f"{folder(number)}/index.md"] = page(
            title, kind="news", image="foto.jpg", sources=f"[{quoted(text)}, biasa]", **fields
        )
        files[f"{folder(number)}/foto.jpg"] = picture()
    files["content/berita/2026-01-05-biasa/index.md"] = page(
        "Judul biasa", kind="news", image="foto.jpg", sources="[biasa, biasa]",
        **dict.fromkeys(FIELDS, quoted("Kalimat panjang: biasa.")),
    )  # fmt: skip
    files["content/berita/2026-01-05-biasa/foto.jpg"] = picture()
    for start in range(0, len(bodies), 20):
        body = "\n\nAntara.\n\n".join(bodies[start : start + 20])
        files[f"content/pengumuman/2026-01-05-isi-{start}/index.md"] = page("Isi yang jahat", body=body)
    made = Office(tmp_path_factory.mktemp("jahat"))
    made.writes(files, draft="jahat")
    history.publish(made, history.merge(made, "jahat"))
    assert made.sop("build").code == 0
    return made


def skeleton(path: Path) -> list[str]:
    """The tags of a page in their order; where a source is an address, its link is not one of them."""
    tree = lxml.html.document_fromstring(path.read_bytes())
    main = tree.find(".//main")
    assert main is not None
    return [str(element.tag) for element in main.iter() if element.tag != "a"]


def test_hostile_words_leave_the_pages_structure_as_it_is(office: Office) -> None:
    site = office.root / "office.output"
    usual = skeleton(site / "berita/2026-01-05-biasa/index.html")

    different = {
        path.parent.name
        for path in sorted(site.glob("berita/2026-01-05-uji-*/index.html"))
        if skeleton(path) != usual
    }
    assert different == set()


def test_no_page_of_the_site_holds_what_could_run(office: Office) -> None:
    site = office.root / "office.output"
    found = []
    for path in sorted(site.rglob("*.html")):
        for element in lxml.html.document_fromstring(path.read_bytes()).iter():
            if not isinstance(element.tag, str):
                continue
            names = [name for name in element.attrib if name.startswith("on") or name == "srcdoc"]
            targets = [element.get(name, "") for name in ("href", "src", "action", "formaction")]
            runs = [one for one in targets if "script:" in one.lower() or one.lower().startswith("data:")]
            inline = element.tag == "script" and RUN in (element.text or "")
            found += [path.parent.name] if names or runs or inline else []

    assert found == []


def test_in_a_real_browser_nothing_runs_even_without_the_sites_policy(office: Office, tmp_path: Path) -> None:
    # The content security policy would stop a script by itself; here the text has to be harmless alone.
    site = tmp_path / "situs"
    shutil.copytree(office.root / "office.output", site)
    for path in site.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("Content-Security-Policy", "X-Nothing"), encoding="utf-8")
    (site / "kena.html").write_text(f"<!doctype html><img src=x onerror={RUN}>", encoding="utf-8")
    pages = [path.relative_to(site).as_posix() for path in sorted(site.rglob("2026-01-05-*/index.html"))]

    with chromium.serving(site) as server, devtools.tab() as tab:
        ran = []
        for name in ["kena.html", *pages]:
            tab.opens(f"http://127.0.0.1:{server.server_port}/{name}")
            # Whatever waits for a pointer or a focus gets it.
            tab.runs(
                "document.querySelectorAll('main *').forEach(one => "
                "['mouseover', 'focus', 'toggle', 'error', 'load'].forEach("
                "name => one.dispatchEvent(new Event(name))))"
            )
            ran += [name] if tab.runs("window.__kena === 1") else []

    assert len(pages) > 15
    assert ran == ["kena.html"]
