"""Pelican settings for publication: the same as for any build, into an output that starts empty."""

import runpy
from pathlib import Path

globals().update(runpy.run_path(str(Path(__file__).with_name("pelicanconf.py"))))

DELETE_OUTPUT_DIRECTORY = True
