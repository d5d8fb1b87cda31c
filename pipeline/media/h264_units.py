"""The units of H.264 in a film: only pictures and what decodes them is let through (ISO 14496-10, -15).

Between the pictures there is room for notes (SEI, where some cameras write their position), for padding,
and for units of no known kind.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_PICTURES = (1, 5)
"""Slices; those in three parts (2–4) no browser shows."""
_SEQUENCE, _PICTURE = 7, 8
_SPARED = {6, 9, 10, 11, 12}
"""Notes, and marks and padding that a film in boxes can do without."""
_FIRST_RATE = {100, 110, 122, 144}
"""Profiles whose settings say four bytes more."""
_WORDS = re.compile(rb"[\x20-\x7e]{24}")
"""So many letters in a row do not come about by chance: once in a thousand films of the largest size."""
_SHORT_WORDS = re.compile(rb"[\x20-\x7e]{8}")
_LONGEST_SETTING = 256


class InDoubtError(ValueError):
    """The film is not built as cameras and encoders do: what is in it cannot be told."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a decoder must know before the first picture (``avcC``)."""

    head: bytes
    """Profile and level, three bytes."""
    width: int
    """How many bytes the length of a unit takes."""
    sequence: tuple[bytes, ...]
    pictures: tuple[bytes, ...]
    tail: bytes
    """Colour depth, for the higher profiles."""

    def packed(self) -> bytes:
        """The same as bytes, and nothing else."""
        parts = [b"\x01", self.head, bytes([0xFC | self.width - 1, 0xE0 | len(self.sequence)])]
        parts += [len(unit).to_bytes(2, "big") + unit for unit in self.sequence]
        parts.append(bytes([len(self.pictures)]))
        parts += [len(unit).to_bytes(2, "big") + unit for unit in self.pictures]
        return b"".join([*parts, self.tail])


def settings(data: bytes) -> Settings:
    """Read ``avcC``; ``InDoubtError`` where it is something else or holds words."""
    try:
        width, number, place = (data[4] & 3) + 1, data[5] & 31, 6
        sequence, place = _counted(data, place, number, _SEQUENCE)
        pictures, place = _counted(data, place + 1, data[place], _PICTURE)
    except IndexError as error:
        raise InDoubtError("cut off") from error
    if data[0] != 1 or width == 3 or not sequence or not pictures:
        raise InDoubtError("no settings")
    tail = data[place : place + 4] if data[1] in _FIRST_RATE else b""
    # Grey or colour, and eight bits: the rest of the bits are ones, and no further unit follows.
    if tail and (len(tail) < 4 or tail[0] & 0xFC != 0xFC or tail[1:] != b"\xf8\xf8\0"):
        raise InDoubtError("other settings")
    return Settings(data[1:4], width, sequence, pictures, tail)


def _counted(data: bytes, place: int, number: int, kind: int) -> tuple[tuple[bytes, ...], int]:
    found = []
    for _ in range(number):
        length = int.from_bytes(data[place : place + 2], "big")
        unit = data[place + 2 : place + 2 + length]
        place += 2 + length
        if len(unit) < length or not 2 <= length <= _LONGEST_SETTING or unit[0] & 31 != kind:
            raise InDoubtError("a setting is cut off, or none")
        if _SHORT_WORDS.search(unit):
            raise InDoubtError("a setting with words")
        found.append(unit)
    return tuple(found), place


def pictures_only(packet: bytes, known: Settings, *, own: bool = False) -> bytes:
    """The packet's slices, each behind its length, and nothing else; empty where it holds none.

    ``InDoubtError`` where a unit is of no known kind, changes the settings, or holds words
    (of which those are not suspected that our ``own`` encoder made).
    """
    kept = []
    for unit in _units(packet, known.width):
        kind = unit[0] & 31
        if kind in _PICTURES:
            # A picture ends with a bit that is one; zeros after it are padding.
            bare = unit.rstrip(b"\0")
            if not own and _WORDS.search(bare):
                raise InDoubtError("a picture with words")
            kept.append(len(bare).to_bytes(known.width, "big") + bare)
        elif kind in (_SEQUENCE, _PICTURE):
            if unit.rstrip(b"\0") not in known.sequence + known.pictures:
                raise InDoubtError("settings change on the way")
        elif kind not in _SPARED:
            raise InDoubtError("a unit of no known kind")
    return b"".join(kept)


def _units(packet: bytes, width: int) -> Iterator[bytes]:
    place = 0
    while place < len(packet):
        length = int.from_bytes(packet[place : place + width], "big")
        place += width
        if not 1 <= length <= len(packet) - place:
            raise InDoubtError("a unit is longer than what holds it")
        yield packet[place : place + length]
        place += length
