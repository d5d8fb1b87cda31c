"""Public keys as SSH writes them: the types that may sign (protocol §4.3), each checked to its last byte."""

import base64
import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from sop_site.approval import ssh_wire
from sop_site.approval.ssh_wire import Malformed

ED25519 = "ssh-ed25519"
ECDSA = "ecdsa-sha2-nistp256"
RSA = "ssh-rsa"
SK_ED25519 = "sk-ssh-ed25519@openssh.com"
SK_ECDSA = "sk-ecdsa-sha2-nistp256@openssh.com"
SECURITY_KEYS = frozenset({SK_ED25519, SK_ECDSA})
RSA_BITS = range(3072, 16385)
_CURVE = b"nistp256"
_POINT_LENGTH = 65
_UNSHOWN = re.compile(r"[\x00-\x1f\x7f]")

Material = ed25519.Ed25519PublicKey | ec.EllipticCurvePublicKey | rsa.RSAPublicKey


class KeyTypeRefused(ValueError):
    """A key or signature of a type that is not admitted."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key of an admitted type."""

    kind: str
    material: Material
    application: str | None = None
    """Security keys only: what the key was made for, ``ssh:`` or the RP id of a passkey."""


@lru_cache(maxsize=64)
def parse(blob: bytes) -> PublicKey:
    """The key of an SSH blob; ``KeyTypeRefused`` or ``Malformed`` where it is none that is admitted."""
    kind = key_type(blob)
    rest = ssh_wire.take(blob)[1]
    try:
        if kind in (ED25519, SK_ED25519):
            raw, rest = ssh_wire.take(rest)
            material: Material = ed25519.Ed25519PublicKey.from_public_bytes(raw)
        elif kind in (ECDSA, SK_ECDSA):
            material, rest = _ecdsa(rest)
        elif kind == RSA:
            material, rest = _rsa(rest)
        else:
            raise KeyTypeRefused(f"key type {kind!r}")
        application = None
        if kind in SECURITY_KEYS:
            application, rest = _application(rest)
        ssh_wire.end(rest)
    except KeyTypeRefused:
        raise
    except (ValueError, UnsupportedAlgorithm) as error:
        raise Malformed(f"{kind} key: {error}") from error
    return PublicKey(kind, material, application)


def key_type(blob: bytes) -> str:
    """The type that a public key blob names."""
    return ssh_wire.name(ssh_wire.take(blob)[0])


def fingerprint(blob: bytes) -> str:
    """``SHA256:`` and base64 without padding, as ``ssh-keygen -l`` prints it."""
    return "SHA256:" + base64.b64encode(hashlib.sha256(blob).digest()).decode("ascii").rstrip("=")


def passkey_blob(key: ec.EllipticCurvePublicKey, application: str) -> bytes:
    """The blob of a passkey's P-256 key, whose application is the RP id."""
    numbers = key.public_numbers()
    point = b"\x04" + numbers.x.to_bytes(32, "big") + numbers.y.to_bytes(32, "big")
    parts = (SK_ECDSA.encode("ascii"), _CURVE, point, application.encode())
    return b"".join(ssh_wire.string(part) for part in parts)


def _ecdsa(rest: bytes) -> tuple[ec.EllipticCurvePublicKey, bytes]:
    curve, rest = ssh_wire.take(rest)
    point, rest = ssh_wire.take(rest)
    if curve != _CURVE or len(point) != _POINT_LENGTH:
        raise Malformed("not an uncompressed point on nistp256")
    return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point), rest


def _rsa(rest: bytes) -> tuple[rsa.RSAPublicKey, bytes]:
    exponent, rest = ssh_wire.take_mpint(rest)
    modulus, rest = ssh_wire.take_mpint(rest)
    if modulus.bit_length() not in RSA_BITS:
        raise KeyTypeRefused(f"RSA of {modulus.bit_length()} bits")
    return rsa.RSAPublicNumbers(exponent, modulus).public_key(), rest


def _application(rest: bytes) -> tuple[str, bytes]:
    raw, rest = ssh_wire.take(rest)
    text = raw.decode("utf-8")
    if not text or _UNSHOWN.search(text):
        raise Malformed("the application is empty or holds control characters")
    return text, rest
