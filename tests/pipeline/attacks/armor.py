"""Keys cut without chance, and SSHSIG armor written by hand: right unless one field is asked to be wrong."""

from __future__ import annotations

import base64
import functools
import hashlib
from dataclasses import dataclass

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

Private = ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
COLUMNS = 70


def string(data: bytes) -> bytes:
    """An SSH string."""
    return len(data).to_bytes(4, "big") + data


def mpint(number: int) -> bytes:
    """A positive SSH mpint."""
    return string(number.to_bytes(number.bit_length() // 8 + 1, "big"))


@dataclass(frozen=True)
class Key:
    """A private key and what SSH calls it."""

    private: Private

    @property
    def line(self) -> str:
        """The two-field public line."""
        return self.private.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()

    @property
    def blob(self) -> bytes:
        """The public key in SSH's binary form."""
        return base64.b64decode(self.line.split(" ")[1])

    @property
    def fingerprint(self) -> str:
        """As ``ssh-keygen -l`` prints it."""
        return "SHA256:" + base64.b64encode(hashlib.sha256(self.blob).digest()).decode().rstrip("=")

    def inner(self, data: bytes, kind: str | None = None) -> bytes:
        """The signature blob over ``data``: type, then raw signature."""
        if isinstance(self.private, ed25519.Ed25519PrivateKey):
            return string((kind or "ssh-ed25519").encode()) + string(self.private.sign(data))
        if isinstance(self.private, ec.EllipticCurvePrivateKey):
            r, s = decode_dss_signature(self.private.sign(data, ec.ECDSA(hashes.SHA256())))
            return string((kind or "ecdsa-sha2-nistp256").encode()) + string(mpint(r) + mpint(s))
        name = kind or "rsa-sha2-512"
        digest = {"rsa-sha2-256": hashes.SHA256(), "ssh-rsa": hashes.SHA1()}.get(name, hashes.SHA512())
        return string(name.encode()) + string(self.private.sign(data, padding.PKCS1v15(), digest))


@functools.cache
def ed25519_key(name: str) -> Key:
    """The key of that name, the same in every run."""
    return Key(ed25519.Ed25519PrivateKey.from_private_bytes(hashlib.sha256(name.encode()).digest()))


@functools.cache
def ecdsa_key(name: str, curve: type[ec.EllipticCurve] = ec.SECP256R1) -> Key:
    """A NIST curve key of that name."""
    secret = int.from_bytes(hashlib.sha256(name.encode()).digest(), "big") >> 8
    return Key(ec.derive_private_key(secret, curve()))


@functools.cache
def rsa_key(bits: int) -> Key:
    """One RSA key of that size for the whole run."""
    return Key(rsa.generate_private_key(65537, bits))


def signed_data(payload: bytes, namespace: bytes, reserved: bytes = b"", hashed: str = "sha512") -> bytes:
    """What an SSHSIG signs."""
    digest = hashlib.new({"sha384": "sha384"}.get(hashed, hashed), payload).digest()
    return b"SSHSIG" + b"".join(string(part) for part in (namespace, reserved, hashed.encode(), digest))


def wrapped(blob: bytes, columns: int = COLUMNS) -> str:
    """The armor around a blob, as OpenSSH writes it."""
    text = base64.b64encode(blob).decode()
    lines = [text[start : start + columns] for start in range(0, len(text), columns)]
    return "\n".join(["-----BEGIN SSH SIGNATURE-----", *lines, "-----END SSH SIGNATURE-----", ""])


def blob_of(
    key: Key,
    payload: bytes,
    *,
    namespace: bytes = b"git",
    reserved: bytes = b"",
    hashed: str = "sha512",
    version: int = 1,
    magic: bytes = b"SSHSIG",
    kind: str | None = None,
    inner: bytes | None = None,
    public: bytes | None = None,
    tail: bytes = b"",
    inner_tail: bytes = b"",
) -> bytes:
    """The binary SSHSIG; every field can be made wrong by itself."""
    made = inner if inner is not None else key.inner(signed_data(payload, namespace, reserved, hashed), kind)
    fields = (public or key.blob, namespace, reserved, hashed.encode(), made + inner_tail)
    return magic + version.to_bytes(4, "big") + b"".join(string(field) for field in fields) + tail


def armor(key: Key, payload: bytes, **wrong: object) -> str:
    """The armored SSHSIG of ``blob_of``."""
    return wrapped(blob_of(key, payload, **wrong))  # type: ignore[arg-type]
