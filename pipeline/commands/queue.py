"""``sop queue``: every draft with its state, age, checks and remarks, and whose turn it is."""

from datetime import datetime, timedelta

import click

from pipeline import ledger, queueing, telling
from pipeline.desk import Answer, Desk
from pipeline.drafts import DraftRow
from pipeline.repository import Repository
from sop_site.queue import SETTLED

_RECENT = timedelta(days=14)
"""How long a person is told of what is settled."""


@click.command("queue")
@click.option("--all", "everything", is_flag=True, help="Juga yang lama selesai / settled long ago, too.")
@click.pass_obj
def command(desk: Desk, *, everything: bool) -> Answer:
    """Semua draf dengan keadaan, umur, hasil periksa, dan catatan / every draft and whose turn it is."""
    now = desk.clock()
    with Repository(desk.repo()) as repo:
        zone = repo.settings().office.zone
        told, lines, earlier = [], [], 0
        # Each draft is looked at twice: where it stands, then what the checks say of it.
        with desk.progress("queue-progress", 2 * len(repo.drafts())) as advance:
            rows = queueing.gather(repo, ledger.entries(repo), now, advance)
            found = queueing.checks(repo, rows, advance)
            for row, checks in zip(rows, found, strict=True):
                age = telling.age_in_days(row.since, row.decided or now, zone)
                told.append({**telling.row_json(row, zone, age), "checks": checks})
                if everything or not _is_old(row, now - _RECENT):
                    lines += telling.row_lines(desk, row, zone, age, checks)
                else:
                    earlier += 1
    if earlier:
        lines.append(desk.say("queue-earlier", count=earlier))
    return Answer(True, {"drafts": told}, lines or [desk.say("queue-empty")])


def _is_old(row: DraftRow, since: datetime) -> bool:
    """Whether nobody has to do anything about a draft, nor had for a while."""
    return row.state in SETTLED and row.state != "scheduled" and (row.decided or row.since) < since
