"""An office on several machines: a shared copy, clones for head and acting head, real processes.

machines = copied(template(), tmp_path)
running = machines.start("camat", "approve", draft)   →  a process of its own, in a session of its own
"""

from __future__ import annotations

import atexit
import functools
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pipeline import sharing
from pipeline.repository import Repository
from pipeline.verification import verification
from sop_site.approval.policy import Person, Policy
from sop_site.approval.verdict import Verdict
from tests import history
from tests.office import EMPTY_ENV, MONDAY, Office, key

ROOT = Path(__file__).resolve().parents[1]
DRAFTS = ("2026-01-05-satu", "2026-01-05-dua")


@dataclass(frozen=True)
class Machines:
    """Folders ``camat`` and ``plt`` (clones, with keys and trust file beside) and ``bersama.git``."""

    root: Path

    @property
    def origin(self) -> Path:
        """The shared copy."""
        return self.root / "bersama.git"

    def start(self, place: str, *words: str, path: str | None = None, **env: str) -> subprocess.Popen[str]:
        """One command on one machine, by the real clock; it leads a process group of its own."""
        return subprocess.Popen(
            [sys.executable, "-m", "pipeline", "--json", "--repo", str(self.root / place), *words],
            cwd=ROOT,
            env={"PATH": path or os.environ["PATH"], "HOME": str(self.root), **env},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def run(self, place: str, *words: str) -> tuple[int, dict[str, Any]]:
        """The same, to its end: exit code and JSON object."""
        return ended(self.start(place, *words))

    def refs(self, place: str) -> Mapping[str, str]:
        """Branches of a clone or of ``bersama.git``."""
        words = ["git", "for-each-ref", "--format=%(refname) %(objectname)", "refs/heads"]
        out = subprocess.run(
            words, cwd=self.root / place, env=EMPTY_ENV, check=True, capture_output=True, text=True
        ).stdout
        return dict(line.split(" ") for line in out.splitlines())

    def receive(self, place: str) -> None:
        """Take in what the others did."""
        with Repository(self.root / place) as repo:
            sharing.receive(repo)

    def verdict(self, place: str) -> Verdict:
        """What the verifier says of a clone or of ``bersama.git``."""
        trust = self.root / "camat.trust.toml"
        with verification(self.root / place, trust, datetime.now(UTC)) as done:
            return done.verdict

    def decisions(self, place: str) -> list[str]:
        """Every decision in history: ``approve <draft id>``, ``reject <draft id>`` and so on."""
        verdict, named = self.verdict(place), {tip: ref for ref, tip in self.refs(place).items()}
        assert verdict.ok, verdict.refusals
        found = [("approve", approval.draft) for approval in verdict.approvals[1:]]
        found += [(entry.kind, entry.draft or "") for entry in verdict.ledger]
        return sorted(f"{kind} {named[draft].rpartition('/')[2]}" for kind, draft in found)


def ended(process: subprocess.Popen[str]) -> tuple[int, dict[str, Any]]:
    """Wait for a process: exit code and the JSON object that it printed (empty if it was killed)."""
    out, err = process.communicate(timeout=120)
    assert process.returncode in (0, 1, 4, 6, -9), err
    return process.returncode, json.loads(out) if out.strip() else {}


def answer(told: Mapping[str, Any]) -> set[str]:
    """Why a command said no: the error's code, or those of refusals and findings."""
    if "error" in told:
        return {str(told["error"]["code"])}
    rows = [*told.get("refusals", ()), *told.get("findings", ())]
    return {str(row["code"]) for row in rows if row.get("severity") != "warning"}


@functools.cache
def template() -> Path:
    """An office with an acting head, two submitted drafts and a shared copy; made once, only to be copied."""
    folder = Path(tempfile.mkdtemp(prefix="sop-test-mesin-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    (folder / "asal").mkdir()
    office = Office(folder / "asal")
    plt = key("plt")

    def with_acting(rules: Policy) -> Policy:
        public = " ".join(plt.with_name(plt.name + ".pub").read_text().split()[:2])
        person = Person(
            "plt@percontohan.go.id", "Plt. Camat", "acting", MONDAY, (public,),
            until=datetime.now(UTC).replace(microsecond=0) + timedelta(days=300), decree="800/1/2026",
        )  # fmt: skip
        return replace(rules, persons=(*rules.persons, person))

    office.approves(history.policy_change(office, with_acting, signed_by=[office.head]))
    for name in ("satu", "dua"):
        office.submits(office.announces(name))
    origin = folder / "bersama.git"
    office.git("clone", "-q", "--bare", str(office.repo), str(origin))
    for place, private in (("camat", office.head.key), ("plt", plt)):
        clone = folder / place
        office.git("clone", "-q", str(origin), str(clone))
        for draft in DRAFTS:
            office.git("branch", "-q", f"draft/{draft}", f"origin/draft/{draft}", cwd=clone)
        # As a relative path, so that the whole can be copied.
        office.git("remote", "set-url", "origin", "../bersama.git", cwd=clone)
        (folder / f"{place}.keys").mkdir()
        shutil.copy(private, folder / f"{place}.keys/kunci")
        shutil.copy(office.trust, folder / f"{place}.trust.toml")
    shutil.rmtree(folder / "asal")
    return folder


def copied(target: Path) -> Machines:
    """A fresh copy of the template."""
    shutil.copytree(template(), target, symlinks=True)
    return Machines(target)
