"""Starts the confined child and believes only what it may say: a line of JSON, named files, in limits."""

import json
import os
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pipeline
from pipeline.media import budgets, identify, limits, running
from pipeline.media.cleaned import PUBLIC_NAME, Cleaned
from sop_site.errors import AnswerIsNo

_ROOT = Path(pipeline.__file__).resolve().parent.parent
_KINDS = ("picture", "document", "video", "captions", "office")
REFUSALS = frozenset(
    {
        "extra-missing", "media-archive-inside", "media-archive-unsafe", "media-broken",
        "media-captions-faulty", "media-encrypted", "media-film-too-long", "media-form-dynamic",
        "media-macros", "media-metadata-stays", "media-office-carries", "media-office-not-converted",
        "media-office-unconverted", "media-raw-photo", "media-svg-active", "media-too-big",
        "media-too-demanding", "media-too-many-files", "media-too-many-pages", "media-too-many-pixels",
        "media-took-too-long", "media-type-refused", "media-unreadable",
    }
)  # fmt: skip
"""Every code with which a file can be refused; anything else that a child says counts as broken."""
NOTES = frozenset(
    {
        "media-animation-lost", "media-attachments-lost", "media-no-text-layer", "media-office-kept",
        "media-signature-lost",
    }
)  # fmt: skip
"""Every code of what the operator is told of a file that was taken in."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How the cleaning of one file is watched."""

    children: running.Children = field(default_factory=running.Children)
    advance: Callable[[float], None] = lambda _share: None
    """Gets how much further a long work is, as a share of the whole."""


def clean(
    source: Path, *, keep: bool = False, name: str | None = None, manner: Manner | None = None
) -> Cleaned:
    """A foreign file made fit to be public; ``AnswerIsNo`` with one of ``REFUSALS`` where that cannot be.

    ``keep`` takes today's Word and Excel files as they are (without properties) instead of making a PDF;
    ``name`` is what the operator calls the file, where it lies under another one.
    """
    name, manner = name or source.name, manner or Manner()
    size = _size(name, source)
    if size > budgets.READ_BYTES:
        raise AnswerIsNo("media-too-big", name=name, bytes=size, limit=budgets.READ_BYTES)
    with tempfile.TemporaryDirectory(prefix="sop-media-") as folder:
        workspace, taken = Path(folder), source.absolute()
        kind = true_type(name, taken)
        if kind in identify.OFFICE_OTHER or (kind in identify.OFFICE and not keep):
            taken = _converted(name, str(kind), taken, workspace, manner)
        job = "film" if kind in identify.VIDEOS else "keep" if keep else "clean"
        seconds = budgets.film_seconds(size) if job == "film" else budgets.WALL_SECONDS
        answer = run(job, name, taken, workspace, seconds=seconds, manner=manner)
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


def run(
    job: str, name: str, source: Path, workspace: Path, *, seconds: float | None = None,
    manner: Manner | None = None,
) -> dict[str, Any]:  # fmt: skip
    """The child's answer to one job; ``AnswerIsNo`` for a refusal, a crash, or a limit that was reached."""
    out, manner = workspace / "out", manner or Manner()
    out.mkdir(exist_ok=True)
    seconds = budgets.WALL_SECONDS if seconds is None else seconds
    computing = max(1, int(seconds) if job != "film" else 2 * int(seconds))
    command = ["pipeline.media.child", job, _plain(name), str(source), str(out), str(computing)]
    code, said = _listened_to(command, name, workspace, seconds, manner)
    return _answer(code, said, name)


def _listened_to(
    module: list[str], name: str, workspace: Path, seconds: float, manner: Manner
) -> tuple[int, bytes]:
    env = {
        "PATH": os.environ.get("PATH", os.defpath), "PYTHONPATH": str(_ROOT), "LC_ALL": "C.UTF-8",
        "TZ": "UTC", "TMPDIR": str(workspace), "HOME": str(workspace), "MALLOC_ARENA_MAX": "2",
        limits.PARENT: str(os.getpid()),
    }  # fmt: skip
    try:
        return running.answered(
            [sys.executable, "-P", "-s", "-m", *module], env, workspace, seconds=seconds,
            standstill=budgets.STANDSTILL_SECONDS, children=manner.children, advance=manner.advance,
        )  # fmt: skip
    except running.TookTooLong as error:
        most = min(seconds, budgets.STANDSTILL_SECONDS)
        raise AnswerIsNo("media-took-too-long", name=name, seconds=round(most)) from error


def _plain(name: str) -> str:
    """A name as an argument: without what no process can be handed."""
    return name.encode("utf-8", "replace").decode().replace("\0", "")[-500:] or "-"


def _answer(code: int, said: bytes, name: str) -> dict[str, Any]:
    try:
        answer = json.loads(said.rpartition(b"\n")[0].rpartition(b"\n")[2])
    except (ValueError, RecursionError) as error:
        # Killed by a limit or by its decoder, or it ended without an answer.
        raise AnswerIsNo("media-too-demanding", name=name) from error
    if code or not isinstance(answer, dict):
        raise AnswerIsNo("media-too-demanding", name=name)
    refused = answer.get("refused")
    if refused is not None:
        values = answer.get("values")
        known = refused if refused in REFUSALS else "media-broken"
        plain = values if isinstance(values, dict) else {}
        shown = {str(key): value for key, value in plain.items() if isinstance(value, str | int)}
        raise AnswerIsNo(known, **shown | {"name": name})
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
    if not PUBLIC_NAME.fullmatch(str(facts.get("name"))) or file.is_symlink() or not file.is_file():
        raise AnswerIsNo("media-broken", name=name)
    numbers = {key: facts.get(key) for key in ("width", "height", "pages", "duration")}
    words = {key: facts.get(key, "") for key in ("title", "text")}
    told = facts.get("notes")
    if not all(value is None or isinstance(value, int | float) for value in numbers.values()):
        raise AnswerIsNo("media-broken", name=name)
    if not all(isinstance(value, str) for value in words.values()):
        raise AnswerIsNo("media-broken", name=name)
    notes = tuple(note for note in told if note in NOTES) if isinstance(told, list) else ()
    data = file.read_bytes()
    if len(data) > budgets.WRITTEN_BYTES:
        raise AnswerIsNo("media-too-big", name=name, bytes=len(data), limit=budgets.WRITTEN_BYTES)
    return Cleaned(str(facts["name"]), data, facts["kind"], **numbers, **words, notes=notes)  # type: ignore[arg-type]


def _size(name: str, source: Path) -> int:
    try:
        if not source.is_file():
            raise AnswerIsNo("media-unreadable", name=name)
        return source.stat().st_size
    except (OSError, ValueError) as error:
        raise AnswerIsNo("media-unreadable", name=name) from error


def true_type(name: str, source: Path) -> str | None:
    """The type that the bytes tell; ``AnswerIsNo`` where they cannot be read."""
    try:
        with source.open("rb") as file:
            return identify.type_of(file)
    except OSError as error:
        raise AnswerIsNo("media-unreadable", name=name) from error


def _converted(name: str, kind: str, source: Path, workspace: Path, manner: Manner) -> Path:
    # Imported here: most files are no office files.
    from pipeline.media import conversion

    def convert(command: list[str]) -> None:
        module = ["pipeline.media.office_child", *command]
        _listened_to(module, name, workspace, budgets.OFFICE_SECONDS, manner)

    return conversion.as_pdf(name, kind, source, workspace, convert)
