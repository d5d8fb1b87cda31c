"""Changes of policy as values: what a new role leaves of the old one, and what an end of term takes along."""

from dataclasses import replace
from datetime import timedelta

import pytest

from sop_site.approval import amending, comparing, outlook
from sop_site.approval.amending import Appointment
from sop_site.approval.policy import Policy, Revoked
from sop_site.errors import AnswerIsNo
from tests.sop_site.approval.values import (
    HEAD,
    NOW,
    OPERATOR,
    REGENCY,
    START,
    WITNESS,
    line,
    person,
    policy,
    print_of,
)

OFFICE = policy(HEAD, OPERATOR, WITNESS)
MONTH = timedelta(days=31)


def appointed(rules: Policy, person_id: str, **wanted: object) -> Policy:
    return amending.appoint(rules, Appointment(id=person_id, **wanted), NOW)  # type: ignore[arg-type]


def test_a_role_given_anew_begins_a_new_term_and_keeps_name_and_keys() -> None:
    before = replace(OPERATOR, role="daily", decree="1", until=NOW, scope=("content/berita/**",))
    after = appointed(policy(HEAD, before), OPERATOR.id, role="acting", decree="2", until=NOW + MONTH)
    found = after.person(OPERATOR.id)

    assert found == replace(before, role="acting", start=NOW, until=NOW + MONTH, decree="2", scope=())


def test_what_is_not_named_stays() -> None:
    after = appointed(OFFICE, HEAD.id, keys=(line("cadangan"),)).person(HEAD.id)

    assert after == replace(HEAD, keys=(line("camat"), line("cadangan")))


def test_a_key_may_stand_in_the_place_of_the_old_ones() -> None:
    after = appointed(OFFICE, HEAD.id, keys=(line("cadangan"),), replaces_keys=True).person(HEAD.id)

    assert after == replace(HEAD, keys=(line("cadangan"),))


def test_who_serves_only_to_sign_is_a_root_person() -> None:
    after = appointed(OFFICE, REGENCY.id, name="Kominfosanti", role="root-only", keys=REGENCY.keys)

    assert [root.id for root in after.roots] == [HEAD.id, REGENCY.id]


@pytest.mark.parametrize(
    ("start", "left"), [(NOW + MONTH, {HEAD.id: NOW + MONTH}), (START, {}), (START - MONTH, {})]
)
def test_a_predecessor_serves_until_the_successor_begins_or_was_never_there(
    start: object, left: dict[str, object]
) -> None:
    after = appointed(
        OFFICE, "baru@percontohan.go.id", name="Baru", keys=(line("baru"),), start=start, succeeds=HEAD.id
    )
    new = after.person("baru@percontohan.go.id")

    assert new is not None
    assert (new.role, new.root, new.start) == ("head", True, start)
    assert {one.id: one.until for one in after.persons if one.id == HEAD.id} == left
    assert [root.id for root in after.roots] == [new.id]


def test_an_end_of_term_never_comes_later_than_it_was() -> None:
    bounded = policy(HEAD, replace(OPERATOR, until=NOW))

    assert amending.end_term(bounded, OPERATOR.id, NOW + MONTH) == bounded


def test_a_root_person_who_leaves_is_gone_at_once() -> None:
    after = amending.end_term(policy(HEAD, REGENCY), REGENCY.id, NOW + MONTH)

    assert after.persons == (HEAD,)


def test_a_revoked_key_may_still_be_dated() -> None:
    lost = amending.revoke(OFFICE, [print_of("camat")], "Hilang")
    dated = amending.revoke(lost, [print_of("camat")], "Dicuri", "a" * 40)

    assert dated.revoked == (Revoked(print_of("camat"), "Dicuri", "a" * 40),)
    with pytest.raises(AnswerIsNo):
        amending.revoke(dated, [print_of("camat")], "Dicuri")
    assert [step.kind for step in comparing.steps(lost, dated)] == ["key-revoked"]


@pytest.mark.parametrize("name", ["", " ", "A <B>", "A\tB", "A\u200bB", "A\u202eB", "A\u2028B", "A\x7fB"])
def test_a_name_that_no_commit_or_reader_could_take_is_refused(name: str) -> None:
    for field in ("name", "decree"):
        with pytest.raises(AnswerIsNo, match="policy-name-unfit"):
            appointed(OFFICE, HEAD.id, **{field: name})


@pytest.mark.parametrize("name", ["I Gusti Ngurah, S.STP., M.A.P.", "Ni Luh & Putu’s", "Ketut “Adi” (Plt.)"])
def test_names_as_people_have_them_are_taken(name: str) -> None:
    found = appointed(OFFICE, HEAD.id, name=name).person(HEAD.id)

    assert found is not None
    assert found.name == name


def test_it_is_told_from_when_on_nobody_could_decide() -> None:
    ends = NOW + MONTH
    alone = policy(replace(HEAD, until=ends), OPERATOR, WITNESS)
    plt = person("plt", "acting", decree="1", start=ends, until=ends + MONTH)
    late = replace(plt, start=ends + timedelta(seconds=1))

    assert outlook.nobody_from(OFFICE, NOW) is None
    assert outlook.nobody_from(alone, NOW) == ends
    assert outlook.nobody_from(policy(*alone.persons, plt), NOW) == ends + MONTH
    assert outlook.nobody_from(policy(*alone.persons, late), NOW) == ends
    assert outlook.nobody_from(replace(OFFICE, revoked=(Revoked(print_of("camat"), "x"),)), NOW) == NOW


def test_only_warnings_that_a_change_brings_are_told_with_it() -> None:
    ended = policy(replace(HEAD, until=NOW + MONTH), OPERATOR, WITNESS)

    assert [one.code for one in outlook.warnings(OFFICE, NOW)] == ["policy-no-spare-root"]
    assert [one.code for one in outlook.warnings(ended, NOW, OFFICE)] == ["policy-nobody-approves"]
