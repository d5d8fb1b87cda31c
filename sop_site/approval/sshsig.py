"""SSHSIG, OpenSSH's signature format (PROTOCOL.sshsig): armor, grammar and native verification (§4.2-3)."""

import base64
import binascii
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from sop_site.approval import public_keys, security_keys, ssh_wire, webauthn
from sop_site.approval.public_keys import KeyTypeRefused, PublicKey, fingerprint, key_type
from sop_site.approval.reasons import Reasons
from sop_site.approval.security_keys import PRESENT, Touch
from sop_site.approval.ssh_wire import Malformed
from sop_site.approval.webauthn import Answer, Objection, Place

__all__ = [
    "BEGIN", "KeyTypeRefused", "Malformed", "Signature", "armor", "fingerprint", "judge", "parse",
    "signed_data", "verify",
]  # fmt: skip

BEGIN = "-----BEGIN SSH SIGNATURE-----"
END = "-----END SSH SIGNATURE-----"
MAGIC = b"SSHSIG"
COLUMNS = 70
LIMIT = 256 * 1024
"""Bytes of the longest armor: many times what the largest key and a browser's answer take."""
_REMEMBERED = 16 * 1024
"""Longest armor that is remembered, in bytes; nobody may fill our memory with signatures."""
_RSA_HASHES: dict[str, hashes.HashAlgorithm] = {
    "rsa-sha2-256": hashes.SHA256(),
    "rsa-sha2-512": hashes.SHA512(),
}
_HASHES = ("sha256", "sha512")
# What a key of each type may sign with.
_SIGNATURES: Mapping[str, frozenset[str]] = {
    public_keys.ED25519: frozenset({public_keys.ED25519}),
    public_keys.ECDSA: frozenset({public_keys.ECDSA}),
    public_keys.RSA: frozenset(_RSA_HASHES),
    public_keys.SK_ED25519: frozenset({public_keys.SK_ED25519}),
    public_keys.SK_ECDSA: frozenset({public_keys.SK_ECDSA, webauthn.KIND}),
}
_ADMITTED = frozenset().union(*_SIGNATURES.values())
_TOUCHED = public_keys.SECURITY_KEYS | {webauthn.KIND}


@dataclass(frozen=True, slots=True)
class Signature:
    """One parsed SSHSIG."""

    public_key: bytes
    """The signer's public key as an SSH blob."""
    namespace: str
    hash: str
    """``sha256`` or ``sha512``."""
    kind: str
    """Type of the inner signature, ``ssh-ed25519`` …"""
    raw: bytes
    """The inner signature without its type and what follows it."""
    touch: Touch | None = None
    """Flags and counter of a security key."""
    answer: Answer | None = None
    """What the browser said, for a passkey."""

    @property
    def fingerprint(self) -> str:
        """OpenSSH fingerprint of the signing key."""
        return fingerprint(self.public_key)

    @property
    def place(self) -> Place | None:
        """Where a passkey signed; ``None`` for other signatures, and for keys that cannot be read."""
        if self.answer is None:
            return None
        try:
            application = public_keys.parse(self.public_key).application
        except (KeyTypeRefused, Malformed):
            return None
        return Place(application or "", self.answer.origin.decode("utf-8", "replace"))


def signed_data(payload: bytes, namespace: str, hash: str = "sha512") -> bytes:  # noqa: A002 - the format's word
    """What the key signs for ``payload``: magic, namespace, empty reserved, hash name, digest."""
    digest = hashlib.new(hash, payload).digest()
    parts = (namespace.encode(), b"", hash.encode("ascii"), digest)
    return MAGIC + b"".join(ssh_wire.string(part) for part in parts)


def armor(
    public_key: bytes,
    signature: bytes,
    namespace: str,
    hash: str = "sha512",  # noqa: A002 - the format's word
) -> str:
    """An armored SSHSIG of a key blob and a signature blob (type and raw bytes), with a final LF."""
    parts = (public_key, namespace.encode(), b"", hash.encode("ascii"), signature)
    return _armored(MAGIC + (1).to_bytes(4, "big") + b"".join(ssh_wire.string(part) for part in parts))


def parse(armored: bytes) -> Signature:
    """The signature in an armor with one final LF; ``Malformed`` if re-encoding it gives other bytes."""
    return _remembered(armored) if len(armored) <= _REMEMBERED else _parse(armored)


@lru_cache(maxsize=256)
def _remembered(armored: bytes) -> Signature:
    """Each signature is looked at twice: when it is verified ahead, and in its turn."""
    return _parse(armored)


def _parse(armored: bytes) -> Signature:
    if len(armored) > LIMIT:
        raise Malformed(f"an armor longer than {LIMIT} bytes")
    try:
        lines = armored.decode("ascii").split("\n")
        if lines[0] != BEGIN or lines[-2:] != [END, ""]:
            raise Malformed("no SSH signature armor")
        blob = base64.b64decode("".join(lines[1:-2]), validate=True)
    except (UnicodeDecodeError, binascii.Error, IndexError) as error:
        raise Malformed("the armor is not base64") from error
    if _armored(blob).encode("ascii") != armored:
        raise Malformed("the armor is not as OpenSSH writes it")
    return _parse_blob(blob)


