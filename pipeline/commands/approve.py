"""``sop approve``: the head approves a draft by a signed merge (SOP step 4)."""

from pathlib import Path

import click

from pipeline import deciding, policy_telling, telling
from pipeline.desk import Answer, Desk
from pipeline.drafts import DraftRow
from pipeline.options import key_option, trust_option
from pipeline.repository import Repository
from pipeline.reviewing import FileChange
from sop_site.answers import count
from sop_site.approval import policy


@click.command("approve", help="Setujui draf dengan tanda tangan / approve a draft, signed.")
@click.argument("draft")
@key_option
@trust_option
@click.option("--note", default="", help="Catatan dalam persetujuan / a note in the approval.")
@click.option("--update", is_flag=True, help="Sesuaikan dahulu draf yang tertinggal / bring it up to date.")
@click.pass_obj
def command(desk: Desk, draft: str, key: Path | None, trust: Path | None, note: str, update: bool) -> Answer:
    """Nothing becomes public by this alone; it becomes what the next build shows."""

    def may_update(row: DraftRow, differs: tuple[str, ...]) -> bool:
        if update:
            return True
        if not desk.can_ask():
            return False
        if not desk.confirm("draft-update-ask", "--update", draft=row.draft.id):
            return False
        paths = ", ".join(differs)
        return not differs or desk.confirm("draft-update-changes-ask", "--update", paths=paths)

    with Repository(desk.repo()) as repo:

        def show(public: tuple[FileChange, ...]) -> None:
            lines = [desk.say("approve-shows"), *telling.changes_lines(desk, public)]
            if any(change.path == policy.PATH for change in public):
                zone = repo.settings().office.zone
                lines += policy_telling.draft_lines(desk, repo, repo.draft(draft), zone)
            desk.tell(lines)

        done = deciding.approve(
            repo, draft, at=desk.clock(), key=key, given_trust=trust, note=note,
            may_update=may_update, show=show,
        )  # fmt: skip
        edited = bool(repo.pending())
    data = {
        "draft": done.draft,
        "commit": done.commit,
        "sequence": done.sequence or None,
        "findings": desk.shown(done.findings),
        "refusals": desk.shown(done.refusals),
        "conflicts": list(done.conflicts),
        "changes": [telling.change_json(change) for change in done.changes],
    }
    if done.commit is None:
        return Answer(False, data, _why_not(desk, done))
    lines = [
        desk.say("approve-done", draft=done.draft, sequence=done.sequence, commit=done.commit[:12]),
        desk.say("approve-next"),
        *([desk.say("approve-work-tree")] if edited else []),
    ]
    return Answer(True, data, [*desk.told(done.findings), *lines])


def _why_not(desk: Desk, done: deciding.Decided) -> list[str]:
    lines = desk.told(done.findings)
    if done.conflicts:
        return [*lines, *desk.advised("draft-conflict", draft=done.draft, paths=", ".join(done.conflicts))]
    if any(refusal.code == "UNRELATED_DRAFT" for refusal in done.refusals):
        return [*lines, *desk.advised("draft-stale", draft=done.draft)]
    if done.refusals:
        return [*lines, *desk.told(done.refusals)]
    errors = str(count(done.findings)["errors"])
    return [*lines, *desk.advised("draft-has-errors", draft=done.draft, errors=errors)]
