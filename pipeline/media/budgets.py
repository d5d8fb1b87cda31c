"""How large media may be, at the door and on the site (content model, "Checks → media")."""

PICTURE_LONG_SIDE = 2400
"""Pixels."""
PICTURE_BYTES = 500_000
PDF_BYTES = 5_000_000
VIDEO_BYTES = 20_000_000
FILM_LONG_SIDE = 1280
"""Pixels, where a film has to be encoded anew."""
TEXT_FILE_BYTES = 256 * 1024
"""Captions and drawings (SVG)."""
OFFICE_FILE_BYTES = 5_000_000

READ_BYTES = 200_000_000
"""The largest file that is looked at at all."""
FILES_AT_ONCE = 200
"""Pictures, documents and films in one go; more is a whole archive, and nobody can describe it."""
ENTRIES_AT_ONCE = 10_000
"""Names in folders and archives that are looked at before one gives up."""
FOLDERS_DEEP = 12
BYTES_AT_ONCE = 4_000_000_000
"""All files of one go together, and what archives unpack to."""
ARCHIVE_BYTES = 2_000_000_000
ARCHIVE_INDEX_BYTES = 4_000_000
"""The table of contents of a zip, which has to be read whole."""
DECODED_PIXELS = 80_000_000
"""The largest picture that is unpacked; a small file can claim a surface that fills the memory."""
PDF_PAGES = 2_000
UNPACKED_BYTES = 100_000_000
"""What an office file may unpack to."""

WALL_SECONDS = 20
CPU_SECONDS = 20
STANDSTILL_SECONDS = 20
"""A film that must be encoded anew may take longer, but only while it gets on."""
FILM_WALL_SECONDS = 900
FILM_BYTES_A_SECOND = 10_000
"""So many bytes of a film earn a second more: a small file made to keep us busy gets no more than others."""
OFFICE_SECONDS = 20
"""For LibreOffice; what it made of the file is then cleaned like any other document."""
MEMORY_BYTES = 2 * 1024**3
"""Address space of the child, libraries and what is only reserved included."""
HELD_BYTES = 960 * 1024**2
"""Memory that the child really fills: with its libraries less than 1 GB."""
OFFICE_MEMORY_BYTES = 1024**3
WRITTEN_BYTES = 64 * 1024**2
"""The largest file the child may write."""


def film_seconds(size: int) -> float:
    """How long a film of so many bytes may take while it gets on."""
    return min(FILM_WALL_SECONDS, max(WALL_SECONDS, size / FILM_BYTES_A_SECOND))
