"""What was refused comes back under another name, or publish goes back to an older day (§4.10, §6)."""

import pytest

from tests.pipeline.attacks.catalogue import Attack, Catalogue, must_be_refused
from tests.pipeline.attacks.scene import ACTING, DAILY, DAY, Scene

BARS = Catalogue("bars")


def refused(scene: Scene, kind: str, draft: str | None = None) -> str:
    """A refusal on the ledger; the draft that it names."""
    about = draft or scene.draft
    scene.recorded(scene.decision(kind, about))
    return about


@BARS.attack("DRAFT_BARRED", row=23)
def rejected(scene: Scene) -> None:
    scene.publish(scene.approval(refused(scene, "reject")))


@BARS.attack("DRAFT_BARRED", row=23)
def returned(scene: Scene) -> None:
    scene.publish(scene.approval(refused(scene, "return")))


@BARS.attack("DRAFT_BARRED", row=23)
def rejected_long_ago(scene: Scene) -> None:
    """Refused before another approval moved publish on; then brought up to date is another commit."""
    refused(scene, "reject")
    tree = scene.tree_of(scene.draft)
    scene.publish(scene.approval(scene.writes(tree=tree, parents=[scene.tip])))


@BARS.attack("DRAFT_BARRED", row=23)
def the_same_content_by_another_commit(scene: Scene) -> None:
    refused(scene, "reject")
    tree = scene.tree_of(scene.draft)
    again = scene.writes(tree=tree, parents=[scene.tip], message=b"Naskah baru\n", name="baru")
    scene.publish(scene.approval(again))


@BARS.attack("DRAFT_BARRED", row=23)
def the_same_content_by_an_empty_commit_on_top(scene: Scene) -> None:
    refused(scene, "reject")
    scene.publish(scene.approval(scene.writes({}, base=scene.draft)))


@BARS.attack("DRAFT_BARRED", row=23)
def left_unnamed(scene: Scene) -> None:
    known = scene.ledger[-1]
    refused(scene, "reject")
    scene.publish(scene.approval(ledger=known))


@BARS.attack("DRAFT_BARRED", row=23)
def left_unnamed_a_return(scene: Scene) -> None:
    known = scene.ledger[-1]
    refused(scene, "return")
    scene.publish(scene.approval(ledger=known))


@BARS.attack("DRAFT_BARRED", row=23)
def approved_in_the_very_second_of_the_refusal(scene: Scene) -> None:
    known = scene.ledger[-1]
    refused(scene, "reject")
    scene.publish(scene.approval(ledger=known, at=scene.now))


@BARS.attack("DRAFT_BARRED", row=23)
def named_though_dated_before_the_refusal(scene: Scene) -> None:
    before = scene.tick()
    refused(scene, "reject")
    scene.publish(scene.approval(at=before))


@BARS.attack("DRAFT_BARRED", row=23)
def reopened_and_refused_again(scene: Scene) -> None:
    for kind in ("reject", "reopen", "reject"):
        refused(scene, kind)
    scene.publish(scene.approval())


@BARS.attack("DRAFT_BARRED", row=23)
def reopened_before_it_was_refused(scene: Scene) -> None:
    for kind in ("reopen", "reject"):
        refused(scene, kind)
    scene.publish(scene.approval())


@BARS.attack("DRAFT_BARRED", row=23)
def another_draft_reopened(scene: Scene) -> None:
    refused(scene, "reject")
    refused(scene, "reopen", scene.announces("lain"))
    scene.publish(scene.approval(scene.draft))


@BARS.attack("DRAFT_BARRED", row=23)
def reopened_but_not_named(scene: Scene) -> None:
    """The approval names the ledger as it stood between the refusal and the reopening."""
    refused(scene, "reject")
    between = scene.ledger[-1]
    refused(scene, "reopen")
    scene.publish(scene.approval(ledger=between))


@BARS.attack("DRAFT_BARRED", row=23)
def one_of_two_refusals_reopened(scene: Scene) -> None:
    """Returned, reopened, returned: the second return stands."""
    for kind in ("return", "reopen", "return"):
        refused(scene, kind)
    scene.publish(scene.approval())


@BARS.attack("DRAFT_BARRED", row=23)
def refused_by_the_acting_head_approved_by_the_head(scene: Scene) -> None:
    scene.recorded(scene.decision("reject", by=ACTING))
    scene.publish(scene.approval())


@BARS.attack("DRAFT_BARRED", row=23)
def refused_by_the_daily_within_his_scope(scene: Scene) -> None:
    scene.recorded(scene.decision("return", by=DAILY))
    scene.publish(scene.approval())


@BARS.attack("DRAFT_BARRED", row=23)
def refused_before_the_witness_saw_it(scene: Scene) -> None:
    known = scene.ledger[-1]
    scene.now += DAY
    refused(scene, "reject")
    tip = scene.approval(ledger=known)
    scene.publish(tip)
    scene.chain.append(tip)
    scene.recorded(scene.sighting())


def seen(scene: Scene) -> str:
    """An approval that a witness saw in public."""
    tip = scene.accepted(scene.approval())
    scene.recorded(scene.sighting())
    return tip


@BARS.attack("ROLLBACK", "LEDGER_SIGNER", row=22)
def publish_forced_back(scene: Scene) -> None:
    seen(scene)
    scene.good = scene.publish(scene.chain[-2])


@BARS.attack("ROLLBACK", "LEDGER_SIGNER", row=22)
def publish_forced_back_to_genesis(scene: Scene) -> None:
    seen(scene)
    scene.good = scene.publish(scene.genesis)


@BARS.attack("ROLLBACK", row=22)
def publish_forced_back_below_a_witness_that_knew_less(scene: Scene) -> None:
    """The witness wrote which tip was served, but knew an older publish."""
    tip = scene.accepted(scene.approval())
    before = scene.chain[-2]
    scene.recorded(scene.sighting(tip, publish=before))
    scene.good = scene.publish(before)


@BARS.attack("ROLLBACK", "LEDGER_SIGNER", row=22)
def another_approval_in_the_place_of_the_seen_one(scene: Scene) -> None:
    before = scene.tip
    seen(scene)
    scene.chain.pop()
    scene.good = scene.publish(scene.approval(scene.announces("lain"), first=before, ledger=scene.ledger[-2]))


@BARS.attack("ROLLBACK", "LEDGER_SIGNER", row=22)
def the_seen_approval_signed_anew(scene: Scene) -> None:
    """The same words and the same key a second later: another commit."""
    before = scene.tip
    seen(scene)
    scene.chain.pop()
    again = scene.approval(scene.draft, first=before, ledger=scene.ledger[-2])
    scene.good = scene.publish(again)


@BARS.attack("ROLLBACK", row=22)
def a_draft_witnessed(scene: Scene) -> None:
    scene.record(scene.sighting(scene.draft))


@BARS.attack("ROLLBACK", row=22)
def a_tip_witnessed_that_never_was(scene: Scene) -> None:
    data = {"tip": "1" * 40, "first_seen": "2026-01-05T09:00:00+08:00"}
    digest = scene.digest(scene.tree_of(scene.tip))
    more = {"content_digest": digest, "output_digest": digest}
    scene.record(scene.sighting(data={**data, **more}))


@pytest.mark.parametrize("attack", BARS.attacks, ids=str)
def test_what_was_refused_stays_refused_and_what_was_seen_stays(scene: Scene, attack: Attack) -> None:
    must_be_refused(attack, scene)
