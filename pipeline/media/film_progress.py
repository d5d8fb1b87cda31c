"""How far the work on a film is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

_STEP = 0.005


class Teller:
    """Says how far the film is, each time that a hundredth more is done; without a length, by frames."""

    def __init__(self, duration: float, further: Callable[[float], None]) -> None:
        self._duration, self._further = duration, further
        self._told, self._frames = 0.0, 0

    def seen(self, frame: Any) -> None:
        """One more frame was decoded."""
        self._frames += 1
        if self._duration > 0 and frame.time is not None:
            share = float(frame.time) / self._duration
        else:
            share = 1 - 1 / (1 + self._frames / 3000)
        # Up to the encoder's last frames, which are written after all are read.
        share = min(0.99, share)
        if share - self._told >= _STEP:
            self._told = share
            self._further(share)
