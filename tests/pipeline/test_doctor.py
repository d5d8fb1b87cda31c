"""What ``sop doctor`` finds missing or unsafe: each finding alone, and everything broken at once."""

import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline import doctor
from sop_site.approval.policy import Person as PolicyPerson
from sop_site.approval.policy import Policy
from tests import history
from tests.office import SITE_TOML, Office, Person, Result, key, page

pytestmark = pytest.mark.git

HARMLESS = {"doctor-no-agent", "doctor-no-office", "doctor-no-ledger", "doctor-no-archive",
            "doctor-setting-unfilled", "doctor-no-emblem"}  # fmt: skip
"""What is said of any fresh office, and bars nothing."""


def found(office: Office) -> tuple[Result, list[dict[str, Any]]]:
    done = office.sop("doctor")
    return done, done.json["items"]


def codes(items: list[dict[str, Any]], severity: str | None = None) -> set[str]:
    return {item["code"] for item in items if severity in (None, item["severity"])}


def test_a_fresh_office_has_nothing_to_mend_and_is_told_what_to_fill_in(office: Office) -> None:
    done, items = found(office)

    assert done.code == 0
    assert done.json["ok"] is True
    assert done.json["errors"] == 0
    assert codes(items) - {"doctor-page-unfilled", "doctor-text-unfilled"} <= HARMLESS
    assert {item["place"] for item in items if item["code"] == "doctor-setting-unfilled"} >= {
        "site.toml: office.address", "site.toml: office.hours",
    }  # fmt: skip
    assert all(set(item) == {"code", "severity", "place", "message", "advice"} for item in items)
    assert all(item["message"] and item["advice"] for item in items)


def test_every_unfilled_place_of_a_public_page_is_named_with_line_and_field(office: Office) -> None:
    mark = "belum diisi oleh kantor"
    text = page(
        "Nomor penting", organizer=mark, kind="event", start="2026-01-09T08:00", end="2026-01-09T12:00",
        place="Aula", body=f"Hadir tepat waktu.\n\nPakaian: {mark}.",
    )  # fmt: skip
    draft = office.writes("content/agenda/2026-01-05-nomor-penting/index.md", text)
    office.submits(draft)
    office.approves(draft)

    _, items = found(office)

    lines = text.split("\n")
    field, words = (next(i for i, line in enumerate(lines, 1) if start in line)
                    for start in (f"organizer: {mark}", "Pakaian"))  # fmt: skip
    path = f"content/agenda/{draft}/index.md"
    shown = {item["place"]: item for item in items if str(item["place"]).startswith(path)}
    assert set(shown) == {f"{path}:{field}", f"{path}:{words}"}
    assert "organizer" in shown[f"{path}:{field}"]["message"]


def _readable_key(office: Office) -> None:
    (office.keys / "head").chmod(0o644)


def _key_inside(office: Office) -> None:
    shutil.copytree(office.keys, office.repo / "salinan.keys")


def _trust_inside(office: Office) -> None:
    shutil.copy(office.trust, office.repo / "kantor.trust.toml")


def _replaced(office: Office) -> None:
    publish = office.tip("publish")
    office.git("update-ref", f"refs/replace/{publish}", publish)


def _shallow(office: Office) -> None:
    (office.repo / ".git/shallow").write_text(office.tip("publish") + "\n")


def _pushed_past(office: Office) -> None:
    history.publish(office, office.commits(office.tree("publish", {}), [office.tip("publish")], "x",
                                           office.operator))  # fmt: skip


def _other_trust(office: Office) -> None:
    text = office.trust.read_text()
    office.trust.write_text(text.replace(office.tip("publish"), "0" * len(office.tip("publish"))))


def _forged_ledger(office: Office) -> None:
    office.announces("usul")
    history.decision(office, "reject", "2026-01-05-usul", by=office.operator)


def _publish_gone(office: Office) -> None:
    office.git("update-ref", "-d", "refs/heads/publish")


def _damaged(office: Office) -> None:
    shutil.rmtree(office.repo / ".git/objects")
    (office.repo / ".git/objects").mkdir()


