"""What one component of a path may be called, so that it means the same everywhere (protocol §5)."""

import re
import unicodedata
from functools import lru_cache

COMPONENT_BYTES = 255
_FORBIDDEN = frozenset('\\:*?"<>|')
_ORDINARY = re.compile(rb"(?=.{1,%d}\Z)[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*" % COMPONENT_BYTES)
"""What nearly every name is; of the rules only that of reserved names can touch it."""
# Characters that take no room though Unicode does not call them format characters, and the numbers that it
# keeps free for more of them (Default_Ignorable_Code_Point).
_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2065\u3164\ufe00-\ufe0f\uffa0\ufff0-\ufff8\U000e0000-\U000e0fff]"
)
_UNSEEN_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_OF_GIT = re.compile(
    r"\.git|git~[0-9]+|\.gitmodules|\.gitattributes|gitmod~[0-9]+|gitatt~[0-9]+|gi7eba~[0-9]+|gi7d29~[0-9]+"
)
_OF_WINDOWS = re.compile(r"con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³]")


@lru_cache(maxsize=400_000)
def folded(name: bytes) -> str:
    """The form in which two names are compared: NFC after case folding."""
    return unicodedata.normalize("NFC", name.decode("utf-8", "replace").casefold())


@lru_cache(maxsize=400_000)
def problem(name: bytes) -> str | None:
    """Why a component is refused, in a few English words, or ``None``."""
    if _ORDINARY.fullmatch(name):
        return _reserved(folded(name))
    try:
        text = name.decode("utf-8")
    except UnicodeDecodeError:
        return "a name is not UTF-8"
    if len(name) > COMPONENT_BYTES:
        return f"a name is longer than {COMPONENT_BYTES} bytes"
    if not unicodedata.is_normalized("NFC", text):
        return "a name is not NFC"
    if _UNSEEN.search(text) or any(unicodedata.category(letter) in _UNSEEN_CATEGORIES for letter in text):
        return "a name holds a control, bidirectional or zero-width character"
    if _FORBIDDEN & set(text):
        return 'a name holds one of \\ : * ? " < > |'
    if text != text.strip() or text.endswith("."):
        return "a name begins or ends with a space, or ends with a dot"
    return _reserved(folded(name))


def _reserved(text: str) -> str | None:
    if _OF_GIT.fullmatch(text):
        return "a name that means something to git"
    # "NUL.txt" and "nul .txt" are the device as well.
    if _OF_WINDOWS.fullmatch(text.partition(".")[0].rstrip()):
        return "a name that Windows reserves"
    return None
