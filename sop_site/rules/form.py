"""Form: headings, pictures, tables, raw HTML, and files that are named or forgotten."""

import re
from collections.abc import Iterator

from sop_site.answers import Finding
from sop_site.content import media_of
from sop_site.rules.inputs import PageInput, Rule

_TAG = re.compile(r"<(?:/?[A-Za-z][A-Za-z0-9-]*(?:\s[^<>]*)?/?|!--|\?|!\[CDATA\[)[^<>]*>?")
_CODE = re.compile(r"```.*?```|~~~.*?~~~|`[^`\n]*`", re.DOTALL)
_AUTOLINK = re.compile(r"<(?:https?://|mailto:|[^\s<>@]+@)[^\s<>]*>")
_FIRST_LEVEL = 2


def has_no_raw_html(page: PageInput) -> Iterator[Finding]:
    """Markdown only: what looks like HTML would be shown as text, or worse be meant to run."""
    body = _CODE.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), page.page.body)
    body = _AUTOLINK.sub(lambda found: " " * len(found[0]), body)
    if found := _TAG.search(body):
        line = page.page.body_line + body.count("\n", 0, found.start())
        yield page.error("html-in-text", line, tag=found[0][:40])


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
            yield page.error("heading-empty", line)
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
    named = media_of(page.page)
    for name in sorted(named - page.media.keys()):
        yield page.error("file-missing", page.line_of(name), file=name)
    for name in sorted(page.media.keys() - named):
        yield page.warning("file-unnamed", None, file=name)


def a_public_page_says_what_changed(page: PageInput) -> Iterator[Finding]:
    """``change_note`` where title, summary or body of a public page change."""
    if page.public is None:
        return
    changed = any(
        getattr(page.page, part) != getattr(page.public, part) for part in ("title", "summary", "body")
    )
    stale = page.page.change_note in (None, page.public.change_note)
    if changed and stale:
        yield page.error("change-note-missing", 1)


def body_says_something(page: PageInput) -> Iterator[Finding]:
    """A body holds something to read."""
    if not page.page.body.strip() and page.page.kind in ("news", "announcement", "page"):
        yield page.error("body-empty", page.page.body_line)


RULES: tuple[Rule, ...] = (
    has_no_raw_html,
    headings_descend_step_by_step,
    pictures_are_described,
    tables_have_headings,
    named_files_are_there,
    a_public_page_says_what_changed,
    body_says_something,
)
