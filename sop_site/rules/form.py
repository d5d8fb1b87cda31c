"""Form: headings, pictures, tables, raw HTML, and files that are named or forgotten."""

import re
from collections.abc import Iterator

from sop_site.answers import Finding
from sop_site.content import media_of
from sop_site.rules.inputs import PageInput, Rule
from sop_site.rules.personal_data import strings
from sop_site.settings import UNFILLED

# Closed like a tag, or begun like one of those that are dangerous; "suhu <lima derajat" is neither.
_TAG = re.compile(
    r"</?[A-Za-z][A-Za-z0-9:_.-]*(?:[\s/][^<>]*)?>|<!--|<\?[A-Za-z]|<!\[CDATA\[|<!DOCTYPE|"
    r"</?(?:script|iframe|object|embed|style|svg|img|form|input|link|meta|base|a|div|span)\b",
    re.I,
)
_CODE = re.compile(r"`[^`\n]*`")
# Addresses in angle brackets, alone or as the target of a link: ``[kontak](</kontak/>)``.
_AUTOLINK = re.compile(r"<(?:https?://|mailto:|[^\s<>@]+@)[^\s<>]*>|(?<=\]\()<[^<>\n]*>")
_FIRST_LEVEL = 2


def has_no_raw_html(page: PageInput) -> Iterator[Finding]:
    """Markdown only: what looks like HTML would be shown as text, or worse be meant to run."""
    body = _CODE.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), page.page.body)
    body = _AUTOLINK.sub(lambda found: " " * len(found[0]), body)
    if found := _TAG.search(body):
        line = page.page.body_line + body.count("\n", 0, found.start())
        yield page.error("html-in-text", line, tag=_name_of(found[0]))
    for place, text in strings(page.head.values):
        if found := _TAG.search(text):
            yield page.error("html-in-text", page.head.line(place), tag=_name_of(found[0]))


def _name_of(tag: str) -> str:
    """The tag without what stands in it, which may be anything."""
    return re.split(r"[\s>]", tag, maxsplit=1)[0][:20] + "…"


def headings_descend_step_by_step(page: PageInput) -> Iterator[Finding]:
    """Headings start at ``##`` (the title is the first level) and skip none."""
    before = _FIRST_LEVEL - 1
    for level, text in page.outline.headings:
        line = page.line_of("#" * level + " " + text[:20]) or page.line_of(text[:20])
        if level < _FIRST_LEVEL:
            yield page.error("heading-too-high", line, heading=text[:60])
        elif level > before + 1:
            yield page.error("heading-skips-level", line, heading=text[:60])
        if not text.strip():
            yield page.error("heading-empty", page.line_of("\n" + "#" * level))
        before = max(level, _FIRST_LEVEL)


def pictures_are_described(page: PageInput) -> Iterator[Finding]:
    """Every picture has alternative text that is no file name."""
    for picture in page.outline.pictures:
        line = page.line_of(f"]({picture.target}")
        if not picture.text.strip():
            yield page.error("picture-without-alt", line, file=picture.target[:80])
        elif re.fullmatch(r"\S+\.(?:jpe?g|png|webp|svg)|(?:foto|gambar|img|image)\W*\d*", picture.text, re.I):
            yield page.error("picture-alt-says-nothing", line, alt=picture.text[:60])


def tables_have_headings(page: PageInput) -> Iterator[Finding]:
    """A table whose head is empty cannot be read aloud."""
    if page.outline.tables_without_heading:
        yield page.error("table-without-heading", page.line_of("|"))


def named_files_are_there(page: PageInput) -> Iterator[Finding]:
    """Every file that the page names lies in its folder; one that it does not name is mentioned."""
    named = media_of(page.page, page.outline)
    for name in sorted(named - page.media.keys()):
        yield page.error("file-missing", page.line_of(name), file=name)
    for name in sorted(page.media.keys() - named):
        yield page.warning("file-unnamed", None, file=name)


def a_public_page_says_what_changed(page: PageInput) -> Iterator[Finding]:
    """``change_note`` where title, summary or body of a public page change."""
    # A notice of withdrawal gives its reason in a field of its own.
    if page.public is None or page.page.withdrawn is not None:
        return
    changed = any(
        getattr(page.page, part) != getattr(page.public, part) for part in ("title", "summary", "body")
    )
    stale = page.page.change_note in (None, page.public.change_note)
    if changed and stale:
        yield page.error("change-note-missing", 1)


def body_says_something(page: PageInput) -> Iterator[Finding]:
    """A body holds something to read."""
    has_to = page.page.kind in ("news", "announcement", "page") and page.page.withdrawn is None
    if has_to and not page.page.body.strip():
        yield page.error("body-empty", page.page.body_line)


def body_is_no_placeholder(page: PageInput) -> Iterator[Finding]:
    """What ``sop new`` put where the text belongs: fields may stay unfilled, a text may not."""
    for number, line in enumerate(page.page.body.split("\n")):
        if line.strip() == UNFILLED:
            yield page.error("body-placeholder", page.page.body_line + number)
            return


RULES: tuple[Rule, ...] = (
    has_no_raw_html,
    headings_descend_step_by_step,
    pictures_are_described,
    tables_have_headings,
    named_files_are_there,
    a_public_page_says_what_changed,
    body_says_something,
    body_is_no_placeholder,
)
