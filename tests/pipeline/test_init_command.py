"""``sop init`` at the command line: what it says, how it refuses, and that all else works on its result."""

from pathlib import Path

import pytest

from tests.office import SITE_TOML, Office, key

pytestmark = pytest.mark.git


def test_it_says_where_everything_lies(office: Office, tmp_path: Path) -> None:
    made = office.sop("init", str(tmp_path / "lain"), repo=False)

    assert made.code == 0
    assert made.json == {
        "ok": True, "command": "init", "repository": str(tmp_path / "lain"),
        "trust": str(tmp_path / "lain.trust.toml"), "keys": str(tmp_path / "lain.keys"),
        "genesis": made.json["genesis"],
    }  # fmt: skip
    assert office.git("rev-parse", "publish", cwd=tmp_path / "lain") == made.json["genesis"]


def test_without_settings_it_is_the_district_itself(office: Office, tmp_path: Path) -> None:
    told = office.sop("init", str(tmp_path / "lain"), repo=False, as_json=False)

    assert "Kecamatan Buleleng siap di" in told.out
    assert 'name = "Kecamatan Buleleng"' in (tmp_path / "lain/site.toml").read_text(encoding="utf-8")


def test_a_folder_may_be_named_as_one_stands(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    assert office.sop("init", "sini", repo=False).code == 0
    assert (tmp_path / "sini.trust.toml").is_file()


@pytest.mark.parametrize("form", ["sha1", "sha256"])
def test_every_other_command_works_at_once(office: Office, tmp_path: Path, form: str) -> None:
    assert office.sop(
        "init", str(tmp_path / "lain"), "--office", str(tmp_path / "site.toml"), "--object-format", form,
        repo=False,
    ).code == 0  # fmt: skip
    office.repo, office.trust = tmp_path / "lain", tmp_path / "lain.trust.toml"
    draft, other = office.announces("satu"), office.announces("dua")

    assert office.sop("verify").json["approvals"] == []
    assert office.sop("queue").code == 0
    assert office.sop("new", "page", "Halaman uji").code == 0
    office.submits(draft)
    office.returns(draft)
    office.approves(other)
    assert office.verify().ok
    assert len(office.verify().ledger) == 1


@pytest.mark.parametrize(
    ("options", "code", "exit_code"),
    [
        (["--office", "tidak-ada.toml"], "office-file-missing", 3),
        (["--key", "tidak-ada"], "key-missing", 1),
    ],
)
def test_what_is_missing_is_named(
    office: Office, tmp_path: Path, options: list[str], code: str, exit_code: int
) -> None:
    refused = office.sop("init", str(tmp_path / "lain"), *options, repo=False)

    assert (refused.code, refused.json["error"]["code"]) == (exit_code, code)
    assert "tidak-ada" in refused.json["error"]["message"]
    assert refused.json["error"]["advice"]
    assert not (tmp_path / "lain").exists()


def test_a_locked_key_without_agent_is_refused_with_advice(office: Office, tmp_path: Path) -> None:
    locked = key("camat-terkunci", passphrase="rahasia-uji")
    refused = office.sop("init", str(tmp_path / "lain"), "--key", str(locked), repo=False)

    assert (refused.code, refused.json["error"]["code"]) == (1, "key-locked")
    assert "ssh-add" in refused.json["error"]["advice"]
    assert list(tmp_path.glob("*lain*")) == []


@pytest.mark.parametrize(("kind", "bits"), [("ecdsa", 384), ("rsa", 2048)])
def test_a_key_that_no_verifier_accepts_is_refused(
    office: Office, tmp_path: Path, kind: str, bits: int
) -> None:
    refused = office.sop("init", str(tmp_path / "lain"), "--key", str(key("lemah", kind, bits)), repo=False)

    assert (refused.code, refused.json["error"]["code"]) == (1, "key-kind")


def test_nothing_is_overwritten(office: Office) -> None:
    tip = office.tip("publish")
    refused = office.sop("init", str(office.repo), repo=False)

    assert (refused.code, refused.json["error"]["code"]) == (1, "init-exists")
    assert office.tip("publish") == tip
    assert (office.repo / "site.toml").read_text(encoding="utf-8") == SITE_TOML


def test_no_office_is_opened_inside_another_ones_repository(office: Office) -> None:
    done = office.sop("init", str(office.repo / "anak"), repo=False)

    assert (done.code, done.json["error"]["code"]) == (1, "init-inside-office")
    assert not list(office.repo.glob("anak*"))
