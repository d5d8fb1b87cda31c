"""Merkle digests of content: SHA-256 all the way down, whatever hash the repository uses (protocol §2)."""

import hashlib
import re
from collections.abc import Iterable

FOLDER = "040000"
FILE = "100644"
_TEXT = re.compile(r"sha256:[0-9a-f]{64}")


def blob_digest(data: bytes) -> bytes:
    """SHA-256 of a file's bytes, 32 raw bytes."""
    return hashlib.sha256(data).digest()


def tree_digest(entries: Iterable[tuple[str, bytes, bytes]]) -> bytes:
    """Digest of a folder from its entries ``(mode as six octal digits, name, digest)``, in any order."""
    whole = hashlib.sha256()
    for mode, name, digest in sorted(entries, key=lambda entry: git_order(entry[0], entry[1])):
        whole.update(mode.encode("ascii") + b" " + name + b"\0" + digest)
    return whole.digest()


def git_order(mode: str, name: bytes) -> bytes:
    """The key by which git sorts a tree: a folder's name counts as if a slash followed it."""
    return name + b"/" if mode == FOLDER else name


def text(digest: bytes) -> str:
    """``sha256:`` and lower-case hex."""
    return "sha256:" + digest.hex()


def of_bytes(data: bytes) -> str:
    """``text`` of the SHA-256 of some bytes (a policy, an entry file, a payload)."""
    return text(hashlib.sha256(data).digest())


def is_text(value: object) -> bool:
    """Whether ``value`` has the form that ``text`` gives."""
    return isinstance(value, str) and _TEXT.fullmatch(value) is not None
