"""OpenPGP version 4 as far as a forge's merge needs it: one key, one signature, native verification (§7).

Packets, keys and signatures as in RFC 4880 and RFC 9580. A key is its primary key and nothing else: what its
owner says of it (names, expiry, subkeys) is not read, since the policy's signers say whether it counts.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed

from sop_site.approval.openpgp_armor import Malformed
from sop_site.approval.public_keys import RSA_BITS

RSA, EDDSA, ED25519 = 1, 22, 27
"""Public-key algorithms; EdDSA is Ed25519 as it was written before RFC 9580."""
_HASHES: dict[int, hashes.HashAlgorithm] = {8: hashes.SHA256(), 9: hashes.SHA384(), 10: hashes.SHA512()}
_SIGNATURE_TAG, _KEY_TAG = 2, 6
_BESIDE_A_KEY = frozenset({2, 12, 13, 14, 17})
"""Signature, trust, name, subkey and attribute packets may follow a key; a second or a secret key may not."""
_DOCUMENT, _KEY_REVOCATION = 0x00, 0x20
_CREATED, _EXPIRES, _ISSUER_ID, _ISSUER_FINGERPRINT = 2, 3, 16, 33
_CRITICAL = 0x80
_ED25519_CURVE = bytes.fromhex("09 2b 06 01 04 01 da 47 0f 01")
"""Length and object identifier 1.3.6.1.4.1.11591.15.1."""


class AlgorithmRefused(ValueError):
    """A key or hash that is not admitted; the text names it."""


@dataclass(frozen=True, slots=True)
class Key:
    """The primary key of an armored public key."""

    fingerprint: str
    """Forty upper-case hex digits."""
    algorithm: int
    material: bytes
    """Algorithm-specific fields."""
    revoked: bool
    """Whether a revocation of it was packed with it; that it is a valid one is not required."""


@dataclass(frozen=True, slots=True)
class Signature:
    """A version 4 signature over a document."""

    algorithm: int
    hash: int
    hashed: bytes
    """From the version to the end of the hashed subpackets: what is signed beside the document."""
    check: bytes
    """The first two bytes of the digest."""
    material: bytes
    """Algorithm-specific fields."""
    issuers: tuple[str, ...]
    """What it says of its key: fingerprint, key id (the fingerprint's last sixteen digits), or both."""

    def names(self, fingerprint: str) -> bool:
        """Whether it says that the key with this fingerprint made it."""
        return bool(self.issuers) and all(fingerprint.endswith(issuer) for issuer in self.issuers)


def parse_key(data: bytes) -> Key:
    """The key in the packets of one public key."""
    packets = list(_packets(data))
    tag, body = packets[0]
    if tag != _KEY_TAG or body[:1] != b"\x04" or len(body) < 6:
        raise Malformed("not a version 4 public key")
    if any(following not in _BESIDE_A_KEY for following, _ in packets[1:]):
        raise Malformed("more than one public key")
    # The fingerprint is SHA-1 by definition; the policy holds the whole key, so that nothing rests on it.
    framed = b"\x99" + len(body).to_bytes(2, "big") + body
    return Key(
        fingerprint=hashlib.sha1(framed, usedforsecurity=False).hexdigest().upper(),
        algorithm=body[5],
        material=body[6:],
        revoked=any(tag == _SIGNATURE_TAG and _is_revocation(body) for tag, body in packets),
    )


def parse_signature(data: bytes) -> Signature:
    """The only signature in ``data``, and nothing beside it."""
    (tag, body), *more = _packets(data)
    if tag != _SIGNATURE_TAG or more:
        raise Malformed("not exactly one signature packet")
    if body[:1] != b"\x04":
        raise Malformed("the signature is not of version 4")
    fixed, rest = _take(body, 4)
    if fixed[1] != _DOCUMENT:
        raise Malformed("the signature is not over a document")
    hashed, rest = _counted(rest)
    loose, rest = _counted(rest)
    check, material = _take(rest, 2)
    return Signature(
        algorithm=fixed[2],
        hash=fixed[3],
        hashed=body[: 6 + len(hashed)],
        check=check,
        material=material,
        issuers=_issuers(list(_subpackets(hashed)), list(_subpackets(loose))),
    )


def verify(signature: Signature, key: Key, document: bytes) -> bool:
    """Whether ``key`` made the signature over ``document``; ``AlgorithmRefused`` for what §7 does not admit.

    Asks neither a clock nor a configuration: the same bytes give the same answer everywhere, at any time.
    """
    if signature.hash not in _HASHES:
        raise AlgorithmRefused(f"hash algorithm {signature.hash}")
    if key.algorithm not in (RSA, EDDSA, ED25519):
        raise AlgorithmRefused(f"public-key algorithm {key.algorithm}")
    public = _rsa(key.material) if key.algorithm == RSA else _ed25519(key)
    digest = _digest(signature, document)
    if signature.algorithm != key.algorithm or digest[:2] != signature.check:
        return False
    try:
        if isinstance(public, rsa.RSAPublicKey):
            number = _mpi_alone(signature.material)
            raw = number.to_bytes((public.key_size + 7) // 8, "big")
            public.verify(raw, digest, padding.PKCS1v15(), Prehashed(_HASHES[signature.hash]))
        else:
            public.verify(_ed25519_raw(signature), digest)
    except (InvalidSignature, OverflowError):
        return False
    return True


def _digest(signature: Signature, document: bytes) -> bytes:
    whole = hashes.Hash(_HASHES[signature.hash])
    whole.update(document + signature.hashed)
    whole.update(b"\x04\xff" + len(signature.hashed).to_bytes(4, "big"))
    return whole.finalize()


def _rsa(material: bytes) -> rsa.RSAPublicKey:
    modulus, rest = _mpi(material)
    exponent = _mpi_alone(rest)
    if modulus.bit_length() not in RSA_BITS:
        raise AlgorithmRefused(f"RSA of {modulus.bit_length()} bits")
    try:
        return rsa.RSAPublicNumbers(exponent, modulus).public_key()
    except ValueError as error:
        raise Malformed("not an RSA key") from error


def _ed25519(key: Key) -> ed25519.Ed25519PublicKey:
    raw = key.material
    if key.algorithm == EDDSA:
        if not raw.startswith(_ED25519_CURVE):
            raise AlgorithmRefused("EdDSA on another curve than Ed25519")
        point = _mpi_alone(raw[len(_ED25519_CURVE) :])
        if point.bit_length() != 263 or point >> 256 != 0x40:
            raise Malformed("not an Ed25519 point")
        raw = point.to_bytes(33, "big")[1:]
    if len(raw) != 32:
        raise Malformed("not an Ed25519 key")
    return ed25519.Ed25519PublicKey.from_public_bytes(raw)


def _ed25519_raw(signature: Signature) -> bytes:
    if signature.algorithm == ED25519:
        return signature.material
    first, rest = _mpi(signature.material)
    return first.to_bytes(32, "big") + _mpi_alone(rest).to_bytes(32, "big")


def _issuers(hashed: list[tuple[int, bytes]], loose: list[tuple[int, bytes]]) -> tuple[str, ...]:
    """The key that the subpackets name; ``Malformed`` where they say what changes a signature's meaning."""
    kinds = [kind & ~_CRITICAL for kind, _ in (*hashed, *loose)]
    once = (_CREATED, _EXPIRES, _ISSUER_ID, _ISSUER_FINGERPRINT)
    if any(kinds.count(kind) > 1 for kind in once):
        raise Malformed("a subpacket stands twice")
    # What is not hashed is not signed, and anybody may write it.
    if any(kind not in (_ISSUER_ID, _ISSUER_FINGERPRINT) for kind, _ in loose):
        raise Malformed("an unhashed subpacket other than the issuer")
    if any(kind & _CRITICAL and kind & ~_CRITICAL not in once for kind, _ in hashed):
        raise Malformed("an unknown critical subpacket")
    said = {kind & ~_CRITICAL: value for kind, value in (*hashed, *loose)}
    if len(said.get(_CREATED, b"")) != 4:
        raise Malformed("the signature does not say when it was made")
    if any(said.get(_EXPIRES, b"")):
        raise Malformed("the signature expires")
    issuers = []
    if _ISSUER_FINGERPRINT in said:
        if len(said[_ISSUER_FINGERPRINT]) != 21 or said[_ISSUER_FINGERPRINT][0] != 4:
            raise Malformed("an issuer of another version")
        issuers.append(said[_ISSUER_FINGERPRINT][1:].hex().upper())
    if _ISSUER_ID in said:
        if len(said[_ISSUER_ID]) != 8:
            raise Malformed("not a key id")
        issuers.append(said[_ISSUER_ID].hex().upper())
    return tuple(issuers)


def _is_revocation(body: bytes) -> bool:
    kind = body[2:3] if body[:1] in (b"\x02", b"\x03") else body[1:2]
    return kind == bytes([_KEY_REVOCATION])


def _packets(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Tag and body of each packet, at least one (RFC 9580 §4.2); lengths that are not told are refused."""
    if not data:
        raise Malformed("no packet")
    while data:
        head = data[0]
        if head & 0xC0 == 0xC0:
            tag = head & 0x3F
            size, rest = _new_length(data[1:])
        elif head & 0x80 and head & 3 != 3:
            tag = head >> 2 & 0x0F
            raw, rest = _take(data[1:], 1 << (head & 3))
            size = int.from_bytes(raw, "big")
        else:
            raise Malformed("not a packet of told length")
        body, data = _take(rest, size)
        yield tag, body


def _new_length(data: bytes) -> tuple[int, bytes]:
    first, rest = _take(data, 1)
    if first[0] < 192:
        return first[0], rest
    if first[0] < 224:
        second, rest = _take(rest, 1)
        return (first[0] - 192 << 8) + second[0] + 192, rest
    if first[0] == 255:
        raw, rest = _take(rest, 4)
        return int.from_bytes(raw, "big"), rest
    raise Malformed("a packet in parts")


def _subpackets(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Kind (with its critical bit) and value of each subpacket (RFC 9580 §5.2.3.7)."""
    while data:
        first, rest = _take(data, 1)
        size = first[0]
        if size == 255:
            raw, rest = _take(rest, 4)
            size = int.from_bytes(raw, "big")
        elif size >= 192:
            second, rest = _take(rest, 1)
            size = (size - 192 << 8) + second[0] + 192
        whole, data = _take(rest, size)
        if not whole:
            raise Malformed("an empty subpacket")
        yield whole[0], whole[1:]


def _counted(data: bytes) -> tuple[bytes, bytes]:
    """Bytes after their two-byte count, and what follows them."""
    raw, rest = _take(data, 2)
    return _take(rest, int.from_bytes(raw, "big"))


def _mpi(data: bytes) -> tuple[int, bytes]:
    """A multi-precision integer and what follows it.

    GitHub tells the modulus's length, whatever the signature's own is, so leading zeros are let through.
    """
    raw, rest = _take(data, 2)
    bits = int.from_bytes(raw, "big")
    number, rest = _take(rest, (bits + 7) // 8)
    value = int.from_bytes(number, "big")
    if value.bit_length() > bits:
        raise Malformed("an integer longer than told")
    return value, rest


def _mpi_alone(data: bytes) -> int:
    value, rest = _mpi(data)
    if rest:
        raise Malformed("bytes after the end")
    return value


def _take(data: bytes, size: int) -> tuple[bytes, bytes]:
    if len(data) < size:
        raise Malformed("a field is cut short")
    return data[:size], data[size:]
