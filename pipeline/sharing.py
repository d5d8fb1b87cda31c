"""The office's shared copy (a remote named ``origin``): what is sent there and taken from there."""

from collections.abc import Sequence

from pipeline.gitenv import GitFailed
from pipeline.plumbing import RefMove
from pipeline.references import DRAFTS, LEDGER, PUBLISH
from pipeline.repository import Repository
from sop_site.errors import AnswerIsNo, ServiceSilent

_REMOTE = "refs/remotes/origin/"


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
        if "rejected" in error.stderr:
            raise AnswerIsNo("someone-was-faster", ref=pairs[0][1]) from error
        raise ServiceSilent("origin-silent") from error


def receive(repo: Repository) -> None:
    """Fetch from origin (if there is one) and move forward every branch that only lags behind."""
    if not has_origin(repo):
        return
    try:
        repo.ask("fetch", "--quiet", "--no-tags", "--prune", "origin", f"+refs/heads/*:{_REMOTE}*")
    except GitFailed as error:
        raise ServiceSilent("origin-silent") from error
    listed = repo.ask("for-each-ref", "--format=%(objectname) %(refname)", _REMOTE).decode()
    for new, remote in (line.split(" ", 1) for line in listed.splitlines()):
        ref = "refs/heads/" + remote.removeprefix(_REMOTE)
        if ref not in (PUBLISH, LEDGER) and not ref.startswith(DRAFTS):
            continue
        old = repo.tip(ref)
        if old is None or (old != new and repo.is_ancestor(old, new)):
            repo.move([RefMove(ref, new, old)], "terima dari origin")
