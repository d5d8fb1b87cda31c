"""Plays the forge: its stand-in keys, its signatures packet by packet, and merges as its button makes them.

merge = button.presses(office, draft, KEY)                      →  a correct merge, not yet on publish
button.presses(office, draft, KEY, committer="Github <…>")      →  one change at a time
"""

from __future__ import annotations

import base64
import functools
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed

from pipeline import plumbing
from sop_site.approval.policy import Forge, Policy
from tests import history
from tests.office import Office

COMMITTER = "GitHub <noreply@github.com>"
CAMAT = "1234567+Camat-Percontohan@users.noreply.github.com"
OPERATOR = "7654321+operator1@users.noreply.github.com"
MADE = 1_767_200_000
"""When the stand-in keys were made."""
HASHES = {2: hashes.SHA1(), 8: hashes.SHA256(), 9: hashes.SHA384(), 10: hashes.SHA512(), 11: hashes.SHA224()}
CURVE = bytes.fromhex("092b06010401da470f01")


@dataclass(frozen=True)
class Key:
    """A key of the forge."""

    private: rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey
    algorithm: int
    body: bytes
    """Its public-key packet's body."""

    @property
    def fingerprint(self) -> str:
        """As a policy lists it."""
        framed = b"\x99" + len(self.body).to_bytes(2, "big") + self.body
        return hashlib.sha1(framed).hexdigest().upper()

    @property
    def armored(self) -> str:
        """As a policy carries it: the key and a name."""
        return armor(packet(6, self.body) + packet(13, b"GitHub <noreply@github.com>"), "PUBLIC KEY BLOCK")


@functools.cache
def rsa_key(bits: int = 3072, name: str = "forge") -> Key:
    """An RSA key; another name is another key."""
    private = rsa.generate_private_key(65537, bits)
    numbers = private.public_key().public_numbers()
    return Key(private, 1, _key_body(1, mpi(numbers.n) + mpi(numbers.e)))


@functools.cache
def ed25519_key(*, native: bool = False) -> Key:
    """Ed25519 as GnuPG writes it, or as RFC 9580 does."""
    private = ed25519.Ed25519PrivateKey.generate()
    raw = private.public_key().public_bytes_raw()
    if native:
        return Key(private, 27, _key_body(27, raw))
    return Key(private, 22, _key_body(22, CURVE + mpi(int.from_bytes(b"\x40" + raw, "big"))))


def _key_body(algorithm: int, material: bytes) -> bytes:
    return b"\x04" + MADE.to_bytes(4, "big") + bytes([algorithm]) + material


