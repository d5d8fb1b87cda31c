"""``sop witness``: what the public sees goes on record, and nothing else does."""

import hashlib
import json
import shutil
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from sop_site import manifest
from tests import history
from tests.office import SITE_TOML, Office
from tests.serving import serving

pytestmark = pytest.mark.git


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """An office with one approval, built and deployed; tests work on copies of its folder."""
    office = Office(tmp_path_factory.mktemp("kantor"))
    approved(office, "jam")
    deployed(office)
    return office


@pytest.fixture
def office(opened: Office, tmp_path: Path) -> Office:
    """A copy of the office whose site is public."""
    return opened.copied_to(tmp_path / "salinan")


def approved(office: Office, name: str, **front: str) -> str:
    draft = office.announces(name, **front)
    return history.publish(office, history.merge(office, draft))


def deployed(office: Office, *options: str) -> None:
    for words in (("build", *options), ("deploy",)):
        done = office.sop(*words)
        assert done.code == 0, done.err


def entries(office: Office) -> list[dict[str, Any]]:
    """The ledger's entry files as anybody reads them with git."""
    listed = office.git("ls-tree", "-r", "--name-only", "ledger").splitlines() if has_ledger(office) else []
    return [json.loads(office.git("cat-file", "blob", f"ledger:{path}")) for path in listed]


def has_ledger(office: Office) -> bool:
    return bool(office.git("for-each-ref", history.LEDGER))


def code_of(office: Office, *arguments: str, exit_code: int = 1) -> str:
    done = office.sop("witness", *arguments)
    assert done.code == exit_code, done.out + done.err
    return str(done.json["error"]["code"])


def test_what_is_deployed_goes_on_record_signed_by_the_witness(office: Office) -> None:
    done = office.sop("witness")

    assert done.code == 0, done.err
    (entry,) = entries(office)
    tip = office.tip("publish")
    assert (entry["kind"], entry["actor"], entry["publish"]) == ("witness", office.witness.id, tip)
    assert set(entry["data"]) == {"tip", "first_seen", "content_digest", "output_digest"}
    assert entry["data"]["tip"] == done.json["tip"] == tip
    assert entry["data"]["content_digest"] == history.content_digest(office, tip)
    assert entry["data"]["first_seen"] == entry["at"] == office.now.isoformat()
    assert done.json["entry"] == office.tip("ledger")
    assert (done.json["sequence"], done.json["behind"], done.json["refusals"]) == (1, 0, [])
    assert office.verify().ok


def test_anybody_can_build_again_what_was_recorded(office: Office) -> None:
    assert office.sop("witness").code == 0
    (entry,) = entries(office)
    approved(office, "libur")
    other = office.git("show", "publish:site.toml") + "\n\n[site]\ndemonstration = true\n"
    draft = history.policy_change(
        office, lambda rules: rules, signed_by=[office.head], files={"site.toml": other}
    )
    history.publish(office, history.merge(office, draft))
    assert office.verify().ok
    tip, digest = entry["data"]["tip"], entry["data"]["output_digest"]

    built = office.sop("build", "--tip", tip, "--now", entry["at"], "--output", str(office.root / "ulang"))

    assert built.json["output_digest"] == digest
    assert built.json["tip"] == tip
    listing = (office.root / "ulang" / manifest.NAME).read_bytes()
    assert f"sha256:{hashlib.sha256(listing).hexdigest()}" == digest
    served = dict(manifest.parse((office.root / "office.site" / manifest.NAME).read_bytes()).files)
    differs = {
        path for path, found in manifest.parse(listing).files.items() if served.pop(path, None) != found
    }
    # What citizens are served is that build, but for the hour of building.
    assert (differs, served) == ({".well-known/sop.json"}, {})


def test_no_other_commit_can_be_built_as_a_tip(office: Office) -> None:
    draft = office.tip("draft/2026-01-05-jam")

    done = office.sop("build", "--tip", draft, "--output", str(office.root / "ulang"))

    assert (done.code, done.json["error"]["code"]) == (1, "build-tip-unknown")
    assert not (office.root / "ulang").exists()


def test_genesis_is_public_too(tmp_path: Path) -> None:
    office = Office(tmp_path)
    deployed(office)

    assert office.sop("witness").json["tip"] == office.tip("publish")
    assert office.verify().ok


