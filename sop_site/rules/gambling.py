"""Gambling spam in its disguises: one strong phrase is too many, unless the office itself warns of it."""

import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import urlsplit

from sop_site.answers import Finding
from sop_site.rules.inputs import PageInput, Rule
from sop_site.rules.personal_data import strings

_STRONG = re.compile(
    r"\b(?:slot gacor|situs slot|slot ?88|slot deposit|slot online|slot thailand|rtp (?:live|slot)|max ?win|"
    r"scatter (?:hitam|mahjong)|togel|toto (?:macau|slot|hk|sgp)|bandar (?:judi|togel|bola)|"
    r"judi (?:bola|online)|agen judi|sbobet|pragmatic play|mahjong ways|gates of olympus|starlight princess|"
    r"bonanza slot|sweet bonanza|pg soft|habanero slot|link alternatif|bonus new member|"
    r"(?:depo|deposit) (?:dana|pulsa|qris)(?: tanpa potongan)?|free ?bet|mix parlay|parlay|"
    r"[ck]asino online|bandar ?qq|domino ?qq|poker online|akun pro (?:thailand|jepang|kamboja)|"
    r"gampang menang|gacor hari ini|anti rungkad|jp paus)\b"
)
_WARNS = re.compile(
    r"\b(?:bahaya|waspada|hindari|berantas|pemberantasan|cegah|pencegahan|dilarang|larangan|tolak|stop|ancaman|"
    r"dampak|korban|sosialisasi|penertiban|laporkan|melaporkan|tindak|jangan|memerangi|perangi|edukasi)\b"
)
_LEET = str.maketrans(
    {"4": "a", "1": "i", "0": "o", "3": "e", "5": "s", "7": "t", "@": "a", "$": "s", "!": "i"}
)
_SPACED = re.compile(r"\b(?:[a-z][ .*_\-·|]){3,}[a-z]\b")
_LETTER_STARS = re.compile(r"(?<=[a-z])[*._·|~]+(?=[a-z])")
_SENTENCE = re.compile(r"[^.!?\n]+")
_OWN_HOSTS = (".go.id", ".desa.id")
_MOST_IN_A_WARNING = 2


def plain(text: str) -> str:
    """Lower case without disguises: wide letters, zero-width characters, accents, dots between letters."""
    text = unicodedata.normalize("NFKC", text).casefold()
    text = "".join(letter for letter in text if unicodedata.category(letter) != "Cf")
    text = "".join(
        letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter)
    )
    text = _SPACED.sub(lambda found: re.sub(r"[^a-z]", "", found[0]), text)
    return _LETTER_STARS.sub("", text)


def phrases(text: str) -> set[str]:
    """Strong phrases of a text, read as written and with digits read as letters."""
    clean = plain(text)
    variants = {clean, re.sub(r"[a-z0-9@$!]*[a-z][a-z0-9@$!]*", lambda word: word[0].translate(_LEET), clean)}
    return {" ".join(found[0].split()) for variant in variants for found in _STRONG.finditer(variant)}


def nobody_advertises_gambling(page: PageInput) -> Iterator[Finding]:
    """Strong phrases anywhere on the page or in its files."""
    texts = [(page.page.body_line, page.page.body)]
    texts += [(page.head.line(place) or 1, text) for place, text in strings(page.head.values, ())]
    own_links = all(_is_own(link.target) for link in page.outline.links)
    found = {phrase for _, text in texts for phrase in phrases(text)}
    innocent = own_links and len(found) <= _MOST_IN_A_WARNING
    for first_line, text in texts:
        for number, line in enumerate(text.split("\n")):
            for sentence in _SENTENCE.findall(line):
                words = phrases(sentence)
                if words and not (innocent and _WARNS.search(plain(sentence))):
                    yield page.error("gambling-phrase", first_line + number, phrase=min(words))
    folder = page.path.removesuffix("index.md")
    for name, facts in sorted(page.media.items()):
        if words := phrases(facts.text):
            yield Finding("gambling-phrase", "error", f"{folder}{name}", None, {"phrase": min(words)})


def _is_own(target: str) -> bool:
    if target.startswith(("/", "#", "mailto:", "tel:")) or "://" not in target:
        return True
    host = urlsplit(target).hostname or ""
    return f".{host}".endswith(_OWN_HOSTS)


RULES: tuple[Rule, ...] = (nobody_advertises_gambling,)
