"""``sop deploy``: put the built site before the public in one step, and look at it there (SOP step 5)."""

from pathlib import Path

import click

from pipeline import deploy
from pipeline.deploy import origin
from pipeline.desk import Answer, Desk
from pipeline.options import trust_option
from pipeline.render import placing
from pipeline.verification import verification


@click.command("deploy", help="Tayangkan situs yang sudah dibangun / put the built site in place.")
@click.option("--target", "name", help="Nama sasaran di site.toml / a target of site.toml.")
@click.option("--output", type=click.Path(path_type=Path), help="Folder hasil sop build / the built site.")
@trust_option
@click.pass_obj
def command(desk: Desk, name: str | None, output: Path | None, trust: Path | None) -> Answer:
    """Verified once more, built once more in secret and compared; then the link is switched."""
    repo = desk.repo()
    site = (output or placing.default_output(repo)).absolute()
    with desk.progress("deploy-proving"), verification(repo, trust, desk.clock(), full=True) as verified:
        verdict = verified.verdict
        if not verdict.ok:
            said = [desk.say("deploy-refused"), *desk.told(verdict.refusals)]
            return Answer(False, {"tip": verdict.tip, "refusals": desk.shown(verdict.refusals)}, said)
        # From the verified tree: a folder to write to is nothing that a draft may name.
        target = origin.target_of(origin.settings_of(verified), name, repo)
        digest = origin.prove(verified, site)
    done = deploy.deploy(site, Path(target.folder), target.keep, expected=digest)
    data: dict[str, object] = {
        "tip": verdict.verified_tip,
        "target": target.name,
        "folder": target.folder,
        "release": done.name,
        "previous": done.previous,
        "files": done.files,
        "output_digest": done.output_digest,
        "refusals": [],
    }
    code = "deploy-unchanged" if done.name == done.previous else "deploy-done"
    return Answer(True, data, [desk.say(code, path=target.folder, release=done.name, files=done.files)])
