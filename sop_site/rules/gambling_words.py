"""The vocabulary of gambling spam and how it is found: one pattern for each phrase, in whatever spelling.

A text is first made readable (``disguises``), then reduced to words of letters and digits with one space
between
them. In that form every phrase may be cut by a space at any place (``s l o t``, ``ga-cor``, ``t🔥ogel``), a
letter may be
doubled (``gacoooor``) and be written as a digit that looks like it (``5l0t``). It must begin and end where
words do, or
be so long that no innocent word can hold it (``daftarslotgacor``). Phrases: BSSN's and Kominfo's lists,
with the names
of games and operators that appear in injected pages.
"""

import re

from sop_site.rules.disguises import readable

# One alternative in brackets each; a space in a phrase may be absent.
_PHRASES = (
    "slot gacor", "gacor slot", "(situs|agen|bandar|link|daftar|akun|demo|judi|bocoran|rtp) slot",
    "slot (88|77|777|5000|10k|deposit|online|thailand|dana|pulsa|qris|gampang|maxwin|mahjong|zeus)",
    "(rtp|bocoran) live", "rtp gacor", "max win", "scatter (hitam|mahjong|emas)", "togel",
    "toto (macau|slot|hk|sgp|4d)",
    "bandar (judi|togel|bola)", "(situs|agen) (judi|togel)", "judi (bola|online|slot|togel)", "judol",
    "sbobet",
    "pragmatic play", "mahjong (ways|wins)", "gates of olympus", "starlight princess", "zeus",
    "sweet bonanza", "bonanza",
    "pg soft", "habanero", "link alternatif", "bonus new member", "(depo|deposit) (dana|pulsa|qris)",
    "free bet", "parlay", "mix parlay",
    "[ck]asino online", "live [ck]asino", "bandar qq", "domino qq", "poker online", "idn poker",
    "akun pro (thailand|jepang|kamboja)", "gampang menang", "gacor hari ini", "anti rungkad", "jp paus",
    "joker 123",
    "sabung ayam online", "wild bandito", "(prediksi|keluaran|bocoran) (hk|sgp|sdy)",
)  # fmt: skip
# Long enough that they are what they seem also in the middle of a word.
_ANYWHERE = (
    "slotgacor", "gacorslot", "situsslot", "slotonline", "judionline", "judibola", "bandartogel",
    "totomacau", "sbobet",
    "pragmaticplay", "mahjongways", "gatesofolympus", "starlightprincess", "sweetbonanza", "bandarqq",
    "dominoqq",
    "casinoonline", "kasinoonline", "pokeronline", "rtplive", "rtpslot", "scatterhitam", "slotdeposit",
)  # fmt: skip
_LOOKS_LIKE = {
    "a": "a4", "b": "b8", "e": "e3", "g": "g69", "i": "i1l", "l": "l1i", "o": "o0", "s": "s5", "t": "t7",
    "z": "z2",
    "c": "ck", "k": "kc",
}  # fmt: skip
# Signs that stand for letters within a word, by the digits that do so too.
_SIGNS = {"@": "4", "$": "5", "!": "1", "€": "3"}
# "s|ot", but no cell of a table.
_BAR = re.compile(r"(?<![A-Za-z0-9])([A-Za-z])\|(?=[A-Za-z]{2})")
_LINK = re.compile(r"\]\(([^()\s]{0,300})\)")
_WEAK = re.compile(r"\b(?:slot|bet|jackpot|gacor|hoki|[ck]asino|judi|poker|taruhan|jp)\b")
_FEWEST_LETTERS = 2


def _pattern(phrase: str) -> str:
    """A phrase as a pattern: any letter doubled, alike or followed by a space; alternatives stay."""
    made = []
    for letter in phrase.replace("[ck]", "c"):
        if letter == " " or letter in "(|)":
            made.append({" ": "", "(": "(?:"}.get(letter, letter))
        else:
            alike = _LOOKS_LIKE.get(letter, letter)
            made.append(f"{f'[{alike}]' if len(alike) > 1 else alike}{{1,9}} ?")
    return "".join(made)


def _heads(phrase: str) -> list[str]:
    """The words with which a phrase can begin."""
    first = phrase.replace("[ck]", "c")
    return first[1 : first.index(")")].split("|") if first.startswith("(") else [first]


class _Words(dict[int, str]):
    """For ``str.translate``: letters and digits stay, some signs are letters, everything else parts words."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        kept = letter if letter.isascii() and letter.isalnum() else _SIGNS.get(letter, " ")
        self[code] = kept
        return kept


_WORDS = _Words()
# Nearly all words are left after a look at their first two letters, and the rest after those of one letter.
_TWO_LETTERS = {_pattern(head[:2]).removesuffix(" ?") for phrase in _PHRASES for head in _heads(phrase)}
_BEGINNINGS = re.compile(f" (?={'|'.join(sorted(_TWO_LETTERS))})")


def _by_first_sign() -> dict[str, re.Pattern[str]]:
    """For each letter or digit the phrases that may begin with it."""
    found: dict[str, list[str]] = {}
    for phrase in _PHRASES:
        signs = "".join(_LOOKS_LIKE.get(head[0], head[0]) for head in _heads(phrase))
        for sign in dict.fromkeys(signs):
            found.setdefault(sign, []).append(_pattern(phrase))
    end = "(?:[0-9]+d? ?)?(?:(?<= )|(?![a-z0-9]))"
    return {sign: re.compile(f"(?:{'|'.join(patterns)}){end}") for sign, patterns in found.items()}


_STRONG = _by_first_sign()


def words(text: str) -> str:
    """The words of a text, small, with one space between them."""
    text = readable(text)
    if "](" in text:
        # What is shown comes in one piece, where its links lead comes behind it.
        text = "\n".join([_LINK.sub("]", text), *_LINK.findall(text)])
    if "|" in text:
        text = _BAR.sub(r"\1l", text)
    return f" {' '.join(text.lower().translate(_WORDS).split())} "


def phrases(text: str) -> set[str]:
    """Strong phrases of a text, whichever way they are disguised."""
    clean = words(text)
    found = set()
    for begin in _BEGINNINGS.finditer(clean):
        match = _STRONG[clean[begin.end()]].match(clean, begin.end())
        if match and sum(map(str.isalpha, match[0])) >= _FEWEST_LETTERS:
            found.add(match[0].strip())
    return found | {word for word in _ANYWHERE if word in clean}


def weak_words(text: str) -> set[str]:
    """Words of the trade that are harmless alone."""
    return set(_WEAK.findall(words(text)))
