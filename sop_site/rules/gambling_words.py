"""The vocabulary of gambling spam and how it is found: one pattern for each phrase, in whatever spelling.

A text is first made readable (``disguises``), then reduced to words of letters and digits with one space between
them. In that form every phrase may be cut by a space at any place (``s l o t``, ``ga-cor``, ``t🔥ogel``), a letter may be
doubled (``gacoooor``) and be written as a digit that looks like it (``5l0t``). It must begin and end where words do, or
be so long that no innocent word can hold it (``daftarslotgacor``). Phrases: BSSN's and Kominfo's lists, with the names
of games and operators that appear in injected pages.
"""

import re

from sop_site.rules.disguises import readable

# One alternative in brackets each; a space in a phrase may be absent.
_PHRASES = (
    "slot gacor", "gacor slot", "(situs|agen|bandar|link|daftar|akun|demo|judi|bocoran|rtp) slot",
    "slot (88|77|777|5000|10k|deposit|online|thailand|dana|pulsa|qris|gampang|maxwin|mahjong|zeus)",
    "(rtp|bocoran) live", "rtp gacor", "max win", "scatter (hitam|mahjong|emas)", "togel", "toto (macau|slot|hk|sgp|4d)",
    "bandar (judi|togel|bola)", "(situs|agen) (judi|togel)", "judi (bola|online|slot|togel)", "judol", "sbobet",
    "pragmatic play", "mahjong (ways|wins)", "gates of olympus", "starlight princess", "zeus", "sweet bonanza", "bonanza",
    "pg soft", "habanero", "link alternatif", "bonus new member", "(depo|deposit) (dana|pulsa|qris)", "free bet", "parlay",
    "[ck]asino online", "live [ck]asino", "bandar qq", "domino qq", "poker online", "idn poker",
    "akun pro (thailand|jepang|kamboja)", "gampang menang", "gacor hari ini", "anti rungkad", "jp paus", "joker 123",
    "sabung ayam online", "wild bandito", "(prediksi|keluaran|bocoran) (hk|sgp|sdy)",
)  # fmt: skip
# Long enough that they are what they seem also in the middle of a word.
_ANYWHERE = re.compile(
    r"slotgacor|gacorslot|situsslot|slotonline|judionline|judibola|bandartogel|totomacau|sbobet|pragmaticplay|"
    r"mahjongways|gatesofolympus|starlightprincess|sweetbonanza|bandarqq|dominoqq|casinoonline|kasinoonline|"
    r"pokeronline|rtplive|rtpslot|scatterhitam|slotdeposit|akunprokamboja|akunprothailand"
)
_LOOKS_LIKE = {
    "a": "a4", "b": "b8", "e": "e3", "g": "g69", "i": "i1l", "l": "l1i", "o": "o0", "s": "s5", "t": "t7", "z": "z2",
    "c": "ck", "k": "kc",
}  # fmt: skip
# Signs that stand for letters within a word, by the digits that do so too.
_SIGNS = str.maketrans("@$!€", "4513")
_LINK = re.compile(r"\]\(([^()\s]{0,300})\)")
_NOT_A_WORD = re.compile(r"[^a-z0-9]+")
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
            made.append(f"{f'[{alike}]' if len(alike) > 1 else alike}+ ?")
    return "".join(made)


def _beginning(phrase: str) -> set[str]:
    """The letters with which a phrase can begin."""
    first = phrase.replace("[ck]", "c")
    heads = first[1 : first.index(")")].split("|") if first.startswith("(") else [first]
    return {head[0] for head in heads}


def _compiled() -> re.Pattern[str]:
    # Phrases of one first letter stand together behind it: most words are left after one look.
    by_letter: dict[str, list[str]] = {}
    for phrase in _PHRASES:
        for letter in _beginning(phrase):
            by_letter.setdefault(letter, []).append(_pattern(phrase))
    groups = []
    for letter, patterns in sorted(by_letter.items()):
        groups.append(f"(?=[{_LOOKS_LIKE.get(letter, letter)}])(?:{'|'.join(patterns)})")
    return re.compile(rf"(?<![a-z0-9])(?:{'|'.join(groups)})(?:[0-9]+d? ?)?(?<=[a-z0-9 ])(?:(?<= )|(?![a-z0-9]))")


_STRONG = _compiled()


def words(text: str) -> str:
    """The words of a text, small, with one space between them."""
    if "](" in text:
        # What is shown comes in one piece, where its links lead comes behind it.
        text = "\n".join([_LINK.sub("]", text), *_LINK.findall(text)])
    return _NOT_A_WORD.sub(" ", readable(text).lower().translate(_SIGNS))


def phrases(text: str) -> set[str]:
    """Strong phrases of a text, whichever way they are disguised."""
    clean = words(text)
    found = set()
    for match in _STRONG.finditer(clean):
        phrase = match[0].strip()
        if sum(map(str.isalpha, phrase)) >= _FEWEST_LETTERS:
            found.add(phrase)
    found |= {match[0] for match in _ANYWHERE.finditer(clean)}
    return found


def weak_words(text: str) -> set[str]:
    """Words of the trade that are harmless alone."""
    return set(_WEAK.findall(words(text)))
