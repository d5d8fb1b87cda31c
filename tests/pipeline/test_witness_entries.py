"""What the verifier makes of witness entries: terms that ended, rollback, refusals that came too late."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from sop_site.approval.policy import Person as PolicyPerson
from sop_site.approval.policy import Policy, Revoked
from sop_site.approval.policy_fields import fingerprint_of
from tests import history
from tests.office import Office, Person, key, page

pytestmark = pytest.mark.git

ACTING = Person("plt@percontohan.go.id", "Pelaksana Tugas Camat", key("plt"))
DAILY = Person("plh@percontohan.go.id", "Pelaksana Harian Camat", key("plh"))
GRACE = timedelta(hours=24)
SECOND = timedelta(seconds=1)


def enacts(office: Office, change: Callable[[Policy], Policy]) -> str:
    draft = history.policy_change(office, change, signed_by=[office.head])
    return history.publish(office, history.merge(office, draft))


def with_stand_ins(policy: Policy, start: datetime) -> Policy:
    """A Plt. and a Plh. for two days."""
    common = {"start": start, "until": start + timedelta(days=2), "decree": "800/1/2026"}
    return replace(
        policy,
        persons=(
            *policy.persons,
            PolicyPerson(id=ACTING.id, name=ACTING.name, role="acting", keys=(ACTING.public,), **common),
            PolicyPerson(id=DAILY.id, name=DAILY.name, role="daily", keys=(DAILY.public,),
                         scope=("content/pengumuman/**",), **common),
        ),
    )  # fmt: skip


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """An office with stand-ins for two days, who have approved nothing yet."""
    office = Office(tmp_path_factory.mktemp("kantor"))
    enacts(office, lambda policy: with_stand_ins(policy, office.now))
    return office


@pytest.fixture
def office(opened: Office, tmp_path: Path) -> Office:
    return opened.copied_to(tmp_path / "salinan")


@pytest.fixture
def until(office: Office) -> datetime:
    """When the stand-ins' terms end."""
    persons = office.verify().policy.persons  # type: ignore[union-attr]
    (end,) = {person.until for person in persons if person.until}
    assert end is not None
    return end


def approved(office: Office, name: str, by: Person | None = None) -> str:
    return history.publish(office, history.merge(office, office.announces(name), by=by))


def codes(office: Office, now: datetime | None = None) -> set[str]:
    return {refusal.code for refusal in office.verify(now=now).refusals}


@pytest.mark.parametrize("person", [ACTING, DAILY], ids=["acting", "daily"])
@pytest.mark.parametrize(("late", "expected"), [(0, set()), (1, {"TERM_UNWITNESSED"})])
def test_seen_up_to_a_day_after_the_terms_end_to_the_second(
    office: Office, until: datetime, person: Person, late: int, expected: set[str]
) -> None:
    tip = approved(office, "jadwal", person)
    history.sighting(office, tip, at=until + GRACE + late * SECOND)

    assert codes(office, until + timedelta(days=400)) == expected


@pytest.mark.parametrize(("late", "expected"), [(0, set()), (1, {"TERM_UNWITNESSED"})])
def test_unseen_until_the_clock_is_past_a_day_after_the_terms_end_to_the_second(
    office: Office, until: datetime, late: int, expected: set[str]
) -> None:
    approved(office, "jadwal", ACTING)

    assert codes(office, until + GRACE + late * SECOND) == expected


def test_a_heads_approval_needs_no_witness(office: Office, until: datetime) -> None:
    approved(office, "jadwal")

    assert codes(office, until + timedelta(days=400)) == set()


def test_a_later_approval_that_was_seen_in_time_is_enough(office: Office, until: datetime) -> None:
    approved(office, "jadwal", ACTING)
    history.sighting(office, approved(office, "libur"))

    assert codes(office, until + timedelta(days=400)) == set()


def test_an_earlier_approval_that_was_seen_says_nothing_about_a_later_one(
    office: Office, until: datetime
) -> None:
    seen = approved(office, "jadwal", ACTING)
    history.sighting(office, seen)
    unseen = approved(office, "libur", ACTING)

    verdict = office.verify(now=until + timedelta(days=400))

    assert [(refusal.code, refusal.commit) for refusal in verdict.refusals] == [("TERM_UNWITNESSED", unseen)]
    assert verdict.verified_tip == seen


def test_the_first_word_counts_and_no_later_one_betters_it(office: Office, until: datetime) -> None:
    tip = approved(office, "jadwal", ACTING)
    history.sighting(office, tip, at=until + GRACE + SECOND)
    history.sighting(
        office, tip, at=until + GRACE + 2 * SECOND, data={"first_seen": until.isoformat()}
    )  # fmt: skip

    assert codes(office, until + timedelta(days=3)) == {"TERM_UNWITNESSED"}


