"""All repairs together: done once they are done, they make no error, and form alone changes no word."""

import ast
import re
from html import unescape
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sop_site.content import markdown, parse
from sop_site.fixing import FIXES, fix, insecure_links, spacing
from sop_site.messages import LANGUAGES, knows
from sop_site.rules import Around, PageInput, check
from tests.every_kind import office_files
from tests.office import page
from tests.sop_site.fixing.pages import NEWS, TITLE, after, body_of, fixed
from tests.sop_site.rules.values import ADDRESSES, SETTINGS

ROOT = Path(__file__).resolve().parents[3]
CORPUS = {path.relative_to(ROOT).as_posix(): path.read_bytes() for path in ROOT.glob("content/**/index.md")}
CORPUS |= {
    name: text.encode()
    for name, text in office_files().items()
    if name.endswith("index.md") and isinstance(text, str)
}
# fmt: off
PIECES = (
    "Warga datang", "kantor", "  ", " ", "\t", " , ", " . ", "\n", "\n\n", "\n\n\n", "  \n", "\n- ",
    "\n1. ", "\n## ", "\n#", "\n####", "##", "\n===\n", "\n---\n", "\n    ", "`", "```\n", "|",
    "\n| a | b |\n|---|---|\n| 1 | 2 |\n", "[x](/kontak/)", "[y](http://a.go.id/2026-08-17)",
    "![z](foto.jpg)",
    "**", "_", "<", ">", "\n> ", "\n: ", "&nbsp;", "17 August 2026", "2026-08-17", "08/07/2026",
    "\n2. ", "pukul 08:00", "Rp 1,500,000.00", "Rp 50,000", "IDR 5000", "\u200b", "\u00a0", "\u00ad",
    "\u202a", "\u2028", "08/17/2026",
    "e\u0301", "\x93", "\x07", "\r\n", "5108062812760001", TITLE, "\\",
)
# fmt: on
BODIES = st.lists(st.sampled_from(PIECES), max_size=24).map("".join)
# fmt: off
HEADS = st.lists(st.sampled_from((
    "title: 2026", "Title: Kerja: bakti", "judul: Kerja bakti", "date: 17-08-2026", "tanggal: 20260817",
    "unit: pelayanan", "unit: pelayanan ", "summary: yes", "kind: berita", "sources:", "  - 2024",
    "  - Buku: satu", "  - http://a.go.id/", "summary: |", "  Rapat: satu  ", "", "topics: [kependudukan]",
    "# catatan", "\tx: y", "---",
)), max_size=8).map("\n".join)
# fmt: on
FILES = st.one_of(
    BODIES.map(lambda body: page(TITLE, kind="news", body=body)),
    st.tuples(HEADS, BODIES).map(lambda parts: f"---\n{parts[0]}\n---\n{parts[1]}"),
    BODIES,
)


def errors(data: bytes, path: str = NEWS) -> set[str] | None:
    """Codes of all errors in a page; ``None`` for one that no rule could judge."""
    parsed = parse(path, data, SETTINGS)
    if parsed.page is None or parsed.lines is None:
        return None
    outline = markdown.outline(parsed.page.body)
    found = check(PageInput(path, parsed.page, parsed.lines, outline, Around(SETTINGS, ADDRESSES)))
    return {finding.code for finding in (*parsed.findings, *found) if finding.severity == "error"}


def words(body: str) -> list[str]:
    """What a reader reads of a drawn body."""
    return unescape(re.sub(r"<[^>]*>", " ", markdown.render(body))).split()


@given(FILES)
@example("---\n---\n")
@settings(max_examples=200, deadline=None)
def test_a_repaired_page_needs_no_repair(text: str) -> None:
    once = fix(NEWS, text.encode())

    assert fix(NEWS, once.data).data == once.data
    assert (once.data == text.encode()) == (once.steps == ())


@given(BODIES)
@settings(max_examples=200, deadline=None)
def test_no_repair_makes_an_error(body: str) -> None:
    before = page(TITLE, kind="news", body=body).encode()
    wrong = errors(before)
    # A page that could not be read was never judged: what shows now was there all along.
    if wrong is not None:
        found = errors(fix(NEWS, before).data)

        assert found is not None
        # Digits that stood apart may come together; the command takes such repairs back and says why.
        assert {code for code in found - wrong if not code.startswith("personal-")} == set()


@given(BODIES)
@settings(max_examples=200, deadline=None)
def test_repairs_of_form_change_no_word_that_is_read(body: str) -> None:
    text = page(TITLE, kind="news", body=body.replace("\r\n", "\n"))
    done = fix(NEWS, text.encode(), fixes=spacing.FORM_ONLY)

    def squeezed(data: bytes) -> str:
        return re.sub(r"\s+(?=[,.])", "", " ".join(words(body_of(data))))

    assert squeezed(done.data) == squeezed(text.encode())


