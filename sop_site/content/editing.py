"""Small changes to a page's file that leave everything else as its author wrote it."""

import json
import re
from collections.abc import Mapping, Sequence

_TOP_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]*:")


def with_value(text: str, key: str, value: str | bool) -> str:
    """The page with a top-level field set: replaced where it stands, else added at the end of the head."""
    line = f"{key}: {_scalar(value)}"
    head, body = _parts(text)
    start, end = _field(head, key)
    return _joined([*head[:start], line, *head[end:]], body)


def with_entry(text: str, key: str, entry: Mapping[str, str | bool]) -> str:
    """The page with one more mapping at the end of a top-level list."""
    rows = [f"{name}: {_scalar(value)}" for name, value in entry.items()]
    lines = [f"  - {rows[0]}", *(f"    {row}" for row in rows[1:])]
    head, body = _parts(text)
    start, end = _field(head, key)
    standing = head[start:end]
    # An empty list is written out, so that entries can stand below it.
    if not standing or standing[0].partition(":")[2].strip():
        standing = [f"{key}:"]
    return _joined([*head[:start], *standing, *lines, *head[end:]], body)


def with_paragraph(text: str, paragraph: str) -> str:
    """The page with one more paragraph at its end."""
    return f"{text.rstrip()}\n\n{paragraph}\n"


def _scalar(value: str | bool) -> str:
    return str(value).lower() if isinstance(value, bool) else json.dumps(value, ensure_ascii=False)


def _parts(text: str) -> tuple[list[str], list[str]]:
    """The head's lines between its marks, and everything from the closing mark on."""
    lines = text.split("\n")
    end = lines.index("---", 1)
    return lines[1:end], lines[end:]


def _joined(head: Sequence[str], body: Sequence[str]) -> str:
    return "\n".join(["---", *head, *body])


def _field(head: Sequence[str], key: str) -> tuple[int, int]:
    """The lines of a top-level field, from its key to the next one; an empty stretch at the end if absent."""
    for number, line in enumerate(head):
        if line.startswith(f"{key}:"):
            end = number + 1
            while end < len(head) and not _TOP_KEY.match(head[end]):
                end += 1
            return number, end
    return len(head), len(head)
