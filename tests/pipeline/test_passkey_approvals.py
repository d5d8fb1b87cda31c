"""Histories signed by passkeys and security keys: approvals, ledger entries, policies; and forged ones."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from pipeline.verification import verification
from sop_site.approval import policy as policies
from sop_site.approval.policy import Person, Policy
from sop_site.approval.webauthn import Webauthn
from tests import history
from tests.authenticator import SK_ECDSA, SK_ED25519, TOUCHED, VERIFIED, Passkey, SecurityKey
from tests.office import Office

pytestmark = pytest.mark.git

Armor = Callable[[bytes], str]


@dataclass
class Desk:
    """An office whose head also has a passkey and two security keys, and a draft that waits for approval."""

    office: Office
    passkey: Passkey
    keys: dict[str, SecurityKey]
    draft: str

    def approval(self, armor: Armor) -> str:
        """A correct approval of the draft with that signature; publish does not move."""
        payload = history.payload(self.office, self.office.tip(f"draft/{self.draft}"))
        return history.store(self.office, payload, armor(payload))

    def codes(self, publish: str | None = None, ledger: str | None = None) -> set[str]:
        """What the verifier says if these were the tips."""
        with verification(
            self.office.repo, self.office.trust, self.office.now, publish_tip=publish, ledger_tip=ledger
        ) as verified:
            return {refusal.code for refusal in verified.verdict.refusals}


def listing(*keys: str) -> Callable[[Policy], Policy]:
    """The head gets more keys."""

    def given(person: Person) -> Person:
        return replace(person, keys=(*person.keys, *keys)) if person.role == "head" else person

    return lambda policy: replace(policy, persons=tuple(given(person) for person in policy.persons))


def made(folder: Path, object_format: str) -> Desk:
    office = Office(folder, object_format=object_format)
    passkey, keys = Passkey(), {kind: SecurityKey(kind) for kind in (SK_ED25519, SK_ECDSA)}
    lines = (passkey.public, *(key.public for key in keys.values()))
    draft = history.policy_change(office, listing(*lines), signed_by=[office.head])
    history.publish(office, history.merge(office, draft))
    return Desk(office, passkey, keys, office.announces("jadwal"))


@pytest.fixture(scope="module", params=["sha1", "sha256"])
def either(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """In both object formats; its branches never move."""
    return made(tmp_path_factory.mktemp("meja"), request.param)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """One whose branches never move."""
    return made(tmp_path_factory.mktemp("meja"), "sha1")


@pytest.mark.parametrize("by", ["passkey", SK_ED25519, SK_ECDSA])
def test_a_merge_is_accepted_here_and_by_stock_git(either: Desk, tmp_path: Path, by: str) -> None:
    signer: Passkey | SecurityKey = either.passkey if by == "passkey" else either.keys[by]
    commit = either.approval(signer.armor)

    assert either.codes(commit) == set()
    owners = tmp_path / "pemilik"
    owners.write_text(f'{either.office.head.id} namespaces="git" {signer.public}\n')
    trusting = ("-c", f"gpg.ssh.allowedSignersFile={owners}")
    either.office.git(*trusting, "verify-commit", commit)
    shown = either.office.git(*trusting, "log", "-1", "--format=%G? %GS", commit)
    assert shown == f"G {either.office.head.id}"


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"challenge": b"lain"}, "WEBAUTHN"),
        ({"challenge": b"lain"}, "BAD_SIGNATURE"),
        ({"type": "webauthn.create"}, "WEBAUTHN"),
        ({"origin": "https://evil.example"}, "WEBAUTHN"),
        ({"shown_origin": b"https://localhost:8765"}, "WEBAUTHN"),
        ({"crossOrigin": True}, "WEBAUTHN"),
        ({"flags": TOUCHED}, "WEBAUTHN"),
        ({"flags": VERIFIED}, "WEBAUTHN"),
        ({"extensions": b"\xa0", "flags": 0x85}, "WEBAUTHN"),
        ({"rp_id": "evil.example"}, "BAD_SIGNATURE"),
        ({"tail": b"\0"}, "SIGNATURE_GRAMMAR"),
        ({"kind": "webauthn-sk-ssh-ed25519@openssh.com"}, "KEY_TYPE"),
        ({"namespace": "file"}, "WRONG_NAMESPACE"),
    ],
    ids=str,
)
def test_a_merge_with_one_deviation_is_refused(desk: Desk, wrong: dict[str, Any], code: str) -> None:
    commit = desk.approval(lambda payload: desk.passkey.armor(payload, **wrong))

    assert code in desk.codes(commit)


@pytest.mark.parametrize("kind", [SK_ED25519, SK_ECDSA])
def test_a_merge_by_an_untouched_security_key_is_refused(desk: Desk, kind: str) -> None:
    assert desk.codes(desk.approval(lambda payload: desk.keys[kind].armor(payload, flags=0))) == {
        "BAD_SIGNATURE"
    }


def test_a_passkey_of_nobody_is_unknown(desk: Desk) -> None:
    assert desk.codes(desk.approval(Passkey().armor)) == {"UNKNOWN_KEY"}


@pytest.mark.parametrize(
    ("wrong", "codes"),
    [
        ({}, set()),
        ({"flags": TOUCHED}, {"WEBAUTHN", "LEDGER_SIGNER"}),
        ({"origin": "https://evil.example"}, {"WEBAUTHN", "LEDGER_SIGNER"}),
        ({"rp_id": "evil.example"}, {"BAD_SIGNATURE", "LEDGER_SIGNER"}),
    ],
    ids=["right", "not verified", "another origin", "another site"],
)
def test_a_ledger_entry_is_held_to_the_same(desk: Desk, wrong: dict[str, Any], codes: set[str]) -> None:
    office = desk.office
    before = office.git("for-each-ref", "--format=%(objectname)", history.LEDGER)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            history, "sign", lambda payload, key, namespace="git": desk.passkey.armor(payload, **wrong)
        )
        entry = history.decision(office, "return", desk.draft)
    office.git("update-ref", *((history.LEDGER, before) if before else ("-d", history.LEDGER)))

    assert desk.codes(ledger=entry) == codes


def changed(desk: Desk, change: Callable[[Policy], Policy], armor: Armor) -> set[str]:
    """What the verifier says of a policy that the passkey signed and the head's ordinary key approved."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(history, "sign", lambda payload, key, namespace="git": armor(payload))
        draft = history.policy_change(desk.office, change, signed_by=[desk.office.head])
    commit = history.merge(desk.office, draft)
    desk.office.git("update-ref", "-d", f"refs/heads/draft/{draft}")
    return desk.codes(commit)


