"""Language (warnings): the page's own, Indonesian dates and amounts, names as the office spells them."""

import re
from collections.abc import Iterator
from functools import lru_cache

from sop_site.answers import Finding
from sop_site.rules.inputs import PageInput, Rule
from sop_site.settings import UNFILLED, Settings

_ENGLISH_DATE = re.compile(
    r"\b(?:January|February|March|June|July|August|October|December)\b|"
    r"\b[01]?[0-9]/(?:1[3-9]|2[0-9]|3[01])/20[0-9]{2}\b|\b[0-9]{1,2}(?:st|nd|rd|th)\b"
)
_AMOUNT = re.compile(r"\b(?:Rp|IDR)\.?\s?[0-9]{1,3}(?:,[0-9]{3})+\b|\bIDR\s?[0-9]+\b")
_INDONESIAN = re.compile(
    r"\b(?:yang|dan|di|ke|untuk|dengan|ini|dari|pada|adalah|atau|warga|kantor|akan|oleh|dapat)\b", re.I
)
_ENGLISH = re.compile(
    r"\b(?:the|and|of|to|for|with|this|from|is|are|you|office|at|will|can|your|must)\b", re.I
)
_ENOUGH = 12
_NAMED = re.compile(r"\b(?:Kecamatan|Kelurahan|Desa|Kabupaten)((?:\s+[A-Z][A-Za-z'’]+){1,3})")
_WORD = re.compile(r"[A-Za-z'’]{5,}")


def dates_and_amounts_are_indonesian(page: PageInput) -> Iterator[Finding]:
    """``5 Januari 2026`` and ``Rp10.000``."""
    if page.page.lang != "id":
        return
    for code, pattern in (("language-date", _ENGLISH_DATE), ("language-amount", _AMOUNT)):
        for text, line in ((page.page.title, page.head.line(("title",))), (page.page.body, None)):
            if found := pattern.search(text):
                place = line or page.page.body_line + text.count("\n", 0, found.start())
                yield page.warning(code, place, text=found[0])
                break


def text_is_in_its_language(page: PageInput) -> Iterator[Finding]:
    """Common words tell Indonesian from English; short texts are left alone."""
    indonesian, english = len(_INDONESIAN.findall(page.page.body)), len(_ENGLISH.findall(page.page.body))
    wrong = {"id": english > 2 * indonesian, "en": indonesian > 2 * english}.get(page.page.lang, False)
    if wrong and indonesian + english >= _ENOUGH:
        yield page.warning("language-other", page.head.line(("lang",)) or 1, lang=page.page.lang)


def names_are_spelled_as_in_the_settings(page: PageInput) -> Iterator[Finding]:
    """A word that misses one of the office's own names by a letter or two is probably meant to be it."""
    settings = page.around.settings
    known, officials = _places(settings), _officials(settings)
    told: set[str] = set()
    for line, text in (
        (page.head.line(("title",)), page.page.title),
        (page.head.line(("summary",)), page.page.summary),
        (None, page.page.body),
    ):
        for found in _NAMED.finditer(text):
            for word in found[1].split():
                yield from _misspelled(page, word, known, told, line, text, found.start(1))
        if officials:
            for found in _WORD.finditer(text):
                if found[0][0].isupper():
                    yield from _misspelled(page, found[0], officials, told, line, text, found.start())


def _misspelled(
    page: PageInput, word: str, known: frozenset[str], told: set[str], line: int | None, text: str, place: int
) -> Iterator[Finding]:
    if word in told or word in known or word.lower() in (name.lower() for name in known):
        return
    told.add(word)
    if meant := _meant(word, known):
        shown = line or page.page.body_line + text.count("\n", 0, place)
        yield page.warning("language-name", shown, word=word, meant=meant)


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
    dates_and_amounts_are_indonesian,
    text_is_in_its_language,
    names_are_spelled_as_in_the_settings,
)
