"""Merges of the wrong shape: who is whose parent, and what the merge brought along (protocol §4.4)."""

import pytest

from tests.pipeline.attacks.catalogue import Attack, Catalogue, must_be_refused
from tests.pipeline.attacks.scene import (
    HEAD,
    OPERATOR,
    STRANGER,
    ZERO_DIGEST,
    Scene,
    page,
)

CHAIN = Catalogue("chain")
SMUGGLED = "content/pengumuman/2026-01-05-gelap/index.md"


@CHAIN.attack("NOT_A_MERGE", "UNSIGNED", "MESSAGE_GRAMMAR", row=2)
def draft_pushed_to_publish(scene: Scene) -> None:
    scene.publish(scene.draft)


@CHAIN.attack("NOT_A_MERGE", row=2)
def squash_signed_by_the_head(scene: Scene) -> None:
    scene.publish(scene.approval(parents=[scene.tip]))


@CHAIN.attack("NOT_A_MERGE", "UNSIGNED", "MESSAGE_GRAMMAR", row=2)
def fast_forward_onto_a_signed_draft(scene: Scene) -> None:
    """The draft's last commit is the head's own, signed; nobody merged it."""
    first = scene.draft
    scene.publish(scene.approval(first=scene.tip, parents=[first], sequence="4"))


@CHAIN.attack("OCTOPUS", row=16)
def three_parents(scene: Scene) -> None:
    scene.publish(scene.approval(parents=[scene.tip, scene.draft, scene.announces("lain")]))


@CHAIN.attack("OCTOPUS", "DUPLICATE_PARENT", row=16)
def the_draft_twice(scene: Scene) -> None:
    scene.publish(scene.approval(parents=[scene.tip, scene.draft, scene.draft]))


@CHAIN.attack("OCTOPUS", "DUPLICATE_PARENT", row=16)
def publish_as_first_and_third_parent(scene: Scene) -> None:
    scene.publish(scene.approval(parents=[scene.tip, scene.draft, scene.tip]))


@CHAIN.attack("OCTOPUS", "DUPLICATE_PARENT", row=16)
def four_hundred_parents(scene: Scene) -> None:
    scene.publish(scene.approval(parents=[scene.tip, *[scene.draft] * 400]))


@CHAIN.attack("DUPLICATE_PARENT", row=16)
def publish_merged_into_itself(scene: Scene) -> None:
    tree = scene.tree_of(scene.tip)
    scene.publish(scene.approval(parents=[scene.tip, scene.tip], tree=tree))


@CHAIN.attack("DUPLICATE_PARENT", "TREE_DIFFERS", row=16)
def publish_merged_into_itself_with_another_tree(scene: Scene) -> None:
    scene.publish(scene.approval(parents=[scene.tip, scene.tip]))


@CHAIN.attack("TREE_DIFFERS", row=14)
def one_page_more_than_the_draft(scene: Scene) -> None:
    tree = scene.with_files(scene.tree_of(scene.draft), {SMUGGLED: page("gelap")})
    scene.publish(scene.approval(tree=tree))


@CHAIN.attack("TREE_DIFFERS", row=14)
def one_byte_more_than_the_draft(scene: Scene) -> None:
    path = "content/pengumuman/2026-01-05-ketiga/index.md"
    data = scene.file(scene.draft, path) + b"."
    scene.publish(scene.approval(tree=scene.with_files(scene.tree_of(scene.draft), {path: data})))


@CHAIN.attack("TREE_DIFFERS", row=14)
def one_page_less_than_the_draft(scene: Scene) -> None:
    gone = {"content/pengumuman/2026-01-05-pertama/index.md": None}
    scene.publish(scene.approval(tree=scene.with_files(scene.tree_of(scene.draft), gone)))


@CHAIN.attack("TREE_DIFFERS", row=14)
def the_tree_before_the_draft(scene: Scene) -> None:
    scene.publish(scene.approval(tree=scene.tree_of(scene.tip)))


