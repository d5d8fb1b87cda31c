"""SSHSIG, OpenSSH's signature format (PROTOCOL.sshsig): armor, grammar and native verification (§4.2-3)."""

import base64
import binascii
import hashlib
from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

BEGIN = "-----BEGIN SSH SIGNATURE-----"
END = "-----END SSH SIGNATURE-----"
MAGIC = b"SSHSIG"
COLUMNS = 70
ED25519 = "ssh-ed25519"
ECDSA = "ecdsa-sha2-nistp256"
RSA = "ssh-rsa"
SECURITY_KEYS = frozenset({"sk-ssh-ed25519@openssh.com", "sk-ecdsa-sha2-nistp256@openssh.com"})
RSA_BITS = range(3072, 16385)
_RSA_HASHES: dict[str, hashes.HashAlgorithm] = {
    "rsa-sha2-256": hashes.SHA256(),
    "rsa-sha2-512": hashes.SHA512(),
}
_HASHES = ("sha256", "sha512")
_POINT_LENGTH = 65

PublicKey = ed25519.Ed25519PublicKey | ec.EllipticCurvePublicKey | rsa.RSAPublicKey


class Malformed(ValueError):
    """Bytes that are not what the format says; the text is a short English reason."""


class KeyTypeRefused(ValueError):
    """A key or signature of a type that is not admitted."""


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
    """The inner signature without its type."""

    @property
    def fingerprint(self) -> str:
        """OpenSSH fingerprint of the signing key."""
        return fingerprint(self.public_key)


def fingerprint(public_key: bytes) -> str:
    """``SHA256:`` and base64 without padding, as ``ssh-keygen -l`` prints it."""
    return "SHA256:" + base64.b64encode(hashlib.sha256(public_key).digest()).decode("ascii").rstrip("=")


def signed_data(payload: bytes, namespace: str, hash: str = "sha512") -> bytes:  # noqa: A002 - the format's word
    """What the key signs for ``payload``: magic, namespace, empty reserved, hash name, digest."""
    digest = hashlib.new(hash, payload).digest()
    parts = (namespace.encode(), b"", hash.encode("ascii"), digest)
    return MAGIC + b"".join(_string(part) for part in parts)


def armor(
    public_key: bytes,
    signature: bytes,
    namespace: str,
    hash: str = "sha512",  # noqa: A002 - the format's word
) -> str:
    """An armored SSHSIG of a key blob and a signature blob (type and raw bytes), with a final LF."""
    parts = (public_key, namespace.encode(), b"", hash.encode("ascii"), signature)
    return _armored(MAGIC + (1).to_bytes(4, "big") + b"".join(_string(part) for part in parts))


@lru_cache(maxsize=256)
def parse(armored: bytes) -> Signature:
    """The signature in an armor with one final LF; ``Malformed`` if re-encoding it gives other bytes."""
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


def verify(signature: Signature, payload: bytes) -> bool:
    """Whether the signature fits ``payload`` under its own namespace; ``KeyTypeRefused`` for other types.

    The namespace is the caller's to compare: a good signature for another purpose is a good signature.
    """
    key = public_key(signature.public_key)
    data = signed_data(payload, signature.namespace, signature.hash)
    try:
        if isinstance(key, ed25519.Ed25519PublicKey):
            _expect(signature.kind, ED25519)
            key.verify(signature.raw, data)
        elif isinstance(key, ec.EllipticCurvePublicKey):
            _expect(signature.kind, ECDSA)
            key.verify(_dss(signature.raw), data, ec.ECDSA(hashes.SHA256()))
        else:
            if signature.kind not in _RSA_HASHES:
                raise KeyTypeRefused(f"signature type {signature.kind!r}")
            if len(signature.raw) != (key.key_size + 7) // 8:
                return False
            key.verify(signature.raw, data, padding.PKCS1v15(), _RSA_HASHES[signature.kind])
    except (InvalidSignature, Malformed):
        return False
    return True


def key_type(blob: bytes) -> str:
    """The type that a public key blob names."""
    name, _ = _take(blob)
    return _ascii(name)


