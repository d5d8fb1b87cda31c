"""Options that several commands share, worded once."""

from datetime import datetime
from pathlib import Path

import click

from sop_site.approval.entry import EntryMalformed, instant

key_option = click.option(
    "--key", type=click.Path(path_type=Path, dir_okay=False), help="Berkas kunci pribadi / private key file."
)
trust_option = click.option(
    "--trust",
    type=click.Path(path_type=Path, dir_okay=False),
    envvar="SOP_TRUST",
    help="Berkas kepercayaan / trust file.",
)
now_option = click.option("--now", metavar="RFC3339", callback=lambda _c, _p, value: moment(value),
                          help="Waktu yang dipakai / the time to judge by.")  # fmt: skip
reason_option = click.option("--reason", required=True, help="Alasan, dicatat / reason, on record.")


def moment(value: str | None) -> datetime | None:
    """An RFC 3339 time with its offset; a usage error for anything else."""
    if value is None:
        return None
    try:
        return instant(value)
    except EntryMalformed as error:
        raise click.BadParameter("RFC 3339, misalnya 2026-01-05T09:00:00+08:00") from error
