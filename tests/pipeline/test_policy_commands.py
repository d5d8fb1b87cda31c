"""Successions told with the commands alone, each with what must no longer work after it."""

import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from pipeline.desk import Desk
from pipeline.repository import Repository
from sop_site.approval import governance
from sop_site.approval import policy as policies
from sop_site.approval.policy import Policy, Revoked
from sop_site.approval.policy_fields import fingerprint_of
from tests import button, history
from tests.office import WITA, Office, Person, Result, key

pytestmark = pytest.mark.git

NEXT = Person("camat-baru@percontohan.go.id", "Camat Baru", key("camat-baru"))
ACTING = Person("plt@percontohan.go.id", "Plt. Camat", key("plt"))
DAILY = Person("plh@percontohan.go.id", "Plh. Camat", key("plh"))
REGENCY = Person("kominfosanti@percontohan.go.id", "Kominfosanti", key("kominfosanti"))
SECRETARY = Person("sekcam@percontohan.go.id", "Sekretaris Camat", key("sekcam"))
PHONE = key("telepon")
SPARE = key("cadangan")


def public(path: Path) -> str:
    return str(path.with_name(path.name + ".pub"))


def fingerprint(path: Path) -> str:
    return fingerprint_of(" ".join(Path(public(path)).read_text().split()[:2]))


def policy(office: Office, *words: str) -> Result:
    """``sop policy …``, which must succeed; a yes where one is asked."""
    yes = [] if words[0] == "show" else ["--yes"]
    done = office.sop("policy", *words, *yes)
    assert done.code == 0, done.out + done.err
    return done


def adds(office: Office, person: Person, role: str, *options: str) -> Result:
    return policy(
        office, "add-person", person.id, "--name", person.name, "--role", role, "--key", public(person.key),
        *options,
    )  # fmt: skip


def adds_acting(office: Office, *options: str) -> Result:
    term = ("--from", "2026-02-01", "--until", "2026-04-30")
    return adds(office, ACTING, "acting", "--decree", "800/12/2026", *term, *options)


def approved(office: Office, *words: str, with_key: Path | None = None) -> str:
    """A change of policy from the command to its approval; the approval's commit."""
    draft = policy(office, *words).json["draft"]
    cut = ["--key", str(with_key)] if with_key else []
    return str(office.approves(draft, *cut).json["commit"])


def at(day: str, hour: int = 9) -> datetime:
    return datetime.fromisoformat(f"{day}T{hour:02d}:00:00").replace(tzinfo=WITA)


def publishes(office: Office, name: str, by: Person, moment: datetime | None = None) -> str:
    """An approval by that person's own key, made as anybody could make it; it reaches publish."""
    office.now = moment or office.now
    return history.publish(office, history.merge(office, office.announces(name), by=by))


def present(office: Office) -> Policy:
    found = policies.parse(office.git("show", "publish:governance/policy.toml").encode() + b"\n")
    assert isinstance(found, Policy)
    return found


def error(result: Result) -> str:
    assert result.code == 1, result.out + result.err
    return str(result.json["error"]["code"])


def codes(result: Result) -> set[str]:
    assert result.code == 1, result.out + result.err
    return {refusal["code"] for refusal in result.json["refusals"]}


def seen_by_the_witness(office: Office, tip: str) -> None:
    office.now += timedelta(minutes=1)
    data = {
        "tip": tip, "first_seen": office.now.isoformat(), "output_digest": "sha256:" + "0" * 64,
        "content_digest": history.content_digest(office, tip),
    }  # fmt: skip
    history.ledger_entry(office, "witness", by=office.witness, data=data, reason="", publish=tip)


# A new Camat


def a_new_camat(office: Office) -> str:
    draft = adds(office, NEXT, "head", "--succeeds", office.head.id, "--from", "2026-02-01").json
    assert (draft["draft"], draft["signed_by"], draft["complete"]) == ("kebijakan-2", [office.head.id], False)
    assert [(one["rule"], one["candidates"]) for one in draft["lacking"]] == [("new", [NEXT.id])]
    assert policy(office, "sign", "--key", str(NEXT.key)).json["complete"]
    office.approves("kebijakan-2")
    return "kebijakan-2"


def test_a_new_camat_follows_the_old_one_on_the_day(office: Office, tmp_path: Path) -> None:
    a_new_camat(office)
    old, new = present(office).person(office.head.id), present(office).person(NEXT.id)
    publishes(office, "lama", office.head)
    publishes(office, "baru", NEXT, at("2026-02-01", 0))

    assert old is not None
    assert new is not None
    assert (old.until, old.root, new.start, new.root) == (at("2026-02-01", 0), False, old.until, True)
    assert [approval.approver for approval in office.verify().approvals] == [
        office.head.id, office.head.id, NEXT.id,
    ]  # fmt: skip
    assert verified_elsewhere(office, tmp_path) == 0


