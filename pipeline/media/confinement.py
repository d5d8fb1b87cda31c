"""Starts the confined child and believes only what it may say: a line of JSON, named files, in limits."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pipeline
from pipeline.media import budgets, identify
from pipeline.media.cleaned import PUBLIC_NAME, Cleaned
from sop_site.errors import AnswerIsNo

_ROOT = Path(pipeline.__file__).resolve().parent.parent
_ANSWER_BYTES = 32 * 1024**2
_PACKAGES = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_KINDS = ("picture", "document", "video", "captions", "office")
REFUSALS = frozenset(
    {
        "extra-missing", "media-broken", "media-encrypted", "media-film-too-long", "media-macros",
        "media-metadata-stays", "media-office-carries", "media-office-unconverted", "media-svg-active",
        "media-too-big", "media-too-demanding", "media-too-many-pages", "media-too-many-pixels",
        "media-took-too-long", "media-type-refused", "media-unreadable",
    }
)  # fmt: skip
"""Every code with which a file can be refused; anything else that a child says counts as broken."""
NOTES = frozenset(
    {"media-animation-lost", "media-no-text-layer", "media-office-kept", "media-signature-lost"}
)
"""Every code of what the operator is told of a file that was taken in."""


def clean(source: Path, *, keep: bool = False) -> Cleaned:
    """A foreign file made fit to be public; ``AnswerIsNo`` with one of ``REFUSALS`` where that cannot be.

    ``keep`` takes Word and Excel files as they are (without properties) instead of making a PDF of them.
    """
    size = _size(source)
    if size > budgets.READ_BYTES:
        raise AnswerIsNo("media-too-big", name=source.name, bytes=size, limit=budgets.READ_BYTES)
    with tempfile.TemporaryDirectory(prefix="sop-media-") as folder:
        workspace = Path(folder)
        name, taken = source.name, source.absolute()
        kind = _kind(taken)
        if not keep and kind in identify.OFFICE | identify.OFFICE_OTHER:
            taken = _converted(name, taken, workspace)
        job = "film" if kind in identify.VIDEOS else "keep" if keep else "clean"
        answer = run(job, name, taken, workspace)
        return _believed(answer.get("cleaned"), name, workspace)


def measure(files: Mapping[str, bytes]) -> dict[str, dict[str, Any]]:
    """Facts of a page's files, by name; what no child can read without harm comes as ``problem``."""
    with tempfile.TemporaryDirectory(prefix="sop-media-") as folder:
        workspace, source = Path(folder), Path(folder, "in")
        source.mkdir()
        for name, data in files.items():
            (source / name).write_bytes(data)
        problem = "media-broken"
        try:
            facts = run("measure", "in", source, workspace).get("facts")
        except AnswerIsNo as no:
            facts = {}
            if len(files) > 1:
                # One of them is to blame; each is looked at alone.
                return {name: measure({name: data})[name] for name, data in files.items()}
            problem = no.code
        known = facts if isinstance(facts, dict) else {}
    return {
        name: known.get(name) or {"name": name, "size": len(data), "problem": problem}
        for name, data in files.items()
    }


def run(job: str, name: str, source: Path, workspace: Path) -> dict[str, Any]:
    """The child's answer to one job; ``AnswerIsNo`` for a refusal, a crash, or a limit that was reached."""
    out = workspace / "out"
    out.mkdir(exist_ok=True)
    env = {
        "PATH": os.environ.get("PATH", os.defpath), "PYTHONPATH": str(_ROOT), "LC_ALL": "C.UTF-8",
        "TZ": "UTC", "TMPDIR": str(workspace), "HOME": str(workspace),
    }  # fmt: skip
    seconds = budgets.FILM_WALL_SECONDS if job == "film" else budgets.WALL_SECONDS
    command = [sys.executable, "-P", "-s", "-m", "pipeline.media.child", job, name, str(source), str(out)]
    try:
        done = subprocess.run(
            command, env=env, cwd=workspace, stdin=subprocess.DEVNULL, capture_output=True, check=False,
            timeout=seconds,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise AnswerIsNo("media-took-too-long", name=name, seconds=seconds) from error
    return _answer(done, name)


def _answer(done: subprocess.CompletedProcess[bytes], name: str) -> dict[str, Any]:
    try:
        answer = json.loads(done.stdout[:_ANSWER_BYTES].rpartition(b"\n")[0].rpartition(b"\n")[2])
    except ValueError as error:
        # Killed by a limit or by its decoder, or it ended without an answer.
        raise AnswerIsNo("media-too-demanding", name=name) from error
    if done.returncode or not isinstance(answer, dict):
        raise AnswerIsNo("media-too-demanding", name=name)
    refused = answer.get("refused")
    if refused is not None:
        values = answer.get("values")
        known = refused if refused in REFUSALS else "media-broken"
        plain = values if isinstance(values, dict) else {}
        shown = {str(key): value for key, value in plain.items() if isinstance(value, str | int)}
        raise AnswerIsNo(known, **{"name": name} | shown)
    return answer


def _believed(facts: object, name: str, workspace: Path) -> Cleaned:
    if not isinstance(facts, dict):
        raise AnswerIsNo("media-broken", name=name)
    poster = facts.pop("poster", None)
    made = _part(facts, name, workspace / "out" / "made")
    if poster is None:
        return made
    return replace(made, poster=_part(poster, name, workspace / "out" / "poster"))


def _part(facts: object, name: str, file: Path) -> Cleaned:
    """One file as the child described it; a name that leads elsewhere counts as broken."""
    if not isinstance(facts, dict) or facts.get("kind") not in _KINDS:
        raise AnswerIsNo("media-broken", name=name)
    if not PUBLIC_NAME.fullmatch(str(facts.get("name"))) or file.is_symlink():
        raise AnswerIsNo("media-broken", name=name)
    notes = tuple(note for note in facts.get("notes") or () if note in NOTES)
    return Cleaned(**facts | {"poster": None, "notes": notes, "data": file.read_bytes()})


def _size(source: Path) -> int:
    try:
        if not source.is_file():
            raise AnswerIsNo("media-unreadable", name=source.name)
        return source.stat().st_size
    except OSError as error:
        raise AnswerIsNo("media-unreadable", name=source.name) from error


def _kind(source: Path) -> str | None:
    """The type that the first bytes tell; office files need all of theirs."""
    try:
        with source.open("rb") as file:
            head = file.read(identify.HEAD_BYTES)
            return identify.true_type(head + file.read() if head.startswith(_PACKAGES) else head)
    except OSError as error:
        raise AnswerIsNo("media-unreadable", name=source.name) from error


def _converted(name: str, source: Path, workspace: Path) -> Path:
    # Imported here: most files are no office files.
    from pipeline.media import office_file

    pdf = workspace / "asal.pdf"
    pdf.write_bytes(office_file.as_pdf(name, source))
    return pdf
