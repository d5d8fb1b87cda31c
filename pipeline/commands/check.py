"""``sop check``: form, links, personal data and all other rules, before anybody is asked for approval."""

from collections.abc import Callable
from pathlib import Path

import click

from pipeline import checking
from pipeline.checking import Checked
from pipeline.desk import Answer, Desk
from pipeline.references import DRAFTS
from pipeline.repository import Repository
from sop_site.answers import Finding, count
from sop_site.errors import AnswerIsNo


@click.command("check", help="Periksa draf atau halaman / check a draft or pages.")
@click.argument("what", nargs=-1, metavar="[DRAFT | PATH…]")
@click.option("--all", "everything", is_flag=True, help="Semua halaman tayang / every public page.")
@click.pass_obj
def command(desk: Desk, what: tuple[str, ...], everything: bool) -> Answer:
    """All findings at once; exit 1 if any of them bars submission."""
    with Repository(desk.repo()) as repo:
        checked = _checked(desk, repo, what, everything)
        unsaved = _unsaved(repo, what)
    findings = _in_order(checked.findings)
    counts = count(findings)
    data = {"findings": desk.shown(findings), "pages": len(checked.pages), **counts}
    closing = desk.say("check-done", pages=len(checked.pages), **counts)
    hint = [desk.say("check-unsaved")] if unsaved else []
    return Answer(not counts["errors"], data, [*desk.told(findings), *hint, closing])


def _unsaved(repo: Repository, what: tuple[str, ...]) -> bool:
    """Whether a draft was checked at its tip while edits of it lie unsaved in the work tree."""
    shown = repo.checked_out() or ""
    named = len(what) == 1 and shown == DRAFTS + what[0].removeprefix("draft/")
    return named and any(path.startswith("content/") for path in repo.pending())


def _checked(desk: Desk, repo: Repository, what: tuple[str, ...], everything: bool) -> Checked:
    if everything:
        commit = repo.publish()
        pages = sum(path.endswith("/index.md") for path in repo.files(commit, "content"))
        with desk.progress("check-progress", pages) as advance:
            return checking.check_all(repo, commit, advance)
    with desk.progress("finding-learning") as advance:
        return _of_a_draft(repo, what, advance)


def _of_a_draft(repo: Repository, what: tuple[str, ...], advance: Callable[[int], None]) -> Checked:
    if len(what) == 1 and repo.tip(DRAFTS + what[0].removeprefix("draft/")):
        return checking.check_draft(repo, what[0], advance)
    if what:
        return checking.check_work_tree(repo, [_path(repo, name) for name in what], advance)
    tip = repo.tip("HEAD")
    if tip is None:
        raise AnswerIsNo("check-what")
    base = repo.base(tip)
    edited = {path for path in repo.pending() if path.startswith("content/")}
    if not edited:
        return checking.check_change(repo, base, tip, advance)
    touched = {*repo.changed(base, tip), *edited}
    present = [repo.path / path for path in touched if (repo.path / path).exists()]
    return checking.check_work_tree(repo, present, advance)


def _path(repo: Repository, name: str) -> Path:
    """A path as typed, from where one stands or from the repository's root."""
    for path in (Path.cwd() / name, repo.path / name):
        if path.exists() and path.resolve().is_relative_to(repo.path.resolve()):
            return path
    raise AnswerIsNo("check-nothing-there", name=name)


def _in_order(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda found: (found.severity, found.path, found.line or 0)))
