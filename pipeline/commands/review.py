"""``sop review``: what a draft would change for the public, before and after, and what the checks say."""

from dataclasses import replace

import click

from pipeline import drafts, ledger, policy_telling, telling
from pipeline.checking import check_draft
from pipeline.desk import Answer, Desk
from pipeline.drafts import DraftRow
from pipeline.repository import Repository
from pipeline.reviewing import FileChange, changes, visible
from sop_site.approval import policy
from sop_site.messages import masked
from sop_site.rules import personal_data
from sop_site.settings import Settings


@click.command("review")
@click.argument("draft")
@click.pass_obj
def command(desk: Desk, draft: str) -> Answer:
    """Apa yang akan berubah bagi publik / what would change for the public."""
    with Repository(desk.repo()) as repo:
        zone = repo.settings().office.zone
        row = drafts.row(repo, repo.draft(draft), drafts.history(repo, ledger.entries(repo)))
        settings = repo.settings()
        found = [_concealed(change, settings) for change in changes(repo, row.base, row.draft.tip)]
        findings = tuple(check_draft(repo, row.draft.id).findings)
        age = telling.age_in_days(row.since, desk.clock(), zone)
        data = {
            **telling.row_json(row, zone, age),
            "pages": [telling.change_json(change) for change in found if change.is_page],
            "media": [telling.change_json(change) for change in found if _is_medium(change)],
            "protected": [telling.change_json(change) for change in found if change.is_protected],
            "checks": telling.count(findings),
            "findings": desk.shown(findings),
        }
        lines = [
            *telling.row_lines(desk, row, zone, age, telling.count(findings)),
            *_people(desk, row),
            *telling.changes_lines(desk, found),
            *(policy_telling.draft_lines(desk, repo, row.draft, zone) if _is_policy(row) else []),
            *desk.told(findings),
        ]
    return Answer(True, data, lines)


def _concealed(change: FileChange, settings: Settings) -> FileChange:
    """The same without citizens' data: whoever reviews need not read them, and screens are photographed."""
    if change.is_protected:
        return change
    shown = personal_data.concealed("\n".join(change.difference), settings)
    difference = tuple(masked(line) for line in shown.split("\n")) if change.difference else ()
    moved = masked(change.moved_from) if change.moved_from else None
    return replace(change, path=masked(change.path), moved_from=moved, difference=difference)


def _is_medium(change: FileChange) -> bool:
    return not change.is_page and not change.is_protected


def _is_policy(row: DraftRow) -> bool:
    return policy.PATH in row.paths and row.state != "approved"


def _people(desk: Desk, row: DraftRow) -> list[str]:
    lines = [desk.say("review-authors", authors=", ".join(visible(author) for author in row.authors) or "–")]
    if row.submission and row.submission.note:
        lines.append(desk.say("review-note", note=visible(row.submission.note)))
    return lines
