"""``sop fix``: what can be repaired without judgement is repaired; the rest is listed for its author."""

import os
from pathlib import Path

import click

from pipeline import fixing
from pipeline.asking_https import Asking
from pipeline.desk import Answer, Desk
from pipeline.fixing import Repairs
from pipeline.references import DRAFTS
from pipeline.repository import Repository
from pipeline.reviewing import visible
from sop_site.errors import AnswerIsNo
from sop_site.messages import masked

_COLOURS = {"+": "green", "-": "red", "@": "cyan"}
_SHOWN = 200
"""Of a line in the JSON object; a page's line may be as long as the page."""


@click.command("fix", help="Perbaiki yang pasti / repair what is certain.")
@click.argument("what", nargs=-1, metavar="[DRAFT | PATH…]")
@click.option("--dry-run", is_flag=True, help="Tunjukkan saja / only show what would be done.")
@click.pass_obj
def command(desk: Desk, what: tuple[str, ...], dry_run: bool) -> Answer:
    """Exit 0 when all that is certain is done (or shown); what is left is for ``sop check`` to judge."""
    with Repository(desk.repo()) as repo, desk.progress("fix-progress") as advance:
        if len(what) == 1 and repo.tip(DRAFTS + what[0].removeprefix("draft/")):
            done = fixing.fix_draft(
                repo, what[0], at_time=desk.clock(), asking=Asking(), dry=dry_run, advance=advance
            )
        else:
            touched = (
                fixing.touched_by(repo, [_path(repo, name) for name in what])
                if what
                else fixing.being_worked_on(repo)
            )
            done = fixing.fix_work_tree(repo, touched, asking=Asking(), dry=dry_run, advance=advance)
    data = {
        "fixed": [
            {"path": masked(visible(path)), "line": step.line, "code": step.code,
             "before": _shown(step.before), "after": _shown(step.after)}
            for path, step in done.fixed
        ],
        "asked": desk.shown(done.asked),
        "diff": "\n".join(done.difference),
        "commit": done.commit,
        "pages": done.pages,
        "dry_run": dry_run,
    }  # fmt: skip
    return Answer(True, data, [*coloured(done), *_told(desk, done, dry_run)])


def _path(repo: Repository, name: str) -> Path:
    """A path as typed, from where one stands or from the repository's root."""
    for path in (Path.cwd() / name, repo.path / name):
        if not repo.bare and path.exists() and path.resolve().is_relative_to(repo.path.resolve()):
            return path
    raise AnswerIsNo("check-nothing-there", name=name)


def _shown(text: str) -> str:
    return masked(visible(text))[:_SHOWN]


def coloured(done: Repairs) -> list[str]:
    """The difference; Click takes the colours away where nobody looks at a terminal."""
    plain = bool(os.environ.get("NO_COLOR"))
    return [
        line if plain or line[0] not in _COLOURS else click.style(line, fg=_COLOURS[line[0]])
        for line in done.difference
    ]


def _told(desk: Desk, done: Repairs, dry: bool) -> list[str]:
    lines = dict.fromkeys(
        desk.say(
            "fix-step",
            path=_shown(path),
            line=step.line,
            what=desk.say(step.code, before=_shown(step.before), after=_shown(step.after)),
        )
        for path, step in done.fixed
    )
    counts = {"steps": len(lines), "pages": done.pages}
    code = "fix-nothing" if not lines else "fix-would" if dry else "fix-done"
    saved = [desk.say("fix-committed", commit=done.commit[:12])] if done.commit else []
    if lines and not done.commit and not dry:
        saved = [desk.say("fix-in-work-tree")]
    asked = [desk.say("fix-left"), *desk.told(done.asked)] if done.asked else []
    return [*lines, desk.say(code, **counts), *saved, *asked]
