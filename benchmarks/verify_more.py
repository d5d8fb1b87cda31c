"""What one more approval costs where an earlier run is remembered: a short history against a long one.

    python benchmarks/verify_more.py [APPROVALS …]      (default 100 10000)

Each history is verified once from genesis; then pages are approved one by one, and each is verified at once.
It is the whole verification: looking at references, taking the new objects over, judging, and remembering;
the start of Python is not in it. Work is processor time of this process and of git together, which does not
depend on what else the machine does.
"""

import os
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from office_history import HEAD, OPERATOR, PAGE, SECTIONS, Writer, git, history

from pipeline import signing
from pipeline.objects import GitObjects
from pipeline.verification import verification
from sop_site.approval import commit as commits
from sop_site.approval import digests
from sop_site.approval.message import ApprovalTrailers, approval_message
from sop_site.approval.store import TreeEntry
from sop_site.approval.tree_reading import Folders

TIMES = 10


def more(repo: Path) -> Iterator[None]:
    """One more approved page for each step."""
    writer = Writer(repo)
    signer = signing.from_file(repo.with_name(f"{repo.name}.keys") / "head")
    tip = git(repo, "rev-parse", "publish").decode().strip()
    genesis = git(repo, "rev-list", "--max-parents=0", "--first-parent", tip).decode().strip()
    number = int(git(repo, "rev-list", "--count", "--first-parent", tip))
    rules = digests.of_bytes(git(repo, "cat-file", "blob", f"{tip}:governance/policy.toml"))
    with GitObjects(repo, "sha1") as store:
        folders = Folders(store)
        when = commits.parse(store.commit(tip), "sha1").committer.time  # type: ignore[union-attr]
        while True:
            when += timedelta(minutes=1)
            tree = _with_a_page(store, writer, store.links(tip).tree, number)
            digest = folders.read(tree).digest
            assert digest is not None
            draft = writer.put("commit", commits.build_payload(
                tree=tree, parents=[tip], name="Operator 1", email=OPERATOR, when=when,
                message=f"Pengumuman nomor {number}\n"))  # fmt: skip
            trailers = ApprovalTrailers(
                str(number), "refs/heads/publish", genesis, draft, digests.text(digest), rules, "none"
            )
            payload = commits.build_payload(
                tree=tree, parents=[tip, draft], name="Camat Buleleng", email=HEAD, when=when,
                message=approval_message("Setujui", "", trailers))  # fmt: skip
            tip = writer.put("commit", commits.with_signature(payload, signer.sign(payload, "git")))
            git(repo, "update-ref", "refs/heads/publish", tip)
            number += 1
            yield


def _with_a_page(store: GitObjects, writer: Writer, tree: str, number: int) -> str:
    """The tree with a page more in a section that its number chooses."""
    root = {entry.name: entry for entry in store.tree(tree)}
    content = {entry.name: entry for entry in store.tree(root[b"content"].oid)}
    section = SECTIONS[number % len(SECTIONS)].encode()
    pages = list(store.tree(content[section].oid)) if section in content else []
    page = writer.tree(
        [TreeEntry(digests.FILE, b"index.md", writer.put("blob", PAGE.format(number).encode()))]
    )
    pages.append(TreeEntry(digests.FOLDER, f"2026-02-01-nomor-{number:05d}".encode(), page))
    content[section] = TreeEntry(digests.FOLDER, section, writer.tree(pages))
    root[b"content"] = TreeEntry(digests.FOLDER, b"content", writer.tree(list(content.values())))
    return writer.tree(list(root.values()))


def measure(repo: Path) -> list[tuple[float, float]]:
    """Milliseconds by the wall and of work of each verification that had one approval more to judge."""
    verify(repo, remembered=False)
    spent = []
    added = more(repo)
    for _ in range(TIMES):
        next(added)
        spent.append(verify(repo, remembered=True))
    return spent


def verify(repo: Path, *, remembered: bool) -> tuple[float, float]:
    began, worked = time.perf_counter(), _worked()
    with verification(repo, None, datetime.now(UTC)) as verified:
        assert verified.verdict.ok, verified.verdict.refusals[:3]
        assert verified.remembered is remembered
    return 1000 * (time.perf_counter() - began), 1000 * (_worked() - worked)


def _worked() -> float:
    """Seconds of processor time so far, those of git's included."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in used)


def main(sizes: list[int]) -> None:
    os.environ.pop("CI", None)
    medians = []
    with tempfile.TemporaryDirectory(prefix="sop-ukur-") as name:
        for variable in ("XDG_CACHE_HOME", "XDG_STATE_HOME"):
            os.environ[variable] = str(Path(name) / variable.lower())
        for approvals in sizes:
            repo = history(Path(name) / str(approvals), approvals, SECTIONS)
            wall, work = zip(*measure(repo), strict=True)
            medians.append(statistics.median(work))
            print(
                f"one more approval upon {approvals:6d}: {medians[-1]:5.1f} ms of work, "
                f"{statistics.median(wall):5.1f} ms by the wall (median of {TIMES}; at best {min(wall):.1f})"
            )
    print(f"ratio of work: {medians[-1] / medians[0]:.2f}")


if __name__ == "__main__":
    main([int(word) for word in sys.argv[1:]] or [100, 10_000])
