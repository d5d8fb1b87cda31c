"""What the published site consists of, byte by byte: the list that ``sha256sum -c`` can check."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass

NAME = "manifest-sha256.txt"
"""The manifest's own name in the site's root; it names every file but itself."""

_LINE = re.compile(r"(?P<digest>[0-9a-f]{64})  (?P<path>[^\\\n\r]+)")


class ManifestUnreadable(ValueError):
    """The text is no manifest of ours; the message names the line."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """Path (relative, ``/`` separated) → SHA-256 of the file's bytes, lower-case hex; sorted by path."""

    files: Mapping[str, str]

    def text(self) -> bytes:
        """The form of ``sha256sum``: digest, two spaces, path, LF; sorted by code point."""
        return "".join(f"{self.files[path]}  {path}\n" for path in sorted(self.files)).encode()

    @property
    def digest(self) -> str:
        """``sha256:…`` of the text: the one value that stands for the whole site."""
        return f"sha256:{hashlib.sha256(self.text()).hexdigest()}"


@dataclass(frozen=True, slots=True)
class Differences:
    """How what is there departs from what a manifest promises; each a sorted tuple of paths."""

    changed: tuple[str, ...]
    missing: tuple[str, ...]
    added: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.changed or self.missing or self.added)


def of(files: Mapping[str, str]) -> Manifest:
    """The manifest of files (path → SHA-256 hex); ``ManifestUnreadable`` for a path it cannot hold."""
    for path, digest in files.items():
        if not _LINE.fullmatch(f"{digest}  {path}") or not _is_inside(path):
            raise ManifestUnreadable(path)
    return Manifest(dict(sorted(files.items())))


def parse(data: bytes) -> Manifest:
    """The manifest that ``data`` spells; strict, since what it does not name is called foreign."""
    try:
        lines = data.decode("utf-8").split("\n")
    except UnicodeDecodeError as error:
        raise ManifestUnreadable("not UTF-8") from error
    if lines.pop() != "":
        raise ManifestUnreadable("the last line does not end")
    files: dict[str, str] = {}
    for number, line in enumerate(lines, start=1):
        found = _LINE.fullmatch(line)
        if not found or not _is_inside(found["path"]) or found["path"] in files:
            raise ManifestUnreadable(f"line {number}")
        files[found["path"]] = found["digest"]
    return Manifest(files)


def compare(promised: Manifest, present: Mapping[str, str]) -> Differences:
    """Where the files present (path → SHA-256 hex) depart from the manifest."""
    promise = promised.files
    return Differences(
        changed=tuple(sorted(path for path in promise if present.get(path, promise[path]) != promise[path])),
        missing=tuple(sorted(path for path in promise if path not in present)),
        added=tuple(sorted(path for path in present if path not in promise and path != NAME)),
    )


def _is_inside(path: str) -> bool:
    """A relative path that stays in the site's folder: a manifest comes from outside and is not trusted."""
    parts = path.split("/")
    return path != NAME and all(part not in ("", ".", "..") for part in parts)
