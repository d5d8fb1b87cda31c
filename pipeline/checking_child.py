"""One of the processes that check many pages beside one another: ``python -m pipeline.checking_child``.

The first line on standard input says what is checked; each further line names some pages, and is answered by
one line with their findings. It ends when its input does, also when whoever started it was killed.
"""

import json
import sys
from pathlib import Path
from typing import Any

from pipeline import checking
from pipeline.repository import Repository
from sop_site.answers import Finding


def main() -> None:
    """Answer every question until there is none."""
    job = json.loads(sys.stdin.readline())
    with Repository(Path(job["repo"])) as repo:
        repo.stand_on(job["publish"])
        with checking.bench(repo, job["commit"], lanes=1) as judge:
            for line in sys.stdin:
                answer = [written(finding) for finding in judge(json.loads(line))]
                sys.stdout.write(json.dumps(answer, separators=(",", ":")) + "\n")
                sys.stdout.flush()


def written(finding: Finding) -> list[Any]:
    """A finding as JSON holds it."""
    return [finding.code, finding.severity, finding.path, finding.line, dict(finding.values)]


def read(row: list[Any]) -> Finding:
    """The finding that ``written`` wrote."""
    code, severity, path, line, values = row
    return Finding(code, severity, path, line, values)


if __name__ == "__main__":
    main()
