"""The reference pages for operators are made from the model and the checks, and their examples hold."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from sop_site.content import KINDS, markdown, media_of, parse
from sop_site.rules import Around, MediaFacts, PageInput, check
from tests.rule_examples import examples
from tests.sop_site.rules.values import ADDRESSES, SETTINGS

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted((ROOT / "tests/examples/pages").rglob("index.md"))


def maker(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / f"docs/{name}.py")
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


@pytest.mark.parametrize(
    ("name", "page"), [("make_fields", "isian-halaman.md"), ("make_checks", "pemeriksaan.md")]
)
def test_a_reference_page_is_fresh(name: str, page: str) -> None:
    assert (ROOT / "docs" / page).read_text(encoding="utf-8") == maker(name).page(), f"python docs/{name}.py"


def test_there_is_a_complete_example_of_every_kind() -> None:
    made = maker("make_fields")

    assert {made.example(kind) for kind in KINDS} == set(PAGES)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.parent.name)
def test_an_example_passes_every_check_without_a_word(path: Path) -> None:
    where = path.relative_to(ROOT / "tests/examples/pages").as_posix()
    parsed = parse(where, path.read_bytes(), SETTINGS)

    assert parsed.page is not None, parsed.findings
    assert parsed.lines is not None
    outline = markdown.outline(parsed.page.body)
    media = {
        name: MediaFacts(name, name.rpartition(".")[2], 1000, 640, 400, has_text=True)
        for name in media_of(parsed.page, outline)
    }
    around = Around(SETTINGS, ADDRESSES | {"/pengumuman/"})
    page = PageInput(where, parsed.page, parsed.lines, outline, around, media)
    assert (*parsed.findings, *check(page)) == ()


def test_no_example_shows_a_whole_number_of_a_person() -> None:
    page = (ROOT / "docs/pemeriksaan.md").read_text(encoding="utf-8")

    assert sum(f"### `{example.code}`" in page for example in examples()) == len(list(examples()))
    assert "5108062812760001" not in page
    assert "4111 1111 1111 1111" not in page


def test_what_no_example_fills_in_is_left_open_and_not_called_by_its_name_in_the_catalogue() -> None:
    page = (ROOT / "docs/pemeriksaan.md").read_text(encoding="utf-8")

    assert "Halaman ini berpindah ke …;" in page
    assert " name " not in page
