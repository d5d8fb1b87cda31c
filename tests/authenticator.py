"""Security keys and passkeys in software: right by default, with any one field made wrong on request.

The bytes are put together here from the specifications alone (PROTOCOL.u2f, PROTOCOL.sshsig, PROTOCOL.agent,
WebAuthn), never with the product's own writers, so that a mistake in those cannot hide itself.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import os
import socketserver
import subprocess
import sys
import tempfile
import textwrap
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

ROOT = Path(__file__).resolve().parent.parent
SK_ED25519 = "sk-ssh-ed25519@openssh.com"
SK_ECDSA = "sk-ecdsa-sha2-nistp256@openssh.com"
PASSKEY = "webauthn-sk-ecdsa-sha2-nistp256@openssh.com"
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
TOUCHED, VERIFIED, ATTESTED, EXTENDED = 0x01, 0x04, 0x40, 0x80


def field_of(data: bytes) -> bytes:
    """An SSH string."""
    return len(data).to_bytes(4, "big") + data


def number(value: int) -> bytes:
    """An SSH mpint."""
    return field_of(value.to_bytes(value.bit_length() // 8 + 1, "big"))


def unpadded(data: bytes) -> str:
    """base64url without padding."""
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def hashed(data: bytes) -> bytes:
    """SHA-256, which a page might ask a passkey to sign in the place of the data itself."""
    return hashlib.sha256(data).digest()


def plain_ecdsa() -> bytes:
    """The blob of a key that lies in a file."""
    line = (
        ec.generate_private_key(ec.SECP256R1())
        .public_key()
        .public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH)
    )
    return base64.b64decode(line.split()[1])


def to_sign(payload: bytes, namespace: str = "git", hash_name: str = "sha512") -> bytes:
    """What SSHSIG lets a key sign."""
    digest = hashlib.new(hash_name, payload).digest()
    return b"SSHSIG" + b"".join(map(field_of, (namespace.encode(), b"", hash_name.encode(), digest)))


def armored(blob: bytes, inner: bytes, namespace: str = "git", hash_name: str = "sha512") -> str:
    """An SSHSIG in its armor."""
    parts = (blob, namespace.encode(), b"", hash_name.encode(), inner)
    text = base64.b64encode(b"SSHSIG\0\0\0\1" + b"".join(map(field_of, parts))).decode()
    return "\n".join(
        ["-----BEGIN SSH SIGNATURE-----", *textwrap.wrap(text, 70), "-----END SSH SIGNATURE-----", ""]
    )


@dataclass
class SecurityKey:
    """A key of ``sk-…`` type; ``kind`` chooses the curve."""

    kind: str = SK_ED25519
    application: str = "ssh:"
    material: Any = None
    flags: int = TOUCHED
    counter: int = 41

    def __post_init__(self) -> None:
        if self.material is None:
            ecdsa = self.kind == SK_ECDSA
            self.material = (
                ec.generate_private_key(ec.SECP256R1()) if ecdsa else ed25519.Ed25519PrivateKey.generate()
            )

    @property
    def raw_public(self) -> bytes:
        """The bare point."""
        key = self.material.public_key()
        if self.kind == SK_ECDSA:
            return bytes(key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))
        return bytes(key.public_bytes(Encoding.Raw, PublicFormat.Raw))

    @property
    def blob(self) -> bytes:
        """The public key as SSH writes it."""
        curve = [b"nistp256"] if self.kind == SK_ECDSA else []
        parts = (self.kind.encode(), *curve, self.raw_public, self.application.encode())
        return b"".join(map(field_of, parts))

    @property
    def public(self) -> str:
        """The two-field line."""
        return f"{self.kind} {base64.b64encode(self.blob).decode()}"

    def numbers(self, data: bytes, *, high: bool | None = None) -> bytes:
        """The bare signature over ``data``; ``high`` chooses which of an ECDSA signature's two s it has."""
        if self.kind != SK_ECDSA:
            return bytes(self.material.sign(data))
        r, s = decode_dss_signature(self.material.sign(data, ec.ECDSA(hashes.SHA256())))
        if high is not None and (s > ORDER // 2) != high:
            s = ORDER - s
        return number(r) + number(s)

    def inner(
        self,
        data: bytes,
        *,
        kind: str | None = None,
        flags: int | None = None,
        shown_flags: int | None = None,
        application: str | None = None,
        high: bool | None = None,
        numbers: bytes | None = None,
        tail: bytes = b"",
        touch: bytes | None = None,
    ) -> bytes:
        """The signature blob that ssh-agent and security keys give for ``data``."""
        flags = self.flags if flags is None else flags
        self.counter += 1
        count = self.counter.to_bytes(4, "big")
        made_for = hashlib.sha256(
            (self.application if application is None else application).encode()
        ).digest()
        signed = self.numbers(made_for + bytes([flags]) + count + hashlib.sha256(data).digest(), high=high)
        shown = bytes([flags if shown_flags is None else shown_flags]) + count if touch is None else touch
        return (
            field_of((kind or self.kind).encode())
            + field_of(signed if numbers is None else numbers)
            + shown
            + tail
        )

    def armor(self, payload: bytes, namespace: str = "git", hash_name: str = "sha512", **wrong: Any) -> str:
        """An armored signature over ``payload``."""
        blob = wrong.pop("blob", self.blob)
        return armored(
            blob, self.inner(to_sign(payload, namespace, hash_name), **wrong), namespace, hash_name
        )

    def write(self, path: Path, *, flags: int = TOUCHED) -> Path:
        """A private key file as ``ssh-keygen -t …-sk`` leaves it; the secret stays with the key itself."""
        handle = bytes([flags]) + field_of(b"pegangan") + field_of(b"")
        check = b"\x2a\x2a\x2a\x2a" * 2
        private = check + self.blob + handle + field_of(b"uji")
        private += bytes(range(1, 1 + -len(private) % 8))
        whole = b"openssh-key-v1\0" + field_of(b"none") + field_of(b"none") + field_of(b"") + b"\0\0\0\1"
        whole += field_of(self.blob) + field_of(private)
        text = "\n".join(textwrap.wrap(base64.b64encode(whole).decode(), 70))
        path.write_text(f"-----BEGIN OPENSSH PRIVATE KEY-----\n{text}\n-----END OPENSSH PRIVATE KEY-----\n")
        path.chmod(0o600)
        return path

    def helper(self, folder: Path) -> Path:
        """A stand-in for ``ssh-sk-helper``, the program through which OpenSSH talks to the device."""
        pem = self.material.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        (folder / "perangkat.pem").write_bytes(pem)
        told = (self.kind, self.application, self.flags)
        program = folder / "perangkat"
        program.write_text(
            f"#!{sys.executable}\nimport sys\nsys.path.insert(0, {str(ROOT)!r})\n"
            f"from tests import authenticator\nauthenticator.answer_openssh({str(folder)!r}, *{told!r})\n"
        )
        program.chmod(0o700)
        return program


def answer_openssh(folder: str, kind: str, application: str, flags: int) -> None:
    """One request of ssh-sk-client.c: version byte, type, log settings, key, provider, data, …"""
    material = serialization.load_pem_private_key((Path(folder) / "perangkat.pem").read_bytes(), None)
    asked = _read_message(sys.stdin.fileno())
    rest = asked[1 + 4 + 1 + 4 :]
    for _ in ("key", "provider"):
        _, rest = taken(rest)
    data, _ = taken(rest)
    signed = SecurityKey(kind, application, material, flags).inner(data)
    answer = asked[:5] + field_of(signed)
    os.write(sys.stdout.fileno(), field_of(answer))


def _read_message(source: int) -> bytes:
    length = int.from_bytes(_read(source, 4), "big")
    return _read(source, length)


def _read(source: int, length: int) -> bytes:
    found = b""
    while len(found) < length:
        piece = os.read(source, length - len(found))
        if not piece:
            raise EOFError
        found += piece
    return found


def taken(data: bytes) -> tuple[bytes, bytes]:
    """The leading SSH string, and the rest."""
    length = int.from_bytes(data[:4], "big")
    return data[4 : 4 + length], data[4 + length :]


class _AgentHandler(socketserver.BaseRequestHandler):
    """The two requests of PROTOCOL.agent that matter: list keys, sign."""

    def handle(self) -> None:
        keys: list[SecurityKey] = self.server.keys  # type: ignore[attr-defined]
        with contextlib.suppress(EOFError):
            while True:
                asked = _read_message(self.request.fileno())
                answer = b"\x05"
                if asked[0] == 11:
                    listed = b"".join(field_of(key.blob) + field_of(b"kunci keamanan") for key in keys)
                    answer = b"\x0c" + len(keys).to_bytes(4, "big") + listed
                elif asked[0] == 13:
                    blob, rest = taken(asked[1:])
                    data, _ = taken(rest)
                    for key in keys:
                        if key.blob == blob:
                            answer = b"\x0e" + field_of(key.inner(data))
                self.request.sendall(field_of(answer))


class _AgentServer(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True


@contextlib.contextmanager
def agent(*keys: SecurityKey) -> Iterator[str]:
    """An ssh-agent that holds these keys; the path of its socket."""
    # Not under tmp_path: a socket's name has room for a hundred characters only.
    with tempfile.TemporaryDirectory(prefix="sop-agen-") as folder:
        path = f"{folder}/agen"
        with _AgentServer(path, _AgentHandler) as server:
            server.keys = list(keys)  # type: ignore[attr-defined]
            thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
            thread.start()
            try:
                yield path
            finally:
                server.shutdown()
                thread.join()


@dataclass
class Passkey:
    """A passkey of a browser: it signs what the browser says, not what the page says."""

    rp_id: str = "localhost"
    origin: str = "http://localhost:8765"
    key: SecurityKey = field(init=False)

    def __post_init__(self) -> None:
        self.key = SecurityKey(SK_ECDSA, self.rp_id, counter=0)

    @property
    def public(self) -> str:
        """The two-field line, whose application is the RP id."""
        return self.key.public

    @property
    def spki(self) -> bytes:
        """As ``getPublicKey()`` gives it."""
        public = self.key.material.public_key()
        return bytes(public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))

    @property
    def cose(self) -> bytes:
        """As it stands in authenticator data."""
        x, y = self.key.raw_public[1:33], self.key.raw_public[33:]
        return bytes.fromhex("a5010203262001215820") + x + bytes.fromhex("225820") + y

    def client_data(self, asked: bytes, /, **said: Any) -> bytes:
        """What a browser writes, in the order that the specification fixes; ``None`` leaves a member out."""
        right = {"type": "webauthn.get", "challenge": unpadded(asked), "origin": self.origin}
        told = {
            name: value
            for name, value in (right | {"crossOrigin": False} | said).items()
            if value is not None
        }
        return json.dumps(told, separators=(",", ":"), ensure_ascii=False).encode()

    def authenticator_data(
        self,
        *,
        flags: int = TOUCHED | VERIFIED,
        counter: int = 0,
        rp_id: str | None = None,
        extensions: bytes = b"",
    ) -> bytes:
        """RP id hash, flags, counter, and what follows."""
        made_for = hashlib.sha256((rp_id or self.rp_id).encode()).digest()
        return made_for + bytes([flags]) + counter.to_bytes(4, "big") + extensions

    def registration(
        self, asked: bytes, /, *, flags: int = TOUCHED | VERIFIED, rp_id: str | None = None,
        cose: bytes | None = None, **said: Any,
    ) -> tuple[bytes, bytes]:  # fmt: skip
        """Client data and authenticator data of ``navigator.credentials.create``."""
        attested = bytes(16) + (9).to_bytes(2, "big") + b"pengenal9" + (cose or self.cose)
        data = self.authenticator_data(flags=flags | ATTESTED, rp_id=rp_id, extensions=attested)
        return self.client_data(asked, **{"type": "webauthn.create", **said}), data

    def assertion(
        self,
        asked: bytes,
        /,
        *,
        client_data: bytes | None = None,
        flags: int = TOUCHED | VERIFIED,
        rp_id: str | None = None,
        extensions: bytes = b"",
        high: bool | None = None,
        **said: Any,
    ) -> tuple[bytes, bytes, bytes]:
        """Client data, authenticator data and the SSH form of the signature over both."""
        told = self.client_data(asked, **said) if client_data is None else client_data
        data = self.authenticator_data(flags=flags, rp_id=rp_id, extensions=extensions)
        return told, data, self.key.numbers(data + hashlib.sha256(told).digest(), high=high)

    def armor(
        self,
        payload: bytes,
        namespace: str = "git",
        hash_name: str = "sha512",
        *,
        kind: str = PASSKEY,
        blob: bytes | None = None,
        challenge: bytes | None = None,
        shown_origin: bytes | None = None,
        shown_flags: int | None = None,
        shown_extensions: bytes | None = None,
        numbers: bytes | None = None,
        cut: int = 0,
        tail: bytes = b"",
        **said: Any,
    ) -> str:
        """The assertion packed as an armored SSHSIG."""
        asked = to_sign(payload, namespace, hash_name) if challenge is None else challenge
        told, data, signed = self.assertion(asked, **said)
        origin = said.get("origin", self.origin).encode() if shown_origin is None else shown_origin
        flags = data[32:33] if shown_flags is None else bytes([shown_flags])
        extensions = data[37:] if shown_extensions is None else shown_extensions
        inner = (
            field_of(kind.encode()) + field_of(signed if numbers is None else numbers) + flags + data[33:37]
        )
        inner += b"".join(map(field_of, (origin, told, extensions))) + tail
        return armored(blob or self.key.blob, inner[: len(inner) - cut], namespace, hash_name)


def openssh_says(
    folder: Path,
    public: str,
    armor: str,
    payload: bytes,
    namespace: str = "git",
    who: str = "camat@kantor.id",
) -> bool:
    """Whether stock ``ssh-keygen -Y verify`` accepts a signature."""
    (folder / "pemilik").write_text(f"{who} {public}\n")
    (folder / "tanda").write_text(armor)
    command = ["ssh-keygen", "-Y", "verify", "-n", namespace, "-I", who, "-f", str(folder / "pemilik"),
               "-s", str(folder / "tanda")]  # fmt: skip
    return subprocess.run(command, input=payload, capture_output=True).returncode == 0