def test_what_was_seen_is_not_recorded_twice_within_a_day(office: Office) -> None:
    first = office.sop("witness")
    before = office.tip("ledger")

    again = office.sop("witness", at=office.now + timedelta(hours=19))

    assert again.code == 0
    assert office.tip("ledger") == before
    assert again.json["entry"] is None
    assert again.json["first_seen"] == first.json["first_seen"]
    told = office.sop("witness", as_json=False).out
    assert told.startswith("Sudah tercatat")
    assert f"{datetime.fromisoformat(first.json['first_seen']):%Y-%m-%d %H:%M}" in told


def test_after_a_day_it_says_that_the_tip_still_stands_and_when_it_was_first_seen(office: Office) -> None:
    first = office.sop("witness").json
    deployed(office, "--now", (office.now + timedelta(hours=20)).isoformat())

    later = office.sop("witness", at=office.now + timedelta(hours=20))

    assert later.json["entry"] == office.tip("ledger")
    assert later.json["first_seen"] == first["first_seen"]
    assert later.json["at"] == office.now.isoformat()
    assert [entry["data"]["first_seen"] for entry in entries(office)] == [first["first_seen"]] * 2
    assert office.verify().ok


def test_on_request_it_is_recorded_again_at_once(office: Office) -> None:
    assert office.sop("witness").code == 0
    assert office.sop("witness", "--again").json["sequence"] == 2
    assert office.verify().ok


def test_each_new_approval_is_recorded(office: Office) -> None:
    first = office.sop("witness").json
    tip = approved(office, "libur")
    deployed(office)

    second = office.sop("witness").json

    assert (first["sequence"], second["sequence"]) == (1, 2)
    assert second["tip"] == tip
    assert second["first_seen"] != first["first_seen"]
    assert office.verify().ok


def test_a_site_that_lags_behind_is_seen_as_what_it_is(office: Office) -> None:
    shown = office.tip("publish")
    approved(office, "libur")

    done = office.sop("witness")

    assert (done.json["tip"], done.json["behind"]) == (shown, 1)
    assert entries(office)[0]["publish"] == office.tip("publish")
    assert office.verify().ok
    assert "1 persetujuan yang lebih baru belum tayang" in office.sop("witness", as_json=False).out


def test_an_approval_by_a_clock_that_is_ahead_is_not_seen_before_it_was_given(office: Office) -> None:
    draft = office.announces("cepat")
    ahead = office.now + timedelta(seconds=400)
    history.publish(office, history.merge(office, draft, at=ahead))
    deployed(office)

    assert office.sop("witness").json["first_seen"] == ahead.isoformat()
    assert office.verify().ok


def test_what_does_not_verify_is_not_witnessed(office: Office) -> None:
    history.publish(office, history.merge(office, office.announces("palsu"), by=office.stranger))

    done = office.sop("witness")

    assert done.code == 1
    assert "UNKNOWN_KEY" in [refusal["code"] for refusal in done.json["refusals"]]
    assert done.json["entry"] is None
    assert not has_ledger(office)


def test_a_site_that_was_changed_after_deployment_is_not_witnessed(office: Office) -> None:
    page = office.root / "office.site/index.html"
    page.write_bytes(page.read_bytes() + b"<p>Tambahan</p>")

    assert code_of(office) == "witness-not-sound"

    relisted(office.root / "office.site", "index.html")
    assert code_of(office) == "witness-not-approved"
    assert not has_ledger(office)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"time": "0001-01-01T00:00:00+14:00"}, "witness-not-approved"),
        ({"sequence": 9}, "witness-not-approved"),
        ({"time": "2026-01-05T09:00:00"}, "witness-not-approved"),
        ({"tip": "0" * 40}, "witness-foreign"),
    ],
)
def test_a_site_with_a_made_up_note_of_origin_is_not_witnessed(
    office: Office, changes: dict[str, object], code: str
) -> None:
    note = office.root / "office.site/.well-known/sop.json"
    note.write_text(json.dumps(json.loads(note.read_bytes()) | changes), encoding="utf-8")
    relisted(office.root / "office.site", ".well-known/sop.json")

    assert code_of(office) == code
    assert not has_ledger(office)


