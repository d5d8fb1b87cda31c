"""``sop audit``: every byte that is served against the published manifest."""

import click

from pipeline.audit import audit_place
from pipeline.desk import Answer, Desk

KINDS = ("changed", "missing", "added")


@click.command("audit", help="Periksa setiap bita yang tayang / check every served byte.")
@click.argument("place", metavar="URL|DIR")
@click.pass_obj
def command(desk: Desk, place: str) -> Answer:
    """Of an address only what the manifest names can be seen; of a folder also what is too much."""
    with desk.progress("audit-looking") as advance:
        found = audit_place(place, advance)
    departures = {kind: list(getattr(found.differences, kind)) for kind in KINDS}
    data = {"place": place, "files": found.files, "output_digest": found.output_digest, **departures}
    if not found.differences:
        return Answer(True, data, [desk.say("audit-good", files=found.files, place=place)])
    lines = [desk.say("audit-bad", place=place)]
    for kind, paths in departures.items():
        lines += [desk.say(f"audit-{kind}", path=path) for path in paths]
    return Answer(False, data, lines)