def mpi(number: int, bits: int = 0) -> bytes:
    """A multi-precision integer; ``bits`` tells another length than its own, as GitHub does."""
    told = bits or number.bit_length()
    return told.to_bytes(2, "big") + number.to_bytes((told + 7) // 8, "big")


def packet(tag: int, body: bytes) -> bytes:
    """A packet with a length of two bytes, as GitHub writes it."""
    rest = max(len(body) - 192, 0)
    if len(body) < 192 or rest >= 1 << 13:
        return bytes([0xC0 | tag, 255]) + len(body).to_bytes(4, "big") + body
    return bytes([0xC0 | tag, 192 + (rest >> 8), rest & 0xFF]) + body


def subpacket(kind: int, value: bytes) -> bytes:
    """A signature's subpacket."""
    return bytes([len(value) + 1, kind]) + value


def armor(packets: bytes, kind: str = "SIGNATURE", columns: int = 64, *, summed: bool = True) -> str:
    """Armor as GitHub writes it; a final LF."""
    text = base64.b64encode(packets).decode()
    lines = [text[start : start + columns] for start in range(0, len(text), columns)]
    crc = 0xB704CE
    for byte in packets:
        crc ^= byte << 16
        for _ in range(8):
            crc = crc << 1 ^ (0x1864CFB if crc & 0x800000 else 0)
    check = ["=" + base64.b64encode(crc.to_bytes(3, "big")).decode()] if summed else []
    return "\n".join([f"-----BEGIN PGP {kind}-----", "", *lines, *check, f"-----END PGP {kind}-----", ""])


def signature(
    document: bytes,
    key: Key,
    *,
    version: int = 4,
    kind: int = 0,
    hash: int = 8,  # noqa: A002 - the format's word
    algorithm: int | None = None,
    hashed: bytes | None = None,
    loose: bytes = b"",
) -> bytes:
    """A signature packet: key id among the hashed subpackets and nothing unhashed, as GitHub writes it."""
    if hashed is None:
        hashed = subpacket(2, MADE.to_bytes(4, "big")) + subpacket(16, bytes.fromhex(key.fingerprint[-16:]))
    head = bytes([version, kind, algorithm or key.algorithm, hash]) + len(hashed).to_bytes(2, "big") + hashed
    whole = hashes.Hash(HASHES[hash])
    whole.update(document + head + bytes([version, 255]) + len(head).to_bytes(4, "big"))
    digest = whole.finalize()
    if isinstance(key.private, rsa.RSAPrivateKey):
        raw = key.private.sign(digest, padding.PKCS1v15(), Prehashed(HASHES[hash]))
        made = mpi(int.from_bytes(raw, "big"), key.private.key_size)
    else:
        made = key.private.sign(digest)
        if key.algorithm == 22:
            made = mpi(int.from_bytes(made[:32], "big")) + mpi(int.from_bytes(made[32:], "big"))
    return packet(2, head + len(loose).to_bytes(2, "big") + loose + digest[:2] + made)


def words(office: Office, tip: str, first: str, *names: str, **changed: str) -> str:
    """A message as the button writes it, and below it the trailers with these names, or all of them."""
    right = history.trailers(office, tip, first, **changed)
    lines = history.message.approval_message("x", "", right).split("\n\n")[1].splitlines()
    kept = [line for line in lines if not names or line.split(":")[0].removeprefix("Approval-") in names]
    return "Merge pull request #7 from operator1/draft\n\n" + "\n".join(kept)


def presses(
    office: Office,
    draft: str,
    key: Key,
    *,
    author: str = CAMAT,
    committer: str = COMMITTER,
    parents: Sequence[str] | None = None,
    tree: str | None = None,
    at: datetime | None = None,
    text: str | None = None,
    wrap: Callable[[str], str] = lambda armored: armored + "\n",
    pack: Callable[[bytes], bytes] = lambda packets: packets,
    **made: Any,
) -> str:
    """Store a merge as the button makes it and return its id; publish does not move.

    ``wrap`` gets the armor, ``pack`` the signature packet; what else is named goes to ``signature``.
    """
    tip = draft if len(draft) in (40, 64) else office.tip(f"draft/{draft}")
    signed = payload(
        office, tip, author=author, committer=committer, parents=parents, tree=tree, at=at, text=text
    )
    return store(office, signed, wrap(armor(pack(signature(signed, key, **made)))))


def payload(
    office: Office,
    tip: str,
    *,
    author: str = CAMAT,
    committer: str = COMMITTER,
    parents: Sequence[str] | None = None,
    tree: str | None = None,
    at: datetime | None = None,
    text: str | None = None,
) -> bytes:
    """What the forge signs; like GitHub's own, the message ends without a line feed."""
    office.now += timedelta(minutes=1)
    when = f"{int((at or office.now).timestamp())} +0800"
    lines = [f"tree {tree or office.git('rev-parse', f'{tip}^{{tree}}')}"]
    lines += [f"parent {one}" for one in (parents if parents is not None else [office.tip("publish"), tip])]
    lines += [f"author Camat Percontohan <{author}> {when}", f"committer {committer} {when}", ""]
    lines.append(text if text is not None else "Merge pull request #7 from operator1/draft\n\nPengumuman")
    return "\n".join(lines).encode()


def store(office: Office, signed: bytes, armored: str) -> str:
    """Store a commit with the armor as its last header, every line of it kept."""
    form = office.git("rev-parse", "--show-object-format")
    name = {"sha1": "gpgsig", "sha256": "gpgsig-sha256"}[form]
    head, _, body = signed.partition(b"\n\n")
    header = f"\n{name} " + armored.removesuffix("\n").replace("\n", "\n ")
    return plumbing.write_raw_commit(office.repo, head + header.encode() + b"\n\n" + body)


def table(*keys: Key, **authors: str) -> Forge:
    """A ``[github]`` table for these keys, in which the Camat may press."""
    named = {"camat@percontohan.go.id": CAMAT, **authors}
    return Forge(tuple(key.fingerprint for key in keys), tuple(key.armored for key in keys), named)


def admits(forge: Forge | None) -> Callable[[Policy], Policy]:
    """The change of policy that turns the button on, or off."""
    return lambda policy: replace(policy, github=forge)


def enacts(
    office: Office, change: Callable[[Policy], Policy], files: Mapping[str, str | bytes] | None = None
) -> str:
    """A change of policy, signed and approved by the Camat himself."""
    draft = history.policy_change(office, change, signed_by=[office.head], files=files)
    return history.publish(office, history.merge(office, draft))
