"""The library's own promises: how many attacks there are, and that no code and no row goes without two."""

from collections import Counter

import pytest

from tests.pipeline.attacks import (
    test_bars,
    test_chain,
    test_headers,
    test_ledger,
    test_messages,
    test_objects,
    test_people,
    test_policies,
    test_references,
    test_signatures,
    test_trees,
)
from tests.pipeline.attacks.catalogue import SUITE
from tests.pipeline.attacks.test_controls import CONTROLS

FILES = (
    test_bars, test_chain, test_headers, test_ledger, test_messages, test_objects, test_people, test_policies,
    test_references, test_signatures, test_trees,
)  # fmt: skip
CODES = [
    "TRUST_MISMATCH", "REF_MISSING", "REF_AMBIGUOUS", "REPO_UNSAFE", "OBJECT_MISSING", "OBJECT_CORRUPT",
    "NOT_A_MERGE", "OCTOPUS", "DUPLICATE_PARENT", "UNRELATED_DRAFT", "TREE_DIFFERS", "HEADER_GRAMMAR",
    "SIGNATURE_GRAMMAR", "MESSAGE_GRAMMAR", "UNSIGNED", "BAD_SIGNATURE", "WRONG_NAMESPACE", "KEY_TYPE",
    "UNKNOWN_KEY", "REVOKED_KEY", "NOT_AN_APPROVER", "PRINCIPAL_MISMATCH", "OUT_OF_SCOPE", "TERM",
    "TERM_UNWITNESSED", "CLOCK", "TRAILER_MISMATCH", "REPLAY", "SELF_APPROVAL", "DRAFT_BARRED",
    "PROTECTED_CHANGE", "POLICY_GRAMMAR", "POLICY_CHAIN", "POLICY_THRESHOLD", "TREE_POLICY", "LIMIT",
    "LEDGER_GRAMMAR", "LEDGER_CHAIN", "LEDGER_SIGNER", "LEDGER_ROLLBACK", "ROLLBACK",
]  # fmt: skip
"""Every code of the protocol but WEBAUTHN and FORGE_REFUSED, which have tests of their own."""
ATTACKS = [attack for catalogue in SUITE.values() for attack in catalogue.attacks]


def test_there_are_hundreds_of_attacks_and_dozens_of_controls() -> None:
    assert len(SUITE) == len(FILES)
    assert len(ATTACKS) >= 900
    assert len(CONTROLS) >= 80
    assert all(attack.codes for attack in ATTACKS)


@pytest.mark.parametrize("catalogue", SUITE.values(), ids=SUITE)
def test_no_attack_hides_another_of_its_name(catalogue: object) -> None:
    names = Counter(attack.name for attack in catalogue.attacks)  # type: ignore[attr-defined]

    assert {name: count for name, count in names.items() if count > 1} == {}


@pytest.mark.parametrize("code", CODES)
def test_every_code_is_provoked_in_two_ways_at_least(code: str) -> None:
    assert sum(code in attack.codes for attack in ATTACKS) >= 2


@pytest.mark.parametrize("row", [row for row in range(1, 26) if row != 9])
def test_every_row_of_the_minimum_list_is_tried_in_two_ways_at_least(row: int) -> None:
    """Row 9 is passkeys, which have tests of their own."""
    assert sum(attack.row == row for attack in ATTACKS) >= 2
