"""Small changes to a page's file that leave everything else as its author wrote it."""

import json
import re
from collections.abc import Mapping, Sequence

_TOP_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]*:")
_BETWEEN_FIELDS = re.compile(r"\s*$|#")
_DASH = re.compile(r"( *)- ")
_MARKDOWN_OWN = re.compile(r"([\\\[\]`*_])")


def with_value(text: str, key: str, value: str | bool | Sequence[str]) -> str:
    """The page with a top-level field set: replaced where it stands, else added at the end of the head."""
    line = f"{key}: {_scalar(value)}"
    head, body = _parts(text)
    start, end = _field(head, key)
    return _joined([*head[:start], line, *head[end:]], body)


def without(text: str, key: str) -> str:
    """The page without a top-level field."""
    head, body = _parts(text)
    start, end = _field(head, key)
    return _joined([*head[:start], *head[end:]], body)


def with_entry(text: str, key: str, entry: Mapping[str, str | bool]) -> str:
    """The page with one more mapping at the end of a top-level list."""
    head, body = _parts(text)
    start, end = _field(head, key)
    return _joined([*head[:start], *_longer(head[start:end], key, entry), *head[end:]], body)


def with_paragraph(text: str, paragraph: str) -> str:
    """The page with one more paragraph at its end."""
    return f"{text.rstrip()}\n\n{paragraph}\n"


def label(text: str) -> str:
    """Words for the square brackets of a link or picture: on one line, and nothing in them is Markdown."""
    return _MARKDOWN_OWN.sub(r"\\\1", " ".join(text.split()))


def _longer(field: Sequence[str], key: str, entry: Mapping[str, str | bool]) -> list[str]:
    """The lines of a list with one more entry, in the style in which the list is written."""
    rows = [f"{name}: {_scalar(value)}" for name, value in entry.items()]
    inline = field[0].partition(":")[2].strip() if field else ""
    if inline.startswith("[") and "".join(field[1:]).strip() + inline.strip("[] "):
        before, _, after = "\n".join(field).rpartition("]")
        comma = "" if before.rstrip().endswith(("[", ",")) else ","
        return f"{before.rstrip()}{comma} {{{', '.join(rows)}}}]{after}".split("\n")
    # An empty list and the mark of what is not filled in give way to a list that is written out.
    standing = [f"{key}:"] if not field or (inline and not inline.startswith("#")) else list(field)
    indent = next((found[1] for line in standing[1:] if (found := _DASH.match(line))), "  ")
    return [*standing, f"{indent}- {rows[0]}", *(f"{indent}  {row}" for row in rows[1:])]


def _scalar(value: str | bool | Sequence[str]) -> str:
    """As YAML; a list stands on its line."""
    return str(value).lower() if isinstance(value, bool) else json.dumps(value, ensure_ascii=False)


def _parts(text: str) -> tuple[list[str], list[str]]:
    """The head's lines between its marks, and everything from the closing mark on."""
    lines = text.split("\n")
    end = lines.index("---", 1)
    return lines[1:end], lines[end:]


def _joined(head: Sequence[str], body: Sequence[str]) -> str:
    return "\n".join(["---", *head, *body])


def _field(head: Sequence[str], key: str) -> tuple[int, int]:
    """The lines of a top-level field without what stands between it and the next; at the end if absent."""
    for number, line in enumerate(head):
        if line.startswith(f"{key}:"):
            end = number + 1
            while end < len(head) and not _TOP_KEY.match(head[end]):
                end += 1
            while _BETWEEN_FIELDS.match(head[end - 1]):
                end -= 1
            return number, end
    return len(head), len(head)
