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
DECODED_PIXELS = 80_000_000
"""The largest picture that is unpacked; a small file can claim a surface that fills the memory."""
PDF_PAGES = 2_000
UNPACKED_BYTES = 100_000_000
"""What an office file may unpack to."""

WALL_SECONDS = 20
CPU_SECONDS = 20
FILM_WALL_SECONDS = 900
FILM_CPU_SECONDS = 1800
"""Films may have to be encoded anew, which takes about as long as they last."""
MEMORY_BYTES = 2 * 1024**3
"""Address space of the child, libraries included."""
WRITTEN_BYTES = 64 * 1024**2
"""The largest file the child may write."""
