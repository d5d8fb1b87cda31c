"""``sop probe``: how the regency portal and the office's own site answer (SOP step 8a)."""

import time
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path

import click

from pipeline.desk import Answer, Desk
from pipeline.probe import ProbeResult, look, results
from pipeline.repository import Repository
from sop_site.availability import roll_up
from sop_site.errors import AnswerIsNo
from sop_site.settings import UNFILLED, Settings

EVERY_SECONDS = 300


@click.group(help="Memantau portal kabupaten dan situs sendiri / watch the regency portal and our own site.")
def command() -> None:
    """Look, keep, record."""


@command.command(help="Periksa semua sasaran; tanpa --once diulang sampai dihentikan / probe all targets.")
@click.option("--once", is_flag=True, help="Satu putaran saja / one round.")
@click.option("--every", default=EVERY_SECONDS, type=click.IntRange(min=30), help="Detik / seconds.")
@click.option("--no-record", is_flag=True, help="Tanpa catatan bertanda tangan / no ledger entry.")
@click.option("--witness", is_flag=True, help="Catat sebagai saksi / record as witness.")
@click.option("--key", type=click.Path(path_type=Path, dir_okay=False), help="Kunci / key.")
@click.pass_obj
def run(desk: Desk, once: bool, every: int, no_record: bool, witness: bool, key: Path | None) -> Answer:
    """Ask every target, keep what was found, then put the roll-up on the ledger."""
    repo = desk.repo()
    settings = _settings(repo)
    if not settings.probe:
        raise AnswerIsNo("probe-no-targets")
    folder = results.folder_of(repo)
    found = _round(desk, settings, folder)
    try:
        while not once:
            time.sleep(every)
            found = _round(desk, settings, folder)
    except KeyboardInterrupt:
        pass  # the way to end it: what was gathered is still recorded below
    role = "witness" if witness else "operator"
    entry = None if no_record else _record(desk, repo, folder, role, key)
    return Answer(
        all(result.state == "up" for result in found),
        {"results": [result.as_json() for result in found], "entry": entry},
        [_told(desk, result) for result in found],
    )


@command.command(help="Keadaan terakhir tiap sasaran / the last known state.")
@click.pass_obj
def status(desk: Desk) -> Answer:
    """The last result of each target; two failures in a row are a failure."""
    last = _latest(results.read(results.folder_of(desk.repo())))
    if not last:
        raise AnswerIsNo("probe-no-results")
    targets = [
        own[-1].as_json() | {"confirmed": len(own) > 1 and own[-1].state == own[-2].state == "down"}
        for own in last
    ]
    return Answer(
        all(own[-1].state == "up" for own in last),
        {"targets": targets},
        [_told(desk, own[-1]) for own in last],
    )


@command.command(help="Hasil terakhir untuk OpenMetrics / the last results as OpenMetrics.")
@click.pass_obj
def metrics(desk: Desk) -> Answer:
    """Text that a metrics collector reads."""
    lines = ["# TYPE sop_probe_up gauge"]
    last = [own[-1] for own in _latest(results.read(results.folder_of(desk.repo())))]
    labels = [f'name="{_escaped(result.name)}",url="{_escaped(result.url)}"' for result in last]
    lines += [
        f"sop_probe_up{{{label}}} {int(r.state == 'up')}" for label, r in zip(labels, last, strict=True)
    ]
    lines.append("# TYPE sop_probe_phase_milliseconds gauge")
    for label, result in zip(labels, last, strict=True):
        lines += [
            f'sop_probe_phase_milliseconds{{{label},phase="{phase}"}} {milliseconds}'
            for phase, milliseconds in result.phases.items()
        ]
    lines.append("# EOF")
    return Answer(True, {"metrics": "\n".join(lines) + "\n"}, lines)


@command.command(help="Hal yang perlu dilihat orang / what a person should look at.")
@click.pass_obj
def leads(desk: Desk) -> Answer:
    """Results that hint at a break-in; they go to the regency's own people, never on the site."""
    found = [
        result.as_json()
        for result in results.read(results.folder_of(desk.repo()))
        if result.as_json()["suspicious"]
    ]
    lines = [desk.say("probe-lead", at=lead["at"], name=lead["name"], url=lead["url"]) for lead in found]
    return Answer(True, {"leads": found}, lines or [desk.say("probe-no-leads")])


def _settings(repo: Path) -> Settings:
    return Repository(repo).settings()


def _agent(settings: Settings) -> str:
    """Who we are and whom to ask about us."""
    email = settings.office.email
    contact = settings.office.url if email == UNFILLED else f"{settings.office.url}; {email}"
    return f"sop-site-probe/{metadata.version('sop-site')} (+{contact})"


def _round(desk: Desk, settings: Settings, folder: Path) -> list[ProbeResult]:
    agent = _agent(settings)
    found = []
    with desk.progress("probe-looking", len(settings.probe)) as advance:
        for target in settings.probe:
            found.append(look(target, desk.clock(), agent=agent))
            advance(1)
    results.append(folder, found)
    return found


def _record(desk: Desk, repo: Path, folder: Path, role: str, key: Path | None) -> str | None:
    """One signed entry for all that is not yet on the ledger."""
    # Imported here: looking without recording needs no keys and no signatures.
    from pipeline import ledger

    waiting = results.unrecorded(folder)
    if not waiting:
        return None
    data = roll_up(result.sample for result in waiting)
    entry = ledger.append(repo, kind="probe", actor_role=role, key=key, data=data, at=desk.clock())
    results.mark_recorded(folder, waiting)
    return str(entry)


def _latest(found: Sequence[ProbeResult]) -> list[list[ProbeResult]]:
    """The last two results of each target, in the order in which targets first appeared."""
    own: dict[tuple[str, str], list[ProbeResult]] = {}
    for result in found:
        own.setdefault((result.name, result.url), []).append(result)
    return [rows[-2:] for rows in own.values()]


def _told(desk: Desk, result: ProbeResult) -> str:
    sentence = desk.say(f"probe-{result.kind}")
    line = desk.say(
        "probe-line", name=result.name, url=result.url, sentence=sentence, ms=result.phases["whole"]
    )
    if result.certificate_days is not None and result.certificate_days < 21:
        line += " " + desk.say("probe-certificate", days=result.certificate_days)
    return line


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
