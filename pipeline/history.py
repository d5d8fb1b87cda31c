"""Gathers what history says for the report: accepted approvals, ledger entries, and drafts' submissions.

Approvals, entries and pages are read from the verifier's own re-hashed objects; only submissions, which
nobody signs, come from the operator's clone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, cast

from pipeline.drafts import is_withdrawn, page_title
from pipeline.references import COMMIT_FIELDS, DRAFTS, CommitFacts, commit_facts
from sop_site import queue
from sop_site.availability import ProbeSample, samples_of
from sop_site.availability import availability as measure
from sop_site.publication import folder_of
from sop_site.report.facts import (
    ArchiveFact,
    AvailabilityFact,
    Change,
    DecisionFact,
    DecisionKind,
    Facts,
    PageFact,
    SubmissionFact,
)
from sop_site.report.month import Month

if TYPE_CHECKING:
    from pipeline.repository import Repository
    from sop_site.approval.chain import Approval, Verdict
    from sop_site.approval.entry import Entry
    from sop_site.approval.store import ObjectStore

_DECISIONS = ("return", "reject", "reopen")


def gather(verdict: Verdict, store: ObjectStore, repo: Repository, month: Month, zone: tzinfo) -> Facts:
    """Facts of the whole history; titles and pages are read for ``month`` alone, which keeps this quick.

    The verdict must be without refusals. Availability is added by who knows the probes.
    """
    assert verdict.ok
    assert verdict.genesis is not None
    commits = _draft_commits(repo, verdict)
    chain = {verdict.genesis.commit, *(approval.commit for approval in verdict.approvals)}
    names = _names(verdict)
    decisions = [
        *_approvals(verdict, store, commits, chain, month, zone),
        *(_entry(entry, names, commits, chain) for entry in verdict.ledger if entry.kind in _DECISIONS),
    ]
    return Facts(
        tip=verdict.tip or verdict.genesis.commit,
        genesis=verdict.genesis.commit,
        genesis_at=verdict.genesis.time,
        decisions=tuple(sorted(decisions, key=lambda fact: (fact.at, fact.sequence, fact.commit))),
        submissions=_submissions(commits.values(), chain),
        archives=tuple(
            ArchiveFact(entry.commit or "", entry.at, entry.data)
            for entry in verdict.ledger
            if entry.kind == "archive" and not entry.data.get("verified")
        ),
    )


def availability(verdict: Verdict, month: Month, zone: tzinfo) -> tuple[AvailabilityFact, ...]:
    """How the monitored addresses answered in ``month``; empty where the ledger has no probe of it."""
    since, until = month.start(zone), month.end(zone)
    samples: dict[tuple[str, str], list[ProbeSample]] = {}
    for entry in verdict.ledger:
        for sample in samples_of(entry.data) if entry.kind == "probe" else ():
            if sample.first < until and sample.last >= since:
                samples.setdefault((sample.name, sample.url), []).append(sample)
    return tuple(_answered(*target, found, since, until) for target, found in sorted(samples.items()))


def _answered(
    name: str, url: str, samples: Sequence[ProbeSample], since: datetime, until: datetime
) -> AvailabilityFact:
    known = measure(samples, since, until)
    share = known.percent / 100 if known.percent is not None else None
    return AvailabilityFact(name, url, share, known.probes, known.failures, known.gaps_seconds)


def _draft_commits(repo: Repository, verdict: Verdict) -> dict[str, CommitFacts]:
    """Every commit that can be part of a draft, by id: of standing drafts, approved ones and refused ones."""
    tips = [verdict.tip] if verdict.tip else []
    found = _log(repo, [*tips, f"--glob={DRAFTS}*"])
    for entry in verdict.ledger:
        # A refused draft whose branch is gone may still lie in the clone.
        if entry.kind in _DECISIONS and entry.draft and entry.draft not in found and repo.tip(entry.draft):
            found |= _log(repo, [entry.draft])
    return found


def _log(repo: Repository, tips: Sequence[str]) -> dict[str, CommitFacts]:
    out = repo.ask(
        "log", "-z", "--topo-order", "--no-show-signature", "--encoding=UTF-8", "--no-color",
        f"--format={COMMIT_FIELDS}", *tips, "--",
    )  # fmt: skip
    facts = (commit_facts(text) for text in out.decode("utf-8", "replace").split("\0") if text.strip("\n"))
    return {commit.id: commit for commit in facts}


def _submissions(commits: Iterable[CommitFacts], chain: set[str]) -> tuple[SubmissionFact, ...]:
    asked = [
        SubmissionFact(commit.id, commit.committed, _subject(commit), commit.author.name)
        for commit in commits
        if commit.id not in chain and queue.is_submission(commit.message)
    ]
    return tuple(sorted(asked, key=lambda fact: (fact.at, fact.commit)))


def _subject(commit: CommitFacts) -> str:
    return queue.submission_title(commit.message)


def _own(tip: str, commits: dict[str, CommitFacts], stop: set[str]) -> Iterator[CommitFacts]:
    """Commits reachable from a draft's tip up to what ``stop`` holds, the tip first."""
    seen, waiting = set(stop), [tip]
    while waiting:
        commit = commits.get(waiting.pop())
        if commit is not None and commit.id not in seen:
            seen.add(commit.id)
            waiting.extend(commit.parents)
            yield commit


