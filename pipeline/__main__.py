"""``python -m pipeline`` is the same program as ``sop``."""

from pipeline.cli import main

main()
