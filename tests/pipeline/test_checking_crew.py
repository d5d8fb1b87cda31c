"""Many pages, several processes: the same findings in the same order, and nobody left behind."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline import checking, checking_crew
from pipeline.repository import Repository
from tests.office import Office, page
from tests.pipeline.media import raw

ROOT = Path(checking.__file__).resolve().parent.parent
PAGES = 130

pytestmark = pytest.mark.git


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """An office with many pages, some of them faulty, that somebody put past all checks."""
    office = Office(tmp_path_factory.mktemp("penuh"))
    files: dict[str, str | bytes | None] = {"content/lain/x.txt": "bukan halaman"}
    for number in range(PAGES):
        faults = {7: "[di sini](/tidak-ada/)", 13: "NIK 5108062812760001", 60: "<b>x</b>", 90: "### Lompat"}
        body = faults.get(number, "") if number < 100 else "Isi [halaman](/berita/) biasa."
        where = f"content/pengumuman/2026-01-05-nomor-{number:03d}"
        files[f"{where}/index.md"] = page(f"Pengumuman nomor {number}", body=body)
    files["content/pengumuman/2026-01-05-nomor-005/index.md"] = "bukan halaman"
    files["content/pengumuman/2026-01-05-nomor-100/foto.jpg"] = raw.picture("JPEG")
    draft = office.writes(files, draft="semua")
    office.git("update-ref", "refs/heads/publish", office.tip(f"draft/{draft}"))
    return office


def children() -> set[str]:
    return set(Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split())


def test_they_find_the_same_in_the_same_order(full: Office) -> None:
    steps: list[int] = []
    with Repository(full.repo) as repo:
        alone = checking.check_all(repo, repo.publish(), crew=0)
        together = checking.check_all(repo, repo.publish(), steps.append, crew=2)

    assert together == alone
    assert sum(steps) == len(alone.pages) >= PAGES
    assert {"link-dead", "personal-nik", "html-in-text", "head-missing", "media-has-metadata"} <= {
        finding.code for finding in alone.findings
    }


def test_the_pages_of_a_process_that_died_are_checked_all_the_same(
    full: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Repository(full.repo) as repo:
        alone = checking.check_all(repo, repo.publish(), crew=0)
        monkeypatch.setattr(checking_crew.sys, "executable", "/bin/false")

        assert checking.check_all(repo, repo.publish(), crew=2) == alone


def test_whoever_stops_it_leaves_no_process(full: Office) -> None:
    def stop(_pages: int) -> None:
        assert len(children() - before) >= 2, "they are at work"
        raise KeyboardInterrupt

    with Repository(full.repo) as repo:
        before = children()
        with pytest.raises(KeyboardInterrupt):
            checking.check_all(repo, repo.publish(), stop, crew=2)
        left = children() - before

    names = [Path(f"/proc/{pid}/cmdline").read_bytes() for pid in left if Path(f"/proc/{pid}").exists()]
    assert [name for name in names if b"checking_child" in name] == []


def test_a_process_ends_when_the_one_that_started_it_is_gone(full: Office) -> None:
    tip = full.tip("publish")
    job = {"repo": str(full.repo), "commit": tip, "publish": tip}
    with subprocess.Popen(
        [sys.executable, "-P", "-m", "pipeline.checking_child"],
        env={**os.environ, "PYTHONPATH": str(ROOT)}, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    ) as process:  # fmt: skip
        assert process.stdin is not None
        assert process.stdout is not None
        wanted = ["content/pengumuman/2026-01-05-nomor-007/index.md"]
        process.stdin.write(f"{json.dumps(job)}\n{json.dumps(wanted)}\n".encode())
        process.stdin.flush()
        found, *_ = json.loads(process.stdout.readline())
        assert found[:3] == ["link-dead", "error", wanted[0]]
        process.stdin.close()

        assert process.wait(timeout=60) == 0


def test_ctrl_c_ends_the_command_cleanly(full: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking_crew, "size", lambda _pages: 2)
    judged = checking_crew.judged

    def interrupted(*arguments: object) -> object:
        for found in judged(*arguments):  # type: ignore[arg-type]
            yield found
            signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(checking_crew, "judged", interrupted)
    done = full.sop("check", "--all")

    assert (done.code, done.json["error"]["code"]) == (1, "interrupted")
    assert "Traceback" not in done.out + done.err


def test_few_pages_are_not_worth_a_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking_crew.os, "sched_getaffinity", lambda _pid: set(range(8)))
    assert checking_crew.size(checking_crew.WORTH_IT - 1) == 0
    assert checking_crew.size(10_000) == 4
    monkeypatch.setattr(checking_crew.os, "sched_getaffinity", lambda _pid: {3})
    assert checking_crew.size(10_000) == 0
