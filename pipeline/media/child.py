"""The confined child: ``python -m pipeline.media.child JOB NAME SOURCE OUT SECONDS`` opens one foreign file.

It sets its own limits before it loads any decoder, writes what it made into the folder OUT and answers with
one line of JSON. Its parent believes neither more than that line nor other files than those named in it.
"""

import json
import os
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pipeline.media import budgets, limits
from pipeline.media.cleaned import Cleaned
from sop_site.errors import AnswerIsNo


def main(arguments: list[str]) -> None:
    """Do one job and print its answer."""
    job, name, source, out, seconds = arguments
    limits.end_with_parent()
    limits.confine(float(seconds), budgets.READ_BYTES if job == "unpack" else budgets.WRITTEN_BYTES)
    try:
        answer = _JOBS[job](name, Path(source), Path(out))
    except AnswerIsNo as no:
        answer = {"refused": no.code, "values": no.values}
    except ModuleNotFoundError as error:
        answer = {"refused": "extra-missing", "values": {"extra": "media", "library": error.name or "–"}}
    except (MemoryError, RecursionError):
        answer = {"refused": "media-too-demanding", "values": {"name": name}}
    except Exception:
        # Whatever a decoder stumbles over in foreign bytes; it cannot be listed.
        answer = {"refused": "media-broken", "values": {"name": name}}
    sys.stdout.write(json.dumps(answer, default=str) + "\n")
    sys.stdout.flush()
    # Decoders' own clean-up at the end of a process is none of our concern, and has crashed before.
    os._exit(0)


def _clean(name: str, source: Path, out: Path) -> dict[str, Any]:
    # Imported here and below: the limits stand before any decoder is loaded.
    from pipeline.media import cleaning

    return _handed_over(cleaning.clean(name, source, keep=False, further=_tell), out)


def _keep(name: str, source: Path, out: Path) -> dict[str, Any]:
    from pipeline.media import cleaning

    return _handed_over(cleaning.clean(name, source, keep=True, further=_tell), out)


def _measure(_name: str, source: Path, _out: Path) -> dict[str, Any]:
    from pipeline.media import measuring

    files = sorted(source.iterdir()) if source.is_dir() else [source]
    return {"facts": {file.name: measuring.facts_of(file.name, file.read_bytes()) for file in files}}


def _unpack(name: str, source: Path, out: Path) -> dict[str, Any]:
    from pipeline.media import archive

    return archive.unpack(name, source, out)


_JOBS: dict[str, Callable[[str, Path, Path], dict[str, Any]]] = {
    "clean": _clean,
    "film": _clean,
    "keep": _keep,
    "measure": _measure,
    "unpack": _unpack,
}


def _tell(share: float) -> None:
    """How far the work is, for the parent: ``0.42`` on a line of the error stream."""
    sys.stderr.write(f"{min(1.0, max(0.0, share)):.4f}\n")
    sys.stderr.flush()


def _handed_over(cleaned: Cleaned, out: Path) -> dict[str, Any]:
    """The facts for the line of JSON; the bytes go into files."""
    (out / "made").write_bytes(cleaned.data)
    facts = asdict(cleaned) | {"data": "made"}
    if cleaned.poster is not None:
        (out / "poster").write_bytes(cleaned.poster.data)
        facts["poster"] |= {"data": "poster"}
    return {"cleaned": facts}


if __name__ == "__main__":
    main(sys.argv[1:])
