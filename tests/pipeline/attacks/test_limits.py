"""Small repositories that would become large in whoever reads them: answered in a minute and a gibibyte."""

from collections.abc import Callable

import pytest

from tests.pipeline.attacks.armor import armor
from tests.pipeline.attacks.scene import FILE, FOLDER, HEAD, OPERATOR, SECOND_ROOT, ZERO_DIGEST, Scene
from tests.pipeline.attacks.test_mutation import answer

MIB = 1024**2
Bomb = Callable[[Scene], object]


def _message(scene: Scene, words: bytes) -> None:
    scene.publish(scene.approval(message=lambda _words: words))


def _header(scene: Scene, more: bytes) -> None:
    scene.publish(scene.approval(edit=lambda raw: raw.replace(b"\n\n", b"\n" + more + b"\n\n", 1)))


def _armor(scene: Scene, size: int) -> None:
    """A signature header of so many lines."""
    scene.publish(scene.approval(sign=lambda p: armor(HEAD.key, p).replace("\n", "\n" + "A\n" * size, 1)))


def _entry(scene: Scene, data: bytes) -> None:
    scene.record(scene.entry("probe", by=OPERATOR, reason="", text=lambda raw: raw.replace(b"{}", data, 1)))


def _tree(scene: Scene, tree: str) -> None:
    made = scene.with_entry(scene.tree_of(scene.tip), b"content/bom", (FOLDER, tree))
    scene.publish(scene.approval(scene.writes(tree=made), tree=made, digest=ZERO_DIGEST))


def _wide(scene: Scene, count: int) -> None:
    blob = bytes.fromhex(scene.put("blob", b"x"))
    _tree(scene, scene.put("tree", b"".join(b"100644 %07d\0" % n + blob for n in range(count))))


def _many_wide(scene: Scene) -> None:
    blob = bytes.fromhex(scene.put("blob", b"x"))
    lines = b"".join(b"100644 %07d\0" % n + blob for n in range(150_000))
    folders = [scene.put("tree", lines + b"100644 z%d\0" % n + blob) for n in range(12)]
    _tree(scene, scene.raw_tree([(FOLDER, b"%02d" % n, oid) for n, oid in enumerate(folders)]))


def _signatures(scene: Scene) -> None:
    good = scene.policy_change(signers=[HEAD, SECOND_ROOT])
    files: dict[str, bytes | None] = {"governance/signatures/9.sig": b"A\n" * (30 * MIB)}
    scene.publish(scene.approval(scene.writes(files, base=good)))


def _huge_page(scene: Scene) -> None:
    oid = scene.put_zeros(300 * MIB)
    tree = scene.with_entry(scene.tree_of(scene.tip), b"content/besar", (FILE, oid))
    scene.publish(scene.approval(scene.writes(tree=tree), tree=tree, digest=ZERO_DIGEST))


def _parents(scene: Scene, count: int) -> None:
    scene.publish(scene.approval(parents=[scene.tip, *[scene.draft] * count]))


def _draft_parents(scene: Scene, count: int) -> None:
    tree = scene.tree_of(scene.draft)
    scene.publish(
        scene.approval(scene.writes(tree=tree, parents=[scene.tip, *[scene.draft] * count], by=HEAD))
    )


BOMBS: dict[str, Bomb] = {
    "header_of_many_lines": lambda s: _header(s, b"note x" + b"\n x" * 300_000),
    "many_headers": lambda s: _header(s, b"\n".join([b"note x"] * 300_000)),
    "signature_of_many_lines": lambda s: _armor(s, 300_000),
    "message_of_line_feeds": lambda s: _message(s, b"\n" * (8 * MIB)),
    "entry_of_empty_lists": lambda s: _entry(s, b'{"a":[' + b"[]," * (3 * MIB) + b"[]]}"),
    "many_parents": lambda s: _parents(s, 20_000),
    "tree_of_three_hundred_thousand": lambda s: _wide(s, 300_000),
    "policy_signature_of_many_lines": _signatures,
}
LARGE: dict[str, Bomb] = {
    "header_of_sixty_mib": lambda s: _header(s, b"note x" + b"\n x" * (20 * MIB)),
    "many_headers_of_sixty_mib": lambda s: _header(s, b"\n".join([b"a b"] * (15 * MIB))),
    "signature_of_sixty_mib": lambda s: _armor(s, 20 * MIB),
    "message_of_sixty_mib": lambda s: _message(s, b"\n" * (60 * MIB)),
    "message_of_wide_letters": lambda s: _message(s, "🙂".encode() * (14 * MIB)),
    "entry_of_sixty_mib": lambda s: _entry(s, b'{"a":[' + b"[]," * (19 * MIB) + b"[]]}"),
    "many_parents_of_sixty_mib": lambda s: _parents(s, 1_300_000),
    "draft_of_a_million_parents": lambda s: _draft_parents(s, 1_300_000),
    "tree_of_sixty_mib": lambda s: _wide(s, 1_700_000),
    "many_wide_trees": _many_wide,
    "page_of_three_hundred_mib": _huge_page,
}


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS)
def test_what_grows_when_it_is_read_is_refused(scene: Scene, bomb: Bomb) -> None:
    bomb(scene)

    accepted, _, _, codes = answer(scene)

    assert not accepted
    assert codes


@pytest.mark.slow
@pytest.mark.parametrize("bomb", LARGE.values(), ids=LARGE)
def test_what_is_as_large_as_it_may_be_is_refused_as_well(scene: Scene, bomb: Bomb) -> None:
    bomb(scene)

    accepted, _, _, codes = answer(scene)

    assert not accepted
    assert codes
