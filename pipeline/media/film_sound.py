"""The sound of a film, always encoded anew as AAC.

AAC has room for any bytes between its tones (data elements and fill elements), which no filter takes out,
and to encode an hour of sound takes seconds.
"""

from __future__ import annotations

from typing import Any

BITS = 96_000
"""A second."""
_RATE = 48_000


class Sound:
    """A track of sound in the new film."""

    def __init__(self, av: Any, fresh: Any) -> None:
        self._fresh = fresh
        self._track = fresh.add_stream("aac", rate=_RATE, layout="stereo")
        self._track.bit_rate = BITS
        # Otherwise the encoder writes its own name between the tones.
        self._track.codec_context.flags |= av.codec.context.Flags.bitexact
        self._resampler = av.AudioResampler(format="fltp", layout="stereo", rate=_RATE)

    def hear(self, frame: Any) -> None:
        """The next decoded piece."""
        self._write(self._resampler.resample(frame))

    def end(self) -> None:
        """Nothing follows; ``hear`` is not called any more."""
        self._write(self._resampler.resample(None))
        self._fresh.mux(self._track.encode(None))

    def _write(self, frames: list[Any]) -> None:
        for frame in frames:
            self._fresh.mux(self._track.encode(frame))
