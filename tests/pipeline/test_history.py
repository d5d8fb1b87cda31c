"""Facts from history, on plain git with a verdict given: what belongs to whom, and what is no submission."""

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from pipeline import history
from pipeline.repository import Repository
from sop_site.availability import ProbeSample, roll_up
from sop_site.queue import submission_message
from sop_site.report.month import Month
from tests.office import EMPTY_ENV, WITA, page

JANUARY = Month(2026, 1)
GENESIS_AT = datetime(2026, 1, 5, 9, 0, tzinfo=WITA)


class Store:
    """The verifier's objects, read by stock git."""

    def __init__(self, repo: Path) -> None:
        self.repo = repo

    def ask(self, *words: str) -> bytes:
        return subprocess.run(
            ["git", *words], cwd=self.repo, env=EMPTY_ENV, check=True, capture_output=True
        ).stdout

    def tree(self, oid: str) -> tuple[Any, ...]:
        lines = self.ask("ls-tree", "-z", oid).split(b"\0")
        parts = [line.split(b"\t", 1) for line in lines if line]
        return tuple(SimpleNamespace(name=name, oid=facts.split()[2].decode()) for facts, name in parts)

    def blob(self, oid: str) -> bytes:
        return self.ask("cat-file", "blob", oid)


@dataclass
class Story:
    """A history told with plain git; approvals are merges that the given verdict accepts."""

    repo: Path
    now: datetime = GENESIS_AT

    def __post_init__(self) -> None:
        self.approvals: list[Any] = []
        self.ledger: list[Any] = []
        self.git("init", "-q", "-b", "publish", str(self.repo))
        self.genesis = self.commit(self.tree({}), [], "Pembukaan")
        self.tip = self.genesis

    def git(self, *words: str, data: str | None = None) -> str:
        self.now += timedelta(minutes=1)
        when = f"{int(self.now.timestamp())} +0800"
        env = {**EMPTY_ENV, "GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when}
        for who in ("AUTHOR", "COMMITTER"):
            env |= {f"GIT_{who}_NAME": "Operator 1", f"GIT_{who}_EMAIL": "operator1@percontohan.go.id"}
        where = self.repo if self.repo.exists() else self.repo.parent
        done = subprocess.run(["git", *words], cwd=where, env=env, input=data, check=True,
                              capture_output=True, text=True)  # fmt: skip
        return done.stdout.strip()

    def tree(self, files: dict[str, str | None], base: str | None = None) -> str:
        self.git("read-tree", base or "--empty")
        for path, text in files.items():
            if text is None:
                self.git("rm", "-q", "--cached", path)
            else:
                blob = self.git("hash-object", "-w", "--stdin", data=text)
                self.git("update-index", "--add", "--cacheinfo", f"100644,{blob},{path}")
        return self.git("write-tree")

    def commit(self, tree: str, parents: list[str], message: str) -> str:
        given = [word for parent in parents for word in ("-p", parent)]
        return self.git("commit-tree", tree, *given, data=message)

    def draft(self, files: dict[str, str | None], title: str | None = "Judul", on: str | None = None) -> str:
        """A draft's tip, submitted if it has a title."""
        base = on or self.tip
        tip = self.commit(self.tree(files, base), [base], "Simpan")
        if title:
            tip = self.commit(f"{tip}^{{tree}}", [tip], submission_message(title))
        self.git("update-ref", f"refs/heads/draft/{tip[:8]}", tip)
        return tip

    def approve(self, draft: str) -> None:
        before, self.tip = self.tip, self.commit(f"{draft}^{{tree}}", [self.tip, draft], "Setujui")
        self.git("update-ref", "refs/heads/publish", self.tip)
        paths = self.git("diff-tree", "-r", "--name-only", before, self.tip).split("\n")
        self.approvals.append(
            SimpleNamespace(
                commit=self.tip, sequence=len(self.approvals) + 1, approver="camat@percontohan.go.id",
                name="Camat Percontohan", role="head", time=self.now, draft=draft, assurance="personal",
                paths=tuple(paths), tree=self.git("rev-parse", f"{self.tip}^{{tree}}"),
            )
        )  # fmt: skip

    def records(self, kind: str, draft: str | None, reason: str = "", **data: object) -> None:
        self.now += timedelta(minutes=1)
        self.ledger.append(
            SimpleNamespace(
                sequence=len(self.ledger) + 1, kind=kind, actor="camat@percontohan.go.id", at=self.now,
                draft=draft, reason=reason, data=data, commit=f"{len(self.ledger) + 1:040x}",
            )
        )  # fmt: skip

    def facts(self) -> Any:
        tree = self.git("rev-parse", f"{self.genesis}^{{tree}}")
        person = SimpleNamespace(id="camat@percontohan.go.id", name="Camat Percontohan", role="head")
        verdict: Any = SimpleNamespace(
            ok=True, tip=self.tip, approvals=tuple(self.approvals), ledger=tuple(self.ledger),
            genesis=SimpleNamespace(commit=self.genesis, tree=tree, time=GENESIS_AT),
            policy=SimpleNamespace(persons=(person,)),
        )  # fmt: skip
        store: Any = Store(self.repo)
        with Repository(self.repo) as clone:
            return history.gather(verdict, store, clone, JANUARY, WITA)


@pytest.fixture
def story(tmp_path: Path) -> Iterator[Story]:
    return Story(tmp_path / "kantor")


def at(name: str) -> str:
    return f"content/pengumuman/{name}/index.md"


pytestmark = pytest.mark.git


def test_an_approval_answers_the_submissions_of_its_own_draft(story: Story) -> None:
    first = story.draft({at("satu"): page("Satu")}, "Satu")
    again = story.draft({at("satu"): page("Satu, diperbaiki")}, "Satu lagi", on=first)
    other = story.draft({at("dua"): page("Dua")}, "Dua")
    story.approve(again)
    facts = story.facts()

    (approval,) = facts.decisions
    assert approval.submissions == (first, again)
    assert [fact.commit for fact in facts.submissions] == [first, again, other]
    assert [fact.title for fact in facts.submissions] == ["Satu", "Satu lagi", "Dua"]


def test_a_draft_built_on_an_approved_one_answers_only_for_itself(story: Story) -> None:
    first = story.draft({at("satu"): page("Satu")}, "Satu")
    story.approve(first)
    second = story.draft({at("dua"): page("Dua")}, "Dua")
    story.approve(second)

    assert [fact.submissions for fact in story.facts().decisions] == [(first,), (second,)]


def test_pages_are_new_changed_withdrawn_or_removed(story: Story) -> None:
    story.approve(story.draft({at("satu"): page("Satu")}))
    story.approve(story.draft({at("satu"): page("Satu baru"), "site.toml": "x"}))
    gone = page("Satu baru", withdrawn="{at: 2026-01-05, reason: Keliru}")
    story.approve(story.draft({at("satu"): gone}))
    story.approve(story.draft({at("satu"): None}))

    pages = [fact.pages for fact in story.facts().decisions]
    assert [[(found.title, found.change) for found in some] for some in pages] == [
        [("Satu", "new")],
        [("Satu baru", "changed")],
        [("Satu baru", "withdrawn")],
        [("Satu baru", "removed")],
    ]
    assert pages[0][0].address == "/pengumuman/satu/"


def test_pages_of_other_months_are_not_read(story: Story) -> None:
    draft = story.draft({at("satu"): page("Satu")})
    story.now = datetime(2026, 2, 1, tzinfo=WITA)
    story.approve(draft)

    assert story.facts().decisions[0].pages == ()


def test_decisions_on_the_ledger_carry_name_reason_and_title(story: Story) -> None:
    draft = story.draft({at("iklan"): page("Iklan")}, "Promosi toko")
    story.records("probe", None)
    story.records("reject", draft, "Bukan informasi kantor")
    story.git("update-ref", "-d", f"refs/heads/draft/{draft[:8]}")

    (fact,) = story.facts().decisions
    assert (fact.kind, fact.title, fact.reason) == ("reject", "Promosi toko", "Bukan informasi kantor")
    assert (fact.by, fact.role, fact.submissions) == ("Camat Percontohan", "head", (draft,))


def test_a_refused_draft_that_is_gone_still_counts(story: Story) -> None:
    story.records("reject", "f" * 40, "Bukan informasi kantor")

    (fact,) = story.facts().decisions
    assert (fact.title, fact.submissions) == ("ffffffffffff", ())


def test_words_in_the_middle_of_a_message_are_no_submission(story: Story) -> None:
    tip = story.draft({at("satu"): page("Satu")}, None)
    fake = story.commit(f"{tip}^{{tree}}", [tip], "Catatan\n\nSop-Submission: 1\n\nakhir\n")
    story.git("update-ref", "refs/heads/draft/palsu", fake)

    assert story.facts().submissions == ()


def test_archives_come_from_the_ledger(story: Story) -> None:
    story.records("archive", None, archive="arsip-1")

    (fact,) = story.facts().archives
    assert fact.data == {"archive": "arsip-1"}


def test_an_office_that_has_just_opened_has_no_facts(story: Story) -> None:
    facts = story.facts()

    assert (facts.decisions, facts.submissions, facts.archives) == ((), (), ())
    assert facts.tip == facts.genesis == story.genesis


def test_availability_is_taken_from_the_months_probes(story: Story) -> None:
    moment = datetime(2026, 1, 10, 9, 0, tzinfo=WITA)
    samples = [
        ProbeSample("Portal", "https://portal.go.id/", moment, moment + timedelta(hours=1), "up", "ok", 12),
        ProbeSample(
            "Portal", "https://portal.go.id/", moment.replace(month=2), moment.replace(month=2), "up"
        ),
    ]
    story.records("probe", None, **roll_up(samples))
    verdict: Any = SimpleNamespace(ledger=story.ledger)

    (fact,) = history.availability(verdict, JANUARY, WITA)
    assert (fact.name, fact.share, fact.probes, fact.failures) == ("Portal", 1.0, 12, 0)
    assert history.availability(verdict, Month(2025, 12), WITA) == ()
