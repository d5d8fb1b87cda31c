"""A passkey's signature holds where every condition of the protocol is met, and fails where one is not."""

import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sop_site import messages
from sop_site.approval import sshsig, webauthn
from sop_site.approval.reasons import Reasons
from sop_site.approval.webauthn import DETAILS, Objection, Webauthn
from tests import authenticator
from tests.authenticator import ATTESTED, EXTENDED, TOUCHED, VERIFIED, Passkey, SecurityKey, field_of, number

PAYLOAD = b"tree 1\n\nSetujui\n"
RULES = Webauthn("localhost", ("http://localhost:8765", "https://localhost:8765"))
PASSKEY = Passkey()

Make = Callable[[Passkey], str]


def codes(armor: str, rules: Webauthn | None = RULES, payload: bytes = PAYLOAD) -> set[str]:
    """What a verifier notes about a signature and the place where it was made."""
    reasons = Reasons(None)
    try:
        signature = sshsig.parse(armor.encode())
    except sshsig.Malformed as error:
        reasons.add("SIGNATURE_GRAMMAR", str(error))
    else:
        sshsig.judge(signature, payload, reasons)
        webauthn.judge_place(signature.place, rules, reasons)
    return {refusal.code for refusal in reasons.refusals}


@pytest.mark.parametrize(
    "right",
    [
        {},
        {"hash_name": "sha256"},
        {"high": True},
        {"high": False},
        {"crossOrigin": None},
        {"flags": TOUCHED | VERIFIED | 0x18},
        {"origin": "https://localhost:8765"},
        {"other_keys_can_be_added_here": "do not compare clientDataJSON against a template"},
        {"tokenBinding": {"status": "supported"}},
    ],
    ids=str,
)
def test_what_is_right_is_accepted_by_this_verifier_and_by_openssh(
    tmp_path: Path, right: dict[str, Any]
) -> None:
    armor = PASSKEY.armor(PAYLOAD, **right)

    assert codes(armor) == set()
    assert authenticator.openssh_says(tmp_path, PASSKEY.public, armor, PAYLOAD)
    assert codes(armor, payload=PAYLOAD + b"x") == {"WEBAUTHN", "BAD_SIGNATURE"}


SAID = '{"type":"webauthn.get","challenge":"<C>","origin":"<O>"'


def spoken(words: str) -> Make:
    """A passkey whose browser writes ``words``; C and O stand for challenge and origin."""

    def make(passkey: Passkey) -> str:
        challenge = authenticator.unpadded(authenticator.to_sign(PAYLOAD))
        told = words.replace("<C>", challenge).replace("<O>", passkey.origin)
        return passkey.armor(PAYLOAD, client_data=told.encode("utf-8", "surrogateescape"))

    return make


def signed(**wrong: Any) -> Make:
    return lambda passkey: passkey.armor(PAYLOAD, **wrong)


def numbers(change: Callable[[bytes], bytes]) -> Make:
    """The right signature, its two numbers written in another way."""

    def make(passkey: Passkey) -> str:
        told, _, right = passkey.assertion(authenticator.to_sign(PAYLOAD))
        return passkey.armor(PAYLOAD, client_data=told, numbers=change(right))

    return make


def padded_number(right: bytes) -> bytes:
    length = int.from_bytes(right[:4], "big")
    return field_of(b"\0" + right[4 : 4 + length]) + right[4 + length :]


