"""Gambling spam in its disguises: one strong phrase is too many, unless the office itself warns of it."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from sop_site.answers import Finding
from sop_site.rules.disguises import readable
from sop_site.rules.gambling_words import phrases, weak_words
from sop_site.rules.inputs import PageInput, Rule
from sop_site.rules.personal_data import strings

_ENOUGH_WEAK = 3
_WARNS = re.compile(
    r"\b(?:bahaya\w*|waspada\w*|mewaspadai|hindari|menghindari|jauhi|menjauhi|(?:mem|di|pem)?berantas\w*|cegah|"
    r"mencegah|pencegahan|dilarang|melarang|larangan|tolak|menolak|stop|ancaman|dampak|korban|sosialisasi|"
    r"penertiban|laporkan|melaporkan|tindak|ditindak|penindakan|memerangi|perangi|melawan|edukasi|pidana|"
    r"dipidana|penjara|hukum\w*|sanksi|ilegal|terlarang|merusak|merugikan|kerugian|kecanduan|terjerat|blokir|"
    r"memblokir|diblokir|pemblokiran|imbauan|mengimbau|diimbau|peringatan|memperingatkan|penipuan|"
    r"jangan (?:sampai|pernah|main|bermain|mudah|terjerat|tergiur|percaya|coba|ikut)\w*|"
    r"warn\w*|beware|danger\w*|illegal|avoid|report)\b"
)
# Sentences run on over the end of a line, but not into the next paragraph, heading, list entry or row.
_SENTENCE_END = re.compile(r"[.!?]+(?=\s|\Z)|\n(?=[ \t]*(?:\n|[#>|*+-]|[0-9]{1,3}[.)]))")
_OWN_HOSTS = (".go.id", ".desa.id")
_MOST_IN_A_WARNING = 2


def nobody_advertises_gambling(page: PageInput) -> Iterator[Finding]:
    """Strong phrases anywhere on the page, in its files and in their names."""
    texts: list[tuple[int, str]] = [(page.page.body_line, page.page.body)]
    texts += [(page.head.line(place) or 1, text) for place, text in strings(page.head.values)]
    texts += page.head.comments
    folder = page.path.removesuffix("index.md")
    found = phrases(page.page.body) | phrases("\n".join(text for _, text in texts[1:]))
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
        if words and not (innocent and _WARNS.search(readable(sentence).lower())):
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
    words = weak_words(f"{page.page.title}\n{page.page.summary}\n{page.page.body}")
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