@pytest.mark.parametrize(
    ("deed", "code"),
    [
        (_readable_key, "doctor-key-readable"),
        (_key_inside, "doctor-inside-repository"),
        (_trust_inside, "doctor-inside-repository"),
        (_replaced, "REPO_UNSAFE"),
        (_shallow, "REPO_UNSAFE"),
        (_pushed_past, "doctor-history-refused"),
        (_other_trust, "doctor-history-unfounded"),
        (_forged_ledger, "doctor-history-doubtful"),
        (_publish_gone, "publish-missing"),
        (_damaged, "doctor-history-unfounded"),
    ],
    ids=lambda value: getattr(value, "__name__", value).strip("_"),
)
def test_what_is_unsafe_is_an_error_with_a_remedy(
    office: Office, deed: Callable[[Office], None], code: str
) -> None:
    deed(office)

    done, items = found(office)

    assert done.code == 1
    assert code in codes(items, "error")
    assert all(item["advice"] for item in items if item["severity"] == "error")


def test_a_refused_history_is_told_with_the_way_back(office: Office) -> None:
    good = office.tip("publish")
    _pushed_past(office)

    _, items = found(office)
    (told,) = (item for item in items if item["code"] == "doctor-history-refused")

    assert "UNSIGNED" in told["message"]
    assert told["commands"] == [f"git reset --keep {good}"]


def test_a_repository_that_hides_something_is_told_once(office: Office) -> None:
    _replaced(office)

    _, items = found(office)

    assert codes(items, "error") == {"REPO_UNSAFE"}


def test_without_a_trust_file_the_rest_is_still_looked_at(office: Office) -> None:
    office.trust.unlink()

    done, items = found(office)

    assert done.code == 0
    assert {"trust-missing", "doctor-setting-unfilled"} <= codes(items, "warning")


@pytest.mark.parametrize(
    ("days_left", "gravity", "code"),
    [(200, None, None), (20, "warning", "doctor-term-ends-soon"), (-1, "info", "doctor-term-ended")],
)
def test_terms_that_end_are_announced(
    office: Office, days_left: int, gravity: str | None, code: str | None
) -> None:
    until = office.now + timedelta(days=days_left)

    def bounded(old: Policy) -> Policy:
        persons = [
            replace(person, start=until - timedelta(days=300), until=until)
            if person.role == "operator"
            else person
            for person in old.persons
        ]
        return replace(old, persons=tuple(persons))

    draft = history.policy_change(office, bounded, signed_by=[office.head])
    history.publish(office, history.merge(office, draft))

    _, items = found(office)
    told = [item for item in items if item["code"].startswith("doctor-term")]

    assert [(item["severity"], item["code"]) for item in told] == ([(gravity, code)] if code else [])


def test_nobody_who_may_approve_is_an_error(office: Office) -> None:
    office.now -= timedelta(days=20_000)

    _, items = found(office)

    assert "doctor-nobody-approves" in codes(items, "error")


def test_an_archive_counts_until_it_is_old(office: Office) -> None:
    data = {"name": "arsip-a", "sha512": "0" * 128}
    history.ledger_entry(office, "archive", by=office.operator, data=data, reason="")

    _, fresh = found(office)
    office.now += timedelta(days=40)
    _, later = found(office)

    assert not {"doctor-no-archive", "doctor-archive-old"} & codes(fresh)
    (old,) = (item for item in later if item["code"] == "doctor-archive-old")
    assert "40" in old["message"]


def test_an_emblem_that_is_named_but_not_there_is_missing(tmp_path: Path) -> None:
    site = SITE_TOML.replace("[office]\n", '[office]\nemblem = "lambang.svg"\n')
    _, items = found(Office(tmp_path, site=site))

    assert "doctor-no-emblem" in codes(items)


def test_outside_any_repository_the_machine_alone_is_examined(
    tmp_path: Path, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "lain"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)

    done = office.sop("doctor", repo=False)

    assert done.code == 0
    assert "doctor-no-repository" in codes(done.json["items"])


def test_a_repository_that_was_named_must_be_there(tmp_path: Path, office: Office) -> None:
    done = office.sop("--repo", str(tmp_path / "tidak-ada"), "doctor", repo=False)

    assert done.code == 4


