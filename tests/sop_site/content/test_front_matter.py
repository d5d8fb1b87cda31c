"""The strict reader of a page's head: what it refuses and where, and that it never guesses."""

import json
from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest
import yaml
from hypothesis import assume, example, given
from hypothesis import settings as effort
from hypothesis import strategies as st

from sop_site.content import front_matter
from sop_site.content.front_matter import HEAD_BYTES, PAGE_BYTES, Divided, divide

PATH = "content/berita/2026-01-05-x/index.md"
WITA = timezone(timedelta(hours=8))


def divided(text: str | bytes) -> Divided:
    return divide(PATH, text.encode() if isinstance(text, str) else text)


def values(head: str) -> Any:
    found = divided(f"---\n{head}---\nIsi.\n")
    assert found.head is not None, found.findings
    return found.head.values


def deep(levels: int) -> str:
    return "".join("  " * level + f"k{level}:\n" for level in range(levels)) + "  " * levels + "k: v\n"


@pytest.mark.parametrize(
    ("data", "code", "line"),
    [
        (b"\xef\xbb\xbf---\na: b\n---\n", "page-has-bom", 1),
        (b"---\na: b\r\n---\n", "page-has-cr", 2),
        (b"---\na: b\n---\nisi\rlagi\n", "page-has-cr", 4),
        (b"---\na: b\n---\nsatu\n\xff\n", "page-not-utf8", 5),
        (b"---\na: b\n---\nnol\0\n", "page-has-control", 4),
        (b"---\na: b\x1b[31m\n---\n", "page-has-control", 2),
        ("---\na: b\n---\nkanan ke kiri \u202e\n".encode(), "page-has-control", 4),
        ("---\na: b\n---\nbaris\u2028tersembunyi\n".encode(), "page-has-control", 4),
        (b"---\na: b\n---\n" + b"x" * PAGE_BYTES, "page-too-big", 1),
        (b"", "head-missing", 1),
        (b"a: b\n", "head-missing", 1),
        (b"\n---\na: b\n---\n", "head-missing", 1),
        (b" ---\na: b\n---\n", "head-missing", 1),
        (b"----\na: b\n---\n", "head-missing", 1),
        (b"---\na: b\n", "head-missing", 1),
        (b"---\na: b\n--- \nisi\n", "head-missing", 1),
        (b"---\na: |\n" + b"  x\n" * (HEAD_BYTES // 4) + b"---\n", "head-too-big", 1),
    ],
)
def test_a_file_out_of_form_is_refused_at_its_line(data: bytes, code: str, line: int) -> None:
    found = divided(data)

    assert found.head is None
    assert [(finding.code, finding.severity, finding.line) for finding in found.findings] == [
        (code, "error", line)
    ]


@pytest.mark.parametrize(
    ("head", "code", "line"),
    [
        ("a: b\nc: &x d\n", "yaml-anchor-or-tag", 3),
        ("a: b\nc: *x\n", "yaml-anchor-or-tag", 3),
        ("a: !!str b\n", "yaml-anchor-or-tag", 2),
        ("a: !!python/object/apply:os.system [ls]\n", "yaml-anchor-or-tag", 2),
        ("%YAML 1.1\na: b\n", "yaml-anchor-or-tag", 2),
        ("? !t a\n: b\n", "yaml-anchor-or-tag", 2),
        ("a: b\n...\nc: d\n", "yaml-many-documents", 3),
        ("a: b\n--- c\n", "yaml-many-documents", 3),
        ("a: b\n\n# catatan\na: c\n", "yaml-key-twice", 5),
        ("a: b\n'a': c\n", "yaml-key-twice", 3),
        ("a: {x: 1, x: 2}\n", "yaml-key-twice", 2),
        ("? [a]\n: b\n", "yaml-key-not-text", 2),
        ("a: {<<: {b: c}}\n", "yaml-key-not-text", 2),
        ("a: yes\n", "yaml-ambiguous", 2),
        ("a: b\nc: [No]\n", "yaml-ambiguous", 3),
        ("a: Off\n", "yaml-ambiguous", 2),
        ("a: y\n", "yaml-ambiguous", 2),
        ("- a\n- b\n", "yaml-no-mapping", 2),
        ("hanya teks\n", "yaml-no-mapping", 2),
        ("", "yaml-no-mapping", 2),
        ("# hanya catatan\n", "yaml-no-mapping", 2),
        (deep(6), "yaml-too-deep", 8),
        ("a: [[[[[[[x]]]]]]]\n", "yaml-too-deep", 2),
        ("a: b\n\tc: d\n", "yaml-broken", 3),
        ("a: 'tanpa akhir\n", "yaml-broken", 3),
        ("a: Judul: dua titik\n", "yaml-broken", 2),
        ("a: [b, c\nd: e\n", "yaml-broken", 3),
        ('a: "\\q"\n', "yaml-broken", 2),
        ("a: " + "[" * 60_000 + "\n", "yaml-too-deep", 2),
        ("a: b\nc: " + "{x: " * 10_000 + "\n", "yaml-too-deep", 3),
        ('a: b\nc: "\\e[31m"\n', "page-has-control", 3),
        ('a: "\\0"\n', "page-has-control", 2),
        ('a: ["\\u202e"]\n', "page-has-control", 2),
        ('a: "\\ud83d\\ude00"\n', "page-has-control", 2),
        ('"a\\r": b\n', "yaml-key-not-text", 2),
    ],
)
def test_yaml_that_could_mean_two_things_is_refused_at_its_line(head: str, code: str, line: int) -> None:
    found = divided(f"---\n{head}---\nIsi.\n")

    assert found.head is None
    ((told, at),) = [(finding.code, finding.line) for finding in found.findings]
    assert told == code
    assert at == line
    assert found.body in ("Isi.\n", "")


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("kata", "kata"),
        ("'2026'", "2026"),
        ('"yes"', "yes"),
        ("2026", 2026),
        ("-7", -7),
        ("0o17", 15),
        ("0x1F", 31),
        ("010", 10),
        ("1_000", "1_000"),
        ("12:30:45", "12:30:45"),
        ("1e3", 1000.0),
        ("-.5", -0.5),
        (".inf", float("inf")),
        ("true", True),
        ("False", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("2026-01-05", date(2026, 1, 5)),
        ("2026-01-05T09:00", datetime(2026, 1, 5, 9)),
        ("2026-01-05 09:00:30+08:00", datetime(2026, 1, 5, 9, 0, 30, tzinfo=WITA)),
        ("2026-02-30", "2026-02-30"),
        ("20260105", 20260105),
        ("05-01-2026", "05-01-2026"),
        ("[a, 'b c', 3]", ("a", "b c", 3)),
        ("{x: 1, y: [z]}", {"x": 1, "y": ("z",)}),
        ("|\n  satu\n  dua", "satu\ndua\n"),
        (">-\n  satu\n  dua", "satu dua"),
        ("= tidak istimewa", "= tidak istimewa"),
    ],
)
def test_plain_values_follow_yaml_1_2(written: str, value: object) -> None:
    found = values(f"a: {written}\n")["a"]

    assert (found, type(found)) == (value, type(value))


def test_six_levels_are_enough_for_every_page() -> None:
    assert values(deep(5))["k0"]["k1"]["k2"]["k3"]["k4"] == {"k": "v"}


def test_a_number_of_any_length_is_a_number_and_costs_nothing() -> None:
    for digits in ("9" * 5000, "0x" + "f" * 5000, "0o" + "7" * 5000):
        assert isinstance(values(f"a: {digits}\n")["a"], float)


def test_every_key_has_its_line_and_its_place_the_nearest_one() -> None:
    text = "---\nkind: gallery\n\n# dua foto\nphotos:\n  - file: a.jpg\n    alt: Laut\n  - file: b.jpg\n---\n"

    head = divided(text).head

    assert head is not None
    lines = [
        ("kind",), ("photos",), ("photos", 0), ("photos", 0, "alt"), ("photos", 1), ("photos", 1, "alt"),
        ("tidak ada",),
    ]  # fmt: skip
    assert [head.line(place) for place in lines] == [2, 5, 6, 7, 8, 8, None]


def test_comments_are_kept_for_those_who_must_read_everything() -> None:
    head = divided("---\n# satu\nkind: news  # dua\ntitle: a#b\n---\n# Bukan komentar\n").head

    assert head is not None
    assert head.comments == ((2, " satu"), (3, " dua"))


@pytest.mark.parametrize(
    ("text", "body", "line"),
    [
        ("---\na: b\n---\nSatu\n---\nDua\n", "Satu\n---\nDua\n", 4),
        ("---\na: b\n\nc: d\n---\n\nIsi\n", "\nIsi\n", 6),
        ("---\na: b\n---\n", "", 4),
        ("---\na: b\n---", "", 4),
    ],
)
def test_the_body_is_everything_after_the_second_mark(text: str, body: str, line: int) -> None:
    found = divided(text)

    assert found.findings == ()
    assert (found.body, found.body_line) == (body, line)


PIECES = st.sampled_from(
    ["a", "b: ", "c:\n", "\n", "  ", "- ", "? ", ": ", "&x ", "*x", "!t ", "!!str ", "<<: ", "{", "}", "[",
     "]", ", ", "|\n", ">\n", "'", '"', "\\", "#", "%YAML 1.2", "---", "...", "\n---\n", "2026-01-05", "1e9",
     "\t", "yes", "\x85", "\u2029", "\ufeff", "é"]
)  # fmt: skip
YAML_LIKE = st.lists(PIECES, max_size=40).map("".join)
PLAIN = (str, int, float, bool, type(None), date)


def only_plain(value: object) -> bool:
    if isinstance(value, dict):
        return all(isinstance(key, str) and only_plain(item) for key, item in value.items())
    if isinstance(value, tuple):
        return all(map(only_plain, value))
    return isinstance(value, PLAIN)


def repeats_a_key(node: yaml.Node | None) -> bool:
    if isinstance(node, yaml.MappingNode):
        names = [key.value for key, _ in node.value]
        return len(set(names)) < len(names) or any(repeats_a_key(item) for _, item in node.value)
    return isinstance(node, yaml.SequenceNode) and any(map(repeats_a_key, node.value))


# One whole file may take its time on a busy machine; that none takes long has a test of its own.
PATIENT = effort(deadline=None)


@PATIENT
@given(st.one_of(st.text(), YAML_LIKE).map(lambda text: f"---\n{text}\n---\nisi"))
@example("---\n? ? ? a\n---\n")
def test_no_text_breaks_the_reader_or_gets_something_clever_through(text: str) -> None:
    found = divided(text)

    assert (found.head is None) == bool(found.findings)
    if found.head is None:
        assert found.findings[0].line is not None
        assert 1 <= found.findings[0].line <= text.count("\n") + 2
        return
    assert only_plain(found.head.values)
    source = text[4 : text.index("\n---\n", 3) + 1]
    clever = (yaml.AnchorToken, yaml.AliasToken, yaml.TagToken, yaml.DirectiveToken, yaml.DocumentStartToken)
    assert not any(isinstance(token, clever) for token in yaml.scan(source))
    assert not repeats_a_key(yaml.compose(source))


@PATIENT
@given(st.binary(max_size=400))
@example(b"---\na: \xc3\n---\n")
def test_no_bytes_break_the_reader(data: bytes) -> None:
    for whole in (data, b"---\n" + data + b"\n---\n"):
        found = divided(whole)
        assert (found.head is None) == bool(found.findings)


TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
WORDS = st.text(
    st.characters(exclude_categories=("Cc", "Cs", "Cn", "Zl", "Zp"), exclude_characters=TURNING), max_size=40
)
LEAVES = st.one_of(WORDS, st.integers(-(10**12), 10**12), st.booleans(), st.none())
TREES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(WORDS, inner, max_size=3)),
    max_leaves=8,
)


