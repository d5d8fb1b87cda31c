"""A text as pieces that can be compared word by word and shown anywhere: known tags, and words.

Everything here was written by others. Only tags of the list below are drawn, without any attribute; links
and pictures become words that say where they lead, so that nothing is loaded or followed by mistake.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import escape, unescape

from sop_site.content import markdown
from sop_site.messages import masked
from sop_site.review.hidden import visible_lines

TAGS = frozenset(
    {"p", "ul", "ol", "li", "strong", "em", "code", "pre", "blockquote", "table", "thead", "tbody", "tr",
     "th", "td", "dl", "dt", "dd", "br", "hr"}
)  # fmt: skip
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_BREAKS = frozenset({"p", "ul", "ol", "li", "pre", "blockquote", "table", "tr", "dl", "dt", "dd", "br", "hr"})
_PIECE = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)\b([^<>]*)>|([^\s<]+|<)|(\s+)")
_TARGET = re.compile(r'\b(?:href|src)="([^"]*)"')
_ALT = re.compile(r'\balt="([^"]*)"')
_TITLE = re.compile(r'\btitle="([^"]*)"')
_DEFINITION = re.compile(r"^ {0,3}\[[^\[\]]*\]:[ ]*\n?[ ]*\S+.*$", re.MULTILINE)
_IN_BRACKETS = re.compile(r"\[([^\[\]]*)\]")
# Stars would be Markdown; what is masked is shown by dots.
_STARS, _DOTS = "********", "••••••••"


@dataclass(frozen=True, slots=True)
class Piece:
    """A tag (``p``, ``/p``), or words or white space as plain text."""

    text: str
    is_tag: bool = False
    is_marked: bool = False
    """Whether it stands on one side of the comparison only."""

    @property
    def is_word(self) -> bool:
        """Whether it can differ: neither a tag nor white space."""
        return not self.is_tag and not self.text.isspace()


Text = tuple[Piece, ...]


def discreet(text: str) -> str:
    """``text`` as it may be shown: long numbers and private mailboxes covered, nothing hidden in it."""
    # Covered first: what cannot be seen between two digits must not save them from it.
    return visible_lines(masked(text).replace(_STARS, _DOTS))


def plain(text: str) -> Text:
    """The pieces of a text without any markup."""
    return tuple(Piece(part) for part in re.findall(r"\S+|\s+", discreet(text)))


def blocks(body: str) -> tuple[str, ...]:
    """A Markdown body cut at its blank lines; what is indented belongs to what stands above it."""
    found: list[str] = []
    for part in re.split(r"\n[ \t]*\n", body.strip("\n")):
        block = part.strip("\n")
        if not block.strip():
            continue
        if found and block[0] in " \t":
            found[-1] += f"\n\n{block}"
        else:
            found.append(block)
    return tuple(found)


def lines(text: str) -> tuple[str, ...]:
    """The lines of a text without markup that hold anything."""
    return tuple(line.strip() for line in text.split("\n") if line.strip())


def whole_blocks(body: str) -> tuple[str, ...]:
    """The blocks of a body, each followed by the link definitions that it uses and that stand elsewhere.

    So a paragraph is another one when only the address changes to which its link leads.
    """
    found = blocks(body)
    if "]:" not in body:
        return found
    defined = markdown.outline(body).references
    return tuple(_with_definitions(block, defined) for block in found)


def _with_definitions(block: str, defined: Mapping[str, tuple[str, str | None]]) -> str:
    used = (" ".join(name.split()).lower() for name in _IN_BRACKETS.findall(_DEFINITION.sub("", block)))
    lines = []
    for name in dict.fromkeys(name for name in used if name in defined):
        target, title = defined[name]
        # Whoever writes a title puts it into one of three pairs of marks, and it holds none of its own pair.
        marks = next((pair for pair in ('""', "''", "()") if not set(pair) & set(title or "")), '""')
        lines.append(f"[{name}]: {target}" + (f" {marks[0]}{title}{marks[1]}" if title else ""))
    return "\n\n".join([block, "\n".join(lines)]) if lines else block


def drawn(block: str) -> Text:
    """The pieces of a block of Markdown, drawn as the site does; as it was written where that is nothing."""
    pieces = tuple(_pieces(markdown.render(discreet(block))))
    return pieces if any(piece.is_word for piece in pieces) else plain(block)


def _pieces(html: str) -> Iterator[Piece]:
    targets: list[str] = []
    for found in _PIECE.finditer(html):
        closing, name, attributes, word, space = found.groups()
        name = (name or "").lower()
        if space is not None:
            yield Piece(space)
        elif word is not None:
            yield Piece(unescape(word))
        elif name == "img":
            shown = f"{_read(_TARGET, attributes)}{_titled(attributes)}"
            yield from _words(f"⟨{_read(_ALT, attributes) or '–'} ({shown})⟩")
        elif name == "a":
            if not closing:
                targets.append((_read(_TARGET, attributes) or "–") + _titled(attributes))
            elif targets:
                yield from _words(f" ⟨→ {targets.pop()}⟩")
        elif name in TAGS:
            yield Piece(closing + name, is_tag=True)
        elif name in _HEADINGS:
            yield from (
                Piece(closing + tag, is_tag=True) for tag in (("strong", "p") if closing else ("p", "strong"))
            )


def _read(shape: re.Pattern[str], attributes: str) -> str:
    found = shape.search(attributes)
    return unescape(unescape(found[1])) if found else ""


def _titled(attributes: str) -> str:
    """What a browser shows beside a link or picture that is pointed at."""
    title = _read(_TITLE, attributes)
    return f" “{title}”" if title else ""


def _words(text: str) -> Iterator[Piece]:
    return (Piece(part) for part in re.findall(r"\S+|\s+", text))


def runs(text: Iterable[Piece]) -> Iterator[tuple[str, bool, bool]]:
    """Neighbouring words of one kind together: (text, is it a tag, is it marked)."""
    kept, marked = "", False
    for piece in text:
        if not piece.is_tag and piece.is_marked == marked:
            kept += piece.text
            continue
        if kept:
            yield kept, False, marked
        kept, marked = "", piece.is_marked
        if piece.is_tag:
            yield piece.text, True, False
            marked = False
        else:
            kept = piece.text
    if kept:
        yield kept, False, marked


def html(text: Iterable[Piece], mark: str = "", before: str = "", after: str = "") -> str:
    """Safe HTML of the pieces; marked ones stand in the element ``mark``, led and closed by hidden words."""
    out, opened = [], []
    for words, is_tag, is_marked in runs(text):
        if is_tag:
            name = words.lstrip("/")
            if words in ("br", "hr"):
                out.append(f"<{words}>")
            elif not words.startswith("/"):
                opened.append(name)
                out.append(f"<{name}>")
            elif name in opened:
                # Whatever a drawer left open ends here, so that no text can break out of its place.
                while opened:
                    last = opened.pop()
                    out.append(f"</{last}>")
                    if last == name:
                        break
        elif is_marked and mark:
            out.append(f"<{mark}>{_hidden(before)}{escape(words)}{_hidden(after)}</{mark}>")
        else:
            out.append(escape(words))
    return "".join([*out, *(f"</{name}>" for name in reversed(opened))])


def _hidden(words: str) -> str:
    return f'<span class="hidden">{escape(words)} </span>' if words else ""


def text_lines(text: Iterable[Piece], marks: tuple[str, str] = ("", "")) -> list[str]:
    """The pieces as lines for a terminal; marked words stand between the two ``marks``."""
    out = ""
    for words, is_tag, is_marked in runs(text):
        if is_tag:
            name = words.lstrip("/")
            out += "\n" if name in _BREAKS else "  " if words in ("/td", "/th") else ""
            out += "• " if words == "li" else ""
        elif is_marked:
            inner = words.strip()
            left, right = words[: len(words) - len(words.lstrip())], words[len(words.rstrip()) :]
            out += f"{left}{marks[0]}{inner}{marks[1]}{right}" if inner else words
        else:
            out += words
    return [" ".join(line.split()) for line in out.split("\n") if line.strip() and line.strip() != "•"]
