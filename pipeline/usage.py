"""A command that was typed wrongly: what Click found, in the office's words."""

import re
from difflib import get_close_matches

import click

from sop_site.messages import advice, masked, say

# Click's own sentence for words too many, such as those of a title without quotation marks.
_EXTRA = re.compile(r"Got unexpected extra arguments? \((.*)\)", re.DOTALL)


def told(lang: str, error: click.UsageError) -> list[str]:
    """What is wrong with the command and what to type, as lines; personal data masked."""
    command = error.ctx.command_path if error.ctx else "sop"
    code, values = _code(error)
    words = masked(say(lang, code, **values))
    return [words, f"  → {masked(advice(lang, code, command=command, **values))}"]


def _code(error: click.UsageError) -> tuple[str, dict[str, str]]:
    if isinstance(error, click.exceptions.NoSuchCommand):
        known = error.ctx.command.list_commands(error.ctx) if error.ctx else []  # type: ignore[attr-defined]
        return _near("usage-command", error.command_name, get_close_matches(error.command_name, known))
    if isinstance(error, click.NoSuchOption):
        return _near("usage-option", error.option_name, error.possibilities)
    if isinstance(error, click.MissingParameter):
        return "usage-missing", {"name": _name(error)}
    if isinstance(error, click.BadOptionUsage):
        return "usage-value-missing", {"name": error.option_name}
    if isinstance(error, click.BadParameter):
        if error.param is not None and isinstance(error.param.type, click.Choice):
            return "usage-choice", {
                "name": _name(error),
                "choices": ", ".join(map(str, error.param.type.choices)),
            }
        return "usage-value", {"name": _name(error), "detail": error.message}
    if found := _EXTRA.match(error.message):
        return "usage-extra", {"words": found[1]}
    return "usage-other", {"detail": error.message}


def _near(code: str, name: str, near: list[str] | None) -> tuple[str, dict[str, str]]:
    return (f"{code}-near", {"name": name, "near": near[0]}) if near else (code, {"name": name})


def _name(error: click.BadParameter) -> str:
    """The option as it is typed (``--reason``), or the argument as the help calls it (``TITLE``)."""
    if isinstance(error.param, click.Option):
        return error.param.opts[0]
    if error.param is not None:
        return (error.param.name or "–").upper().replace("_", "-")
    return str(error.param_hint or "–")
