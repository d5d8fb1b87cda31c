"""Language (warnings): the page's own, Indonesian dates and amounts, names as the office spells them."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from sop_site.answers import Finding
from sop_site.rules.inputs import PageInput, Rule
from sop_site.settings import UNFILLED, Settings

_MONTHS = (
    "Januari|Februari|Maret|April|Mei|Juni|Juli|Agustus|September|Oktober|November|Desember|"
    "January|February|March|May|June|July|August|October|December"
)
# Each says what is not Indonesian about it; a date by numbers alone is left alone where it can be either.
_FORMS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "language-date",
        re.compile(
            r"\b(?:January|February|March|June|July|August|October|December|Pebruari|Nopember)\b|"
            r"\b[0-9]{1,2} May [0-9]{4}\b|"
            rf"\b(?:{_MONTHS}) [0-9]{{1,2}}(?:st|nd|rd|th)?, ?[0-9]{{4}}\b|"
            r"\b[01]?[0-9]/(?:1[3-9]|2[0-9]|3[01])/20[0-9]{2}\b|\b[0-9]{1,2}(?:st|nd|rd|th)\b"
        ),
    ),
    ("language-time", re.compile(r"\b[0-9]{1,2}(?:[:.][0-9]{2})? ?[ap]\.?m\b\.?", re.I)),
    ("language-amount", re.compile(r"\b(?:Rp|IDR)\.?\s?[0-9]{1,3}(?:,[0-9]{3})+\b|\bIDR\s?[0-9]+\b")),
    (
        "language-number",
        re.compile(
            r"(?<![\w.,])[0-9]{1,3}(?:,[0-9]{3}){2,}\b|(?<![\w.,])[0-9]+\.(?:[0-9]{1,2})\s?(?:%|persen\b)"
        ),
    ),
)
# The commonest words that one of the three languages has and the other two have not.
_COMMON: dict[str, re.Pattern[str]] = {
    "id": re.compile(
        r"\b(?:yang|dan|untuk|dengan|dari|pada|adalah|atau|akan|oleh|dapat|tidak|ini|itu|kepada|dalam|sebagai|"
        r"telah|bagi|harus|serta|juga|secara)\b",
        re.I,
    ),
    "en": re.compile(
        r"\b(?:the|and|of|to|for|with|this|from|is|are|you|at|will|can|your|must|be|by|that|have|has|not)\b",
        re.I,
    ),
    "ban": re.compile(
        r"\b(?:ring|sane|sané|puniki|punika|miwah|antuk|nenten|olih|wenten|majeng|saking|indik|mangda|titiang|"
        r"ipun|taler|sampun|pacang|lan|sareng|tur|rauh)\b",
        re.I,
    ),
}
_ENOUGH = 12
_TIMES_AS_MANY = 2
# What is no running text: code, addresses, targets of links.
_NO_PROSE = re.compile(r"`[^`\n]*`|\]\([^)\s]*\)|https?://\S+")
_NAMED = re.compile(r"\b(?:Kecamatan|Kelurahan|Desa|Kabupaten)((?:\s+[A-Z][A-Za-z'’]+){1,3})")
_PARTS = re.compile(r"\b(?:Seksi|Subbagian|Sub Bagian)((?:\s+[A-Z][A-Za-z'’]+){1,4})")
_CAPITALS = re.compile(r"[A-Z][a-z'’]+(?:[ -][A-Z][a-z'’]+)*")
_WORD = re.compile(r"[A-Za-z'’]{5,}")
_LONG_NAME = 8
"""Letters from which on a village's name is taken for one wherever it stands."""
_MOST_WORDS = 3
_OTHER_KIND = {"Desa": "Kelurahan", "Kelurahan": "Desa"}


def dates_and_numbers_are_indonesian(page: PageInput) -> Iterator[Finding]:
    """``5 Januari 2026``, ``pukul 15.00``, ``Rp10.000``, ``12,5%``."""
    if page.page.lang != "id":
        return
    for line, text in _texts(page):
        for code, pattern in _FORMS:
            for found in pattern.finditer(text):
                yield page.warning(code, _line(page, line, text, found.start()), text=found[0])


def text_is_in_its_language(page: PageInput) -> Iterator[Finding]:
    """The commonest words tell the three languages apart; short texts are left alone."""
    prose = _NO_PROSE.sub(" ", page.page.body)
    counts = {lang: len(pattern.findall(prose)) for lang, pattern in _COMMON.items()}
    own = counts.pop(page.page.lang)
    most = max(counts.values())
    if most >= _ENOUGH and most > _TIMES_AS_MANY * own:
        yield page.warning("language-other", page.head.line(("lang",)) or 1, lang=page.page.lang)


def names_are_spelled_as_in_the_settings(page: PageInput) -> Iterator[Finding]:
    """A word that misses one of the office's own names by a letter or two is probably meant to be it."""
    settings = page.around.settings
    known, officials = _places(settings), _officials(settings)
    units = _words(*(entry.name for entry in settings.unit))
    told: set[str] = set()
    for line, text in _texts(page):
        for pattern, names in ((_NAMED, known), (_PARTS, units)):
            for found in pattern.finditer(text):
                for word in found[1].split():
                    yield from _misspelled(page, word, names, told, line, text, found.start(1))
        if officials:
            for found in _WORD.finditer(text):
                if found[0][0].isupper():
                    yield from _misspelled(page, found[0], officials, told, line, text, found.start())


