"""Gambling spam in its disguises: one strong phrase is too many, unless the office itself warns of it."""

import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import urlsplit

from sop_site.answers import Finding
from sop_site.rules.inputs import PageInput, Rule
from sop_site.rules.personal_data import strings

_PHRASES = (
    r"slot gacor|situs slot|slot ?88|slot deposit|slot online|slot thailand|slot dana|agen slot|bandar slot|"
    r"rtp (?:live|slot)|max ?win|scatter (?:hitam|mahjong)|togel|toto (?:macau|slot|hk|sgp)|totomacau|"
    r"bandar (?:judi|togel|bola)|(?:situs|agen) judi|judi (?:bola|online|slot)|judol|sbobet|pragmatic play|"
    r"mahjong ways|gates of olympus|starlight princess|zeus|(?:sweet )?bonanza|pg ?soft|habanero|"
    r"link alternatif|bonus new member|(?:depo|deposit) (?:dana|pulsa|qris)(?: tanpa potongan)?|free ?bet|"
    r"(?:mix )?parlay|[ck]asino online|bandar ?qq|domino ?qq|poker online|"
    r"akun pro (?:thailand|jepang|kamboja)|gampang menang|gacor hari ini|anti rungkad|jp paus"
)
# Also written as one word, and with a lucky number behind it.
_STRONG = re.compile(rf"\b(?:{_PHRASES})[0-9]{{0,4}}\b".replace(" ", " ?"))
_WEAK = re.compile(r"\b(?:slot|bet|jackpot|gacor|hoki|[ck]asino|judi|poker|taruhan|jp)\b")
_ENOUGH_WEAK = 3
_HINT = re.compile(
    r"slot|rtp|max ?win|scatter|togel|toto|bandar|judi|judol|sbobet|pragmatic|mahjong|olympus|princess|zeus|"
    r"bonanza|pg ?soft|habanero|alternatif|bonus|depo|bet\b|parlay|asino|qq|poker|akun|menang|gacor|rungkad|"
    r"\bjp\b|hoki|jackpot|taruhan"
)
_WARNS = re.compile(
    r"\b(?:bahaya\w*|waspada\w*|mewaspadai|hindari|menghindari|jauhi|menjauhi|(?:mem|di|pem)?berantas\w*|cegah|"
    r"mencegah|pencegahan|dilarang|melarang|larangan|tolak|menolak|stop|ancaman|dampak|korban|sosialisasi|"
    r"penertiban|laporkan|melaporkan|tindak|ditindak|penindakan|memerangi|perangi|melawan|edukasi|pidana|"
    r"dipidana|penjara|hukum\w*|sanksi|ilegal|terlarang|merusak|merugikan|kerugian|kecanduan|terjerat|blokir|"
    r"memblokir|diblokir|pemblokiran|imbauan|mengimbau|diimbau|peringatan|memperingatkan|penipuan|"
    r"jangan (?:sampai|pernah|main|bermain|mudah|terjerat|tergiur|percaya|coba|ikut)\w*|"
    r"warn\w*|beware|danger\w*|illegal|avoid|report)\b"
)
_LEET = str.maketrans("410357@$!", "aioestasi")
# Letters of other alphabets that look like Latin ones.
_LOOKALIKES = str.maketrans("асеорхуіјѕкмтвнԁɡοαερτνκιω", "aceopxyijskmtbhdgoaeptvkiw")
_SPACED = re.compile(r"\b(?:[a-z0-9][ .*_\-·|~]){2,}[a-z0-9]\b")
_INSIDE = re.compile(r"(?<=[a-z0-9])[*._·|~\-]+(?=[a-z0-9])")
# Begun at a word's start only: a row of digits must not be tried again from every digit.
_MIXED = re.compile(r"(?<![a-z0-9@$!])(?:[a-z]+[0-9@$!]|[0-9@$!]+[a-z])[a-z0-9@$!]*")
_EMPHASIS = re.compile(r"[*_~`]+")
# Sentences run on over the end of a line, but not into the next paragraph, heading, list entry or row.
_SENTENCE_END = re.compile(r"[.!?]+(?=\s|\Z)|\n(?=[ \t]*(?:\n|[#>|*+-]|[0-9]{1,3}[.)]))")
_OWN_HOSTS = (".go.id", ".desa.id")
_MOST_IN_A_WARNING = 2


