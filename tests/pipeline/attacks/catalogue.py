"""What an attack is, and how the real command must answer it."""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

from pipeline import cli
from tests.pipeline.attacks import referee
from tests.pipeline.attacks.scene import Scene, moment

Act = Callable[[Scene], object]
SUITE: dict[str, Catalogue] = {}
"""Every catalogue by its class; filled as the files of attacks are imported."""


@dataclass(frozen=True)
class Attack:
    """One way to cheat, and the codes that answer it: exactly these."""

    name: str
    codes: frozenset[str]
    act: Act
    row: int | None = None
    """Its line in the minimum list of attacks."""

    def __str__(self) -> str:
        return self.name


@dataclass
class Catalogue:
    """The attacks of one class, in the order in which they were thought of."""

    title: str
    attacks: list[Attack] = field(default_factory=list)

    def __post_init__(self) -> None:
        SUITE[self.title] = self

    def attack(self, *codes: str, row: int | None = None) -> Callable[[Act], Act]:
        """Enter a function under its own name."""

        def enter(act: Act) -> Act:
            self.attacks.append(Attack(act.__name__, frozenset(codes), act, row))
            return act

        return enter

    def each(self, codes: str, rows: Iterable[tuple[str, Act]], *, row: int | None = None) -> None:
        """Enter several with the same codes, in one string."""
        self.attacks += [Attack(name, frozenset(codes.split()), act, row) for name, act in rows]


@dataclass(frozen=True)
class Said:
    """What ``sop verify`` answered."""

    exit: int
    told: dict[str, Any]
    err: str

    @property
    def codes(self) -> frozenset[str]:
        """Reason codes of all refusals."""
        return frozenset(refusal["code"] for refusal in self.told.get("refusals", ()))

    @property
    def why(self) -> str:
        """For whoever reads a failing test."""
        refusals = self.told.get("refusals", ())
        return "; ".join(f"{r['code']} {r['detail'][:90]}" for r in refusals) or self.err


def verify(scene: Scene, *options: str, repo: Path | None = None) -> Said:
    """Run the command itself, a minute after the office's last act."""
    where, now = str(repo or scene.repo), moment(scene.now + 60)
    words = ["--json", "--repo", where, "verify", "--now", now, *options]
    out, err = io.StringIO(), io.StringIO()
    with (
        mock.patch.object(cli.signal, "signal"),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        code = cli.run(words)
    return Said(code, json.loads(out.getvalue() or "{}"), err.getvalue())


def must_be_refused(attack: Attack, scene: Scene, *, ask_git: bool = False) -> None:
    """Exit 1, exactly the attack's codes, and the last good approval by name; git must not know it better."""
    attack.act(scene)
    said = verify(scene)

    assert said.codes == attack.codes, said.why
    assert (said.exit, said.told["ok"]) == (1, False)
    assert said.told["verified_tip"] == scene.good
    tip = referee.published(scene)
    if ask_git and tip == said.told["refusals"][0]["commit"] and said.codes & _GITS_OWN:
        assert referee.says_good(scene, tip) == (attack.name in referee.LENIENT)


_GITS_OWN = frozenset({"UNSIGNED", "BAD_SIGNATURE", "UNKNOWN_KEY", "WRONG_NAMESPACE"})
"""Codes for what git looks at as well."""


def must_pass(act: Act, scene: Scene) -> None:
    """Exit 0, nothing refused, the tip is what stands, and git calls it good."""
    act(scene)
    said = verify(scene)

    assert said.codes == frozenset(), said.why
    assert (said.exit, said.told.get("ok")) == (0, True), said.err
    assert said.told["verified_tip"] == said.told["tip"] == scene.good
    if len(scene.chain) > 3:
        assert referee.says_good(scene, scene.tip)
