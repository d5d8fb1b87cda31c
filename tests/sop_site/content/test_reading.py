"""From a file to a typed page: a good page of every kind, and each way in which one can be out of form."""

import json
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st

from sop_site import messages, settings
from sop_site.content import KINDS, Parsed, faults, parse, place_of, schema
from sop_site.settings import UNFILLED
from tests.every_kind import office_files
from tests.office import SITE_TOML

OFFICE = settings.parse(SITE_TOML.encode())
WITA = timezone(timedelta(hours=8))
GOOD = {path: str(text) for path, text in office_files().items() if path.endswith("index.md")}
PATHS = {kind: next(path for path in GOOD if f"kind: {kind}\n" in GOOD[path]) for kind in KINDS}


def read(kind: str, *changes: tuple[str, str]) -> Parsed:
    """The good page of a kind with lines changed; each change must fit exactly one place."""
    path = PATHS[kind]
    text = GOOD[path]
    for old, new in changes:
        assert text.count(old) == 1, (old, text)
        text = text.replace(old, new)
    return parse(path, text.encode(), OFFICE)


def told(parsed: Parsed) -> list[tuple[str, str, Any]]:
    return [(found.code, found.severity, found.values.get("field")) for found in parsed.findings]


def line(kind: str, key: str) -> tuple[str, str]:
    """A whole line of the good page, and nothing in its place."""
    text = GOOD[PATHS[kind]]
    found = next(row for row in text.split("\n") if row.startswith(f"{key}:"))
    return f"\n{found}\n", "\n"


@pytest.mark.parametrize("path", GOOD)
def test_a_good_page_of_every_kind_is_typed_without_a_word(path: str) -> None:
    parsed = parse(path, GOOD[path].encode(), OFFICE)

    place = place_of(path)
    assert place is not None
    assert parsed.page is not None
    assert [found for found in parsed.findings if found.code != "field-unfilled"] == []
    assert parsed.page.id == place[1]
    assert parsed.page.body == GOOD[path].split("\n---\n", 1)[1]
    assert GOOD[path].split("\n")[parsed.page.body_line - 2] == "---"


def test_there_is_one_of_every_kind() -> None:
    assert set(PATHS) == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_every_required_field_is_missed_by_name(kind: str) -> None:
    required = [name for name in schema.schema(kind)["required"] if name != "kind"]

    assert {"title", "date", "summary", "unit"} <= set(required)
    for name in required:
        assert told(read(kind, line(kind, name))) == [("field-missing", "error", name)], name


@pytest.mark.parametrize("kind", KINDS)
def test_the_kind_itself_is_required(kind: str) -> None:
    assert told(read(kind, line(kind, "kind"))) == [("field-missing", "error", "kind")]


