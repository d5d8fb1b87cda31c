"""Puts a draft into the operator's work tree, unless unsaved edits are in the way."""

from pipeline.desk import Desk
from pipeline.references import DRAFTS
from pipeline.repository import Repository
from sop_site.errors import AnswerIsNo


def show_draft(desk: Desk, repo: Repository, draft: str) -> list[str]:
    """Switch to the draft; what keeps it from being shown is told, never an error."""
    edited = sorted(repo.pending())
    if edited and repo.checked_out() != DRAFTS + draft:
        # Git would carry the edits along, and they would be saved on a draft that they do not belong to.
        return [desk.say("new-elsewhere", path=edited[0])]
    try:
        repo.switch(DRAFTS + draft)
    except AnswerIsNo as error:
        return [desk.say("new-elsewhere", path=str(error.values.get("path", "–")))]
    return []
