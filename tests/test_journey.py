"""One journey through all ten steps of the procedure: the demonstration, looked at from outside."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

pytestmark = [pytest.mark.git, pytest.mark.timeout(900)]


def sop(repo: Path, *arguments: str) -> tuple[int, dict[str, object]]:
    done = subprocess.run(
        [sys.executable, "-m", "pipeline", "--json", "--repo", str(repo), *arguments],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "HOME": str(repo.parent)},
        capture_output=True,
        text=True,
    )
    return done.returncode, json.loads(done.stdout)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("peragaan") / "demo"
    done = subprocess.run(
        [sys.executable, str(ROOT / "demo/run.py"), str(folder)],
        env={"PATH": os.environ["PATH"], "HOME": str(folder.parent)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    closing = done.stdout.splitlines()[-10:]
    assert any(str(folder / "site") in line for line in closing)
    assert any("http.server" in line for line in closing)
    return folder


@pytest.fixture(scope="module")
def html(demo: Path) -> dict[str, str]:
    """Every page that is shown, by its path in the site."""
    site = (demo / "site").resolve()
    pages = site.rglob("*.html")
    return {str(page.relative_to(site)): page.read_text(encoding="utf-8") for page in pages}


def test_every_step_answered_as_the_story_asks(demo: Path) -> None:
    summary = json.loads((demo / "demo.json").read_text(encoding="utf-8"))

    assert {step["step"] for step in summary["steps"]} >= {"1", "2", "3", "4", "5", "6", "8a", "9", "10"}
    assert [step for step in summary["steps"] if step["exit"] != step["expected"]] == []


def test_everything_lies_where_the_contract_says(demo: Path) -> None:
    (bag,) = (path for path in (demo / "archive").iterdir() if path.is_dir())

    for name in ("office/.git", "office.trust.toml", "office.keys/head", "site/index.html", "restored/.git"):
        assert (demo / name).exists(), name
    assert (bag / "bagit.txt").is_file()
    assert len(list((demo / "report").glob("laporan-????-??.pdf"))) == 1
    assert len(list((demo / "report").glob("laporan-????-??.html"))) == 1


def test_every_page_carries_the_band_and_stays_out_of_search_engines(html: dict[str, str]) -> None:
    assert len(html) > 60
    assert [name for name, text in html.items() if "PERAGAAN" not in text] == []
    assert [name for name, text in html.items() if "noindex" not in text] == []


def test_what_was_refused_is_shown_nowhere(html: dict[str, str], demo: Path) -> None:
    site = (demo / "site").resolve()
    shown = [path for path in site.rglob("*") if path.is_file() and b"Promosi toko" in path.read_bytes()]

    assert shown == []
    assert any("Kerja bakti membersihkan pantai" in text for text in html.values())
    assert any("pukul 07.00 WITA" in text for text in html.values())


def test_the_photograph_has_lost_its_place_and_camera(demo: Path) -> None:
    from PIL import Image

    photos = [path for path in (demo / "site").resolve().rglob("*.jpg") if "berita" in path.parts]

    assert photos
    for photo in photos:
        with Image.open(photo) as picture:
            assert not picture.getexif()
            assert max(picture.size) <= 2400


def test_the_tip_builds_to_the_same_bytes_wherever_and_as_often_as_one_likes(
    demo: Path, tmp_path: Path
) -> None:
    digests = set()
    for place in ("a", "b/c"):
        code, built = sop(demo / "office", "build", "--clean", "--output", str(tmp_path / place))
        assert code == 0
        digests.add(built["output_digest"])
    code, restored = sop(demo / "restored", "build", "--clean", "--output", str(tmp_path / "d"))
    assert code == 0

    assert digests == {restored["output_digest"]}
    for place in ("b/c", "d"):
        different = subprocess.run(
            ["diff", "-r", str(tmp_path / "a"), str(tmp_path / place)], capture_output=True, text=True
        )
        assert different.stdout == ""


def test_what_is_served_is_what_the_manifest_lists(demo: Path) -> None:
    code, _ = sop(demo / "office", "audit", str(demo / "site"))
    site = (demo / "site").resolve()
    listed = dict(
        reversed(line.split("  ", 1)) for line in (site / "manifest-sha256.txt").read_text().splitlines()
    )

    assert code == 0
    assert hashlib.sha256((site / "index.html").read_bytes()).hexdigest() == listed["index.html"]


def test_the_report_counts_what_happened(demo: Path) -> None:
    (page,) = (demo / "report").glob("*.html")
    text = page.read_text(encoding="utf-8")

    assert "Iklan usaha perorangan bukan informasi kantor" in text
    assert "SEMENTARA" in text
