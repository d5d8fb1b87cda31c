"""What a security key adds to a signature, and what it really signs (PROTOCOL.u2f; WebAuthn §6.1)."""

import hashlib
from dataclasses import dataclass

from sop_site.approval import ssh_wire

PRESENT = 0x01
"""Somebody touched the key."""
VERIFIED = 0x04
"""The key made sure who it was: PIN, finger or face."""
ATTESTED = 0x40
EXTENDED = 0x80

COUNTER_LENGTH = 4


@dataclass(frozen=True, slots=True)
class Touch:
    """The two fields that the key itself writes beside the signature."""

    flags: int
    counter: bytes
    """Its bytes as they stand; a counter that goes back, or stays at 0 as passkeys' do, is no fault."""

    @property
    def wire(self) -> bytes:
        """The two fields as they stand in a signature and in authenticator data."""
        return bytes([self.flags]) + self.counter

    def has(self, flag: int) -> bool:
        """Whether that flag is set."""
        return bool(self.flags & flag)


def take_touch(data: bytes) -> tuple[Touch, bytes]:
    """The leading flags and counter, and what follows them; ``Malformed`` where they are cut short."""
    flags, rest = ssh_wire.take_exactly(data, 1)
    counter, rest = ssh_wire.take_exactly(rest, COUNTER_LENGTH)
    return Touch(flags[0], counter), rest


def signed_bytes(application: str, touch: Touch, message: bytes, extensions: bytes = b"") -> bytes:
    """What the key signs for ``message``: authenticator data with the application hashed, and a hash."""
    made_for = hashlib.sha256(application.encode()).digest()
    return made_for + touch.wire + extensions + hashlib.sha256(message).digest()