def plain(text: str) -> str:
    """Lower case without disguises: wide letters, zero-width characters, accents, lookalikes."""
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize("NFKD", text).casefold()
    hidden = {ord(letter): "" for letter in set(text) if unicodedata.category(letter) in ("Cf", "Mn")}
    return text.translate(hidden).translate(_LOOKALIKES)


def phrases(text: str) -> set[str]:
    """Strong phrases of a text, whichever way it is disguised."""
    return {" ".join(found[0].split()) for form in _forms(text) for found in _STRONG.finditer(form)}


def _forms(text: str) -> list[str]:
    """The text as written, with digits as letters, and both without marks between letters."""
    clean = " ".join(plain(text).split())
    undone = _SPACED.sub(lambda found: re.sub(r"[^a-z0-9]", "", found[0]), clean)
    bare = _EMPHASIS.sub("", undone)
    candidates = {clean, undone, bare, _INSIDE.sub("", undone), _INSIDE.sub(" ", bare)}
    lettered = {_MIXED.sub(lambda word: word[0].translate(_LEET), form) for form in candidates}
    return [form for form in candidates | lettered if _HINT.search(form)]


def nobody_advertises_gambling(page: PageInput) -> Iterator[Finding]:
    """Strong phrases anywhere on the page, in its files and in their names."""
    texts: list[tuple[int, str]] = [(page.page.body_line, page.page.body)]
    texts += [(page.head.line(place) or 1, text) for place, text in strings(page.head.values)]
    folder = page.path.removesuffix("index.md")
    found = phrases("\n".join(text for _, text in texts))
    innocent = len(found) <= _MOST_IN_A_WARNING and not any(
        is_foreign(link.target) for link in page.outline.links
    )
    if found:
        for first_line, text in texts:
            for line, phrase in _advertisements(text, innocent=innocent):
                yield page.error("gambling-phrase", first_line + line, phrase=phrase)
    for name, facts in sorted(page.media.items()):
        for text in (facts.text, name.replace("-", " ")):
            for _, phrase in _advertisements(text, innocent=innocent):
                yield Finding("gambling-phrase", "error", f"{folder}{name}", None, {"phrase": phrase})
    for _, phrase in _advertisements(folder.replace("-", " ").replace("/", ". "), innocent=innocent):
        yield page.error("gambling-phrase", None, phrase=phrase)


def _advertisements(text: str, *, innocent: bool) -> Iterator[tuple[int, str]]:
    """Line and phrase of each sentence that does not warn; ``innocent`` says whether a warning may stand."""
    everything = phrases(text)
    if not everything:
        return
    told, line, start = set(), 0, 0
    for end in (*(found.end() for found in _SENTENCE_END.finditer(text)), len(text)):
        sentence = text[start:end]
        words = phrases(sentence)
        told |= words
        if words and not (innocent and _WARNS.search(plain(sentence))):
            indent = len(sentence) - len(sentence.lstrip())
            yield line + sentence.count("\n", 0, indent), min(words)
        line, start = line + sentence.count("\n"), end
    # What runs over the end of a sentence is no sentence that warns.
    if left := everything - told:
        yield 0, min(left)


def weak_words_do_not_advertise_a_foreign_site(page: PageInput) -> Iterator[Finding]:
    """Several words of the trade, each harmless alone, beside a link to somewhere else."""
    foreign = [link for link in page.outline.links if is_foreign(link.target)]
    if not foreign:
        return
    words = {
        found[0]
        for text in (page.page.title, page.page.summary, page.page.body)
        for form in _forms(text)
        for found in _WEAK.finditer(form)
    }
    if len(words) >= _ENOUGH_WEAK:
        line = page.line_of(f"]({foreign[0].target}")
        yield page.error("gambling-words", line, words=", ".join(sorted(words)[:5]))


def is_foreign(target: str) -> bool:
    """Whether a link leads out of the public administration's sites."""
    if target.startswith("//"):
        target = f"https:{target}"
    if "://" not in target:
        return False
    try:
        host = (urlsplit(target).hostname or "").rstrip(".")
    except ValueError:
        return True
    return not f".{host}".endswith(_OWN_HOSTS)


RULES: tuple[Rule, ...] = (nobody_advertises_gambling, weak_words_do_not_advertise_a_foreign_site)
