"""Objects that are not there, or are not what their ids say (protocol §9)."""

import subprocess
import zlib

import pytest

from tests.office import EMPTY_ENV
from tests.pipeline.attacks.catalogue import Act, Attack, Catalogue, must_be_refused
from tests.pipeline.attacks.scene import FILE, Scene

OBJECTS = Catalogue("objects")
PAGE = "content/pengumuman/2026-01-05-ketiga/index.md"


def third(scene: Scene) -> str:
    """The third approval, correct; ``good`` stays where it was."""
    return scene.publish(scene.approval())


def page_of(scene: Scene, commit: str) -> str:
    """The id of the third page."""
    return scene.put("blob", scene.file(commit, PAGE))


def spoiled(which: str, data: bytes | None) -> Act:
    """The file of one object is replaced (or removed)."""

    def act(scene: Scene) -> None:
        tip = third(scene)
        oid = {
            "tip": tip,
            "draft": scene.draft,
            "page": page_of(scene, tip),
            "root": scene.tree_of(tip),
            "policy": scene.put("blob", scene.file(tip, "governance/policy.toml")),
            "genesis": scene.genesis,
            "first": scene.chain[1],
        }[which]
        file = scene.loose(oid)
        file.unlink()
        if data is not None:
            file.write_bytes(data)
        if which in ("tip", "first"):
            scene.good = scene.genesis
        if which in ("genesis", "policy"):
            scene.good = None

    return act


def packed(data: bytes) -> bytes:
    """Bytes as git packs them."""
    return zlib.compress(data)


OBJECTS.each(
    "OBJECT_MISSING",
    [
        (f"{which}_missing", spoiled(which, None))
        for which in ("tip", "draft", "page", "root", "policy", "genesis", "first")
    ],
)
OBJECTS.each(
    "OBJECT_CORRUPT",
    [
        *(
            (f"{which}_other_bytes", spoiled(which, packed(b"blob 4\0lain")))
            for which in ("tip", "draft", "page", "root", "policy", "genesis", "first")
        ),
        *((f"{which}_empty", spoiled(which, b"")) for which in ("tip", "page")),
        *((f"{which}_noise", spoiled(which, b"noise")) for which in ("tip", "page", "root")),
        *((f"{which}_without_header", spoiled(which, packed(b"noise"))) for which in ("tip", "page")),
        *((f"{which}_of_unknown_kind", spoiled(which, packed(b"page 1\0x"))) for which in ("tip", "page")),
        *((f"{which}_of_negative_size", spoiled(which, packed(b"blob -1\0x"))) for which in ("tip", "page")),
        *(
            (f"{which}_of_absurd_size", spoiled(which, packed(b"blob 99999999999999999999\0x")))
            for which in ("tip", "page")
        ),
        *(
            (f"{which}_longer_than_it_says", spoiled(which, packed(b"blob 1\0xyz")))
            for which in ("tip", "page")
        ),
        *(
            (f"{which}_shorter_than_it_says", spoiled(which, packed(b"blob 9\0xyz")))
            for which in ("tip", "page")
        ),
    ],
)


@OBJECTS.attack("OBJECT_CORRUPT")
def another_page_under_the_id_of_the_approved_one(scene: Scene) -> None:
    """git itself serves it: a loose object is not hashed when it is read."""
    scene.lay(page_of(scene, third(scene)), "blob", b"Isi lain.\n")


@OBJECTS.attack("OBJECT_CORRUPT")
def another_tree_under_the_id_of_the_approved_one(scene: Scene) -> None:
    tree = scene.tree_of(third(scene))
    scene.lay(tree, "tree", scene.objects[scene.tree_of(scene.tip)][1])


@OBJECTS.attack("OBJECT_CORRUPT")
def another_policy_under_the_id_of_the_true_one(scene: Scene) -> None:
    policy = scene.file(scene.genesis, "governance/policy.toml")
    scene.lay(scene.put("blob", policy), "blob", policy.replace(b"threshold = 1", b"threshold = 2"))
    scene.good = None


