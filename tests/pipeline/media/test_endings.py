"""However cleaning ends (Ctrl-C, a kill, a standstill), no child goes on and nothing half made stays."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.media import budgets, clean, limits, running
from sop_site.errors import AnswerIsNo
from tests.office import Office, page
from tests.pipeline.media import raw

ROOT = Path(__file__).resolve().parents[3]
DRAFT = "2026-01-05-kabar"


def told(program: str, tmp_path: Path, **limit: float) -> tuple[tuple[int, bytes], list[float]]:
    heard: list[float] = []
    bounds = {"seconds": 20.0, "standstill": 20.0} | limit
    answer = running.answered(
        [sys.executable, "-c", program], {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}, tmp_path,
        children=running.Children(), advance=heard.append, **bounds,
    )  # fmt: skip
    return answer, heard


def until(true: Callable[[], bool]) -> None:
    limit = time.monotonic() + 20
    while not true():
        assert time.monotonic() < limit, "it did not come to pass"
        os.sched_yield()


def is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in "ZX"


def test_how_far_a_child_is_reaches_its_parent_and_its_babble_does_not(tmp_path: Path) -> None:
    program = (
        "import sys\n"
        "for line in ('0.25', 'halo', '-1', 'nan', '9e9', '0.5', '0.5000', '7', '0.1'):\n"
        "    print(line, file=sys.stderr, flush=True)\n"
        "print('selesai')"
    )

    (code, said), heard = told(program, tmp_path)

    assert (code, said) == (0, b"selesai\n")
    assert sum(heard) == 1.0
    assert all(step > 0 for step in heard)


def test_a_child_that_stands_still_is_ended_and_one_that_gets_on_is_not(tmp_path: Path) -> None:
    still = "import time; time.sleep(60)"
    slow = (
        "import sys, time\nfor n in range(1, 9):\n"
        "    time.sleep(0.2); print(n / 10, file=sys.stderr, flush=True)"
    )

    with pytest.raises(running.TookTooLong):
        told(still, tmp_path, standstill=0.5)
    assert told(slow, tmp_path, standstill=1.2)[0][0] == 0
    with pytest.raises(running.TookTooLong):
        told(slow, tmp_path, seconds=0.5)


def test_a_child_that_never_stops_talking_is_no_danger(tmp_path: Path) -> None:
    loud = "import sys\nwhile True: sys.stdout.write('a' * 1_000_000)"
    assert told(loud, tmp_path)[0][0] == -1

    with pytest.raises(running.TookTooLong):
        told("import sys\nwhile True: sys.stderr.write('a' * 1_000_000)", tmp_path, seconds=1.0)


def test_a_film_of_few_bytes_gets_no_more_time_than_others() -> None:
    assert budgets.film_seconds(10_000) == budgets.WALL_SECONDS
    assert budgets.film_seconds(5_000_000) == 500
    assert budgets.film_seconds(200_000_000) == budgets.FILM_WALL_SECONDS


def test_whoever_kills_the_parent_has_killed_the_child(tmp_path: Path) -> None:
    child = (
        "import os, pathlib, time\nfrom pipeline.media import limits\nlimits.end_with_parent()\n"
        f"pathlib.Path({str(tmp_path / 'anak')!r}).write_text(str(os.getpid()))\ntime.sleep(60)"
    )
    parent = (
        "import os, pathlib, sys\nfrom pipeline.media import limits, running\n"
        f"running.answered([sys.executable, '-c', {child!r}],\n"
        "    {**os.environ, limits.PARENT: str(os.getpid())},\n"
        f"    pathlib.Path({str(tmp_path)!r}), seconds=60, standstill=60, children=running.Children())"
    )
    assert limits.PARENT.isupper()
    with subprocess.Popen(
        [sys.executable, "-c", parent], env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    ) as process:
        noted = tmp_path / "anak"
        until(lambda: noted.exists() and noted.read_text() != "")
        pid = int(noted.read_text())
        assert is_running(pid)
        process.kill()
        process.wait()
        until(lambda: not is_running(pid))


@pytest.mark.git
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_intake_leaves_no_child_no_folder_and_no_commit(
    office: Office, tmp_path: Path, how: signal.Signals
) -> None:
    office.writes(f"content/berita/{DRAFT}/index.md", page("Kerja bakti", kind="news"), draft=DRAFT)
    before = office.tip(f"draft/{DRAFT}")
    room, tools = tmp_path / "sementara", tmp_path / "alat"
    room.mkdir()
    tools.mkdir()
    # A LibreOffice that never ends: the longest work there is.
    pids = tmp_path / "pids"
    script = f"#!/bin/sh\necho $$ >> {pids}\nsleep 60 &\necho $! >> {pids}\nwait\n"
    raw.written(tools, "soffice", script.encode()).chmod(0o755)
    sources = [str(raw.written(tmp_path, f"{name}.docx", raw.docx("Isi"))) for name in "ab"]
    command = [sys.executable, "-m", "pipeline", "--repo", str(office.repo), "media", "add", DRAFT, *sources]
    env = {"PATH": f"{tools}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT), "TMPDIR": str(room)}
    with subprocess.Popen(
        command, env=env | {"HOME": str(tmp_path)}, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        until(lambda: process.poll() is not None or (pids.exists() and len(pids.read_text().split()) >= 2))
        assert process.poll() is None, process.communicate()
        process.send_signal(how)
        out, err = process.communicate(timeout=20)

    assert process.returncode == 1
    assert b"Traceback" not in out + err
    for pid in pids.read_text().split():
        until(lambda pid=pid: not is_running(int(pid)))  # type: ignore[misc]
    assert [path.name for path in room.iterdir()] == []
    assert office.tip(f"draft/{DRAFT}") == before


def test_a_conversion_is_ended_after_its_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    raw.written(tmp_path, "soffice", b"#!/bin/sh\nsleep 60\n").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setattr(budgets, "OFFICE_SECONDS", 0.5)

    with pytest.raises(AnswerIsNo) as no:
        clean(raw.written(tmp_path, "a.docx", raw.docx("Isi")))

    assert no.value.code == "media-took-too-long"