def test_the_first_word_counts_and_no_later_one_takes_it_back(office: Office, until: datetime) -> None:
    tip = approved(office, "jadwal", ACTING)
    history.sighting(office, tip)
    history.sighting(office, tip, at=until + timedelta(days=9))

    assert codes(office, until + timedelta(days=400)) == set()


def test_in_time_is_what_the_witness_says_not_when_it_wrote_it(office: Office, until: datetime) -> None:
    """The trust that is placed in a witness: together with a stand-in's old key it could lie here."""
    tip = approved(office, "jadwal", ACTING)
    at = until + timedelta(days=9)
    history.sighting(office, tip, at=at, data={"first_seen": (until + GRACE).isoformat()})

    assert codes(office, at) == set()


def test_a_witness_opens_no_term_that_was_over_when_it_was_signed(office: Office, until: datetime) -> None:
    draft = office.announces("jadwal")
    tip = history.publish(office, history.merge(office, draft, by=ACTING, at=until))
    office.now = until
    history.sighting(office, tip)

    assert codes(office, until + timedelta(hours=1)) == {"TERM"}


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"content_digest": "sha256:" + "1" * 64}, {"LEDGER_GRAMMAR"}),
        ({"tip": "1" * 40}, {"ROLLBACK"}),
        ({"tip": "HEAD"}, {"LEDGER_GRAMMAR"}),
        ({"first_seen": "2026-01-05T09:00:00"}, {"LEDGER_GRAMMAR"}),
        ({"output_digest": "0" * 64}, {"LEDGER_GRAMMAR"}),
        ({"seen_by": "saksi"}, {"LEDGER_GRAMMAR"}),
    ],
)
def test_data_that_does_not_fit_is_refused(office: Office, data: dict[str, str], expected: set[str]) -> None:
    history.sighting(office, approved(office, "jadwal"), data=data)

    assert codes(office) == expected


@pytest.mark.parametrize(("seconds", "expected"), [(0, set()), (-1, {"LEDGER_GRAMMAR"})])
def test_nothing_is_seen_before_it_was_approved(office: Office, seconds: int, expected: set[str]) -> None:
    tip = approved(office, "jadwal")
    history.sighting(office, tip, data={"first_seen": (office.now + seconds * SECOND).isoformat()})

    assert codes(office) == expected


@pytest.mark.parametrize(("seconds", "expected"), [(0, set()), (1, {"LEDGER_GRAMMAR"})])
def test_nothing_is_recorded_before_it_was_seen(office: Office, seconds: int, expected: set[str]) -> None:
    tip = approved(office, "jadwal")
    at = office.now + timedelta(minutes=1)
    history.sighting(office, tip, at=at, data={"first_seen": (at + seconds * SECOND).isoformat()})

    assert codes(office, at) == expected


def test_genesis_may_be_witnessed(office: Office) -> None:
    history.sighting(office, office.git("rev-list", "--max-parents=0", "publish"))

    assert codes(office) == set()


def test_a_draft_was_never_a_tip(office: Office) -> None:
    draft = office.announces("jadwal")
    history.publish(office, history.merge(office, draft))
    history.sighting(office, office.tip(f"draft/{draft}"))

    assert codes(office) == {"ROLLBACK"}


@pytest.mark.parametrize("person", ["operator", "head", "stranger"])
def test_only_a_witness_may_say_what_was_seen(office: Office, person: str) -> None:
    history.sighting(office, approved(office, "jadwal"), by=getattr(office, person))

    assert "LEDGER_SIGNER" in codes(office)


def test_a_witness_out_of_term_has_no_word(office: Office) -> None:
    ended = office.now

    def ends(policy: Policy) -> Policy:
        persons = tuple(replace(one, until=ended) if one.role == "witness" else one for one in policy.persons)
        return replace(policy, persons=persons)

    history.sighting(office, enacts(office, ends))

    assert codes(office) == {"LEDGER_SIGNER", "TERM"}


def test_a_revoked_witness_has_no_word_from_then_on(office: Office, until: datetime) -> None:
    lost = Revoked(key=fingerprint_of(office.witness.public), reason="Hilang")
    seen = approved(office, "jadwal", ACTING)
    history.sighting(office, seen)
    tip = enacts(office, lambda policy: replace(policy, revoked=(lost,)))
    # What it said before stands.
    assert codes(office, until + timedelta(days=400)) == set()

    history.sighting(office, tip)
    assert codes(office) == {"LEDGER_SIGNER", "REVOKED_KEY"}


def test_a_revoked_witness_cannot_hide_behind_an_old_policy(office: Office) -> None:
    lost = Revoked(key=fingerprint_of(office.witness.public), reason="Hilang")
    before = approved(office, "jadwal")
    enacts(office, lambda policy: replace(policy, revoked=(lost,)))
    history.sighting(office, before, publish=before)

    assert codes(office) == {"LEDGER_SIGNER", "REVOKED_KEY"}


