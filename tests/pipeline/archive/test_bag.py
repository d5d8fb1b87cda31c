"""A bag on its own: whole as written, and no byte can change unseen; ``bagit`` is the second opinion."""

import subprocess
from datetime import date
from pathlib import Path

import bagit
import pytest

from pipeline.archive import bag
from sop_site import resources


@pytest.fixture
def sealed(tmp_path: Path) -> Path:
    folder = tmp_path / "tas"
    (folder / "data/situs").mkdir(parents=True)
    (folder / "data/situs/index.html").write_text("<p>halo</p>")
    (folder / "data/lain.txt").write_text("penuh")
    (folder / "BACA-SAYA.txt").write_text("baca")
    bag.seal(folder, {"Source-Organization": "Kecamatan Percontohan"}, date(2026, 1, 5))
    return folder


def test_a_sealed_bag_has_no_problems_and_the_oracle_agrees(sealed: Path) -> None:
    assert bag.problems(sealed) == ()
    assert bagit.Bag(str(sealed)).validate()


def test_stock_tools_check_it(sealed: Path) -> None:
    for name in (bag.MANIFEST, bag.TAGS):
        told = subprocess.run(
            ["sha512sum", "--strict", "-c", name], cwd=sealed, capture_output=True, text=True
        )
        listed = (sealed / name).read_text().splitlines()
        assert (told.returncode, told.stdout.count(": OK\n")) == (0, len(listed)), told.stderr


def test_every_flipped_byte_of_every_file_is_found(sealed: Path) -> None:
    for path in [path for path in sealed.rglob("*") if path.is_file()]:
        good = path.read_bytes()
        for place in range(len(good)):
            path.write_bytes(good[:place] + bytes([good[place] ^ 0x20]) + good[place + 1 :])
            assert bag.problems(sealed), (path.name, place)
        path.write_bytes(good)
    assert bag.problems(sealed) == ()


def test_added_missing_linked_and_cut_are_named(sealed: Path) -> None:
    page = sealed / "data/situs/index.html"
    (sealed / "data/asing.txt").write_text("x")
    (sealed / "luar.txt").write_text("x")
    (sealed / "data/kosong").mkdir()
    page.unlink()
    page.parent.rmdir()
    found = {(problem.path, problem.kind) for problem in bag.problems(sealed)}

    assert found == {
        ("data/asing.txt", "added"), ("luar.txt", "added"), ("data/kosong/", "added"),
        ("data/situs/index.html", "missing"),
    }  # fmt: skip
    page.parent.mkdir()
    page.symlink_to(sealed / "luar.txt")
    assert bag.Problem("data/situs/index.html", "link") in bag.problems(sealed)


@pytest.mark.parametrize("name", [bag.MANIFEST, bag.TAGS, "bagit.txt", "bag-info.txt", "BACA-SAYA.txt"])
def test_a_missing_tag_file_is_found(sealed: Path, name: str) -> None:
    (sealed / name).unlink()

    assert bag.Problem(name, "missing") in bag.problems(sealed)


def test_the_readme_runs_as_printed(sealed: Path, tmp_path: Path) -> None:
    work, bundle = tmp_path / "kerja", sealed / "data/konten.bundle"
    git = [
        "git",
        "-c",
        "user.name=Operator 1",
        "-c",
        "user.email=operator1@percontohan.go.id",
        "-C",
        str(work),
    ]
    subprocess.run(["git", "init", "-q", "-b", "publish", str(work)], check=True)
    subprocess.run([*git, "commit", "-q", "--allow-empty", "-m", "Awal"], check=True)
    subprocess.run([*git, "bundle", "create", "-q", str(bundle), "--all"], check=True)
    readme = resources.text("baca-saya.txt")
    (sealed / "BACA-SAYA.txt").write_text(readme, encoding="utf-8")
    bag.seal(sealed, {}, date(2026, 1, 5))
    commands = [line.strip()[2:] for line in readme.splitlines() if line.strip().startswith("$ ")]
    for command in commands:
        subprocess.run(["sh", "-ec", command], cwd=sealed, check=True, capture_output=True)

    assert len(commands) == 3
    assert (tmp_path / "pulihan/.git").is_dir()
