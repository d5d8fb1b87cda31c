"""``sop edit``: a draft that changes a public page, and the way back to a draft that is unfinished."""

import click

from pipeline import drafts, earlier_text, ledger, telling, whereabouts
from pipeline.desk import Answer, Desk
from pipeline.plumbing import RefMove
from pipeline.references import DRAFTS, DraftRef
from pipeline.repository import Repository
from pipeline.showing import show_draft
from pipeline.submitting import author_of
from sop_site.content.editing import with_value
from sop_site.errors import AnswerIsNo
from sop_site.rules import personal_data


@click.command("edit", help="Ubah halaman yang tayang, lanjutkan draf / change a page, go on with a draft.")
@click.argument("page")
@click.option("--draft", help="Draf yang sudah ada / a draft that stands.")
@click.option("--note", help="Catatan perubahan untuk publik / what changes, for the public.")
@click.option("--restore", is_flag=True, help="Pulihkan yang ditarik / bring a withdrawn page back.")
@click.pass_obj
def command(desk: Desk, page: str, draft: str | None, note: str | None, restore: bool) -> Answer:
    """The draft starts at what is public; the page is then changed like any file."""
    with Repository(desk.repo()) as repo:
        personal_data.refuse(note or "", repo.settings())
        if draft is None:
            place = whereabouts.find(repo, page, "ubah-")
            if place.draft is not None and not (note or restore):
                return _go_on(desk, repo, place.path, place.draft)
            path, begun = place.path, place.draft
        else:
            path, _ = whereabouts.page_in(repo, page, draft)
            begun = repo.draft(draft)
        name = begun.id if begun else drafts.free_name(repo, f"ubah-{path.split('/')[-2]}")
        _begin(repo, DRAFTS + name)
        _write(desk, repo, name, path, note, restore=restore)
        shown = show_draft(desk, repo, name)
        others = [one for one in whereabouts.drafts_changing(repo, path.removesuffix("index.md"))
                  if one != name]  # fmt: skip
    said = [desk.say("edit-done-noted" if note else "edit-done", draft=name, path=path)]
    if restore:
        said += desk.advised("edit-restored", path=path)
    if others:
        said += desk.advised("edit-others", drafts=", ".join(others))
    return Answer(True, {**_data(path, name), "drafts": others}, [*said, *shown])


def _data(path: str, draft: str) -> dict[str, object]:
    return {"id": path.split("/")[-2], "path": path, "branch": f"draft/{draft}", "draft": draft}


def _begin(repo: Repository, ref: str) -> None:
    """The branch at what is public now, where it holds nothing else: one that was approved is used again."""
    old, publish = repo.tip(ref), repo.publish()
    if old == publish or (old is not None and not repo.is_ancestor(old, publish)):
        return
    if repo.checked_out() == ref and (edited := repo.pending()):
        raise AnswerIsNo("work-tree-edited", path=next(iter(edited)))
    repo.move([RefMove(ref, publish, old)], "ubah")


def _write(desk: Desk, repo: Repository, draft: str, path: str, note: str | None, *, restore: bool) -> None:
    """What the command itself changes: the text before a withdrawal, the note on the change."""
    if not (note or restore):
        return
    tip = repo.draft(draft).tip
    files: dict[str, bytes] = earlier_text.before_withdrawal(repo, path) if restore else {}
    if note:
        text = files.get(path) or repo.read(tip, path)
        files[path] = with_value(text.decode(), "change_note", " ".join(note.split())).encode()
    words = f"{'Pulihkan' if restore else 'Catatan perubahan'}: {path}"
    at = desk.clock().astimezone(repo.settings().office.zone)
    repo.commit_files(draft, files, words, author=author_of(repo), at=at)


def _go_on(desk: Desk, repo: Repository, path: str, draft: DraftRef) -> Answer:
    """Back to a draft that was begun; what stands in the way is an answer, since nothing else is asked."""
    row = drafts.row(repo, draft, drafts.history(repo, ledger.entries(repo), desk.clock()))
    if row.state == "rejected":
        raise AnswerIsNo("draft-rejected", draft=draft.id)
    if repo.checked_out() != draft.ref and (edited := sorted(repo.pending())):
        raise AnswerIsNo("work-tree-edited", path=edited[0])
    repo.switch(draft.ref)
    zone = repo.settings().office.zone
    lines = [desk.say("edit-resumed", draft=draft.id, path=path, state=desk.say(f"state-{row.state}"))]
    lines += ["  " + telling.remark_line(desk, remark, zone) for remark in row.remarks]
    if row.conflicts:
        lines += desk.advised("draft-conflict", draft=draft.id, paths=", ".join(row.conflicts))
    elif row.stale:
        lines.append(desk.say("draft-is-stale"))
    return Answer(True, {**_data(path, draft.id), "resumed": True, "state": row.state}, lines)
