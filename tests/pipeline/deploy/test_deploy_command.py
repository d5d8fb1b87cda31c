"""``sop deploy`` and ``sop rollback``: only what the verified tip gives comes before the public."""

import hashlib
import json
from pathlib import Path

import pytest

from sop_site import manifest
from tests import history
from tests.office import SITE_TOML, Office

pytestmark = pytest.mark.git


def approved(office: Office, name: str) -> str:
    """An announcement, approved and built; its address in the site."""
    draft = office.announces(name)
    history.publish(office, history.merge(office, draft))
    assert office.sop("build").code == 0
    return f"pengumuman/{draft}/index.html"


def code_of(office: Office, *arguments: str) -> str:
    done = office.sop(*arguments)
    assert done.code == 1, done.out
    return str(done.json["error"]["code"])


@pytest.fixture
def served(office: Office) -> Path:
    """Where the site of an office without ``[[deploy]]`` is served."""
    return office.root / "office.site"


def test_build_deploy_audit_rollback(office: Office, served: Path) -> None:
    first = approved(office, "jam")
    assert office.sop("deploy").code == 0
    second = approved(office, "libur")
    done = office.sop("deploy")

    assert done.code == 0
    assert (done.json["target"], done.json["folder"]) == ("utama", str(served))
    assert done.json["tip"] == office.tip("publish")
    assert (served / first).is_file()
    assert (served / second).is_file()
    assert office.sop("audit", str(served)).code == 0

    back = office.sop("rollback")
    assert back.code == 0
    assert back.json["previous"] == done.json["release"]
    assert not (served / second).exists()
    assert code_of(office, "rollback") == "rollback-nothing"


def test_deploying_twice_changes_nothing(office: Office, served: Path) -> None:
    approved(office, "jam")
    first = office.sop("deploy").json

    again = office.sop("deploy").json

    assert again["release"] == again["previous"] == first["release"]


def test_a_site_in_time_stays_deployable(office: Office) -> None:
    approved(office, "jam")
    assert office.sop("build", "--now", "2028-01-01T00:00:00+08:00").code == 0

    assert office.sop("deploy").code == 0


def test_what_was_not_built_or_is_outdated_is_not_deployed(office: Office, served: Path) -> None:
    assert code_of(office, "deploy") == "deploy-not-built"
    approved(office, "jam")
    draft = office.announces("libur")
    history.publish(office, history.merge(office, draft))

    assert code_of(office, "deploy") == "deploy-outdated"
    assert not served.exists()


def test_a_refused_history_leaves_what_is_served_alone(office: Office, served: Path) -> None:
    approved(office, "jam")
    assert office.sop("deploy").code == 0
    before = served.readlink()
    draft = office.announces("palsu")
    history.publish(office, history.merge(office, draft, by=office.stranger))

    done = office.sop("deploy")

    assert done.code == 1
    assert done.json["refusals"]
    assert served.readlink() == before


def test_a_page_slipped_into_the_output_is_found_even_with_a_new_manifest(
    office: Office, served: Path
) -> None:
    address = approved(office, "jam")
    output = office.root / "office.output"
    (output / address).write_bytes((output / address).read_bytes() + b"<p>Tambahan</p>")
    assert code_of(office, "deploy") == "deploy-not-sound"

    listed = dict(manifest.parse((output / manifest.NAME).read_bytes()).files)
    listed[address] = hashlib.sha256((output / address).read_bytes()).hexdigest()
    (output / manifest.NAME).write_bytes(manifest.of(listed).text())

    assert code_of(office, "deploy") == "deploy-not-approved"
    assert not served.exists()
    assert not list(office.root.glob(".office.output*"))


@pytest.mark.parametrize("note", ["{", "[]", '{"tip": 1}', '{"tip": "x", "time": "2026-01-05T00:00:00"}'])
def test_a_broken_note_of_origin_is_no_origin(office: Office, note: str) -> None:
    approved(office, "jam")
    (office.root / "office.output/.well-known/sop.json").write_text(note, encoding="utf-8")

    assert code_of(office, "deploy") == "deploy-not-approved"


def test_targets_of_the_settings(tmp_path: Path) -> None:
    targets = (
        '\n[[deploy]]\nname = "utama"\nfolder = "satu/situs"\n'
        f'\n[[deploy]]\nname = "cermin"\nfolder = "{tmp_path / "dua/situs"}"\nkeep = 1\n'
    )
    office = Office(tmp_path, site=SITE_TOML + targets)
    approved(office, "jam")

    assert office.sop("deploy").json["folder"] == str(tmp_path / "satu/situs")
    assert office.sop("deploy", "--target", "cermin").json["folder"] == str(tmp_path / "dua/situs")
    assert (tmp_path / "dua/situs/index.html").is_file()
    assert code_of(office, "deploy", "--target", "lain") == "deploy-target-unknown"
    assert code_of(office, "rollback", "--target", "lain") == "deploy-target-unknown"


def test_another_output_folder(office: Office, served: Path) -> None:
    approved(office, "jam")
    elsewhere = office.root / "di sana"
    assert office.sop("build", "--output", str(elsewhere)).code == 0

    assert office.sop("deploy", "--output", str(elsewhere)).code == 0
    note = json.loads((served / ".well-known/sop.json").read_bytes())
    assert note["tip"] == office.tip("publish")
