"""Secrets that must never be written down where others read: private keys of any kind."""

import re
from collections.abc import Iterator

from sop_site.answers import Finding
from sop_site.rules.inputs import PageInput, Rule

_SECRET = re.compile(rb"-----BEGIN [A-Z ]{0,24}PRIVATE KEY(?: BLOCK)?-----|AGE-SECRET-KEY-1[0-9A-Z]{20}")


def holds_secret(data: bytes) -> bool:
    """Whether bytes hold a private key of OpenSSH, PEM, PGP or age."""
    return _SECRET.search(data) is not None


def no_key_is_published(page: PageInput) -> Iterator[Finding]:
    """Page and files; a key that was written into history must be revoked."""
    text = page.page.body.encode()
    if found := _SECRET.search(text):
        yield page.error("secret-in-file", page.page.body_line + text.count(b"\n", 0, found.start()))
    folder = page.path.removesuffix("index.md")
    for name, facts in sorted(page.media.items()):
        if holds_secret(facts.text.encode()):
            yield Finding("secret-in-file", "error", f"{folder}{name}")


RULES: tuple[Rule, ...] = (no_key_is_published,)
