"""``sop review``: what a draft would change for the public, before and after, and what the checks say."""

import os
import shutil
import sys

import click

from pipeline import drafts, ledger, review_page, review_sheet, review_telling, reviews, telling
from pipeline.desk import Answer, Desk
from pipeline.repository import Repository
from pipeline.reviewing import FileChange
from sop_site.answers import count
from sop_site.review import document
from sop_site.review.values import Words


@click.command("review")
@click.argument("draft")
@click.option(
    "--html",
    "target",
    metavar="[FILE]",
    is_flag=False,
    flag_value="",
    help="Tulis halaman untuk peramban / page for a browser.",
)
@click.option("--open", "opens", is_flag=True, help="Buka halaman itu / open that page.")
@click.pass_obj
def command(desk: Desk, draft: str, target: str | None, opens: bool) -> Answer:
    """Apa yang akan berubah bagi publik / what would change for the public."""
    with Repository(desk.repo()) as repo:
        settings = repo.settings()
        words = Words(desk.lang, settings.office.zone, settings)
        now = desk.clock()
        row = drafts.row(repo, repo.draft(draft), drafts.history(repo, ledger.entries(repo), now))
        review = reviews.gather(repo, row, words, now)
        age = telling.age_in_days(row.since, row.decided or now, words.zone)
        sheet = review_sheet.sheet(desk, repo, review, words, age, now)
        data = {
            **telling.row_json(row, words.zone, age),
            "pages": [telling.change_json(change) for change in review.files if change.is_page],
            "media": [telling.change_json(change) for change in review.files if _is_medium(change)],
            "protected": [telling.change_json(change) for change in review.files if change.is_protected],
            "checks": count(review.findings),
            "findings": desk.shown(review.findings),
            "counts": review_sheet.counts(review),
            "merged": review.compared.is_merged,
            "urgent": row.urgent or review.is_grave,
            "warnings": list(sheet.warnings),
            "next_commands": [deed.command for deed in sheet.deeds],
        }
        if target is None and not opens:
            return Answer(
                True, data, review_telling.lines(words, sheet, review.pages, review.files, _paper())
            )

        def drawn() -> str:
            return document.html(words, sheet, review.pages)

        written = review_page.put(desk, repo, row.draft.id, drawn, target or "", opens=opens)
    return Answer(True, {**data, "html": written.path, "opened": written.opened}, written.lines)


def _is_medium(change: FileChange) -> bool:
    return not change.is_page and not change.is_protected


def _paper() -> review_telling.Paper:
    """A terminal's width and colours; a pipe gets plain lines."""
    if not sys.stdout.isatty():
        return review_telling.Paper()
    columns = max(20, shutil.get_terminal_size((80, 24)).columns)
    return review_telling.Paper(min(80, columns), not os.environ.get("NO_COLOR"))
