"""Makes SSHSIG signatures: natively from a key file, by OpenSSH for keys in ssh-agent and on security keys.

The private bytes are read here and nowhere else. A locked key file whose twin is in the agent is used
through the agent, so that no passphrase is ever asked for or passed on by this program. A security key
signs through OpenSSH as well, which asks for its PIN and a touch on the terminal.
"""

import base64
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_ssh_private_key,
)

from sop_site.approval import public_keys, ssh_wire, sshsig
from sop_site.approval.security_keys import PRESENT
from sop_site.errors import AnswerIsNo

HASH = "sha512"
PATIENCE = 180
"""Seconds for which a security key may wait for a PIN and a touch."""
_PRIVATE_KEY = b"openssh-key-v1\0"
_PUBLIC_LINE = re.compile(r"^(sk-)?(ssh|ecdsa)-[a-z0-9@.-]+ AAAA[A-Za-z0-9+/=]+")


@dataclass(frozen=True, slots=True)
class Signer:
    """A key that can sign now; ``public`` is the two-field line as it stands in the policy."""

    public: str
    source: str
    """Where the key was found, for sentences: a file's name or ``ssh-agent``."""
    _make: Callable[[bytes, str], str]

    @property
    def blob(self) -> bytes:
        """The public key as SSH writes it."""
        return base64.b64decode(self.public.split(" ")[1])

    @property
    def fingerprint(self) -> str:
        """OpenSSH fingerprint of the key."""
        return sshsig.fingerprint(self.blob)

    def sign(self, payload: bytes, namespace: str) -> str:
        """Armored SSHSIG over ``payload``, as git and OpenSSH write it."""
        return self._make(payload, namespace)


def from_file(path: Path) -> Signer:
    """The signer of a private (or public) OpenSSH key file; ``AnswerIsNo`` where it cannot sign now."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise AnswerIsNo("key-missing", path=path) from error
    if _PUBLIC_LINE.match(data.decode("utf-8", "replace")):
        return _through_agent(_two_fields(data.decode("utf-8", "replace")), path, "key-is-public")
    try:
        key = load_ssh_private_key(data, password=None)
    except TypeError as error:
        # Locked by a passphrase.
        return _through_agent(_public_beside(path, error), path)
    except UnsupportedAlgorithm:
        # The private half lies on a security key, the file holds what the key needs to find it.
        return _on_security_key(path, data)
    except ValueError as error:
        raise AnswerIsNo("key-unreadable", path=path) from error
    if not isinstance(key, ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
        raise AnswerIsNo("key-kind", path=path)
    public = key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()
    _refuse_other_kinds(public, path)
    return Signer(public, path.name, lambda payload, namespace: _natively(key, public, payload, namespace))


def in_agent() -> list[Signer]:
    """Every key that ssh-agent can sign with now; none without an agent."""
    program = shutil.which("ssh-add")
    if program is None or not os.environ.get("SSH_AUTH_SOCK"):
        return []
    listed = subprocess.run([program, "-L"], capture_output=True, text=True, check=False, timeout=30)
    lines = listed.stdout.splitlines() if listed.returncode == 0 else []
    return [_agent_signer(_two_fields(line)) for line in lines if _PUBLIC_LINE.match(line)]


def new_key(comment: str) -> tuple[bytes, bytes]:
    """A fresh ed25519 pair as OpenSSH files: private bytes, public line."""
    key = ed25519.Ed25519PrivateKey.generate()
    private = key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption())
    public = key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH)
    return private, public + f" {comment}\n".encode()


def public_line(path: Path) -> str | None:
    """The two-field public line of a key file, from its ``.pub`` twin where the key itself is locked."""
    beside = path if path.suffix == ".pub" else path.with_name(path.name + ".pub")
    try:
        return _two_fields(beside.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, IndexError):
        return from_file(path).public if path.is_file() else None


def fingerprint_of(line: str) -> str:
    """OpenSSH fingerprint of a two-field public line."""
    return sshsig.fingerprint(base64.b64decode(line.split(" ")[1]))


def _refuse_other_kinds(public: str, path: Path) -> None:
    """A weak or foreign key would sign what no verifier accepts."""
    try:
        public_keys.parse(base64.b64decode(public.split(" ")[1]))
    except (public_keys.KeyTypeRefused, ssh_wire.Malformed, ValueError) as error:
        raise AnswerIsNo("key-kind", path=path) from error


def _natively(
    key: ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey,
    public: str,
    payload: bytes,
    namespace: str,
) -> str:
    data = sshsig.signed_data(payload, namespace, HASH)
    if isinstance(key, ed25519.Ed25519PrivateKey):
        name, raw = "ssh-ed25519", key.sign(data)
    elif isinstance(key, rsa.RSAPrivateKey):
        name, raw = "rsa-sha2-512", key.sign(data, padding.PKCS1v15(), hashes.SHA512())
    else:
        r, s = decode_dss_signature(key.sign(data, ec.ECDSA(hashes.SHA256())))
        name, raw = public.split(" ")[0], ssh_wire.mpint(r) + ssh_wire.mpint(s)
    blob = base64.b64decode(public.split(" ")[1])
    return sshsig.armor(blob, ssh_wire.string(name.encode()) + ssh_wire.string(raw), namespace)


def _through_agent(public: str, path: Path, otherwise: str = "key-locked") -> Signer:
    """The agent's signer for a public key; advice where the agent does not hold it."""
    _refuse_other_kinds(public, path)
    for signer in in_agent():
        if signer.public == public:
            return signer
    raise AnswerIsNo(otherwise, path=path)