@CHAIN.attack("TREE_DIFFERS", "TREE_POLICY", "PROTECTED_CHANGE", row=14)
def an_empty_tree(scene: Scene) -> None:
    scene.publish(scene.approval(tree=scene.raw_tree([]), digest=ZERO_DIGEST))


@CHAIN.attack("UNRELATED_DRAFT", row=15)
def a_draft_that_is_behind(scene: Scene) -> None:
    old = scene.draft
    scene.accepted(scene.approval(scene.announces("lebih-dulu")))
    scene.publish(scene.approval(old))


@CHAIN.attack("UNRELATED_DRAFT", row=15)
def a_draft_without_a_past(scene: Scene) -> None:
    scene.publish(scene.approval(scene.announces("yatim", parents=[])))


@CHAIN.attack("UNRELATED_DRAFT", row=15)
def a_draft_that_begins_at_genesis(scene: Scene) -> None:
    scene.publish(scene.approval(scene.announces("tua", parents=[scene.genesis])))


@CHAIN.attack("UNRELATED_DRAFT", row=15)
def a_draft_that_knows_the_other_draft_only(scene: Scene) -> None:
    """It grew from the draft that was merged, not from the merge."""
    before = scene.objects[scene.tip][1].split(b"\n")[2].removeprefix(b"parent ").decode()
    scene.publish(scene.approval(scene.announces("samping", parents=[before])))


@CHAIN.attack("UNRELATED_DRAFT", row=15)
def genesis_as_the_draft(scene: Scene) -> None:
    scene.publish(scene.approval(scene.genesis))


@CHAIN.attack("UNRELATED_DRAFT", row=15)
def an_older_approval_as_the_draft(scene: Scene) -> None:
    scene.publish(scene.approval(scene.chain[1]))


@CHAIN.attack("UNRELATED_DRAFT", "TREE_DIFFERS", "SELF_APPROVAL", row=15)
def the_ledger_as_the_draft(scene: Scene) -> None:
    scene.publish(scene.approval(scene.ledger[-1], tree=scene.tree_of(scene.draft)))


@CHAIN.attack("NOT_A_MERGE", "UNSIGNED", "MESSAGE_GRAMMAR", row=15)
def foxtrot(scene: Scene) -> None:
    """The draft in the place of the first parent: the chain runs through it."""
    scene.publish(scene.approval(parents=[scene.draft, scene.tip]))


@CHAIN.attack("NOT_A_MERGE", "UNSIGNED", "MESSAGE_GRAMMAR", row=15)
def publish_fast_forwarded_to_an_updated_draft(scene: Scene) -> None:
    """What "update branch" makes: publish merged into the draft, the draft first."""
    tree = scene.tree_of(scene.draft)
    scene.publish(scene.writes(tree=tree, parents=[scene.draft, scene.tip], name="ketiga"))


@CHAIN.attack("OBJECT_CORRUPT", row=15)
def a_tree_as_the_draft(scene: Scene) -> None:
    tree = scene.tree_of(scene.draft)
    scene.publish(scene.approval(tree, tree=tree))


@CHAIN.attack("OBJECT_MISSING", row=15)
def a_draft_that_is_nowhere(scene: Scene) -> None:
    scene.publish(scene.approval("1" * 40, tree=scene.tree_of(scene.draft)))


@CHAIN.attack("OBJECT_MISSING", row=15)
def a_draft_whose_middle_is_nowhere(scene: Scene) -> None:
    middle = scene.announces("tengah")
    scene.draft = scene.writes({}, base=middle)
    scene.loose(middle).unlink()
    scene.publish(scene.approval())


@CHAIN.attack("TRUST_MISMATCH", row=20)
def another_genesis_below_the_same_approvals(scene: Scene) -> None:
    """A whole office rewritten onto a first commit that says the same at another time."""
    other = Scene(scene.root / "lain", now=scene.now)
    other.open()
    other.settle()
    for oid, (kind, data) in other.objects.items():
        if not scene.loose(oid).exists():
            scene.lay(oid, kind, data)
    scene.publish(other.tip)
    scene.good = None


