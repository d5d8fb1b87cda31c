"""Killed at any moment: what is there verifies, and the same command, repeated, finishes the work once.

A ``git`` that stands first in PATH kills the whole process group, the program and all that it started,
before or after one of its calls, as a power cut would; the random runs kill at no call in particular.
"""

import os
import random
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.machines import DRAFTS, Machines, answer, copied, ended
from tests.office import Office, page

pytestmark = pytest.mark.git

FULL = bool(os.environ.get("SOP_FULL"))
CAPTIONS = "WEBVTT\n\n00:00.000 --> 00:01.000\nHalo\n"
REASON = ("--reason", "Tunggu dahulu.")
COMMANDS = {
    "approve": ("approve", DRAFTS[0]),
    "return": ("return", DRAFTS[0], *REASON),
    "reject": ("reject", DRAFTS[0], *REASON),
    "submit": ("submit", DRAFTS[0], "--note", "Mohon diperiksa."),
}
SETTLED = {"approve": "draft-approved", "return": "draft-returned", "reject": "draft-rejected"}
"""What a command answers that had been done, and had said so, before it was killed."""
KILLER = """\
#!/bin/sh
folder="$(dirname "$0")"
# Some calls are made two at a time, one piped into the other: each has a number of its own all the same.
number=$(flock "$folder/lock" sh -c '
    number=$(($(cat "$1/calls") + 1))
    echo $number > "$1/calls"
    echo "$2" >> "$1/words"
    echo $number' counter "$folder" "$*")
test "$number $(cat "$folder/when")" = "$(cat "$folder/at") before" && kill -KILL 0
{git} "$@"
code=$?
test "$number $(cat "$folder/when")" = "$(cat "$folder/at") after" && kill -KILL 0
exit $code
"""


def killing_git(folder: Path, at: int, when: str) -> str:
    """A search path on which ``git`` counts its calls and kills everything at the one numbered ``at``."""
    folder.mkdir(exist_ok=True)
    for name, text in (("calls", "0"), ("at", str(at)), ("when", when), ("words", "")):
        (folder / name).write_text(text + "\n")
    program = folder / "git"
    program.write_text(KILLER.replace("{git}", str(shutil.which("git"))))
    program.chmod(0o755)
    return f"{folder}:{os.environ['PATH']}"


def calls_of(machines: Machines, tmp_path: Path, words: tuple[str, ...]) -> list[str]:
    """What a run that nobody kills asks of git, call by call."""
    path = killing_git(tmp_path / "hitung", 0, "never")
    code, told = ended(machines.start("camat", *words, path=path))
    assert code == 0, told
    return (tmp_path / "hitung/words").read_text().splitlines()[1:]


def points() -> Iterator[tuple[str, float, str]]:
    """Command, how far through its calls (0 to 1), before or after that call."""
    chance = random.Random(20260105)
    for _ in range(60 if FULL else 3):
        for command in COMMANDS:
            yield command, chance.random(), chance.choice(("before", "after"))


def finish(machines: Machines, words: tuple[str, ...]) -> tuple[int, object]:
    """Repeat the command as its own advice says: where a lock file was left, that is removed first."""
    for _ in range(6):
        code, told = machines.run("camat", *words)
        if code == 0 or not answer(told) & {"repository-locked", "origin-locked"}:
            return code, told
        found = re.search(r"(/[^ ]+\.lock)", told["error"]["message"])
        assert found, told
        Path(found[1]).unlink()
    raise AssertionError("always another lock")


def done_once(machines: Machines, command: str, submissions: int) -> None:
    """The work is finished, exactly once, here and in the shared copy, and the work tree shows it."""
    tip = machines.refs("camat")[f"refs/heads/draft/{DRAFTS[0]}"]
    for place in ("camat", "bersama.git"):
        expected = [] if command == "submit" else [f"{command} {DRAFTS[0]}"]
        assert machines.decisions(place) == expected
        assert machines.refs(place)[f"refs/heads/draft/{DRAFTS[0]}"] == tip
    assert machines.refs("camat") == machines.refs("bersama.git")
    own = ["git", "rev-list", "--count", tip, "^refs/heads/publish"]
    if command == "submit":
        counted = subprocess.run(own, cwd=machines.origin, check=True, capture_output=True, text=True).stdout
        assert int(counted) == submissions + 1
    status = ["git", "status", "--porcelain"]
    assert subprocess.run(status, cwd=machines.root / "camat", check=True, capture_output=True).stdout == b""


def holds(machines: Machines) -> None:
    for place in ("camat", "bersama.git"):
        assert machines.verdict(place).ok


@pytest.mark.parametrize(("command", "share", "when"), list(points()))
def test_a_command_killed_at_a_call_of_git_is_finished_by_repeating_it(
    tmp_path: Path, command: str, share: float, when: str
) -> None:
    words = COMMANDS[command]
    calls = calls_of(copied(tmp_path / "ukur"), tmp_path, words)
    # The program itself ends git's readers of objects, so that nothing comes after those calls.
    numbers = [at for at, call in enumerate(calls, 1) if when == "before" or "cat-file" not in call]
    machines = copied(tmp_path / "kantor")
    path = killing_git(tmp_path / "pisau", numbers[int(share * len(numbers))], when)
    code, _ = ended(machines.start("camat", *words, path=path))

    assert code == -signal.SIGKILL
    holds(machines)
    code, told = finish(machines, words)
    assert code == 0, told
    done_once(machines, command, submissions=2)


