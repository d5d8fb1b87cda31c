"""A witness that is killed, wherever it stands: the repository verifies, and repeating finishes the work."""

import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests import history
from tests.office import EMPTY_ENV, Office

ROOT = Path(__file__).resolve().parents[2]
FULL = bool(os.environ.get("SOP_FULL"))
WRITES = ("fetch", "hash-object", "update-index", "write-tree", "unpack-objects", "push", "update-ref")
"""What a witness asks git to do, as far as it writes anything, here or in a scratch folder of its own."""

pytestmark = [pytest.mark.git, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """An office on the real clock whose site is deployed, with a shared copy."""
    start = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
    office = Office(tmp_path_factory.mktemp("kantor"), start=start)
    draft = office.announces("jam", expires_at="2099-12-31")
    history.publish(office, history.merge(office, draft))
    for words in (["build"], ["deploy"]):
        assert office.sop(*words).code == 0
    office.git("clone", "-q", "--bare", str(office.repo), str(office.root / "bersama.git"), cwd=office.root)
    office.git("remote", "add", "origin", "../bersama.git")
    return office


@pytest.fixture
def office(opened: Office, tmp_path: Path) -> Office:
    return opened.copied_to(tmp_path / "salinan")


class Machine:
    """Where the witness runs as a process of its own, with a git that knows when its master is to die."""

    def __init__(self, office: Office) -> None:
        self.office, self.tools = office, office.root / "alat"
        self.tools.mkdir()
        self.calls, self.master = office.root / "panggilan", office.root / "pid"

    def env(self) -> dict[str, str]:
        scratch = self.office.root / "sementara"
        scratch.mkdir(exist_ok=True)
        return {**EMPTY_ENV, "PATH": f"{self.tools}:{os.environ['PATH']}", "HOME": str(self.office.root),
                "PYTHONPATH": str(ROOT), "TMPDIR": str(scratch)}  # fmt: skip

    def dies(self, number: int, *, after: bool = False) -> None:
        """From now on git's caller is killed before (or after) the writing call of that number."""
        real = shutil.which("git")
        last = f'"{real}" "$@"; kill' if after else "kill"
        (self.tools / "git").write_text(
            "#!/bin/sh\n"
            'for word in "$@"; do case "$word" in\n'
            f"{'|'.join(WRITES)})\n"
            f'  echo "$word" >> "{self.calls}"\n'
            f'  if [ "$(wc -l < "{self.calls}")" -eq {number} ]; then\n'
            f'    {last} -9 "$(cat "{self.master}")"; kill -9 $$\n'
            "  fi; break;; esac; done\n"
            f'exec "{real}" "$@"\n'
        )
        (self.tools / "git").chmod(0o755)

    def recovers(self) -> None:
        """git as it is."""
        (self.tools / "git").unlink(missing_ok=True)

    def starts(self) -> subprocess.Popen[bytes]:
        line = f'echo $$ > "{self.master}"; exec "{sys.executable}" -m pipeline --json witness'
        return subprocess.Popen(
            ["sh", "-c", line], cwd=self.office.repo, env=self.env(), start_new_session=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip


def judged(office: Office) -> None:
    """Both copies verify, with at most one entry, and the clone is never ahead of the shared copy."""
    now = datetime.now(UTC)
    verdict = office.verify(now=now)
    assert verdict.ok, verdict.refusals
    origin = office.seen_from(office.root / "bersama.git").verify(now=now)
    assert origin.ok, origin.refusals
    assert len(verdict.ledger) <= len(origin.ledger) <= 1


def finished(office: Office, machine: Machine) -> None:
    machine.recovers()
    with machine.starts() as process:
        out, err = process.communicate(timeout=300)
    assert process.returncode == 0, out + err
    judged(office)
    assert len(office.verify(now=datetime.now(UTC)).ledger) == 1


def order_of_writes(office: Office) -> list[str]:
    machine = Machine(office)
    machine.dies(10_000)
    with machine.starts() as process:
        out, err = process.communicate(timeout=300)
    assert process.returncode == 0, out + err
    return machine.calls.read_text().split()


def test_between_any_two_writes(office: Office, tmp_path: Path) -> None:
    """Before the first object, between objects, before and after the push, after the reference moved."""
    calls = order_of_writes(office.copied_to(tmp_path / "ukuran"))
    assert [word for word in calls if word in ("hash-object", "push", "update-ref")] == [
        "hash-object", "hash-object", "push", "update-ref",
    ]  # fmt: skip
    every = [(number, False) for number in range(1, len(calls) + 1)] + [(len(calls), True)]
    decisive = [
        (calls.index("hash-object") + 1, False),
        (calls.index("push") + 1, True),
        (calls.index("update-ref") + 1, True),
    ]

    for number, after in every if FULL else decisive:
        struck = office.copied_to(tmp_path / f"{number}-{after}")
        machine = Machine(struck)
        machine.dies(number, after=after)
        with machine.starts() as process:
            process.communicate(timeout=300)
        assert process.returncode == -signal.SIGKILL, (number, after)
        judged(struck)
        finished(struck, machine)


@pytest.mark.parametrize("seed", range(20 if FULL else 2))
def test_at_any_moment_together_with_its_git(office: Office, seed: int) -> None:
    """The whole group of processes is gone, as in a power cut, after some part of the time that it takes."""
    machine = Machine(office)
    began = time.monotonic()
    with machine.starts() as whole:
        whole.communicate(timeout=300)
    seconds = time.monotonic() - began
    assert whole.returncode == 0
    for ref in (office.repo, office.root / "bersama.git"):
        office.git("update-ref", "-d", history.LEDGER, cwd=ref)
    office.git("update-ref", "-d", "refs/remotes/origin/ledger")

    process = machine.starts()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(timeout=seconds * random.Random(seed).random())
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate(timeout=300)

    judged(office)
    finished(office, machine)


def test_a_lock_that_a_power_cut_left_is_named_and_without_it_the_work_is_finished(office: Office) -> None:
    lock = office.repo / ".git/refs/heads/ledger.lock"
    lock.touch()

    done = office.sop("witness", at=datetime.now(UTC).replace(microsecond=0))

    assert (done.code, done.json["error"]["code"]) == (4, "repository-locked")
    assert str(lock) in done.json["error"]["message"]
    assert office.verify().ok
    lock.unlink()
    finished(office, Machine(office))
