"""``sop rollback``: serve the release before the present one again."""

from pathlib import Path

import click

from pipeline import deploy
from pipeline.deploy import origin
from pipeline.desk import Answer, Desk
from pipeline.repository import Repository


@click.command("rollback", help="Kembali ke tayangan sebelumnya / serve the release before this one.")
@click.option("--target", "name", help="Nama sasaran di site.toml / a target of site.toml.")
@click.pass_obj
def command(desk: Desk, name: str | None) -> Answer:
    """For the hour of need: works without verifying, since an earlier release was verified in its day."""
    repo = desk.repo()
    with Repository(repo) as opened:
        target = origin.target_of(opened.settings(), name, repo)
    done = deploy.rollback(Path(target.folder))
    data = {
        "target": target.name,
        "folder": target.folder,
        "release": done.name,
        "previous": done.previous,
        "files": done.files,
        "output_digest": done.output_digest,
    }
    line = desk.say("rollback-done", path=target.folder, release=done.name, previous=done.previous)
    return Answer(True, data, [line, desk.say("rollback-note")])
