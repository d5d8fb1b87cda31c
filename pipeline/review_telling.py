"""A review on a terminal: first what a head can decide on, then page by page; in a pipe nothing is folded."""

import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pipeline.reviewing import FileChange
from sop_site.review import sheet as sheets
from sop_site.review.differences import Block, Difference
from sop_site.review.drawing import Text, discreet, text_lines
from sop_site.review.page_changes import MediumChange, Note, PageReview
from sop_site.review.sheet import Sheet
from sop_site.review.values import FieldChange, Words

INSERTED, DELETED = ("{+", "+}"), ("[-", "-]")
"""How marked words stand, as in ``git diff --word-diff``: readable without colours too."""
_FIRST_LINES = 12
_BOLD, _RED, _GREEN, _END = "\x1b[1m", "\x1b[31m", "\x1b[32m", "\x1b[0m"
_MOST_LINES = 400
"""Lines shown of one page."""


@dataclass(frozen=True, slots=True)
class Paper:
    """What is written on: ``width`` in columns (``None`` in a pipe: nothing is folded), and colours."""

    width: int | None = None
    has_colours: bool = False

    def folded(self, line: str) -> list[str]:
        """One line as several that fit; paths and commands are never broken."""
        if self.width is None or len(line) <= self.width:
            return [self._coloured(line)]
        indent = line[: len(line) - len(line.lstrip())]
        parts = textwrap.wrap(
            line.strip(), self.width, initial_indent=indent, subsequent_indent=f"{indent}  ",
            break_long_words=False, break_on_hyphens=False,
        )  # fmt: skip
        return [self._coloured(part) for part in parts]

    def heading(self, words: str) -> list[str]:
        """A line above others."""
        return ["", f"{_BOLD}{words}{_END}" if self.has_colours else words]

    def _coloured(self, line: str) -> str:
        if not self.has_colours:
            return line
        for (left, right), colour in ((INSERTED, _GREEN), (DELETED, _RED)):
            line = line.replace(left, f"{colour}{left}").replace(right, f"{right}{_END}")
        return line


def lines(
    words: Words, sheet: Sheet, pages: Iterable[PageReview], files: Iterable[FileChange], paper: Paper
) -> list[str]:
    """The whole review."""
    told = list(summary(words, sheet))
    out = [f"{_BOLD}{told[0]}{_END}" if paper.has_colours else told[0]]
    for line in told[1:]:
        out += paper.folded(line)
    by_path = {change.path: change for change in files}
    for page in pages:
        out += paper.heading(f"{words.say(f'tinjau-fate-{page.fate}')}: {page.title}")
        body = list(_page(words, page, by_path))
        for line in body[:_MOST_LINES]:
            out += paper.folded(line)
        if len(body) > _MOST_LINES:
            out += paper.folded(f"  {words.say('tinjau-more-names', count=len(body) - _MOST_LINES)}")
    for code, rest in (("tinjau-other-files", sheet.other_files), ("tinjau-policy-heading", sheet.policy)):
        if rest:
            out += paper.heading(words.say(code))
            out += [part for line in rest for part in paper.folded(f"  {line}")]
    return [*out, *_ending(words, sheet, paper)]


def summary(words: Words, sheet: Sheet) -> Iterator[str]:
    """What is decided on: title and state, warnings, facts, earlier decisions."""
    yield f"{sheet.title} [{sheet.state}]"
    for warning in sheet.warnings:
        # The sentences of old carry their own word of warning.
        yield f"! {warning}"
    yield from (f"  {label}: {text}" for label, text in sheet.facts)
    yield from (f"  {line}" for line in sheet.remarks)
    yield from (f"    {name}" for name in sheet.more)


def _ending(words: Words, sheet: Sheet, paper: Paper) -> Iterator[str]:
    yield from paper.heading(words.say("tinjau-findings"))
    for finding in sheet.findings:
        severity = words.say("severity-error" if finding.is_error else "severity-warning")
        yield from paper.folded(f"  {severity} {finding.place}: {finding.words}")
        if finding.advice:
            yield from paper.folded(f"    → {finding.advice}")
    if not sheet.findings:
        yield f"  {words.say('tinjau-findings-none')}"
    yield from paper.heading(words.say("tinjau-next"))
    for deed in sheet.deeds:
        yield from paper.folded(f"  {deed.words} {deed.command}")