def verified_elsewhere(office: Office, folder: Path) -> int:
    """Exit code of ``sop verify`` in a second clone, with the first one's trust file."""
    office.git("clone", "-q", "--no-local", str(office.repo), str(folder / "lain"))
    office.git("fetch", "-q", "origin", "+refs/heads/*:refs/heads/*", "-u", cwd=folder / "lain")
    done = office.sop("--repo", str(folder / "lain"), "verify", "--trust", str(office.trust), repo=False)
    return done.code


@pytest.mark.parametrize(("who", "day"), [("head", "2026-02-01"), ("NEXT", "2026-01-31")])
def test_nobody_approves_on_the_other_side_of_the_day(office: Office, who: str, day: str) -> None:
    a_new_camat(office)
    publishes(office, "salah", NEXT if who == "NEXT" else office.head, at(day))

    assert office.codes() == ["TERM"]


def test_the_old_camat_signs_no_policy_any_more(office: Office) -> None:
    a_new_camat(office)
    office.now = at("2026-02-02")
    refused = office.sop("policy", "end-term", office.operator.id, "--key", str(office.head.key), "--yes")

    assert error(refused) == "policy-key-not-root"


# A Plt. for three months


def test_an_acting_head_serves_until_the_end_of_the_last_day(office: Office) -> None:
    draft = adds_acting(office).json["draft"]
    office.approves(draft)
    tip = publishes(office, "terakhir", ACTING, at("2026-04-30", 23))
    seen_by_the_witness(office, tip)

    assert office.verify(now=at("2026-12-31")).ok
    approval = office.verify(now=at("2026-12-31")).approvals[-1]
    assert (approval.role, approval.decree) == ("acting", "800/12/2026")


def test_an_acting_head_approves_nothing_after_the_term(office: Office) -> None:
    office.approves(adds_acting(office).json["draft"])
    draft = office.announces("terlambat")
    before = office.tip("publish")
    late = office.sop("approve", draft, "--key", str(ACTING.key), at=at("2026-05-01", 1))

    assert "TERM" in codes(late)
    assert office.tip("publish") == before


def test_an_acting_head_is_given_more_time(office: Office) -> None:
    office.approves(adds_acting(office).json["draft"])
    approved(office, "add-person", ACTING.id, "--until", "2026-06-30", "--decree", "800/99/2026")
    found = present(office).person(ACTING.id)

    assert found is not None
    assert (found.until, found.decree, found.start) == (
        at("2026-07-01", 0),
        "800/99/2026",
        at("2026-02-01", 0),
    )


def test_an_office_without_a_witness_is_warned_before_it_names_an_acting_head(office: Office) -> None:
    approved(office, "end-term", office.witness.id)
    found = adds_acting(office).json["findings"]

    assert [finding["code"] for finding in found] == ["policy-no-witness"]


def test_an_office_without_a_camat_passes_from_hand_to_hand(office: Office) -> None:
    """The acting head may hold no root right: the regency signs what he approves."""
    words = ("acting", "--decree", "800/12/2026", "--until", "2026-04-30", "--succeeds", office.head.id)
    alone = office.sop(
        "policy", "add-person", ACTING.id, "--name", ACTING.name, "--key", public(ACTING.key), "--role",
        *words, "--yes",
    )  # fmt: skip
    assert codes(alone) == {"POLICY_GRAMMAR"}
    office.approves(adds(office, REGENCY, "root-only").json["draft"])
    adds(office, ACTING, *words)
    policy(office, "sign", "--key", str(REGENCY.key))
    office.approves("kebijakan-3")
    assert [one.id for one in present(office).roots] == [REGENCY.id]

    (office.keys / "head").unlink()
    regency = ("--sign-key", str(REGENCY.key))
    adds(office, NEXT, "head", "--root", "--succeeds", ACTING.id, "--from", "2026-03-01", *regency)
    tip = office.approves("kebijakan-4", "--key", str(ACTING.key)).json["commit"]
    seen_by_the_witness(office, tip)
    publishes(office, "baru", NEXT, at("2026-03-02"))
    assert office.verify(now=at("2026-12-31")).ok


# A Plh. for a week


def a_daily_stand_in(office: Office) -> None:
    office.approves(
        adds(
            office, DAILY, "daily", "--decree", "800/7/2026", "--from", "2026-02-02", "--until", "2026-02-08",
            "--scope", "content/pengumuman/**", "--scope", "content/berita/**",
        ).json["draft"]
    )  # fmt: skip


def test_a_daily_stand_in_approves_within_the_scope_for_a_week(office: Office) -> None:
    a_daily_stand_in(office)
    seen_by_the_witness(office, publishes(office, "libur", DAILY, at("2026-02-08")))

    assert office.verify(now=at("2026-12-31")).ok


def test_a_daily_stand_in_approves_nothing_else(office: Office) -> None:
    a_daily_stand_in(office)
    office.now = at("2026-02-03")
    draft = office.writes("content/halaman/profil/index.md", "lain\n")
    history.publish(office, history.merge(office, draft, by=DAILY))

    assert office.codes() == ["OUT_OF_SCOPE"]


