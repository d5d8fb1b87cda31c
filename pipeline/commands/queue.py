"""``sop queue``: every draft with its state, age, checks and remarks, and whose turn it is."""

import click

from pipeline import drafts, ledger, telling
from pipeline.checking import check_draft
from pipeline.desk import Answer, Desk
from pipeline.repository import Repository

SETTLED = ("approved", "rejected")


@click.command("queue")
@click.pass_obj
def command(desk: Desk) -> Answer:
    """Semua draf dengan keadaan, umur, hasil periksa, dan catatan / every draft and whose turn it is."""
    with Repository(desk.repo()) as repo:
        zone = repo.settings().office.zone
        told, lines = [], []
        # Each draft is looked at twice: where it stands, then what the checks say of it.
        with desk.progress("queue-progress", 2 * len(repo.drafts())) as advance:
            rows = drafts.gather(repo, ledger.entries(repo), advance)
            for row in rows:
                checks = {"errors": 0, "warnings": 0}
                if row.state not in SETTLED:
                    checks = telling.count(tuple(check_draft(repo, row.draft.id).findings))
                age = telling.age_in_days(row.since, desk.clock(), zone)
                told.append({**telling.row_json(row, zone, age), "checks": checks})
                lines += telling.row_lines(desk, row, zone, age, checks)
                advance(1)
    return Answer(True, {"drafts": told}, lines or [desk.say("queue-empty")])
