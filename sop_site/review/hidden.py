"""Characters that cannot be seen, or that turn the direction of writing, made visible."""

import unicodedata

_HIDDEN = ("Cc", "Cf", "Cs")


def visible(text: str) -> str:
    """``text`` with control, bidirectional and zero-width characters shown as ``⟨U+202E⟩``.

    A draft is written by others; what the head reads must be what the public would get.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        f"⟨U+{ord(letter):04X}⟩" if unicodedata.category(letter) in _HIDDEN and letter != "\t" else letter
        for letter in text
    )


def visible_lines(text: str) -> str:
    """The same for a text of several lines, which stay lines."""
    return "\n".join(visible(line) for line in text.split("\n"))
