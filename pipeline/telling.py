"""How drafts and decisions are told, to programs (JSON) and to people (lines); shared by several commands."""

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo

from pipeline.desk import Desk
from pipeline.drafts import DraftRow
from pipeline.reviewing import FileChange, visible
from sop_site.calendar import office_calendar
from sop_site.messages import masked
from sop_site.queue import SETTLED, Decision


def remark_json(remark: Decision, zone: tzinfo) -> dict[str, object]:
    """A decision of the head for the JSON object."""
    return {
        "kind": remark.kind,
        "sequence": remark.sequence,
        "actor": remark.actor,
        "at": remark.at.astimezone(zone).isoformat(),
        "reason": masked(remark.reason),
        "draft_commit": remark.draft,
    }


def row_json(row: DraftRow, zone: tzinfo, age_days: int) -> dict[str, object]:
    """A draft for the JSON object; ``age_days`` counts working days."""
    return {
        "draft": row.draft.id,
        "branch": row.draft.branch,
        "tip": row.draft.tip,
        "title": masked(row.title),
        "state": row.state,
        "next": row.next,
        "turn": row.turn,
        "stale": row.stale,
        "conflicts": [masked(path) for path in row.conflicts],
        "authors": list(row.authors),
        "since": row.since.astimezone(zone).isoformat(),
        "age_days": age_days,
        "urgent": row.urgent,
        "decided": _at(row.decided, zone),
        "shown_from": _at(row.shown_from, zone),
        "note": masked(row.submission.note) if row.submission else "",
        "submitted_by": row.submission.by if row.submission else None,
        "remarks": [remark_json(remark, zone) for remark in row.remarks],
        "paths": [masked(path) for path in row.paths],
    }


def _at(moment: datetime | None, zone: tzinfo) -> str | None:
    return moment.astimezone(zone).isoformat() if moment else None


def age_in_days(since: datetime, now: datetime, zone: tzinfo) -> int:
    """Working days that somebody has been waiting; the first day is day zero."""
    first, last = since.astimezone(zone).date(), now.astimezone(zone).date()
    return office_calendar().working_days_between(first, last)


def moment(at: datetime, zone: tzinfo) -> str:
    """A time for a reader at the desk, in the office's zone."""
    return at.astimezone(zone).strftime("%Y-%m-%d %H:%M")


def remark_line(desk: Desk, remark: Decision, zone: tzinfo) -> str:
    """A decision of the head as one line."""
    return desk.say(
        f"remark-{remark.kind}",
        actor=remark.actor,
        at=moment(remark.at, zone),
        reason=masked(visible(remark.reason)),
    )


def row_lines(desk: Desk, row: DraftRow, zone: tzinfo, age_days: int, checks: Mapping[str, int]) -> list[str]:
    """A draft as the queue shows it."""
    lines = [state_line(desk, row)]
    if row.urgent:
        lines.append("  " + desk.say("queue-urgent"))
    lines.append("  " + desk.say("queue-since", at=moment(row.since, zone), days=age_days))
    if row.state not in SETTLED:
        lines.append("  " + desk.say("queue-checks", **checks))
    lines += ["  " + remark_line(desk, remark, zone) for remark in row.remarks]
    if row.stale and row.state != "rejected":
        lines.append("  " + desk.say("draft-is-stale"))
    shown_from = moment(row.shown_from, zone) if row.shown_from else "–"
    lines.append("  → " + desk.say(f"queue-next-{row.next}", draft=row.draft.id, at=shown_from))
    return lines


def state_line(desk: Desk, row: DraftRow) -> str:
    """A draft's name, state and title."""
    state = desk.say(f"state-{row.state}")
    return desk.say("queue-line", draft=row.draft.id, state=state, title=masked(visible(row.title)))


def change_json(change: FileChange) -> dict[str, object]:
    """A changed file for the JSON object."""
    return {
        "path": masked(change.path),
        "change": change.change,
        "before": change.before,
        "after": change.after,
        "moved_from": masked(change.moved_from) if change.moved_from else None,
        "difference": [masked(line) for line in change.difference],
    }


def changes_lines(desk: Desk, found: Sequence[FileChange]) -> list[str]:
    """All that changes for the public; first how much of it goes away, page by page, then file by file."""
    removed = [change for change in found if change.change == "removed"]
    lines = []
    if removed:
        lines.append(desk.say("review-removals", count=len(removed)))
        lines += [f"  {desk.say('review-removed-page', path=masked(visible(change.path)))}"
                  for change in removed if change.is_page]  # fmt: skip
    if any(change.is_protected for change in found):
        lines.append(desk.say("review-protected"))
    if not found:
        lines.append(desk.say("review-nothing"))
    return lines + [line for change in found for line in change_lines(desk, change)]


def change_lines(desk: Desk, change: FileChange) -> list[str]:
    """A changed file as ``sop review`` shows it: its fate in capitals, then the text's difference."""
    sizes = {"before": change.before or 0, "after": change.after or 0}
    head = [desk.say(f"review-{change.change}", path=masked(visible(change.path)), **sizes)]
    if change.moved_from:
        head.append("  " + desk.say("review-moved", before=masked(visible(change.moved_from))))
    return [*head, *(f"    {masked(line)}" for line in change.difference)]
