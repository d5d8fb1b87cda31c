"""Pelican in a process of its own, with nothing of the caller's environment or the tree's code."""

import json
import os
import subprocess
import sys
from pathlib import Path

import sop_site
from sop_site import resources
from sop_site.errors import MediumFailed, RenderingFailed
from sop_site.plugins.handover import VARIABLE

_FULL = "[Errno 28]"


def draw(work: Path, tree: Path, site: Path, handover: str) -> None:
    """Draw ``tree/content`` into ``site``; ``work`` is a scratch folder that is thrown away afterwards.

    ``RenderingFailed`` with the renderer's own reason, where it left one, else Pelican's last line.
    """
    note = work / "handover.json"
    note.write_text(handover, encoding="utf-8")
    empty = work / "home"
    empty.mkdir()
    site.mkdir()
    done = subprocess.run(
        [
            *(sys.executable, "-P", "-m", "pelican", str(tree / "content")),
            *("-s", str(resources.pelican_settings()), "-o", str(site), "--fatal", "errors"),
            *("--log-handler", "plain"),
        ],
        cwd=empty,
        env=_environment(note, empty),
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode:
        _explain(work, done.stdout + done.stderr)


def _environment(note: Path, home: Path) -> dict[str, str]:
    """From nothing: a build must not depend on who starts it, where, or in which language."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(home),
        "TMPDIR": str(home),
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        "NO_COLOR": "1",
        "PYTHONHASHSEED": "0",
        "PYTHONNOUSERSITE": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONPATH": str(Path(sop_site.__file__).resolve().parent.parent),
        VARIABLE: str(note),
    }


def _explain(work: Path, words: str) -> None:
    if _FULL in words:
        raise MediumFailed("medium-failed", path=work.parent, detail="No space left on device")
    reason = work / "drawn.json"
    if reason.exists():
        error = json.loads(reason.read_text(encoding="utf-8")).get("error")
        if error:
            raise RenderingFailed(error["code"], **error["values"])
    lines = [line.strip() for line in words.splitlines() if line.strip()]
    telling = [line for line in lines if line.startswith(("CRITICAL", "ERROR"))] or lines
    raise RenderingFailed("render-pelican-failed", detail=telling[-1] if telling else "–")