ELSEWHERE = Webauthn("localhost", ("https://lain.example",))
BOTH = Webauthn("localhost", ("http://localhost:8765", "https://lain.example"))


@pytest.mark.parametrize(
    ("table", "codes"),
    [
        ("as it was", set()),
        (BOTH, set()),
        # The old policy admits the place and the new one does not: no valid signature over the new policy.
        (ELSEWHERE, {"PROTECTED_CHANGE", "POLICY_GRAMMAR", "POLICY_THRESHOLD"}),
        (None, {"PROTECTED_CHANGE", "POLICY_GRAMMAR", "POLICY_THRESHOLD"}),
    ],
    ids=["kept", "one more origin", "moved", "abolished"],
)
def test_a_policy_may_be_signed_where_the_new_one_admits_it(desk: Desk, table: Any, codes: set[str]) -> None:
    def change(policy: Policy) -> Policy:
        return replace(policy, webauthn=policy.webauthn if table == "as it was" else table)

    assert changed(desk, change, lambda data: desk.passkey.armor(data, policies.NAMESPACE)) == codes


def test_a_policy_signed_where_only_the_new_one_admits_it_has_no_signature_that_counts(desk: Desk) -> None:
    def armor(data: bytes) -> str:
        return desk.passkey.armor(data, policies.NAMESPACE, origin="https://lain.example")

    codes = changed(desk, lambda policy: replace(policy, webauthn=BOTH), armor)

    assert codes == {"PROTECTED_CHANGE", "POLICY_THRESHOLD"}


@pytest.mark.parametrize(
    "wrong", [{"flags": TOUCHED}, {"crossOrigin": True}, {"challenge": b"lain"}], ids=str
)
def test_a_policy_signature_that_is_not_an_approval_by_passkey_is_foreign(
    desk: Desk, wrong: dict[str, Any]
) -> None:
    codes = changed(
        desk, lambda policy: policy, lambda data: desk.passkey.armor(data, policies.NAMESPACE, **wrong)
    )

    assert codes == {"PROTECTED_CHANGE", "POLICY_GRAMMAR", "POLICY_THRESHOLD"}


def test_the_policy_at_the_first_parent_says_where_passkeys_may_be_used(tmp_path: Path) -> None:
    moved = made(tmp_path, "sha1")
    office = moved.office
    draft = history.policy_change(
        office, lambda policy: replace(policy, webauthn=ELSEWHERE), signed_by=[office.head]
    )
    payload = history.payload(office, office.tip(f"draft/{draft}"))
    history.publish(office, history.store(office, payload, moved.passkey.armor(payload)))
    assert office.codes() == []

    moved = replace(moved, draft=office.announces("sesudah"))
    assert moved.codes(moved.approval(moved.passkey.armor)) == {"WEBAUTHN"}
    right = moved.approval(lambda payload: moved.passkey.armor(payload, origin="https://lain.example"))
    assert moved.codes(right) == set()


def test_without_a_table_no_passkey_counts_and_security_keys_do(tmp_path: Path) -> None:
    bare = made(tmp_path, "sha1")
    office = bare.office
    draft = history.policy_change(
        office, lambda policy: replace(policy, webauthn=None), signed_by=[office.head]
    )
    history.publish(office, history.merge(office, draft))
    bare = replace(bare, draft=office.announces("sesudah"))

    assert bare.codes(bare.approval(bare.passkey.armor)) == {"WEBAUTHN"}
    assert bare.codes(bare.approval(bare.keys[SK_ECDSA].armor)) == set()
