"""Repairs without judgement: a repair is a function in a tuple, and does nothing where it is not certain.

bytes → raw → Manuscript → head, headings, spacing, wording → text and the steps that were made

links, mentions     repairs for which something outside has to be known first
meaning             whether a repaired body still says what it said
wording             also says which dates only their author can read
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sop_site.answers import Finding
from sop_site.content.front_matter import PAGE_BYTES
from sop_site.content.intricacy import too_much
from sop_site.fixing import head, headings, meaning, raw, spacing, wording
from sop_site.fixing.links import insecure_addresses, with_secure_addresses
from sop_site.fixing.manuscript import Fix, Manuscript, Step, of_text
from sop_site.fixing.mentions import with_new_names

__all__ = ["FIXES", "Fixed", "Manuscript", "Step", "fix", "insecure_links"]

FIXES: tuple[Fix, ...] = (
    raw.invisible_characters,
    raw.composed_letters,
    raw.idle_unbroken_spaces,
    spacing.marks_of_the_head,
    head.names_of_fields,
    head.kind_by_its_section,
    head.fields_said_twice,
    head.days_in_their_form,
    head.text_that_is_no_text,
    spacing.trailing_spaces,
    spacing.tabs_at_the_beginning,
    headings.underlined_headings,
    headings.heading_marks,
    headings.title_said_twice,
    headings.heading_levels,
    spacing.blank_lines_that_are_missing,
    spacing.gaps_in_lines,
    spacing.many_blank_lines,
    wording.dates_and_amounts,
    raw.one_line_feed_at_the_end,
)
# One repair may make room for another; more rounds than this no page needs.
_ROUNDS = 8
_MOST_ROWS = 20_000


@dataclass(frozen=True, slots=True)
class Fixed:
    """A page's file after the repairs; the same bytes and no steps where there was nothing to do."""

    data: bytes
    steps: tuple[Step, ...] = ()
    asked: tuple[Finding, ...] = ()
    """What could be repaired by its author alone."""
    is_divided: bool = False
    """Whether head and body can be told apart."""


def fix(
    path: str,
    data: bytes,
    *,
    secure: Collection[str] = (),
    names: Mapping[str, str] | None = None,
    fixes: tuple[Fix, ...] = FIXES,
) -> Fixed:
    """Everything that can be repaired in a page's file.

    ``secure`` are addresses that answer over https with the same page, ``names`` files with their new names.
    """
    # A file that no page may be as large as is not read, let alone repaired.
    opened = raw.decoded(data) if len(data) <= 2 * PAGE_BYTES else None
    if opened is None:
        return Fixed(data)
    text, steps = opened
    page = of_text(path, text)
    if len(text.encode()) > PAGE_BYTES or len(page.rows) > _MOST_ROWS or too_much(text):
        # Drawing it would take a Markdown program seconds or all its stack; the checks refuse it anyway.
        return Fixed(text.encode(), tuple(steps))
    for _ in range(_ROUNDS):
        before = page.text
        for one in fixes:
            after, made = one(page)
            if after.text != page.text and _keeps_its_meaning(one, page, after):
                page, steps = after, [*steps, *made]
        page, made = with_secure_addresses(page, secure)
        steps += made
        page, made = with_new_names(page, names or {})
        steps += made
        if page.text == before:
            break
    else:
        # Repairs that undo one another would never be done; none of them is made.
        return Fixed(data)
    if not _has_words(page) and _has_words(of_text(path, text)):
        # All that stood there cannot be seen; that nothing does is for a person to say.
        return Fixed(data)
    # What is left is looked for in the file as it is now, by its lines of now.
    left = tuple(wording.ambiguous_dates(of_text(path, page.text)))
    return Fixed(page.text.encode(), tuple(steps), left, page.end is not None)


def _keeps_its_meaning(one: Fix, before: Manuscript, after: Manuscript) -> bool:
    """Whether a repair did what it says, also where Markdown reads a body in an odd way."""
    old, new = ("\n".join(row.text for row in page.body) for page in (before, after))
    if old.rstrip() == new.rstrip() or before.end is None:
        return True
    return meaning.no_worse(old, new) and (one not in spacing.FORM_ONLY or meaning.same_words(old, new))


def _has_words(page: Manuscript) -> bool:
    return any(row.text.strip() for row in page.body)


def insecure_links(path: str, data: bytes) -> tuple[str, ...]:
    """``http://`` addresses of a page, for somebody to ask whether they answer over https."""
    opened = raw.decoded(data) if len(data) <= 2 * PAGE_BYTES else None
    return insecure_addresses(of_text(path, opened[0])) if opened else ()
