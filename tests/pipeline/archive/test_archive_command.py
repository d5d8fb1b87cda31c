"""``sop archive`` on a real office: made, verified, restored, refused when touched."""

from pathlib import Path

import pytest

pytest.importorskip("pipeline.verification", reason="the verifier is not in this tree yet")

from tests.office import Office


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


def test_a_missing_medium_ends_with_seven(office: Office, tmp_path: Path) -> None:
    assert office.sop("archive", "create", "--to", str(tmp_path / "tidak/ada")).code == 7
    assert office.sop("archive", "verify", str(tmp_path / "tidak-ada")).code == 7
