"""Signs that strangers planted gambling advertisements in a page that should speak for a government.

A single weak word proves nothing (an office also warns of gambling): only several different strong phrases,
or one beside a hidden element, count.
"""

import re
import unicodedata

_STRONG = (
    "slot gacor", "situs slot", "slot88", "slot deposit", "rtp live", "rtp slot", "maxwin", "scatter hitam",
    "togel", "toto macau", "toto slot", "bandar judi", "sbobet", "pragmatic play", "mahjong ways",
    "gates of olympus", "starlight princess", "link alternatif", "bonus new member", "freebet",
    "casino online", "bandarqq", "dominoqq", "poker online", "akun pro thailand", "gampang menang",
    "anti rungkad",
)  # fmt: skip
_LEET = str.maketrans("410357", "aioest")
_INVISIBLE = dict.fromkeys([0x00AD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF])
_SPREAD = re.compile(r"\b(?:\w[ .*_\-]){3,}\w\b")
_TAG = re.compile(r"<[^>]*>")
_HIDDEN = re.compile(
    r"display\s*:\s*none|font-size\s*:\s*[01](?:px)?\s*[;\"']|text-indent\s*:\s*-\d{3,}|left\s*:\s*-\d{3,}px",
    re.IGNORECASE,
)
ENOUGH = 3
"""So many different strong phrases, a hidden element counting as two, are an alarm."""


def score(html: str) -> int:
    """How many signs of planted gambling advertisements a page's source holds."""
    text = unicodedata.normalize("NFKC", _TAG.sub(" ", html)).translate(_INVISIBLE).casefold()
    text = _SPREAD.sub(lambda found: re.sub(r"[ .*_\-]", "", found[0]), text)
    readings = [re.sub(r"\s+", " ", reading) for reading in (text, text.translate(_LEET))]
    found = sum(
        any(re.search(rf"\b{re.escape(phrase)}\b", reading) for reading in readings) for phrase in _STRONG
    )
    return found + (2 if found and _HIDDEN.search(html) else 0)


def suspicious(html: str) -> bool:
    """Whether a person has to look at this page now."""
    return score(html) >= ENOUGH
