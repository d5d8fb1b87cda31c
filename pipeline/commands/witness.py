"""``sop witness``: put on record what the public sees, after each deployment and daily (protocol §6)."""

from pathlib import Path

import click

from pipeline.desk import Answer, Desk
from pipeline.options import key_option, trust_option
from pipeline.witnessing import Place, Witnessed, witness


@click.command("witness", help="Catat apa yang terlihat tayang / record what was first seen public.")
@click.option("--url", help="Alamat situs yang tayang / address of the published site.")
@click.option("--site", type=click.Path(path_type=Path), help="Folder yang tayang / the served folder.")
@click.option("--target", help="Nama sasaran di site.toml / a target of site.toml.")
@click.option("--tip", help="Persetujuan yang seharusnya tampak / the approval that should be seen there.")
@click.option("--wait", default=0, type=click.IntRange(0, 60), help="Menit / minutes to wait until it is.")
@click.option("--again", is_flag=True, help="Catat lagi meskipun sudah / record even if it stands already.")
@key_option
@trust_option
@click.pass_obj
def command(
    desk: Desk,
    url: str | None,
    site: Path | None,
    target: str | None,
    tip: str | None,
    wait: int,
    again: bool,
    key: Path | None,
    trust: Path | None,
) -> Answer:
    """Without a place, look where ``sop deploy`` puts the site."""
    if sum(place is not None for place in (url, site, target)) > 1:
        raise click.UsageError("--url | --site | --target")
    if url is not None and not url.startswith(("http://", "https://")):
        raise click.BadParameter("https://…", param_hint="--url")
    place = Place(url or (str(site.absolute()) if site else None), target, tip)
    with desk.progress("witness-looking"):
        done = witness(desk.repo(), place, trust=trust, key=key, clock=desk.clock, again=again, wait=wait)
    if done.refusals:
        said = [desk.say("witness-refused"), *desk.told(done.refusals)]
        return Answer(False, {**_values(done), "refusals": desk.shown(done.refusals)}, said)
    return Answer(True, {**_values(done), "refusals": []}, _lines(desk, done))


def _values(done: Witnessed) -> dict[str, object]:
    seen = done.sighting
    return {
        "entry": done.entry,
        "sequence": done.sequence,
        "place": seen.place if seen else None,
        "tip": seen.tip if seen else None,
        "behind": seen.behind if seen else None,
        "first_seen": done.first_seen.isoformat() if done.first_seen else None,
        "at": done.checked.isoformat() if done.checked else None,
        "content_digest": seen.content_digest if seen else None,
        "output_digest": seen.output_digest if seen else None,
    }


def _lines(desk: Desk, done: Witnessed) -> list[str]:
    seen = done.sighting
    assert seen is not None
    assert done.first_seen is not None
    assert done.checked is not None
    told = {"tip": seen.tip[:12], "place": seen.place, "since": f"{done.first_seen:%Y-%m-%d %H:%M}"}
    if done.entry is None:
        lines = [desk.say("witness-known", **told, checked=f"{done.checked:%Y-%m-%d %H:%M}")]
    elif done.first_seen == done.checked:
        lines = [desk.say("witness-recorded", **told, sequence=done.sequence)]
    else:
        lines = [desk.say("witness-checked", **told, sequence=done.sequence)]
    if seen.behind:
        lines.append(desk.say("witness-behind", behind=seen.behind))
    return lines
