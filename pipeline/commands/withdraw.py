"""``sop withdraw``: a draft that puts a notice in a page's place; it needs approval like any other."""

import click

from pipeline import composing, drafts, whereabouts
from pipeline.desk import Answer, Desk
from pipeline.options import reason_option
from pipeline.repository import Repository
from pipeline.showing import show_draft
from pipeline.submitting import author_of
from sop_site.errors import AnswerIsNo
from sop_site.messages import say


@click.command("withdraw", help="Tarik halaman dengan pemberitahuan / withdraw a page with a notice.")
@click.argument("page")
@reason_option
@click.option("--draft", help="Draf yang sudah ada / a draft that stands.")
@click.pass_obj
def command(desk: Desk, page: str, reason: str, draft: str | None) -> Answer:
    """The text gives way to the notice, and the page's files to nothing."""
    if not reason.strip():
        raise AnswerIsNo("reason-blank")
    with Repository(desk.repo()) as repo:
        now = desk.clock().astimezone(repo.settings().office.zone)
        path, base = whereabouts.page_in(repo, page, draft)
        folder = path.removesuffix("index.md")
        # What the public reads is Bahasa Indonesia, whatever language the desk speaks.
        body = say("id", "withdraw-body", date=now.strftime("%d-%m-%Y"), reason=reason.strip())
        notice = composing.withdrawal(path, repo.read(base, path), now, reason.strip(), body)
        changes: dict[str, bytes | None] = dict.fromkeys(repo.files(base, folder))
        changes[path] = notice
        name = repo.draft(draft).id if draft else drafts.free_name(repo, f"tarik-{path.split('/')[-2]}")
        repo.commit_files(name, changes, f"Tarik: {path}", author=author_of(repo), at=now)
        shown = show_draft(desk, repo, name)
        others = [one for one in whereabouts.drafts_changing(repo, folder) if one != name]
    lines = desk.advised("withdraw-done", draft=name, path=path)
    if others:
        lines += desk.advised("edit-others", drafts=", ".join(others))
    data = {
        "id": path.split("/")[-2],
        "path": path,
        "branch": f"draft/{name}",
        "draft": name,
        "drafts": others,
    }
    return Answer(True, data, [*lines, *shown])