# What the browser says or the device answers is not what an approval needs; the signature itself is right.
UNFIT: dict[str, Make] = {
    "type of a registration": signed(type="webauthn.create"),
    "no type": signed(type=None),
    "type is no text": signed(type=["webauthn.get"]),
    "origin of somebody else": signed(origin="https://evil.example"),
    "origin in capitals": signed(origin="HTTP://localhost:8765"),
    "origin with a slash": signed(origin="http://localhost:8765/"),
    "origin is empty": signed(origin=""),
    "origin beside is another listed one": signed(shown_origin=b"https://localhost:8765"),
    "origin beside ends with NUL": signed(shown_origin=b"http://localhost:8765\0"),
    "origin beside is no UTF-8": signed(shown_origin=b"http://localhost:8765\xff"),
    "origin beside holds JSON": signed(shown_origin=b'http://localhost:8765","crossOrigin":false'),
    "cross origin": signed(crossOrigin=True),
    "cross origin is a word": signed(crossOrigin="false"),
    "cross origin is a number": signed(crossOrigin=0),
    "cross origin is null": spoken(f'{SAID},"crossOrigin":null}}'),
    "not verified": signed(flags=TOUCHED),
    "not touched": signed(flags=VERIFIED),
    "neither": signed(flags=0),
    "extensions": signed(flags=TOUCHED | VERIFIED | EXTENDED, extensions=b"\xa0"),
    "extensions without their flag": signed(extensions=b"\xa0"),
    "the flag without extensions": signed(flags=TOUCHED | VERIFIED | EXTENDED),
    "attested data": signed(flags=TOUCHED | VERIFIED | ATTESTED),
    "another order": spoken('{"challenge":"<C>","type":"webauthn.get","origin":"<O>"}'),
    "a member between": spoken('{"type":"webauthn.get","x":1,"challenge":"<C>","origin":"<O>"}'),
    "a space": spoken('{"type": "webauthn.get","challenge":"<C>","origin":"<O>"}'),
    "a space before": spoken(f" {SAID}}}"),
    "an escaped letter": spoken(f"{SAID}}}".replace("get", r"\u0067et")),
    "a byte order mark": spoken(f"\ufeff{SAID}}}"),
    "a member twice": spoken(f'{SAID},"origin":"<O>"}}'),
    "cross origin twice": spoken(f'{SAID},"crossOrigin":true,"crossOrigin":false}}'),
    "an inner member twice": spoken(f'{SAID},"x":{{"a":1,"a":2}}}}'),
    "no UTF-8": spoken(f'{SAID},"x":"\udcff"}}'),
    "no number of JSON": spoken(f'{SAID},"x":NaN}}'),
    "a number without end": spoken(f'{SAID},"x":{"9" * 6000}}}'),
    "depth without end": spoken(f'{SAID},"x":{"[" * 90_000}'),
    "cut short": spoken(SAID),
    "something after it": spoken(f"{SAID}}}{{}}"),
    "a list": spoken('["webauthn.get"]'),
    "nothing": spoken(""),
}
# The key signed, but not this.
ELSEWHERE: dict[str, Make] = {
    "challenge of another commit": signed(challenge=authenticator.to_sign(b"lain")),
    "challenge for another purpose": signed(challenge=authenticator.to_sign(PAYLOAD, "file")),
    "challenge is a hash": signed(challenge=authenticator.hashed(authenticator.to_sign(PAYLOAD))),
    "challenge is padded": spoken(f"{SAID}}}".replace("<C>", "<C>==")),
    "no challenge": spoken('{"type":"webauthn.get","origin":"<O>"}'),
    "extensions cut away": signed(flags=0x85, extensions=b"\xa0", shown_extensions=b""),
}
# Conditions are met, the key never signed it.
UNSIGNED: dict[str, Make] = {
    "verified only afterwards": signed(flags=TOUCHED, shown_flags=TOUCHED | VERIFIED),
    "made for another site": signed(rp_id="evil.example"),
    "another key": signed(blob=Passkey().key.blob),
    "enormous numbers": numbers(lambda right: number(1 << 9000) * 2),
    "numbers of something else": numbers(lambda right: number(1) * 2),
}
NO_NUMBERS: dict[str, Make] = {
    "a number with a zero before": numbers(padded_number),
    "bytes after the numbers": numbers(lambda right: right + b"\0"),
    "one number only": numbers(lambda right: right[:40]),
    "negative numbers": numbers(lambda right: field_of(b"\xff") * 2),
    "zeros": numbers(lambda right: number(0) * 2),
    "empty": numbers(lambda right: b""),
}
OUT_OF_FORM: dict[str, Make] = {
    "bytes after the signature": signed(tail=b"\0"),
    "the last byte missing": signed(cut=1),
    "no field of extensions": signed(cut=4),
    "called a security key's": signed(kind=authenticator.SK_ECDSA),
}
OF_NO_ADMITTED_TYPE: dict[str, Make] = {
    "a type to come": signed(kind="webauthn-sk-ssh-ed25519@openssh.com"),
    "a certificate": signed(blob=field_of(b"sk-ecdsa-sha2-nistp256-cert-v01@openssh.com") + bytes(40)),
}
BY_ANOTHER_TYPE: dict[str, Make] = {
    "a key of the other security key type": signed(blob=SecurityKey(application="kantor").blob),
    "a key without a device": signed(blob=authenticator.plain_ecdsa()),
}
DEVIATIONS = [
    pytest.param(make, wanted, id=name)
    for table, wanted in (
        (UNFIT, {"WEBAUTHN"}),
        (ELSEWHERE, {"WEBAUTHN", "BAD_SIGNATURE"}),
        (UNSIGNED, {"BAD_SIGNATURE"}),
        (NO_NUMBERS, {"SIGNATURE_GRAMMAR", "BAD_SIGNATURE"}),
        (OUT_OF_FORM, {"SIGNATURE_GRAMMAR"}),
        (OF_NO_ADMITTED_TYPE, {"KEY_TYPE"}),
        (BY_ANOTHER_TYPE, {"KEY_TYPE", "WEBAUTHN"}),
    )
    for name, make in table.items()
]