def judge(signature: Signature, payload: bytes, reasons: Reasons) -> None:
    """Note everything about the signature over ``payload`` that is wrong whatever the policy says.

    The namespace is the caller's to compare: a good signature for another purpose is a good signature.
    Where a passkey may be used is the policy's to say (``webauthn.judge_place``).
    """
    try:
        key = public_keys.parse(signature.public_key)
    except KeyTypeRefused as error:
        reasons.add("KEY_TYPE", str(error)[:200])
        return
    except Malformed as error:
        reasons.add("SIGNATURE_GRAMMAR", str(error)[:200])
        return
    if signature.kind not in _SIGNATURES[key.kind]:
        reasons.add("KEY_TYPE", f"signature type {signature.kind[:100]!r} by a {key.kind} key")
        return
    data = signed_data(payload, signature.namespace, signature.hash)
    if signature.touch is not None:
        _judge_touch(signature, signature.touch, data, reasons)
        data = _touched(key, signature, signature.touch, data)
    try:
        _check(key, signature, data)
    except InvalidSignature:
        reasons.add("BAD_SIGNATURE", "the signature does not fit what it stands on")
    except Malformed as error:
        # Bytes that are no pair of numbers are no signature either.
        reasons.add("SIGNATURE_GRAMMAR", str(error)[:200])
        reasons.add("BAD_SIGNATURE", "the signature does not fit what it stands on")


def verify(signature: Signature, payload: bytes) -> bool:
    """Whether nothing is wrong with the signature over ``payload`` under its own namespace."""
    reasons = Reasons(None)
    judge(signature, payload, reasons)
    return not reasons


def _judge_touch(signature: Signature, touch: Touch, data: bytes, reasons: Reasons) -> None:
    if signature.answer is None:
        if not touch.has(PRESENT):
            reasons.add("BAD_SIGNATURE", "nobody touched the security key")
        return
    for objection in webauthn.objections(signature.answer, touch, data):
        reasons.add(webauthn.CODE, webauthn.DETAILS[objection])
        if objection is Objection.CHALLENGE:
            reasons.add("BAD_SIGNATURE", "the passkey signed something else")


def _touched(key: PublicKey, signature: Signature, touch: Touch, data: bytes) -> bytes:
    """What the key itself signed: the browser's client data in the place of ``data`` for a passkey."""
    application, answer = key.application or "", signature.answer
    if answer is None:
        return security_keys.signed_bytes(application, touch, data)
    return security_keys.signed_bytes(application, touch, answer.client_data, answer.extensions)


def _check(key: PublicKey, signature: Signature, data: bytes) -> None:
    """``InvalidSignature`` or ``Malformed`` unless the key signed ``data``."""
    material = key.material
    if isinstance(material, ed25519.Ed25519PublicKey):
        material.verify(signature.raw, data)
    elif isinstance(material, ec.EllipticCurvePublicKey):
        material.verify(_dss(signature.raw), data, ec.ECDSA(hashes.SHA256()))
    else:
        if len(signature.raw) != (material.key_size + 7) // 8:
            raise InvalidSignature
        material.verify(signature.raw, data, padding.PKCS1v15(), _RSA_HASHES[signature.kind])


def _parse_blob(blob: bytes) -> Signature:
    if blob[:6] != MAGIC or blob[6:10] != (1).to_bytes(4, "big"):
        raise Malformed("not SSHSIG version 1")
    public, rest = ssh_wire.take(blob[10:])
    namespace, rest = ssh_wire.take(rest)
    reserved, rest = ssh_wire.take(rest)
    hash_name, rest = ssh_wire.take(rest)
    inner, rest = ssh_wire.take(rest)
    ssh_wire.end(rest)
    if reserved:
        raise Malformed("the reserved field is not empty")
    if ssh_wire.name(hash_name) not in _HASHES:
        raise Malformed("hash is neither sha256 nor sha512")
    key_type(public)
    kind, raw, touch, answer = _parse_inner(inner)
    return Signature(public, _utf8(namespace), ssh_wire.name(hash_name), kind, raw, touch, answer)


def _parse_inner(inner: bytes) -> tuple[str, bytes, Touch | None, Answer | None]:
    """Type, signature and what security keys and browsers add; types not admitted are read no further."""
    first, rest = ssh_wire.take(inner)
    kind = ssh_wire.name(first)
    if kind not in _ADMITTED:
        return kind, rest, None, None
    touch, answer = None, None
    raw, rest = ssh_wire.take(rest)
    if kind in _TOUCHED:
        touch, rest = security_keys.take_touch(rest)
    if kind == webauthn.KIND:
        answer, rest = webauthn.take_answer(rest)
    ssh_wire.end(rest)
    return kind, raw, touch, answer


def _dss(raw: bytes) -> bytes:
    r, rest = ssh_wire.take_mpint(raw)
    s, rest = ssh_wire.take_mpint(rest)
    ssh_wire.end(rest)
    return encode_dss_signature(r, s)


def _armored(blob: bytes) -> str:
    text = base64.b64encode(blob).decode("ascii")
    lines = [text[start : start + COLUMNS] for start in range(0, len(text), COLUMNS)]
    return "\n".join([BEGIN, *lines, END, ""])


def _utf8(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Malformed("the namespace is not UTF-8") from error
