"""What stands in .github: linted, pinned, without power it does not need, and without logic of its own."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml

from demo import portal
from sop_site import resources
from tests import spoken
from tests.office import EMPTY_ENV, SITE_TOML, Office
from tests.serving import serving

ROOT = Path(__file__).resolve().parent.parent
FORGE = ROOT / ".github"
WORKFLOWS = sorted((FORGE / "workflows").glob("*.yml"))
OFFICE = [path for path in WORKFLOWS if path.name not in resources.CODE_ONLY]
BIN = Path(sys.executable).parent
# What a step may run: our own commands, and what brings code, history and files into place.
ALLOWED = re.compile(
    r"sop [a-z]+|\.ci/run$|python -m pip install \"\$SOP_SITE\"$|git (?:fetch|switch|branch) |mkdir \.\./|"
    r"printf '%s\\n' \"\$ISI_KEPERCAYAAN\" > |\(umask 077 && printf "
)


def steps(workflow: Path) -> list[dict[str, object]]:
    jobs = yaml.safe_load(workflow.read_text(encoding="utf-8"))["jobs"]
    return [step for job in jobs.values() for step in job["steps"]]


def test_there_is_a_workflow_for_each_errand() -> None:
    assert {path.stem for path in WORKFLOWS} == {
        "periksa-usulan", "tayangkan", "pantau", "arsipkan", "laporkan", "kode",
    }  # fmt: skip


def test_an_office_gets_all_of_it_but_the_workflow_that_tests_the_code(tmp_path: Path) -> None:
    resources.copy_skeleton(tmp_path)
    copied = {path.relative_to(tmp_path) for path in (tmp_path / ".github").rglob("*") if path.is_file()}
    here = {path.relative_to(ROOT) for path in FORGE.rglob("*") if path.is_file()}

    assert here - copied == {Path(".github/workflows/kode.yml")}
    assert copied <= here


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

    assert [run for run in runs if not ALLOWED.match(run) or re.search(r"[\n;|]|&&(?! printf)", run)] == []
    assert [spoken.objection(run) for run in runs if run.startswith("sop ") and spoken.objection(run)] == []


@pytest.mark.parametrize("workflow", OFFICE, ids=lambda path: path.stem)
def test_credentials_stay_only_where_the_ledger_is_pushed(workflow: Path) -> None:
    for job in yaml.safe_load(workflow.read_text(encoding="utf-8"))["jobs"].values():
        writes = job["permissions"].get("contents") == "write"
        kept = [
            step["with"]["persist-credentials"]
            for step in job["steps"]
            if "checkout" in str(step.get("uses"))
        ]

        assert set(kept) <= {writes}
        assert bool(kept) >= writes
        assert ("${{ secrets." in str(job)) == writes
        assert (job.get("environment") == "catatan") >= writes


@pytest.mark.parametrize("workflow", OFFICE, ids=lambda path: path.stem)
def test_nothing_with_a_schedule_runs_before_the_office_has_set_it_up(workflow: Path) -> None:
    table = yaml.safe_load(workflow.read_text(encoding="utf-8"))
    first = next(iter(table["jobs"].values()))
    # YAML 1.1 reads the key "on" as true.
    scheduled = "schedule" in table[True]

    assert (first.get("if") == "vars.SOP_SITE != ''") == scheduled


_EXPRESSION = re.compile(r"\$\{\{ (?:\w+\.)*(\w+) \}\}")


class Runner:
    """A machine of the forge as far as it matters: a fresh checkout, and the steps of a job in its shell."""

    def __init__(self, office: Office, folder: Path) -> None:
        self.office, self.work = office, folder / "kerja" / "konten"
        tools = folder / "alat"
        tools.mkdir()
        for name, line in {
            "sop": f'exec "{sys.executable}" -m pipeline "$@"',
            "python": "exit 0",  # pip install "$SOP_SITE": what it would bring is this checkout
        }.items():
            (tools / name).write_text(f"#!/bin/sh\n{line}\n")
            (tools / name).chmod(0o755)
        self.env = {**EMPTY_ENV, "PATH": f"{tools}:{os.environ['PATH']}", "HOME": str(folder),
                    "PYTHONPATH": str(ROOT), "GITHUB_BASE_REF": "publish"}  # fmt: skip

    def checks_out(self, commit: str | None) -> None:
        """What actions/checkout leaves with ``fetch-depth: 0``: every branch as a remote one, one shown."""
        self.work.mkdir(parents=True)
        for words in (
            ["init", "-q", "-b", "main"],
            ["remote", "add", "origin", str(self.office.repo)],
            ["fetch", "-q", "--no-tags", "origin", "+refs/heads/*:refs/remotes/origin/*"],
            ["checkout", "-q", *(["--detach", commit] if commit else ["-B", "publish", "origin/publish"])],
        ):
            self.office.git(*words, cwd=self.work)

    def runs(self, name: str, job_name: str | None = None, **known: str) -> str:
        """Every ``run:`` of a job (the first) as the forge's shell runs it; words of what failed."""
        path = FORGE / "workflows" / f"{name}.yml"
        jobs = yaml.safe_load(path.read_text(encoding="utf-8"))["jobs"]
        job = jobs[job_name or next(iter(jobs))]
        known |= {"workspace": str(self.work), "SOP_TRUST": self.office.trust.read_text()}
        for step in job["steps"]:
            if "run" not in step:
                continue
            given = {**job.get("env", {}), **step.get("env", {})}
            env = {key: _EXPRESSION.sub(lambda found: known.get(found[1], ""), given[key]) for key in given}
            done = subprocess.run(
                ["bash", "-e", "-o", "pipefail", "-c", step["run"]],
                cwd=self.work, env={**self.env, **env}, capture_output=True, text=True,
            )  # fmt: skip
            if done.returncode:
                return f"{step['run']}: {done.stdout}{done.stderr}"
        return ""


