"""Finding a file again by the words that somebody remembers: how words are compared, and what comes first."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

MONTHS = (
    ("januari", "january"), ("februari", "february"), ("maret", "march"), ("april", "april"), ("mei", "may"),
    ("juni", "june"), ("juli", "july"), ("agustus", "august"), ("september", "september"),
    ("oktober", "october"), ("november", "november"), ("desember", "december"),
)  # fmt: skip
_MONTH_NAMES = frozenset(name for names in MONTHS for name in names)
_OWN, _PAGE, _AROUND, _WITHIN = 8, 4, 2, 1
_AT_WORD = 2
"""A word that begins where it was found counts this many times what one within another word counts."""
_DAY = re.compile(r"0?([1-9]|[12][0-9]|3[01])")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")


@dataclass(frozen=True)
class Entry:
    """A file beside a page, with every word by which somebody may look for it."""

    path: str
    """Of the file in the repository."""
    blob: str
    size: int
    """Bytes."""
    page: str
    title: str
    url: str
    day: str
    """``2026-08-17``: when it was taken, else the page's own date."""
    caption: str = ""
    alt: str = ""
    credit: str = ""
    topics: tuple[str, ...] = ()
    """Ids and names."""
    unit: str = ""
    used: bool = True
    """Whether the page names it."""
    draft: str | None = None
    """The draft that it stands in; ``None`` for what is public."""

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]

    @cached_property
    def fields(self) -> tuple[tuple[int, str], ...]:
        """Weight and folded words of everything but the file's own text."""
        name = self.name
        own = f"{name} {name.rpartition('.')[0].replace('-', ' ')} {self.caption} {self.alt}"
        around = f"{' '.join(self.topics)} {self.unit} {self.credit} {_day_in_words(self.day)}"
        page = f"{self.title} {self.page.split('/')[-2].replace('-', ' ')}"
        return (_OWN, folded(own)), (_PAGE, folded(page)), (_AROUND, folded(around))


def folded(text: str) -> str:
    """Without case, accents and repeated blanks."""
    if not text.isascii():
        text = "".join(
            letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter)
        )
    return " ".join(text.casefold().split())


def search(words: Iterable[str], entries: Iterable[Entry], texts: Mapping[str, str]) -> tuple[Entry, ...]:
    """Entries that hold every word, best first, the newest first among equals.

    ``texts`` has what each file says, by its blob's id, folded.
    """
    wanted = [(word, _pattern(word)) for word in asked(words)]
    ranked = [(_score(wanted, entry, texts.get(entry.blob, "")), entry) for entry in entries]
    found = sorted((row for row in ranked if row[0]), key=lambda row: row[1].path)
    found.sort(key=lambda row: (row[0], row[1].day), reverse=True)
    return tuple(entry for _, entry in found)


def asked(words: Iterable[str]) -> tuple[str, ...]:
    """What is looked for: single words, and days and months as the phrases that they are."""
    single = folded(" ".join(words)).replace(",", " ").split()
    phrases: list[str] = []
    while single:
        word = single.pop(0)
        if _DAY.fullmatch(word) and single and single[0] in _MONTH_NAMES:
            word = f"{int(word)} {single.pop(0)}"
        if word.rpartition(" ")[2] in _MONTH_NAMES and single and _YEAR.fullmatch(single[0]):
            word = f"{word} {single.pop(0)}"
        phrases.append(word)
    return tuple(dict.fromkeys(phrases))


def _score(wanted: Sequence[tuple[str, re.Pattern[str]]], entry: Entry, text: str) -> int:
    """How well an entry answers; 0 where a word is missing."""
    total = 0
    for word, pattern in wanted:
        best = 0
        for weight, field in (*entry.fields, (_WITHIN, text)):
            if word in field:
                best = max(best, weight * _found(word, pattern, field))
        if not best:
            return 0
        total += best
    return total


def _pattern(word: str) -> re.Pattern[str]:
    """Where a word begins; a number is no hit within another one: "17" is not in "2017" nor "1" in "17"."""
    if word[0].isdigit():
        return re.compile(rf"(?<![^\W_]){re.escape(word)}(?!\d)")
    return re.compile(rf"(?<![^\W_]){re.escape(word)}")


def _found(word: str, pattern: re.Pattern[str], text: str) -> int:
    """How good a hit is in a text that holds the word somewhere."""
    if pattern.search(text):
        return _AT_WORD
    return 0 if word[0].isdigit() else 1


def _day_in_words(day: str) -> str:
    """``2026-08-17 17 agustus 2026 17 august 2026``."""
    try:
        known = date.fromisoformat(day)
    except ValueError:
        return day
    return " ".join([day, *(f"{known.day} {name} {known.year}" for name in MONTHS[known.month - 1])])
