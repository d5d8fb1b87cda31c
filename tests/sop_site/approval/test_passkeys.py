"""From a browser's bytes to the policy's line and the signature; what no verifier takes is said at once."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from sop_site.approval import passkeys, sshsig, webauthn
from sop_site.approval.passkeys import Assertion
from sop_site.approval.webauthn import Webauthn
from sop_site.errors import AnswerIsNo
from tests import authenticator
from tests.authenticator import EXTENDED, TOUCHED, VERIFIED, Passkey

PAYLOAD = b"tree 1\n\nSetujui\n"
ASKED = bytes(range(32))
RULES = Webauthn("localhost", ("http://localhost:8765",))
PASSKEY = Passkey()


def asserted(challenge: bytes | None = None, **wrong: Any) -> Assertion:
    """A browser's answer for ``PAYLOAD``, with the signature in DER."""
    asked = passkeys.challenge(PAYLOAD, "git") if challenge is None else challenge
    told, data, numbers = PASSKEY.assertion(asked, **wrong)
    r, rest = authenticator.taken(numbers)
    s, _ = authenticator.taken(rest)
    return Assertion(told, data, encode_dss_signature(int.from_bytes(r, "big"), int.from_bytes(s, "big")))


@pytest.mark.parametrize("namespace", ["git", "sop-policy"])
@pytest.mark.parametrize("high", [True, False])
def test_an_answer_becomes_a_signature_that_everybody_accepts(
    tmp_path: Path, namespace: str, high: bool
) -> None:
    said = asserted(passkeys.challenge(PAYLOAD, namespace), high=high)
    armor = passkeys.armor(PASSKEY.public, said, PAYLOAD, namespace, RULES)

    signature = sshsig.parse(armor.encode())
    assert sshsig.verify(signature, PAYLOAD)
    assert not list(webauthn.misplacements(signature.place, RULES))
    assert (signature.answer.client_data if signature.answer else None) == said.client_data
    assert authenticator.openssh_says(tmp_path, PASSKEY.public, armor, PAYLOAD, namespace)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"challenge": b"lain"}, "passkey-challenge"),
        ({"type": "webauthn.create"}, "passkey-type"),
        ({"origin": "https://evil.example"}, "passkey-origin-unlisted"),
        ({"origin": 'http://localhost:8765"'}, "passkey-order"),
        ({"origin": None}, "passkey-origin"),
        ({"crossOrigin": True}, "passkey-cross-origin"),
        ({"flags": TOUCHED}, "passkey-verification"),
        ({"flags": VERIFIED}, "passkey-presence"),
        ({"flags": TOUCHED | VERIFIED | EXTENDED, "extensions": b"\xa0"}, "passkey-extensions"),
        ({"extensions": b"\xa0"}, "passkey-extensions"),
        ({"rp_id": "evil.example"}, "passkey-rp-id"),
        ({"client_data": b"{}"}, "passkey-type"),
        ({"client_data": b"\xff"}, "passkey-client-data"),
        ({"client_data": b'{"origin":"\\ud800"}'}, "passkey-type"),
    ],
    ids=str,
)
def test_what_the_verifier_would_refuse_is_refused_at_the_desk(wrong: dict[str, Any], code: str) -> None:
    with pytest.raises(AnswerIsNo) as no:
        passkeys.armor(PASSKEY.public, asserted(**wrong), PAYLOAD, "git", RULES)

    assert no.value.code == code


def test_a_browser_that_writes_in_another_order_is_told_from_one_that_lies() -> None:
    order = '{{"challenge":"{}","type":"webauthn.get","origin":"http://localhost:8765"}}'
    told = order.format(authenticator.unpadded(passkeys.challenge(PAYLOAD, "git"))).encode()

    with pytest.raises(AnswerIsNo, match="passkey-order"):
        passkeys.armor(PASSKEY.public, asserted(client_data=told), PAYLOAD, "git", RULES)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"signature": b""}, "passkey-unreadable"),
        ({"signature": bytes(70)}, "passkey-unreadable"),
        ({"authenticator_data": b"\0" * 36}, "passkey-unreadable"),
        ({"signature": encode_dss_signature(1, 1)}, "passkey-signature"),
    ],
    ids=str,
)
def test_bytes_that_are_no_answer_are_refused(change: dict[str, bytes], code: str) -> None:
    with pytest.raises(AnswerIsNo) as no:
        passkeys.armor(PASSKEY.public, replace(asserted(), **change), PAYLOAD, "git", RULES)

    assert no.value.code == code


