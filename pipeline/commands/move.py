"""``sop move``: a draft that gives a public page another id; its old address leads on."""

import click

from pipeline import drafts, moving, whereabouts
from pipeline.desk import Answer, Desk
from pipeline.options import reason_option
from pipeline.repository import Repository
from pipeline.showing import show_draft
from pipeline.submitting import author_of
from sop_site.errors import AnswerIsNo
from sop_site.rules import personal_data


@click.command("move", help="Beri halaman id lain, alamat lama tetap berlaku / give a page another id.")
@click.argument("page")
@click.argument("new_id", metavar="NEW-ID")
@reason_option
@click.option("--draft", help="Draf yang sudah ada / a draft that stands.")
@click.option("--links", is_flag=True, help="Perbaiki tautan di halaman lain / mend links on other pages.")
@click.pass_obj
def command(desk: Desk, page: str, new_id: str, reason: str, draft: str | None, links: bool) -> Answer:
    """Its files go along; it says itself which ids it had before."""
    if not reason.strip():
        raise AnswerIsNo("reason-blank")
    with Repository(desk.repo()) as repo:
        settings = repo.settings()
        personal_data.refuse(reason, settings)
        path, base = whereabouts.page_in(repo, page, draft)
        move = moving.plan(repo, base, path, new_id, " ".join(reason.split()), mend=links)
        name = repo.draft(draft).id if draft else drafts.free_name(repo, f"pindah-{path.split('/')[-2]}")
        words = f"Pindah: {move.old_url} → {move.new_url}"
        at = desk.clock().astimezone(settings.office.zone)
        repo.commit_files(name, move.changes, words, author=author_of(repo), at=at)
        shown = show_draft(desk, repo, name)
    lines = desk.advised("move-done", draft=name, before=move.old_url, after=move.new_url)
    if move.mended:
        lines.append(desk.say("move-mended", paths=", ".join(move.mended)))
    if move.linking:
        lines += desk.advised("move-linking", paths=", ".join(move.linking))
    others = [other for other in move.drafts if other != name]
    if others:
        lines += desk.advised("move-others", drafts=", ".join(others))
    data = {
        "id": new_id, "path": move.path, "branch": f"draft/{name}", "draft": name, "before": move.old_url,
        "after": move.new_url, "mended": list(move.mended), "linking": list(move.linking), "drafts": others,
    }  # fmt: skip
    return Answer(True, data, [*lines, *shown])