NEWS, ALERT, EVENT, GALLERY = "news", "alert", "event", "gallery"
VIDEO, DOCUMENT, SERVICE, VILLAGE, PAGE = "video", "document", "service", "village", "page"
TITLE = '"Kerja bakti membersihkan pantai bersama warga"'
DATE = "\ndate: 2026-01-05"
SUMMARY = '"Kerja bakti membersihkan pantai bersama warga: ringkasan singkat untuk warga kecamatan."'
FILES = "files: [{file: rencana.pdf, title: Rencana kerja 2026}]"
INSTRUCTIONS = "instructions: [Jangan melaut, Jauhi bibir pantai]"
STEPS = "steps: [Datang ke loket, Serahkan berkas, Terima surat]"
WEBSITE = "website: https://banyuning.example.go.id"
CASES = [
    (NEWS, (f"title: {TITLE}", "title: 2026"), "field-not-text", "title"),
    (NEWS, (f"title: {TITLE}", "title: true"), "field-not-text", "title"),
    (NEWS, (f"title: {TITLE}", "title: 2026-01-05"), "field-not-text", "title"),
    (NEWS, (f"title: {TITLE}", "title: [Kerja bakti]"), "field-text-not-list", "title"),
    (NEWS, (f"title: {TITLE}", "title:"), "field-blank", "title"),
    (NEWS, (f"title: {TITLE}", 'title: "      "'), "field-blank", "title"),
    (NEWS, (f"title: {TITLE}", "title: Satu"), "field-too-short", "title"),
    (NEWS, (f"title: {TITLE}", f"title: {'a' * 141}"), "field-too-long", "title"),
    (NEWS, (f"title: {TITLE}", "title: |\n  Dua\n  baris"), "field-many-lines", "title"),
    (NEWS, (f"title: {TITLE}", f"title: {UNFILLED}"), "field-must-be-filled", "title"),
    (NEWS, (f"summary: {SUMMARY}", "summary: Terlalu pendek"), "field-too-short", "summary"),
    (NEWS, (f"summary: {SUMMARY}", f"summary: {'a' * 301}"), "field-too-long", "summary"),
    (NEWS, (DATE, "\ndate: 20260105"), "field-no-date", "date"),
    (NEWS, (DATE, "\ndate: '20260105'"), "field-no-date", "date"),
    (NEWS, (DATE, "\ndate: 05-01-2026"), "field-no-date", "date"),
    (NEWS, (DATE, "\ndate: 2026-02-30"), "field-no-date", "date"),
    (NEWS, (DATE, "\ndate: 2026-01-05T25:00"), "field-no-date", "date"),
    (NEWS, (DATE, f"\ndate: {UNFILLED}"), "field-no-date", "date"),
    (NEWS, ("topics: [kependudukan]", "topics: []"), "field-too-few", "topics"),
    (NEWS, ("topics: [kependudukan]", "topics: kependudukan"), "field-not-list", "topics"),
    (NEWS, ("topics: [kependudukan]", "topics: [Kependudukan]"), "field-no-id", "topics 1"),
    (NEWS, ("topics: [kependudukan]", "topics: [lingkungan, kesehatan]"), "topic-unknown", None),
    (NEWS, ("unit: pelayanan", "unit: keuangan"), "unit-unknown", None),
    (NEWS, ("unit: pelayanan", f"unit: {UNFILLED}"), "field-no-id", "unit"),
    (NEWS, ("unit: pelayanan", "unit: pelayanan\nlang: de"), "field-not-one-of", "lang"),
    (NEWS, ("unit: pelayanan", "unit: pelayanan\nstatus: published"), "field-unknown", "status"),
    (NEWS, ("unit: pelayanan", "unit: pelayanan\nslug: lain"), "field-unknown", "slug"),
    (NEWS, ("unit: pelayanan", "unit: pelayanan\nid: lain"), "field-unknown", "id"),
    (NEWS, ("unit: pelayanan", "unit: pelayanan\nbody: lain"), "field-unknown", "body"),
    (NEWS, ("unit: pelayanan", "unit: pelayanan\nlevel: awas"), "field-of-other-kind", "level"),
    (NEWS, ("unit: pelayanan", "unit: pelayanan\nchildren: true"), "field-consent-missing", "consent"),
    (NEWS, ("unit: pelayanan", "unit: pelayanan\nchildren: 1"), "field-not-yes-no", "children"),
    (NEWS, ("unit: pelayanan", "unit: pelayanan\nsources: [1]"), "field-not-text", "sources 1"),
    (NEWS, ("unit: pelayanan", "unit: pelayanan\nexpires_at: 2026-01-05"), "field-too-early", "expires_at"),
    (NEWS, ("kind: news", "kind: gallery"), "kind-elsewhere", None),
    (NEWS, ("kind: news", "kind: blog"), "field-not-one-of", "kind"),
    (NEWS, line(NEWS, "image_alt"), "field-image-alt-missing", "image_alt"),
    (NEWS, ("image: foto.jpg", "image: Foto.JPG"), "field-no-own-file", "image"),
    (NEWS, ("image: foto.jpg", "image: ../lain/foto.jpg"), "field-no-own-file", "image"),
    (NEWS, ("image: foto.jpg", "image: https://lain.example/foto.jpg"), "field-no-own-file", "image"),
    (NEWS, ("image: foto.jpg", "image: naskah.pdf"), "field-no-own-file", "image"),
    ("announcement", ('number: "000/1/2026"', "number: 1"), "field-not-text", "number"),
    (EVENT, ("end: 2026-02-10T12:00", "end: 2026-02-10T08:59"), "field-too-early", "end"),
    (EVENT, ("end: 2026-02-10T12:00", "end: 2026-02-10T09:00+09:00"), "field-too-early", "end"),
    (EVENT, ("event_status: moved", "event_status: postponed"), "field-not-one-of", "event_status"),
    (GALLERY, line(GALLERY, "photos"), "field-missing", "photos"),
    (GALLERY, ("alt: Laut tenang, ", ""), "field-alt-missing", "photos 1 alt"),
    (GALLERY, ("file: satu.jpg, ", ""), "field-missing", "photos 1 file"),
    (GALLERY, (", caption: Laut pada pagi hari, credit: Operator 1", ""), "field-missing", "photos 1 credit"),
    (GALLERY, ("taken: 2026-01-04", "taken: 2026-01-04T09:00"), "field-no-date", "photos 2 taken"),
    (VIDEO, line(VIDEO, "captions"), "field-captions-missing", "captions"),
    (VIDEO, ("file: film.mp4", "file: film.mov"), "field-no-own-file", "file"),
    (VIDEO, ("captions: takarir.vtt", "captions: takarir.srt"), "field-no-own-file", "captions"),
    (DOCUMENT, ("class: setiap-saat", "class: dikecualikan"), "information-exempt", "information class"),
    (DOCUMENT, ("class: setiap-saat", "class: rahasia"), "field-not-one-of", "information class"),
    (DOCUMENT, ("form: [softcopy]", "form: []"), "field-too-few", "information form"),
    (DOCUMENT, ("form: [softcopy]", "form: [kertas]"), "field-not-one-of", "information form 1"),
    (DOCUMENT, ("retention: 2 tahun", "retention: 2"), "field-not-text", "information retention"),
    (DOCUMENT, (", retention: 2 tahun", ""), "field-missing", "information retention"),
    (DOCUMENT, (FILES, "files: []"), "field-too-few", "files"),
    (DOCUMENT, (", title: Rencana kerja 2026", ""), "field-missing", "files 1 title"),
    (ALERT, ("level: siaga", "level: bahaya"), "field-not-one-of", "level"),
    (ALERT, ("until: 2027-01-08T18:00", "until: 2026-01-05T00:00"), "field-too-early", "until"),
    (ALERT, (INSTRUCTIONS, "instructions: []"), "field-too-few",
     "instructions"),
    (SERVICE, (STEPS, "steps: Datang"), "field-not-list",
     "steps"),
    (VILLAGE, ("type: kelurahan", "type: dusun"), "field-not-one-of", "type"),
    (VILLAGE, ("lat: -8.12", "lat: -98.12"), "field-out-of-range", "lat"),
    (VILLAGE, ("lat: -8.12", "lat: .nan"), "field-out-of-range", "lat"),
    (VILLAGE, (WEBSITE, "website: http://banyuning.example.go.id"), "field-no-address", "website"),
    (VILLAGE, (WEBSITE, "website: javascript:alert(1)"), "field-no-address", "website"),
    (VILLAGE, ("lat: -8.12", "lat: selatan"), "field-not-number", "lat"),
    (DOCUMENT, (FILES, "files: [rencana.pdf]"), "field-not-group", "files 1"),
    (NEWS, ("unit: pelayanan", "unit: pelayanan\ninformation: berkala"), "field-not-group", "information"),
    (NEWS, (f"title: {TITLE}", f"tittle: {TITLE}"), "field-misspelled", "tittle"),
    (NEWS, ("unit: pelayanan", "unit: pelayanan\nringkasan: Isi"), "field-misspelled", "ringkasan"),
    (GALLERY, ("alt: Laut tenang", "alt: Laut, keterangan foto: x"), "field-misspelled",
     "photos 1 keterangan foto"),
    (PAGE, ("section: profil", "section: sejarah"), "menu-unknown", None),
    (PAGE, ("section: profil", "section: profil\norder: dua"), "field-not-whole-number", "order"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "change", "code", "field"), CASES)
