"""``sop new``: a page on a draft of its own, or on one that stands (SOP step 2)."""

import click

from pipeline import composing, drafts
from pipeline.desk import Answer, Desk
from pipeline.repository import Repository
from pipeline.showing import show_draft
from pipeline.submitting import author_of
from sop_site.content import KINDS
from sop_site.errors import AnswerIsNo


@click.command("new", help="Buat halaman baru pada draf / a new page on a draft.")
@click.argument("kind", type=click.Choice(list(KINDS)))
@click.argument("title")
@click.option("--date", "day", help="Tanggal halaman / the page's date, YYYY-MM-DD.")
@click.option("--id", "given", help="Id halaman / the page's id.")
@click.option("--draft", help="Draf yang sudah ada / a draft that stands.")
@click.pass_obj
def command(
    desk: Desk, kind: str, title: str, day: str | None, given: str | None, draft: str | None
) -> Answer:
    """Write every key that the kind needs; the operator only fills in."""
    with Repository(desk.repo()) as repo:
        settings = repo.settings()
        now = desk.clock().astimezone(settings.office.zone)
        date = composing.day_of(day, now.date())
        name = composing.page_id(kind, title, date, given)
        path = composing.page_path(kind, name)
        base = repo.draft(draft).tip if draft else repo.publish()
        branch = repo.draft(draft).id if draft else drafts.free_name(repo, name)
        if repo.find(base, path) is not None:
            raise AnswerIsNo("page-exists", path=path)
        text = composing.new_page(kind, title, date, settings)
        author = author_of(repo)
        repo.commit_files(branch, {path: text.encode()}, f"Halaman baru: {title}", author=author, at=now)
        shown = show_draft(desk, repo, branch)
    lines = [desk.say("new-done", path=path, draft=branch), desk.say("new-next", draft=branch), *shown]
    return Answer(True, {"id": name, "path": path, "branch": f"draft/{branch}", "draft": branch}, lines)
