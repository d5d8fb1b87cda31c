"""``sop edit``: a draft that changes a public page."""

import click

from pipeline import composing, drafts
from pipeline.desk import Answer, Desk
from pipeline.plumbing import RefMove
from pipeline.references import DRAFTS
from pipeline.repository import Repository
from pipeline.showing import show_draft
from sop_site.errors import AnswerIsNo


@click.command("edit", help="Ubah halaman yang sudah tayang / change a public page.")
@click.argument("page")
@click.option("--draft", help="Draf yang sudah ada / a draft that stands.")
@click.pass_obj
def command(desk: Desk, page: str, draft: str | None) -> Answer:
    """The draft starts at what is public; the page is then changed like any file."""
    with Repository(desk.repo()) as repo:
        publish = repo.publish()
        path = composing.find_page(page, repo.files(publish, "content/"))
        name = repo.draft(draft).id if draft else drafts.free_name(repo, f"ubah-{path.split('/')[-2]}")
        if draft is None:
            _begin(repo, DRAFTS + name, publish)
        elif repo.find(repo.draft(draft).tip, path) is None:
            raise AnswerIsNo("page-newer-than-draft", path=path, draft=name)
        shown = show_draft(desk, repo, name)
    data = {"id": path.split("/")[-2], "path": path, "branch": f"draft/{name}", "draft": name}
    return Answer(True, data, [desk.say("edit-done", draft=name, path=path), *shown])


def _begin(repo: Repository, ref: str, publish: str) -> None:
    """The branch at what is public now; one that was approved before is used again."""
    old = repo.tip(ref)
    if old == publish:
        return
    if repo.checked_out() == ref and (edited := repo.pending()):
        raise AnswerIsNo("work-tree-edited", path=next(iter(edited)))
    repo.move([RefMove(ref, publish, old)], "ubah")