def test_one_change_is_one_error(kind: str, change: tuple[str, str], code: str, field: str | None) -> None:
    parsed = read(kind, change)

    errors = [found for found in told(parsed) if found[1] == "error"]
    # A key that is misspelled may be one that is missed, too.
    kept = [found for found in errors if code != "field-misspelled" or found[0] != "field-missing"]
    assert kept == [(code, "error", field)]
    assert parsed.page is None


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        (NEWS, (DATE, '\ndate: "2026-01-05"')),
        (NEWS, (DATE, "\ndate: 2026-01-05T09:00:00+08:00")),
        (NEWS, ("topics: [kependudukan]", "topics:\n  - kependudukan\n  - lingkungan")),
        (NEWS, (f"title: {TITLE}", 'title: "2026: tahun kerja"')),
        (NEWS, ("unit: pelayanan", "unit: pelayanan\nchildren: false")),
        (NEWS, ("unit: pelayanan", "unit: pelayanan\nchildren: true\nconsent: 12/2026")),
        (NEWS, ("image_alt: Pantai saat matahari terbit", "image_decorative: true")),
        (EVENT, ("end: 2026-02-10T12:00", "end: 2026-02-10T09:00")),
        (EVENT, ("end: 2026-02-10T12:00", "end: 2026-02-10T09:30+08:00")),
        (VIDEO, ("captions: takarir.vtt", "speech: false")),
        (SERVICE, (STEPS, "steps: >-\n  belum diisi oleh kantor")),
    ],
)  # fmt: skip
def test_other_ways_to_write_the_same_are_taken(kind: str, change: tuple[str, str]) -> None:
    parsed = read(kind, change)

    assert parsed.page is not None, parsed.findings