@pytest.mark.parametrize("command", list(COMMANDS))
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_command_killed_around_its_push_is_finished_by_repeating_it(
    tmp_path: Path, command: str, when: str
) -> None:
    words = COMMANDS[command]
    calls = calls_of(copied(tmp_path / "ukur"), tmp_path, words)
    push = 1 + next(place for place, call in enumerate(calls) if " push " in call)
    machines = copied(tmp_path / "kantor")
    before = machines.refs("bersama.git")
    path = killing_git(tmp_path / "pisau", push, when)
    ended(machines.start("camat", *words, path=path))

    assert (machines.refs("bersama.git") == before) is (when == "before")
    holds(machines)
    code, told = finish(machines, words)
    assert code == 0, told
    done_once(machines, command, submissions=2)


@pytest.mark.parametrize("seed", range(100 if FULL else 4))
def test_a_command_killed_at_any_moment_is_finished_by_repeating_it(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    command = list(COMMANDS)[seed % len(COMMANDS)]
    machines = copied(tmp_path / "kantor")
    running = machines.start("camat", *COMMANDS[command])
    time.sleep(chance.uniform(0.3, 2.5))
    if chance.random() < 0.7:
        os.killpg(running.pid, signal.SIGKILL)
    else:
        # What it had started goes on to its end without it.
        running.kill()
    ended(running)

    holds(machines)
    code, told = finish(machines, COMMANDS[command])
    assert code == 0 or answer(told) == {SETTLED[command]}, told
    done_once(machines, command, submissions=2)


@pytest.mark.parametrize(
    ("place", "code"), [("camat/.git", "repository-locked"), ("bersama.git", "origin-locked")]
)
def test_a_lock_that_nobody_holds_any_more_is_named_with_the_remedy(
    tmp_path: Path, place: str, code: str
) -> None:
    machines = copied(tmp_path / "kantor")
    lock = machines.root / place / "refs/heads/publish.lock"
    lock.parent.mkdir(parents=True, exist_ok=True)
    lock.touch()
    _, told = machines.run("camat", "approve", DRAFTS[0])

    assert answer(told) == {code}
    assert str(lock.resolve()) in told["error"]["message"]
    lock.unlink()
    assert machines.run("camat", "approve", DRAFTS[0])[0] == 0
    done_once(machines, "approve", submissions=1)


def in_the_middle_of_a_checkout(office: Office) -> tuple[str, Path]:
    """A draft in the work tree whose branch has moved on by two files, of which one has arrived."""
    made = office.sop("new", "announcement", "Jadwal").json
    draft, page_path = str(made["draft"]), office.repo / str(made["path"])
    text = page("Jadwal")
    page_path.write_text(text, encoding="utf-8")
    office.submits(draft)
    folder = f"content/pengumuman/{draft}"
    old = office.tip(f"draft/{draft}")
    tree = office.tree(old, {f"{folder}/index.md": page("Jadwal baru"), f"{folder}/teks.vtt": CAPTIONS})
    new = office.commits(tree, [old], "Dari tempat lain", office.operator)
    (office.repo / ".git/sop-work-tree").write_text(old)
    office.git("update-ref", f"refs/heads/draft/{draft}", new)
    (page_path.parent / "teks.vtt").write_text(CAPTIONS)
    return draft, page_path


def test_files_that_a_killed_run_left_behind_are_brought_along_and_not_taken_for_edits(
    office: Office,
) -> None:
    draft, page_path = in_the_middle_of_a_checkout(office)
    office.submits(draft)

    assert office.git("status", "--porcelain") == ""
    assert page_path.read_text(encoding="utf-8") == page("Jadwal baru")
    assert "Jadwal baru" in office.git("show", f"draft/{draft}:{page_path.relative_to(office.repo)}")


@pytest.mark.parametrize("arrived", [True, False])
def test_an_edit_in_the_middle_of_it_is_kept(office: Office, arrived: bool) -> None:
    draft, page_path = in_the_middle_of_a_checkout(office)
    if not arrived:
        (page_path.parent / "teks.vtt").unlink()
    edited = page("Jadwal, diubah lagi")
    page_path.write_text(edited, encoding="utf-8")
    office.submits(draft)

    assert office.git("show", f"draft/{draft}:{page_path.relative_to(office.repo)}") + "\n" == edited
    office.git("cat-file", "-e", f"draft/{draft}:{page_path.parent.relative_to(office.repo)}/teks.vtt")
    assert office.git("status", "--porcelain") == ""


def test_a_person_who_goes_back_to_an_earlier_text_is_not_taken_for_a_killed_run(office: Office) -> None:
    made = office.sop("new", "announcement", "Jadwal").json
    page_path = office.repo / str(made["path"])
    for title in ("Jadwal satu", "Jadwal dua"):
        page_path.write_text(page(title), encoding="utf-8")
        office.submits(str(made["draft"]))
    office.git("checkout", "-q", "HEAD~2", "--", str(page_path))
    office.submits(str(made["draft"]))

    assert page_path.read_text(encoding="utf-8") == page("Jadwal satu")
    shown = office.git("show", f"draft/{made['draft']}:{page_path.relative_to(office.repo)}")
    assert "Jadwal satu" in shown
