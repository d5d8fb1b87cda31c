"""What every command is handed: where it works, how it speaks, what time it is."""

import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import click

from pipeline import progress
from sop_site import telling
from sop_site.answers import Finding, Refusal
from sop_site.errors import AnswerIsNo, RepositoryUnusable
from sop_site.messages import advice, as_json, say


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command found out: yes or no, the JSON object's keys, and the lines for a reader."""

    ok: bool
    data: Mapping[str, object] = field(default_factory=dict)
    lines: Sequence[str] = ()


def printable(text: str) -> str:
    """``text`` with the bytes of file names that are no UTF-8 written out; in JSON that is their escape."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _wall_clock() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


@dataclass(slots=True)
class Desk:
    """One run of one command."""

    repo_option: Path | None = None
    lang: str = "id"
    json: bool = False
    verbose: bool = False
    clock: Callable[[], datetime] = _wall_clock
    """The present, aware and in whole seconds."""

    def repo(self) -> Path:
        """The repository that ``--repo`` names, else the enclosing one (bare or not)."""
        start = (self.repo_option or Path.cwd()).absolute()
        candidates = [start] if self.repo_option else [start, *start.parents]
        for folder in candidates:
            if (folder / ".git").exists() or ((folder / "HEAD").is_file() and (folder / "objects").is_dir()):
                return folder
        raise RepositoryUnusable("repository-missing", path=start)

    def say(self, code: str, /, **values: object) -> str:
        """A sentence in the reader's language."""
        return say(self.lang, code, **values)

    def shown(self, answers: Sequence[Finding | Refusal]) -> list[dict[str, object]]:
        """Findings or refusals for the JSON object."""
        return [as_json(self.lang, answer) for answer in answers]

    def told(self, answers: Sequence[Finding | Refusal]) -> list[str]:
        """Findings or refusals as lines for a reader."""
        return telling.lines(self.lang, answers)

    def advised(self, code: str, /, **values: object) -> list[str]:
        """A sentence, and below it what to do."""
        return [self.say(code, **values), f"  → {advice(self.lang, code, **values)}"]

    def progress(
        self, code: str, total: int | None = None
    ) -> AbstractContextManager[Callable[[float], None]]:
        """``with desk.progress("…", n) as advance:`` — drawn only on a terminal."""
        return progress.shown(self.say(code), total, quiet=self.json)

    def tell(self, lines: Sequence[str]) -> None:
        """Show lines now, before the answer; a program that reads JSON finds the same in the answer."""
        if not self.json:
            for line in lines:
                click.echo(printable(line))

    def can_ask(self) -> bool:
        """Whether a person sits at a terminal."""
        return not self.json and sys.stdin.isatty() and sys.stderr.isatty()

    def confirm(self, code: str, option: str, **values: object) -> bool:
        """Ask a yes or no on the terminal; where there is none, say which option gives the answer."""
        if not self.can_ask():
            raise AnswerIsNo("needs-answer", option=option)
        return click.confirm(self.say(code, **values), err=True)