@pytest.mark.parametrize("note", [b"{", b"[" * 100_000, b"\xff"])
def test_a_note_that_is_none_is_no_origin(office: Office, note: bytes) -> None:
    (office.root / "office.site/.well-known/sop.json").write_bytes(note)
    relisted(office.root / "office.site", ".well-known/sop.json")

    assert code_of(office) == "witness-not-approved"


def relisted(site: Path, path: str) -> None:
    """A manifest that agrees with a changed file, as somebody who owns the server would write it."""
    listed = dict(manifest.parse((site / manifest.NAME).read_bytes()).files)
    listed[path] = hashlib.sha256((site / path).read_bytes()).hexdigest()
    (site / manifest.NAME).write_bytes(manifest.of(listed).text())


def test_a_site_whose_pages_should_have_come_or_gone_since_is_not_witnessed(office: Office) -> None:
    approved(office, "singkat", expires_at="2026-02-01")
    deployed(office)
    office.now += timedelta(days=60)

    assert code_of(office) == "witness-outdated"
    assert not has_ledger(office)

    deployed(office, "--now", office.now.isoformat())
    assert office.sop("witness").code == 0
    assert office.verify().ok


def test_nothing_deployed_is_nothing_seen(tmp_path: Path) -> None:
    assert code_of(Office(tmp_path)) == "audit-nothing-there"


def test_without_the_witness_key_nothing_is_recorded(office: Office) -> None:
    (office.keys / "witness").unlink()

    assert code_of(office) == "key-absent"
    assert code_of(office, "--key", str(office.operator.key)) == "key-not-listed"
    assert code_of(office, "--key", str(office.head.key)) == "key-not-listed"
    assert not has_ledger(office)


def test_without_a_trust_file_there_is_no_verdict_and_no_witness(office: Office) -> None:
    office.trust.unlink()

    assert code_of(office, exit_code=3) == "trust-missing"


def test_a_witness_out_of_term_is_refused_before_anything_is_sent(office: Office) -> None:
    from dataclasses import replace

    ended = office.now
    draft = history.policy_change(
        office,
        lambda rules: replace(
            rules,
            persons=tuple(
                replace(person, until=ended) if person.role == "witness" else person
                for person in rules.persons
            ),
        ),
        signed_by=[office.head],
    )
    history.publish(office, history.merge(office, draft))
    deployed(office)

    done = office.sop("witness")

    assert done.code == 1
    assert {refusal["code"] for refusal in done.json["refusals"]} == {"TERM", "LEDGER_SIGNER"}
    assert not has_ledger(office)
    assert office.verify().ok


def test_places_are_named_as_deploy_and_audit_name_them(tmp_path: Path) -> None:
    targets = (
        '\n[[deploy]]\nname = "utama"\nfolder = "satu/situs"\n'
        '\n[[deploy]]\nname = "cermin"\nfolder = "dua/situs"\n'
    )
    office = Office(tmp_path, site=SITE_TOML + targets)
    approved(office, "jam")
    deployed(office)
    assert office.sop("deploy", "--target", "cermin").code == 0

    assert "/satu/" in office.sop("witness").json["place"]
    assert "/dua/" in office.sop("witness", "--target", "cermin", "--again").json["place"]
    folder = tmp_path / "dua/situs"
    assert office.sop("witness", "--site", str(folder), "--again").json["place"] == str(folder.resolve())
    assert code_of(office, "--target", "lain") == "deploy-target-unknown"
    assert office.sop("witness", "--target", "utama", "--site", str(folder)).code == 2
    assert office.sop("witness", "--url", "ftp://localhost/").code == 2


def test_a_site_is_seen_where_citizens_see_it(office: Office) -> None:
    with serving(office.root / "office.site") as url:
        done = office.sop("witness", "--url", url)
        assert done.code == 0, done.err
        assert done.json["place"] == url

        page = office.root / "office.site/index.html"
        page.write_bytes(page.read_bytes() + b" ")
        assert code_of(office, "--url", url, "--again") == "witness-not-sound"
    assert code_of(office, "--url", url, exit_code=6) == "audit-silent"
    assert len(entries(office)) == 1


