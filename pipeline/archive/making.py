"""Making an archive: verify, bundle, draw the site, seal, put in place in one step."""

import fcntl
import json
import platform
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

from pipeline import render
from pipeline.archive import bag, proving
from pipeline.files import folder_beside
from pipeline.gitenv import run_git
from pipeline.verification import Verification, verification
from sop_site import resources
from sop_site.answers import Refusal
from sop_site.errors import AnswerIsNo, MediumFailed

_STICKS = (Path("/media"), Path("/mnt"), Path("/run/media"))
"""Where Linux shows media that are put in; a folder there that is no mount point is an absent medium."""
_SPARE = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Made:
    """A finished archive."""

    archive: Path
    sealed: bag.Sealed
    tip: str
    output_digest: str


def create(
    repo: Path, medium: Path, trust: Path, reports: Path | None, office: str, now: datetime
) -> Made | tuple[Refusal, ...]:
    """A new archive on ``medium``, or why the history was refused. ``MediumFailed`` for a bad medium."""
    _refuse_absent(medium)
    with _held(medium), folder_beside(medium / "arsip") as work:
        bare = work / "konten.git"
        form = run_git(["rev-parse", "--show-object-format"], cwd=repo).decode().strip()
        run_git(["init", "-q", "--bare", "--template=", "--initial-branch=publish",
                 f"--object-format={form}", str(bare)])  # fmt: skip
        source = str(repo.resolve())
        wanted = ["+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*"]
        run_git(["fetch", "-q", "--no-tags", source, *wanted], cwd=bare)
        size = sum(path.stat().st_size for path in bare.rglob("*") if path.is_file())
        # Bundle and site each need about what the history needs.
        if shutil.disk_usage(medium).free < 2 * size + _SPARE:
            raise MediumFailed("archive-medium-full", path=medium)
        with verification(bare, trust, now, full=True) as verified:
            if not verified.verdict.ok:
                return tuple(verified.verdict.refusals)
            return _filled(work, bare, medium, verified, trust, reports, office, now, form)


def _refuse_absent(medium: Path) -> None:
    """``MediumFailed`` where a stick is named that is not put in: its place would lie on this disk."""
    for root in _STICKS:
        if medium.is_relative_to(root) and not any(
            place.is_mount() for place in (medium, *medium.parents) if place.is_relative_to(root)
        ):
            raise MediumFailed("archive-medium-missing", path=medium)


def _filled(
    work: Path, bare: Path, medium: Path, verified: Verification, trust: Path, reports: Path | None,
    office: str, now: datetime, form: str,
) -> Made:  # fmt: skip
    folder = work / "bag"
    (folder / "data").mkdir(parents=True)
    run_git(["bundle", "create", "-q", str(folder / proving.BUNDLE), "--all"], cwd=bare)
    built = render.build(verified, folder / proving.SITE)
    shutil.copyfile(trust, folder / proving.TRUST)
    if reports and reports.is_dir():
        shutil.copytree(reports, folder / "data/laporan")
    known = proving.refs(bare)
    said = {
        "version": 1,
        "tip": built.tip,
        "ledger": known.get("refs/heads/ledger"),
        "output_digest": built.output_digest,
        "content_digest": _content_digest(verified),
        "approvals": len(verified.verdict.approvals),
        "refs": len(known),
        "pages": built.pages,
        "object_format": form,
        "tools": _tools(),
        "at": now.isoformat(timespec="seconds"),
    }
    text = json.dumps(said, indent=1, sort_keys=True) + "\n"
    (folder / proving.FACTS).write_text(text, encoding="utf-8")
    (folder / "BACA-SAYA.txt").write_text(resources.text("baca-saya.txt"), encoding="utf-8")
    sealed = bag.seal(folder, {"Source-Organization": office}, now.date())
    name = f"arsip-{_slug(office)}-{stamp(now)}-{built.tip[:8]}"
    if (medium / name).exists():
        raise AnswerIsNo("archive-exists", path=medium / name)
    folder.rename(medium / name)
    return Made(medium / name, sealed, built.tip, built.output_digest)


def _content_digest(verified: Verification) -> str | None:
    newest = verified.verdict.approvals[-1] if verified.verdict.approvals else verified.verdict.genesis
    return newest.content_digest if newest else None


def _tools() -> dict[str, str]:
    git = run_git(["version"]).decode().split()[2]
    packages = {name: metadata.version(name) for name in ("sop-site", "pelican", "markdown", "jinja2")}
    return {"git": git, "python": platform.python_version(), **packages}


def stamp(now: datetime) -> str:
    """A time as an archive's name holds it, in UTC so that names sort."""
    return f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "kantor"


@contextmanager
def _held(medium: Path) -> Iterator[None]:
    """The medium, there and writable, for one run at a time."""
    if not medium.parent.is_dir():
        raise MediumFailed("archive-medium-missing", path=medium)
    try:
        medium.mkdir(exist_ok=True)
        lock = (medium / ".arsip.lock").open("wb")
    except OSError as error:
        raise MediumFailed("archive-medium-readonly", path=medium) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise AnswerIsNo("archive-busy", path=medium) from error
        yield
