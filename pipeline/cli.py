"""The command line: finds the command, hands it a desk, and turns its answer or error into an exit code."""

import errno
import importlib
import json
import os
import signal
import sys
import tempfile
import traceback
from collections.abc import Mapping
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

import click

from pipeline import usage
from pipeline.desk import Answer, Desk, printable
from sop_site.errors import MediumFailed, SopError
from sop_site.messages import LANGUAGES, advice, masked, say

BUG = 70
_COMMANDS = Path(__file__).parent / "commands"
_MEDIUM = {errno.ENOSPC, errno.EROFS, errno.EIO, errno.EDQUOT, errno.ENXIO, errno.ENODEV}

# A place that was named and cannot be used; within our own folders the same would be a bug.
_PLACE = {errno.EACCES, errno.EPERM, errno.ENOTDIR, errno.ENOENT, errno.EISDIR, errno.ENAMETOOLONG}


class _Commands(click.Group):
    """Loads a command's module only when it is called: ``sop queue`` does not wait for Pelican."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        names = (path.stem.rstrip("_") for path in _COMMANDS.glob("*.py") if path.stem != "__init__")
        return sorted(names)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        stem = cmd_name if (_COMMANDS / f"{cmd_name}.py").exists() else f"{cmd_name}_"
        command = importlib.import_module(f"pipeline.commands.{stem}").command
        assert isinstance(command, click.Command)
        return command


@click.group(
    cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.option("--repo", type=click.Path(path_type=Path), help="Repositori konten / content repository.")
@click.option(
    "--lang", type=click.Choice(LANGUAGES), envvar="SOP_LANG", default="id", help="Bahasa / language."
)
@click.option("--json", "as_json", is_flag=True, help="Satu objek JSON / one JSON object.")
@click.option("-v", "--verbose", is_flag=True, help="Lebih banyak keterangan / say more.")
@click.version_option(package_name="sop-site", prog_name="sop")
@click.pass_context
def sop(ctx: click.Context, repo: Path | None, lang: str, as_json: bool, verbose: bool) -> None:
    """Pengelolaan situs resmi kantor: susun, periksa, setujui, tayangkan, arsipkan, laporkan."""
    ctx.obj = Desk(repo_option=repo, lang=lang, json=as_json, verbose=verbose)


def main() -> NoReturn:
    """Entry point of ``sop``."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """One command from its arguments to its exit code (the table is the command contract's)."""
    arguments = _globals_first(arguments)
    lang, as_json, name = _manner(arguments)
    # A command that is asked to stop cleans up as after Ctrl-C; a service replaces this with its own.
    signal.signal(signal.SIGTERM, _stop)
    try:
        answer = sop.main(args=arguments, prog_name="sop", standalone_mode=False)
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return error.exit_code
    except click.UsageError as error:
        click.echo("\n".join(usage.told(lang, error)), err=True)
        return error.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        return _tell_error(lang, as_json, name, "interrupted", {}, 1)
    except SopError as error:
        return _tell_error(lang, as_json, name, error.code, error.values, error.exit_code)
    except OSError as error:
        if error.errno in _MEDIUM or (error.errno in _PLACE and _is_foreign(error.filename)):
            values = {"path": error.filename or "–", "detail": os.strerror(error.errno or 0)}
            return _tell_error(lang, as_json, name, "medium-failed", values, MediumFailed.exit_code)
        return _tell_bug(lang)
    except Exception:
        return _tell_bug(lang)
    if not isinstance(answer, Answer):
        return 0 if answer is None else int(answer)
    try:
        _tell_answer(as_json, name, answer)
    except BrokenPipeError:
        # The reader of our output went away (``sop queue | head``); the answer stands.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0 if answer.ok else 1


def _globals_first(arguments: list[str]) -> list[str]:
    """Global options may stand anywhere (``sop queue --json``); Click wants them before the command."""
    front, rest, queue = [], [], list(arguments)
    while queue:
        argument = queue.pop(0)
        if argument == "--":
            rest += [argument, *queue]
            break
        if argument == "--json":
            front.append(argument)
        elif argument in ("--repo", "--lang") and queue:
            front += [argument, queue.pop(0)]
        elif argument.startswith(("--repo=", "--lang=")):
            front.append(argument)
        else:
            rest.append(argument)
    return front + rest


def _manner(arguments: list[str]) -> tuple[str, bool, str]:
    """Language, JSON or not, and the command's name, known even when Click cannot parse the rest."""
    lang, words, skip = os.environ.get("SOP_LANG", "id"), [], False
    for place, argument in enumerate(arguments):
        if skip:
            skip = False
        elif argument in ("--repo", "--lang"):
            skip = True
            if argument == "--lang" and place + 1 < len(arguments):
                lang = arguments[place + 1]
        elif argument.startswith("--lang="):
            lang = argument.removeprefix("--lang=")
        elif not argument.startswith("-"):
            words.append(argument)
    name = words[0] if words else ""
    if name in ("archive", "media", "policy", "probe", "inbox", "serve", "report") and len(words) > 1:
        name += f" {words[1]}" if words[1].replace("-", "").isalpha() else ""
    return (lang if lang in LANGUAGES else "id"), "--json" in arguments, name


def _tell_answer(as_json: bool, name: str, answer: Answer) -> None:
    if as_json:
        told = {"ok": answer.ok, "command": name, **answer.data}
        click.echo(printable(json.dumps(told, ensure_ascii=False, default=str)))
    else:
        for line in answer.lines:
            click.echo(printable(line))


def _tell_error(
    lang: str, as_json: bool, name: str, code: str, values: Mapping[str, object], exit_code: int
) -> int:
    words, help_words = masked(say(lang, code, **values)), masked(advice(lang, code, **values))
    if as_json:
        error: dict[str, Any] = {"code": code, "message": words, "advice": help_words}
        click.echo(json.dumps({"ok": False, "command": name, "error": error}, ensure_ascii=False))
    click.echo(words, err=True)
    if help_words:
        click.echo(f"  → {help_words}", err=True)
    return exit_code


def _tell_bug(lang: str) -> int:
    """Keep the traceback in a file that only the user reads, and name it."""
    with tempfile.NamedTemporaryFile(
        "w", prefix="sop-galat-", suffix=".txt", delete=False, encoding="utf-8"
    ) as file:
        file.write(traceback.format_exc())
    click.echo(say(lang, "bug", path=file.name), err=True)
    click.echo(f"  → {advice(lang, 'bug', path=file.name)}", err=True)
    return BUG


def _is_foreign(name: object) -> bool:
    """Whether a path lies outside the program's own folders."""
    return isinstance(name, str) and not Path(name).is_relative_to(_COMMANDS.parent.parent)


def _stop(_number: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt
