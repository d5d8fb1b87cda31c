"""Authority that comes, changes and ends: policy changes, stand-ins and their terms, lost and stolen keys."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from sop_site.approval.policy import Person as PolicyPerson
from sop_site.approval.policy import Policy, Revoked
from tests import history
from tests.office import Office, Person, key, page

pytestmark = pytest.mark.git

ACTING = Person("plt@percontohan.go.id", "Pelaksana Tugas Camat", key("plt"))
DAILY = Person("plh@percontohan.go.id", "Pelaksana Harian Camat", key("plh"))


def add(
    person: Person, role: str, office: Office, days: int = 30, **more: object
) -> Callable[[Policy], Policy]:
    """A policy with one more stand-in, from now on for some days."""
    entry = PolicyPerson(
        id=person.id, name=person.name, role=role, start=office.now, keys=(person.public,),
        until=office.now + timedelta(days=days), decree="800/1/2026", **more,  # type: ignore[arg-type]
    )  # fmt: skip
    return lambda policy: replace(policy, persons=(*policy.persons, entry))


def enacts(office: Office, change: Callable[[Policy], Policy], signed_by: list[Person] | None = None) -> str:
    draft = history.policy_change(
        office, change, signed_by=signed_by if signed_by is not None else [office.head]
    )
    return history.publish(office, history.merge(office, draft))


def test_an_acting_head_approves_within_his_term(office: Office) -> None:
    enacts(office, add(ACTING, "acting", office))
    history.publish(office, history.merge(office, office.announces("jadwal"), by=ACTING))

    verdict = office.verify()

    assert [refusal.code for refusal in verdict.refusals] == []
    assert (verdict.approvals[-1].role, verdict.approvals[-1].decree) == ("acting", "800/1/2026")


def test_an_acting_heads_power_ends_with_his_term(office: Office) -> None:
    enacts(office, add(ACTING, "acting", office, days=1))
    draft = office.announces("jadwal")
    office.now += timedelta(days=2)
    history.publish(office, history.merge(office, draft, by=ACTING))

    assert "TERM" in office.codes()


def test_a_back_dated_approval_is_void_unless_a_witness_saw_it_in_time(office: Office) -> None:
    enacts(office, add(ACTING, "acting", office, days=1))
    given = office.now + timedelta(minutes=5)
    approval = history.publish(office, history.merge(office, office.announces("jadwal"), by=ACTING, at=given))
    long_after = office.now + timedelta(days=10)
    office.now = given

    assert office.verify(now=office.now).ok
    late = office.verify(now=long_after)
    assert [refusal.code for refusal in late.refusals] == ["TERM_UNWITNESSED"]

    witnessed(office, approval)
    assert office.verify(now=long_after).ok


def test_a_witness_that_saw_it_too_late_does_not_help(office: Office) -> None:
    enacts(office, add(ACTING, "acting", office, days=1))
    given = office.now + timedelta(minutes=5)
    approval = history.publish(office, history.merge(office, office.announces("jadwal"), by=ACTING, at=given))
    office.now += timedelta(days=3)
    witnessed(office, approval)

    assert office.codes() == ["TERM_UNWITNESSED"]


def witnessed(office: Office, tip: str) -> None:
    office.now += timedelta(minutes=1)
    data = {
        "tip": tip,
        "first_seen": office.now.isoformat(),
        "content_digest": history.content_digest(office, tip),
        "output_digest": "sha256:" + "0" * 64,
    }
    history.ledger_entry(office, "witness", by=office.witness, data=data, reason="", publish=tip)


def test_a_daily_stand_in_approves_within_his_scope_only(office: Office) -> None:
    enacts(office, add(DAILY, "daily", office, scope=("content/pengumuman/**",)))
    history.publish(office, history.merge(office, office.announces("jadwal"), by=DAILY))
    assert office.codes() == []

    draft = office.writes("content/halaman/profil/index.md", "lain\n")
    history.publish(office, history.merge(office, draft, by=DAILY))
    assert "OUT_OF_SCOPE" in office.codes()


@pytest.mark.parametrize("signers", [[], ["operator"], ["stranger"]])
def test_a_policy_that_no_root_person_signed_is_refused(office: Office, signers: list[str]) -> None:
    people = [getattr(office, name) for name in signers]
    enacts(office, add(ACTING, "acting", office), people)

    assert {"PROTECTED_CHANGE", "POLICY_THRESHOLD"} <= set(office.codes())


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"version": 7}, "POLICY_CHAIN"),
        ({"previous": "sha256:" + "0" * 64}, "POLICY_CHAIN"),
        ({"protected": "sha256:" + "0" * 64}, "POLICY_CHAIN"),
    ],
)
def test_a_policy_out_of_its_chain_is_refused(
    office: Office, monkeypatch: pytest.MonkeyPatch, wrong: dict[str, object], code: str
) -> None:
    render = history.policy.render
    monkeypatch.setattr(history.policy, "render", lambda rules: render(replace(rules, **wrong)))
    enacts(office, add(ACTING, "acting", office))

    assert code in office.codes()


def test_foreign_files_beside_the_policy_are_refused(office: Office) -> None:
    draft = history.policy_change(office, add(ACTING, "acting", office), signed_by=[office.head])
    office.writes("governance/catatan.txt", "pintu belakang", draft=draft)
    history.publish(office, history.merge(office, draft))

    assert "POLICY_GRAMMAR" in office.codes()


@pytest.mark.parametrize(("kind", "codes"), [("reject", []), ("reopen", ["LEDGER_SIGNER", "OUT_OF_SCOPE"])])
def test_a_draft_without_a_digest_lends_a_stand_in_no_other_digest(
    office: Office, kind: str, codes: list[str]
) -> None:
    """He may refuse it; reopened, it would lift the head's refusal of the text whose digest it is given."""
    enacts(office, add(DAILY, "daily", office, scope=("content/pengumuman/**",)))
    other = office.writes("content/halaman/lain/index.md", page("Lain"))
    history.decision(office, "reject", other)
    draft = office.announces("jadwal")
    path = f"content/pengumuman/{draft}/index.md"
    index = {"GIT_INDEX_FILE": str(office.root / "jalan.index")}
    office.git("read-tree", f"draft/{draft}", **index)
    blob = office.git("rev-parse", f"draft/{draft}:{path}")
    office.git("update-index", "--cacheinfo", f"100755,{blob},{path}", **index)
    parent = office.tip(f"draft/{draft}")
    tip = office.commits(office.git("write-tree", **index), [parent], "Jalankan", office.operator)
    office.git("update-ref", f"refs/heads/draft/{draft}", tip)
    data = {"content_digest": history.content_digest(office, f"draft/{other}")}
    history.ledger_entry(office, kind, by=DAILY, draft=tip, data=data)

    assert office.codes() == codes


