"""The office's shared copy (a remote named ``origin``): what is sent there and taken from there.

A decision counts as soon as the shared copy took it. Nothing on this machine moves before; what moves
afterwards only follows, and whatever keeps it from following is made good by the next ``receive``.
"""

import time
from collections.abc import Sequence

from pipeline.gitenv import LOCK_FILE, PATIENCE, GitFailed, Locked
from pipeline.plumbing import RefMove
from pipeline.references import DRAFTS, LATEST_DECISION, LEDGER, PUBLISH
from pipeline.repository import Repository
from sop_site.errors import AnswerIsNo, ServiceSilent

_REMOTE = "refs/remotes/origin/"
_PAUSE_SECONDS = 0.1
_TRIES = 5
"""How often a branch is looked at anew when another run of this program moves it at the same time."""

# What git says where a branch of the shared copy is no longer where we believed it to be.
_LOST_RACE = ("non-fast-forward", "fetch first", "stale info", "but expected", "failed to update ref",
              "incorrect old value", "reference already exists")  # fmt: skip


def has_origin(repo: Repository) -> bool:
    """Whether the office shares a copy."""
    return b"origin" in repo.ask("remote").split()


def latest_decision(repo: Repository) -> str:
    """What the shared copy names as the latest decision (empty: none yet, or nothing is shared).

    Ask before ``receive`` and hand the answer to ``send``.
    """
    return tips(repo, LATEST_DECISION).get(LATEST_DECISION, "")


def tips(repo: Repository, *refs: str) -> dict[str, str]:
    """Where these references stand in the shared copy now; those that are not there are left out."""
    if not has_origin(repo):
        return {}
    try:
        listed = _patiently(repo, "ls-remote", "origin", *refs).decode()
    except GitFailed as error:
        raise ServiceSilent("origin-silent") from error
    pairs = (line.split("\t", 1) for line in listed.splitlines())
    return {ref: tip for tip, ref in pairs if ref in refs}


def send(
    repo: Repository,
    pairs: Sequence[tuple[str, str]],
    *,
    decision: str | None = None,
    latest: str = "",
) -> None:
    """Push ``(commit, full ref)`` pairs to origin (if there is one), all or none, no branch by force.

    A ``decision`` (the approval's or the entry's id) is taken only while ``latest`` is the latest one there.
    """
    if not has_origin(repo):
        return
    orders = [f"{commit}:{ref}" for commit, ref in pairs]
    leases = []
    if decision is not None:
        leases = [f"--force-with-lease={LATEST_DECISION}:{latest}"]
        orders.append(f"{decision}:{LATEST_DECISION}")
    try:
        _patiently(repo, "push", "--quiet", "--atomic", "--no-verify", *leases, "origin", *orders)
    except GitFailed as error:
        if isinstance(error, Locked):
            raise AnswerIsNo("origin-locked", **error.values) from error
        if any(word in error.stderr for word in _LOST_RACE):
            raise AnswerIsNo("someone-was-faster", ref=pairs[0][1]) from error
        if "rejected]" in error.stderr:
            raise AnswerIsNo("origin-refused", detail=_said(error.stderr)) from error
        raise ServiceSilent("origin-silent") from error


def unsent(repo: Repository, ref: str) -> list[tuple[str, str]]:
    """``ref`` as a pair to send where this machine has more of it than the shared copy, else nothing."""
    here, there = repo.tip(ref), repo.tip(_shared(ref))
    if here is None or here == there or (there is not None and not repo.is_ancestor(there, here)):
        return []
    return [(here, ref)]


def receive(repo: Repository) -> None:
    """Fetch from origin (if there is one) and move forward every branch that only lags behind."""
    if not has_origin(repo):
        return
    try:
        _patiently(repo, "fetch", "--quiet", "--no-tags", "--prune", "origin", f"+refs/heads/*:{_REMOTE}*")
    except Locked:
        raise
    except GitFailed as error:
        raise ServiceSilent("origin-silent") from error
    shown = repo.checked_out()
    listed = repo.ask("for-each-ref", "--format=%(objectname) %(refname)", _REMOTE).decode()
    for new, remote in (line.split(" ", 1) for line in listed.splitlines()):
        ref = "refs/heads/" + remote.removeprefix(_REMOTE)
        if ref not in (PUBLISH, LEDGER) and not ref.startswith(DRAFTS):
            continue
        # A draft in the work tree with unsaved edits waits: they were made on what is shown there.
        if ref != shown or ref == PUBLISH or not repo.pending():
            follow(repo, ref, new)


def follow(repo: Repository, ref: str, new: str) -> None:
    """Move a branch of this machine forward to ``new``; one that has gone its own way stays."""
    for _ in range(_TRIES):
        old = repo.tip(ref)
        if old is not None and (old == new or not repo.is_ancestor(old, new)):
            return
        try:
            repo.move([RefMove(ref, new, old)], "terima dari origin")
        except AnswerIsNo:
            # Another run on this machine moved it at the same moment, most likely to the same place.
            continue
        return


def refuse_split(repo: Repository, *refs: str) -> None:
    """``AnswerIsNo`` where a branch here and in the shared copy hold different histories."""
    for ref in refs:
        here = repo.tip(ref)
        if here is not None and is_split(repo, ref, here):
            raise AnswerIsNo("origin-differs", ref=ref)


def is_split(repo: Repository, ref: str, here: str) -> bool:
    """Whether ``here`` and what the shared copy holds under ``ref`` have each gone their own way."""
    there = repo.tip(_shared(ref))
    return there is not None and not repo.is_ancestor(here, there) and not repo.is_ancestor(there, here)


def _shared(ref: str) -> str:
    return _REMOTE + ref.removeprefix("refs/heads/")


def _patiently(repo: Repository, *words: str) -> bytes:
    """Ask git, again and again for a short while where only somebody's lock is in the way."""
    until = time.monotonic() + PATIENCE.total_seconds()
    while True:
        try:
            return repo.ask(*words)
        except GitFailed as error:
            lock = LOCK_FILE.search(error.stderr) or (words[0] == "fetch" and "but expected" in error.stderr)
            if not lock or time.monotonic() > until:
                raise
        time.sleep(_PAUSE_SECONDS)


def _said(stderr: str) -> str:
    """Why the shared copy did not take it, in git's words."""
    lines = (line for line in stderr.splitlines() if "rejected]" in line and "atomic" not in line)
    return next(lines, "").rpartition("(")[2].rstrip(")")
