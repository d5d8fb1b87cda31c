"""``sop submit``: the operator asks the head for approval (SOP step 4)."""

import click

from pipeline import submitting
from pipeline.desk import Answer, Desk
from pipeline.repository import Repository
from sop_site.answers import count


@click.command("submit", help="Ajukan draf kepada Camat / ask for approval.")
@click.argument("draft")
@click.option("--note", default="", help="Catatan untuk Camat / a note for the head.")
@click.pass_obj
def command(desk: Desk, draft: str, note: str) -> Answer:
    """Save what is being edited, check, mark as submitted."""
    with Repository(desk.repo()) as repo:
        done = submitting.submit(repo, draft, note, desk.clock())
    data = {
        "draft": done.draft.id,
        "branch": done.draft.branch,
        "tip": done.draft.tip,
        "again": done.again,
        "findings": desk.shown(done.findings),
        "conflicts": list(done.conflicts),
    }
    if not done.done:
        errors = count(done.findings)["errors"]
        said = desk.say("draft-has-errors", draft=done.draft.id, errors=errors)
        return Answer(False, data, [*desk.told(done.findings), said])
    code = "submit-again" if done.again else "submit-done"
    lines = [*desk.told(done.findings), desk.say(code, draft=done.draft.id)]
    if done.conflicts:
        lines += desk.advised("draft-conflict", draft=done.draft.id, paths=", ".join(done.conflicts))
    return Answer(True, data, lines)
