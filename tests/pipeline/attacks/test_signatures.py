"""Signatures that are good for something else, or that two programs would write differently (§4.2, §4.3)."""

import base64
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from tests.pipeline.attacks.armor import (
    Key,
    armor,
    blob_of,
    ecdsa_key,
    ed25519_key,
    mpint,
    rsa_key,
    signed_data,
    string,
    wrapped,
)
from tests.pipeline.attacks.catalogue import Act, Attack, Catalogue, must_be_refused
from tests.pipeline.attacks.scene import HEAD, PEOPLE, STRANGER, Scene, person_table

SIGNATURES = Catalogue("signatures")
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
EDWARDS_ORDER = 2**252 + 27742317777372353535851937790883648493


def made(**wrong: Any) -> Act:
    """An approval whose SSHSIG has one field wrong."""
    return lambda scene: scene.publish(scene.approval(sign=lambda p: armor(HEAD.key, p, **wrong)))


def rewritten(change: Callable[[str], str]) -> Act:
    """An approval whose armor is changed as a text."""
    return lambda scene: scene.publish(scene.approval(sign=lambda p: change(armor(HEAD.key, p))))


def by_key(key: Callable[[], Key], **wrong: Any) -> Act:
    """An approval under the head's name by a key that no policy names."""
    return lambda scene: scene.publish(scene.approval(sign=lambda p: armor(key(), p, **wrong)))


def with_public(blob: Callable[[], bytes], inner: bytes = string(b"x") + string(b"y")) -> Act:
    """An approval that claims a public key of some kind."""
    return lambda scene: scene.publish(
        scene.approval(sign=lambda p: armor(HEAD.key, p, public=blob(), inner=inner))
    )


def in_office(key: Callable[[], Key], **wrong: Any) -> Act:
    """An approval by a second key that the policy gives the head."""

    def act(scene: Scene) -> None:
        listed(scene, key())
        given = {name: value() if callable(value) else value for name, value in wrong.items()}
        scene.publish(scene.approval(sign=lambda p: armor(key(), p, **given)))

    return act


def listed(scene: Scene, key: Key) -> None:
    """The head gets another key beside his first."""
    mine = person_table(HEAD, "head", root="true")
    both = person_table(HEAD, "head", root="true", keys=[HEAD.key.line, key.line])
    scene.enacts(people=PEOPLE.replace(mine, both))


def dss(r: int, s: int) -> bytes:
    """An ECDSA signature of two numbers."""
    return string(b"ecdsa-sha2-nistp256") + string(mpint(r) + mpint(s))


def head_ecdsa() -> Key:
    return ecdsa_key("camat")


