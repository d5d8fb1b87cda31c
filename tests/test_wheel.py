"""Everything works from the built wheel, away from the checkout: theme, words, skeleton, settings."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

pytestmark = pytest.mark.git


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from this checkout and unpacked into a folder of its own."""
    work = tmp_path_factory.mktemp("roda")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(work)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = work.glob("*.whl")
    target = work / "terpasang"
    install = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
        "--target",
        str(target),
    ]
    subprocess.run([*install, str(wheel)], check=True, capture_output=True)
    return target


def sop(installed: Path, cwd: Path, *arguments: str) -> dict[str, object]:
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(installed), "HOME": str(cwd)}
    done = subprocess.run(
        [sys.executable, "-P", "-m", "pipeline", "--json", *arguments],
        cwd=cwd,
        env=env,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return dict(json.loads(done.stdout))


def test_a_new_office_is_opened_verified_and_built_from_the_wheel(installed: Path, tmp_path: Path) -> None:
    where = subprocess.run(
        [sys.executable, "-P", "-c", "import pipeline; print(pipeline.__file__)"],
        env={"PYTHONPATH": str(installed)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert where.stdout.startswith(str(installed))

    sop(installed, tmp_path, "init", "kantor")
    assert (tmp_path / "kantor/.github/workflows").is_dir()
    assert sop(installed, tmp_path, "--repo", "kantor", "verify")["approvals"] == []
    built = sop(installed, tmp_path, "--repo", "kantor", "build", "--output", "situs")

    assert "<style" in (tmp_path / "situs/index.html").read_text(encoding="utf-8")
    assert str(built["output_digest"]).startswith("sha256:")