@pytest.mark.parametrize(
    "lacking", [("--decree", "--until"), ("--until", "--scope"), ("--decree", "--scope")]
)
def test_a_stand_in_needs_letter_end_and_scope(office: Office, lacking: tuple[str, str]) -> None:
    given = {"--decree": "800/7/2026", "--until": "2026-02-08", "--scope": "content/berita/**"}
    words = [word for name in lacking for word in (name, given[name])]
    refused = office.sop(
        "policy", "add-person", DAILY.id, "--name", "Plh.", "--role", "daily", "--key", public(DAILY.key),
        *words, "--yes",
    )  # fmt: skip

    assert codes(refused) == {"POLICY_GRAMMAR"}
    assert office.git("for-each-ref", "refs/heads/draft") == ""


# A lost phone, a leaked key


def with_a_second_key(office: Office, path: Path) -> Person:
    """The head's phone (or spare key) becomes known to the office."""
    approved(office, "add-person", office.head.id, "--key", public(path))
    return replace(office.head, key=path)


def test_a_lost_phone_approves_nothing_more(office: Office) -> None:
    phone = with_a_second_key(office, PHONE)
    publishes(office, "dari-telepon", phone)
    approved(office, "revoke", fingerprint(PHONE), "--reason", "Telepon hilang di pasar")
    assert office.verify().ok

    publishes(office, "palsu", phone)
    assert office.codes() == ["REVOKED_KEY"]


def test_a_revoked_key_is_given_to_nobody_again(office: Office) -> None:
    with_a_second_key(office, PHONE)
    approved(office, "revoke", public(PHONE), "--reason", "Telepon hilang")
    again = office.sop("policy", "add-person", office.operator.id, "--key", public(PHONE), "--yes")

    assert error(again) == "policy-key-revoked"


def test_a_lost_phone_is_replaced_in_the_same_change(office: Office) -> None:
    with_a_second_key(office, PHONE)
    approved(office, "revoke", public(PHONE), "--reason", "Telepon hilang", "--new-key", public(SPARE))
    publishes(office, "lagi", replace(office.head, key=SPARE))

    assert office.verify().ok


def test_a_stolen_key_counts_until_the_theft(office: Office) -> None:
    """The key was used once more after the theft, but that never became the office's publish."""
    with_a_second_key(office, SPARE)
    good = publishes(office, "asli", office.head)
    theft = (office.now + timedelta(hours=1)).isoformat()
    office.now += timedelta(days=1)
    approved(
        office, "revoke", fingerprint(office.head.key), "--reason", "Kunci bocor", "--compromised-since",
        theft, "--key", str(SPARE), with_key=SPARE,
    )  # fmt: skip
    entry = present(office).revoked[0]

    assert (entry.key, entry.compromised_since) == (fingerprint(office.head.key), good)
    assert office.verify().ok
    publishes(office, "palsu", office.head)
    assert office.codes() == ["REVOKED_KEY"]


def test_approvals_after_the_theft_are_named_before_anything_is_written(office: Office) -> None:
    with_a_second_key(office, SPARE)
    good = publishes(office, "asli", office.head)
    stolen = publishes(office, "palsu", office.head)
    words = ("--compromised-since", good, "--key", str(SPARE), "--yes")
    refused = office.sop("policy", "revoke", fingerprint(office.head.key), "--reason", "Bocor", *words)

    assert error(refused) == "policy-voids-approvals"
    assert stolen in refused.json["error"]["message"]
    office.git("update-ref", "refs/heads/publish", good)
    office.git("reset", "-q", "--hard")
    again = office.sop("policy", "revoke", fingerprint(office.head.key), "--reason", "Bocor", *words)
    office.approves(again.json["draft"], "--key", str(SPARE))
    assert office.verify().ok


def test_a_theft_cannot_be_dated_by_the_only_key_there_is(office: Office) -> None:
    words = ("--compromised-since", "2026-01-05", "--new-key", public(SPARE), "--yes")
    refused = office.sop("policy", "revoke", office.head.id, "--reason", "Bocor", *words)

    assert error(refused) == "policy-no-approver"


def test_the_only_key_is_replaced_by_old_and_new_together(office: Office) -> None:
    made = policy(office, "revoke", office.head.id, "--reason", "Diganti", "--new-key", public(SPARE)).json
    assert not made["complete"]
    policy(office, "sign", "--key", str(SPARE))
    office.approves(made["draft"])
    publishes(office, "baru", replace(office.head, key=SPARE))

    assert office.verify().ok
    assert len(office.git("ls-tree", "--name-only", "publish", "governance/signatures/").splitlines()) == 2


@pytest.mark.parametrize("since", ["0" * 40, "abc", "kemarin", "2026-13-01"])
def test_a_theft_is_dated_by_an_approval_or_a_time(office: Office, since: str) -> None:
    with_a_second_key(office, SPARE)
    refused = office.sop(
        "policy", "revoke", fingerprint(SPARE), "--reason", "Bocor", "--compromised-since", since, "--yes"
    )

    assert error(refused) in ("policy-since-unknown", "policy-moment-malformed")


# An operator leaves


