"""Law: classes of information, marks of secrecy, consent where children can be recognised."""

import re
from collections.abc import Iterator

from sop_site.answers import Finding
from sop_site.rules.inputs import PageInput, Rule

_SECRET = re.compile(
    r"^\W*(?:SANGAT RAHASIA|RAHASIA|TERBATAS)\W*$|\bsifat\s*:\s*(?:sangat rahasia|rahasia|terbatas)\b", re.M
)
_CHILDREN = re.compile(r"\b(?:anak(?:-anak)?|siswa|siswi|murid|balita|bayi|pelajar|remaja putri)\b", re.I)


def nothing_secret_is_published(page: PageInput) -> Iterator[Finding]:
    """Marks of secrecy in text or files (UU 14/2008 pasal 17: information that is exempt)."""
    body = re.sub(
        r"(?i)\bsifat\s*:\s*(sangat rahasia|rahasia|terbatas)", lambda m: m[0].lower(), page.page.body
    )
    if found := _SECRET.search(body):
        line = page.page.body_line + body.count("\n", 0, found.start())
        yield page.error("law-secret-mark", line)
    folder = page.path.removesuffix("index.md")
    for name, facts in sorted(page.media.items()):
        text = re.sub(
            r"(?i)\bsifat\s*:\s*(sangat rahasia|rahasia|terbatas)", lambda m: m[0].lower(), facts.text
        )
        if _SECRET.search(text):
            yield Finding("law-secret-mark", "error", f"{folder}{name}")


def children_have_consent(page: PageInput) -> Iterator[Finding]:
    """Alternative texts and captions that name children call for consent, or for ``children: false``."""
    if page.page.children is not None:
        return
    words = [page.page.image_alt or "", *(picture.text for picture in page.outline.pictures)]
    for photo in getattr(page.page, "photos", ()):
        words += [photo.alt or "", photo.caption or ""]
    if any(_CHILDREN.search(text) for text in words):
        yield page.error("law-children-consent", 1)


RULES: tuple[Rule, ...] = (nothing_secret_is_published, children_have_consent)
