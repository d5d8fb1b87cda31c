"""The results of probes on disk: one JSON line each, outside the content, appended whole or not at all."""

import fcntl
import json
import os
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from pipeline.files import write_atomic
from pipeline.probe.look import ProbeResult

_RECORDED = "recorded.json"


def folder_of(repo: Path) -> Path:
    """Where the results of a repository's targets lie: ``<repository>.probe`` beside it."""
    repo = repo.resolve()
    return repo.with_name(f"{repo.name}.probe")


def append(folder: Path, results: Sequence[ProbeResult]) -> None:
    """Add results in one write, under a lock; a line that a crash left open is closed first."""
    folder.mkdir(parents=True, exist_ok=True)
    text = "".join(
        json.dumps(result.as_json(), ensure_ascii=False, sort_keys=True) + "\n" for result in results
    )
    descriptor = os.open(folder / "results.jsonl", os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o644)
    with os.fdopen(descriptor, "r+b", buffering=0) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        size = file.seek(0, os.SEEK_END)
        if size:
            file.seek(size - 1)
            if file.read(1) != b"\n":
                text = "\n" + text
        file.write(text.encode())
        os.fsync(file.fileno())


def read(folder: Path) -> list[ProbeResult]:
    """All results, oldest first; a line that is not whole is passed over."""
    path = folder / "results.jsonl"
    if not path.is_file():
        return []
    found = (_result(line) for line in path.read_bytes().splitlines())
    return sorted((result for result in found if result is not None), key=lambda result: result.at)


def unrecorded(folder: Path) -> list[ProbeResult]:
    """Results that are younger than the newest one on the ledger."""
    path = folder / _RECORDED
    results = read(folder)
    if not path.is_file():
        return results
    last = datetime.fromisoformat(json.loads(path.read_bytes())["last"])
    return [result for result in results if result.at > last]


def mark_recorded(folder: Path, results: Iterable[ProbeResult]) -> None:
    """Remember that these are on the ledger."""
    last = max(result.at for result in results)
    write_atomic(folder / _RECORDED, json.dumps({"last": last.isoformat()}).encode() + b"\n")


def _result(line: bytes) -> ProbeResult | None:
    try:
        row = json.loads(line)
        return ProbeResult(
            name=row["name"],
            url=row["url"],
            at=datetime.fromisoformat(row["at"]),
            kind=row["kind"],
            status=row["status"],
            phases=row["phases"],
            redirects=tuple(row["redirects"]),
            certificate_days=row["certificate_days"],
            size=row["size"],
        )
    except (ValueError, KeyError, TypeError):
        return None