def test_an_operator_who_left_records_nothing_more(office: Office) -> None:
    successor = Person("operator2@percontohan.go.id", "Operator 2", key("operator2"))
    office.approves(adds(office, successor, "operator", "--succeeds", office.operator.id).json["draft"])
    history.ledger_entry(office, "archive", by=successor, reason="")
    assert office.verify().ok

    history.ledger_entry(office, "archive", by=office.operator, reason="")
    assert {"LEDGER_SIGNER", "TERM"} <= set(office.codes())


def test_an_operator_is_shown_as_not_in_term(office: Office) -> None:
    approved(office, "end-term", office.operator.id, "--at", "2026-01-05T12:00:00+08:00")
    office.now = at("2026-01-06")
    shown = policy(office, "show").json

    assert {one["id"]: one["in_term"] for one in shown["persons"]}[office.operator.id] is False
    assert [version["signed_by"] for version in shown["history"]] == [[], [office.head.id]]
    assert shown["history"][1]["changes"][0]["change"] == "term"


# Two of three


def two_of_three(office: Office) -> None:
    office.approves(adds(office, SECRETARY, "root-only").json["draft"])
    adds(office, REGENCY, "root-only", "--threshold", "2")
    policy(office, "sign", "kebijakan-3", "--key", str(SECRETARY.key))
    office.approves("kebijakan-3")


def test_two_of_three_root_persons_change_the_policy(office: Office, tmp_path: Path) -> None:
    two_of_three(office)
    made = adds_acting(office).json
    lacking = [(one["rule"], one["candidates"]) for one in made["lacking"]]
    others = [SECRETARY.id, REGENCY.id]
    assert lacking == [("old", others), ("new", others)]

    refused = office.sop("approve", made["draft"])
    assert codes(refused) == {"PROTECTED_CHANGE", "POLICY_THRESHOLD"}
    shown = office.sop("policy", "show", made["draft"], as_json=False).out
    assert REGENCY.id in shown
    policy(office, "sign", "--key", str(REGENCY.key))
    office.approves(made["draft"])
    assert office.verify().ok
    assert verified_elsewhere(office, tmp_path) == 0


def test_nobody_lengthens_his_own_term_alone(office: Office) -> None:
    office.approves(adds(office, REGENCY, "root-only").json["draft"])
    made = policy(office, "add-person", office.head.id, "--from", "2025-12-01").json

    assert [(one["rule"], one["candidates"], one["gains"]) for one in made["lacking"]] == [
        ("other", [REGENCY.id], office.head.id)
    ]
    assert codes(office.sop("approve", made["draft"])) == {"PROTECTED_CHANGE", "POLICY_THRESHOLD"}
    policy(office, "sign", "--key", str(REGENCY.key))
    office.approves(made["draft"])
    assert office.verify().ok


# Settings, code, workflows: sealing


def test_an_edited_setting_is_sealed_and_public(office: Office) -> None:
    site = (office.repo / "site.toml").read_text().replace("(0362) 21985", "(0362) 21986")
    office.writes({"site.toml": site}, draft="telepon-kantor")
    checked = office.sop("check", "telepon-kantor")
    assert [finding["code"] for finding in checked.json["findings"]] == ["protected-unsealed"]
    assert codes(office.sop("approve", "telepon-kantor")) == {"PROTECTED_CHANGE"}
    made = policy(office, "seal", "telepon-kantor").json

    assert (made["draft"], made["files"], made["complete"]) == ("telepon-kantor", ["site.toml"], True)
    office.approves("telepon-kantor")
    assert office.verify().ok
    assert "21986" in (office.repo / "site.toml").read_text()


def test_edits_of_settings_in_the_work_tree_are_sealed_too(office: Office) -> None:
    office.git("switch", "-q", "--create", "draft/alamat")
    site = office.repo / "site.toml"
    site.write_text(site.read_text().replace("(0362) 21985", "(0362) 21987"))
    made = policy(office, "seal", "alamat").json

    assert office.git("status", "--porcelain") == ""
    assert office.git("log", "-2", "--format=%ae %s", "draft/alamat").splitlines() == [
        f"{office.operator.id} Ajukan: Kebijakan versi 2",
        f"{office.operator.id} Simpan berkas yang dilindungi",
    ]
    office.approves(made["draft"])
    assert office.verify().ok


def test_a_sealed_draft_that_changes_again_is_sealed_again(office: Office) -> None:
    office.writes({"site.toml": (office.repo / "site.toml").read_text() + "\n"}, draft="dua-kali")
    policy(office, "seal", "dua-kali")
    office.writes({"site.toml": (office.repo / "site.toml").read_text() + "\n\n"}, draft="dua-kali")
    assert "POLICY_CHAIN" in codes(office.sop("approve", "dua-kali"))
    policy(office, "seal", "dua-kali")
    office.approves("dua-kali")

    assert office.verify().ok
    assert present(office).version == 2


