"""LibreOffice's keeper: ``python -m pipeline.media.office_child PROGRAM …`` starts it in limits, and ends it.

LibreOffice starts other programs; all of them end when its keeper is told to, or when the keeper's own parent
goes away.
"""

import os
import signal
import subprocess
import sys
from types import FrameType

from pipeline.media import limits


def main(command: list[str]) -> None:
    """Run the command, without a network where the system allows that."""
    # The whole group: it is our own, and LibreOffice's many programs are in it.
    signal.signal(signal.SIGTERM, _end_all)
    limits.end_with_parent(signal.SIGTERM)
    limits.leave_the_network()
    limits.confine_office()
    quiet = subprocess.DEVNULL
    subprocess.run(command, stdin=quiet, stdout=quiet, stderr=quiet, check=False)


def _end_all(_number: int, _frame: FrameType | None) -> None:
    os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    main(sys.argv[1:])
