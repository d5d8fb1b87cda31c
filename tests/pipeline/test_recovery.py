"""A bad commit bars publication, not the office; the way back is printed as commands and leads back."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline import ledger
from tests import history
from tests.office import EMPTY_ENV, Office

pytestmark = pytest.mark.git

ROOT = Path(__file__).resolve().parents[2]
PUBLISH, LEDGER = "refs/heads/publish", "refs/heads/ledger"


@pytest.fixture
def origin(office: Office, tmp_path: Path) -> Path:
    """The shared copy, with one approval and one entry in it, and two submitted drafts."""
    for name in ("awal", "lain", "calon"):
        office.submits(office.announces(name))
    office.approves("2026-01-05-awal")
    history.ledger_entry(office, "archive", by=office.operator, data={"name": "x"}, reason="")
    bare = tmp_path / "bersama.git"
    office.git("clone", "-q", "--bare", str(office.repo), str(bare))
    office.git("remote", "add", "origin", str(bare))
    return bare


def pushed_past(office: Office) -> str:
    """An operator's own commit on ``publish``, which takes the settings away besides."""
    tree = office.tree("publish", {"site.toml": None})
    return office.commits(tree, [office.tip("publish")], "Langsung", office.operator)


def wrong_key(office: Office) -> str:
    return history.merge(office, "2026-01-05-calon", by=office.stranger)


def wrong_clock(office: Office) -> str:
    return history.merge(office, "2026-01-05-calon", at=office.now + timedelta(days=400))


def barred(office: Office) -> str:
    history.decision(office, "return", "2026-01-05-calon")
    return history.merge(office, "2026-01-05-calon")


def unreadable_policy(office: Office) -> str:
    tree = office.tree("publish", {"governance/policy.toml": "version = 0\n"})
    return office.commits(tree, [office.tip("publish")], "Kebijakan", office.operator)


DEEDS = [pushed_past, wrong_key, wrong_clock, barred, unreadable_policy]


def spoil(office: Office, origin: Path, deed: Callable[[Office], str]) -> tuple[str, str]:
    """Let the deed reach the shared copy by plain git → the last good tip and the bad one."""
    good = office.tip("publish")
    bad = deed(office)
    refs = [f"{bad}:{PUBLISH}"]
    if office.git("for-each-ref", LEDGER):
        refs.append(LEDGER)
    office.git("push", "-q", "origin", *refs)
    return good, bad


def commands(office: Office) -> list[str]:
    """What ``sop doctor`` says is to be typed."""
    done = office.sop("doctor")
    assert done.code == 1
    return [line for item in done.json["items"] for line in item.get("commands", ())]


def typed(office: Office, lines: Sequence[str]) -> None:
    for line in lines:
        assert line.startswith("git ")
        office.git(*shlex.split(line)[1:])


def there(office: Office, origin: Path, ref: str) -> str:
    return office.git("rev-parse", ref, cwd=origin)


@pytest.mark.parametrize("deed", DEEDS, ids=lambda deed: deed.__name__)
def test_a_bad_commit_bars_publication_and_not_the_office(
    office: Office, origin: Path, deed: Callable[[Office], str]
) -> None:
    good, bad = spoil(office, origin, deed)

    refused = office.sop("approve", "2026-01-05-lain", "--update")
    assert refused.code in (1, 3)
    assert there(office, origin, PUBLISH) == office.tip("publish") == bad
    assert office.sop("verify").json["verified_tip"] == good

    done = office.sop("return", "2026-01-05-lain", "--reason", "Tunggu.")
    assert done.code == 0, done.out
    ledger.append(office.repo, kind="archive", actor_role="operator", key=None, data={}, at=office.now)
    # What the office writes meanwhile rests on the last good approval, and outlives the way back.
    assert there(office, origin, LEDGER) == office.tip("ledger")
    typed(office, commands(office))
    verdict = office.verify()
    assert verdict.ok
    assert [entry.publish for entry in verdict.ledger][-2:] == [good, good]
    assert there(office, origin, PUBLISH) == office.tip("publish") == good
    assert office.git("status", "--porcelain") == ""
    office.reopens("2026-01-05-lain")
    office.approves("2026-01-05-lain", "--update")
    assert office.verify().ok


def test_another_machine_that_had_taken_it_in_is_set_back_by_itself(
    office: Office, origin: Path, tmp_path: Path
) -> None:
    good, bad = spoil(office, origin, wrong_key)
    here, elsewhere = office.repo, tmp_path / "lain"
    office.git("clone", "-q", str(origin), str(elsewhere))
    shutil.copytree(office.keys, tmp_path / "lain.keys")
    shutil.copy(office.trust, tmp_path / "lain.trust.toml")
    assert office.sop("approve", "2026-01-05-lain", "--update").code == 1
    typed(office, commands(office))

    office.repo = elsewhere
    assert office.tip("publish") == bad
    lines = commands(office)
    assert lines == [f"git reset --keep {good}"]
    typed(office, lines)
    office.approves("2026-01-05-lain", "--update")
    office.repo = here


