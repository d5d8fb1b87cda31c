"""What the queue found out before, kept in the user's cache folder: git takes long to say it of thousands.

Two commits differ in the same files for ever, and the checks of a commit against another find the same as
long as the rules are the same; nothing kept here grows old. The queue alone looks at it, for what it tells
people; no decision rests on it, and what cannot be read is asked for again.
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from pipeline import caching
from pipeline.files import write_atomic

_LARGEST = 64 * 1024**2
_JUDGES = (
    "sop_site/rules/*.py", "sop_site/content/*.py", "sop_site/likeness.py", "sop_site/settings.py",
    "pipeline/media/*.py", "pipeline/media_*.py", "pipeline/checking.py", "pipeline/signposts.py",
)  # fmt: skip
"""Whatever decides what a check finds."""


def load(repo: Path, name: str) -> dict[str, Any]:
    """Everything of one kind that was kept of a repository, by its key; empty where nothing fits."""
    with suppress(OSError, ValueError, RecursionError):
        path = caching.folder_for(repo, "queue") / f"{name}.json"
        if path.stat().st_size <= _LARGEST:
            value = json.loads(path.read_bytes())
            if isinstance(value, dict):
                return value
    return {}


def save(repo: Path, name: str, value: Mapping[str, Any]) -> None:
    """Keep it for the next time; a folder that cannot be written in is no reason to fail."""
    with suppress(OSError):
        data = json.dumps(value, separators=(",", ":")).encode()
        write_atomic(caching.folder_for(repo, "queue") / f"{name}.json", data, 0o600)


def judges() -> str:
    """A name for the rules as they are installed: other rules may find something else."""
    return caching.name_of_code(*_JUDGES)
