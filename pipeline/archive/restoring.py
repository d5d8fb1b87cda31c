"""Giving back what an archive holds: the repository with all refs, proven, and its site drawn again."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pipeline import render
from pipeline.archive import proving
from pipeline.archive.proving import Proof
from pipeline.files import folder_beside, write_atomic
from pipeline.gitenv import run_git
from pipeline.verification import verification
from sop_site.errors import AnswerIsNo


@dataclass(frozen=True, slots=True)
class Restored:
    """A restored repository; where ``matches`` is not true nothing was left behind."""

    repository: Path
    trust: Path
    tip: str
    output_digest: str
    matches: bool


def restore(archive: Path, target: Path, trust: Path | None, now: datetime) -> Restored | Proof:
    """Restore into ``target``, which must not exist; the proof where the archive does not hold."""
    beside = target.with_name(f"{target.name}.trust.toml")
    for path in (target, beside):
        if path.exists() or path.is_symlink():
            raise AnswerIsNo("archive-target-exists", path=path)
    proof = proving.prove(archive, trust, now)
    if not proof.ok:
        return proof
    with folder_beside(target) as work:
        repository = work / "pulih"
        proving.unpack(archive, repository, bare=False)
        run_git(["reset", "-q", "--hard", "refs/heads/publish"], cwd=repository)
        with verification(repository, archive / proving.TRUST, now, full=True) as verified:
            built = render.build(verified, work / "situs")
        matches = built.output_digest == proving.facts(archive)["output_digest"]
        if matches:
            write_atomic(beside, (archive / proving.TRUST).read_bytes())
            try:
                repository.rename(target)
            except BaseException:
                beside.unlink()
                raise
    return Restored(target, beside, built.tip, built.output_digest, matches)
