"""A ledger entry: one canonical JSON file for one decision, sighting, measurement or record (protocol §6)."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NoReturn

from sop_site.approval import digests

DECISIONS = frozenset({"return", "reject", "reopen"})
KINDS = DECISIONS | {"witness", "countersign", "archive", "report", "intake", "probe"}
WITNESS_KEYS = frozenset({"tip", "first_seen", "content_digest", "output_digest"})
_KEYS = frozenset({"actor", "at", "data", "draft", "kind", "previous", "publish", "reason", "sequence"})
_RFC3339 = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-9]{2}:[0-9]{2}(Z|[+-][0-9]{2}:[0-9]{2})"
)
_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
LIMIT = 1024 * 1024
"""Largest entry file, in bytes: a list of lists takes up twenty times its bytes when it is read."""
HIGHEST_SEQUENCE = 99_999_999
LIMIT = 1024 * 1024
"""Bytes of the longest entry file: JSON of brackets alone takes twenty times its length."""


class EntryMalformed(ValueError):
    """Bytes that are no entry in canonical form; the text is a short English reason."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What an entry file says; ``commit`` is where it stood, known only for entries read from a ledger."""

    sequence: int
    kind: str
    actor: str
    at: datetime
    publish: str
    draft: str | None = None
    reason: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    previous: str | None = None
    commit: str | None = None


def path(entry: Entry) -> str:
    """The one file that the entry adds, ``entries/00000001-return.json``."""
    return f"entries/{entry.sequence:08d}-{entry.kind}.json"


def entry_bytes(entry: Entry) -> bytes:
    """The entry file's bytes."""
    return canonical(
        {
            "actor": entry.actor,
            "at": entry.at.isoformat(timespec="seconds"),
            "data": entry.data,
            "draft": entry.draft,
            "kind": entry.kind,
            "previous": entry.previous,
            "publish": entry.publish,
            "reason": entry.reason,
            "sequence": entry.sequence,
        }
    )


def canonical(value: Mapping[str, Any]) -> bytes:
    """JSON with sorted keys, no spaces, plain UTF-8 and one final LF; ``EntryMalformed`` for floats."""
    _no_floats(value)
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    try:
        return text.encode("utf-8") + b"\n"
    except UnicodeEncodeError as error:
        raise EntryMalformed("a lone surrogate") from error


def parse(data: bytes) -> Entry:
    """The entry in a file's bytes; ``EntryMalformed`` if they are not canonical or a value is out of form."""
    if len(data) > LIMIT:
        raise EntryMalformed(f"larger than {LIMIT} bytes")
    try:
        value = json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_object,
            parse_float=_refuse,
            parse_constant=_refuse,
        )
        if not isinstance(value, dict) or canonical(value) != data:
            raise EntryMalformed("not canonical JSON")
    except RecursionError as error:
        raise EntryMalformed("nested too deeply") from error
    except EntryMalformed:
        raise
    except ValueError as error:
        raise EntryMalformed("not JSON in UTF-8") from error
    return _entry(value)


def instant(text: object) -> datetime:
    """An RFC 3339 time in whole seconds with its offset; ``EntryMalformed`` for anything else."""
    if not isinstance(text, str) or not _RFC3339.fullmatch(text):
        raise EntryMalformed("a time is not RFC 3339 with offset")
    try:
        moment = datetime.fromisoformat(text)
        moment.timestamp()
    except (ValueError, OverflowError) as error:
        raise EntryMalformed("a time that no calendar has") from error
    return moment


def is_commit(value: object) -> bool:
    """Whether ``value`` has the form of a commit id."""
    return isinstance(value, str) and _COMMIT.fullmatch(value) is not None


def _entry(value: dict[str, Any]) -> Entry:
    if set(value) != _KEYS:
        raise EntryMalformed("the keys are not exactly those of an entry")
    sequence, kind, data, reason = value["sequence"], value["kind"], value["data"], value["reason"]
    if type(sequence) is not int or not 1 <= sequence <= HIGHEST_SEQUENCE:
        raise EntryMalformed("sequence")
    if kind not in KINDS if isinstance(kind, str) else True:
        raise EntryMalformed("kind")
    if not isinstance(data, dict) or not isinstance(reason, str) or not isinstance(value["actor"], str):
        raise EntryMalformed("data, reason or actor has another type")
    if not is_commit(value["publish"]) or not (value["draft"] is None or is_commit(value["draft"])):
        raise EntryMalformed("publish or draft is no commit id")
    if not (value["previous"] is None or digests.is_text(value["previous"])):
        raise EntryMalformed("previous is no digest")
    entry = Entry(
        sequence=sequence,
        kind=kind,
        actor=value["actor"],
        at=instant(value["at"]),
        publish=value["publish"],
        draft=value["draft"],
        reason=reason,
        data=data,
        previous=value["previous"],
    )
    _check_kind(entry)
    return entry


def _check_kind(entry: Entry) -> None:
    if entry.kind in DECISIONS:
        if entry.draft is None or not entry.reason.strip():
            raise EntryMalformed(f"a {entry.kind} needs a draft and a reason")
        if not digests.is_text(entry.data.get("content_digest")):
            raise EntryMalformed(f"a {entry.kind} needs data.content_digest")
    if entry.kind == "witness":
        if set(entry.data) != WITNESS_KEYS or not is_commit(entry.data["tip"]):
            raise EntryMalformed("data of a witness entry")
        if not all(digests.is_text(entry.data[key]) for key in ("content_digest", "output_digest")):
            raise EntryMalformed("digests of a witness entry")
        instant(entry.data["first_seen"])


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise EntryMalformed("a key stands twice")
    return found


def _refuse(_text: str) -> NoReturn:
    raise EntryMalformed("a number that is no integer")


def _no_floats(value: object) -> None:
    if isinstance(value, float):
        raise EntryMalformed("a number that is no integer")
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if not isinstance(key, str):
                raise EntryMalformed("a key that is no string")
            _no_floats(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            _no_floats(inner)