def frozen(value: object) -> object:
    if isinstance(value, dict):
        return {key: frozen(item) for key, item in value.items()}
    return tuple(map(frozen, value)) if isinstance(value, list) else value


def depth(value: object) -> int:
    if isinstance(value, dict):
        return 1 + max(map(depth, value.values()), default=0)
    return 1 + max(map(depth, value), default=0) if isinstance(value, list) else 0


@PATIENT
@given(st.dictionaries(st.from_regex(r"[a-z_]{1,12}", fullmatch=True), TREES, min_size=1, max_size=5))
def test_what_is_written_plainly_is_read_as_it_was_meant(meant: dict[str, object]) -> None:
    # JSON is YAML: whatever is quoted there must come back letter by letter.
    text = "".join(f'"{key}": {json.dumps(value, ensure_ascii=False)}\n' for key, value in meant.items())

    found = divided(f"---\n{text}---\n")

    if any(depth(value) > 5 for value in meant.values()):
        return
    assert found.head is not None, found.findings
    assert found.head.values == frozen(meant)


_PIECES = st.one_of(
    st.sampled_from(
        (
            "yes",
            "null",
            "2026-01-05",
            "2026-01-05T09:00+08:00",
            "09:00",
            "a: b",
            "a:b",
            "1:2",
            "1: 2",
            " #x",
            "a #x",
            "- a",
            "? a",
            "[a, b]",
            "[a,b]",
            "[]",
            "[ a ]",
            "[a, yes]",
            "{a: b}",
            "'a'",
            '"a"',
            "a'b",
            "<<",
            "&a",
            "*a",
            "!a",
            "|",
            ">",
            "%a",
            "@a",
            "0x1f",
            "1e5",
            "+.inf",
            "é",
            "١٢",
            "\u00a0",
            "\u200b",
            "x ",
            "…",
            "---",
            "...",
            ":",
            "a:",
            "\t",
            "~",
            "=",
            "12,5",
            "ⅳ",
            "\U0001f600",
            "漢:字",
        )
    ),
    st.text(st.sampled_from("ab1 :,.-#[]'\"&é\n"), max_size=8),
    st.text(max_size=4),
)
_ROWS = st.lists(
    st.one_of(
        st.tuples(
            st.sampled_from(("a", "b", "title", "y", "on", "null", "A", "a b", " c", "<<", "é")), _PIECES
        ).map(": ".join),
        _PIECES,
    ),
    max_size=6,
).map(lambda rows: "".join(f"{row}\n" for row in rows))


