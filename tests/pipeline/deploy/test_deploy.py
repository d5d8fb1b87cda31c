"""A release appears whole, keeps those before it, and never stands where somebody else's files lie."""

import fcntl
import hashlib
from pathlib import Path

import pytest

from pipeline import deploy
from sop_site import manifest
from sop_site.errors import AnswerIsNo


def site(folder: Path, text: str) -> Path:
    """A built site of two files and its manifest."""
    files = {"index.html": text.encode(), "berita/x/foto 1.jpg": b"foto"}
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    digests = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    (folder / manifest.NAME).write_bytes(manifest.of(digests).text())
    return folder


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "srv/situs"


def releases(target: Path) -> list[str]:
    return sorted(path.name for path in target.with_name("situs.releases").glob("0*"))


def test_the_site_stands_at_the_target_and_is_named(tmp_path: Path, target: Path) -> None:
    done = deploy.deploy(site(tmp_path / "a", "satu"), target)

    assert (target / "index.html").read_text() == "satu"
    assert deploy.served(target) == done.name == releases(target)[0]
    assert (done.previous, done.files) == (None, 2)


def test_an_empty_folder_is_taken_over(tmp_path: Path, target: Path) -> None:
    target.mkdir(parents=True)

    deploy.deploy(site(tmp_path / "a", "satu"), target)

    assert (target / "index.html").read_text() == "satu"


def test_deploying_the_same_again_changes_nothing(tmp_path: Path, target: Path) -> None:
    built = site(tmp_path / "a", "satu")
    first = deploy.deploy(built, target)

    again = deploy.deploy(built, target)

    assert again.name == again.previous == first.name
    assert releases(target) == [first.name]


def test_rollback_and_forward_again(tmp_path: Path, target: Path) -> None:
    first = deploy.deploy(site(tmp_path / "a", "satu"), target)
    second = deploy.deploy(site(tmp_path / "b", "dua"), target)

    back = deploy.rollback(target)
    assert (back.name, back.previous) == (first.name, second.name)
    assert (target / "index.html").read_text() == "satu"
    with pytest.raises(AnswerIsNo, match="rollback-nothing"):
        deploy.rollback(target)
    third = deploy.deploy(tmp_path / "b", target)
    assert third.name > second.name
    assert (target / "index.html").read_text() == "dua"


def test_only_so_many_earlier_releases_are_kept(tmp_path: Path, target: Path) -> None:
    names = [deploy.deploy(site(tmp_path / str(n), f"isi {n}"), target, keep=2).name for n in range(5)]

    assert releases(target) == names[-3:]


@pytest.mark.parametrize("harm", ["changed", "added", "missing", "linked", "manifest"])
def test_a_site_that_is_not_what_it_says_stays_where_it_is(tmp_path: Path, target: Path, harm: str) -> None:
    deploy.deploy(site(tmp_path / "a", "satu"), target)
    bad = site(tmp_path / "b", "dua")
    if harm == "changed":
        (bad / "index.html").write_text("dua!")
    elif harm == "added":
        (bad / "tamu.html").write_text("x")
    elif harm == "missing":
        (bad / "index.html").unlink()
    elif harm == "linked":
        (bad / "index.html").unlink()
        (bad / "index.html").symlink_to(tmp_path / "a/index.html")
    else:
        (bad / manifest.NAME).write_text("bukan manifes")

    with pytest.raises(AnswerIsNo, match=r"deploy-not-sound|audit-manifest-broken"):
        deploy.deploy(bad, target)
    assert (target / "index.html").read_text() == "satu"
    assert len(releases(target)) == 1


def test_a_site_of_another_digest_than_expected_is_refused(tmp_path: Path, target: Path) -> None:
    with pytest.raises(AnswerIsNo, match="deploy-not-approved"):
        deploy.deploy(site(tmp_path / "a", "satu"), target, expected="sha256:" + "0" * 64)
    assert not target.exists()


@pytest.mark.parametrize("kind", ["folder", "file", "link"])
def test_what_another_hand_put_there_stays(tmp_path: Path, target: Path, kind: str) -> None:
    target.parent.mkdir(parents=True)
    if kind == "folder":
        target.mkdir()
        (target / "lain.html").write_text("x")
    elif kind == "file":
        target.write_text("x")
    else:
        target.symlink_to(tmp_path)

    with pytest.raises(AnswerIsNo, match="deploy-target-occupied"):
        deploy.deploy(site(tmp_path / "a", "satu"), target)
    with pytest.raises(AnswerIsNo, match="rollback-nothing"):
        deploy.rollback(target)
    assert target.is_symlink() == (kind == "link")


def test_a_damaged_earlier_release_is_not_served_again(tmp_path: Path, target: Path) -> None:
    first = deploy.deploy(site(tmp_path / "a", "satu"), target)
    second = deploy.deploy(site(tmp_path / "b", "dua"), target)
    (target.with_name("situs.releases") / first.name / "index.html").write_text("diubah")

    with pytest.raises(AnswerIsNo, match="deploy-not-sound"):
        deploy.rollback(target)
    assert deploy.served(target) == second.name


def test_two_deployments_do_not_meet(tmp_path: Path, target: Path) -> None:
    deploy.deploy(site(tmp_path / "a", "satu"), target)
    with target.with_name("situs.releases").joinpath(".kunci").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(AnswerIsNo, match="deploy-busy"):
            deploy.deploy(site(tmp_path / "b", "dua"), target)

    assert (target / "index.html").read_text() == "satu"


def test_what_a_killed_run_left_behind_is_no_hindrance(tmp_path: Path, target: Path) -> None:
    deploy.deploy(site(tmp_path / "a", "satu"), target)
    target.with_name(".situs.next").symlink_to("ke-mana-saja")

    deploy.deploy(site(tmp_path / "b", "dua"), target)

    assert (target / "index.html").read_text() == "dua"