@pytest.mark.parametrize(
    ("rules", "code"),
    [
        (None, "passkey-not-admitted"),
        (replace(RULES, rp_id="kantor.example"), "passkey-rp-id"),
        (replace(RULES, origins=("https://kantor.example",)), "passkey-origin-unlisted"),
    ],
)
def test_a_passkey_signs_only_where_the_policy_admits_it(rules: Webauthn | None, code: str) -> None:
    with pytest.raises(AnswerIsNo) as no:
        passkeys.armor(PASSKEY.public, asserted(), PAYLOAD, "git", rules)

    assert no.value.code == code


def test_another_passkeys_line_does_not_fit() -> None:
    with pytest.raises(AnswerIsNo, match="passkey-signature"):
        passkeys.armor(Passkey().public, asserted(), PAYLOAD, "git", RULES)


def test_a_registration_becomes_the_line_of_the_policy() -> None:
    told, data = PASSKEY.registration(ASKED)
    made = passkeys.register(told, data, challenge=ASKED, rules=RULES)

    assert made.public == PASSKEY.public
    assert made.credential_id == b"pengenal9"
    assert passkeys.line_from_spki(PASSKEY.spki, "localhost") == PASSKEY.public
    assert passkeys.line_from_cose(PASSKEY.cose, "localhost") == PASSKEY.public


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"type": "webauthn.get"}, "passkey-type"),
        ({"challenge": "bGFpbg"}, "passkey-challenge"),
        ({"origin": "https://evil.example"}, "passkey-origin-unlisted"),
        ({"crossOrigin": True}, "passkey-cross-origin"),
        ({"rp_id": "evil.example"}, "passkey-rp-id"),
        ({"flags": TOUCHED}, "passkey-verification"),
        ({"flags": VERIFIED}, "passkey-presence"),
        pytest.param({"cose": PASSKEY.cose[:-1]}, "passkey-key-kind", id="cut short"),
        pytest.param({"cose": PASSKEY.cose[:-32] + bytes(32)}, "passkey-key-kind", id="off the curve"),
        pytest.param({"cose": b"\xa4\x01\x01\x03\x27" + bytes(32)}, "passkey-key-kind", id="EdDSA"),
    ],
    ids=str,
)
def test_a_passkey_that_could_never_sign_is_not_registered(wrong: dict[str, Any], code: str) -> None:
    told, data = PASSKEY.registration(ASKED, **wrong)

    with pytest.raises(AnswerIsNo) as no:
        passkeys.register(told, data, challenge=ASKED, rules=RULES)
    assert no.value.code == code


@pytest.mark.parametrize("length", [0, 36, 37, 54, 60])
def test_a_registration_cut_short_is_refused(length: int) -> None:
    told, data = PASSKEY.registration(ASKED)

    with pytest.raises(AnswerIsNo):
        passkeys.register(told, data[:length], challenge=ASKED, rules=RULES)


def test_a_registration_without_a_table_in_the_policy_is_refused() -> None:
    with pytest.raises(AnswerIsNo, match="passkey-not-admitted"):
        passkeys.register(*PASSKEY.registration(ASKED), challenge=ASKED, rules=None)


@pytest.mark.parametrize(
    "key",
    [
        lambda: ed25519.Ed25519PrivateKey.generate().public_key(),
        lambda: ec.generate_private_key(ec.SECP384R1()).public_key(),
        lambda: rsa.generate_private_key(65537, 2048).public_key(),
    ],
    ids=["ed25519", "P-384", "RSA"],
)
def test_keys_of_other_kinds_are_no_passkeys_here(key: Callable[[], Any]) -> None:
    spki = key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)

    with pytest.raises(AnswerIsNo, match="passkey-key-kind"):
        passkeys.line_from_spki(spki, "localhost")


def test_bytes_that_are_no_key_are_refused() -> None:
    with pytest.raises(AnswerIsNo, match="passkey-unreadable"):
        passkeys.line_from_spki(b"bukan kunci", "localhost")