def read_by(reader: Any, source: str) -> object:
    try:
        head = reader(source)
    except front_matter._Refused as refused:
        return refused.code, refused.line
    except yaml.YAMLError as error:
        return type(error)
    return None if head is None else (head, [type(value) for value in head.values.values()])


@effort(max_examples=1_500)
@given(_ROWS)
@example("title: Kerja bakti, pukul 09:00 (WITA)\ntopics: [a, b-c]\n")
@example("a: yes\nb: [\n")
def test_the_quick_reader_of_rows_says_nothing_but_what_yaml_says(source: str) -> None:
    assume(not front_matter._CONTROL.search(source))
    quick = read_by(front_matter._read_rows, source)

    if quick is not None and not isinstance(quick[0], str):
        assert quick == read_by(front_matter._read_yaml, source)


@given(st.lists(st.sampled_from(("x", "Pukul 09:00", "2026-01-05", "[a, b]", "50%", "A & B")), min_size=1))
def test_rows_as_offices_write_them_are_read_quickly(rows: list[str]) -> None:
    source = "".join(f"{'a' * number}: {row}\n" for number, row in enumerate(rows, 1) if number <= 40)

    assert front_matter._read_rows(source) == front_matter._read_yaml(source)


NULLS = ("", "~", "null", "Null", "NULL")


