"""Passkeys between a browser and the protocol: registration → key of the policy, answer → SSHSIG (§4.3).

Values only: whoever serves the page brings the bytes that the browser gave. What a verifier would refuse is
refused here at once, with the code of a sentence that tells the person at the desk what to do.
"""

import base64
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import load_der_public_key

from sop_site.approval import public_keys, security_keys, ssh_wire, sshsig, webauthn
from sop_site.approval.security_keys import ATTESTED, PRESENT, VERIFIED, Touch
from sop_site.approval.webauthn import Answer, Objection, Place, Webauthn
from sop_site.errors import AnswerIsNo

_HASH_LENGTH = 32
_AAGUID_LENGTH = 16
# An ES256 key in the one encoding that CTAP2 allows (RFC 9053 §7.1.1, canonical CBOR): kty, alg, crv, x, y.
_COSE = re.compile(rb"\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20(.{32})\x22\x58\x20(.{32})", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Registered:
    """A passkey that may sign once its line stands in the policy."""

    credential_id: bytes
    """What a page names when it asks for this passkey."""
    public: str
    """The two-field public key line."""


@dataclass(frozen=True, slots=True)
class Assertion:
    """A browser's answer to ``navigator.credentials.get``, each part byte for byte as it was given."""

    client_data: bytes
    authenticator_data: bytes
    signature: bytes
    """DER, as WebAuthn has it for ES256."""


def register(
    client_data: bytes, authenticator_data: bytes, *, challenge: bytes, rules: Webauthn | None
) -> Registered:
    """The passkey in an answer to ``navigator.credentials.create``; ``AnswerIsNo`` where it could not sign.

    ``challenge`` is what the page asked with, so that the answer is one to this very request.
    """
    if rules is None:
        raise AnswerIsNo(Objection.NOT_ADMITTED.value)
    made_for, touch, attested = _authenticator_data(authenticator_data)
    origin = _origin_of_creation(client_data, challenge)
    _refuse_other_rp(made_for, rules.rp_id)
    _refuse_first(webauthn.misplacements(Place(rules.rp_id, origin), rules))
    for flag, objection in ((PRESENT, Objection.PRESENCE), (VERIFIED, Objection.VERIFICATION)):
        if not touch.has(flag):
            raise AnswerIsNo(objection.value)
    if not touch.has(ATTESTED) or len(attested) < _AAGUID_LENGTH + 2:
        raise AnswerIsNo("passkey-unreadable")
    length = int.from_bytes(attested[_AAGUID_LENGTH : _AAGUID_LENGTH + 2], "big")
    named = attested[_AAGUID_LENGTH + 2 :]
    return Registered(named[:length], line_from_cose(named[length:], rules.rp_id))


def line_from_spki(key: bytes, rp_id: str) -> str:
    """The two-field line of a key as ``getPublicKey()`` gives it (SubjectPublicKeyInfo in DER)."""
    try:
        found = load_der_public_key(key)
    except UnsupportedAlgorithm as error:
        raise AnswerIsNo("passkey-key-kind") from error
    except ValueError as error:
        raise AnswerIsNo("passkey-unreadable") from error
    if not isinstance(found, ec.EllipticCurvePublicKey) or not isinstance(found.curve, ec.SECP256R1):
        raise AnswerIsNo("passkey-key-kind")
    return _line(found, rp_id)


def line_from_cose(key: bytes, rp_id: str) -> str:
    """The two-field line of a key as authenticator data carries it; extensions may follow the key."""
    found = _COSE.match(key)
    if found is None:
        raise AnswerIsNo("passkey-key-kind")
    x, y = (int.from_bytes(part, "big") for part in found.groups())
    try:
        return _line(ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key(), rp_id)
    except ValueError as error:
        raise AnswerIsNo("passkey-key-kind") from error


def challenge(payload: bytes, namespace: str) -> bytes:
    """What a page asks the passkey to sign for ``payload``: SSHSIG's signed data itself, no hash of it."""
    return sshsig.signed_data(payload, namespace)


def armor(public: str, assertion: Assertion, payload: bytes, namespace: str, rules: Webauthn | None) -> str:
    """The armored SSHSIG over ``payload`` by the key of a policy line.

    ``AnswerIsNo`` where the verifier would refuse it.
    """
    blob = base64.b64decode(public.split(" ")[1])
    rp_id = public_keys.parse(blob).application or ""
    made_for, touch, extensions = _authenticator_data(assertion.authenticator_data)
    answer = Answer(_origin(assertion.client_data).encode(), assertion.client_data, extensions)
    _refuse_first(webauthn.objections(answer, touch, challenge(payload, namespace)))
    _refuse_other_rp(made_for, rp_id)
    _refuse_first(webauthn.misplacements(Place(rp_id, answer.origin.decode()), rules))
    inner = ssh_wire.string(webauthn.KIND.encode("ascii")) + _numbers(assertion.signature)
    armored = sshsig.armor(blob, inner + touch.wire + answer.wire, namespace)
    if not sshsig.verify(sshsig.parse(armored.encode("ascii")), payload):
        raise AnswerIsNo("passkey-signature")
    return armored


def _authenticator_data(data: bytes) -> tuple[bytes, Touch, bytes]:
    """Hash of the RP id, flags with counter, and what follows: attested data, extensions (WebAuthn §6.1)."""
    try:
        made_for, rest = ssh_wire.take_exactly(data, _HASH_LENGTH)
        touch, rest = security_keys.take_touch(rest)
    except ssh_wire.Malformed as error:
        raise AnswerIsNo("passkey-unreadable") from error
    return made_for, touch, rest


def _members(client_data: bytes) -> dict[str, object]:
    said = webauthn.members(client_data)
    if said is None:
        raise AnswerIsNo(Objection.CLIENT_DATA.value)
    return said


def _origin(client_data: bytes) -> str:
    """The origin that the browser names; a lone surrogate, which no origin holds, becomes a question mark."""
    return str(_members(client_data).get("origin", "")).encode("utf-8", "replace").decode()


def _origin_of_creation(client_data: bytes, challenge: bytes) -> str:
    """The origin where a passkey was made for this request and no other."""
    said = _members(client_data)
    if said.get("type") != "webauthn.create":
        raise AnswerIsNo(Objection.TYPE.value)
    if said.get("challenge") != webauthn.challenge_text(challenge):
        raise AnswerIsNo(Objection.CHALLENGE.value)
    if said.get("crossOrigin", False) is not False:
        raise AnswerIsNo(Objection.CROSS_ORIGIN.value)
    return _origin(client_data)


def _refuse_first(objections: Iterator[Objection]) -> None:
    for objection in objections:
        raise AnswerIsNo(objection.value)


def _refuse_other_rp(made_for: bytes, rp_id: str) -> None:
    if made_for != hashlib.sha256(rp_id.encode()).digest():
        raise AnswerIsNo(Objection.RP_ID.value)


def _numbers(signature: bytes) -> bytes:
    """r and s of a DER signature as SSH writes them."""
    try:
        r, s = decode_dss_signature(signature)
    except ValueError as error:
        raise AnswerIsNo("passkey-unreadable") from error
    return ssh_wire.string(ssh_wire.mpint(r) + ssh_wire.mpint(s))


def _line(key: ec.EllipticCurvePublicKey, rp_id: str) -> str:
    blob = public_keys.passkey_blob(key, rp_id)
    return f"{public_keys.SK_ECDSA} {base64.b64encode(blob).decode('ascii')}"
