"""Every code that a check can give has an example that gives it and one that does not, and both are run."""

import ast
from pathlib import Path

import pytest

from sop_site import messages
from tests.rule_examples import ROOT, Example, examples

# Where findings are made; a new module of rules or of media counts by itself.
SOURCES = (
    *ROOT.glob("sop_site/content/*.py"),
    *ROOT.glob("sop_site/rules/*.py"),
    *ROOT.glob("pipeline/media/*.py"),
    ROOT / "pipeline/checking.py",
)
ERRORS = {
    "AnswerIsNo", "SettingsUnreadable", "RepositoryUnusable", "RenderingFailed", "ServiceSilent",
    "MediumFailed",
}  # fmt: skip
ALL = list(examples())
RUN = [example for example in ALL if example.bad and example.good]


def codes_of(path: Path) -> set[str]:
    """Every code of the catalogue with an advice that a module names and does not raise."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    raised = {
        node.args[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ERRORS
        if node.args and isinstance(node.args[0], ast.Constant)
    }  # fmt: skip
    words = {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    return {
        word for word in words - raised if "-" in word and " " not in word and messages.advice("id", word)
    }


def test_every_code_has_an_example_and_every_example_a_code() -> None:
    made = set().union(*(codes_of(path) for path in SOURCES))
    shown = [example.code for example in ALL]

    assert len(shown) == len(set(shown))
    # Missing here: add the code to a table in tests/examples/ (see tests/rule_examples.py).
    assert sorted(made - set(shown)) == []
    assert sorted(set(shown) - made) == []


@pytest.mark.parametrize("example", RUN, ids=lambda example: example.code)
def test_the_bad_example_gives_the_code_and_the_good_one_does_not(example: Example) -> None:
    assert example.bad is not None
    assert example.good is not None
    bad, good = example.bad.findings(), example.good.findings()

    given = [finding for finding in bad if finding.code == example.code]
    others = {finding.code for finding in bad} - {example.code}
    assert given, [finding.code for finding in bad]
    assert not {code for code in others if any(f.severity == "error" for f in bad if f.code == code)} - {
        "field-missing", "field-no-date",
    }, others  # fmt: skip
    assert [finding.code for finding in good] == []
    for lang in messages.LANGUAGES:
        shown = messages.as_json(lang, given[0])
        assert shown["message"]
        assert shown["advice"]


def test_what_is_not_run_here_is_shown_by_a_test_that_names_it() -> None:
    silent = {
        example.code
        for example in ALL
        if example not in RUN
        and not (example.by and example.code in (ROOT / example.by).read_text(encoding="utf-8"))
    }

    assert silent == set()