def villages_are_written_as_in_the_settings(page: PageInput) -> Iterator[Finding]:
    """Words run together or torn apart (“Baktiseraga”); a village of the other kind (“Desa Banyuning”)."""
    villages = _villages(tuple(entry.name for entry in page.around.settings.village))
    told: set[str] = set()
    for line, text in _texts(page):
        # Most texts name no village at all, which is quickly seen.
        letters = _joined(text)
        if not any(name in letters for name in villages):
            continue
        for run in _CAPITALS.finditer(text):
            for written, start in _windows(run[0]):
                meant = _village_meant(written, villages)
                if meant and written not in told:
                    told.add(written)
                    place = _line(page, line, text, run.start() + start)
                    yield page.warning("language-name", place, word=written, meant=meant)


def _village_meant(written: str, villages: Mapping[str, str]) -> str | None:
    """The settings' spelling of a village, where another one was written; ``None`` where nothing is amiss."""
    meant = villages.get(_joined(written))
    if meant and written.lower() != meant.lower() and len(_joined(written)) >= _LONG_NAME:
        return meant
    kind, _, name = written.partition(" ")
    other = _OTHER_KIND.get(kind)
    return f"{other} {name}" if other and f"{other} {name}" in villages.values() else None


def _texts(page: PageInput) -> tuple[tuple[int | None, str], ...]:
    """The page's running texts; the line of those that stand in the head."""
    return (
        (page.head.line(("title",)), page.page.title),
        (page.head.line(("summary",)), page.page.summary),
        (None, page.page.body),
    )


def _line(page: PageInput, line: int | None, text: str, place: int) -> int:
    return line or page.page.body_line + text.count("\n", 0, place)


def _windows(run: str) -> Iterator[tuple[str, int]]:
    """One to three neighbouring words of a run of capitalised words, each with its place in it."""
    words = [(found[0], found.start()) for found in re.finditer(r"[^ -]+", run)]
    for first, (_, start) in enumerate(words):
        for last in range(first, min(first + _MOST_WORDS, len(words))):
            end = words[last][1] + len(words[last][0])
            yield run[start:end], start


def _joined(name: str) -> str:
    return name.replace(" ", "").replace("-", "").lower()


@lru_cache(maxsize=16)
def _villages(names: tuple[str, ...]) -> dict[str, str]:
    """Joined spelling to the office's own, without and (as it stands) with the kind in front."""
    bare = [
        name.partition(" ")[2] if name.split()[0] in ("Desa", "Kelurahan") else name for name in names if name
    ]
    return {_joined(name): name for name in (*names, *bare) if name}


def _misspelled(
    page: PageInput, word: str, known: frozenset[str], told: set[str], line: int | None, text: str, place: int
) -> Iterator[Finding]:
    if word in told or word in known or word.lower() in _lower(known):
        return
    told.add(word)
    if meant := _meant(word, known):
        shown = line or page.page.body_line + text.count("\n", 0, place)
        yield page.warning("language-name", shown, word=word, meant=meant)


@lru_cache(maxsize=64)
def _lower(known: frozenset[str]) -> frozenset[str]:
    return frozenset(name.lower() for name in known)


@lru_cache(maxsize=4096)
def _meant(word: str, known: frozenset[str]) -> str | None:
    """The one known name that is near enough to be meant."""
    near = [name for name in known if len(name) >= 5 and is_near(word.lower(), name.lower())]
    return near[0] if len(near) == 1 else None


def is_near(word: str, name: str) -> bool:
    """Whether two words differ by one letter left out, added, changed, or two neighbours changed places."""
    if word == name or abs(len(word) - len(name)) > 1:
        return False
    start = next((place for place, (a, b) in enumerate(zip(word, name, strict=False)) if a != b), None)
    if start is None:
        return True
    if len(word) == len(name):
        swapped = word[start : start + 2] == name[start : start + 2][::-1]
        return word[start + 1 :] == name[start + 1 :] or (swapped and word[start + 2 :] == name[start + 2 :])
    longer, shorter = (word, name) if len(word) > len(name) else (name, word)
    return longer[start + 1 :] == shorter[start:]


@lru_cache(maxsize=16)
def _words(*names: str) -> frozenset[str]:
    return frozenset(word for name in names if name != UNFILLED for word in _WORD.findall(name))


def _places(settings: Settings) -> frozenset[str]:
    return _words(settings.office.name, settings.office.parent, *(entry.name for entry in settings.village))


def _officials(settings: Settings) -> frozenset[str]:
    """Words of the head's name that are no words of a post (an office may have given the function only)."""
    posts = {word.lower() for word in _WORD.findall(settings.head.title)} | {"camat", "lurah", "kepala"}
    places = {word.lower() for word in _places(settings)}
    return frozenset(word for word in _words(settings.head.name) if word.lower() not in posts | places)


RULES: tuple[Rule, ...] = (
    dates_and_numbers_are_indonesian,
    text_is_in_its_language,
    names_are_spelled_as_in_the_settings,
    villages_are_written_as_in_the_settings,
)
