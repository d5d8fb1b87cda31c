"""``sop archive``: an archive that can be copied to any medium, and the proof that it gives all back."""

import os
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from pipeline.archive import bag, making, proving, restoring
from pipeline.archive.proving import Proof
from pipeline.desk import Answer, Desk
from pipeline.repository import Repository
from sop_site.errors import MediumFailed, SettingsUnreadable

# Git works in folders of its own: a path as typed would mean something else there.
FOLDER = click.Path(path_type=Path, file_okay=False, resolve_path=True)
trust_option = click.option(
    "--trust", type=click.Path(path_type=Path), envvar="SOP_TRUST", help="Berkas kepercayaan / trust."
)


@click.group(help="Arsip: buat, periksa, pulihkan / make, verify and restore archives.")
def command() -> None:
    """Step 9 of the SOP."""


def _medium(desk: Desk, given: Path | None) -> Path:
    repo = desk.repo().resolve()
    named = Repository(repo).settings().archive.folder if given is None else None
    return given or repo.parent / (named or f"{repo.name}.archive")


def _record(desk: Desk, key: Path | None, data: dict[str, object]) -> str:
    # Imported here: verifying and restoring need no keys.
    from pipeline import ledger

    return str(ledger.append(
        desk.repo(), kind="archive", actor_role="operator", key=key, data=data, at=desk.clock()
    ))  # fmt: skip


@command.command(help="Buat arsip baru / make a new archive.")
@click.option("--to", "medium", type=FOLDER, help="Media / medium.")
@click.option("--reports", type=FOLDER, help="Folder laporan / reports.")
@click.option("--no-record", is_flag=True, help="Tanpa catatan bertanda tangan / no ledger entry.")
@click.option("--key", type=click.Path(path_type=Path, dir_okay=False), help="Kunci / key.")
@trust_option
@click.pass_obj
def create(
    desk: Desk,
    medium: Path | None,
    reports: Path | None,
    no_record: bool,
    key: Path | None,
    trust: Path | None,
) -> Answer:
    """Verify, gather, seal, record."""
    repo = desk.repo().resolve()
    trusted = trust or Path(os.environ.get("SOP_TRUST") or repo.with_name(f"{repo.name}.trust.toml"))
    if not trusted.is_file():
        raise SettingsUnreadable("archive-trust-missing", path=trusted)
    target = _medium(desk, medium)
    office = Repository(repo).settings().office.name
    papers = reports or repo.with_name(f"{repo.name}.reports")
    made = making.create(repo, target, trusted, papers, office, desk.clock())
    if isinstance(made, tuple):
        return Answer(False, {"refusals": desk.shown(made)}, [desk.say("archive-refused"), *desk.told(made)])
    data: dict[str, object] = {
        "bag": made.archive.name, "name": made.archive.name, "sha512": made.sealed.manifest_sha512,
        "bytes": made.sealed.bytes, "tip": made.tip, "output_digest": made.output_digest,
        "medium": target.name,
    }  # fmt: skip
    entry = None if no_record else _record(desk, key, data)
    answer = {
        "archive": str(made.archive), "files": made.sealed.files, "bytes": made.sealed.bytes,
        "tip": made.tip, "output_digest": made.output_digest, "entry": entry,
    }  # fmt: skip
    return Answer(True, answer, [desk.say("archive-made", path=made.archive)])


@command.command("list", help="Arsip pada media / archives on a medium.")
@click.option("--to", "medium", type=FOLDER, help="Media / medium.")
@click.pass_obj
def list_(desk: Desk, medium: Path | None) -> Answer:
    """Names only; whether one holds is for ``verify``."""
    found = _archives(_medium(desk, medium))
    return Answer(True, {"archives": [str(path) for path in found]}, [path.name for path in found])


def _archives(medium: Path) -> list[Path]:
    if not medium.is_dir():
        raise MediumFailed("archive-medium-missing", path=medium)
    return sorted(path.parent for path in medium.glob("arsip-*/bagit.txt"))


