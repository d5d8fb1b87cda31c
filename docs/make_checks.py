"""Writes docs/pemeriksaan.md from the catalogue and tests/examples/; a test keeps the page fresh."""

import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from sop_site import messages
from tests.rule_examples import Example, topics

# Whatever a sentence leaves open, where no example fills it in.
_OPEN = dict.fromkeys(
    {
        name
        for path in (Path(messages.__file__).parent / "id").glob("*.ftl")
        for name in re.findall(r"\$(\w+)", path.read_text(encoding="utf-8"))
    },
    "…",
)
INTRO = """\
# Pemeriksaan

Semua yang diperiksa `sop check` sebelum sebuah draf dapat diajukan: kalimat yang tampil, apa yang harus
dilakukan, contoh yang kena, dan contoh yang tidak. **Harus diperbaiki** menahan pengajuan dan persetujuan;
**saran** hanya ditampilkan. Data pribadi dalam setiap jawaban disamarkan. Contoh di halaman ini dijalankan
oleh pengujian, satu per satu; baris yang diawali `#` di dalamnya menerangkan keadaan di sekitar naskah.

Dibuat oleh `docs/make_checks.py`; jangan disunting dengan tangan."""


def page() -> str:
    """The whole page as Markdown."""
    parts = [INTRO]
    for topic in topics():
        parts += [f"## {topic.title}", *(_described(example) for example in topic.examples)]
    return "\n\n".join(parts) + "\n"


def _described(example: Example) -> str:
    found = (
        next((one for one in example.bad.findings() if one.code == example.code), None)
        if example.bad
        else None
    )
    severity = f" · {_SEVERITY[found.severity]}" if found else ""
    values = messages.as_json("id", found) if found else None
    sentence = values["message"] if values else messages.say("id", example.code, **_OPEN)
    advice = values["advice"] if values else messages.advice("id", example.code, **_OPEN)
    parts = [f"### `{example.code}`{severity}", f"{_text(str(sentence))}\n→ {_text(str(advice))}"]
    if example.says:
        parts.append(f"Contoh: {example.says}.")
    if example.bad and example.good:
        # What no check stops is nobody's number; masked, it could not be told from what is stopped.
        bad, good = messages.masked(_seen(example.bad.excerpt())), _seen(example.good.excerpt())
        parts += ["Kena:", _block(bad), "Tidak kena:", _block(good)]
    return "\n\n".join(parts)


_SEVERITY = {"error": "harus diperbaiki", "warning": "saran"}


def _text(sentence: str) -> str:
    """A sentence that holds pieces of Markdown or HTML, as text; what nobody sees is written out."""
    return re.sub(r"([<\[*_`|]|(?<=\])\()", r"\\\1", _seen(sentence))


def _seen(text: str) -> str:
    return "".join(c if c.isprintable() or c == "\n" else f"⟨U+{ord(c):04X}⟩" for c in text)


def _block(text: str) -> str:
    return f"````text\n{text}\n````"


if __name__ == "__main__":
    (Path(__file__).parent / "pemeriksaan.md").write_text(page(), encoding="utf-8")