@pytest.mark.parametrize(("make", "wanted"), DEVIATIONS)
def test_any_one_deviation_is_refused_with_its_code(make: Make, wanted: set[str]) -> None:
    assert codes(make(PASSKEY)) == wanted


@pytest.mark.parametrize(
    "rules",
    [
        None,
        replace(RULES, rp_id="kantor.example"),
        replace(RULES, origins=("http://localhost:8766",)),
        replace(RULES, origins=("http://localhost:8765/", "localhost", "http://LOCALHOST:8765")),
    ],
    ids=["no table", "another rp id", "another origin", "origins that are nearly this one"],
)
def test_a_passkey_counts_only_where_the_policy_admits_it(rules: Webauthn | None) -> None:
    assert codes(PASSKEY.armor(PAYLOAD), rules) == {"WEBAUTHN"}


def test_a_passkey_of_another_site_is_refused_though_its_signature_is_right() -> None:
    elsewhere = Passkey("evil.example", "https://evil.example")

    assert codes(elsewhere.armor(PAYLOAD)) == {"WEBAUTHN"}
    assert codes(elsewhere.armor(PAYLOAD), Webauthn("evil.example", ("https://evil.example",))) == set()


def test_where_a_signature_was_made_is_no_question_for_other_keys() -> None:
    assert codes(SecurityKey(authenticator.SK_ECDSA, "localhost").armor(PAYLOAD), None) == set()


def test_whatever_is_accepted_of_client_data_openssh_accepts_too(tmp_path: Path) -> None:
    dice, accepted = random.Random(4), 0
    right = PASSKEY.client_data(authenticator.to_sign(PAYLOAD), x="x" * 60, y=[1, {"a": None}])
    for _ in range(300):
        told = bytearray(right)
        place = dice.randrange(len(told))
        told[place : place + dice.randrange(3)] = dice.choice(
            [b"", b" ", b'"', b",", b"\\", b"\0", b"x", b"}"]
        )
        armor = PASSKEY.armor(PAYLOAD, client_data=bytes(told))
        if not codes(armor):
            accepted += 1
            assert authenticator.openssh_says(tmp_path, PASSKEY.public, armor, PAYLOAD), bytes(told)

    assert accepted > 10


def test_every_objection_has_words_and_a_reason() -> None:
    for objection in Objection:
        assert DETAILS[objection]
        assert all(messages.knows(language, objection.value) for language in messages.LANGUAGES)