def test_a_reader_is_given_each_advice_once_in_a_row(office: Office) -> None:
    words = office.sop("doctor", as_json=False).out.splitlines()
    advice = [line for line in words if line.startswith("  → ")]

    assert words[-1].startswith("Selesai: 0 harus diperbaiki")
    assert sum("sop policy seal" in line for line in advice) == 1
    assert sum("Pengaturan “" in line for line in words) > 1


def programs(folder: Path, said: Mapping[str, str]) -> Path:
    """A search path on which programs only say their version."""
    folder.mkdir()
    for name, words in said.items():
        (folder / name).write_text(f"#!/bin/sh\necho '{words}' >&2\n")
        (folder / name).chmod(0o755)
    return folder


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({}, {"git-missing", "ssh-keygen-missing"}),
        ({"git": "git version 2.30.2", "ssh-keygen": "", "ssh": "OpenSSH_7.9p1"},
         {"doctor-git-old", "doctor-ssh-old"}),
        ({"git": "git version 2.38.0", "ssh-keygen": "", "ssh": "OpenSSH_8.2p1 Ubuntu-4"}, set()),
        ({"git": "bukan git", "ssh-keygen": "", "ssh": "OpenSSH_10.0p2"}, {"doctor-git-old"}),
    ],
    ids=["nothing", "old", "just enough", "no version"],
)  # fmt: skip
def test_programs_that_are_missing_or_too_old(
    tmp_path: Path, office: Office, monkeypatch: pytest.MonkeyPatch, said: dict[str, str], expected: set[str]
) -> None:
    folder = programs(tmp_path / "program", said)
    for tool in ("sh", "echo"):
        (folder / tool).symlink_to(f"/bin/{tool}")
    monkeypatch.setenv("PATH", str(folder))

    told = {item.code for item in doctor.examine(None, office.now) if item.gravity != "info"}

    assert {code for code in told if code != "extra-missing"} == expected


def test_extras_that_are_absent_are_named(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    look = doctor.importlib.util.find_spec
    monkeypatch.setattr(doctor.importlib.util, "find_spec", lambda name: None if name == "av" else look(name))

    _, items = found(office)

    assert [item["place"] for item in items if item["code"] == "extra-missing"] == ["av"]


def test_a_machine_without_git_still_gets_an_answer(
    tmp_path: Path, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(programs(tmp_path / "program", {})))

    done, items = found(office)

    assert done.code == 1
    assert [item["code"] for item in items].count("git-missing") == 1


def test_an_approval_that_no_witness_has_seen_is_told_after_the_hours_of_the_settings(office: Office) -> None:
    draft = office.announces("jam")
    tip = history.publish(office, history.merge(office, draft))
    given = office.now

    for hours, told in ((24, []), (25, [tip])):
        items = found_at(office, given + timedelta(hours=hours))
        assert [item["place"] for item in items if item["code"] == "doctor-unwitnessed"] == told

    office.now = given
    history.sighting(office, tip)
    assert "doctor-unwitnessed" not in codes(found_at(office, given + timedelta(days=9)))


def found_at(office: Office, moment: datetime) -> list[dict[str, Any]]:
    items = office.sop("doctor", at=moment).json["items"]
    assert isinstance(items, list)
    return items


def test_a_stand_ins_approval_that_was_not_seen_is_grave_when_the_term_ends(office: Office) -> None:
    plt = Person("plt@percontohan.go.id", "Plt. Camat", key("plt"))
    until = office.now + timedelta(days=9)
    entry = PolicyPerson(id=plt.id, name=plt.name, role="acting", start=office.now, until=until,
                         decree="800/1/2026", keys=(plt.public,))  # fmt: skip
    rules = history.policy_change(
        office, lambda policy: replace(policy, persons=(*policy.persons, entry)), signed_by=[office.head]
    )
    history.publish(office, history.merge(office, rules))
    tip = history.publish(office, history.merge(office, office.announces("jam"), by=plt))
    given = office.now

    for days, told in ((6, []), (8, [tip])):
        items = found_at(office, given + timedelta(days=days))
        assert [item["place"] for item in items if item["code"] == "doctor-term-unwitnessed"] == told
    assert "doctor-term-unwitnessed" in codes(items, "error")

    office.now = given
    history.sighting(office, tip)
    assert "doctor-term-unwitnessed" not in codes(found_at(office, given + timedelta(days=8)))
