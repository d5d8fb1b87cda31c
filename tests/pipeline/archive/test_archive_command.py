"""``sop archive`` on a real office: made, verified, restored, refused when touched."""

from pathlib import Path

import pytest

from tests.office import SITE_TOML, Office

pytestmark = pytest.mark.git


@pytest.fixture
def archive(office: Office) -> Path:
    draft = office.announces("jadwal")
    office.submits(draft)
    office.approves(draft)
    done = office.sop("archive", "create")
    assert done.code == 0, done.out + done.err
    return Path(done.json["archive"])


def test_what_was_made_verifies_and_gives_all_back(office: Office, archive: Path, tmp_path: Path) -> None:
    assert office.sop("archive", "verify", str(archive), "--trust", str(office.trust)).json["problems"] == []
    done = office.sop("archive", "restore", str(archive), str(tmp_path / "pulih"))

    assert done.code == 0, done.out
    assert done.json["matches"] is True
    assert office.git("rev-parse", "publish", cwd=tmp_path / "pulih") == office.tip("publish")
    again = office.sop("archive", "restore", str(archive), str(tmp_path / "pulih"))
    assert (again.code, again.json["error"]["code"]) == (1, "archive-target-exists")


def test_a_touched_archive_is_refused_and_nothing_is_left(
    office: Office, archive: Path, tmp_path: Path
) -> None:
    (archive / "data/arsip.json").write_bytes(b"{}")
    done = office.sop("archive", "restore", str(archive), str(tmp_path / "pulih"))

    assert (done.code, done.json["problems"][0]["kind"]) == (1, "changed")
    assert not list(tmp_path.glob("pulih*"))


def test_paths_are_meant_from_where_one_stands(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "meja").mkdir()
    (tmp_path / "media").mkdir()
    monkeypatch.chdir(tmp_path / "meja")

    made = office.sop("archive", "create", "--to", "../media")
    assert made.code == 0, made.out
    bag = f"../media/{Path(made.json['archive']).name}"

    assert office.sop("archive", "verify", bag).code == 0
    assert office.sop("archive", "restore", bag, "pulih").code == 0
    assert (tmp_path / "meja/pulih/.git").is_dir()


def test_a_medium_named_in_the_settings_lies_beside_the_repository(tmp_path: Path) -> None:
    office = Office(tmp_path, site=SITE_TOML + '\n[archive]\nfolder = "media"\n')
    (tmp_path / "media").mkdir()

    made = office.sop("archive", "create")

    assert made.code == 0, made.out
    assert Path(made.json["archive"]).parent == tmp_path / "media"


def test_a_missing_medium_ends_with_seven(office: Office, tmp_path: Path) -> None:
    assert office.sop("archive", "create", "--to", str(tmp_path / "tidak/ada")).code == 7
    assert office.sop("archive", "verify", str(tmp_path / "tidak-ada")).code == 7


def test_a_stick_that_is_not_put_in_is_a_missing_medium(office: Office) -> None:
    absent = Path("/media/sop-site-tidak-terpasang")

    done = office.sop("archive", "create", "--no-record", "--to", str(absent))

    assert (done.code, done.json["error"]["code"]) == (7, "archive-medium-missing")
    assert not absent.exists()
