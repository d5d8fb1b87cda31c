"""Offices that are in order, however unusual: the verifier must not cry wolf."""


from tests.pipeline.attacks.catalogue import must_pass
from tests.pipeline.attacks.scene import Scene


def test_plain(scene: Scene) -> None:
    must_pass(lambda s: s.accepted(s.approval()), scene)
