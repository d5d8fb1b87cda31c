"""The strict reader of a page's head: one plain YAML mapping, every key with its line, nothing clever.

Pelican's own reader misreads lists and has published drafts; this one refuses what it is not sure of.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from math import inf
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from sop_site.answers import Finding

PAGE_BYTES = 256 * 1024
HEAD_BYTES = 64 * 1024
NESTING = 6
_LONGEST_INT = 31
# Control characters but TAB and LF; line ends that only some readers see; and marks that turn the direction
# of writing, with which a line can be shown in another order than it is read.
_CONTROL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]"
)
_INT = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(
    r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"
)
_BOOLEANS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
# YAML 1.1 takes these for booleans, YAML 1.2 for words: a reader of either kind must not be surprised.
_YES_NO = frozenset({"yes", "no", "on", "off", "y", "n"})
# What follows a "#" in a quoted text is taken for one, too, which harms nobody.
_COMMENT = re.compile(r"(?:^|\s)#(.*)")
# A field on one line whose value is a plain word or sentence that no YAML reader takes for anything else: it
# begins with a letter or digit, has no "#", no colon but within a time of day, and no blank at its end.
_ROW = re.compile(
    r"([a-z_]{1,40}): (?:((?:[^\W_]|(?<=[0-9]):(?=[0-9])|[ ,.()/'\"%+;!?&=_–“”‘’…-])+)|\[([a-z0-9, -]*)\])"
)
_NO_BEGIN = frozenset(" ,.()/'\"%+;!?&=_–“”‘’…-")
_ITEM = re.compile(r"[a-z][a-z0-9-]*")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_DATE_TIME = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(?::\d{2})?(?:Z|z|[+-]\d{2}:\d{2})?")


@dataclass(frozen=True, slots=True)
class Head:
    """The front matter's values, and the line of each key (``("photos", 0, "alt")`` → 12)."""

    values: Mapping[str, Any]
    lines: Mapping[tuple[str | int, ...], int]
    comments: tuple[tuple[int, str], ...] = ()
    """Line and words of each comment: no value, but in a public file all the same."""

    def line(self, place: tuple[str | int, ...]) -> int | None:
        """Line of a key or of the nearest one above it."""
        while place:
            if place in self.lines:
                return self.lines[place]
            place = place[:-1]
        return None


@dataclass(frozen=True, slots=True)
class Divided:
    """A page's file in its two parts."""

    head: Head | None
    body: str = ""
    body_line: int = 1
    """Line of the file on which the body begins."""
    findings: tuple[Finding, ...] = ()


class _Refused(Exception):
    def __init__(self, code: str, line: int, **values: str | int) -> None:
        super().__init__(code)
        self.code, self.line, self.values = code, line, values


class _PlainLoader(yaml.SafeLoader):
    """PyYAML without the parts in which one file can mean two things, and no deeper than pages need."""

    depth = -1

    def compose_node(self, parent: Node | None, index: int) -> Node | None:
        self.depth += 1
        if self.depth > NESTING:
            line = self.peek_event().start_mark.line + 2  # type: ignore[no-untyped-call]
            raise _Refused("yaml-too-deep", line, limit=NESTING)
        node: Node | None = super().compose_node(parent, index)
        self.depth -= 1
        return node

    def fetch_anchor(self) -> None:
        raise _Refused("yaml-anchor-or-tag", self._line())

    fetch_alias = fetch_tag = fetch_directive = fetch_anchor

    def fetch_document_start(self) -> None:
        raise _Refused("yaml-many-documents", self._line())

    fetch_document_end = fetch_document_start

    def _line(self) -> int:
        return int(self.get_mark().line) + 2


