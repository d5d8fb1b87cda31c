"""Media at the door: what comes in is identified by its bytes, cleaned in a confined child, and measured.

    file → clean() ─ child process with limits ─→ Cleaned      (pictures, documents, films …)
    bytes → measure() ─ the same child ─→ facts      (for the checks of a draft)

Source of the budgets: the content model, "Checks → media".
"""

from pipeline.media.cleaned import Cleaned
from pipeline.media.confinement import REFUSALS, clean, measure

__all__ = ["REFUSALS", "Cleaned", "clean", "measure"]
