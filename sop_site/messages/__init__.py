"""All words for officers and citizens, by code, in Bahasa Indonesia and English (Project Fluent).

One file per topic and language: ``<language>/<topic>.ftl``. A message is the sentence; its attribute
``.advice`` says what to do next.
"""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

from fluent.runtime import FluentBundle, FluentResource

from sop_site.answers import Finding, Refusal

Language = Literal["id", "en"]
LANGUAGES: tuple[Language, ...] = ("id", "en")

_FOLDER = Path(__file__).resolve().parent
# A message or term with its indented lines; comments and blank lines end it.
_MESSAGE = re.compile(r"^(-?[A-Za-z][\w-]*)[ ]*=.*(?:\n(?:[ ]+\S.*|[ ]*(?=\n[ ]+\S)|}.*))*", re.M)
_REFERENCE = re.compile(r"\{\s*(-?[a-z][\w-]*)")
# A run of ten or more digits, however separated, is never needed to understand a sentence. Between them may
# stand what people write there, what cannot be seen (or has been written out, as ⟨U+200B⟩), and what Markdown
# leaves away.
_LONG = 10
_BETWEEN = r"(?:[ .\-\u00a0\u00ad\u2000-\u2015\u202a-\u202f\u2060-\u2069\u2212\ufeff*_\\]|⟨U\+[0-9A-F]{4,6}⟩)"
_LONG_NUMBER = re.compile(rf"(?<!\d)\d(?:{_BETWEEN}{{0,2}}\d){{9,}}")
# Ids of commits, whole and short, and digests may hold that many digits by chance.
_HASH = re.compile(r"(?=.*[a-f])(?:[0-9a-f]{12}|[0-9a-f]{40}|[0-9a-f]{64})")
_LONGEST_HASH = 64
_WORD_BEFORE, _WORD_AFTER = re.compile(r"[0-9A-Za-z]*\Z"), re.compile(r"[0-9A-Za-z]*")
# A page's id begins with its day, and its title may go on with a number: 2026-08-17-81-tahun-merdeka.
_DAY = re.compile(r"(?:19|20)\d\d-[01]\d-[0-3]\d(?!\d)")
# A camera names a picture by its moment, img-20260817-081233.jpg; covered, those of one morning look alike.
_MOMENT = re.compile(
    r"20\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[-_]?(?:[01]\d|2[0-3])[0-5]\d[0-5]\d(?:\d{3})?", re.ASCII
)
_MEDIUM = re.compile(r"\.(?:jpe?g|png|webp|heic|mp4|mov)\b", re.I)
_KEY = re.compile(r"[a-z]+(?:-[a-z]+)*")
# Somebody's own mailbox at a provider that gives them away; the office's own addresses stay readable.
_MAILBOX = re.compile(
    r"(?<![\w.+%-])[\w.+%-]{1,64}@"
    r"(?=(?:gmail|googlemail|yahoo|ymail|hotmail|outlook|live|icloud|rocketmail|proton(?:mail)?|gmx|zoho)\.)",
    re.I,
)


@cache
def _catalogue(lang: str) -> dict[str, str]:
    """Every message of a language as it is written, by its code; each is read when somebody says it.

    A command says some twenty sentences of a thousand, and reading them all takes a third of a second.
    """
    found: dict[str, str] = {}
    for path in sorted((_FOLDER / lang).glob("*.ftl")):
        for written in _MESSAGE.finditer(path.read_text(encoding="utf-8")):
            found.setdefault(written[1], written[0])
    return found


@cache
def _bundle(lang: str) -> FluentBundle:
    return FluentBundle([lang], use_isolating=False)


@cache
def _read(lang: str, code: str) -> bool:
    """Whether there is such a message; from now on the bundle knows it and all that it refers to."""
    written = _catalogue(lang).get(code)
    if written is None:
        return False
    _bundle(lang).add_resource(FluentResource(written))
    for named in _REFERENCE.findall(written):
        _read(lang, named)
    return True


def _format(lang: str, code: str, attribute: str | None, values: Mapping[str, object]) -> str:
    message = _bundle(lang).get_message(code)
    pattern: Any = message.attributes.get(attribute) if attribute else message.value
    if pattern is None:
        return ""
    plain = {name: value if isinstance(value, int | float) else str(value) for name, value in values.items()}
    text, _ = _bundle(lang).format_pattern(pattern, plain)
    return str(text)


def knows(lang: str, code: str) -> bool:
    """Whether the catalogue of ``lang`` has a sentence for ``code``."""
    return _read(lang, code)


