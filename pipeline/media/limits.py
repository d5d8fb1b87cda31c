"""The limits that a child sets itself before it opens anything foreign, and its end when its parent ends."""

import ctypes
import os
import resource
import signal

from pipeline.media import budgets

_PR_SET_PDEATHSIG = 1
_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
PARENT = "SOP_PARENT"
"""Environment of a child: the process that started it."""


def confine(seconds: float, written: int = budgets.WRITTEN_BYTES) -> None:
    """Memory, computing time, size of files, no core dumps; for this process and all that it starts."""
    _bound(
        {
            resource.RLIMIT_AS: budgets.MEMORY_BYTES,
            resource.RLIMIT_DATA: budgets.HELD_BYTES,
            resource.RLIMIT_CPU: int(seconds),
            resource.RLIMIT_FSIZE: written,
            resource.RLIMIT_CORE: 0,
        }
    )


def confine_office() -> None:
    """The same for LibreOffice, which reserves far more address space than it fills."""
    _bound(
        {
            resource.RLIMIT_DATA: budgets.OFFICE_MEMORY_BYTES,
            resource.RLIMIT_CPU: 2 * budgets.OFFICE_SECONDS,
            resource.RLIMIT_FSIZE: budgets.WRITTEN_BYTES,
            resource.RLIMIT_CORE: 0,
        }
    )


def _bound(limits: dict[int, int]) -> None:
    for limit, value in limits.items():
        _, most = resource.getrlimit(limit)
        value = value if most == resource.RLIM_INFINITY else min(value, most)
        resource.setrlimit(limit, (value, value))


def end_with_parent(how: signal.Signals = signal.SIGKILL) -> None:
    """Whoever kills the parent has killed us too (Linux); elsewhere our own limits of time end us."""
    try:
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(how), 0, 0, 0)
    except (OSError, AttributeError):
        return
    parent = os.environ.get(PARENT)
    if parent is not None and os.getppid() != int(parent):
        os.kill(os.getpid(), signal.SIGKILL)  # it went away before we could ask to be told


def leave_the_network() -> None:
    """A network of our own with nothing in it, where the system allows that to everybody."""
    try:
        ctypes.CDLL(None).unshare(_CLONE_NEWUSER | _CLONE_NEWNET)
    except (OSError, AttributeError):
        return