@CHAIN.attack("TRUST_MISMATCH", row=20)
def a_second_root(scene: Scene) -> None:
    scene.publish(scene.writes(tree=scene.tree_of(scene.tip), parents=[]))
    scene.good = None


@CHAIN.attack("SELF_APPROVAL", row=2)
def his_own_draft(scene: Scene) -> None:
    scene.publish(scene.approval(scene.announces("sendiri", by=HEAD)))


@CHAIN.attack("SELF_APPROVAL", row=2)
def his_own_draft_in_capitals(scene: Scene) -> None:
    own = scene.announces(
        "sendiri", edit=lambda raw: raw.replace(OPERATOR.id.encode(), HEAD.id.upper().encode())
    )
    scene.publish(scene.approval(own))


@CHAIN.attack("SELF_APPROVAL", row=2)
def his_own_commit_below_an_operators(scene: Scene) -> None:
    own = scene.announces("sendiri", by=HEAD)
    scene.publish(scene.approval(scene.announces("sendiri", base=own)))


@CHAIN.attack("SELF_APPROVAL", row=2)
def his_own_commit_on_a_side_branch_of_the_draft(scene: Scene) -> None:
    own = scene.announces("sendiri", by=HEAD, parents=[])
    tree = scene.tree_of(scene.draft)
    scene.publish(scene.approval(scene.writes(tree=tree, parents=[scene.draft, own])))


@CHAIN.attack("SELF_APPROVAL", row=2)
def his_own_merge_of_two_drafts(scene: Scene) -> None:
    """Two parents, but none of them is publish."""
    other = scene.announces("lain")
    tree = scene.tree_of(scene.draft)
    scene.publish(scene.approval(scene.writes(tree=tree, parents=[scene.draft, other], by=HEAD)))


@CHAIN.attack("SELF_APPROVAL", row=2)
def his_own_merge_of_publish_and_two_drafts(scene: Scene) -> None:
    parents = [scene.draft, scene.tip, scene.announces("lain")]
    scene.publish(scene.approval(scene.writes(tree=scene.tree_of(scene.draft), parents=parents, by=HEAD)))


@CHAIN.attack("UNKNOWN_KEY", row=3)
def a_bad_approval_below_a_good_one(scene: Scene) -> None:
    """The tip is right in everything; what it stands on is not."""
    bad = scene.approval(by=STRANGER)
    good = scene.good
    scene.accepted(bad)
    scene.publish(scene.approval(scene.announces("sesudah")))
    scene.good = good


@CHAIN.attack("TREE_DIFFERS", row=14)
def an_evil_merge_that_the_next_draft_takes_back(scene: Scene) -> None:
    good, path = scene.good, {SMUGGLED: page("gelap")}
    scene.accepted(scene.approval(tree=scene.with_files(scene.tree_of(scene.draft), path)))
    scene.publish(scene.approval(scene.writes({SMUGGLED: None})))
    scene.good = good


@CHAIN.attack("TREE_POLICY", row=25)
def a_bad_tree_in_the_middle_of_the_chain(scene: Scene) -> None:
    good = scene.good
    bad = scene.with_entry(scene.tree_of(scene.draft), b"content/jalan", (b"120000", scene.put("blob", b"/")))
    scene.accepted(scene.approval(scene.writes(tree=bad)))
    scene.publish(scene.approval(scene.writes(tree=scene.tree_of(scene.draft), parents=[scene.tip])))
    scene.good = good


@pytest.mark.parametrize("attack", CHAIN.attacks, ids=str)
def test_only_a_merge_of_a_draft_onto_the_last_approval_counts(scene: Scene, attack: Attack) -> None:
    must_be_refused(attack, scene, ask_git=True)
