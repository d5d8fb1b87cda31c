"""A medium that is full: exit 7 and a sentence, and whatever stood before stands afterwards, whole."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.office import Office, Result
from tests.pipeline.test_memory import approves, goes_on

pytestmark = pytest.mark.git
_ROOM = 4 * 1024**2


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A file system of four megabytes; only root can mount one."""
    place = tmp_path / "kecil"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={_ROOM}", "tmpfs", str(place)]
    if os.geteuid() != 0 or subprocess.run(command, capture_output=True).returncode:
        pytest.skip("a small file system cannot be mounted here")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def fill(place: Path) -> None:
    with (place / "penuh").open("wb", buffering=0) as file:
        try:
            while file.write(bytes(4096)) == 4096:
                pass
        except OSError:
            return


def is_told(done: Result) -> bool:
    return done.code == 7 and "medium" in done.json["error"]["code"]


def test_no_office_is_opened_on_a_full_medium_and_nothing_is_left(office: Office, small: Path) -> None:
    fill(small)

    assert is_told(office.sop("init", str(small / "kantor"), repo=False))
    assert [path.name for path in small.iterdir()] == ["penuh"]


def test_a_decision_on_a_full_medium_is_not_made(office: Office, small: Path) -> None:
    draft = office.announces("jadwal")
    office.submits(draft)
    for name in ("office", "office.trust.toml", "office.keys"):
        source = office.root / name
        (shutil.copytree if source.is_dir() else shutil.copy2)(source, small / name)
    here = Office.__new__(Office)
    here.__dict__.update(office.__dict__ | {"root": small, "repo": small / "office"})
    before = here.tip("publish")
    fill(small)

    assert is_told(here.sop("approve", draft))
    assert here.tip("publish") == before

    (small / "penuh").unlink()
    assert here.sop("approve", draft).code == 0


def test_a_site_that_does_not_fit_leaves_the_old_one(office: Office, small: Path) -> None:
    site = small / "situs"
    assert office.sop("build", "--output", str(site)).code == 0
    before = (site / "manifest-sha256.txt").read_bytes()
    fill(small)

    assert is_told(office.sop("build", "--output", str(site)))
    assert (site / "manifest-sha256.txt").read_bytes() == before


def test_a_verification_without_room_for_its_memory_goes_without(
    office: Office, monkeypatch: pytest.MonkeyPatch, small: Path
) -> None:
    """Neither a memory that is to be made, nor one that is to grow, keeps a run from its answer."""
    approves(office, "pertama")
    monkeypatch.setenv("XDG_CACHE_HOME", str(small))
    fill(small)
    assert not goes_on(office)
    assert not goes_on(office)

    (small / "penuh").unlink()
    assert not goes_on(office)
    assert goes_on(office)
    fill(small)
    approves(office, "kedua")
    goes_on(office)
    (small / "penuh").unlink()
    assert goes_on(office)