def say(lang: str, code: str, /, **values: object) -> str:
    """The sentence for ``code`` in ``lang`` (``id`` or ``en``); ``KeyError`` where there is none."""
    if not knows(lang, code):
        raise KeyError(code)
    return _format(lang, code, None, values)


def advice(lang: str, code: str, /, **values: object) -> str:
    """What to do about ``code``, or the empty string."""
    return _format(lang, code, "advice", values) if knows(lang, code) else ""


def part(lang: str, code: str, name: str) -> str:
    """Another part of a message than its sentence (``example``, ``purpose``), or the empty string."""
    return _format(lang, code, name, {}) if knows(lang, code) else ""


def label(lang: str, key: str, within: str = "") -> str:
    """What people call a key of the front matter, in the table or list ``within``; empty for no known key."""
    name = key.replace("_", "-")
    # A key may be anything that somebody typed; only what looks like one is asked for.
    if not _KEY.fullmatch(name):
        return ""
    codes = (f"label-{within.replace('_', '-')}-{name}", f"label-{name}")
    return next((say(lang, code) for code in codes if knows(lang, code)), "")


def field_name(lang: str, place: str) -> str:
    """``photos 3 alt`` as people say it (“Foto ke-3, Teks alternatif”); what is no field, as it stands."""
    said: list[str] = []
    within = ""
    for word in place.split(" "):
        if said and word.isascii() and word.isdigit():
            said[-1] = say(lang, "place-entry", label=said[-1], number=word)
            continue
        found = label(lang, word, within)
        if not found:
            return place
        said.append(found)
        within = word
    return ", ".join(said)


def _named(lang: str, values: Mapping[str, str | int]) -> Mapping[str, object]:
    """A finding's values with its fields as people call them, and the key that they have to type."""
    words = [word for word in str(values.get("field", "–")).split(" ") if not word.isdigit()]
    named = {name: field_name(lang, str(values[name])) for name in ("field", "before") if name in values}
    texts = {name: say(lang, str(values[name])) for name in ("shape", "what") if name in values}
    return {"key": words[-1] if words else "–", **values, **named, **texts}


def masked(text: str) -> str:
    """``text`` without the middle of long numbers and without private mailboxes: no output repeats them."""
    return _MAILBOX.sub("…@", _LONG_NUMBER.sub(_masked_number, text))


def _masked_number(found: re.Match[str]) -> str:
    number, text = found[0], found.string
    before = _WORD_BEFORE.search(text[max(0, found.start() - _LONGEST_HASH) : found.start()])
    after = _WORD_AFTER.match(text, found.end())
    if _HASH.fullmatch(f"{before[0] if before else ''}{number}{after[0] if after else ''}"):
        return number
    if _MOMENT.fullmatch(number) and _MEDIUM.match(text, found.end()):
        return number
    day = _DAY.match(number)
    rest = number[day.end() :] if day else number
    if day and sum(character.isdigit() for character in rest) < _LONG:
        return number
    kept = rest[:5] if day else rest[:4]
    return (day[0] if day else "") + kept + "********" + rest[-2:]


def as_json(lang: str, answer: Finding | Refusal) -> dict[str, object]:
    """A finding or refusal with the keys that the command contract promises."""
    if isinstance(answer, Finding):
        values: Mapping[str, object] = {"path": answer.path, **_named(lang, answer.values)}
        return {
            "code": answer.code,
            "severity": answer.severity,
            "path": masked(answer.path),
            "line": answer.line,
            "message": masked(say(lang, answer.code, **values)),
            "advice": masked(advice(lang, answer.code, **values)),
        }
    values = {"commit": answer.commit or "–", "detail": answer.detail}
    return {
        "code": answer.code,
        "commit": answer.commit,
        "detail": masked(answer.detail),
        "message": masked(say(lang, answer.code, **values)),
        "advice": masked(advice(lang, answer.code, **values)),
    }


def as_lines(lang: str, answer: Finding | Refusal) -> tuple[str, ...]:
    """A finding or refusal for a reader at a terminal: the place and the sentence, then the advice."""
    shown = as_json(lang, answer)
    if isinstance(answer, Finding):
        line = f":{answer.line}" if answer.line is not None else ""
        head = f"{say(lang, 'severity-' + answer.severity)} {shown['path']}{line}: {shown['message']}"
    else:
        head = f"{answer.code} {answer.commit[:12] if answer.commit else '–'}: {shown['message']}"
        head += f" ({shown['detail']})" if answer.detail else ""
    return (head, f"  → {shown['advice']}") if shown["advice"] else (head,)
