"""The office's shared copy (a remote named ``origin``): what is sent there and taken from there."""

from collections.abc import Sequence

from pipeline.gitenv import GitFailed
from pipeline.plumbing import RefMove
from pipeline.references import DRAFTS, LEDGER, PUBLISH
from pipeline.repository import Repository
from sop_site.errors import AnswerIsNo, ServiceSilent

_REMOTE = "refs/remotes/origin/"


# What git says where a branch of the shared copy is no longer where we believed it to be.
_LOST_RACE = ("non-fast-forward", "fetch first", "stale info", "cannot lock ref", "failed to update ref",
              "incorrect old value", "reference already exists")  # fmt: skip


def has_origin(repo: Repository) -> bool:
    """Whether the office shares a copy."""
    return b"origin" in repo.ask("remote").split()


def send(repo: Repository, pairs: Sequence[tuple[str, str]]) -> None:
    """Push ``(commit, full ref)`` pairs to origin (if there is one), all or none, never by force."""
    if not has_origin(repo):
        return
    orders = [f"{commit}:{ref}" for commit, ref in pairs]
    try:
        repo.ask("push", "--quiet", "--atomic", "--no-verify", "origin", *orders)
    except GitFailed as error:
        if any(word in error.stderr for word in _LOST_RACE):
            raise AnswerIsNo("someone-was-faster", ref=pairs[0][1]) from error
        if "rejected]" in error.stderr:
            raise AnswerIsNo("origin-refused", detail=_said(error.stderr)) from error
        raise ServiceSilent("origin-silent") from error


def receive(repo: Repository) -> None:
    """Fetch from origin (if there is one) and move forward every branch that only lags behind."""
    if not has_origin(repo):
        return
    try:
        repo.ask("fetch", "--quiet", "--no-tags", "--prune", "origin", f"+refs/heads/*:{_REMOTE}*")
    except GitFailed as error:
        raise ServiceSilent("origin-silent") from error
    shown = repo.checked_out()
    listed = repo.ask("for-each-ref", "--format=%(objectname) %(refname)", _REMOTE).decode()
    for new, remote in (line.split(" ", 1) for line in listed.splitlines()):
        ref = "refs/heads/" + remote.removeprefix(_REMOTE)
        if ref not in (PUBLISH, LEDGER) and not ref.startswith(DRAFTS):
            continue
        old = repo.tip(ref)
        if old is not None and (old == new or not repo.is_ancestor(old, new)):
            continue
        # A draft in the work tree with unsaved edits waits: they were made on what is shown there.
        if ref != shown or ref == PUBLISH or not repo.pending():
            repo.move([RefMove(ref, new, old)], "terima dari origin")


def _said(stderr: str) -> str:
    """Why the shared copy did not take it, in git's words."""
    lines = (line for line in stderr.splitlines() if "rejected]" in line and "atomic" not in line)
    return next(lines, "").rpartition("(")[2].rstrip(")")
