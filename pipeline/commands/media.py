"""``sop media``: what the office has, and what it takes in (SOP step 1)."""

from pathlib import Path

import click

from pipeline import media_finding, media_intake
from pipeline.desk import Answer, Desk
from pipeline.media_intake import Words
from pipeline.repository import Repository
from pipeline.reviewing import visible
from sop_site.media_search import Entry
from sop_site.messages import masked

_KINDS = {
    "pdf": "document", "mp4": "video", "vtt": "captions", "svg": "drawing", "docx": "office",
    "xlsx": "office",
}  # fmt: skip


@click.group(help="Gambar, dokumen, video / pictures, documents, videos.")
def command() -> None:
    """Take in, find."""


@command.command(help="Masukkan berkas ke draf, dibersihkan / take files into a draft, cleaned.")
@click.argument("draft")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--page", help="Id halaman / the page's id.")
@click.option(
    "--alt", multiple=True, help="Teks alternatif, satu per gambar / alternative text, one for each picture."
)
@click.option("--alt-later", is_flag=True, help="Teks alternatif ditulis kemudian / to be written later.")
@click.option("--caption", help="Keterangan atau judul berkas / caption or title.")
@click.option("--credit", help="Pembuat / credit.")
@click.option("--keep", is_flag=True, help="Biarkan Word dan Excel apa adanya / keep docx and xlsx.")
@click.pass_obj
def add(
    desk: Desk,
    draft: str,
    files: tuple[Path, ...],
    page: str | None,
    alt: tuple[str, ...],
    alt_later: bool,
    caption: str | None,
    credit: str | None,
    keep: bool,
) -> Answer:
    """All files or none."""
    words = Words(alt, alt_later, caption, credit)
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
        "passed_over": {
            "side_files": taken.side_files,
            "shortcuts": taken.shortcuts,
            "other_versions": list(taken.other_versions),
        },
        "without_alt": list(taken.without_alt),
    }
    if taken.commit is None:
        return Answer(
            False, data, [*desk.told(taken.findings), *_passed_over(desk, taken), desk.say("media-kept-out")]
        )
    lines = [
        desk.say("media-taken", name=made.name, kilobytes=max(1, len(made.data) // 1000))
        for made in taken.files
    ]
    if taken.without_alt:
        lines += desk.advised("media-alt-to-write", names=", ".join(taken.without_alt))
    return Answer(True, data, [*desk.told(taken.findings), *lines, *_passed_over(desk, taken)])


def _passed_over(desk: Desk, taken: media_intake.Taken) -> list[str]:
    """What lay among the files and was not meant."""
    lines = []
    if taken.side_files:
        lines.append(desk.say("media-side-files", count=taken.side_files))
    if taken.shortcuts:
        lines.append(desk.say("media-shortcuts", count=taken.shortcuts))
    if taken.other_versions:
        lines += desk.advised("media-other-versions", names=", ".join(taken.other_versions))
    return lines


@command.command(help="Cari di antara yang sudah ada / find among what there is.")
@click.argument("words", nargs=-1, required=True)
@click.pass_obj
def find(desk: Desk, words: tuple[str, ...]) -> Answer:
    """Words of captions, titles, credits, dates, topics, units, names and files: public ones and drafts."""
    with Repository(desk.repo()) as repo, desk.progress("finding-learning") as advance:
        found = media_finding.find(repo, words, advance)
    lines = [line for entry in found for line in _found_lines(desk, entry)]
    data = {"found": [_found_json(entry) for entry in found]}
    return Answer(True, data, lines or [desk.say("media-not-found")])


def _found_json(entry: Entry) -> dict[str, object]:
    return {
        "file": entry.name,
        "page": entry.page,
        "title": masked(entry.title),
        "url": entry.url,
        "state": "public" if entry.draft is None else "draft",
        "draft": entry.draft,
        "kind": _kind(entry),
        "bytes": entry.size,
        "date": entry.day,
        "caption": masked(entry.caption),
        "alt": masked(entry.alt),
        "credit": masked(entry.credit),
        "used": entry.used,
    }


def _found_lines(desk: Desk, entry: Entry) -> list[str]:
    facts = [
        desk.say(f"finding-kind-{_kind(entry)}"),
        desk.say("finding-size", kilobytes=max(1, entry.size // 1000)),
        entry.day,
        visible(masked(entry.caption or entry.alt)),
        visible(masked(entry.credit)),
    ]
    where = (
        desk.say("finding-public") if entry.draft is None else desk.say("finding-draft", draft=entry.draft)
    )
    return [
        desk.say("media-found", name=entry.url, title=visible(masked(entry.title))),
        "  "
        + " · ".join([*filter(None, facts), where, *([] if entry.used else [desk.say("finding-unused")])]),
    ]


def _kind(entry: Entry) -> str:
    return _KINDS.get(entry.name.rpartition(".")[2], "picture")