def two_bits_more(text: str) -> str:
    """The same bytes in base64, with an unused bit of the last letter set."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    body, sign, end = text.partition("=")
    again = body[:-1] + alphabet[alphabet.index(body[-1]) + 1] + sign + end
    assert sign
    assert base64.b64decode(_inside(again)) == base64.b64decode(_inside(text))
    return again


def _inside(text: str) -> str:
    return "".join(text.splitlines()[1:-1])


SIGNATURES.each(
    "WRONG_NAMESPACE",
    [
        ("namespace_file", made(namespace=b"file")),
        ("namespace_of_policies", made(namespace=b"sop-policy")),
        ("namespace_empty", made(namespace=b"")),
        ("namespace_in_capitals", made(namespace=b"GIT")),
        ("namespace_with_a_nul", made(namespace=b"git\0")),
        ("namespace_with_a_space", made(namespace=b"git ")),
    ],
    row=7,
)
SIGNATURES.each(
    "SIGNATURE_GRAMMAR",
    [
        ("namespace_not_utf8", made(namespace=b"git\xff")),
        ("reserved_not_empty", made(reserved=b"x")),
        ("hash_sha384", made(hashed="sha384")),
        ("hash_sha1", made(hashed="sha1")),
        ("hash_in_capitals", made(hashed="SHA512")),
        ("version_0", made(version=0)),
        ("version_2", made(version=2)),
        ("other_magic", made(magic=b"SSHSIH")),
        ("bytes_after_the_end", made(tail=b"\0")),
        ("bytes_after_the_inner_signature", made(inner_tail=b"\0")),
        ("inner_signature_cut_short", made(inner=string(b"ssh-ed25519") + b"\0\0\0\x40abc")),
        ("inner_signature_empty", made(inner=b"")),
        ("inner_kind_not_ascii", made(inner=string(b"ssh-\xff") + string(b"x"))),
        ("wrapped_at_76", lambda s: _at_columns(s, 76)),
        ("wrapped_at_64", lambda s: _at_columns(s, 64)),
        ("wrapped_at_69", lambda s: _at_columns(s, 69)),
        ("one_long_line", lambda s: _at_columns(s, 9999)),
        ("trailing_blank_line", rewritten(lambda t: t + "\n")),
        ("leading_blank_line", rewritten(lambda t: "\n" + t)),
        ("leading_text", rewritten(lambda t: "Comment: x\n" + t)),
        ("trailing_text", rewritten(lambda t: t + "x\n")),
        ("two_armors", rewritten(lambda t: t + t)),
        ("blank_line_inside", rewritten(lambda t: t.replace("\n", "\n\n", 1))),
        ("space_at_a_line_end", rewritten(lambda t: t.replace("\n", " \n", 2))),
        ("tab_at_a_line_start", rewritten(lambda t: t.replace("\nU", "\n\tU", 1))),
        ("unused_bits_set", rewritten(two_bits_more)),
        ("one_equals_sign_more", rewritten(lambda t: t.replace("\n-----END", "=\n-----END"))),
        ("letters_for_the_web", rewritten(lambda t: t.replace("/", "_").replace("+", "-") + _always(t))),
        ("other_begin_line", rewritten(lambda t: t.replace("BEGIN SSH", "BEGIN ssh"))),
        ("other_end_line", rewritten(lambda t: t.replace("END SSH", "END ssh"))),
        ("no_end_line", rewritten(lambda t: t.rpartition("-----END")[0])),
        ("nothing_inside", rewritten(lambda t: wrapped(b""))),
        ("empty_header", rewritten(lambda t: "")),
        ("not_ascii", rewritten(lambda t: t.replace("U", "Ü", 1))),
    ],
    row=21,
)
SIGNATURES.each(
    "HEADER_GRAMMAR SIGNATURE_GRAMMAR",
    [("carriage_returns_in_the_armor", rewritten(lambda t: t.replace("\n", "\r\n")))],
    row=21,
)
SIGNATURES.each(
    "SIGNATURE_GRAMMAR UNKNOWN_KEY",
    [
        ("public_key_with_bytes_after_it", with_public(lambda: HEAD.key.blob + b"\0")),
        ("public_key_cut_short", with_public(lambda: HEAD.key.blob[:-1])),
        ("ed25519_key_of_31_bytes", with_public(lambda: string(b"ssh-ed25519") + string(b"x" * 31))),
        ("point_off_the_curve", with_public(lambda: _point(b"\x04" + b"\x01" * 64))),
        ("point_compressed", with_public(lambda: _point(b"\x02" + b"\x01" * 32))),
        ("point_at_infinity", with_public(lambda: _point(b"\0"))),
        (
            "curve_of_another_name",
            with_public(lambda: head_ecdsa().blob.replace(b"\x08nistp256", b"\x08nistp521")),
        ),
        ("rsa_exponent_one", with_public(lambda: _rsa(1, 3072))),
        ("rsa_exponent_even", with_public(lambda: _rsa(4, 3072))),
        (
            "rsa_modulus_padded",
            with_public(lambda: string(b"ssh-rsa") + mpint(65537) + string(b"\0\0" + b"\xff" * 384)),
        ),
        (
            "rsa_modulus_negative",
            with_public(lambda: string(b"ssh-rsa") + mpint(65537) + string(b"\xff" * 384)),
        ),
    ],
    row=8,
)
SIGNATURES.each(
    "KEY_TYPE UNKNOWN_KEY",
    [
        ("rsa_of_2048_bits", by_key(lambda: rsa_key(2048))),
        ("rsa_of_3071_bits", with_public(lambda: _rsa(65537, 3071))),
        ("rsa_of_16385_bits", with_public(lambda: _rsa(65537, 16385))),
        ("ecdsa_p384", by_key(lambda: ecdsa_key("orang", ec.SECP384R1), kind="ecdsa-sha2-nistp384")),
        ("ecdsa_p521", by_key(lambda: ecdsa_key("orang", ec.SECP521R1), kind="ecdsa-sha2-nistp521")),
        ("dsa", with_public(lambda: string(b"ssh-dss") + mpint(7) * 4)),
        ("ed448", with_public(lambda: string(b"ssh-ed448") + string(b"x" * 57))),
        ("certificate", with_public(lambda: string(b"ssh-ed25519-cert-v01@openssh.com") + string(b"n" * 32))),
        (
            "ecdsa_certificate",
            with_public(lambda: string(b"ecdsa-sha2-nistp256-cert-v01@openssh.com") + b"\0"),
        ),
        ("key_type_empty", with_public(lambda: string(b""))),
        ("key_type_in_capitals", with_public(lambda: HEAD.key.blob.replace(b"ssh-ed", b"SSH-ed"))),
    ],
    row=8,
)
SIGNATURES.each(
    "KEY_TYPE",
    [
        ("inner_kind_rsa_by_an_ed25519_key", made(kind="rsa-sha2-512")),
        ("inner_kind_ecdsa_by_an_ed25519_key", made(kind="ecdsa-sha2-nistp256")),
        ("inner_kind_unknown", made(kind="none")),
        ("inner_kind_empty", made(inner=string(b"") + string(b""))),
        ("inner_kind_ed25519_by_an_ecdsa_key", in_office(head_ecdsa, kind="ssh-ed25519")),
        ("rsa_with_sha1", in_office(lambda: rsa_key(3072), kind="ssh-rsa")),
        ("inner_kind_ed25519_by_an_rsa_key", in_office(lambda: rsa_key(3072), kind="ssh-ed25519")),
    ],
    row=8,
)
SIGNATURES.each(
    "BAD_SIGNATURE",
    [
        (
            "words_changed",
            lambda s: s.publish(s.approval(after=lambda raw: raw.replace(b"Setujui", b"Setuju!"))),
        ),
        ("draft_changed", lambda s: _moved(s, lambda raw: raw)),
        ("other_hash_than_it_says", lambda s: s.publish(s.approval(sign=_claims_sha256))),
        ("signature_of_another_approval", lambda s: _reused(s)),
        ("signature_of_the_previous_approval", lambda s: _borrowed(s)),
        (
            "payload_with_the_final_line_feed_twice",
            lambda s: s.publish(s.approval(sign=lambda p: armor(HEAD.key, p + b"\n"))),
        ),
        (
            "signature_over_the_tree_alone",
            lambda s: s.publish(s.approval(sign=lambda p: armor(HEAD.key, p[:46]))),
        ),
        ("all_zero", made(inner=string(b"ssh-ed25519") + string(b"\0" * 64))),
        ("one_byte_short", made(inner=string(b"ssh-ed25519") + string(b"\0" * 63))),
        ("no_bytes", made(inner=string(b"ssh-ed25519") + string(b""))),
        ("s_plus_the_order", lambda s: s.publish(s.approval(sign=_grown))),
        ("ecdsa_s_is_the_order", in_office(head_ecdsa, inner=lambda: dss(1, ORDER))),
        ("ecdsa_r_of_a_thousand_bytes", in_office(head_ecdsa, inner=lambda: dss(2**8000, 1))),
        (
            "rsa_zero",
            in_office(lambda: rsa_key(3072), inner=lambda: string(b"rsa-sha2-512") + string(b"\0" * 384)),
        ),
        (
            "rsa_one_byte_short",
            in_office(lambda: rsa_key(3072), inner=lambda: string(b"rsa-sha2-512") + string(b"\1" * 383)),
        ),
        (
            "rsa_with_a_zero_before",
            in_office(lambda: rsa_key(3072), inner=lambda: string(b"rsa-sha2-512") + string(b"\0" * 385)),
        ),
    ],
    row=6,
)

SIGNATURES.each(
    "BAD_SIGNATURE SIGNATURE_GRAMMAR",
    [
        ("ecdsa_zeros", in_office(head_ecdsa, inner=lambda: dss(0, 0))),
        ("ecdsa_r_zero", in_office(head_ecdsa, inner=lambda: dss(0, 1))),
        ("ecdsa_negative", in_office(head_ecdsa, inner=lambda: _numbers(string(b"\xff") + mpint(1)))),
        ("ecdsa_padded", in_office(head_ecdsa, inner=lambda: _numbers(string(b"\0\0\x01") + mpint(1)))),
        ("ecdsa_one_number", in_office(head_ecdsa, inner=lambda: _numbers(mpint(1)))),
        ("ecdsa_three_numbers", in_office(head_ecdsa, inner=lambda: _numbers(mpint(1) * 3))),
    ],
    row=6,
)


def _at_columns(scene: Scene, columns: int) -> None:
    scene.publish(scene.approval(sign=lambda p: wrapped(blob_of(HEAD.key, p), columns)))


def _always(text: str) -> str:
    """Something to refuse even in the rare armor without such letters."""
    return "" if "/" in text or "+" in text else "_"


def _point(point: bytes) -> bytes:
    return string(b"ecdsa-sha2-nistp256") + string(b"nistp256") + string(point)


def _rsa(exponent: int, bits: int) -> bytes:
    return string(b"ssh-rsa") + mpint(exponent) + mpint(2**bits - 1)


def _numbers(raw: bytes) -> bytes:
    return string(b"ecdsa-sha2-nistp256") + string(raw)


def _claims_sha256(payload: bytes) -> str:
    inner = HEAD.key.inner(signed_data(payload, b"git", hashed="sha512"))
    return armor(HEAD.key, payload, hashed="sha256", inner=inner)


def _grown(payload: bytes) -> str:
    inner = HEAD.key.inner(signed_data(payload, b"git"))
    s = int.from_bytes(inner[-32:], "little") + EDWARDS_ORDER
    return armor(HEAD.key, payload, inner=inner[:-32] + s.to_bytes(32, "little"))


def _moved(scene: Scene, _change: Callable[[bytes], bytes]) -> None:
    """A signature given for one draft, put on a merge of another."""
    given = armor(HEAD.key, scene.payload())
    other = scene.announces("lain")
    scene.publish(scene.seal(scene.payload(other), given))


def _reused(scene: Scene) -> None:
    first = scene.payload()
    scene.publish(scene.seal(scene.payload(), armor(HEAD.key, first)))


def _borrowed(scene: Scene) -> None:
    raw = scene.objects[scene.tip][1].partition(b"\n\n")[0]
    old = raw.partition(b"\ngpgsig ")[2].replace(b"\n ", b"\n") + b"\n"
    scene.publish(scene.approval(sign=lambda _p: old))


@SIGNATURES.attack("UNSIGNED", row=1)
def no_signature(scene: Scene) -> None:
    scene.publish(scene.approval(sign=lambda _p: None))


@SIGNATURES.attack("UNSIGNED", "HEADER_GRAMMAR", row=1)
def signature_in_the_message(scene: Scene) -> None:
    """An armor at the place of a header that nobody reads as one."""
    made = scene.payload()
    folded = armor(HEAD.key, made).replace("\n", "\n ").encode()
    scene.publish(scene.seal(made.replace(b"\n\n", b"\ngpgsign " + folded + b"x\n\n", 1), None))


@SIGNATURES.attack("UNKNOWN_KEY", row=3)
def stranger_under_the_heads_name(scene: Scene) -> None:
    scene.publish(scene.approval(key=STRANGER.key))


@SIGNATURES.attack("UNKNOWN_KEY", row=3)
def another_key_of_the_same_person_that_is_not_listed(scene: Scene) -> None:
    scene.publish(scene.approval(key=ed25519_key("camat, ponsel baru")))


@SIGNATURES.attack("UNKNOWN_KEY", row=3)
def stranger_under_his_own_name(scene: Scene) -> None:
    scene.publish(scene.approval(by=STRANGER))


@SIGNATURES.attack("BAD_SIGNATURE", row=6)
def the_heads_public_key_beside_a_strangers_signature(scene: Scene) -> None:
    def sign(payload: bytes) -> str:
        inner = STRANGER.key.inner(signed_data(payload, b"git"))
        return armor(HEAD.key, payload, inner=inner)

    scene.publish(scene.approval(sign=sign))


@SIGNATURES.attack("BAD_SIGNATURE", "UNKNOWN_KEY", row=8)
def an_even_rsa_modulus(scene: Scene) -> None:
    blob = string(b"ssh-rsa") + mpint(65537) + mpint(2**3071)
    inner = string(b"rsa-sha2-512") + string(b"\1" * 384)
    scene.publish(scene.approval(sign=lambda p: armor(HEAD.key, p, public=blob, inner=inner)))


@SIGNATURES.attack("BAD_SIGNATURE", "UNKNOWN_KEY", row=8)
def an_rsa_exponent_that_no_library_computes(scene: Scene) -> None:
    """OpenSSL answers with an error of its own, not with a verdict."""
    blob = string(b"ssh-rsa") + mpint(2**90 + 1) + rsa_key(4096).blob[-517:]
    inner = string(b"rsa-sha2-512") + string(b"\1" * 512)
    scene.publish(scene.approval(sign=lambda p: armor(HEAD.key, p, public=blob, inner=inner)))


@pytest.mark.parametrize("attack", SIGNATURES.attacks, ids=str)
def test_a_signature_counts_for_these_bytes_by_this_person_alone(scene: Scene, attack: Attack) -> None:
    must_be_refused(attack, scene, ask_git=True)
