"""Signatures of security keys: touched, in form, by the key that the policy names; and their public lines."""

import base64
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sop_site.approval import policy_fields, sshsig
from sop_site.approval.policy_fields import FieldWrong
from sop_site.approval.reasons import Reasons
from tests import authenticator
from tests.authenticator import SK_ECDSA, SK_ED25519, SecurityKey, field_of

PAYLOAD = b"tree 1\n\nSetujui\n"
KEYS = {kind: SecurityKey(kind) for kind in (SK_ED25519, SK_ECDSA)}


def codes(armor: str, payload: bytes = PAYLOAD) -> set[str]:
    reasons = Reasons(None)
    try:
        sshsig.judge(sshsig.parse(armor.encode()), payload, reasons)
    except sshsig.Malformed as error:
        reasons.add("SIGNATURE_GRAMMAR", str(error))
    return {refusal.code for refusal in reasons.refusals}


@pytest.mark.parametrize("kind", KEYS)
@pytest.mark.parametrize(
    "right", [{}, {"hash_name": "sha256"}, {"flags": 0x05}, {"high": True}, {"high": False}], ids=str
)
def test_a_touched_key_is_accepted_here_and_by_openssh(
    tmp_path: Path, kind: str, right: dict[str, Any]
) -> None:
    armor = KEYS[kind].armor(PAYLOAD, **right)

    assert codes(armor) == set()
    assert authenticator.openssh_says(tmp_path, KEYS[kind].public, armor, PAYLOAD)
    assert codes(armor, PAYLOAD + b"x") == {"BAD_SIGNATURE"}


@pytest.mark.parametrize("kind", KEYS)
def test_a_key_that_nobody_touched_signs_nothing_though_openssh_takes_it(tmp_path: Path, kind: str) -> None:
    armor = KEYS[kind].armor(PAYLOAD, flags=0)

    assert codes(armor) == {"BAD_SIGNATURE"}
    assert authenticator.openssh_says(tmp_path, KEYS[kind].public, armor, PAYLOAD)


@pytest.mark.parametrize("kind", KEYS)
@pytest.mark.parametrize(
    ("wrong", "wanted"),
    [
        ({"flags": 0, "shown_flags": 1}, {"BAD_SIGNATURE"}),
        ({"application": "ssh:lain"}, {"BAD_SIGNATURE"}),
        ({"touch": b"\x01\0\0\0\0"}, {"BAD_SIGNATURE"}),
        ({"touch": b"\x01\0\0\0"}, {"SIGNATURE_GRAMMAR"}),
        ({"touch": b""}, {"SIGNATURE_GRAMMAR"}),
        ({"tail": b"\0"}, {"SIGNATURE_GRAMMAR"}),
        ({"tail": field_of(b"http://localhost") * 3}, {"SIGNATURE_GRAMMAR"}),
        ({"kind": "ssh-ed25519"}, {"SIGNATURE_GRAMMAR"}),
        ({"kind": "sk-ssh-ed25519"}, {"KEY_TYPE"}),
        pytest.param({"blob": authenticator.plain_ecdsa()}, {"KEY_TYPE"}, id="a plain key"),
        pytest.param({"blob": KEYS[SK_ECDSA].blob + b"\0"}, {"SIGNATURE_GRAMMAR"}, id="a key that goes on"),
    ],
    ids=str,
)
def test_any_one_deviation_is_refused_with_its_code(
    kind: str, wrong: dict[str, Any], wanted: set[str]
) -> None:
    assert codes(KEYS[kind].armor(PAYLOAD, **wrong)) == wanted


@pytest.mark.parametrize(("kind", "other"), [(SK_ED25519, SK_ECDSA), (SK_ECDSA, SK_ED25519)])
def test_neither_type_signs_for_the_other(kind: str, other: str) -> None:
    assert codes(KEYS[kind].armor(PAYLOAD, kind=other)) == {"KEY_TYPE"}
    assert codes(KEYS[kind].armor(PAYLOAD, blob=KEYS[other].blob)) == {"KEY_TYPE"}


def test_numbers_in_another_encoding_are_no_signature() -> None:
    right = KEYS[SK_ECDSA].numbers(PAYLOAD)

    for numbers in (right + b"\0", right[:10], field_of(right), b""):
        assert codes(KEYS[SK_ECDSA].armor(PAYLOAD, numbers=numbers)) == {"SIGNATURE_GRAMMAR", "BAD_SIGNATURE"}


def test_an_ed25519_signature_of_another_length_is_none() -> None:
    for numbers in (b"", bytes(63), bytes(65), bytes(64)):
        assert codes(KEYS[SK_ED25519].armor(PAYLOAD, numbers=numbers)) == {"BAD_SIGNATURE"}


def line(*parts: bytes, tail: bytes = b"") -> str:
    blob = b"".join(map(field_of, parts)) + tail
    return f"{parts[0].decode()} {base64.b64encode(blob).decode()}"


@pytest.mark.parametrize(
    "make", [lambda: SecurityKey(SK_ED25519), lambda: SecurityKey(SK_ECDSA, "localhost")]
)
def test_a_policy_takes_the_line_of_a_security_key(make: Callable[[], SecurityKey]) -> None:
    key = make()

    assert policy_fields.key_line(key.public) == key.public


POINT = KEYS[SK_ECDSA].raw_public
RAW = KEYS[SK_ED25519].raw_public
ED, EC = SK_ED25519.encode(), SK_ECDSA.encode()


@pytest.mark.parametrize(
    "written",
    [
        pytest.param(line(EC, b"nistp256", POINT), id="no application"),
        pytest.param(line(EC, b"nistp256", POINT, b""), id="an empty application"),
        pytest.param(line(EC, b"nistp256", POINT, b"ssh:\0"), id="an application that ends with NUL"),
        pytest.param(line(EC, b"nistp256", POINT, b"ssh:\n"), id="an application of two lines"),
        pytest.param(line(EC, b"nistp256", POINT, b"\xff"), id="an application that is no UTF-8"),
        pytest.param(line(EC, b"nistp256", POINT, b"ssh:", tail=b"\0"), id="bytes after the application"),
        pytest.param(line(EC, b"nistp384", POINT, b"ssh:"), id="another curve"),
        pytest.param(line(EC, b"nistp256", POINT[:-32] + bytes(32), b"ssh:"), id="a point off the curve"),
        pytest.param(line(EC, b"nistp256", b"\0", b"ssh:"), id="the point at infinity"),
        pytest.param(line(EC, b"nistp256", b"\x02" + POINT[1:33], b"ssh:"), id="a compressed point"),
        pytest.param(line(ED, RAW[:-1], b"ssh:"), id="a short ed25519 key"),
        pytest.param(line(ED, RAW), id="ed25519 without application"),
        pytest.param(line(ED, b"nistp256", RAW, b"ssh:"), id="ed25519 with a curve"),
        pytest.param(line(b"sk-ssh-ed25519-cert-v01@openssh.com", RAW, b"ssh:"), id="a certificate"),
        pytest.param(line(b"webauthn-sk-ecdsa-sha2-nistp256@openssh.com", b"nistp256", POINT, b"ssh:"),
                     id="the name of a signature type"),
        pytest.param(KEYS[SK_ECDSA].public.replace(SK_ECDSA, SK_ED25519), id="another type in front"),
        pytest.param(KEYS[SK_ECDSA].public + " kunci", id="a comment"),
    ],
)  # fmt: skip
def test_a_line_that_is_no_whole_security_key_is_refused(written: str) -> None:
    with pytest.raises(FieldWrong):
        policy_fields.key_line(written)
