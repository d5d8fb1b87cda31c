"""The review in a real browser: nothing of a hostile draft runs, and everybody can read it."""

import re
from itertools import pairwise
from pathlib import Path

import pytest

from sop_site import resources
from tests import every_kind
from tests.browser import chromium
from tests.office import Office, page

pytestmark = [pytest.mark.git, pytest.mark.browser]
MARK = "TEREKSEKUSI"
BEFORE = "Warga dapat datang pada hari kerja.\n\n- Bawa **dokumen asli**.\n- Layanan tidak dipungut biaya."
TRICKS = f"""\
<script>document.title = "{MARK}"</script> <img src=x onerror="document.title='{MARK}'">

[klik](javascript:document.title='{MARK}') </div></article><style>*{{display:none}}</style>

![x](https://jahat.example/x.png) {"panjang" * 60}

| a | b |
|---|---|
| {"sangat" * 30} | 2 |
"""


@pytest.fixture(scope="module")
def folder(office_once: Office, tmp_path_factory: pytest.TempPathFactory) -> Path:
    office = office_once
    path = "content/berita/2026-01-05-foto"
    before = page("Kerja bakti bersama warga", kind="news", body=BEFORE, **every_kind.PICTURE)
    first = {f"{path}/index.md": before, f"{path}/foto.jpg": every_kind.picture()}
    office.writes(first, draft="awal")
    office.submits("awal")
    office.approves("awal")
    title = f"Judul <img src=x onerror=document.title='{MARK}'>"
    after = page(title, kind="news", body=TRICKS, **every_kind.PICTURE)
    files = {f"{path}/index.md": after, f"{path}/foto.jpg": every_kind.picture(size=(500, 900))}
    office.writes({**files, "content/halaman/tentang-situs/index.md": None}, draft="jahat")
    target = tmp_path_factory.mktemp("tinjauan")
    assert office.sop("review", "jahat", "--html", str(target / "index.html")).code == 0
    return target


@pytest.fixture(scope="module")
def office_once(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return Office(tmp_path_factory.mktemp("kantor"))


def test_nothing_runs_nothing_is_fetched_and_nothing_leaves_the_screen(folder: Path) -> None:
    seen, console = chromium.look(folder, [("/index.html", width) for width in (320, 360, 1280)])

    for found in seen:
        assert found["wide"] <= found["width"], found["width"]
        assert found["title"].startswith("Tinjauan draf")
        assert found["title"] != MARK
        assert found["broken"] == []
        assert found["small"] == []
        assert [address for address in found["asked"] if not address.startswith("data:")] == []
    assert [line for line in console if "favicon" not in line] == []


def test_the_dark_page_has_light_ink(folder: Path) -> None:
    (light,), _ = chromium.look(folder, [("/index.html", 360)])
    (dark,), _ = chromium.look(folder, [("/index.html", 360)], "--blink-settings=preferredColorScheme=0")

    assert light["ink"] == "rgb(28, 34, 38)"
    assert dark["ink"] == "rgb(230, 235, 236)"


def test_the_page_is_built_for_those_who_hear_it(folder: Path) -> None:
    html = (folder / "index.html").read_text(encoding="utf-8")
    levels = [int(level) for level in re.findall(r"<h([1-6])[ >]", html)]

    assert '<html lang="id">' in html
    assert 'content="noindex, nofollow, noarchive"' in html
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert all(re.search(r'\balt="[^"]+"', tag) for tag in re.findall(r"<img\b[^>]*>", html))
    marked = re.findall(r"<(ins|del)>(.*?)</\1>", html)
    assert marked
    assert all("hidden" in words or "ditambahkan" in words or "dihapus" in words for _, words in marked)
    assert "style=" not in html
    assert "<script" not in html


def colours(sheet: str) -> dict[str, tuple[float, float, float]]:
    named = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", sheet))
    return {name: tuple(int(text[i : i + 2], 16) / 255 for i in (1, 3, 5)) for name, text in named.items()}  # type: ignore[misc]


def light(colour: tuple[float, float, float]) -> float:
    parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one: tuple[float, float, float], other: tuple[float, float, float]) -> float:
    bright, dark = sorted((light(one), light(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("ink", "ground"),
    [("ink", "paper"), ("ink", "sheet"), ("soft", "paper"), ("soft", "sheet"), ("sea", "paper"),
     ("sea", "sheet"), ("ink", "warn"), ("ins-ink", "ins"), ("del-ink", "del"), ("del-ink", "sheet")],
)  # fmt: skip
def test_every_ink_can_be_read_on_its_ground(scheme: int, ink: str, ground: str) -> None:
    folder = resources.data("").parent / "review" / "templates"
    sheet = (folder / "tinjauan.css").read_text(encoding="utf-8")
    found = colours(sheet.split("@media (prefers-color-scheme: dark)")[scheme])

    assert contrast(found[ink], found[ground]) >= 4.5