def test_an_entry_that_does_not_verify_is_cut_off_and_decided_again(office: Office, origin: Path) -> None:
    good = office.tip("ledger")
    history.decision(office, "reject", "2026-01-05-lain", by=office.operator)
    office.git("push", "-q", "origin", LEDGER)

    refused = office.sop("return", "2026-01-05-calon", "--reason", "Tunggu.")
    assert (refused.code, {line["code"] for line in refused.json["refusals"]}) == (1, {"LEDGER_SIGNER"})
    bad = office.tip("ledger")
    lines = commands(office)
    assert lines == [
        f"git push --atomic --force-with-lease={LEDGER}:{bad} origin {good}:{LEDGER}",
        f"git update-ref {LEDGER} {good} {bad}",
    ]
    typed(office, lines)
    assert office.verify().ok
    office.returns("2026-01-05-calon")


def test_a_first_entry_that_does_not_verify_leaves_no_ledger(office: Office) -> None:
    office.announces("usul")
    bad = history.decision(office, "reject", "2026-01-05-usul", by=office.operator)
    lines = commands(office)

    assert lines == [f"git update-ref -d {LEDGER} {bad}"]
    typed(office, lines)
    assert office.verify().ok


def test_an_entry_that_names_the_bad_commit_goes_with_it(office: Office, origin: Path) -> None:
    good, entry = office.tip("publish"), office.tip("ledger")
    bad = history.publish(office, wrong_key(office))
    worse = history.ledger_entry(
        office, "archive", by=office.operator, publish=bad, data={"name": "y"}, reason=""
    )
    office.git("push", "-q", "origin", PUBLISH, LEDGER)
    office.git("reset", "-q", "--hard")
    lines = commands(office)

    assert lines[0] == (
        f"git push --atomic --force-with-lease={PUBLISH}:{bad} --force-with-lease={LEDGER}:{worse} "
        f"origin {good}:{PUBLISH} {entry}:{LEDGER}"
    )
    typed(office, lines)
    assert office.verify().ok
    assert (there(office, origin, PUBLISH), there(office, origin, LEDGER)) == (good, entry)


def witnessed(office: Office) -> None:
    tip = office.tip("publish")
    data: dict[str, Any] = {
        "tip": tip,
        "first_seen": office.now.isoformat(),
        "content_digest": history.content_digest(office, tip),
        "output_digest": f"sha256:{'0' * 64}",
    }
    history.ledger_entry(office, "witness", by=office.witness, data=data, reason="")


def test_a_publish_branch_that_was_set_back_goes_forward_again_and_nothing_is_cut(
    office: Office, origin: Path, tmp_path: Path
) -> None:
    before = office.tip("publish")
    office.approves("2026-01-05-lain", "--update")
    witnessed(office)
    public, entries = office.tip("publish"), office.tip("ledger")
    office.git("push", "-q", "--force", "origin", f"{before}:{PUBLISH}", LEDGER)
    office.git("reset", "-q", "--keep", before)
    assert office.codes() == ["LEDGER_SIGNER", "ROLLBACK"]

    # Whoever has not the lost approval is sent to look for it.
    fresh = tmp_path / "baru"
    office.git("clone", "-q", "--no-local", str(origin), str(fresh))
    here, office.repo = office.repo, fresh
    shutil.copy(office.trust, tmp_path / "baru.trust.toml")
    office.git("branch", "-q", "ledger", "origin/ledger")
    told = office.sop("doctor").json["items"]
    (lost,) = (item for item in told if item["code"] == "doctor-history-set-back")
    assert public in lost["message"]
    assert "commands" not in lost

    office.repo = here
    typed(office, commands(office))
    assert office.verify().ok
    assert there(office, origin, PUBLISH) == office.tip("publish") == public
    assert office.tip("ledger") == entries


def test_the_story_in_the_papers_leads_back_as_it_is_printed(office: Office, origin: Path) -> None:
    good, bad = spoil(office, origin, wrong_key)
    office.git("fetch", "-q", "origin")
    office.git("merge", "-q", "--ff-only", "origin/publish")
    paper = (ROOT / "docs/operating.md").read_text(encoding="utf-8")
    story = paper.partition("## When something wrong is on publish")[2].partition("\n## ")[0]
    (block,) = re.findall(r"```sh\n(.*?)```", story, re.DOTALL)
    draft = "2026-01-05-calon"
    lines = [
        re.sub(r" +#.*", "", line).replace("BAD", bad).replace("GOOD", good).replace("DRAFT", draft)
        for line in block.splitlines()
    ]
    env = {**EMPTY_ENV, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    said = [
        subprocess.run(
            line, shell=True, cwd=office.repo, env=env, capture_output=True, text=True, check=False
        )
        for line in lines
    ]

    assert [line.split()[0] for line in lines] == ["sop", "git", "git", "sop", "sop"]
    assert [done.returncode for done in said] == [1, 0, 0, 0, 0], said
    assert [line.strip() for line in said[0].stdout.splitlines() if line.strip().startswith("git ")] == lines[
        1:3
    ]
    assert there(office, origin, PUBLISH) == office.tip("publish")
    assert office.git("rev-parse", "publish^2") == office.tip(f"draft/{draft}")
