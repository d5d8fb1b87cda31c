"""The labelled set: texts with what must be found in them, one a line, under the heading that labels them.

``== personal-nik personal-kk @ title``: the codes that are errors, each as often as it must be found at
least,
then where the text stands (the body, if nothing is said). ``~code`` is a warning, ``none`` means no error
and no
warning. The texts are written with JSON's escapes (``\\n``, ``\\u200b``); lines that begin with ``#``
explain.
"""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sop_site.answers import Finding
from sop_site.rules import MediaFacts, PageInput, gambling, personal_data, secrets
from tests.sop_site.rules import values

HERE = Path(__file__).parent
PLACES = ("body", "title", "summary", "comment", "alt", "list", "caption", "file", "id", "pdf")
_RULES = (*personal_data.RULES, *gambling.RULES, *secrets.RULES)
_OURS = ("personal-", "gambling-", "secret-", "nip-")


@dataclass(frozen=True, slots=True)
class Case:
    """One text and its label."""

    text: str
    place: str
    errors: tuple[str, ...]
    warnings: tuple[str, ...]
    source: str
    """File and line."""

    @property
    def is_innocent(self) -> bool:
        return not self.errors

    def page(self) -> PageInput:
        """A page that is all right but for the text in its place."""
        quoted = json.dumps(self.text)
        match self.place:
            case "body":
                return values.given(self.text)
            case "title" | "summary":
                return values.given("Isi.", **{self.place: quoted})
            case "comment":
                return values.given("Isi.", lang=f"id # {self.text}")
            case "alt":
                return values.given(f"![{self.text}](foto.jpg)")
            case "list":
                return values.given("Isi.", sources=f"[{quoted}]")
            case "caption":
                photos = f'[{{file: a.jpg, alt: "Foto", credit: "Kantor", caption: {quoted}}}]'
                return values.given("Isi.", kind="gallery", topics="", photos=photos)
            case "file":
                return values.given("Isi.", media=[MediaFacts(self.text, "pdf", 9)])
            case "id":
                return values.given("Isi.", path=f"content/berita/{self.text}/index.md")
        assert self.place == "pdf"
        return values.given("Isi.", media=[MediaFacts("surat.pdf", "pdf", 9, text=self.text)])

    def miss(self) -> str | None:
        """What went wrong, if anything did."""
        told = judged(self.page())
        found = Counter(item.code for item in told if item.severity == "error")
        mentioned = Counter(item.code for item in told if item.severity == "warning")
        if self.is_innocent and not self.warnings:
            return f"{sorted(found | mentioned)} were found" if found or mentioned else None
        if missing := (Counter(self.errors) - found) + (Counter(self.warnings) - mentioned):
            return f"{sorted(missing)} missing, found {sorted(found + mentioned)}"
        # The right thing under a second, wrong name is no miss, but a wrong error beside a warning is one.
        return f"{sorted(found)} were found" if found and self.is_innocent else None


def judged(page: PageInput) -> list[Finding]:
    """What the rules of this area say; the same thing said by two of them counts once."""
    return [item for rule in _RULES for item in rule(page) if item.code.startswith(_OURS)]


def cases(*names: str) -> list[Case]:
    """All cases of some files."""
    return [case for name in names for case in _read(HERE / name)]


def _read(path: Path) -> Iterator[Case]:
    labels: list[str] = []
    place = "body"
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        if line.startswith("== "):
            said, _, where = line[3:].partition("@")
            labels, place = said.split(), where.strip() or "body"
            assert place in PLACES, f"{path.name}:{number}"
        elif line and not line.startswith("# "):
            text = json.loads('"' + line.replace('"', '\\"') + '"')
            errors = tuple(label for label in labels if not label.startswith("~") and label != "none")
            warnings = tuple(label[1:] for label in labels if label.startswith("~"))
            yield Case(text, place, errors, warnings, f"{path.name}:{number}")
