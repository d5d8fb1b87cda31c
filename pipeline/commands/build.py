"""``sop build``: verify, then draw exactly the approved tree (SOP step 5)."""

from datetime import datetime
from pathlib import Path

import click

from pipeline import render
from pipeline.desk import Answer, Desk
from pipeline.earlier import as_of
from pipeline.options import now_option, trust_option
from pipeline.render import placing
from pipeline.verification import verification
from sop_site.errors import AnswerIsNo


@click.command("build", help="Bangun situs dari yang disetujui / build the site from what was approved.")
@trust_option
@click.option("--output", type=click.Path(path_type=Path), help="Folder hasil / output folder.")
@click.option("--clean", is_flag=True, help="Dari awal, kosongkan folder hasil / from nothing.")
@now_option
@click.option("--tip", metavar="COMMIT", help="Situs pada persetujuan ini / the site as of this approval.")
@click.pass_obj
def command(
    desk: Desk,
    trust: Path | None,
    output: Path | None,
    clean: bool,
    now: datetime | None,
    tip: str | None,
) -> Answer:
    """A refused history writes nothing. ``--now`` decides what has expired, not who may approve.

    ``--tip`` draws an earlier approval's tree, so that what a witness recorded can be built again.
    """
    repo = desk.repo()
    target = (output or placing.default_output(repo)).absolute()
    placing.refuse_repository(target, repo)
    with (
        desk.progress("render-building"),
        verification(repo, trust, desk.clock(), full=tip is not None, to_read=True) as verified,
    ):
        verdict = verified.verdict
        if not verdict.ok:
            said = [desk.say("render-refused"), *desk.told(verdict.refusals)]
            return Answer(False, {"tip": verdict.tip, "refusals": desk.shown(verdict.refusals)}, said)
        wanted = as_of(verified, tip) if tip else verified
        if wanted is None:
            raise AnswerIsNo("build-tip-unknown", tip=tip)
        built = render.build(wanted, target, now=now, clean=clean)
    data = {
        "tip": built.tip,
        "output": str(target),
        "pages": built.pages,
        "written": built.written,
        "removed": built.removed,
        "output_digest": built.output_digest,
        "seconds": dict(built.seconds),
        "refusals": [],
    }
    figures = {"pages": built.pages, "written": built.written, "removed": built.removed}
    lines = [desk.say("render-done", path=target), desk.say("render-figures", **figures)]
    return Answer(True, data, lines)
