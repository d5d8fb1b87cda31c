"""The policy's [github] table, and the messages that a forge writes: their grammar, field by field."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from sop_site.approval import policy
from sop_site.approval.message import MessageMalformed, parse_button
from sop_site.approval.policy import Forge, Person, Policy
from tests import button
from tests.button import CAMAT, ed25519_key, rsa_key
from tests.office import key

HEAD = "camat@percontohan.go.id"
START = datetime(2026, 1, 1, tzinfo=UTC)


def person(person_id: str, name: str) -> Person:
    return Person(person_id, "Camat Percontohan", "head", START, (public_line(name),), root=True)


def public_line(name: str) -> str:
    file = key(name)
    return " ".join(file.with_name(f"{file.name}.pub").read_text().split()[:2])


@pytest.fixture
def rules() -> Policy:
    return Policy(1, "", 1, True, "sha256:" + "0" * 64, (person(HEAD, "kepala"),), github=table())


def table() -> Forge:
    return button.table(rsa_key(), ed25519_key())


def test_a_table_survives_being_written_down(rules: Policy) -> None:
    assert policy.parse(policy.render(rules)) == rules


@pytest.mark.parametrize(
    "wrong",
    [
        lambda forge: replace(forge, fingerprints=forge.fingerprints[::-1]),
        lambda forge: replace(forge, fingerprints=forge.fingerprints[:1]),
        lambda forge: replace(forge, public_keys=forge.public_keys[:1]),
        lambda forge: replace(forge, fingerprints=(), public_keys=()),
        lambda forge: Forge(forge.fingerprints[:1] * 2, forge.public_keys[:1] * 2, forge.authors),
        lambda forge: replace(forge, fingerprints=tuple(one[-16:] for one in forge.fingerprints)),
        lambda forge: replace(forge, fingerprints=tuple(one.lower() for one in forge.fingerprints)),
        lambda forge: replace(forge, public_keys=("".join(forge.public_keys), forge.public_keys[1])),
        lambda forge: replace(forge, public_keys=("rusak", forge.public_keys[1])),
        lambda forge: replace(forge, public_keys=(forge.public_keys[0][:-60], forge.public_keys[1])),
        lambda forge: replace(forge, authors={}),
        lambda forge: replace(forge, authors={HEAD: ""}),
        lambda forge: replace(forge, authors={HEAD: "camat"}),
        lambda forge: replace(forge, authors={HEAD: f"Camat <{CAMAT}>"}),
        lambda forge: replace(
            forge, authors={**forge.authors, "bukan@siapa.pun": "9+x@users.noreply.github.com"}
        ),
    ],
)
def test_a_table_out_of_form_is_refused(rules: Policy, wrong: Callable[[Forge], Forge]) -> None:
    found = policy.parse(policy.render(replace(rules, github=wrong(table()))))

    assert [refusal.code for refusal in found] == ["POLICY_GRAMMAR"]  # type: ignore[union-attr]


@pytest.mark.parametrize("name", ["fingerprints", "public_keys", "authors"])
def test_all_three_keys_are_required_and_no_other(rules: Policy, name: str) -> None:
    lines = policy.render(rules).decode().splitlines()
    without = [line for line in lines if not line.startswith(f"{name} =")]

    for text in (without, [*lines, "extra = 1"]):
        assert isinstance(policy.parse(("\n".join(text) + "\n").encode()), tuple)


def test_one_address_belongs_to_one_person(rules: Policy) -> None:
    second = person("plt@percontohan.go.id", "pengganti")
    forge = replace(table(), authors={HEAD: CAMAT, second.id: CAMAT.upper()})

    both = replace(rules, persons=(*rules.persons, second), github=forge)
    assert isinstance(policy.parse(policy.render(both)), tuple)


def test_armor_may_stand_in_a_toml_string_of_many_lines(rules: Policy) -> None:
    one = button.table(rsa_key())
    text = policy.render(replace(rules, github=one)).decode()
    quoted = f"[{json.dumps(one.public_keys[0])}]"
    assert quoted in text

    found = policy.parse(text.replace(quoted, f"['''\n{one.public_keys[0]}''']").encode())

    assert isinstance(found, Policy)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Merge pull request #7 from a/b\n\nJudul", {}),
        ("Judul", {}),
        ("Judul\n", {}),
        ("Judul\n\nSatu\n\n\nDua\n\n", {}),
        ("Judul\n\nApproval-Draft: x", {"draft": "x"}),
        ("Judul\n\nisi\n\nApproval-Version: 1\nApproval-Ledger: none\n", {"version": "1", "ledger": "none"}),
    ],
)
def test_a_forges_message_may_leave_trailers_out(text: str, said: dict[str, str]) -> None:
    assert parse_button(text) == said


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\nisi",
        "Judul\nisi",
        "Approval-Version: 1",
        "Judul\n\nApproval-Note: x",
        "Judul\n\nApproval-Draft:x",
        "Judul\n\nApproval-Draft: ",
        "Judul\n\nApproval-Draft: x ",
        "Judul\n\nApproval-Draft: x\n\n",
        "Judul\n\nApproval-Draft: x\n\nisi",
        "Judul\n\nApproval-Draft: x\nCo-authored-by: y",
        "Judul\n\nisi\nApproval-Draft: x",
        "Judul\n\nApproval-Draft: x\nApproval-Draft: x",
        "Judul\n\nApproval-Ledger: none\nApproval-Version: 1",
        "Judul\n\nLedger-Version: 1",
    ],
)
def test_trailers_that_stand_must_stand_right(text: str) -> None:
    with pytest.raises(MessageMalformed):
        parse_button(text)
