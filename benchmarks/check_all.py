"""How fast ``sop check --all`` goes through an office's pages, and how much memory all its processes take.

    python benchmarks/check_all.py [PAGES]      (default 10000; text only)

The whole command is measured, the start of Python included. Memory is the sum over all processes of what each
has for itself (proportional set size), looked at every tenth of a second. Work is processor time, which does
not depend on what else the machine does.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from memory_of import peak
from office_pages import office, text_pages


def main(count: int) -> None:
    with tempfile.TemporaryDirectory(prefix="sop-ukur-") as name:
        folder = Path(name)
        repo = office(folder / "office", text_pages(count), {})
        env = {**os.environ, "XDG_CACHE_HOME": f"{name}/cache", "XDG_STATE_HOME": f"{name}/state"}
        env.pop("CI", None)
        for label, cores in (("two cores", {0, 1}), ("one core", {0})):
            began, worked = time.perf_counter(), _worked()
            with subprocess.Popen(
                [sys.executable, "-m", "pipeline", "--repo", str(repo), "--json", "check", "--all"],
                cwd=Path(__file__).resolve().parent.parent,
                env=env,
                stdout=subprocess.PIPE,
                preexec_fn=lambda cores=cores: os.sched_setaffinity(0, cores & os.sched_getaffinity(0)),
            ) as process:
                most = peak(process)
                assert process.stdout is not None
                answer = json.load(process.stdout)
            seconds, work = time.perf_counter() - began, _worked() - worked
            pages = answer["pages"]
            print(
                f"{label}: {pages} pages in {seconds:.1f} s, {pages / seconds:.0f} a second, "
                f"{most / 1e6:.0f} MB at most; {work:.1f} s of work, {pages / work:.0f} a second of it; "
                f"{answer['errors']} errors, {answer['warnings']} warnings"
            )


def _worked() -> float:
    """Seconds of processor time of all processes that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
