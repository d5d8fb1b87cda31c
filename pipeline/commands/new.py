"""``sop new``: a page on a draft of its own, or on one that stands (SOP step 2)."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline import composing, drafts, plumbing, signposts
from pipeline.desk import Answer, Desk
from pipeline.plumbing import RefMove
from pipeline.references import DRAFTS
from pipeline.repository import Repository
from pipeline.showing import show_draft
from pipeline.submitting import author_of
from sop_site.content import KINDS, url_of
from sop_site.errors import AnswerIsNo

if TYPE_CHECKING:
    from pipeline.media_intake import Taken


_HELP = """Buat halaman baru pada draf / a new page on a draft.

Jenis: news berita, announcement pengumuman, event agenda, gallery galeri foto, video, document dokumen, alert
peringatan dini, service kartu layanan, village desa atau kelurahan, page halaman tetap. Judul (TITLE) ditulis
di antara tanda petik.
"""


@click.command("new", help=_HELP)
@click.argument("kind", type=click.Choice(list(KINDS)))
@click.argument("title")
@click.option("--date", "day", help="Tanggal halaman / the page's date, YYYY-MM-DD.")
@click.option("--id", "given", help="Id halaman / the page's id.")
@click.option("--draft", help="Draf yang sudah ada / a draft that stands.")
@click.option("--media", multiple=True, type=click.Path(path_type=Path), help="Berkas media / media file.")
@click.option("--alt", multiple=True, help="Teks alternatif, satu per gambar / alternative text.")
@click.option("--credit", help="Pembuat gambar atau video / credit.")
@click.pass_obj
def command(
    desk: Desk,
    kind: str,
    title: str,
    day: str | None,
    given: str | None,
    draft: str | None,
    media: tuple[Path, ...],
    alt: tuple[str, ...],
    credit: str | None,
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
        if (owner := signposts.standing(repo, base).get(url_of(path))) is not None:
            raise AnswerIsNo("address-leads-on", url=url_of(path), path=owner)
        text = composing.new_page(kind, title, date, settings).encode()
        ref = DRAFTS + branch
        before = repo.tip(ref)
        try:
            words = f"Halaman baru: {title}"
            repo.commit_files(branch, {path: text}, words, author=author_of(repo), at=now)
            taken = _take_in(desk, repo, branch, path, media, alt, credit) if media else None
        except BaseException:
            _take_back(repo, ref, before)
            raise
        if taken is not None and taken.commit is None:
            _take_back(repo, ref, before)
            findings = {"findings": desk.shown(taken.findings)}
            return Answer(False, findings, [*desk.told(taken.findings), desk.say("media-kept-out")])
        shown = show_draft(desk, repo, branch)
    data: dict[str, object] = {"id": name, "path": path, "branch": f"draft/{branch}", "draft": branch}
    data["files"] = [made.name for made in taken.files] if taken else []
    data["findings"] = desk.shown(taken.findings) if taken else []
    lines = [desk.say("new-done", path=path, draft=branch), desk.say("new-next", draft=branch), *shown]
    return Answer(True, data, [*(desk.told(taken.findings) if taken else []), *lines])


def _take_in(
    desk: Desk,
    repo: Repository,
    draft: str,
    path: str,
    media: tuple[Path, ...],
    alt: tuple[str, ...],
    credit: str | None,
) -> "Taken":
    # Imported here: what cleans media is heavy, and most pages begin without any.
    from pipeline import media_intake
    from pipeline.media_intake import Words

    page = path.removeprefix("content/").removesuffix("/index.md")
    with desk.progress("media-progress", len(media)) as advance:
        return media_intake.add(
            repo, draft, media, page_id=page, words=Words(alts=alt, credit=credit), keep=False,
            at=desk.clock(), advance=advance,
        )  # fmt: skip


def _take_back(repo: Repository, ref: str, before: str | None) -> None:
    """The draft as it was: a page whose media were refused is not begun."""
    tip = repo.tip(ref)
    if tip is None or tip == before:
        return
    if before is None:
        plumbing.drop_ref(repo.path, ref, tip)
    else:
        repo.move([RefMove(ref, before, tip)], "batal")