def test_a_tip_that_was_seen_cannot_be_taken_back(office: Office) -> None:
    before = office.tip("publish")
    history.sighting(office, approved(office, "jadwal"), publish=before)
    assert codes(office) == set()

    history.publish(office, before)
    assert codes(office) == {"ROLLBACK"}


@pytest.mark.parametrize(("seen_first", "expected"), [(True, set()), (False, {"DRAFT_BARRED"})])
def test_a_refusal_after_the_public_saw_the_approval_does_not_undo_it(
    office: Office, seen_first: bool, expected: set[str]
) -> None:
    draft = office.announces("jadwal")
    tip = history.publish(office, history.merge(office, draft))
    # All within the second of the approval: any later refusal would bar nothing anyway.
    moment = office.now
    if seen_first:
        history.sighting(office, tip, at=moment)
    history.decision(office, "reject", draft, at=moment)
    if not seen_first:
        history.sighting(office, tip, at=moment)

    assert codes(office) == expected


# What a witness that lies can do: every kind of entry that it may sign, onto histories that are refused.


def unsigned_merge(office: Office) -> None:
    draft = office.announces("gelap")
    signed = history.payload(office, office.tip(f"draft/{draft}"))
    history.publish(office, history.store(office, signed, None))


def by_a_stranger(office: Office) -> None:
    approved(office, "gelap", office.stranger)


def after_the_term(office: Office) -> None:
    office.now += timedelta(days=3)
    approved(office, "gelap", ACTING)


def barred(office: Office) -> None:
    draft = office.announces("gelap")
    history.decision(office, "reject", draft)
    history.publish(office, history.merge(office, draft))


def barred_in_the_same_second(office: Office) -> None:
    draft = office.announces("gelap")
    history.publish(office, history.merge(office, draft))
    history.decision(office, "return", draft, at=office.now)


def rolled_back(office: Office) -> None:
    before = office.tip("publish")
    history.sighting(office, approved(office, "gelap"))
    history.publish(office, before)


def ledger_cut_short(office: Office) -> None:
    first = history.sighting(office, office.tip("publish"))
    history.sighting(office, office.tip("publish"))
    approved(office, "gelap")
    office.git("update-ref", history.LEDGER, first)


def own_approval(office: Office) -> None:
    path = "content/pengumuman/2026-01-05-sendiri/index.md"
    draft = office.writes(path, page("Sendiri"), by=office.head)
    history.publish(office, history.merge(office, draft))


@pytest.mark.parametrize(
    "wrong",
    [unsigned_merge, by_a_stranger, after_the_term, barred, barred_in_the_same_second, rolled_back,
     ledger_cut_short, own_approval],
)  # fmt: skip
def test_nothing_that_a_witness_says_lets_a_refused_history_pass(
    office: Office, wrong: Callable[[Office], None]
) -> None:
    wrong(office)
    now = office.now + timedelta(hours=1)
    refused = codes(office, now)
    assert refused
    assert refused != {"TERM_UNWITNESSED"}
    ledger = office.git("for-each-ref", "--format=%(objectname)", history.LEDGER)
    chain = office.git("rev-list", "--first-parent", "publish").split()

    for tip in (chain[0], chain[-1]):
        for first_seen in (office.now, now):
            if ledger:
                office.git("update-ref", history.LEDGER, ledger)
            history.sighting(office, tip, at=now, data={"first_seen": first_seen.isoformat()})
            assert codes(office, now) >= refused


def test_a_stand_ins_approval_lives_on_because_it_was_seen(office: Office, until: datetime) -> None:
    """The whole story by commands, and its twin on which nobody looked."""
    draft = office.announces("jadwal", expires_at="2027-12-31")
    office.submits(draft)
    office.approves(draft, "--key", str(ACTING.key))
    assert office.sop("build").code == 0
    assert office.sop("deploy").code == 0
    twin = office.copied_to(office.root.parent / "kembaran")

    assert office.sop("witness").code == 0

    later = until + timedelta(hours=48)
    assert office.sop("verify", "--now", later.isoformat()).code == 0
    assert office.sop("witness", at=later).code == 0
    refused = twin.sop("verify", "--now", later.isoformat())
    assert [refusal["code"] for refusal in refused.json["refusals"]] == ["TERM_UNWITNESSED"]
    # Nor can it be witnessed any more, since it does not verify.
    late = twin.sop("witness", at=later)
    assert (late.code, late.json["entry"]) == (1, None)


def test_a_witness_that_lies_can_stop_the_office_but_is_taken_off_the_ledger_again(office: Office) -> None:
    """Its one power is to refuse; as long as no approval names the entry, the ledger can go without it."""
    before = history.sighting(office, office.tip("publish"))
    history.sighting(office, "1" * 40)
    assert codes(office) == {"ROLLBACK"}

    office.git("update-ref", history.LEDGER, before)
    approved(office, "jadwal")
    assert codes(office) == set()
