"""Whoever may approve, with whatever key: git says the same (the catalogue asks it too)."""

from pathlib import Path

import pytest

from tests.pipeline.attacks import referee
from tests.pipeline.attacks.armor import Key, ecdsa_key, rsa_key
from tests.pipeline.attacks.catalogue import verify
from tests.pipeline.attacks.scene import ACTING, DAILY, HEAD, SECOND_ROOT, opened
from tests.pipeline.attacks.test_signatures import listed


@pytest.mark.parametrize("form", ["sha1", "sha256"])
def test_every_accepted_approval_is_good_to_git(tmp_path: Path, form: str) -> None:
    scene = opened(tmp_path, form)
    scene.enacts(signers=[HEAD, SECOND_ROOT])
    for number, person in enumerate((ACTING, DAILY, HEAD)):
        scene.accepted(scene.approval(scene.announces(f"oleh-{number}"), by=person))
    listed(scene, ecdsa_key("camat"))
    scene.accepted(scene.approval(key=ecdsa_key("camat")))

    said = verify(scene)

    assert said.exit == 0, said.why
    assert len(said.told["approvals"]) == len(scene.chain) - 1
    assert [referee.says_good(scene, approval["commit"]) for approval in said.told["approvals"]] == [
        True
    ] * len(said.told["approvals"])


@pytest.mark.parametrize("key", [ecdsa_key("orang"), rsa_key(2048)], ids=["ecdsa", "short-rsa"])
def test_the_referee_can_say_no(tmp_path: Path, key: Key) -> None:
    scene = opened(tmp_path)
    bad = scene.publish(scene.approval(key=key))

    assert not referee.says_good(scene, bad)
    assert verify(scene).exit == 1
