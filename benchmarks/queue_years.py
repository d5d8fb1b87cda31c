"""``sop queue`` upon ten years of a busy office: 100 drafts a month, all branches and decisions still there.

Approvals are written as in the other benchmarks (signed, one page each); every seventh draft is rejected by
an entry of the ledger, 20 lie with the operator and 20 wait. The queue judges no signature, so the ledger's
are left out.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.office_history import SECTIONS, WITA, git, history
from pipeline.gitenv import clean_env
from sop_site.approval import digests, entry
from sop_site.approval.entry import Entry

APPROVED, REFUSED, WAITING = 10_300, 1_700, 20
_RETURNED = 20
"""Drafts that lie with the operator; the others were rejected."""
_WHEN = datetime(2026, 1, 12, 9, 0, tzinfo=WITA)
_PAGE = Path(__file__).with_name("queue_page.md")


def main() -> None:
    parts = argparse.ArgumentParser()
    parts.add_argument("--approved", type=int, default=APPROVED)
    parts.add_argument("--refused", type=int, default=REFUSED)
    chosen = parts.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        repo = history(Path(folder), chosen.approved, SECTIONS)
        keep_branches(repo)
        refuse(repo, chosen.refused)
        git(repo, "-c", "pack.window=3", "repack", "-a", "-d", "-q")
        git(repo, "pack-refs", "--all")
        drafts = chosen.approved + chosen.refused + WAITING
        print(f"all {drafts} branches still there: {_told(repo, Path(folder) / 'cache')}")
        tidy(repo, chosen.refused)
        print(f"settled branches deleted, as forges do: {_told(repo, Path(folder) / 'cache')}")


def _told(repo: Path, cache: Path) -> str:
    first, *later = (seconds(repo, cache) for _ in range(4))
    return f"first time {first:.2f} s, afterwards {min(later):.2f} s"


def tidy(repo: Path, refused: int) -> None:
    """Delete the branches of approved and rejected drafts; decisions and approvals stay."""
    names = git(repo, "for-each-ref", "--format=%(refname)", "refs/heads/draft/").decode().split()
    rejected = {f"refs/heads/draft/usul-{number:05d}" for number in range(refused - _RETURNED)}
    settled = (name for name in names if "/selesai-" in name or name in rejected)
    feed(repo, ["update-ref", "--stdin"], "".join(f"delete {name}\n" for name in settled))
    git(repo, "pack-refs", "--all")


def keep_branches(repo: Path) -> None:
    """Every approved draft's branch, as nobody had ever tidied up."""
    lines = git(repo, "log", "--first-parent", "--min-parents=2", "--format=%P", "publish").decode()
    updates = (
        f"create refs/heads/draft/selesai-{number:05d} {parents.split()[1]}\n"
        for number, parents in enumerate(lines.splitlines())
    )
    feed(repo, ["update-ref", "--stdin"], "".join(updates))


def refuse(repo: Path, count: int) -> None:
    """Drafts with a page each, submitted; all but the last few answered by an entry of the ledger."""
    publish = git(repo, "rev-parse", "publish").decode().strip()
    text = _PAGE.read_text(encoding="utf-8")
    stream = []
    for number in range(count + WAITING):
        name, when = f"usul-{number:05d}", int((_WHEN + timedelta(minutes=number)).timestamp())
        page = text.replace("NOMOR", str(number))
        who = f"Operator 1 <operator1@buleleng.bulelengkab.go.id> {when} +0800"
        stream.append(
            f"commit refs/heads/draft/{name}\ncommitter {who}\n{_data(f'Naskah {number}')}"
            f"from {publish}\nM 644 inline content/pengumuman/2026-01-12-{name}/index.md\n{_data(page)}"
            f"commit refs/heads/draft/{name}\ncommitter {who}\n"
            f"{_data(f'Ajukan: Usul {number}' + chr(10) * 2 + 'Sop-Submission: 1' + chr(10))}"
        )
    feed(repo, ["fast-import", "--quiet"], "".join(stream))
    listed = git(repo, "for-each-ref", "--format=%(objectname)", "refs/heads/draft/usul-*").decode().split()
    feed(repo, ["fast-import", "--quiet"], "".join(_ledger(listed[:count], publish)))


def _ledger(tips: list[str], publish: str) -> list[str]:
    stream, previous = [], None
    for number, tip in enumerate(tips, 1):
        at = _WHEN + timedelta(days=3, minutes=number)
        kind = "return" if number > len(tips) - _RETURNED else "reject"
        written = Entry(
            sequence=number, kind=kind, at=at, publish=publish, draft=tip,
            actor="camat@buleleng.bulelengkab.go.id", reason="Belum lengkap.", previous=previous,
            data={"content_digest": digests.of_bytes(tip.encode())},
        )  # fmt: skip
        data = entry.entry_bytes(written)
        previous = digests.of_bytes(data)
        who = f"Camat Buleleng <camat@buleleng.bulelengkab.go.id> {int(at.timestamp())} +0800"
        stream.append(
            f"commit refs/heads/ledger\ncommitter {who}\n{_data(f'Catat: {written.kind}')}"
            f"M 644 inline {entry.path(written)}\n{_data(data.decode())}"
        )
    return stream


def _data(text: str) -> str:
    return f"data {len(text.encode())}\n{text}\n"


def feed(repo: Path, words: list[str], text: str) -> None:
    subprocess.run(["git", *words], cwd=repo, env=clean_env(), check=True, input=text.encode())


def seconds(repo: Path, cache: Path) -> float:
    """One run as a whole process."""
    begun = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "pipeline", "--repo", str(repo), "--json", "queue"],
        env=clean_env(XDG_CACHE_HOME=str(cache), XDG_STATE_HOME=str(cache)),
        capture_output=True,
        check=False,
    )
    taken = time.perf_counter() - begun
    if not json.loads(done.stdout)["ok"]:
        raise SystemExit(done.stdout.decode() + done.stderr.decode())
    return taken


if __name__ == "__main__":
    main()
