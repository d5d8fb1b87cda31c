"""Whether a command line or an answer as people read it (in a guide, a workflow) is the program's own."""

import functools
import re
import shlex
from collections.abc import Iterator

import click

from pipeline.cli import sop
from sop_site import messages

_SUBSTITUTED = re.compile(r"\$\((?:[^()]|\([^()]*\))*\)")
_BLOCK = re.compile(r"^ *```sh\n(.*?)^ *```$", re.DOTALL | re.MULTILINE)
_ANSWER = re.compile(r"^ *```text\n(.*?)^ *```$", re.DOTALL | re.MULTILINE)
_SENTENCE = re.compile(r"^(?:[a-zA-Z_-]+| +\.advice) = (.+)$", re.MULTILINE)
_VALUE = re.compile(r"\\{[^{}]*\\}")


def shell_lines(markdown: str) -> Iterator[str]:
    """Lines of all ``sh`` blocks that call ``sop``."""
    for block in _BLOCK.findall(markdown):
        yield from (line.strip() for line in block.splitlines() if line.strip().startswith("sop "))


def answers(markdown: str) -> Iterator[str]:
    """Lines of all ``text`` blocks: what the program is said to answer."""
    for block in _ANSWER.findall(markdown):
        yield from block.splitlines()


@functools.cache
def _sentences() -> tuple[re.Pattern[str], ...]:
    """Every sentence and advice in Bahasa Indonesia that has words of its own, values left open."""
    folder = messages._FOLDER / "id"
    said = [text for path in folder.glob("*.ftl") for text in _SENTENCE.findall(path.read_text("utf-8"))]
    worded = [text for text in said if sum(map(str.isalpha, re.sub(r"\{[^{}]*\}", "", text))) >= 4]
    return tuple(re.compile(_VALUE.sub(".+", re.escape(text)) + "$") for text in worded)


def is_said(line: str) -> bool:
    """Whether the line ends with a sentence or advice of the catalogue; a place or a sign may stand before.

    Two lines put a sentence between values: a draft's state in brackets, a probe's milliseconds at the end.
    """
    sentence = re.sub(r"\].*$| \d+ ms$", "", line)
    return any(shape.search(text) for text in (line, sentence) for shape in _sentences())


def words(line: str) -> list[str]:
    """The arguments of a line that calls ``sop``; what a shell would put in is a month."""
    return shlex.split(_SUBSTITUTED.sub("2026-01", line), comments=True)[1:]


def objection(line: str) -> str | None:
    """Why the program would not take ``line`` (usage alone, no file is looked at); ``None`` if it would."""
    given_words = words(line)
    command: click.Command = sop
    context = click.Context(sop, info_name="sop")
    try:
        while True:
            parsed, rest, _ = command.make_parser(context).parse_args(list(given_words))
            given = {
                name for name, value in parsed.items() if isinstance(value, str | list | tuple) and value
            }
            if missing := [p.name for p in command.params if p.required and p.name not in given]:
                return f"{line}: {missing[0]} is missing"
            if not isinstance(command, click.Group):
                return f"{line}: {rest} is too much" if rest else None
            if not rest:
                return f"{line}: a command is missing"
            name, given_words = rest[0], rest[1:]
            following = command.get_command(context, name)
            if following is None:
                return f"{line}: there is no command {name}"
            command, context = following, click.Context(following, context, info_name=name)
    except click.ClickException as error:
        return f"{line}: {error.format_message()}"