def _page(words: Words, page: PageReview, files: dict[str, FileChange]) -> Iterator[str]:
    if (change := files.get(page.path)) is not None:
        sizes = {"before": change.before or 0, "after": change.after or 0}
        yield "  " + words.say(f"review-{change.change}", path=discreet(page.path), **sizes)
    if page.moved_from:
        yield "  " + words.say("review-moved", before=discreet(page.moved_from))
    yield f"  {page.kind}. " + words.say("tinjau-address", address=discreet(page.address))
    for note in sorted(page.notes, key=lambda one: not one.grave):
        yield f"  {'! ' if note.grave else ''}{_note(words, note)}"
    if page.fate == "removed":
        return
    if page.fields:
        yield f"  {words.say('tinjau-fields')}"
        for field in page.fields:
            told = _new_field(words, field) if page.fate == "added" else _field(words, field)
            yield from (f"    {line}" for line in told)
    if not page.body.is_empty:
        yield f"  {words.say('tinjau-body')}"
        yield from (f"    {line}" for line in difference(words, page.body, is_new=page.fate == "added"))
    if page.unreadable:
        yield f"  {words.say('tinjau-unreadable')}"
        yield from (f"    {line}" for line in page.unreadable)
    if page.media:
        yield f"  {words.say('tinjau-media')}"
        for medium in page.media:
            yield from (f"    {line}" for line in _medium(words, medium))


def _note(words: Words, note: Note) -> str:
    return words.say(note.code, **note.values)


def _one(text: Text, marks: tuple[str, str]) -> str:
    return " ".join(text_lines(text, marks))


def _new_field(words: Words, field: FieldChange) -> Iterator[str]:
    """On a new page everything is new; saying so of every field would only be noise."""
    value = _one(field.after or (), ("", "")) if field.after is not None else "; ".join(field.added)
    yield words.say("tinjau-field-new", label=field.label, value=value)


def _field(words: Words, field: FieldChange) -> Iterator[str]:
    if field.only_order:
        yield words.say("tinjau-field-order", label=field.label)
    elif field.before is None and field.after is None:
        yield from (
            f"{field.label} {words.say('tinjau-field-item-added', item=item)}" for item in field.added
        )
        yield from (
            f"{field.label} {words.say('tinjau-field-item-removed', item=item)}" for item in field.removed
        )
    elif field.before is None:
        yield words.say("tinjau-field-added", label=field.label, after=_one(field.after or (), ("", "")))
    elif field.after is None:
        yield words.say("tinjau-field-removed", label=field.label, before=_one(field.before, ("", "")))
    else:
        yield words.say(
            "tinjau-field-changed", label=field.label, before=_one(field.before, DELETED),
            after=_one(field.after, INSERTED),
        )  # fmt: skip


def difference(words: Words, told: Difference, *, is_new: bool = False) -> Iterator[str]:
    """Paragraph by paragraph; those that stay are only counted."""
    same = 0
    for block in told.blocks:
        if block.change == "same":
            same += 1
            continue
        if same:
            yield f"… {words.say('tinjau-block-same', count=same)}"
        same = 0
        yield from _block(words, block, is_new=is_new)
    if same:
        yield f"… {words.say('tinjau-block-same', count=same)}"
    if told.left_out:
        yield f"! {words.say('tinjau-block-cut', count=told.left_out)}"


def _block(words: Words, block: Block, *, is_new: bool) -> Iterator[str]:
    if not is_new:
        yield f"{words.say(f'tinjau-block-{block.change}')}:"
    if block.shows_nothing:
        yield f"  {words.say('tinjau-block-quiet')}"
    if block.before is not None and block.change != "moved":
        yield from (f"  - {line}" for line in text_lines(block.before, DELETED))
    if block.after is not None:
        sign = "" if is_new else "  = " if block.change == "moved" else "  + "
        yield from (f"{sign}{line}" for line in text_lines(block.after, INSERTED))


def _medium(words: Words, medium: MediumChange) -> Iterator[str]:
    yield f"{discreet(sheets.fate_of(words, medium))}: {medium.name}"
    for code, side in (("tinjau-before", medium.before), ("tinjau-after", medium.after)):
        if side is not None:
            alt = f"; {words.say('tinjau-file-alt', alt=side.alt)}" if side.alt else ""
            yield f"  {words.say(code)}: {sheets.facts_of(words, side)}{alt}"
            if side.problem:
                yield f"  ! {words.say('tinjau-file-problem')}"
    if medium.change in ("added", "changed") and not medium.text.is_empty:
        new = medium.before is None
        yield f"  {words.say('tinjau-file-text-first' if new else 'tinjau-file-text')}:"
        told = list(difference(words, medium.text, is_new=new))
        yield from (f"    {line}" for line in told[:_FIRST_LINES])
        if len(told) > _FIRST_LINES:
            yield f"    {words.say('tinjau-more-names', count=len(told) - _FIRST_LINES)}"