@pytest.mark.parametrize("path", CORPUS)
def test_real_pages_are_good_as_they_are_or_better_after(path: str) -> None:
    done = fix(path, CORPUS[path])

    assert [step.code for step in done.steps if step.code != "fix-end"] == []
    assert errors(done.data, path) == errors(CORPUS[path], path)


def test_every_step_has_its_words() -> None:
    codes = {
        node.value
        for path in (*ROOT.glob("sop_site/fixing/*.py"), ROOT / "pipeline/fixing_files.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if re.fullmatch(r"fix-[a-z-]+", node.value)
    }

    assert len(codes) > 20
    assert [code for code in sorted(codes) for lang in LANGUAGES if not knows(lang, code)] == []


def test_a_step_names_the_line_of_the_file_that_was_handed_in() -> None:
    text = page(TITLE, kind="news", body=f"# {TITLE}\n\nSatu.\n\n\n\nWarga  datang.")
    done = fix(NEWS, text.encode())

    lines = {step.code: step.line for step in done.steps}
    assert lines["fix-gap"] == text[: text.index("Warga  ")].count("\n") + 1
    assert lines["fix-title-twice"] == text[: text.index(f"# {TITLE}")].count("\n") + 1


def test_repairs_that_never_end_are_not_made() -> None:
    text = page(TITLE, kind="news").encode()

    def longer(given_page):  # type: ignore[no-untyped-def]
        from sop_site.fixing.manuscript import of_text

        return of_text(given_page.path, given_page.text + "x"), []

    assert fix(NEWS, text, fixes=(*FIXES, longer)).data == text


def test_addresses_become_secure_only_where_somebody_answered() -> None:
    body = "[a](http://a.go.id/x) <http://b.go.id/> `http://a.go.id/x` [c](http://a.go.id/xy)\n\n[d]: http://a.go.id/x"
    text = page(
        TITLE, kind="news", body=body, sources="\n  - http://a.go.id/x\n  - Buku http://a.go.id/x"
    ).encode()

    assert insecure_links(NEWS, text) == ("http://a.go.id/x", "http://b.go.id/", "http://a.go.id/xy")
    done = fix(NEWS, text, secure=["http://a.go.id/x"]).data.decode()
    assert body_of(done.encode()) == body.replace("(http://a.go.id/x)", "(https://a.go.id/x)").replace(
        "]: http:", "]: https:"
    )
    assert "  - https://a.go.id/x\n  - Buku http://a.go.id/x\n" in done


def test_a_new_name_stands_wherever_the_old_one_was_a_files() -> None:
    old, new = "Foto Pantai (1).JPG", "foto-pantai-1.jpg"
    body = f"![a]({old}) ![b](<{old}>) ![c](Foto%20Pantai%20%281%29.JPG) {old} di teks"
    front = {"image": old, "image_alt": f'"Lihat {old} ini"'}
    text = page(TITLE, kind="news", body=body, **front).encode()

    done = fix(NEWS, text, names={old: new}).data.decode()

    assert f"image: {new}\n" in done
    assert f'"Lihat {old} ini"' in done
    assert body_of(done.encode()) == f"![a]({new}) ![b]({new}) ![c]({new}) {old} di teks"


def test_nothing_is_ever_invented() -> None:
    body = "![](foto.jpg)\n\n[di sini](/kontak/)\n\n[klik](https://bit.ly/x)\n\n|  |  |\n|---|---|\n| 1 | 2 |"

    assert after(body) == body
    assert fixed(body, image="foto.jpg").steps == ()


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "body",
    [
        "](" + "<a>" * 3_000 + "(((",
        "`a``a` " * 8_000,
        "\u00a0" * 100_000,
        "\n" * 19_000,
        "a.a-" * 50_000,
        "a " * 100_000 + "\t",
        "## " + "a   # " * 30_000,
        "|" + " " * 200_000 + "-",
        "Rp 1" + ",000" * 50_000,
        "17 August 2026 " * 10_000,
        "- a\n" * 3_000,
        "http://" * 30_000,
        "a@" * 100_000,
        "[x](http://a.go.id/(((" * 400,
        "=\n" * 2_000,
    ],
    ids=range(15),
)
def test_no_text_keeps_it_busy(body: str) -> None:
    once = fix(NEWS, page(TITLE, kind="news", body=body).encode())

    assert fix(NEWS, once.data).data == once.data


@pytest.mark.timeout(30)
@pytest.mark.parametrize(
    "line", ["title: " + " a" * 30_000, "date: " + "1 T" * 15_000, "x: " + " " * 60_000 + "a"]
)
def test_no_head_keeps_it_busy(line: str) -> None:
    text = f"---\n{line}\n---\nIsi.\n".encode()

    assert fix(NEWS, text).data == text