def test_all_that_is_wrong_is_said_at_once_and_at_its_line() -> None:
    parsed = read(NEWS, (f"title: {TITLE}", "title: 7"), (DATE, "\ndate: besok"), line(NEWS, "unit"))

    where = {found.values.get("field"): found.line for found in parsed.findings}
    assert where == {"title": 3, "date": 4, "unit": 1}


def test_moments_without_an_offset_are_the_offices_own() -> None:
    page = read(EVENT).page

    assert page is not None
    assert page.date == datetime(2026, 1, 5, tzinfo=WITA)
    assert (page.start, page.end) == (
        datetime(2026, 2, 10, 9, tzinfo=WITA), datetime(2026, 2, 10, 12, tzinfo=WITA),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "change", "field"),
    [
        (EVENT, ("place: Aula kantor kecamatan", f"place: {UNFILLED}"), "place"),
        (ALERT, (INSTRUCTIONS, f"instructions: {UNFILLED}"),
         "instructions"),
        (DOCUMENT, ("retention: 2 tahun", f"retention: {UNFILLED}"), "information retention"),
        (DOCUMENT, ("form: [softcopy]", f"form: {UNFILLED}"), "information form"),
        (GALLERY, ("credit: Operator 1, taken", f"credit: {UNFILLED}, taken"), "photos 2 credit"),
    ],
)  # fmt: skip
def test_what_the_office_has_not_filled_in_is_a_warning(
    kind: str, change: tuple[str, str], field: str
) -> None:
    parsed = read(kind, change)

    assert parsed.page is not None
    assert told(parsed) == [("field-unfilled", "warning", field)]


@pytest.mark.parametrize("topics", [UNFILLED, f"[{UNFILLED}]"])
def test_what_lists_of_pages_are_made_of_may_never_be_unfilled(topics: str) -> None:
    assert read(NEWS, ("topics: [kependudukan]", f"topics: {topics}")).page is None


@pytest.mark.parametrize("kind", KINDS)
def test_a_withdrawn_page_of_any_kind_keeps_only_what_a_notice_needs(kind: str) -> None:
    path = PATHS[kind]
    place = place_of(path)
    assert place is not None
    text = (
        f"---\nkind: {kind}\ntitle: Halaman ini ditarik\ndate: 2026-01-05\nunit: pelayanan\n"
        "summary: Pemberitahuan tentang halaman yang ditarik.\n"
        "withdrawn:\n  at: 2026-02-01T10:00\n  reason: Jadwal keliru\n---\nHalaman ini ditarik.\n"
    )

    parsed = parse(path, text.encode(), OFFICE)

    assert parsed.findings == ()
    assert parsed.page.withdrawn.at == datetime(2026, 2, 1, 10, tzinfo=WITA)
    assert parse(path, text.replace("  reason: Jadwal keliru\n", "").encode(), OFFICE).page is None
    assert parse(path, text.replace(f"kind: {kind}", "kind: lain").encode(), OFFICE).page is None


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("content/blog/2026-01-05-x/index.md", "path-unknown"),
        ("content/berita/index.md", "path-unknown"),
        ("content/berita/kerja-bakti/index.md", "id-not-dated"),
        ("content/berita/2026-01-05-Kerja/index.md", "id-malformed-page"),
    ],
)
def test_a_page_lies_in_its_place(path: str, code: str) -> None:
    parsed = parse(path, GOOD[PATHS[NEWS]].encode(), OFFICE)

    assert parsed.page is None
    assert [found.code for found in parsed.findings] == [code]


def test_a_page_may_not_take_the_sites_own_address() -> None:
    parsed = parse("content/halaman/cari/index.md", GOOD[PATHS[PAGE]].encode(), OFFICE)

    assert [found.code for found in parsed.findings] == ["id-taken-by-site"]


def test_a_typed_page_cannot_be_changed() -> None:
    page = read(NEWS).page
    assert page is not None

    with pytest.raises(ValueError, match="frozen"):
        page.title = "Judul lain"


def test_the_schema_for_editors_asks_for_the_same_fields() -> None:
    found = schema.schema("document")

    assert found["additionalProperties"] is False
    assert "class" in found["$defs"]["Information"]["properties"]
    assert not {"id", "body", "body_line"} & set(found["properties"])
    assert set(schema.schemas()) == set(KINDS)


