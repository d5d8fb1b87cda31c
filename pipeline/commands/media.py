"""``sop media``: what the office has, and what it takes in (SOP step 1)."""

from pathlib import Path

import click

from pipeline import media_intake
from pipeline.desk import Answer, Desk
from pipeline.media_intake import Words
from pipeline.repository import Repository
from sop_site.content import media_of, parse, place_of, url_of
from sop_site.messages import masked


@click.group(help="Gambar, dokumen, video / pictures, documents, videos.")
def command() -> None:
    """Take in, find."""


@command.command(help="Masukkan berkas ke draf, dibersihkan / take files into a draft, cleaned.")
@click.argument("draft")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--page", help="Id halaman / the page's id.")
@click.option("--alt", help="Teks alternatif gambar / alternative text.")
@click.option("--caption", help="Keterangan atau judul berkas / caption or title.")
@click.option("--credit", help="Pembuat / credit.")
@click.option("--keep", is_flag=True, help="Biarkan Word dan Excel apa adanya / keep docx and xlsx.")
@click.pass_obj
def add(
    desk: Desk,
    draft: str,
    files: tuple[Path, ...],
    page: str | None,
    alt: str | None,
    caption: str | None,
    credit: str | None,
    keep: bool,
) -> Answer:
    """All files or none."""
    words = Words(alt, caption, credit)
    with Repository(desk.repo()) as repo, desk.progress("media-progress", len(files)) as advance:
        taken = media_intake.add(
            repo, draft, files, page_id=page, words=words, keep=keep, at=desk.clock(), advance=advance
        )
    told = [
        {"name": made.name, "kind": made.kind, "bytes": len(made.data), "width": made.width,
         "height": made.height, "poster": made.poster.name if made.poster else None}
        for made in taken.files
    ]  # fmt: skip
    data = {
        "page": masked(taken.page),
        "commit": taken.commit,
        "files": told,
        "findings": desk.shown(taken.findings),
    }
    if taken.commit is None:
        return Answer(False, data, [*desk.told(taken.findings), desk.say("media-kept-out")])
    lines = [
        desk.say("media-taken", name=made.name, kilobytes=max(1, len(made.data) // 1000))
        for made in taken.files
    ]
    return Answer(True, data, [*desk.told(taken.findings), *lines])


@command.command(help="Cari di antara yang sudah tayang / find among what is public.")
@click.argument("words", nargs=-1, required=True)
@click.pass_obj
def find(desk: Desk, words: tuple[str, ...]) -> Answer:
    """File names, titles, alternative texts and captions of public pages."""
    wanted = [word.casefold() for word in words]
    found: list[dict[str, object]] = []
    with Repository(desk.repo()) as repo:
        publish, settings = repo.publish(), repo.settings()
        for path in filter(place_of, repo.files(publish, "content/")):
            page = parse(path, repo.read(publish, path), settings).page
            if page is None:
                continue
            for name in sorted(media_of(page)):
                said = f"{name} {page.title} {page.image_alt or ''} {_captions(page, name)}".casefold()
                if all(word in said for word in wanted):
                    url = url_of(path) + name
                    found.append({"file": name, "page": path, "title": page.title, "url": url})
    lines = [desk.say("media-found", name=str(f["url"]), title=str(f["title"])) for f in found]
    return Answer(True, {"found": found}, lines or [desk.say("media-not-found")])


def _captions(page: object, name: str) -> str:
    entries = (*getattr(page, "photos", ()), *getattr(page, "files", ()))
    mine = [entry for entry in entries if entry.file == name]
    return " ".join(
        str(value)
        for entry in mine
        for key in ("alt", "caption", "title")
        if (value := getattr(entry, key, None))
    )