def shared(office: Office) -> Path:
    """The office's shared copy."""
    place = office.root / "bersama.git"
    office.git("clone", "-q", "--bare", str(office.repo), str(place), cwd=office.root)
    office.git("remote", "add", "origin", str(place))
    return place


def test_what_was_just_deployed_is_waited_for(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    from pipeline import witnessing

    tip = approved(office, "libur")
    looked: list[float] = []

    def later(seconds: float) -> None:
        looked.append(seconds)
        if len(looked) == 2:
            deployed(office)

    monkeypatch.setattr(
        witnessing.witness, "__kwdefaults__", {**witnessing.witness.__kwdefaults__, "pause": later}
    )

    assert code_of(office, "--tip", tip) == "witness-not-yet"
    assert not has_ledger(office)
    assert office.sop("witness", "--tip", tip, "--wait", "2").json["tip"] == tip
    assert looked == [30, 30]


def test_a_later_approval_than_the_one_expected_is_as_good(office: Office) -> None:
    earlier = office.tip("publish")
    tip = approved(office, "libur")
    deployed(office)

    assert code_of(office, "--tip", "0" * 40) == "build-tip-unknown"
    assert office.sop("witness", "--tip", earlier).json["tip"] == tip


def test_the_entry_goes_to_the_shared_copy_first(office: Office) -> None:
    place = shared(office)

    done = office.sop("witness")

    assert done.code == 0, done.err
    assert office.git("rev-parse", history.LEDGER, cwd=place) == done.json["entry"] == office.tip("ledger")


def test_without_an_answer_from_the_shared_copy_nothing_is_recorded(office: Office) -> None:
    shutil.rmtree(shared(office))

    assert code_of(office, exit_code=6) == "origin-silent"
    assert not has_ledger(office)


def race(office: Office, place: Path, monkeypatch: pytest.MonkeyPatch, times: int) -> None:
    """The head returns a draft from another machine just before the witness sends, so many times."""
    from pipeline import sharing

    send = sharing.send
    waiting = [office.announces(f"usul-{number}") for number in range(times)]
    office.git("push", "-q", str(place), "refs/heads/draft/*:refs/heads/draft/*")
    other = office.root / "lain"
    office.git("clone", "-q", str(place), str(other), cwd=office.root)
    elsewhere = office.seen_from(other)

    def overtaken(*arguments: Any) -> None:
        if waiting:
            elsewhere.now = office.now
            elsewhere.git("fetch", "-q", "origin", "+refs/heads/*:refs/heads/*", "--update-head-ok")
            history.decision(elsewhere, "return", waiting.pop())
            elsewhere.git("push", "-q", "origin", history.LEDGER)
            office.now = elsewhere.now
        send(*arguments)

    monkeypatch.setattr(sharing, "send", overtaken)


def test_a_decision_that_came_first_is_no_hindrance(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    place = shared(office)
    race(office, place, monkeypatch, times=2)

    done = office.sop("witness")

    assert done.code == 0, done.err
    assert [entry["kind"] for entry in entries(office)] == ["return", "return", "witness"]
    recorded = entries(office)[-1]
    built = office.sop("build", "--now", recorded["at"], "--output", str(office.root / "ulang"))
    assert built.json["output_digest"] == recorded["data"]["output_digest"]
    assert office.verify().ok


def test_after_some_tries_it_gives_up_and_nothing_is_left(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = shared(office)
    race(office, place, monkeypatch, times=3)

    assert code_of(office) == "someone-was-faster"
    assert [entry["kind"] for entry in entries(office)] == ["return", "return"]
    assert office.verify().ok


def test_an_entry_names_no_commit_that_nobody_verified(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A push past the head that comes in meanwhile can be taken back without a trace on the ledger."""
    from pipeline import witnessing

    good = office.tip("publish")
    look = witnessing.look

    def overtaken(*arguments: Any) -> witnessing.Sighting:
        seen = look(*arguments)
        history.publish(office, office.tip(f"draft/{office.announces('lewat')}"))
        return seen

    monkeypatch.setattr(witnessing, "look", overtaken)
    assert office.sop("witness").code == 0
    assert not office.verify().ok

    history.publish(office, good)
    assert office.verify().ok
    assert entries(office)[0]["publish"] == good