@dataclass(slots=True)
class _Reader:
    lines: dict[tuple[str | int, ...], int] = field(default_factory=dict)

    def value(self, node: Node, place: tuple[str | int, ...]) -> Any:
        line = node.start_mark.line + 2
        if isinstance(node, MappingNode):
            return self._mapping(node, place)
        if isinstance(node, SequenceNode):
            for number, item in enumerate(node.value):
                self.lines[(*place, number)] = item.start_mark.line + 2
            return tuple(self.value(item, (*place, n)) for n, item in enumerate(node.value))
        assert isinstance(node, ScalarNode)
        # What a file may not hold may not come in by an escape (``"\\e"``) either.
        if _CONTROL.search(node.value):
            raise _Refused("page-has-control", line)
        return node.value if node.style in ("'", '"', "|", ">") else _plain(node.value, line)

    def _mapping(self, node: MappingNode, place: tuple[str | int, ...]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, item in node.value:
            line = key.start_mark.line + 2
            is_text = isinstance(key, ScalarNode) and (key.style is not None or key.value != "<<")
            if not is_text or _CONTROL.search(key.value):
                raise _Refused("yaml-key-not-text", line)
            if key.value in found:
                raise _Refused("yaml-key-twice", line, field=key.value[:80])
            self.lines[(*place, key.value)] = line
            found[key.value] = self.value(item, (*place, key.value))
        return found


def divide(path: str, data: bytes) -> Divided:
    """Head and body of a page's file; findings where the head cannot be read."""
    if problem := _bytes_problem(path, data):
        return Divided(None, findings=(problem,))
    text = data.decode("utf-8")
    end = text.find("\n---\n", 3) if text.startswith("---\n") else -1
    if end < 0 and text.startswith("---\n") and text.endswith("\n---"):
        end = len(text) - 4
    if end < 0:
        return Divided(None, findings=(Finding("head-missing", "error", path, 1),))
    source = text[4 : end + 1]
    if len(source.encode()) > HEAD_BYTES:
        return Divided(None, findings=(Finding("head-too-big", "error", path, 1, {"limit": HEAD_BYTES}),))
    body_line = source.count("\n") + 3
    try:
        head = _read(source)
    except _Refused as refused:
        finding = Finding(refused.code, "error", path, refused.line, refused.values)
        return Divided(None, text[end + 5 :], body_line, (finding,))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 2 if mark else 1
        values = {"detail": str(error.problem or "")}
        return Divided(
            None, text[end + 5 :], body_line, (Finding("yaml-broken", "error", path, line, values),)
        )
    except (yaml.YAMLError, RecursionError):
        broken = Finding("yaml-broken", "error", path, 1, {"detail": "–"})
        return Divided(None, text[end + 5 :], body_line, (broken,))
    return Divided(head, text[end + 5 :], body_line)


def _read(source: str) -> Head:
    try:
        plain = _read_rows(source)
    except _Refused:
        # Refused in the end; but what the whole head would be refused for may be something else.
        plain = None
    return plain or _read_yaml(source)


def _read_rows(source: str) -> Head | None:
    """What ``_read_yaml`` answers to a head of simple rows, as most pages have, in a twentieth of the time.

    ``None`` for every other head, and for any in which something may be wrong.
    """
    values: dict[str, Any] = {}
    lines: dict[tuple[str | int, ...], int] = {}
    for line, row in enumerate(source.removesuffix("\n").split("\n"), 2):
        found = _ROW.fullmatch(row)
        if found is None or found[1] in values:
            return None
        key, text, listed = found.groups()
        lines[(key,)] = line
        if text is None:
            items = listed.split(", ")
            if not all(_ITEM.fullmatch(item) for item in items):
                return None
            lines |= {(key, number): line for number in range(len(items))}
            values[key] = tuple(_plain(item, line) for item in items)
        elif text[0] in _NO_BEGIN or text[-1] == " ":
            return None
        else:
            values[key] = _plain(text, line)
    return Head(values, lines)


def _read_yaml(source: str) -> Head:
    node = yaml.compose(source, Loader=_PlainLoader)
    if not isinstance(node, MappingNode):
        raise _Refused("yaml-no-mapping", 2)
    reader = _Reader()
    values = reader.value(node, ())
    comments = [
        (n, found[1]) for n, row in enumerate(source.split("\n"), 2) if (found := _COMMENT.search(row))
    ]
    return Head(values, reader.lines, tuple(comments))


def _plain(text: str, line: int) -> Any:
    """A plain scalar by YAML 1.2's core schema, and dates in the one form that people write."""
    if text in _NULLS:
        return None
    if text in _BOOLEANS:
        return _BOOLEANS[text]
    if text.lower() in _YES_NO:
        raise _Refused("yaml-ambiguous", line, value=text)
    if _DATE.fullmatch(text) or _DATE_TIME.fullmatch(text):
        return as_date(text) or text
    if _INT.fullmatch(text) and len(text) <= _LONGEST_INT:
        return int(text, 0) if text[:2] in ("0x", "0o") else int(text)
    if _INT.fullmatch(text) or _FLOAT.fullmatch(text):
        # What counts is that it is a number and no text: how long a number may be, nobody asks.
        return inf if text[1:2] in ("x", "o") else float(re.sub(r"\.(?=[in])", "", text.lower()))
    return text


def reads_as_text(plain: str) -> bool:
    """Whether a scalar without quotation marks is text to this reader, and surprises no other one."""
    try:
        return isinstance(_plain(plain, 1), str)
    except _Refused:
        return False


def as_date(text: str) -> date | datetime | None:
    """A date or date-time in the form ``2026-01-05`` or ``2026-01-05T09:00+08:00``; ``None`` otherwise."""
    try:
        if _DATE.fullmatch(text):
            return date.fromisoformat(text)
        if _DATE_TIME.fullmatch(text):
            return datetime.fromisoformat(text.upper().replace(" ", "T"))
    except ValueError:
        return None
    return None


def _bytes_problem(path: str, data: bytes) -> Finding | None:
    for code, line, values in _bytes_problems(data):
        return Finding(code, "error", path, line, values)
    return None


def _bytes_problems(data: bytes) -> Iterator[tuple[str, int, dict[str, str | int]]]:
    if len(data) > PAGE_BYTES:
        yield "page-too-big", 1, {"limit": PAGE_BYTES}
    if data.startswith(b"\xef\xbb\xbf"):
        yield "page-has-bom", 1, {}
    if b"\r" in data:
        yield "page-has-cr", data[: data.index(b"\r")].count(b"\n") + 1, {}
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        yield "page-not-utf8", data[: error.start].count(b"\n") + 1, {}
        return
    if control := _CONTROL.search(text):
        yield "page-has-control", text.count("\n", 0, control.start()) + 1, {}
