"""``sop init``: a new content repository with governance, settings, skeleton, keys and trust file."""

from pathlib import Path

import click

from pipeline import founding
from pipeline.desk import Answer, Desk
from pipeline.repository import Repository


@click.command("init", help="Buka repositori konten baru / open a new content repository.")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--office", type=click.Path(path_type=Path), help="Berkas pengaturan / settings file (TOML).")
@click.option("--key", type=click.Path(path_type=Path, dir_okay=False), help="Kunci Camat / the head's key.")
@click.option(
    "--object-format", type=click.Choice(["sha1", "sha256"]), default="sha1", help="Bentuk objek git."
)
@click.pass_obj
def command(desk: Desk, folder: Path, office: Path | None, key: Path | None, object_format: str) -> Answer:
    """Everything is made beside the target and put in place at the end, or not at all."""
    made = founding.found(
        folder.absolute(), office=office, key=key, now=desk.clock(), object_format=object_format
    )
    with Repository(made.repo) as repo:
        name = repo.settings().office.name
    return Answer(
        True,
        {
            "repository": str(made.repo),
            "trust": str(made.trust),
            "keys": str(made.keys),
            "genesis": made.genesis,
        },
        [
            desk.say("init-done", office=name, path=made.repo),
            desk.say("init-keys", path=made.keys),
            desk.say("init-trust", path=made.trust),
        ],
    )
