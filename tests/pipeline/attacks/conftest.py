"""Every attack gets an office of its own, copied from one that is made once."""

from pathlib import Path

import pytest

from tests.pipeline.attacks.scene import Scene, opened


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    """An office with two approvals, three ledger entries and a waiting draft."""
    return opened(tmp_path)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All of this works on real git."""
    for item in items:
        if "attacks" in item.path.parts:
            item.add_marker(pytest.mark.git)
