"""Law: marks of secrecy, consent where children can be recognised, what a service costs and by which rule."""

import re
from collections.abc import Iterator

from sop_site.answers import Finding
from sop_site.rules.disguises import readable
from sop_site.rules.inputs import PageInput, Rule
from sop_site.rules.personal_data import strings
from sop_site.settings import UNFILLED

_WORDS = r"(?:SANGAT\s{1,3}RAHASIA|RAHASIA|TERBATAS|R A H A S I A|T E R B A T A S)"
# As a stamp: alone on a line, in capitals. After "Sifat:" in any case.
_STAMP = re.compile(rf"^[^\w\n]{{0,40}}_{{0,3}}{_WORDS}_{{0,3}}[^\w\n]{{0,40}}$", re.M)
_NATURE = re.compile(rf"\bsifat\b[*_ \t]{{0,5}}[:|][*_ \t|:]{{0,10}}{_WORDS}\b", re.I)
_CHILDREN = re.compile(
    r"\b(?:anak(?:-anak|nya)?(?!\s+agung)|siswa|siswi|siswa-siswi|murid|balita|batita|bayi|pelajar|remaja|santri|"
    r"pramuka|bocah|child(?:ren)?|pupils?|toddlers?|bab(?:y|ies))\b",
    re.I,
)
_FREE = re.compile(r"\b(?:gratis|tidak\s+dipungut\s+biaya|tanpa\s+biaya|rp\.?\s?0|free)\b", re.I)
_AMOUNT = re.compile(r"\brp\.?\s?[0-9]|\b[0-9.]{4,}\s+rupiah\b", re.I)
_BASIS = re.compile(
    r"\b(?:undang-undang|uu|peraturan|perda|perbup|perwali|permen\w*|pp|perpres|keputusan|sk|pergub)\b", re.I
)


def nothing_secret_is_published(page: PageInput) -> Iterator[Finding]:
    """Marks of secrecy in text or files (UU 14/2008 pasal 17: information that is exempt)."""
    body = readable(page.page.body)
    if (found := _secret(body)) is not None:
        yield page.error("law-secret-mark", page.page.body_line + body.count("\n", 0, found))
    for place, text in strings(page.head.values):
        if _secret(readable(text)) is not None:
            yield page.error("law-secret-mark", page.head.line(place))
    folder = page.path.removesuffix("index.md")
    for name, facts in sorted(page.media.items()):
        if _secret(readable(facts.text)) is not None:
            yield Finding("law-secret-mark", "error", f"{folder}{name}")


def _secret(text: str) -> int | None:
    """Where the first mark stands."""
    found = _STAMP.search(text) or _NATURE.search(text)
    return found.end() - 1 if found else None


def children_have_consent(page: PageInput) -> Iterator[Finding]:
    """Alternative texts and captions that name children call for consent, or for ``children: false``."""
    if page.page.children is not None:
        return
    words = [(page.page.image_alt or "", page.head.line(("image_alt",)))]
    words += [(picture.text, page.line_of(f"![{picture.text}")) for picture in page.outline.pictures]
    for number, photo in enumerate(getattr(page.page, "photos", ())):
        line = page.head.line(("photos", number))
        words += [(photo.alt or "", line), (photo.caption or "", line)]
    for text, line in words:
        if _CHILDREN.search(text):
            yield page.error("law-children-consent", line or 1)
            return


def a_service_says_what_it_costs(page: PageInput) -> Iterator[Finding]:
    """``gratis``, or an amount together with the rule that sets it."""
    cost = getattr(page.page, "cost", None)
    if cost is None or cost == UNFILLED or _FREE.search(cost):
        return
    if not (_AMOUNT.search(cost) and _BASIS.search(cost)):
        yield page.error("law-cost-unclear", page.head.line(("cost",)))


RULES: tuple[Rule, ...] = (
    nothing_secret_is_published,
    children_have_consent,
    a_service_says_what_it_costs,
)