@OBJECTS.attack("OBJECT_CORRUPT")
def an_unsigned_commit_under_the_id_of_a_signed_one(scene: Scene) -> None:
    scene.lay(third(scene), "commit", scene.payload())
    scene.good = scene.genesis


@OBJECTS.attack("OBJECT_CORRUPT")
def a_tag_in_the_place_of_the_tip(scene: Scene) -> None:
    body = f"object {scene.tip}\ntype commit\ntag x\ntagger A <a@b.id> 1 +0000\n\nx\n".encode()
    scene.publish(scene.put("tag", body))
    scene.good = scene.genesis


@OBJECTS.attack("OBJECT_CORRUPT")
def a_tree_in_the_place_of_the_tip(scene: Scene) -> None:
    scene.publish(scene.tree_of(scene.tip))
    scene.good = scene.genesis


@OBJECTS.attack("OBJECT_MISSING")
def a_tip_that_is_nowhere(scene: Scene) -> None:
    scene.publish("1" * 40)
    scene.good = scene.genesis


@OBJECTS.attack("OBJECT_MISSING")
def a_tip_of_no_id(scene: Scene) -> None:
    scene.publish(scene.zero)
    scene.good = scene.genesis


@OBJECTS.attack("OBJECT_MISSING", "OBJECT_CORRUPT")
def a_tip_of_the_other_format(scene: Scene) -> None:
    scene.publish("1" * 64)
    scene.good = None


@OBJECTS.attack("OBJECT_MISSING")
def a_page_of_an_old_approval_missing(scene: Scene) -> None:
    """Later approvals took the page away; it was public once."""
    old = "content/pengumuman/2026-01-05-pertama/index.md"
    blob = scene.put("blob", scene.file(scene.tip, old))
    scene.accepted(scene.approval(scene.writes({old: None})))
    scene.loose(blob).unlink()
    scene.good = scene.genesis


@OBJECTS.attack("OBJECT_CORRUPT")
def a_pack_with_one_byte_turned(scene: Scene) -> None:
    third(scene)
    subprocess.run(["git", "repack", "-q", "-a", "-d"], cwd=scene.repo, env=EMPTY_ENV, check=True)
    subprocess.run(["git", "prune-packed", "-q"], cwd=scene.repo, env=EMPTY_ENV, check=True)
    (pack,) = (scene.repo / "objects/pack").glob("*.pack")
    raw = bytearray(pack.read_bytes())
    raw[20] ^= 0xFF
    pack.chmod(0o644)
    pack.write_bytes(raw)
    scene.good = scene.genesis


@OBJECTS.attack("OBJECT_CORRUPT")
def a_draft_that_is_a_page(scene: Scene) -> None:
    page = scene.put("blob", b"x")
    scene.publish(scene.approval(page, tree=scene.tree_of(scene.draft)))


@OBJECTS.attack("OBJECT_CORRUPT")
def a_draft_below_the_tip_whose_commit_is_noise(scene: Scene) -> None:
    noise = scene.put("commit", b"noise\n")
    scene.publish(scene.approval(scene.writes(tree=scene.tree_of(scene.draft), parents=[scene.draft, noise])))


@OBJECTS.attack("OBJECT_CORRUPT")
def a_folder_with_an_id_of_twenty_one_bytes(scene: Scene) -> None:
    """A tree whose second entry begins a byte too late."""
    blob = bytes.fromhex(scene.put("blob", b"x"))
    tree = scene.put("tree", FILE + b" a\0" + blob + b"\0" + FILE + b" b\0" + blob)
    made = scene.with_entry(scene.tree_of(scene.draft), b"content/lagi", (b"40000", tree))
    scene.publish(scene.approval(scene.writes(tree=made), tree=made, digest="sha256:" + "0" * 64))


@pytest.mark.parametrize("attack", OBJECTS.attacks, ids=str)
def test_an_object_is_what_its_id_says_or_nothing(scene: Scene, attack: Attack) -> None:
    must_be_refused(attack, scene)