def _agent_signer(public: str) -> Signer:
    def make(payload: bytes, namespace: str) -> str:
        with tempfile.TemporaryDirectory(prefix="sop-kunci-") as folder:
            file = Path(folder) / "kunci.pub"
            file.write_text(public + "\n", encoding="ascii")
            command = [_ssh_keygen(), "-Y", "sign", "-q", "-U", "-n", namespace, "-f", str(file)]
            done = subprocess.run(command, input=payload, capture_output=True, check=False)
        if done.returncode:
            raise AnswerIsNo("agent-refused", key=public.split(" ")[0])
        return _touched(done.stdout.decode("ascii"))

    return Signer(public, "ssh-agent", make)


def _on_security_key(path: Path, data: bytes) -> Signer:
    """The signer of a security key's file: the agent's where it holds the key, else OpenSSH with the key."""
    try:
        public, locked = _read_outside(data)
    except ValueError as error:
        raise AnswerIsNo("key-unreadable", path=path) from error
    _refuse_other_kinds(public, path)
    for signer in in_agent():
        if signer.public == public:
            return signer
    if locked:
        raise AnswerIsNo("key-locked", path=path)

    def make(payload: bytes, namespace: str) -> str:
        with tempfile.TemporaryDirectory(prefix="sop-kunci-") as folder:
            message = Path(folder) / "pesan"
            message.write_bytes(payload)
            command = [_ssh_keygen(), "-Y", "sign", "-q", "-n", namespace, "-f", str(path), str(message)]
            if not _asks_in_person(command):
                raise AnswerIsNo("security-key-silent", path=path)
            return _touched(message.with_name("pesan.sig").read_text(encoding="ascii"))

    return Signer(public, path.name, make)


def _read_outside(data: bytes) -> tuple[str, bool]:
    """Public line of an OpenSSH private key file, and whether it is locked (PROTOCOL.key)."""
    blob = base64.b64decode(b"".join(data.strip().splitlines()[1:-1]), validate=True)
    cipher, rest = ssh_wire.take(blob.removeprefix(_PRIVATE_KEY))
    for _ in ("kdfname", "kdfoptions"):
        _, rest = ssh_wire.take(rest)
    _, rest = ssh_wire.take_exactly(rest, 4)
    public, _ = ssh_wire.take(rest)
    line = f"{public_keys.key_type(public)} {base64.b64encode(public).decode('ascii')}"
    return line, cipher != b"none"


def _asks_in_person(command: Sequence[str]) -> bool:
    """Whether OpenSSH came to an end with the person at the terminal: PIN and touch are between those two.

    Nothing is piped in, so that OpenSSH may ask for the PIN, and what it says goes where errors go.
    """
    try:
        return (
            subprocess.run(command, stdout=subprocess.DEVNULL, timeout=PATIENCE, check=False).returncode == 0
        )
    except subprocess.TimeoutExpired:
        return False


def _touched(armor: str) -> str:
    """The signature; a security key that signs without being touched signs what no verifier accepts."""
    touch = sshsig.parse(armor.encode("ascii")).touch
    if touch is not None and not touch.has(PRESENT):
        raise AnswerIsNo("security-key-untouched")
    return armor


def _ssh_keygen() -> str:
    program = shutil.which("ssh-keygen")
    if program is None:
        raise AnswerIsNo("ssh-keygen-missing")
    return program


def _public_beside(path: Path, reason: Exception) -> str:
    beside = path.with_name(path.name + ".pub")
    try:
        return _two_fields(beside.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, IndexError):
        raise AnswerIsNo("key-locked", path=path) from reason


def _two_fields(line: str) -> str:
    kind, blob = line.split()[:2]
    return f"{kind} {blob}"
