"""``sop schema``: JSON Schema of the content model, for editors that check while one types."""

import json

import click

from pipeline.desk import Answer, Desk
from sop_site.content import KINDS, schema


@click.command("schema", help="JSON Schema isian halaman / of the front matter.")
@click.argument("kind", type=click.Choice(list(KINDS)), required=False)
@click.pass_obj
def command(_desk: Desk, kind: str | None) -> Answer:
    """One kind, or all of them."""
    found = schema.schema(kind) if kind else schema.schemas()
    return Answer(True, {"schema": found}, [json.dumps(found, ensure_ascii=False, indent=1)])
