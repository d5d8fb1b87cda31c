"""Language: the page's language fits its text, dates and amounts are written as in Indonesian (warnings)."""

import re
from collections.abc import Iterator

from sop_site.answers import Finding
from sop_site.rules.inputs import PageInput, Rule

_ENGLISH_DATE = re.compile(
    r"\b(?:January|February|March|May|June|July|August|October|December)\b|\b[01]?[0-9]/[0-3]?[0-9]/20[0-9]{2}\b"
)
_AMOUNT = re.compile(r"\bRp\.?\s?[0-9]{1,3}(?:,[0-9]{3})+\b")
_INDONESIAN = re.compile(r"\b(?:yang|dan|di|untuk|dengan|ini|dari|pada|adalah|atau|warga|kantor)\b", re.I)
_ENGLISH = re.compile(r"\b(?:the|and|of|to|for|with|this|from|is|are|you|office)\b", re.I)
_ENOUGH = 12


def dates_and_amounts_are_indonesian(page: PageInput) -> Iterator[Finding]:
    """``5 Januari 2026`` and ``Rp10.000``."""
    if page.page.lang != "id":
        return
    for code, pattern in (("language-date", _ENGLISH_DATE), ("language-amount", _AMOUNT)):
        if found := pattern.search(page.page.body):
            line = page.page.body_line + page.page.body.count("\n", 0, found.start())
            yield page.warning(code, line, text=found[0])


def text_is_in_its_language(page: PageInput) -> Iterator[Finding]:
    """Common words tell Indonesian from English; short texts are left alone."""
    indonesian, english = len(_INDONESIAN.findall(page.page.body)), len(_ENGLISH.findall(page.page.body))
    wrong = {"id": english > 2 * indonesian, "en": indonesian > 2 * english}.get(page.page.lang, False)
    if wrong and indonesian + english >= _ENOUGH:
        yield page.warning("language-other", page.head.line(("lang",)) or 1, lang=page.page.lang)


RULES: tuple[Rule, ...] = (dates_and_amounts_are_indonesian, text_is_in_its_language)
