"""``sop reject``: the head refuses a draft for good, on record (SOP step 6)."""

from pathlib import Path

import click

from pipeline.desk import Answer, Desk
from pipeline.options import key_option, reason_option, trust_option
from pipeline.recording import record


@click.command("reject", help="Tolak draf / refuse a draft.")
@click.argument("draft")
@reason_option
@key_option
@trust_option
@click.pass_obj
def command(desk: Desk, draft: str, reason: str, key: Path | None, trust: Path | None) -> Answer:
    """A signed entry on the ledger."""
    return record(desk, "reject", draft, reason, key, trust)
