"""What stands in .github: linted, pinned, without power it does not need, and without logic of its own."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
FORGE = ROOT / ".github"
WORKFLOWS = sorted((FORGE / "workflows").glob("*.yml"))
BIN = Path(sys.executable).parent
# What a step may run: our own commands, and what brings code, history and files into place.
ALLOWED = re.compile(
    r"sop [a-z]+|python -m pip install \"\$SOP_SITE\"|git (?:fetch|switch|branch) |mkdir \.\./|"
    r"printf '%s\\n' \"\$ISI_KEPERCAYAAN\" > |\(umask 077 && printf "
)


def steps(workflow: Path) -> list[dict[str, object]]:
    jobs = yaml.safe_load(workflow.read_text(encoding="utf-8"))["jobs"]
    return [step for job in jobs.values() for step in job["steps"]]


def test_there_is_a_workflow_for_each_errand() -> None:
    assert {path.stem for path in WORKFLOWS} == {
        "periksa-usulan", "tayangkan", "pantau", "arsipkan", "laporkan",
    }  # fmt: skip


def test_zizmor_finds_nothing() -> None:
    done = subprocess.run(
        [BIN / "zizmor", "--offline", "--no-progress", str(FORGE)], capture_output=True, text=True
    )

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("schema", "pattern"),
    [
        ("vendor.github-workflows", "workflows/*.yml"),
        ("vendor.github-issue-forms", "ISSUE_TEMPLATE/kritik-dan-saran.yml"),
        ("vendor.github-issue-config", "ISSUE_TEMPLATE/config.yml"),
    ],
)
def test_the_forges_own_schemas_accept_them(schema: str, pattern: str) -> None:
    files = [str(path) for path in FORGE.glob(pattern)]
    done = subprocess.run(
        [BIN / "check-jsonschema", "--builtin-schema", schema, *files], capture_output=True, text=True
    )

    assert files
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_asks_for_no_more_than_it_needs(workflow: Path) -> None:
    table = yaml.safe_load(workflow.read_text(encoding="utf-8"))
    text = workflow.read_text(encoding="utf-8")

    assert table["permissions"] == {}
    assert all("permissions" in job and "timeout-minutes" in job for job in table["jobs"].values())
    assert "concurrency" in table
    assert "pull_request_target" not in text
    pins = re.findall(r"uses: \S+@(\S+) # v[0-9.]+$", text, re.MULTILINE)
    assert len(pins) == text.count("uses:")
    assert all(re.fullmatch(r"[0-9a-f]{40}", pin) for pin in pins)
    assert text.count("actions/checkout@") == text.count("fetch-depth: 0")


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_calls_commands_and_holds_no_logic(workflow: Path) -> None:
    runs = [str(step["run"]) for step in steps(workflow) if "run" in step]
    commands = {path.stem.rstrip("_") for path in (ROOT / "pipeline/commands").glob("*.py")}

    assert [run for run in runs if not ALLOWED.match(run) or "\n" in run.strip()] == []
    assert {run.split()[1] for run in runs if run.startswith("sop ")} <= commands


def test_a_drafts_check_has_no_secrets_and_no_credentials() -> None:
    text = (FORGE / "workflows/periksa-usulan.yml").read_text(encoding="utf-8")

    assert "${{ secrets" not in text
    assert "persist-credentials: false" in text


def test_the_ruleset_allows_merge_commits_only_and_no_way_around() -> None:
    rules = json.loads((FORGE / "rulesets/publish.json").read_text(encoding="utf-8"))
    kinds = {rule["type"]: rule.get("parameters", {}) for rule in rules["rules"]}

    assert rules["conditions"]["ref_name"]["include"] == ["refs/heads/publish"]
    assert rules["bypass_actors"] == []
    assert {"deletion", "non_fast_forward"} <= kinds.keys()
    assert kinds["pull_request"]["allowed_merge_methods"] == ["merge"]
    assert kinds["required_status_checks"]["strict_required_status_checks_policy"] is True
    # Drafts are unsigned; a forge that demanded signatures would bar them (signed approval, §7).
    assert "required_signatures" not in kinds