@pytest.fixture
def runner(tmp_path: Path) -> Iterator[Runner]:
    """An office on the forge's own clock, with a public page and a draft that waits; its portal answers."""
    with portal.stand_in() as url:
        site = f'{SITE_TOML}\n[[probe]]\nname = "Portal"\nurl = "{url}"\n'
        office = Office(
            tmp_path, site=site, start=datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
        )
        for draft in ("tayang", "menunggu"):
            office.submits(office.announces(draft, expires_at="2099-12-31"))
        office.approves("2026-01-05-tayang")
        yield Runner(office, tmp_path)


@pytest.mark.git
def test_a_proposal_is_checked_as_the_draft_that_it_is(runner: Runner) -> None:
    runner.checks_out(runner.office.tip("draft/2026-01-05-menunggu"))

    assert runner.runs("periksa-usulan", number="7") == ""


@pytest.mark.git
def test_a_faulty_proposal_is_told_so(runner: Runner) -> None:
    faulty = runner.office.announces("salah", summary="")
    runner.checks_out(runner.office.tip(f"draft/{faulty}"))

    failed = runner.runs("periksa-usulan", number="7")

    assert failed.startswith('sop check "usulan-$NOMOR"')
    assert "summary" in failed


@pytest.mark.git
def test_what_verifies_is_built_and_nothing_else(runner: Runner) -> None:
    runner.checks_out(None)

    assert runner.runs("tayangkan") == ""

    home = (runner.work.parent / "situs/index.html").read_text(encoding="utf-8")
    assert "Pengumuman tayang" in home
    assert "Pengumuman menunggu" not in home


@pytest.mark.git
def test_nothing_is_built_from_a_push_without_approval(runner: Runner) -> None:
    waiting = runner.office.tip("draft/2026-01-05-menunggu")
    runner.office.git("update-ref", "refs/heads/publish", waiting)
    runner.checks_out(None)

    assert runner.runs("tayangkan").startswith("sop verify --full")
    assert not (runner.work.parent / "situs").exists()


@pytest.mark.git
def test_the_portal_is_watched_and_the_witness_signs_it(runner: Runner) -> None:
    runner.checks_out(None)

    assert runner.runs("pantau", SOP_KUNCI_SAKSI=runner.office.witness.key.read_text()) == ""

    (entry,) = runner.office.verify(now=datetime.now(UTC)).ledger
    assert (entry.kind, entry.actor) == ("probe", "saksi@percontohan.go.id")


@pytest.mark.git
def test_what_is_public_goes_on_record_after_it_was_put_in_place(runner: Runner) -> None:
    runner.checks_out(None)
    assert runner.runs("tayangkan") == ""
    shown = runner.office.tip("publish")
    # The head goes on deciding while the forge works.
    runner.office.approves("2026-01-05-menunggu", "--update")
    runner.office.returns(runner.office.announces("lain"))
    public = runner.work.parent / "situs"
    runner.work = runner.work.parent / "saksi"
    runner.checks_out(None)
    key = runner.office.witness.key.read_text()

    with serving(public) as url:
        said = runner.runs("tayangkan", "saksi", SOP_KUNCI_SAKSI=key, alamat=url, ujung=shown)

    assert said == ""
    verdict = runner.office.verify(now=datetime.now(UTC))
    assert verdict.ok
    assert [(entry.kind, entry.actor) for entry in verdict.ledger][-1] == (
        "witness",
        "saksi@percontohan.go.id",
    )
    assert verdict.ledger[-1].data["tip"] == shown


def test_the_witness_comes_after_what_is_public_and_holds_nothing_back() -> None:
    jobs = yaml.safe_load((FORGE / "workflows/tayangkan.yml").read_text(encoding="utf-8"))["jobs"]

    assert jobs["saksi"]["needs"] == ["buat", "tayang"]
    assert jobs["tayang"]["needs"] == "buat"
    assert all("continue-on-error" not in job for job in jobs.values())


@pytest.mark.git
def test_an_archive_is_made_with_all_drafts_and_noted(runner: Runner) -> None:
    runner.office.rejects("2026-01-05-menunggu")
    runner.checks_out(None)

    assert runner.runs("arsipkan", SOP_KUNCI_OPERATOR=runner.office.operator.key.read_text()) == ""

    (bag,) = (runner.work.parent / "arsip").glob("arsip-*")
    bundled = runner.office.git("bundle", "list-heads", str(bag / "data/konten.bundle"))
    assert {"refs/heads/draft/2026-01-05-menunggu", "refs/heads/ledger", "refs/heads/publish"} <= set(
        bundled.split()
    )
    verdict = runner.office.verify(now=datetime.now(UTC))
    assert verdict.ok
    assert [entry.kind for entry in verdict.ledger] == ["reject", "archive"]


@pytest.mark.git
def test_the_month_that_ended_is_reported(runner: Runner) -> None:
    runner.checks_out(None)

    assert runner.runs("laporkan") == ""

    before = datetime.now(UTC).date().replace(day=1) - timedelta(days=1)
    names = {path.name for path in (runner.work.parent / "laporan").iterdir()}
    assert names == {f"laporan-{before:%Y-%m}.{form}" for form in ("pdf", "html")}


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
