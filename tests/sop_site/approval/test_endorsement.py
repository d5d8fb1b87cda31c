"""Whose signatures a change needs: both thresholds, and another root person for what one gains oneself."""

from dataclasses import replace
from datetime import timedelta
from itertools import combinations

import pytest

from sop_site.approval import endorsement
from sop_site.approval.policy import Revoked
from tests.sop_site.approval.values import HEAD, OPERATOR, REGENCY, line, person, policy, print_of

THIRD = person("sekcam", "root-only", root=True)
OLD = policy(HEAD, REGENCY, THIRD, OPERATOR, threshold=2)
CAMAT, KOMINFO, SEKCAM = (print_of(name) for name in ("camat", "kominfosanti", "sekcam"))


def rules(old: object, new: object, *signers: str) -> list[str]:
    return [lack.rule for lack in endorsement.lacking(old, new, set(signers))]  # type: ignore[arg-type]


@pytest.mark.parametrize("signers", list(combinations((CAMAT, KOMINFO, SEKCAM), 2)))
def test_any_two_of_three_are_enough(signers: tuple[str, ...]) -> None:
    assert rules(OLD, replace(OLD, separation=False), *signers) == []


@pytest.mark.parametrize("signer", [CAMAT, KOMINFO, print_of("operator"), print_of("orang")])
def test_one_of_three_is_not(signer: str) -> None:
    lacking = endorsement.lacking(OLD, replace(OLD, separation=False), {signer})

    assert [lack.rule for lack in lacking] == ["old", "new"]
    assert all(signer not in lack.candidates for lack in lacking)


def test_one_person_counts_once_however_many_keys() -> None:
    two_keys = replace(HEAD, keys=(line("camat"), line("cadangan")))
    old = policy(two_keys, REGENCY, threshold=2)
    lacking = endorsement.lacking(old, replace(old, separation=False), {CAMAT, print_of("cadangan")})

    assert [(lack.signed, lack.wanted, lack.candidates) for lack in lacking] == [(1, 2, (REGENCY.id,))] * 2


def test_a_key_revoked_before_counts_for_neither_and_one_revoked_now_for_the_old_only() -> None:
    gone = (Revoked(CAMAT, "Hilang"),)
    old = policy(HEAD, REGENCY)

    assert rules(replace(old, revoked=gone), replace(old, revoked=gone), CAMAT) == ["old", "new"]
    assert rules(old, replace(old, revoked=gone), CAMAT) == ["new"]
    assert endorsement.may_sign(replace(old, revoked=gone), old) == {KOMINFO}


@pytest.mark.parametrize(
    "changed",
    [
        replace(HEAD, start=HEAD.start - timedelta(days=1)),
        replace(REGENCY, until=None, start=REGENCY.start - timedelta(days=1)),
        person("baru"),
        replace(OPERATOR, role="head"),
    ],
)
def test_whoever_gains_needs_another_root_person(changed: object) -> None:
    old = policy(HEAD, REGENCY, OPERATOR)
    others = [one for one in old.persons if one.id != changed.id]  # type: ignore[attr-defined]
    new = policy(*others, changed)  # type: ignore[arg-type]
    own = {HEAD.id: CAMAT, REGENCY.id: KOMINFO}.get(changed.id)  # type: ignore[attr-defined]

    for signer in (CAMAT, KOMINFO):
        assert rules(old, new, signer) == (["other"] if signer == own else [])


def test_the_only_root_person_may_gain_alone() -> None:
    old = policy(HEAD, OPERATOR)

    assert rules(old, policy(replace(HEAD, start=HEAD.start - timedelta(days=9)), OPERATOR), CAMAT) == []


def test_who_has_signed_is_told_once() -> None:
    old = policy(HEAD, REGENCY)
    new = policy(HEAD, REGENCY, person("baru", "head", root=True))
    signers = {CAMAT, print_of("baru"), print_of("orang")}

    assert endorsement.endorsers(old, new, signers) == (HEAD.id, "baru@percontohan.go.id")
