"""OpenSSH's allowed-signers file, from every policy that an office had: whose key could sign, and when.

With it stock git says "Good" to every approval signed by a person. It knows keys and times only: roles,
scopes, refusals and the order of approvals are for ``sop verify``.
"""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import pairwise

from sop_site.approval import policy_fields as fields
from sop_site.approval.policy import Person
from sop_site.approval.policy_history import PolicyVersion

NAMESPACE = "git"
_SIGNING = frozenset({"head", "acting", "daily", "operator", "witness"})
_FIRST, _LAST = 1, 253_402_300_799
"""Times that OpenSSH takes: after the epoch's first second, before the year 10000."""
# In a list of principals these mean "anything", "not" and, at the beginning of a line, a comment.
_PATTERN = re.compile(r"[*!#]")

_Span = tuple[int, int]


def lines(versions: Sequence[PolicyVersion], times: Mapping[str, datetime]) -> tuple[str, ...]:
    """One line for each key and each unbroken time in which it counted; oldest first, without line ends.

    ``versions`` oldest first; ``times`` are those of the commits that ``compromised_since`` names. A policy
    judges the approvals after the one that brought it, up to and with the one that brings the next.
    """
    spans: dict[tuple[str, str], list[_Span]] = {}
    for place, (version, following) in enumerate(pairwise([*versions, None])):
        assert version is not None
        # A later policy voids what was given under this one, not the other way round.
        since_when = _compromised(versions[place:], times)
        begins, ends = _whole(version.since), _whole(following.since) if following else _LAST
        for person in version.policy.persons:
            for key in person.keys if person.role in _SIGNING else ():
                fingerprint = fields.fingerprint_of(key)
                if not version.policy.is_revoked(fingerprint):
                    last = min(ends, since_when.get(fingerprint, _LAST))
                    _add(spans.setdefault((principal(person.id), key), []), person, begins, last)
    found = [(begin, end, who, key) for (who, key), list_ in spans.items() for begin, end in list_]
    return tuple(_line(who, key, begin, end) for begin, end, who, key in sorted(found))


def principal(person_id: str) -> str:
    """The id as a pattern that fits it: ``?``, any character, for what a pattern would misread."""
    return _PATTERN.sub("?", person_id)


def stamp(moment: datetime) -> str:
    """A time as OpenSSH reads it, in UTC (from version 9.1 on)."""
    return moment.astimezone(UTC).strftime("%Y%m%d%H%M%SZ")


def _compromised(versions: Iterable[PolicyVersion], times: Mapping[str, datetime]) -> dict[str, int]:
    """Key → time of the last approval that it may still have given (§4.6)."""
    since: dict[str, int] = {}
    for version in versions:
        for entry in version.policy.revoked:
            moment = times.get(entry.compromised_since or "")
            if moment is not None:
                since[entry.key] = min(_whole(moment), since.get(entry.key, _LAST))
    return since


def _add(spans: list[_Span], person: Person, begins: int, ends: int) -> None:
    """Add the part of the person's term that lies within; terms end before ``until``, OpenSSH's at it."""
    begin = max(begins, _whole(person.start), _FIRST)
    end = min(ends, _whole(person.until) - 1 if person.until else _LAST)
    if begin > end:
        return
    if spans and begin <= spans[-1][1] + 1:
        spans[-1] = (min(begin, spans[-1][0]), max(end, spans[-1][1]))
    else:
        spans.append((begin, end))


def _line(who: str, key: str, begin: int, end: int) -> str:
    options = [f'namespaces="{NAMESPACE}"', f'valid-after="{_text(begin)}"']
    if end < _LAST:
        # OpenSSH takes no time of a single second.
        options.append(f'valid-before="{_text(max(end, begin + 1))}"')
    return f"{who} {','.join(options)} {key}"


def _whole(moment: datetime) -> int:
    """The first whole second that is not before ``moment``."""
    return math.ceil(moment.timestamp())


def _text(seconds: int) -> str:
    return stamp(datetime.fromtimestamp(seconds, UTC))
