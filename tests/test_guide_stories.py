"""The successions of the Camat's guide, run as they are printed, each in an office of its own."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from pipeline.desk import Desk
from tests import spoken
from tests.office import EMPTY_ENV, SITE_TOML, WITA, Office, key

GUIDE = Path(__file__).resolve().parent.parent / "docs/panduan-camat.md"
HOLDERS = (
    "camat-baru", "camat-pengganti", "plt", "plh", "telepon", "cadangan", "operator-2", "sekcam",
    "kominfosanti",
)  # fmt: skip
SITE = SITE_TOML.replace("percontohan.go.id", "buleleng.bulelengkab.go.id").replace("Percontohan", "Buleleng")

pytestmark = pytest.mark.git


def stories() -> dict[str, str]:
    """Each story by its heading."""
    chapter = GUIDE.read_text(encoding="utf-8").partition("## Pergantian\n")[2].partition("\n## ")[0]
    parts = [part.partition("\n") for part in chapter.split("\n### ")[1:]]
    return {title: text for title, _, text in parts}


def lines(story: str) -> Iterator[str]:
    """Every line of its ``sh`` blocks, comments too."""
    for block in re.findall(r"^```sh\n(.*?)^```$", story, re.DOTALL | re.MULTILINE):
        yield from block.splitlines()


@pytest.fixture
def buleleng(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """The office of the guide, its people's keys in the folder where one works, somebody at the terminal."""
    office = Office(tmp_path, site=SITE)
    for name in HOLDERS:
        for ending in ("", ".pub"):
            shutil.copy(f"{key(name)}{ending}", office.repo / ".git" / f"{name}{ending}")
    shutil.copy(office.keys / "head.pub", office.repo / ".git" / "camat.pub")
    monkeypatch.chdir(office.repo / ".git")
    monkeypatch.setattr(Desk, "can_ask", lambda _: True)
    monkeypatch.setattr(Desk, "confirm", lambda *_, **__: True)
    return office


def run(office: Office, line: str) -> str:
    """What a line of a story answers; a comment that names a day is that day's morning."""
    if line.startswith("#"):
        day = re.search(r"\d{4}-\d{2}-\d{2}", line)
        office.now = datetime.fromisoformat(f"{day[0]}T08:59:00").replace(tzinfo=WITA) if day else office.now
        return ""
    if line.startswith("sop "):
        done = office.sop(*spoken.words(line), as_json=False)
        assert done.code == 0, f"{line}\n{done.out}{done.err}"
        return done.out
    subprocess.run(["sh", "-c", line], cwd=office.repo, env=EMPTY_ENV, check=True, capture_output=True)
    return ""


def plain(answer: str) -> set[str]:
    """An answer's lines, keys and commits left open as the guide leaves them."""
    short = re.sub(r"SHA256:\S{43}", "SHA256:…", answer)
    return {re.sub(r"\b[0-9a-f]{12}\b", "…", line) for line in short.splitlines()}


@pytest.mark.parametrize("title", stories())
def test_a_succession_works_as_it_is_printed(buleleng: Office, title: str, tmp_path: Path) -> None:
    story = stories()[title]
    answered: set[str] = set()
    for line in lines(story):
        answered |= plain(run(buleleng, line))

    assert sorted(set(spoken.answers(story)) - answered) == []
    verdict = buleleng.verify(now=buleleng.now + timedelta(minutes=1))
    assert verdict.refusals == ()
    assert verdict.policy is not None
    assert verdict.policy.version == 1 + len(verdict.approvals)
    subprocess.run(
        ["git", "clone", "-q", "--mirror", str(buleleng.repo), str(tmp_path / "lain.git")],
        env=EMPTY_ENV, check=True,
    )  # fmt: skip
    second = buleleng.sop(
        "--repo", str(tmp_path / "lain.git"), "verify", "--trust", str(buleleng.trust), repo=False
    )
    assert second.code == 0, second.out


def test_the_guide_tells_every_succession_that_an_office_lives_through() -> None:
    assert list(stories()) == [
        "Camat baru", "Plt. selama tiga bulan", "Plh. selama seminggu", "Telepon hilang",
        "Kunci bocor sejak suatu hari", "Operator pindah", "Dua dari tiga pemegang akar",
        "Pengaturan situs berubah",
    ]  # fmt: skip


def test_who_may_do_what_is_shown_as_the_guide_shows_it(buleleng: Office) -> None:
    chapter = GUIDE.read_text(encoding="utf-8").partition("## Siapa yang berhak\n")[2].partition("\n## ")[0]
    answered = plain(run(buleleng, "sop policy show"))

    assert sorted(set(spoken.answers(chapter)) - answered) == []
