"""Every byte of a served site against its published manifest, from a folder or over the network."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import requests

from sop_site import manifest
from sop_site.errors import AnswerIsNo, ServiceSilent
from sop_site.manifest import Differences, Manifest, ManifestUnreadable

_SECONDS = 20
_CHUNK = 1 << 16
_LARGEST_MANIFEST = 64 << 20


@dataclass(frozen=True, slots=True)
class Audit:
    """What was found: how many files the manifest promises, and where the site departs from it."""

    files: int
    output_digest: str
    differences: Differences
    listing: Manifest
    """The manifest itself, as it is served."""


def is_address(place: str) -> bool:
    """Whether a place is looked at over the network; anything else is a folder."""
    return place.startswith(("http://", "https://"))


def audit_place(place: str, advance: Callable[[int], None] = lambda _steps: None) -> Audit:
    """Compare a site with its manifest, wherever it is served: ``place`` is an address or a folder."""
    return audit_url(place, advance) if is_address(place) else audit_folder(Path(place))


def served_file(place: str, path: str) -> bytes | None:
    """Bytes of one small file that the manifest of ``place`` names, ``None`` where it is not served."""
    if not is_address(place):
        file = Path(place) / path
        return file.read_bytes() if file.is_file() else None
    with requests.Session() as session:
        status, data = _fetch(session, _within(place, path), _LARGEST_MANIFEST)
    return data if status == requests.codes.ok else None


def audit_folder(folder: Path) -> Audit:
    """Compare a folder with the manifest in its root; files that it does not name are listed as added."""
    if not folder.is_dir():
        raise AnswerIsNo("audit-nothing-there", place=folder)
    try:
        listing = _parsed((folder / manifest.NAME).read_bytes(), str(folder))
    except FileNotFoundError as error:
        raise AnswerIsNo("audit-no-manifest", place=folder) from error
    present: dict[str, str] = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            # A link may lead anywhere; a site of ours has none.
            present[name] = "link"
        elif path.is_file():
            present[name] = _digest_of_file(path)
    return Audit(len(listing.files), listing.digest, manifest.compare(listing, present), listing)


def audit_url(url: str, advance: Callable[[int], None] = lambda _steps: None) -> Audit:
    """Fetch the manifest and every file that it names; what it does not name cannot be seen from outside.

    ``ServiceSilent`` if the server does not answer at all.
    """
    with requests.Session() as session:
        status, data = _fetch(session, _within(url, manifest.NAME), _LARGEST_MANIFEST)
        if status != requests.codes.ok:
            raise AnswerIsNo("audit-no-manifest", place=url)
        listing = _parsed(data, url)
        present: dict[str, str] = {}
        for path in listing.files:
            status, digest = _fetch_digest(session, _within(url, path))
            if status == requests.codes.ok:
                present[path] = digest
            advance(1)
    return Audit(len(listing.files), listing.digest, manifest.compare(listing, present), listing)


def _within(url: str, path: str) -> str:
    return f"{url.rstrip('/')}/{quote(path)}"


def _parsed(data: bytes, place: str) -> Manifest:
    try:
        return manifest.parse(data)
    except ManifestUnreadable as error:
        raise AnswerIsNo("audit-manifest-broken", place=place, detail=str(error)) from error


def _digest_of_file(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _fetch(session: requests.Session, url: str, limit: int) -> tuple[int, bytes]:
    try:
        with session.get(url, timeout=_SECONDS, allow_redirects=False, stream=True) as answer:
            return answer.status_code, answer.raw.read(limit, decode_content=True)
    except requests.RequestException as error:
        raise ServiceSilent("audit-silent", url=url) from error


def _fetch_digest(session: requests.Session, url: str) -> tuple[int, str]:
    """Status and SHA-256 of one file; a redirect is not followed, since it is not the file."""
    try:
        with session.get(url, timeout=_SECONDS, allow_redirects=False, stream=True) as answer:
            digest = hashlib.sha256()
            for chunk in answer.iter_content(_CHUNK):
                digest.update(chunk)
            return answer.status_code, digest.hexdigest()
    except requests.RequestException as error:
        raise ServiceSilent("audit-silent", url=url) from error
