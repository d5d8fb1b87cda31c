"""``sop return``: the head sends a draft back with guidance, on record (SOP step 4)."""

from pathlib import Path

import click

from pipeline.desk import Answer, Desk
from pipeline.options import key_option, reason_option, trust_option
from pipeline.recording import record


@click.command("return", help="Kembalikan draf dengan petunjuk / return a draft with guidance.")
@click.argument("draft")
@reason_option
@key_option
@trust_option
@click.pass_obj
def command(desk: Desk, draft: str, reason: str, key: Path | None, trust: Path | None) -> Answer:
    """A signed entry on the ledger."""
    return record(desk, "return", draft, reason, key, trust)