def _asked(own: Iterable[CommitFacts]) -> tuple[str, ...]:
    asked = [commit for commit in own if queue.is_submission(commit.message)]
    return tuple(commit.id for commit in sorted(asked, key=lambda commit: (commit.committed, commit.id)))


def _approvals(
    verdict: Verdict,
    store: ObjectStore,
    commits: dict[str, CommitFacts],
    chain: set[str],
    month: Month,
    zone: tzinfo,
) -> Iterator[DecisionFact]:
    assert verdict.genesis is not None
    before, seen = verdict.genesis.tree, set(chain)
    for approval in verdict.approvals:
        own = list(_own(approval.draft, commits, seen))
        # What one approval brought belongs to it alone, though later drafts contain it too.
        seen |= {commit.id for commit in own}
        pages: tuple[PageFact, ...] = ()
        if month.contains(approval.time, zone):
            pages = tuple(_pages(approval, before, store))
        before = approval.tree
        yield DecisionFact(
            kind="approve",
            commit=approval.commit,
            at=approval.time,
            by=approval.name,
            role=approval.role,
            title=pages[0].title if pages else "",
            submissions=_asked(own),
            sequence=approval.sequence,
            assurance=approval.assurance,
            pages=pages,
        )


def _pages(approval: Approval, before: str, store: ObjectStore) -> Iterator[PageFact]:
    folders = dict.fromkeys(folder for path in approval.paths if (folder := folder_of(path)))
    for folder in folders:
        old, new = (
            file_at(store, before, f"{folder}/index.md"),
            file_at(store, approval.tree, f"{folder}/index.md"),
        )
        if old is not None or new is not None:
            title = page_title(new or old or b"") or folder.rpartition("/")[2]
            yield PageFact(folder, title, _change(old, new))


def _change(old: bytes | None, new: bytes | None) -> Change:
    if new is None:
        return "removed"
    if is_withdrawn(new) and not (old and is_withdrawn(old)):
        return "withdrawn"
    return "new" if old is None else "changed"


def file_at(store: ObjectStore, tree: str, path: str) -> bytes | None:
    """Bytes of a file in a verified tree, ``None`` where it is not there."""
    *folders, last = path.encode().split(b"/")
    for name in [*folders, last]:
        entry = next((found for found in store.tree(tree) if found.name == name), None)
        if entry is None:
            return None
        tree = entry.oid
    return store.blob(tree)


def _names(verdict: Verdict) -> dict[str, tuple[str, str]]:
    """Person id → name and role: the present policy's, else as an approval once named them."""
    known = {approval.approver: (approval.name, approval.role) for approval in verdict.approvals}
    policy = verdict.policy or (verdict.genesis.policy if verdict.genesis else None)
    if policy is not None:
        known |= {person.id: (person.name, person.role) for person in policy.persons}
    return known


def _entry(
    entry: Entry, names: dict[str, tuple[str, str]], commits: dict[str, CommitFacts], chain: set[str]
) -> DecisionFact:
    asked = _asked(_own(entry.draft or "", commits, chain))
    name, role = names.get(entry.actor, (entry.actor, ""))
    title = _subject(commits[asked[-1]]) if asked else (entry.draft or "")[:12]
    return DecisionFact(
        kind=cast(DecisionKind, entry.kind),
        commit=entry.commit or "",
        at=entry.at,
        by=name,
        role=role,
        title=title,
        reason=entry.reason,
        submissions=asked,
    )
