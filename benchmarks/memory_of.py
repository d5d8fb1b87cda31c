"""How much memory a process and everything that it starts take together, at most."""

import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

_EVERY = 0.1


def peak(process: subprocess.Popen[bytes]) -> int:
    """Bytes; waits until the process has ended. Shared pages are counted once (Pss)."""
    most = 0
    while process.poll() is None:
        most = max(most, sum(map(_own, _family(process.pid))))
        time.sleep(_EVERY)
    return most


def _family(pid: int) -> Iterator[int]:
    yield pid
    try:
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                yield from _family(int(child))
    except OSError:
        return


def _own(pid: int) -> int:
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    return 0
