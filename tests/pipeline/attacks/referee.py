"""Stock git as a referee: what we accept it must call good, and what it refuses we must refuse."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.office import EMPTY_ENV
from tests.pipeline.attacks.scene import PUBLISH, Scene

LENIENT = {"s_plus_the_order", "unsigned_header_of_the_other_format"}
"""Where git 2.39 and OpenSSH 9.2 are content with more than was signed; noticed if that changes."""


def says_good(scene: Scene, commit: str) -> bool:
    """``git verify-commit`` with the keys of the policy that the office stands under, and a clear yes."""
    # The referee goes by a configuration in order, whatever the office's own says.
    scene.configure("")
    done = subprocess.run(
        ["git", "-c", f"gpg.ssh.allowedSignersFile={_signers(scene)}", "verify-commit", commit],
        cwd=scene.repo,
        env=EMPTY_ENV,
        capture_output=True,
        check=False,
    )
    return done.returncode == 0


def published(scene: Scene) -> str | None:
    """What publish points at."""
    file = scene.repo / PUBLISH
    return file.read_text().strip() if file.is_file() and not file.is_symlink() else None


def _signers(scene: Scene) -> Path:
    lines, person = [], ""
    for line in scene.file(scene.tip, "governance/policy.toml").decode().splitlines():
        if line.startswith("id = "):
            person = line.split('"')[1]
        elif line.startswith("keys = "):
            lines += [f'{person} namespaces="git" {key}' for key in line.split('"')[1::2]]
    file = scene.root / "allowed_signers"
    file.write_text("\n".join(lines) + "\n")
    return file
