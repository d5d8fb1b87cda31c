"""``sop doctor``: what is missing or unsafe on this machine and in this repository, with the remedy."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

import click

from pipeline import doctor
from pipeline.desk import Answer, Desk
from pipeline.doctor import Item
from sop_site.errors import RepositoryUnusable
from sop_site.messages import advice, masked

ORDER = {"error": 0, "warning": 1, "info": 2}


@click.command("doctor", help="Yang kurang atau tidak aman, dan cara memperbaikinya / what is amiss.")
@click.pass_obj
def command(desk: Desk) -> Answer:
    """Gravest first; exit 1 where something must be mended."""
    try:
        repo = desk.repo()
    except RepositoryUnusable:
        if desk.repo_option is not None:
            raise
        repo = None
    items = sorted(doctor.examine(repo, desk.clock()), key=lambda item: ORDER[item.gravity])
    told = [_told(desk, item) for item in items]
    errors = sum(item.gravity == "error" for item in items)
    lines = list(_lines(desk, told))
    closing = desk.say("doctor-done", errors=errors, others=len(items) - errors)
    return Answer(not errors, {"items": told, "errors": errors}, [*lines, closing])


def _told(desk: Desk, item: Item) -> dict[str, Any]:
    told: dict[str, Any] = {
        "code": item.code,
        "severity": item.gravity,
        "place": masked(item.place),
        "message": masked(desk.say(item.code, **item.values)),
        "advice": masked(advice(desk.lang, item.code, **item.values)),
    }
    if item.commands:
        told["commands"] = list(item.commands)
    return told


def _lines(desk: Desk, told: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """What was found, with one advice below each run of items that share it."""
    for shared, items in groupby(told, key=lambda item: item["advice"]):
        typed: list[str] = []
        for item in items:
            typed += item.get("commands", ())
            place = "" if item["place"] in (*item["message"].split(), "–") else f" [{item['place']}]"
            yield f"{desk.say('doctor-' + item['severity'])} {item['message']}{place}"
        if shared:
            yield f"  → {shared}"
        yield from (f"      {command}" for command in typed)