def test_a_draft_from_an_older_policy_is_merged_first(office: Office) -> None:
    office.writes({"site.toml": (office.repo / "site.toml").read_text() + "\n"}, draft="lama")
    office.approves(adds_acting(office).json["draft"])
    assert error(office.sop("policy", "seal", "lama", "--yes")) == "policy-draft-outdated"
    office.git("switch", "-q", "draft/lama")
    who = ("-c", "user.name=Operator 1", "-c", f"user.email={office.operator.id}")
    office.git(*who, "merge", "-q", "--no-edit", "publish")
    policy(office, "seal", "lama")
    office.approves("lama")

    assert office.verify().ok
    assert present(office).person(ACTING.id) is not None


def test_passkeys_and_the_forge_are_turned_on_and_off(office: Office) -> None:
    forge, key = office.root / "forge.asc", button.ed25519_key()
    forge.write_text(key.armored)
    made = policy(
        office, "set", "--passkey-rp", "meja.percontohan.go.id", "--passkey-origin",
        "https://meja.percontohan.go.id", "--forge-key", key.fingerprint, str(forge), "--no-separation",
        "--forge-author", office.head.id, "1+camat@users.noreply.github.com",
    ).json  # fmt: skip
    office.approves(made["draft"])
    rules = present(office)

    assert [one["change"] for one in made["changes"]] == ["separation", "webauthn", "github"]
    assert rules.webauthn is not None
    assert rules.github is not None
    assert (rules.webauthn.rp_id, rules.github.fingerprints) == ("meja.percontohan.go.id", (key.fingerprint,))
    approved(office, "set", "--no-passkeys", "--no-forge", "--separation")
    assert (present(office).webauthn, present(office).github, present(office).separation) == (
        None,
        None,
        True,
    )
    assert office.verify().ok


# Who writes the draft


def test_the_head_alone_on_his_own_machine_may_change_and_approve(office: Office) -> None:
    office.git("config", "user.name", office.head.name)
    office.git("config", "user.email", office.head.id)
    draft = adds_acting(office).json["draft"]
    office.approves(draft)

    author, body = office.git("log", "-1", "--format=%ae%n%b", f"draft/{draft}").split("\n", 1)
    assert author == "sop-policy@localhost"
    assert office.head.id in body
    assert office.verify().ok


def test_whoever_may_not_approve_is_the_author_of_what_he_prepared(office: Office) -> None:
    (office.keys / "head").rename(office.root / "head-di-rumah")
    made = adds_acting(office)
    assert made.json["signed_by"] == []
    assert office.git("log", "-1", "--format=%ae %s", "draft/kebijakan-2") == (
        f"{office.operator.id} Kebijakan versi 2"
    )
    nobody = office.sop("policy", "sign", "--yes")
    assert error(nobody) == "policy-no-root-key"
    policy(office, "sign", "--key", str(office.root / "head-di-rumah"))
    office.approves("kebijakan-2", "--key", str(office.root / "head-di-rumah"))
    assert office.verify().ok


def test_a_sha256_office_changes_its_policy_the_same_way(tmp_path: Path) -> None:
    office = long_office(tmp_path)
    a_new_camat(office)
    publishes(office, "baru", NEXT, at("2026-02-01"))

    assert office.verify().ok
    assert len(office.tip("publish")) == 64


def long_office(folder: Path) -> Office:
    short, long = folder / "pendek", folder / "panjang"
    short.mkdir()
    long.mkdir()
    office = Office(short)
    opened = office.sop(
        "init", str(long / "office"), "--office", str(office.root / "site.toml"), "--object-format", "sha256",
        repo=False,
    )  # fmt: skip
    assert opened.code == 0, opened.err
    office.root, office.repo = long, long / "office"
    office.trust, office.keys = long / "office.trust.toml", long / "office.keys"
    office.head = replace(office.head, key=office.keys / "head")
    office.operator = replace(office.operator, key=office.keys / "operator")
    office.witness = replace(office.witness, key=office.keys / "witness")
    return office


def test_drafts_and_signatures_travel_by_the_shared_copy(office: Office, tmp_path: Path) -> None:
    shared, other = tmp_path / "bersama.git", tmp_path / "kominfo"
    office.git("clone", "-q", "--bare", str(office.repo), str(shared), cwd=tmp_path)
    office.git("remote", "add", "origin", str(shared))
    draft = adds(office, REGENCY, "root-only", "--threshold", "2").json["draft"]
    office.git("clone", "-q", "--branch", "publish", str(shared), str(other), cwd=tmp_path)
    signed = office.sop(
        "--repo", str(other), "policy", "sign", "--key", str(REGENCY.key), "--yes", repo=False
    )
    assert signed.code == 0, signed.out + signed.err
    assert signed.json["complete"]
    office.approves(draft)

    assert office.verify().ok
    assert office.git("rev-parse", "refs/heads/publish", cwd=shared) == office.tip("publish")


def test_without_the_shared_copy_the_draft_is_made_here_and_said_so(office: Office, tmp_path: Path) -> None:
    office.git("remote", "add", "origin", str(tmp_path / "tidak-ada.git"))
    silent = office.sop("policy", "end-term", office.operator.id, "--yes")

    assert silent.code == 6
    assert silent.json["error"]["code"] == "policy-not-sent"
    assert office.tip("draft/kebijakan-2")


