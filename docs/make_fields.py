"""Writes docs/isian-halaman.md from the forms of every kind; a test keeps the page fresh."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from sop_site.content import KINDS, forms
from sop_site.content.forms import Field
from sop_site.content.kinds import BasePage

EXAMPLES = Path(__file__).resolve().parent.parent / "tests/examples/pages"
WIDGETS = {
    "fixed": "tetap", "text": "teks", "long-text": "teks panjang", "number": "angka", "date": "tanggal",
    "moment": "tanggal, boleh dengan jam", "yes-no": "true atau false", "choice": "satu pilihan",
    "choices": "daftar pilihan", "list": "daftar teks", "file": "nama berkas", "group": "kumpulan isian",
    "table": "daftar kumpulan isian",
}  # fmt: skip
INTRO = """\
# Isian halaman

Apa yang ditulis di bagian atas setiap naskah, di antara dua baris `---`: untuk apa tiap jenis halaman, nama
isian, kunci yang diketik, mana yang wajib, dan batasnya. `sop new` sudah menulis kunci yang wajib;
`sop check` menyebut isian yang salah dengan nama dan barisnya. Penyunting yang mengenal JSON Schema dapat
memakai `sop schema`; formulir untuk program lain ada pada `sop schema --forms`. Isian wajib berupa teks atau
daftar boleh berisi `belum diisi oleh kantor` sampai datanya ada, kecuali jenis, judul, tanggal, unit,
dan topik.

Dibuat oleh `docs/make_fields.py`; jangan disunting dengan tangan."""


def page() -> str:
    """The whole page as Markdown."""
    made = forms.forms("id")
    common = [field for field in made["page"].fields if field.key in BasePage.model_fields]
    parts = [INTRO, "## Isian semua jenis", _table(common)]
    parts += [part for field in common if field.fields for part in _within(field)]
    for kind, form in made.items():
        own = [field for field in form.fields if field.key not in BasePage.model_fields]
        starred = [
            field.label for field in form.fields if field.required and field.key in BasePage.model_fields
        ]
        extra = [
            label for label in starred if label not in {field.label for field in common if field.required}
        ]
        address = f"`content/{form.section}/{'<tanggal>-' if form.dated else ''}<id>/index.md`"
        parts += [f"## {form.label} (`{kind}`)", f"{form.purpose} Tempatnya {address}."]
        if extra:
            parts.append(f"Pada jenis ini wajib pula: {', '.join(extra)}.")
        if own:
            parts += [_table(own), *(part for field in own if field.fields for part in _within(field))]
        parts += [
            "Contoh lengkap:",
            f"````markdown\n{example(kind).read_text(encoding='utf-8').rstrip()}\n````",
        ]
    return "\n\n".join(parts) + "\n"


def example(kind: str) -> Path:
    """The complete page of a kind that stands on the page of fields."""
    section = forms.form(kind).section
    return next(EXAMPLES.glob(f"content/{section}/*/index.md"))


def _within(field: Field) -> list[str]:
    return [f"Di dalam **{field.label}** (`{field.key}`):", _table(field.fields)]


def _table(fields: "list[Field] | tuple[Field, ...]") -> str:
    rows = ["| isian | kunci | wajib | bentuk dan batas | bantuan | contoh |", "|---|---|---|---|---|---|"]
    for field in fields:
        sample = field.example.replace("|", "\\|")
        cells = (field.label, f"`{field.key}`", _required(field), _limits(field), field.help, f"`{sample}`")
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows)


def _required(field: Field) -> str:
    if field.required:
        return "ya"
    if field.needed is None:
        return "–"
    has = f"`{field.needed.when}`" + (
        f" berisi {str(field.needed.has).lower()}" if field.needed.has else " diisi"
    )
    unless = field.needed.unless
    return f"bila {has}" + (f", kecuali `{unless}: {str(field.needed.unless_has).lower()}`" if unless else "")


def _limits(field: Field) -> str:
    parts = [WIDGETS[field.widget]]
    if field.shortest or field.longest:
        parts.append(f"{f'{field.shortest}–' if field.shortest else 'sampai '}{field.longest} huruf")
    if field.fewest:
        parts.append(
            f"{field.fewest}–{field.most} butir" if field.most else f"paling sedikit {field.fewest} butir"
        )
    if field.least is not None:
        parts.append(f"{field.least:g} sampai {field.greatest:g}")
    if field.endings:
        parts.append(", ".join(field.endings))
    if field.choices:
        parts.append(", ".join(f"`{choice.value}` {choice.label}" for choice in field.choices))
    if field.source:
        parts.append(f"dari daftar `[[{field.source}]]` di site.toml")
    return "; ".join(parts)


if __name__ == "__main__":
    assert set(KINDS) == set(forms.forms())
    (Path(__file__).parent / "isian-halaman.md").write_text(page(), encoding="utf-8")
