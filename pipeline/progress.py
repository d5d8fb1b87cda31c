"""Progress of long work on the error stream of a terminal; silent in a pipe."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def shown(title: str, total: int | None, *, quiet: bool) -> Iterator[Callable[[float], None]]:
    """Yields ``advance(n)``; draws a bar only where a person can see it."""
    if quiet or not sys.stderr.isatty():
        yield lambda _steps: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(title, total=total)
        yield lambda steps: progress.advance(task, steps)
