"""What verification costs when history and site grow: time per approval, and the most memory it took.

    python benchmarks/verify_growth.py [SMALL LARGE]      (default 2000 10000)

Each approval adds a page to one of six sections, half of them to the news, so that the site has as many
pages as there are approvals. Each verification from genesis runs in a process of its own.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from office_history import SECTIONS, history

ROOT = Path(__file__).resolve().parent.parent
_CHILD = """
import json, resource, sys, time
from datetime import UTC, datetime
from pathlib import Path
from pipeline.verification import verification
began, worked = time.perf_counter(), time.process_time()
with verification(Path(sys.argv[1]), None, datetime.now(UTC), full=True) as verified:
    assert verified.verdict.ok, verified.verdict.refusals[:3]
    seconds = time.perf_counter() - began, time.process_time() - worked
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps([len(verified.verdict.approvals), *seconds, most]))
"""


def measure(repo: Path) -> tuple[int, float, float, float]:
    """Approvals, seconds by the wall, seconds of our own work, and the most megabytes; best of three runs."""
    command = [sys.executable, "-c", _CHILD, str(repo)]
    runs = [
        json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout)
        for _ in range(3)
    ]
    count, wall, work, memory = (
        pick([run[i] for run in runs]) for i, pick in enumerate((min, min, min, max))
    )
    return int(count), wall, work, memory


def main(sizes: list[int]) -> None:
    with tempfile.TemporaryDirectory(prefix="sop-ukur-") as name:
        rows = [measure(history(Path(name) / str(size), size, SECTIONS)) for size in sizes]
    for count, wall, work, memory in rows:
        each = wall / count * 1000
        print(
            f"{count:6d} approvals: {wall:6.2f} s, {each:.2f} ms each ({work:.2f} s our own), {memory:.0f} MB"
        )
    small, large = rows[0], rows[-1]
    more, longer = large[0] / small[0], large[1] / small[1]
    print(f"{more:.0f} times the approvals took {longer:.1f} times the time")


if __name__ == "__main__":
    main([int(word) for word in sys.argv[1:]] or [2000, 10000])
