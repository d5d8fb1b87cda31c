"""``sop reopen``: the head lifts a refusal, on record."""

from pathlib import Path

import click

from pipeline.desk import Answer, Desk
from pipeline.options import key_option, reason_option, trust_option
from pipeline.recording import record


@click.command("reopen", help="Buka kembali draf / reopen a draft.")
@click.argument("draft")
@reason_option
@key_option
@trust_option
@click.pass_obj
def command(desk: Desk, draft: str, reason: str, key: Path | None, trust: Path | None) -> Answer:
    """A signed entry on the ledger."""
    return record(desk, "reopen", draft, reason, key, trust)
