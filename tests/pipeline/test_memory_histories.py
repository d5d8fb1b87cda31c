"""Histories that grow by chance, verified after every step with what was remembered and without it.

``Office.verify`` holds both against each other; here lies what happens to the office meanwhile.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from pipeline.verification import verification
from sop_site.approval.policy import Person as PolicyPerson
from sop_site.approval.policy import Revoked
from tests import history
from tests.office import Office, Person, key, page

pytestmark = pytest.mark.git

ACTING = Person("plt@percontohan.go.id", "Pelaksana Tugas Camat", key("plt"))
DAILY = Person("plh@percontohan.go.id", "Pelaksana Harian Camat", key("plh"))
SECTIONS = ("pengumuman", "berita", "agenda/2026")
SEEDS = range(40 if os.environ.get("SOP_FULL") else 4)
STEPS = 14


@dataclass
class Story:
    """One office, and the chance by which it goes on."""

    office: Office
    chance: random.Random
    drafts: int = 0
    open: list[str] = field(default_factory=list)
    """Drafts that nobody decided on."""
    refused: list[str] = field(default_factory=list)

    def draft(self) -> str:
        """A new draft with one page, sometimes several, sometimes one fewer."""
        self.drafts += 1
        section = self.chance.choice(SECTIONS)
        name = f"naskah-{self.drafts:03d}"
        files: dict[str, str | bytes | None] = {
            f"content/{section}/{name}-{part}/index.md": page(f"Naskah {self.drafts} {part}")
            for part in range(self.chance.choice([1, 1, 1, 40]))
        }
        if self.chance.random() < 0.3:
            files["content/media/gambar.svg"] = f"<svg>{self.drafts}</svg>"
        standing = self.office.git("ls-tree", "-r", "--name-only", "publish", "content/pengumuman").split()
        if standing and self.chance.random() < 0.2:
            files[self.chance.choice(standing)] = None
        self.office.writes(files, draft=name)
        self.open.append(name)
        return name

    def takes(self, drafts: list[str]) -> str | None:
        """One of some drafts, which leaves them."""
        return drafts.pop(self.chance.randrange(len(drafts))) if drafts else None

    def people(self) -> list[Person]:
        """Who may approve by the policy in force, and sometimes who may not."""
        standing = self.office.git("show", "publish:governance/policy.toml")
        some = [person for person in (ACTING, DAILY) if person.id in standing]
        return [self.office.head] * 4 + some


def approve(story: Story) -> None:
    for _ in range(story.chance.choice([1, 1, 3])):
        draft = story.draft()
        history.publish(
            story.office, history.merge(story.office, draft, by=story.chance.choice(story.people()))
        )
        story.open.remove(draft)


def refuse(story: Story) -> None:
    draft = story.draft()
    story.open.remove(draft)
    history.decision(
        story.office,
        story.chance.choice(["return", "reject"]),
        draft,
        by=story.chance.choice(story.people()),
    )
    story.refused.append(draft)


def mend(story: Story) -> None:
    """What was refused is changed, and approved as another commit."""
    draft, office = story.takes(story.refused), story.office
    if draft:
        parents = [office.tip(f"draft/{draft}"), office.tip("publish")]
        tree = office.tree(parents[1], {f"content/berita/{draft}/index.md": page(f"Perbaikan {draft}")})
        tip = office.commits(tree, parents, "Perbaiki", office.operator)
        office.git("update-ref", f"refs/heads/draft/{draft}", tip)
        history.publish(office, history.merge(office, draft))


def reopen(story: Story) -> None:
    refuse(story)
    if story.chance.random() < 0.5:
        story.office.verify()
    draft = story.refused.pop()
    history.decision(story.office, "reopen", draft, by=story.chance.choice(story.people()))
    if story.chance.random() < 0.7:
        history.publish(story.office, history.merge(story.office, draft))


def publish_refused(story: Story) -> None:
    draft = story.takes(story.refused)
    if draft:
        history.publish(story.office, history.merge(story.office, draft))


def refuse_what_is_public(story: Story) -> None:
    """An entry, dated back or not, speaks of an approval that stands."""
    office = story.office
    approved = office.git("rev-parse", "-q", "--verify", "publish^2") if _approvals(office) else None
    if approved:
        at = office.now - timedelta(seconds=story.chance.choice([0, 30]))
        data = {"content_digest": history.content_digest(office, approved)}
        history.ledger_entry(office, "reject", draft=approved, data=data, at=at)


def witness(story: Story) -> None:
    office = story.office
    back = story.chance.choice([0, 0, 0, 1])
    tip = office.git("rev-parse", "publish" if not back or not _approvals(office) else "publish^1")
    data = {
        "tip": tip,
        "first_seen": (office.now + timedelta(minutes=1)).isoformat(),
        "content_digest": history.content_digest(office, tip),
        "output_digest": "sha256:" + "0" * 64,
    }
    history.ledger_entry(office, "witness", by=office.witness, data=data, reason="", publish=tip)


def archive(story: Story) -> None:
    history.ledger_entry(story.office, "archive", by=story.office.operator, reason="")


def change_policy(story: Story) -> None:
    office, chance = story.office, story.chance
    person, role, scope = chance.choice(
        [(ACTING, "acting", ()), (DAILY, "daily", ("content/pengumuman/**", "content/berita/**"))]
    )
    known = person.id in office.git("show", "publish:governance/policy.toml")
    since = chance.choice([None, office.git("rev-list", "-n", "1", "--first-parent", "publish")])
    entry = PolicyPerson(
        id=person.id, name=person.name, role=role, start=office.now, keys=(person.public,), scope=scope,
        until=office.now + timedelta(hours=chance.choice([1, 48])), decree="800/1/2026",
    )  # fmt: skip
    print_ = history.policy.fields.fingerprint_of(person.public)
    draft = history.policy_change(
        office,
        (lambda old: replace(old, revoked=(*old.revoked, Revoked(print_, "hilang", since))))
        if known
        else (lambda old: replace(old, persons=(*old.persons, entry))),
        signed_by=[office.head],
    )
    history.publish(office, history.merge(office, draft))


def time_passes(story: Story) -> None:
    story.office.now += timedelta(hours=story.chance.choice([1, 30, 90]))


def draft_is_deleted(story: Story) -> None:
    draft = story.takes(story.refused)
    if draft:
        story.office.git("update-ref", "-d", f"refs/heads/draft/{draft}")


def step_back(story: Story) -> None:
    """Publish shows an older state; and then, perhaps, another future."""
    if _approvals(story.office):
        history.publish(story.office, story.office.git("rev-parse", "publish^1"))


def cut_ledger(story: Story) -> None:
    if story.office.git("for-each-ref", history.LEDGER):
        parents = story.office.git("rev-list", "-n", "1", "--parents", history.LEDGER).split()[1:]
        if parents:
            story.office.git("update-ref", history.LEDGER, parents[0])


def forge(story: Story) -> None:
    draft = story.draft()
    story.open.remove(draft)
    history.publish(story.office, history.merge(story.office, draft, by=story.office.stranger))


def lie_on_the_ledger(story: Story) -> None:
    draft = story.draft()
    data = {"content_digest": "sha256:" + "1" * 64}
    tip = story.office.tip(f"draft/{draft}")
    if story.chance.random() < 0.5:
        story.office.git("update-ref", "-d", f"refs/heads/draft/{draft}")
    history.ledger_entry(story.office, "return", draft=tip, data=data)


def come_back(story: Story) -> None:
    """The branch of something that an entry speaks of is pushed again."""
    for line in story.office.git("for-each-ref", "--format=%(objectname)", history.LEDGER).split():
        for name in story.office.git("ls-tree", "--name-only", f"{line}:entries").split():
            data = story.office.git("cat-file", "blob", f"{line}:entries/{name}")
            found = data.partition('"draft":"')[2].partition('"')[0]
            if found and story.chance.random() < 0.3:
                story.office.git("update-ref", f"refs/heads/draft/lagi-{found[:8]}", found)


def _approvals(office: Office) -> int:
    return int(office.git("rev-list", "--count", "--first-parent", "publish")) - 1


ORDINARY: list[Callable[[Story], None]] = [approve, approve, refuse, mend, witness, archive]
RARE = [reopen, change_policy, time_passes, draft_is_deleted, refuse_what_is_public, come_back]
WRONG = [publish_refused, step_back, cut_ledger, forge, lie_on_the_ledger]


def steps(chance: random.Random) -> Iterator[Callable[[Story], None]]:
    for _ in range(STEPS):
        dice = chance.random()
        yield chance.choice(ORDINARY if dice < 0.6 else RARE if dice < 0.85 else WRONG)


@pytest.mark.parametrize("seed", SEEDS)
def test_what_was_remembered_never_changes_a_verdict(office: Office, seed: int) -> None:
    story = Story(office, random.Random(seed))
    good = None
    for step in steps(story.chance):
        step(story)
        if office.verify().ok:
            good = (office.tip("publish"), office.git("for-each-ref", history.LEDGER))
        elif good is not None and story.chance.random() < 0.7:
            # Somebody repairs it, or else every story would end at its first wrong.
            history.publish(office, good[0])
            if good[1]:
                office.git("update-ref", history.LEDGER, good[1].split()[0])
            else:
                office.git("update-ref", "-d", history.LEDGER)
            office.verify()


def test_an_ordinary_history_is_gone_on_with_at_every_step(office: Office) -> None:
    story = Story(office, random.Random(7))
    office.verify()
    for step in (approve, witness, refuse, approve, archive, mend, approve, refuse, approve):
        step(story)
        with verification(office.repo, office.trust, office.now) as verified:
            assert verified.verdict.ok
            assert verified.remembered, step
        office.verify()