def same(value: object, written: object) -> bool:
    """Whether a value of the strict reader is what PyYAML's plainest loader has as text."""
    if isinstance(value, dict):
        return isinstance(written, dict) and value.keys() == written.keys() and all(
            same(item, written[key]) for key, item in value.items()
        )  # fmt: skip
    if isinstance(value, tuple):
        return isinstance(written, list) and len(value) == len(written) and all(map(same, value, written))
    if not isinstance(written, str):
        return False
    if value is None:
        return written in NULLS
    if isinstance(value, bool):
        return written.lower() == str(value).lower()
    if isinstance(value, date):
        return written[:10] == value.isoformat()[:10]
    return isinstance(value, int | float) or value == written


@effort(deadline=None, max_examples=300)
@given(st.one_of(YAML_LIKE, st.text(max_size=60).map(lambda text: f"a: {text}")))
def test_what_the_strict_reader_takes_any_reader_reads_the_same(text: str) -> None:
    found = divided(f"---\n{text}\n---\nisi")

    if found.head is not None:
        source = f"---\n{text}\n---\n"
        source = source[4 : source.index("\n---\n", 3) + 1]
        assert same(dict(found.head.values), yaml.load(source, Loader=yaml.BaseLoader))


LAUGHS = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join(['*' + chr(97 + n)] * 9)}]\n" for n in range(8)
)


@pytest.mark.timeout(10)
@pytest.mark.parametrize(
    "head",
    [
        LAUGHS, "a: [" * 5_000, "a: " + "{" * 30_000, "- " * 20_000, "? " * 20_000, "a: '" + "''" * 30_000,
        'a: "' + "\\\\" * 30_000, "a:\n" + "  - x\n" * 10_000, "".join(f"k{n}: v\n" for n in range(6_000)),
        "a: " + "x: " * 15_000, "#" * 60_000, ("#" + "x" * 50 + "\n") * 1_000, "a: " + "9" * 60_000,
        "a: |\n" + "  x\n" * 15_000, "a: >\n" + "\n" * 60_000 + "  x\n", "a: [" + "x, " * 20_000 + "]\n",
        "!!python/object/new:os.system [ls]\n", "%TAG ! tag:x,2000:\n---\na: b\n",
        "a: !<tag:yaml.org,2002:str> b\n",
    ],
    ids=lambda head: head[:12].strip(),
)  # fmt: skip
def test_heads_made_to_exhaust_a_reader_are_answered_at_once(head: str) -> None:
    found = divided(f"---\n{head}\n---\nIsi.\n")

    assert (found.head is None) == bool(found.findings)
