"""TOML that strangers may have written: read in time and memory that its length bounds.

``tomllib`` keeps every beginning of a dotted key: a key of 100,000 parts, which fits in a small file, would
take it 40 GB. No file of an office needs keys of more than a few parts.
"""

import re
import tomllib
from typing import Any

_PARTS = 16
"""Parts of the longest key that is read."""
# What is no key though dots may stand in it. A string that never ends reaches to where TOML gives up.
_NO_KEY = re.compile(
    r'"""(?:[^\\"]|\\.|"{1,2}(?!"))*+(?:"{3,5}|\Z)?'
    r"|'''(?:[^']|'{1,2}(?!'))*+(?:'{3,5}|\Z)?"
    r'|"(?:[^"\\\n]|\\.)*+"?'
    r"|'[^'\n]*+'?"
    r"|#[^\n]*+",
    re.DOTALL,
)
_BETWEEN_KEYS = re.compile(r"[\n=,\[\]{}]")


def loads(text: str) -> dict[str, Any]:
    """The table in ``text``; ``ValueError`` or ``RecursionError`` where it is none."""
    if any(part.count(".") >= _PARTS for part in _BETWEEN_KEYS.split(_NO_KEY.sub("_", text))):
        raise ValueError(f"a key of more than {_PARTS} parts")
    return tomllib.loads(text)