@command.command(help="Periksa arsip / verify an archive.")
@click.argument("archive", type=FOLDER)
@click.option("--record", is_flag=True, help="Catat hasilnya / record the result.")
@click.option("--key", type=click.Path(path_type=Path, dir_okay=False), help="Kunci / key.")
@trust_option
@click.pass_obj
def verify(desk: Desk, archive: Path, record: bool, key: Path | None, trust: Path | None) -> Answer:
    """Every byte, the history, every approval."""
    with proving.readable(archive):
        proof = proving.prove(archive, trust, desk.clock())
    if record and proof.ok:
        sealed = bag.sha512(archive / bag.MANIFEST)
        _record(desk, key, {"bag": archive.name, "name": archive.name, "sha512": sealed, "verified": True})
    return _proof(desk, archive, proof)


def _proof(desk: Desk, archive: Path, proof: Proof) -> Answer:
    problems = [{"path": p.path, "kind": p.kind, "detail": p.detail} for p in proof.problems]
    data = {"archive": str(archive), "problems": problems, "refusals": desk.shown(proof.refusals)}
    if proof.ok:
        return Answer(True, data, [desk.say("archive-good", path=archive)])
    lines = [f"{p.path}: {desk.say(f'archive-problem-{p.kind}')}" for p in proof.problems]
    return Answer(False, data, [desk.say("archive-bad", path=archive), *lines, *desk.told(proof.refusals)])


@command.command(help="Pulihkan arsip ke folder baru / restore into a new folder.")
@click.argument("archive", type=FOLDER)
@click.argument("target", metavar="DIR", type=FOLDER)
@trust_option
@click.pass_obj
def restore(desk: Desk, archive: Path, target: Path, trust: Path | None) -> Answer:
    """Give back the repository and prove that it draws the same site."""
    with proving.readable(archive):
        done = restoring.restore(archive, target.absolute(), trust, desk.clock())
    if isinstance(done, Proof):
        return _proof(desk, archive, done)
    data = {
        "repository": str(done.repository), "trust": str(done.trust), "tip": done.tip,
        "output_digest": done.output_digest, "matches": done.matches,
    }  # fmt: skip
    return Answer(
        done.matches, data, [desk.say("archive-restored" if done.matches else "archive-differs", path=target)]
    )


@command.command(help="Uji pemulihan / a restore drill in a temporary folder.")
@click.argument("archive", type=FOLDER)
@trust_option
@click.pass_obj
def drill(desk: Desk, archive: Path, trust: Path | None) -> Answer:
    """Restore for trial; nothing stays."""
    with TemporaryDirectory(prefix="sop-uji-") as name, proving.readable(archive):
        done = restoring.restore(archive, Path(name) / "pulih", trust, desk.clock())
    if isinstance(done, Proof):
        return _proof(desk, archive, done)
    data = {
        "archive": str(archive),
        "tip": done.tip,
        "output_digest": done.output_digest,
        "matches": done.matches,
    }
    return Answer(
        done.matches, data, [desk.say("archive-drilled" if done.matches else "archive-differs", path=archive)]
    )


@command.command(
    help="Kurangi arsip lama; bawaan: hanya menunjukkan / remove old archives; shows only by default."
)
@click.option("--to", "medium", type=FOLDER, help="Media / medium.")
@click.option("--yes", is_flag=True, help="Hapus sungguh / really remove.")
@click.pass_obj
def prune(desk: Desk, medium: Path | None, yes: bool) -> Answer:
    """Only whole archives count as kept; damaged or future-dated ones never push out a good one."""
    keep = Repository(desk.repo()).settings().archive.keep
    stamp = making.stamp(desk.clock())
    whole = [
        p
        for p in _archives(_medium(desk, medium))
        if p.name.rsplit("-", 2)[1] <= stamp and not bag.problems(p)
    ]
    whole.sort(key=lambda path: path.name.rsplit("-", 2)[1])
    surplus = whole[:-keep]
    if yes:
        for path in surplus:
            shutil.rmtree(path)
    lines = [desk.say("archive-pruned" if yes else "archive-would-prune", path=path) for path in surplus]
    return Answer(
        True,
        {"removed": [str(p) for p in surplus], "dry_run": not yes},
        lines or [desk.say("archive-nothing")],
    )