def test_a_revoked_key_approves_nothing_more(office: Office) -> None:
    enacts(office, add(ACTING, "acting", office))
    enacts(office, lambda policy: replace(policy, revoked=(revoked(ACTING),)))
    history.publish(office, history.merge(office, office.announces("jadwal"), by=ACTING))

    assert "REVOKED_KEY" in office.codes()


def test_approvals_after_a_theft_are_void_once_it_is_known(office: Office) -> None:
    enacts(office, add(ACTING, "acting", office))
    good = history.publish(office, history.merge(office, office.announces("asli"), by=ACTING))
    stolen = history.publish(office, history.merge(office, office.announces("palsu"), by=ACTING))
    assert office.codes() == []
    enacts(office, lambda policy: replace(policy, revoked=(revoked(ACTING, since=good),)))

    verdict = office.verify()

    assert [(refusal.code, refusal.commit) for refusal in verdict.refusals] == [("REVOKED_KEY", stolen)]
    assert verdict.verified_tip == good


def revoked(person: Person, since: str | None = None) -> Revoked:
    from sop_site.approval.policy_fields import fingerprint_of

    return Revoked(key=fingerprint_of(person.public), reason="Hilang", compromised_since=since)


def test_protected_files_change_with_a_signed_policy(office: Office) -> None:
    site = (office.repo / "site.toml").read_text() + "\n[site]\ndemonstration = true\n"
    draft = history.policy_change(
        office, lambda policy: policy, signed_by=[office.head], files={"site.toml": site}
    )
    history.publish(office, history.merge(office, draft))

    assert office.codes() == []


def starting_earlier(policy: Policy) -> Policy:
    """The head's own term, a little longer than it was."""
    return replace(
        policy,
        persons=tuple(
            replace(person, start=person.start - timedelta(days=9)) if person.role == "head" else person
            for person in policy.persons
        ),
    )


@pytest.mark.parametrize(("signers", "codes"), [(1, {"PROTECTED_CHANGE", "POLICY_THRESHOLD"}), (2, set())])
def test_nobody_lengthens_his_own_term_where_another_root_person_could_sign(
    office: Office, signers: int, codes: set[str]
) -> None:
    root = Person("kominfo@percontohan.go.id", "Akar Kedua", key("akar"))
    second = PolicyPerson(
        id=root.id, name=root.name, role="root-only", start=office.now, keys=(root.public,), root=True
    )
    enacts(office, lambda policy: replace(policy, persons=(*policy.persons, second)))
    enacts(office, starting_earlier, [office.head, root][:signers])

    assert set(office.codes()) == codes


def test_a_threshold_of_two_needs_two(office: Office) -> None:
    root = Person("kominfo@percontohan.go.id", "Akar Kedua", key("akar"))
    second = PolicyPerson(
        id=root.id, name=root.name, role="root-only", start=office.now, keys=(root.public,), root=True
    )
    two = lambda policy: replace(policy, persons=(*policy.persons, second), threshold=2)  # noqa: E731
    enacts(office, two, [office.head, root])
    assert office.codes() == []

    enacts(office, add(ACTING, "acting", office), [office.head])
    assert "POLICY_THRESHOLD" in office.codes()
