"""Findings for a reader at a terminal: the same advice many times on one page is told once, with its places.

Whoever is told the same thing ten times reads nothing of it any more. Errors are never drawn together: each
has to be mended. Programs (JSON) get every finding.
"""

from collections.abc import Sequence

from sop_site.answers import Finding, Refusal
from sop_site.messages import as_lines, field_name, masked, say

MANY = 4
"""From this number on, warnings of one code on one page are told together."""
_MOST_PLACES = 20
_TELLING = ("field", "word", "text", "file", "target")


def lines(lang: str, answers: Sequence[Finding | Refusal]) -> list[str]:
    """All answers in their order."""
    together: dict[tuple[str, str], list[Finding]] = {}
    for answer in answers:
        if isinstance(answer, Finding) and answer.severity == "warning":
            together.setdefault((answer.code, answer.path), []).append(answer)
    told: list[str] = []
    for answer in answers:
        same = together.get((answer.code, answer.path), []) if isinstance(answer, Finding) else []
        if len(same) < MANY or not isinstance(answer, Finding) or answer.severity != "warning":
            told += as_lines(lang, answer)
        elif answer is same[0]:
            sentence, *advice = as_lines(lang, answer)
            told += [sentence, f"  {_others(lang, same)}", *advice]
    return told


def _others(lang: str, same: Sequence[Finding]) -> str:
    places = [_place(lang, finding) for finding in same[1 : _MOST_PLACES + 1]]
    more = ["…"] if len(same) > _MOST_PLACES + 1 else []
    return say(lang, "told-together", count=len(same), places=", ".join([*places, *more]))


def _place(lang: str, finding: Finding) -> str:
    """What tells this finding from the others: its word or field, and its line."""
    name = next((key for key in _TELLING if key in finding.values), None)
    word = masked(str(finding.values[name])) if name else ""
    word = field_name(lang, word) if name == "field" else word
    line = say(lang, "told-line", line=str(finding.line)) if finding.line is not None else ""
    return f"{word} ({line})" if word and line else word or line or "–"
