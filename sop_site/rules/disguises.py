"""What a text says to whoever looks at it: one reading without disguises, the same number of lines.

A reader of the page sees neither zero-width characters nor which alphabet a letter comes from, and takes
``５１０８``, ``&#53;108``, ``5108**0628**`` and ``51O8`` for the same digits. So the rules read what he sees.
What is
undone, in this order: entities and percent escapes, writing from right to left, everything beside ASCII
(compatibility forms, accents, other scripts' digits, lookalike letters, invisible characters), inline markup
between two characters, and the letters O, l and I among digits. Each step runs once over the text.
"""

import html
import re
import unicodedata
from functools import lru_cache
from urllib.parse import unquote

_ENTITY = re.compile(r"&#?[0-9A-Za-z]{1,32};?")
_PERCENT = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
_BACKWARDS = re.compile("\u202e([^\u202c\n]*)")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f]")
_TAG = re.compile(
    r"</?(?:b|i|u|s|em|strong|span|font|wbr|br|sub|sup|small|big|code|mark|del|ins)\b[^<>\n@:0-9]{0,80}>|"
    r"<!--[^<>\n0-9]{0,80}-->",
    re.I,
)
_MARKS = re.compile(r"[*_`\\~]+")
_BESIDE_MARKS = frozenset("0123456789 .-@")
_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
# "51O8", "OOO1", "I276", but no word and no "10l" of water.
_MIXED = re.compile(
    r"(?<![A-Za-z0-9])(?=[0-9OoIl]{3,24}(?![A-Za-z0-9]))(?=[OoIl]{0,3}[0-9])[0-9OoIl]*[OoIl][0-9OoIl]*"
)
_MAYBE_MIXED = re.compile(r"[0-9][OoIl]|[OoIl][0-9]")
# A link in the midst of a number or word: what is shown stays together, the address comes behind it.
_LINK_OPENS = re.compile(r"(?<=[0-9A-Za-z])\[(?=[0-9A-Za-z])")
_LINK_CLOSES = re.compile(r"\]\(([^()\s]{0,300})\)([0-9A-Za-z@.\-]{1,30})")
_SPACED = re.compile(r"(?<![A-Za-z0-9])(?:[A-Za-z] ){3,30}[A-Za-z](?![A-Za-z0-9])")
_MAYBE_SPACED = re.compile(r" [A-Za-z] [A-Za-z] [A-Za-z]")
_LETTER_DIGITS = str.maketrans("OoIl", "0011")
# Letters of other alphabets and of phonetics that look like Latin ones, a line for each Latin letter.
_LOOKALIKES = {
    "a": "аαɑᴀɐаӑӓ", "b": "ЬвʙɓƄβ", "c": "сϲᴄⅽс", "d": "ԁɗᴅⅾժ", "e": "еєҽᴇɛεэёӗ", "f": "ꜰƒ", "g": "ɡԍɢցɠ",
    "h": "һʜհн", "i": "іɪιıїӏӀ", "j": "јᴊʝյ", "k": "κкᴋқ", "l": "ⅼʟɫł", "m": "мᴍⅿ", "n": "пηɴոո",
    "o": "оοᴏօσөơøⲟ",
    "p": "рρᴘ", "q": "ԛգ", "r": "гʀɾᴦ", "s": "ѕꜱʂ", "t": "тτᴛŧ", "u": "υսᴜʋ", "v": "νѵᴠⅴ", "w": "ѡωᴡԝ",
    "x": "хχⅹ", "y": "уүγʏ", "z": "ᴢʐ",
    "A": "АΑ", "B": "ВΒ", "C": "СϹ", "D": "Ꭰ", "E": "ЕΕ", "F": "Ϝ", "G": "Ԍ", "H": "НΗ", "I": "ІΙ",
    "J": "Ј", "K": "КΚ",
    "L": "Ⅼ", "M": "МΜ", "N": "Ν", "O": "ОΟ", "P": "РΡ", "R": "Ꭱ", "S": "Ѕ", "T": "ТΤ", "U": "Ս", "V": "Ѵ",
    "W": "Ԝ",
    "X": "ХΧ", "Y": "ҮΥУ", "Z": "Ζ",
}  # fmt: skip
_LATIN = {ord(like): latin for latin, row in _LOOKALIKES.items() for like in row}
_LATIN[ord("И")] = _LATIN[ord("и")] = "N"
# Dots and blanks that Unicode does not class as such.
_LATIN |= dict.fromkeys(map(ord, "·•∙⋅‧․。・"), ".")
_LATIN |= dict.fromkeys(map(ord, "\u2800\u3164\u115f\u1160\uffa0"), " ")
_LATIN |= {0x2044: "/", 0x2215: "/", 0x2212: "-", 0xFFFE: "", 0xFFFD: ""}
# Letters in boxes and circles, and those of which flags are made: no compatibility form leads back to them.
for _first in (0x1F150, 0x1F170, 0x1F1E6):
    _LATIN |= {_first + place: chr(65 + place) for place in range(26)}


