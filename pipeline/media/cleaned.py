"""What comes out of cleaning: bytes fit to be public, with what the page and the checks need to know."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

Kind = Literal["picture", "document", "video", "captions", "office"]

PUBLIC_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\.[a-z0-9]{3,4}")
_NAME_LENGTH = 60


@dataclass(frozen=True, slots=True)
class Cleaned:
    """One cleaned file."""

    name: str
    """Lower case, ``[a-z0-9-]`` and the extension of its true type."""
    data: bytes
    kind: Kind
    width: int | None = None
    """Pixels, as shown."""
    height: int | None = None
    pages: int | None = None
    duration: float | None = None
    """Seconds."""
    title: str = ""
    """The title that the document itself carries."""
    text: str = ""
    """All text that can be got out of it, for the search for personal data."""
    poster: Cleaned | None = None
    """A still of the video."""
    notes: tuple[str, ...] = ()
    """Codes of what the operator should know (warnings in the catalogue ``media``)."""


def public_name(source: str, extension: str) -> str:
    """The name under which a file lies beside its page: ``Foto Pantai (1).JPG`` → ``foto-pantai-1.jpg``."""
    stem = source.replace("\\", "/").rsplit("/", 1)[-1]
    stem = stem.rpartition(".")[0] or stem
    ascii_stem = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", ascii_stem)[:_NAME_LENGTH].strip("-")
    return f"{slug or 'berkas'}.{extension}"


def readable(name: str) -> str:
    """A foreign name without what a terminal obeys or what turns the direction of writing."""
    kept = (" " if unicodedata.category(sign).startswith(("C", "Z")) else sign for sign in name)
    return "".join(kept)[-200:].strip() or "-"