@pytest.mark.parametrize(
    ("kind", "change", "sentence"),
    [
        (GALLERY, ("alt: Laut tenang, ", ""),
         "Isian “Foto ke-1, Teks alternatif” (alt) belum ada, padahal foto itu bukan hiasan."),
        (NEWS, (f"title: {TITLE}", "title: Satu"),
         "Isian “Judul” (title) terlalu pendek: 4 huruf, paling sedikit 5."),
        (NEWS, ("unit: pelayanan", "unit: pelayanan\ntanggal terbit: 2026"),
         "Isian “tanggal terbit” tidak dikenal untuk jenis halaman ini."),
        (NEWS, ("unit: pelayanan", "unit: pelayanan\njudul: Kerja"),
         "Isian “judul” tidak dikenal; mungkin maksudnya “Judul” (title)."),
        (ALERT, ("level: siaga", "level: bahaya"),
         "Isian “Tingkat” (level) tidak termasuk pilihan: waspada, siaga, awas."),
        (DOCUMENT, (", title: Rencana kerja 2026", ""),
         "Isian “Berkas ke-1, Judul berkas” (title) belum ada."),
        (NEWS, ("unit: pelayanan", "unit: pelayanan\nlevel: awas"),
         "Isian “Tingkat” (level) bukan untuk jenis “Berita”."),
    ],
)  # fmt: skip
def test_a_field_is_named_as_people_know_it(kind: str, change: tuple[str, str], sentence: str) -> None:
    shown = [messages.as_json("id", found)["message"] for found in read(kind, change).findings]

    assert sentence in shown


def library_errors(schema: Any) -> set[str]:
    """Types of error that the library can raise for a core schema, as far as this model uses it."""
    raised: set[str] = set()
    own = {"min_length": "short", "max_length": "long"}

    def walk(node: Any) -> None:
        if isinstance(node, dict):
            match node.get("type"):
                case "str":
                    raised.add("string_type")
                    raised.update(f"string_too_{word}" for key, word in own.items() if key in node)
                    raised.update({"string_pattern_mismatch"} if "pattern" in node else set())
                case "tuple":
                    raised.add("tuple_type")
                    raised.update(f"too_{word}" for key, word in own.items() if key in node)
                case "bool" | "int" | "float" as name:
                    raised.add(f"{name}_type")
                    raised.update({"greater_than_equal"} if "ge" in node else set())
                    raised.update({"less_than_equal"} if "le" in node else set())
                case "literal":
                    raised.add("literal_error")
                case "model":
                    raised.add("model_type")
                case "model-fields":
                    raised.update({"missing", "extra_forbidden"})
            for value in node.values():
                walk(value)
        elif isinstance(node, list | tuple):
            for value in node:
                walk(value)

    walk(schema)
    return raised


def test_every_error_that_the_types_can_raise_has_a_sentence_of_its_own() -> None:
    possible = set().union(*(library_errors(model.__pydantic_core_schema__) for model in KINDS.values()))
    own = {name for name in faults.CODES if name in ("blank", "many_lines", "no_date", "no_own_file")}
    together = {name for name in faults.CODES if name.endswith("_missing")}

    assert len(possible) > 10
    assert possible == set(faults.CODES) - own - together
    for code in faults.CODES.values():
        assert messages.knows("id", code)
        assert messages.knows("en", code)


VALUES = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(), st.dates(), st.text(max_size=8),
        st.sampled_from([UNFILLED, "foto.jpg", "2026-01-05", "pelayanan", "dikecualikan"]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(["file", "alt", "x"]), inner, max_size=3)
    ),
    max_leaves=6,
)  # fmt: skip


@effort(max_examples=100, deadline=None)
@given(st.data())
def test_whatever_stands_in_a_field_is_told_in_words_and_breaks_nothing(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(list(KINDS)))
    keys = [field.alias or name for name, field in KINDS[kind].model_fields.items() if name not in faults.OWN]
    keys.remove("kind")
    changes = data.draw(st.dictionaries(st.sampled_from(keys), VALUES, min_size=1, max_size=4))
    lines = [
        row for row in GOOD[PATHS[kind]].split("\n---\n")[0].split("\n")[1:]
        if row.partition(":")[0] not in changes
    ]  # fmt: skip
    head = [f"{name}: {json.dumps(value, default=str)}" for name, value in changes.items()]
    text = "\n".join(["---", *lines, *head, "---", "Isi."])

    for found in parse(PATHS[kind], text.encode(), OFFICE).findings:
        for lang in messages.LANGUAGES:
            shown = messages.as_json(lang, found)
            assert "{" not in str(shown["message"]).replace(str(found.values.get("given", "")), "")
            assert shown["advice"]
