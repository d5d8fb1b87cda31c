"""What cameras, telephones and desktops write beside pictures for themselves: passed over, and counted."""

import re
from pathlib import PurePosixPath

_NAMES = frozenset(
    {"thumbs.db", "desktop.ini", "ehthumbs.db", "autorun.inf", "wpsettings.dat", "indexervolumeguid"}
)
_ENDINGS = frozenset(
    {
        ".thm", ".ctg", ".lrv", ".aae", ".xmp", ".bdm", ".cpi", ".mpl", ".ind", ".int", ".bnp", ".dat",
        ".bin",        ".glv", ".lrf", ".srt", ".inp", ".tid", ".pmf",
    }
)  # fmt: skip
_FOLDERS = frozenset({"__macosx", "system volume information", "$recycle.bin", "found.000"})
_RAW = frozenset(
    {".cr2", ".cr3", ".nef", ".arw", ".dng", ".raf", ".orf", ".rw2", ".pef", ".srw", ".heic", ".heif", ".hif"}
)
"""A shot's other version: where its JPEG lies beside it, that one is taken."""
_STILLS = frozenset({".jpg", ".jpeg", ".heic", ".heif"})
_MOVING = frozenset({".mov", ".mp"})
_NUMBERED = re.compile(r"[a-z]{2,4}[_-]?[a-z]?[0-9]{4,}")
"""How cameras name: a film that a person called like a picture is a film."""


def is_side_file(name: str) -> bool:
    """Whether a path inside a folder or archive holds nothing that an operator took or wrote."""
    path = PurePosixPath(name.lower())
    if any(part.startswith(".") or part in _FOLDERS for part in path.parts):
        return True
    return path.name in _NAMES or path.suffix in _ENDINGS


def other_versions(names: list[str]) -> set[str]:
    """Those of ``names`` (of one folder) that are another version of a picture that is there too.

    Of ``IMG_1.HEIC`` and ``IMG_1.JPG`` the JPEG is taken, which needs no further library; a short film of
    the same name (a "live" photograph's) goes with its picture.
    """
    kinds: dict[str, set[str]] = {}
    for name in names:
        path = PurePosixPath(name.lower())
        kinds.setdefault(path.stem, set()).add(path.suffix)
    double = set()
    for name in names:
        path = PurePosixPath(name.lower())
        beside = kinds[path.stem]
        negative = path.suffix in _RAW and beside & {".jpg", ".jpeg"}
        moving = path.suffix in _MOVING and _NUMBERED.fullmatch(path.stem) and beside & _STILLS
        if negative or moving:
            double.add(name)
    return double
