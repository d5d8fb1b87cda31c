"""Collects why one commit is refused: every code that fits, each once with its first detail."""

from sop_site.answers import Refusal


class Reasons:
    """The refusals of one commit in the order in which they were found."""

    def __init__(self, commit: str | None) -> None:
        self.commit = commit
        self._details: dict[str, str] = {}

    def add(self, code: str, detail: str = "") -> None:
        """Note a code of protocol §10; ``detail`` is a short English sentence."""
        self._details.setdefault(code, detail)

    def __bool__(self) -> bool:
        return bool(self._details)

    def __contains__(self, code: str) -> bool:
        return code in self._details

    @property
    def refusals(self) -> tuple[Refusal, ...]:
        """The values for the verdict."""
        return tuple(Refusal(code, self.commit, detail) for code, detail in self._details.items())