# What is refused at once

Case = Callable[[Office], list[str]]


@pytest.mark.parametrize(
    ("words", "refused"),
    [
        (lambda _office: ["set", "--threshold", "2"], {"POLICY_GRAMMAR"}),
        (lambda office: ["end-term", office.head.id], {"POLICY_GRAMMAR"}),
        (lambda office: ["add-person", office.head.id, "--no-root"], {"POLICY_GRAMMAR"}),
        (
            lambda office: ["add-person", "dua@percontohan.go.id", "--name", "Dua", "--role", "operator",
                            "--key", public(office.operator.key)],
            {"POLICY_GRAMMAR"},
        ),
        (
            lambda _office: ["add-person", "Dua@percontohan.go.id", "--name", "Dua", "--role", "operator",
                             "--key", public(SPARE)],
            {"POLICY_GRAMMAR"},
        ),
        (lambda office: ["revoke", office.head.id, "--reason", "Hilang"], {"POLICY_THRESHOLD"}),
        (
            lambda office: ["add-person", office.operator.id, "--role", "daily", "--decree", "1", "--until",
                            "2026-02-01", "--scope", "content/**/x"],
            {"POLICY_GRAMMAR"},
        ),
    ],
)  # fmt: skip
def test_what_the_verifier_would_refuse_is_refused_before_it_is_written(
    office: Office, words: Case, refused: set[str]
) -> None:
    before = office.git("for-each-ref")
    answer = office.sop("policy", *words(office), "--yes")

    assert codes(answer) == refused
    assert all(refusal["advice"] for refusal in answer.json["refusals"])
    assert office.git("for-each-ref") == before


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["add-person", "x@a.go.id", "--name", "X", "--role", "operator"], "policy-person-incomplete"),
        (["add-person", "x@a.go.id", "--name", "X <Y>", "--role", "operator", "--key", public(SPARE)],
         "policy-name-unfit"),
        (["add-person", "x@a.go.id", "--name", "X\nY", "--role", "operator", "--key", public(SPARE)],
         "policy-name-unfit"),
        (["add-person", "x@a.go.id", "--name", "X\u202eY", "--role", "operator", "--key", public(SPARE)],
         "policy-name-unfit"),
        (["add-person", "x@a.go.id", "--key", "ssh-ed25519 AAAA"], "policy-key-unfit"),
        (["add-person", "x@a.go.id", "--key", __file__], "key-unreadable"),
        (["add-person", "x@a.go.id", "--key", "/tidak/ada.pub"], "key-missing"),
        (["add-person", "operator1@percontohan.go.id", "--until", "lusa"], "policy-moment-malformed"),
        (["add-person", "operator1@percontohan.go.id", "--replace-key"], "policy-keys-missing"),
        (["add-person", "operator1@percontohan.go.id", "--succeeds", "x@a.go.id"], "policy-person-unknown"),
        (["add-person", "camat@percontohan.go.id", "--succeeds", "camat@percontohan.go.id"],
         "policy-succeeds-self"),
        (["add-person", "operator1@percontohan.go.id", "--name", "NIK 5171012309800004"], "reason-personal"),
        (["add-person", "operator1@percontohan.go.id", "--name", "Operator 1"], "policy-nothing-changes"),
        (["end-term", "x@a.go.id"], "policy-person-unknown"),
        (["end-term", "operator1@percontohan.go.id", "--draft", "Nama Salah"], "id-malformed"),
        (["revoke", "x@a.go.id", "--reason", "Hilang"], "policy-key-unknown"),
        (["revoke", "operator1@percontohan.go.id", "--reason", " "], "reason-blank"),
        (["set"], "policy-nothing-changes"),
        (["sign"], "policy-no-draft"),
        (["seal", "tidak-ada"], "draft-missing"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_answered_with_a_remedy(office: Office, words: list[str], code: str) -> None:
    answer = office.sop("policy", *words, "--yes")

    assert error(answer) == code
    assert answer.json["error"]["advice"]
    assert office.git("for-each-ref", "refs/heads/draft") == ""


def test_a_head_who_leaves_without_a_successor_is_told_when_nobody_can_approve(office: Office) -> None:
    office.approves(adds(office, REGENCY, "root-only").json["draft"])
    made = policy(office, "end-term", office.head.id, "--at", "2026-01-31").json

    found = [finding["code"] for finding in made["findings"]]
    assert found == ["policy-nobody-approves", "policy-no-spare-root"]
    assert "2026-02-01T00:00:00+08:00" in made["findings"][0]["message"]


def test_nothing_is_written_without_a_yes(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    before = office.git("for-each-ref")
    words = ("policy", "end-term", office.operator.id)
    assert error(office.sop(*words)) == "needs-answer"
    spoken = office.sop(*words, as_json=False)
    assert (spoken.code, "--yes" in spoken.err, office.operator.id in spoken.out) == (1, True, True)

    monkeypatch.setattr(Desk, "confirm", lambda *_, **__: False)
    declined = office.sop(*words, as_json=False)
    assert (declined.code, declined.out.splitlines()[-1]) == (1, "Tidak ada yang ditulis.")
    assert office.git("for-each-ref") == before
    monkeypatch.setattr(Desk, "confirm", lambda *_, **__: True)
    assert office.sop(*words).code == 0


def test_a_second_change_goes_on_the_first_ones_draft_when_asked(office: Office) -> None:
    adds_acting(office)
    words = ("policy", "end-term", office.operator.id, "--yes")
    assert error(office.sop(*words)) == "policy-draft-open"
    both = policy(office, *words[1:3], "--draft", "kebijakan-2").json

    signatures = office.git("ls-tree", "--name-only", "draft/kebijakan-2", "governance/signatures/")
    assert {one["change"] for one in both["changes"]} == {"person-added", "term"}
    assert len(signatures.split()) == 1
    office.approves("kebijakan-2")
    assert office.verify().ok
    assert present(office).version == 2


def test_two_policy_drafts_at_once_end_in_one_and_an_explanation(office: Office) -> None:
    adds_acting(office)
    policy(office, "end-term", office.operator.id, "--draft", "operator-pergi")
    assert error(office.sop("policy", "sign", "--yes")) == "policy-many-drafts"
    office.approves("kebijakan-2")

    again = office.sop("policy", "add-person", DAILY.id, "--draft", "operator-pergi", "--yes")
    assert error(again) == "policy-draft-outdated"


def test_signatures_over_an_older_policy_go_with_the_change(office: Office) -> None:
    adds_acting(office)
    office.writes({"governance/signatures/lama.sig": "bukan tanda tangan\n"}, draft="kebijakan-2")
    policy(office, "sign", "--key", str(office.head.key))
    stale = office.git("ls-tree", "--name-only", "draft/kebijakan-2", "governance/signatures/")
    assert "lama.sig" in stale
    policy(office, "add-person", ACTING.id, "--until", "2026-05-31", "--draft", "kebijakan-2")

    assert "lama.sig" not in office.git("ls-tree", "-r", "--name-only", "draft/kebijakan-2")
    office.approves("kebijakan-2")
    assert office.verify().ok


def test_a_policy_signed_by_hand_counts_too(office: Office) -> None:
    (office.keys / "head").rename(office.root / "kunci")
    adds_acting(office)
    file = office.root / "policy.toml"
    file.write_bytes(subprocess.run(
        ["git", "cat-file", "blob", "draft/kebijakan-2:governance/policy.toml"], cwd=office.repo, check=True,
        capture_output=True,
    ).stdout)  # fmt: skip
    sign = ["ssh-keygen", "-q", "-Y", "sign", "-n", "sop-policy", "-f", str(office.root / "kunci"), str(file)]
    subprocess.run(sign, check=True, capture_output=True)
    office.writes({"governance/signatures/camat.sig": Path(f"{file}.sig").read_text()}, draft="kebijakan-2")

    assert policy(office, "show", "kebijakan-2").json["complete"]
    assert office.approves("kebijakan-2", "--key", str(office.root / "kunci")).code == 0


# Showing


def test_the_policy_is_shown_in_the_offices_words(office: Office) -> None:
    office.approves(adds_acting(office).json["draft"])
    shown = office.sop("policy", "show", as_json=False).out

    for words in (
        "Kebijakan versi 2", "Plt. Camat <plt@percontohan.go.id>: pelaksana tugas (Plt.)",
        "sejak 2026-02-01 sampai akhir hari 2026-04-30 (tidak sedang bertugas)", "surat 800/12/2026",
        fingerprint(ACTING.key), "1 dari 1 pemegang akar", "Versi 1, 2026-01-05 09:01: pembukaan",
        f"disetujui {office.head.id}, ditandatangani {office.head.id}",
    ):  # fmt: skip
        assert words in shown, words


def test_an_open_draft_is_shown_with_what_it_would_change(office: Office) -> None:
    made = policy(office, "revoke", office.head.id, "--reason", "Ganti", "--new-key", public(SPARE)).json
    listed = policy(office, "show").json["drafts"]
    shown = policy(office, "show", made["draft"]).json
    read = office.sop("review", made["draft"], as_json=False).out

    assert [(one["draft"], one["complete"]) for one in listed] == [("kebijakan-2", False)]
    assert [one["change"] for one in shown["changes"]] == ["key-added", "key-revoked"]
    assert "DICABUT, alasan: Ganti" in read
    assert "Belum cukup menurut kebijakan baru: 1 tanda tangan lagi" in read


@pytest.mark.parametrize(
    "files",
    [
        {"governance/policy.toml": "bukan TOML ["},
        {"governance/policy.toml": None},
        {"governance/policy.toml": None, "governance/policy.toml/x": "x"},
        {"governance/policy.toml": None, "governance": "bukan folder"},
    ],
)
def test_a_broken_draft_hides_no_other(office: Office, files: dict[str, str | None]) -> None:
    adds_acting(office)
    office.writes(files, draft="rusak")
    shown = policy(office, "show").json["drafts"]

    assert {one["draft"]: one["complete"] for one in shown} == {"kebijakan-2": True, "rusak": False}
    assert (
        "“rusak” memuat kebijakan yang tidak dapat dibaca" in office.sop("policy", "show", as_json=False).out
    )
    assert office.sop("review", "rusak").code == 0
    for words in (("show", "rusak"), ("sign", "rusak", "--yes"), ("seal", "rusak", "--yes")):
        assert office.sop("policy", *words).code in (1, 3), words


def test_a_draft_without_a_policy_of_its_own_has_nothing_to_sign(office: Office) -> None:
    draft = office.announces("biasa")

    assert error(office.sop("policy", "show", draft)) == "policy-not-in-draft"
    assert error(office.sop("policy", "sign", draft, "--yes")) == "policy-not-in-draft"


def test_signing_twice_changes_nothing(office: Office) -> None:
    draft = adds_acting(office).json["draft"]
    tip = office.tip(f"draft/{draft}")

    assert policy(office, "sign").json["complete"]
    assert policy(office, "sign", "--key", str(office.head.key)).json["complete"]
    assert office.tip(f"draft/{draft}") == tip
    stranger = office.sop("policy", "sign", "--key", str(office.stranger.key), "--yes")
    assert error(stranger) == "policy-key-not-root"


# Names that break a commit's line


def test_a_name_that_would_break_the_commit_is_written_without_its_marks(office: Office) -> None:
    def renamed(rules: Policy) -> Policy:
        people = (replace(one, name="Camat <x>") if one.role == "head" else one for one in rules.persons)
        return replace(rules, persons=tuple(people))

    draft = history.policy_change(office, renamed, signed_by=[office.head])
    office.approves(draft)
    office.approves(office.announces("sesudahnya"))

    assert office.git("log", "-1", "--format=%an <%ae>", "publish") == f"Camat x <{office.head.id}>"
    assert office.verify().ok


def test_a_revocation_taken_back_is_told_as_such(office: Office) -> None:
    entry = Revoked(fingerprint(SPARE), "Hilang")
    history.publish(office, history.merge(office, history.policy_change(
        office, lambda rules: replace(rules, revoked=(entry,)), signed_by=[office.head])))  # fmt: skip
    history.publish(office, history.merge(office, history.policy_change(
        office, lambda rules: replace(rules, revoked=()), signed_by=[office.head])))  # fmt: skip
    shown = policy(office, "show").json["history"]

    assert [one["change"] for version in shown for one in version["changes"]] == [
        "key-revoked",
        "key-restored",
    ]


@pytest.mark.parametrize(
    "term",
    [
        "from = 0001-01-01T00:00:00+14:00\nuntil = 0001-01-01T00:00:00+13:00",
        "from = 2026-01-01T00:00:00+08:00\nuntil = 9999-12-31T23:59:59-14:00",
    ],
)
def test_a_term_at_the_end_of_the_calendar_hides_nothing(office: Office, term: str) -> None:
    more = f'\n[[person]]\nid = "a@b.c"\nname = "A"\nrole = "operator"\n{term}\n'
    more += f'keys = ["{" ".join(Path(public(SPARE)).read_text().split()[:2])}"]\n'
    standing = office.git("show", "publish:governance/policy.toml")
    office.writes("governance/policy.toml", f"{standing}\n{more}", draft="kalender")

    shown = policy(office, "show").json

    assert [draft["draft"] for draft in shown["drafts"]] == ["kalender"]


def test_no_more_signature_files_are_looked_at_than_the_verifier_looks_at(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = adds_acting(office).json["draft"]
    files: dict[str, str | bytes | None] = {f"governance/signatures/z{n:04d}.sig": "x" for n in range(400)}
    office.writes(files, draft=draft)
    read: list[str] = []
    monkeypatch.setattr(
        Repository, "read", lambda repo, rev, path: read.append(path) or (repo.find(rev, path) or b"")
    )

    shown = policy(office, "show").json

    assert shown["drafts"][0]["complete"]
    assert len([path for path in read if path.endswith(".sig")]) <= 2 * governance.SIGNATURES


def test_a_policy_draft_that_fell_behind_is_brought_up_to_date(office: Office) -> None:
    draft = adds_acting(office).json["draft"]
    office.approves(office.announces("sementara"))

    assert codes(office.sop("approve", draft)) == {"UNRELATED_DRAFT"}
    office.approves(draft, "--update")
    assert office.verify().ok


def test_the_head_reads_in_words_what_he_is_about_to_approve(office: Office) -> None:
    draft = adds_acting(office).json["draft"]
    shown = office.sop("approve", draft, as_json=False)

    assert shown.code == 0
    before, _, after = shown.out.partition("-----END SSH SIGNATURE-----")
    assert "BERUBAH governance/policy.toml" in before
    assert "BARU plt@percontohan.go.id" in after
