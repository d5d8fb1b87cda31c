"""Why a command stops without an answer, each with its exit code (the table is the command contract's).

An answer that is "no" (a refused merge, a faulty draft) is a value, not an exception; ``AnswerIsNo`` is for
the moment when a command cannot even begin because what was named is not there or needs a person.
"""

from typing import ClassVar


class SopError(Exception):
    """Base of every error that is raised on purpose; ``code`` names its sentence in the catalogues."""

    exit_code: ClassVar[int] = 70

    def __init__(self, code: str, /, **values: object) -> None:
        super().__init__(code, values)
        self.code = code
        self.values = values

    def __str__(self) -> str:
        details = ", ".join(f"{name}={value!r}" for name, value in self.values.items())
        return f"{self.code}({details})"


class AnswerIsNo(SopError):
    """What was asked cannot be done as things stand, and the sentence says what would help."""

    exit_code = 1


class SettingsUnreadable(SopError):
    """site.toml, the policy or the trust file is missing or not in order."""

    exit_code = 3


class RepositoryUnusable(SopError):
    """There is no git repository, or git cannot work with it."""

    exit_code = 4


class RenderingFailed(SopError):
    """Pelican stopped, or its output is not what was approved."""

    exit_code = 5


class ServiceSilent(SopError):
    """An outside service did not answer."""

    exit_code = 6


class MediumFailed(SopError):
    """A storage medium is missing, full, read-only or broken."""

    exit_code = 7
