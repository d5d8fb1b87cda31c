"""The papers beside the code say what the code does."""

import importlib.util
import json
import re
from pathlib import Path

import click
import pytest

from pipeline.cli import sop
from sop_site import settings, well_known
from sop_site.proof import Opening, PolicyProof, Proof
from tests import spoken
from tests.office import MONDAY

ROOT = Path(__file__).resolve().parent.parent
PAPERS = sorted(
    [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *ROOT.glob("docs/**/*.md")]
)
GLOSSARY = ("draf", "periksa", "ajukan", "setujui", "kembalikan", "tolak", "tayangkan", "tarik")


def commands() -> list[str]:
    with click.Context(sop) as ctx:
        return sop.list_commands(ctx)


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def test_all_programs_that_print_figures_are_run_by_make_bench() -> None:
    named = re.search(r"^BENCHES := ((?:.*\\\n)*.*)$", read(ROOT / "Makefile"), re.M)
    programs = [path.stem for path in ROOT.glob("benchmarks/*.py") if "__main__" in read(path)]

    assert named is not None
    assert sorted(named[1].replace("\\", "").split()) == sorted(programs)


def test_the_page_of_settings_is_fresh() -> None:
    spec = importlib.util.spec_from_file_location("make_settings", ROOT / "docs/make_settings.py")
    assert spec is not None
    assert spec.loader is not None
    maker = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(maker)

    assert (ROOT / "docs/settings.md").read_text(encoding="utf-8") == maker.page()


def test_every_table_of_the_settings_stands_on_that_page() -> None:
    page = read(ROOT / "docs/settings.md")

    assert [name for name in settings.Settings.model_fields if f"[{name}]" not in page] == []


def test_every_command_stands_in_the_readme() -> None:
    readme = read(ROOT / "README.md")

    assert [name for name in commands() if f"`sop {name}`" not in readme] == []


@pytest.mark.parametrize("paper", PAPERS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_paper_names_no_command_that_does_not_exist(paper: Path) -> None:
    text = read(paper)
    named = set(re.findall(r"`sop ([a-z]+)", text))

    assert named <= set(commands())
    assert [found for line in spoken.shell_lines(text) if (found := spoken.objection(line))] == []


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("sop nix", "no command"),
        ("sop archive", "a command is missing"),
        ("sop verify --nix", "No such option"),
        ("sop approve", "draft is missing"),
        ("sop approve a b", "too much"),
        ("sop return a --reason", "requires an argument"),
    ],
)
def test_a_line_that_the_program_would_not_take_is_found(line: str, reason: str) -> None:
    assert reason in str(spoken.objection(line))


@pytest.mark.parametrize("guide", ["panduan-operator.md", "panduan-camat.md"])
def test_a_guide_for_officers_explains_the_words_of_the_procedure(guide: str) -> None:
    rows = re.findall(r"^\| ([a-z ]+) \|", read(ROOT / "docs" / guide), re.MULTILINE)

    assert [word for word in GLOSSARY if word not in rows] == []


@pytest.mark.parametrize("paper", PAPERS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_local_links_lead_somewhere(paper: Path) -> None:
    # What stands in a fenced block is shown, not meant.
    text = re.sub(r"^(`{3,})\w*\n.*?^\1$", "", read(paper), flags=re.DOTALL | re.MULTILINE)
    links = [link for link in re.findall(r"\]\(([^)#]+)", text) if not link.startswith("http")]

    assert [link for link in links if not (paper.parent / link).exists()] == []


def test_the_readme_links_to_every_paper_of_the_first_rank() -> None:
    readme = read(ROOT / "README.md")

    assert [path.name for path in ROOT.glob("docs/*.md") if f"(docs/{path.name})" not in readme] == []


def test_files_named_in_the_papers_are_there() -> None:
    named = {
        (paper.name, name)
        for paper in PAPERS
        for name in re.findall(
            r"`((?:tests|sop_site|pipeline|docs|benchmarks|demo)/[\w./-]+\.\w+)`", read(paper)
        )
    }

    assert named
    assert sorted((paper, name) for paper, name in named if not (ROOT / name).exists()) == []


@pytest.mark.parametrize("record", sorted(ROOT.glob("docs/adr/*.md")), ids=lambda path: path.stem)
def test_a_decision_tells_its_context_and_its_costs(record: Path) -> None:
    text = read(record)

    assert int(record.stem[:4]) == int(text.removeprefix("# ").split(".")[0])
    assert all(f"**{part}.**" in text for part in ("Context", "Decision", "Consequences"))
    assert len(text.split()) < 300


def test_the_threat_table_names_tests_that_exist() -> None:
    before, _, after = read(ROOT / "docs/protocol.md").partition("| attack |")
    table = after.partition("\n\n")[0]
    named = set(re.findall(r"`([a-z_]+)`", "".join(line.rpartition(" | ")[2] for line in table.splitlines())))
    stories = "".join(read(ROOT / path) for path in set(re.findall(r"`(tests/[\w./]+\.py)`", before)))

    assert len(named) > 40
    assert sorted(named - set(re.findall(r"^def (\w+)\(", stories, re.MULTILINE))) == []


def test_the_page_for_auditors_names_every_key_for_machines() -> None:
    opening = Opening("c" * 40, MONDAY, "1", "2", "sha256:0", ())
    policies = (PolicyProof(1, "sha256:1", "c" * 40, 0, MONDAY, 1, (), ()),)
    note = json.loads(well_known.note(Proof(opening=opening, policies=policies), None, MONDAY))
    table = read(ROOT / "docs/bukti.md").partition("## `/.well-known/sop.json`")[2]

    assert set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)) == set(note)
    assert all(f"`{name}`" in table for name in note["trust"])


@pytest.mark.parametrize("guide", ["panduan-operator.md", "panduan-camat.md"])
def test_what_a_guide_lets_the_program_answer_are_its_own_sentences(guide: str) -> None:
    answers = [line.strip() for line in spoken.answers(read(ROOT / "docs" / guide))]

    assert len(answers) > 10
    assert [line for line in answers if not spoken.is_said(line)] == []


def test_an_answer_that_the_program_never_gives_is_found() -> None:
    assert spoken.is_said("Draf “x” diajukan kepada Camat.")
    assert not spoken.is_said("Draf “x” dikirim kepada Camat.")
