"""Whether an archive is what it says: bytes, then history, then every approval, from the folder alone."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from pipeline.archive import bag
from pipeline.archive.bag import Problem
from pipeline.gitenv import GitFailed, run_git
from pipeline.verification import verification
from sop_site import manifest
from sop_site.answers import Refusal
from sop_site.errors import AnswerIsNo, MediumFailed, SettingsUnreadable

BUNDLE, SITE, TRUST, FACTS = "data/konten.bundle", "data/situs", "data/trust.toml", "data/arsip.json"


@dataclass(frozen=True, slots=True)
class Proof:
    """What was found; good only where both are empty."""

    problems: tuple[Problem, ...]
    refusals: tuple[Refusal, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether the archive holds."""
        return not self.problems and not self.refusals


def facts(archive: Path) -> dict[str, str]:
    """What ``arsip.json`` says (proven only together with the rest)."""
    found = json.loads((archive / FACTS).read_bytes())
    return {name: str(value) for name, value in found.items()}


def refs(repository: Path) -> dict[str, str]:
    """All refs of a repository, full name → commit or tag id."""
    out = run_git(["for-each-ref", "--format=%(refname) %(objectname)"], cwd=repository).decode()
    return dict(line.split(" ") for line in out.splitlines())


def prove(archive: Path, trust: Path | None, now: datetime) -> Proof:
    """Examine an archive; nothing is written beside it. ``trust`` is the user's own trust file, if any."""
    if not archive.is_dir():
        raise MediumFailed("archive-missing", path=archive)
    found = bag.problems(archive)
    if found:
        return Proof(found)
    if trust is not None and not trust.is_file():
        raise SettingsUnreadable("archive-trust-missing", path=trust)
    if trust is not None and trust.read_bytes() != (archive / TRUST).read_bytes():
        found = (Problem(TRUST, "foreign-trust"),)
    said = facts(archive)
    found += tuple(_site_problems(archive / SITE, said["output_digest"]))
    with TemporaryDirectory(prefix="sop-arsip-") as name:
        try:
            bare = Path(name) / "konten.git"
            unpack(archive, bare, bare=True)
        except GitFailed as error:
            return Proof((*found, Problem(BUNDLE, "unusable", str(error.values["detail"]))))
        with verification(bare, archive / TRUST, now, full=True) as verified:
            verdict = verified.verdict
        if verdict.ok and verdict.tip != said["tip"]:
            found += (Problem(BUNDLE, "other-tip"),)
        return Proof(found, tuple(verdict.refusals))


def _site_problems(site: Path, output_digest: str) -> Iterator[Problem]:
    """Where the kept site departs from its own manifest, or that manifest from what was noted."""
    text = (site / manifest.NAME).read_bytes()
    if f"sha256:{hashlib.sha256(text).hexdigest()}" != output_digest:
        yield Problem(f"{SITE}/{manifest.NAME}", "other-digest")
        return
    present = {
        path.relative_to(site).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in site.rglob("*")
        if path.is_file()
    }
    differences = manifest.compare(manifest.parse(text), present)
    for kind in ("changed", "missing", "added"):
        for path in getattr(differences, kind):
            yield Problem(f"{SITE}/{path}", kind)


def unpack(archive: Path, repository: Path, *, bare: bool) -> None:
    """A new repository with all refs of the bundle, every object examined; ``GitFailed`` if it cannot be."""
    kind = ["--bare"] if bare else []
    form = f"--object-format={facts(archive)['object_format']}"
    run_git(["init", "-q", *kind, "--template=", "--initial-branch=publish", form, str(repository)])
    source = str((archive / BUNDLE).resolve())
    run_git(["fetch", "-q", "--update-head-ok", "--no-tags", source, "+refs/*:refs/*"], cwd=repository)
    run_git(["fsck", "--full", "--strict", "--no-dangling"], cwd=repository)


@contextmanager
def readable(archive: Path) -> Iterator[None]:
    """Turn an archive that lost its facts into a sentence."""
    try:
        yield
    except (KeyError, ValueError, TypeError, AttributeError, RecursionError, FileNotFoundError,
            IsADirectoryError, NotADirectoryError) as error:  # fmt: skip
        raise AnswerIsNo("archive-unreadable", path=archive) from error