class _Plain(dict[int, str]):
    """For ``str.translate``: what each character looks like, found out when it is first met."""

    def __missing__(self, code: int) -> str:
        found = self[code] = _plain(chr(code))
        return found


def _plain(letter: str) -> str:
    if letter.isascii():
        return letter
    if (latin := _LATIN.get(ord(letter))) is not None:
        return latin
    category = unicodedata.category(letter)
    if category in ("Cf", "Mn", "Me", "Cc"):
        return ""
    if (digit := unicodedata.digit(letter, None)) is not None:
        return str(digit)
    if category == "Pd":
        return "-"
    if category.startswith("Z"):
        return " "
    parts = unicodedata.normalize("NFKD", letter).replace("\n", " ")
    if parts == letter:
        return letter
    return "".join(_plain(part) for part in parts)


_SHOWN = _Plain()


@lru_cache(maxsize=4)
def readable(text: str) -> str:
    """A text without disguises, line by line the same: what stands on line 7 stands there still.

    Several rules ask for the same page's, one after another: the last few are remembered.
    """
    if "&" in text:
        text = _ENTITY.sub(lambda found: html.unescape(found[0]).replace("\n", " "), text)
    if "%" in text:
        text = _PERCENT.sub(lambda found: unquote(found[0]).replace("\n", " "), text)
    if not text.isascii():
        if "\u202e" in text:
            text = _BACKWARDS.sub(lambda found: found[1][::-1], text)
        text = text.translate(_SHOWN)
    if _CONTROL.search(text):
        text = _CONTROL.sub("", text.replace("\r", " "))
    if "<" in text:
        text = _TAG.sub("", text)
    if _MARKS.search(text):
        text = _MARKS.sub(_without_marks, text)
    if "](" in text:
        text = _LINK_CLOSES.sub(r"\2 (\1)", _LINK_OPENS.sub("", text))
    if _MAYBE_SPACED.search(text):
        text = _SPACED.sub(lambda found: found[0].replace(" ", ""), text)
    if _MAYBE_MIXED.search(text):
        text = _MIXED.sub(lambda found: found[0].translate(_LETTER_DIGITS), text)
    return text


def _without_marks(found: re.Match[str]) -> str:
    """Nothing, where emphasis stands within a number, a word or an address; else what stands there."""
    text, start, end = found.string, found.start(), found.end()
    before, after = text[start - 1 : start] or "\n", text[end : end + 1] or "\n"
    if before in _BESIDE_MARKS:
        return "" if after in _BESIDE_MARKS or after in _LETTERS else found[0]
    # "tgl_lahir" stays two words; "ga**cor**" is one.
    within = before in _LETTERS and (after in _BESIDE_MARKS or after in _LETTERS) and after != " "
    return "" if within and "_" not in found[0] else found[0]
