"""A BagIt 1.0 folder (RFC 8493) with SHA-512: written whole, and examined to the last byte.

Stricter than the standard on what we wrote ourselves: manifests have exactly one spelling, so that no byte
of them can change unseen, and nothing that is not named may lie in the folder.
"""

import hashlib
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
MANIFEST, TAGS = "manifest-sha512.txt", "tagmanifest-sha512.txt"
_LINE = re.compile(r"([0-9a-f]{128})  ([^\r\n]+)")


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One way in which a bag is not what was written."""

    path: str
    kind: str
    """One of changed, added, missing, unreadable, malformed, link; ``proving`` adds its own."""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Sealed:
    """What a finished bag holds."""

    files: int
    bytes: int
    manifest_sha512: str


def seal(folder: Path, info: Mapping[str, str], made: date) -> Sealed:
    """Write the tag files over what lies in ``folder`` (payload in ``data/``, other tag files beside it)."""
    payload = {path: sha512(folder / path) for path in _present(folder) if path.startswith("data/")}
    size = sum((folder / path).stat().st_size for path in payload)
    lines = {"Bagging-Date": made.isoformat(), "Payload-Oxum": f"{size}.{len(payload)}", **info}
    (folder / "bagit.txt").write_bytes(DECLARATION)
    (folder / "bag-info.txt").write_text("".join(f"{k}: {v}\n" for k, v in lines.items()), encoding="utf-8")
    (folder / MANIFEST).write_bytes(_spelled(payload))
    tags = {path: sha512(folder / path) for path in _present(folder) if not path.startswith("data/")}
    (folder / TAGS).write_bytes(_spelled({path: value for path, value in tags.items() if path != TAGS}))
    # The stick may be pulled as soon as the command ends.
    os.sync()
    return Sealed(len(payload), size, tags[MANIFEST])


def problems(folder: Path) -> tuple[Problem, ...]:
    """Everything that differs from what was sealed: the set of files and every byte. Empty is good."""
    found: list[Problem] = []
    promised: dict[str, str] = {}
    for name in (MANIFEST, TAGS):
        listed = _listed(folder / name)
        if isinstance(listed, Problem):
            found.append(listed)
        else:
            promised |= listed
    present = set(_present(folder))
    found += [Problem(path, "added") for path in present - set(promised) - {TAGS, MANIFEST}]
    for path in {*promised, "bagit.txt", "bag-info.txt", "BACA-SAYA.txt"}:
        if path not in present:
            found.append(Problem(path, "missing"))
        elif (folder / path).is_symlink():
            found.append(Problem(path, "link"))
        elif path in promised:
            found += _compared(folder, path, promised[path])
        else:
            found.append(Problem(path, "added"))
    return tuple(sorted(set(found)))


def sha512(path: Path) -> str:
    """SHA-512 of a file's bytes, lower-case hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha512").hexdigest()


def _compared(folder: Path, path: str, digest: str) -> list[Problem]:
    try:
        return [] if sha512(folder / path) == digest else [Problem(path, "changed")]
    except OSError as error:
        return [Problem(path, "unreadable", str(error.strerror))]


def _present(folder: Path) -> list[str]:
    """Every file, link and empty folder below, relative and sorted; links are not followed."""
    found = []
    for place, folders, files in os.walk(folder):
        links = [name for name in folders if (Path(place) / name).is_symlink()]
        for name in [*files, *links]:
            found.append((Path(place) / name).relative_to(folder).as_posix())
        if not folders and not files and Path(place) != folder:
            found.append(Path(place).relative_to(folder).as_posix() + "/")
    return sorted(found)


def _spelled(digests: Mapping[str, str]) -> bytes:
    return "".join(f"{digests[path]}  {_escaped(path)}\n" for path in sorted(digests)).encode()


def _escaped(path: str) -> str:
    return path.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _listed(path: Path) -> dict[str, str] | Problem:
    try:
        data = path.read_bytes()
        text = data.decode("utf-8")
    except FileNotFoundError:
        return Problem(path.name, "missing")
    except OSError as error:
        return Problem(path.name, "unreadable", str(error.strerror))
    except UnicodeDecodeError:
        return Problem(path.name, "malformed")
    listed = {}
    for line in text.split("\n"):
        if parts := _LINE.fullmatch(line):
            name = parts[2].replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")
            listed[name] = parts[1]
    if _spelled(listed) != data or any(".." in name.split("/") or name.startswith("/") for name in listed):
        return Problem(path.name, "malformed")
    return listed