def public_key(blob: bytes) -> PublicKey:
    """The key of an SSH blob; ``KeyTypeRefused`` or ``Malformed`` where it is none that is admitted."""
    name, rest = _take(blob)
    kind = _ascii(name)
    try:
        if kind == ED25519:
            raw, rest = _take(rest)
            _end(rest)
            return ed25519.Ed25519PublicKey.from_public_bytes(raw)
        if kind == ECDSA:
            return _ecdsa(rest)
        if kind == RSA:
            return _rsa(rest)
    except KeyTypeRefused:
        raise
    except (ValueError, UnsupportedAlgorithm) as error:
        raise Malformed(f"{kind} key: {error}") from error
    raise KeyTypeRefused(f"key type {kind!r}")


def _ecdsa(rest: bytes) -> ec.EllipticCurvePublicKey:
    curve, rest = _take(rest)
    point, rest = _take(rest)
    _end(rest)
    if curve != b"nistp256" or len(point) != _POINT_LENGTH:
        raise Malformed("not an uncompressed point on nistp256")
    return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)


def _rsa(rest: bytes) -> rsa.RSAPublicKey:
    exponent, rest = _mpint(rest)
    modulus, rest = _mpint(rest)
    _end(rest)
    if modulus.bit_length() not in RSA_BITS:
        raise KeyTypeRefused(f"RSA of {modulus.bit_length()} bits")
    return rsa.RSAPublicNumbers(exponent, modulus).public_key()


def _parse_blob(blob: bytes) -> Signature:
    if blob[:6] != MAGIC or blob[6:10] != (1).to_bytes(4, "big"):
        raise Malformed("not SSHSIG version 1")
    public, rest = _take(blob[10:])
    namespace, rest = _take(rest)
    reserved, rest = _take(rest)
    hash_name, rest = _take(rest)
    inner, rest = _take(rest)
    _end(rest)
    if reserved:
        raise Malformed("the reserved field is not empty")
    if _ascii(hash_name) not in _HASHES:
        raise Malformed("hash is neither sha256 nor sha512")
    key_type(public)
    kind, rest = _take(inner)
    name = _ascii(kind)
    # Security keys append flags and a counter; their types are refused before anybody reads further.
    if name in (ED25519, ECDSA, *_RSA_HASHES):
        raw, rest = _take(rest)
        _end(rest)
    else:
        raw = rest
    return Signature(public, _utf8(namespace), _ascii(hash_name), name, raw)


def _expect(kind: str, wanted: str) -> None:
    if kind != wanted:
        raise KeyTypeRefused(f"signature type {kind!r} by a {wanted} key")


def _dss(raw: bytes) -> bytes:
    r, rest = _mpint(raw)
    s, rest = _mpint(rest)
    _end(rest)
    return encode_dss_signature(r, s)


def _armored(blob: bytes) -> str:
    text = base64.b64encode(blob).decode("ascii")
    lines = [text[start : start + COLUMNS] for start in range(0, len(text), COLUMNS)]
    return "\n".join([BEGIN, *lines, END, ""])


def _string(data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + data


def _take(data: bytes) -> tuple[bytes, bytes]:
    """The leading SSH string (RFC 4251 §5) and what follows it."""
    length = int.from_bytes(data[:4], "big")
    if len(data) < 4 or len(data) - 4 < length:
        raise Malformed("a field is cut short")
    return data[4 : 4 + length], data[4 + length :]


def _mpint(data: bytes) -> tuple[int, bytes]:
    """A positive SSH mpint in its only encoding."""
    raw, rest = _take(data)
    number = int.from_bytes(raw, "big")
    if not raw or raw[0] & 0x80 or raw != number.to_bytes(number.bit_length() // 8 + 1, "big"):
        raise Malformed("not a positive mpint")
    return number, rest


def _end(rest: bytes) -> None:
    if rest:
        raise Malformed("bytes after the end")


def _ascii(data: bytes) -> str:
    try:
        return data.decode("ascii")
    except UnicodeDecodeError as error:
        raise Malformed("a name is not ASCII") from error


def _utf8(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Malformed("the namespace is not UTF-8") from error
