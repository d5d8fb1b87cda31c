"""Whose key could sign when: each line is tried with ssh-keygen itself, at its edges and beyond."""

import subprocess
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from sop_site.approval import allowed_signers
from sop_site.approval.policy import Person, Policy, Revoked
from sop_site.approval.policy_history import PolicyVersion
from tests.office import EMPTY_ENV, MONDAY, key

pytestmark = pytest.mark.git
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
KEY = key("penanda")


def public(private: Path) -> str:
    return " ".join(private.with_suffix(".pub").read_text().split()[:2])


CAMAT = Person("camat@kantor.go.id", "Camat", "head", MONDAY - DAY, (public(KEY),), root=True)
ROOT = Person("akar@kantor.go.id", "Akar", "root-only", MONDAY, (public(key("akar")),), root=True)


def version(
    number: int, since: datetime, *persons: Person, revoked: tuple[Revoked, ...] = ()
) -> PolicyVersion:
    policy = Policy(number, "", 1, True, "sha256:0", persons, revoked)
    return PolicyVersion(policy, "sha256:1", f"{number:040x}", number, since)


class Desk:
    """One signature, and ssh-keygen that is asked about it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "isi").write_text("isi\n")
        self._run("-Y", "sign", "-n", "git", "-f", str(KEY), "isi")

    def _run(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["ssh-keygen", *words],
            cwd=self.folder,
            env=EMPTY_ENV,
            capture_output=True,
            text=True,
            input="isi\n",
        )

    def good(self, lines: tuple[str, ...], moment: datetime) -> str | None:
        """For whom the signature is good at that moment, found as git finds it."""
        (self.folder / "daftar").write_text("".join(f"{line}\n" for line in lines))
        when = ["-O", f"verify-time={allowed_signers.stamp(moment)}", "-s", "isi.sig", "-f", "daftar"]
        for who in self._run("-Y", "find-principals", *when).stdout.split():
            if self._run("-Y", "verify", "-n", "git", "-I", who, *when).returncode == 0:
                return who
        return None


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_a_key_counts_from_its_policy_on_and_never_before(desk: Desk) -> None:
    lines = allowed_signers.lines([version(1, MONDAY, CAMAT, ROOT)], {})

    assert len(lines) == 1, "who only signs policies signs nothing in git"
    assert desk.good(lines, MONDAY - SECOND) is None
    assert desk.good(lines, MONDAY) == "camat@kantor.go.id"
    assert desk.good(lines, MONDAY + 3650 * DAY) == "camat@kantor.go.id"


def test_a_term_ends_before_until(desk: Desk) -> None:
    lines = allowed_signers.lines([version(1, MONDAY, replace(CAMAT, until=MONDAY + DAY))], {})

    assert desk.good(lines, MONDAY + DAY - SECOND) is not None
    assert desk.good(lines, MONDAY + DAY) is None


def test_a_policy_judges_the_approval_that_ends_it(desk: Desk) -> None:
    lines = allowed_signers.lines([version(1, MONDAY, CAMAT), version(2, MONDAY + DAY, ROOT)], {})

    assert desk.good(lines, MONDAY + DAY) is not None
    assert desk.good(lines, MONDAY + DAY + SECOND) is None


def test_a_term_over_several_policies_is_one_line_and_two_terms_are_two(desk: Desk) -> None:
    same = [version(number, MONDAY + number * DAY, CAMAT) for number in range(1, 9)]
    again = [version(1, MONDAY, CAMAT), version(2, MONDAY + DAY, ROOT), version(3, MONDAY + 2 * DAY, CAMAT)]

    assert len(allowed_signers.lines(same, {})) == 1
    lines = allowed_signers.lines(again, {})
    assert len(lines) == 2
    assert [desk.good(lines, MONDAY + hours * timedelta(hours=1)) is not None for hours in (12, 36, 60)] == [
        True, False, True,
    ]  # fmt: skip


def test_a_key_that_moves_names_its_owner_of_the_time(desk: Desk) -> None:
    heir = replace(CAMAT, id="plt@kantor.go.id")
    lines = allowed_signers.lines([version(1, MONDAY, CAMAT), version(2, MONDAY + DAY, heir)], {})

    assert desk.good(lines, MONDAY + timedelta(hours=1)) == "camat@kantor.go.id"
    assert desk.good(lines, MONDAY + DAY + SECOND) == "plt@kantor.go.id"


@pytest.mark.parametrize(("since", "last"), [(None, 2 * DAY), ("7" * 40, DAY)])
def test_a_revoked_key_counts_no_more_a_compromised_one_from_its_day(
    desk: Desk, since: str | None, last: timedelta
) -> None:
    lost = Revoked(CAMAT.fingerprints[0], "Hilang", since)
    versions = [version(1, MONDAY, CAMAT), version(2, MONDAY + 2 * DAY, CAMAT, revoked=(lost,))]

    lines = allowed_signers.lines(versions, {"7" * 40: MONDAY + DAY})

    assert desk.good(lines, MONDAY + last) is not None
    assert desk.good(lines, MONDAY + last + SECOND) is None


def test_a_key_whose_revocation_was_taken_back_counts_again(desk: Desk) -> None:
    lost = Revoked(CAMAT.fingerprints[0], "Hilang", "7" * 40)
    versions = [
        version(1, MONDAY, CAMAT),
        version(2, MONDAY + 2 * DAY, CAMAT, revoked=(lost,)),
        version(3, MONDAY + 4 * DAY, CAMAT),
    ]

    lines = allowed_signers.lines(versions, {"7" * 40: MONDAY + DAY})

    assert [desk.good(lines, MONDAY + day * DAY) is not None for day in (1, 2, 3, 5)] == [
        True, False, False, True,
    ]  # fmt: skip


@pytest.mark.parametrize("person_id", ["!camat@kantor.go.id", "#camat@kantor.go.id", "*@kantor.go.id"])
def test_an_id_that_ssh_would_misread_still_fits(desk: Desk, person_id: str) -> None:
    lines = allowed_signers.lines([version(1, MONDAY, replace(CAMAT, id=person_id))], {})

    assert desk.good(lines, MONDAY) == allowed_signers.principal(person_id)


def test_a_policy_of_a_single_second_is_a_line_that_ssh_takes(desk: Desk) -> None:
    lines = allowed_signers.lines([version(1, MONDAY, CAMAT), version(2, MONDAY, ROOT)], {})

    assert desk.good(lines, MONDAY) is not None


def test_a_term_begins_at_the_first_whole_second_in_it(desk: Desk) -> None:
    late = replace(CAMAT, start=MONDAY + timedelta(milliseconds=500), until=MONDAY + timedelta(seconds=9.5))
    lines = allowed_signers.lines([version(1, MONDAY - DAY, late)], {})

    assert [desk.good(lines, MONDAY + n * SECOND) is not None for n in (0, 1, 9, 10)] == [
        False, True, True, False,
    ]  # fmt: skip
