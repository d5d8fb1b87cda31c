"""People and policies for tests of what is judged without a repository; keys are fresh and sign nothing."""

import functools
from datetime import datetime, timedelta, timezone
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from sop_site.approval.policy import Person, Policy
from sop_site.approval.policy_fields import fingerprint_of

WITA = timezone(timedelta(hours=8))
NOW = datetime(2026, 1, 5, 9, 0, tzinfo=WITA)
START = datetime(2026, 1, 1, tzinfo=WITA)


@functools.cache
def line(name: str) -> str:
    """A public key line; the same for the same name."""
    public = ed25519.Ed25519PrivateKey.from_private_bytes(name.encode().ljust(32, b"\0")).public_key()
    return public.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()


def print_of(name: str) -> str:
    """The fingerprint of the key of that name."""
    return fingerprint_of(line(name))


def person(name: str, role: str = "operator", **more: Any) -> Person:
    """Somebody with one key of his own name, in term since the year began."""
    values: dict[str, Any] = {"start": START, "keys": (line(name),), **more}
    return Person(id=f"{name}@percontohan.go.id", name=name.title(), role=role, **values)


HEAD = person("camat", "head", root=True)
REGENCY = person("kominfosanti", "root-only", root=True)
OPERATOR = person("operator")
WITNESS = person("saksi", "witness")


def policy(*persons: Person, **more: Any) -> Policy:
    """A policy of these people; version, predecessor and digest say nothing."""
    values: dict[str, Any] = {"threshold": 1, "separation": True, **more}
    return Policy(version=1, previous="", protected="sha256:" + "0" * 64, persons=persons, **values)
