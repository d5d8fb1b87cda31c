"""Answers and errors become output and exit codes as the command contract says."""

import errno
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest

from pipeline import cli
from pipeline.desk import Answer, Desk
from sop_site import errors


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[Desk], Answer]], None]:
    """Puts one command named ``coba`` in the place of all others."""

    def put(deed: Callable[[Desk], Answer]) -> None:
        @click.command()
        @click.pass_obj
        def coba(desk: Desk) -> Answer:
            return deed(desk)

        monkeypatch.setattr(cli._Commands, "list_commands", lambda *_: ["coba"])
        monkeypatch.setattr(cli._Commands, "get_command", lambda *_: coba)

    return put


@pytest.mark.parametrize(("ok", "exit_code"), [(True, 0), (False, 1)])
def test_an_answer_is_one_json_object(command, capsys, ok: bool, exit_code: int) -> None:
    command(lambda desk: Answer(ok, {"angka": 3}, ["tiga"]))

    assert cli.run(["--json", "coba"]) == exit_code
    assert json.loads(capsys.readouterr().out) == {"ok": ok, "command": "coba", "angka": 3}


def test_json_may_be_asked_for_after_the_command(command, capsys) -> None:
    command(lambda desk: Answer(True))

    assert cli.run(["coba", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["command"] == "coba"


def test_an_answer_is_told_in_lines(command, capsys) -> None:
    command(lambda desk: Answer(True, {}, ["satu", "dua"]))
    cli.run(["coba"])

    assert capsys.readouterr().out == "satu\ndua\n"


@pytest.mark.parametrize(
    ("error", "exit_code"),
    [
        (errors.AnswerIsNo("needs-answer", option="--ya"), 1),
        (errors.SettingsUnreadable("settings-not-toml", detail="x"), 3),
        (errors.RepositoryUnusable("git-missing"), 4),
        (errors.MediumFailed("medium-failed", path="/x", detail="penuh"), 7),
        (OSError(errno.ENOSPC, "No space left on device"), 7),
        (KeyboardInterrupt(), 1),
    ],
)
@pytest.mark.parametrize("lang", ["id", "en"])
def test_an_error_becomes_its_exit_code_with_a_sentence(
    command, capsys, error: BaseException, exit_code: int, lang: str
) -> None:
    def deed(_desk: Desk) -> Answer:
        raise error

    command(deed)

    assert cli.run(["--json", "--lang", lang, "coba"]) == exit_code
    out, err = capsys.readouterr()
    answer = json.loads(out)
    assert answer["ok"] is False
    assert answer["error"]["message"] in err
    assert "Traceback" not in err


def test_a_bug_keeps_its_traceback_in_a_named_file(command, capsys, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    def deed(_desk: Desk) -> Answer:
        raise RuntimeError("rusak")

    command(deed)

    assert cli.run(["coba"]) == 70
    err = capsys.readouterr().err
    (kept,) = tmp_path.glob("sop-galat-*.txt")
    assert str(kept) in err
    assert "RuntimeError: rusak" in kept.read_text()
    assert "RuntimeError" not in err


def test_wrong_usage_ends_with_two(capsys) -> None:
    assert cli.run(["tidak-ada"]) == 2
    assert "Tidak ada perintah" in capsys.readouterr().err


def test_a_folder_without_git_ends_with_four(tmp_path: Path) -> None:
    with pytest.raises(errors.RepositoryUnusable):
        Desk(repo_option=tmp_path).repo()


def test_a_question_without_a_terminal_names_its_option() -> None:
    with pytest.raises(errors.AnswerIsNo) as no:
        Desk(json=True).confirm("severity-error", "--update")

    assert no.value.values["option"] == "--update"


def test_every_command_loads_and_explains_itself() -> None:
    group = cli.sop
    with click.Context(group) as ctx:
        for name in group.list_commands(ctx):
            loaded = group.get_command(ctx, name)
            assert loaded is not None
            assert loaded.help, name


def test_the_module_is_the_same_program() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pipeline", "--version"], capture_output=True, text=True, check=True
    )

    assert done.stdout.startswith("sop, version ")


def test_a_reader_that_goes_away_changes_no_answer(
    command: Callable[[Callable[[Desk], Answer]], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    command(lambda _desk: Answer(False, {}, ["baris"] * 3))
    reader, writer = os.pipe()
    os.close(reader)
    monkeypatch.setattr(sys, "stdout", os.fdopen(writer, "w", encoding="utf-8"))

    assert cli.run(["coba"]) == 1
