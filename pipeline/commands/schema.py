"""``sop schema``: the content model for editors (JSON Schema) and for desks (forms)."""

import json

import click

from pipeline.desk import Answer, Desk
from sop_site.content import KINDS, forms, schema


@click.command(
    "schema",
    help="Skema JSON isian halaman, atau formulirnya / JSON Schema of the front matter, or its forms.",
)
@click.argument("kind", type=click.Choice(list(KINDS)), required=False)
@click.option(
    "--forms", "as_forms", is_flag=True,
    help="Formulir: isian berurutan, label, bantuan, batas, pilihan / fields in order, labels, help, limits.",
)  # fmt: skip
@click.pass_obj
def command(desk: Desk, kind: str | None, as_forms: bool) -> Answer:
    """One kind, or all of them."""
    found: object
    if as_forms:
        made = forms.forms(desk.lang)
        told = {name: forms.as_json(one) for name, one in made.items()}
        found = told[kind] if kind else told
    else:
        found = schema.schema(kind, desk.lang) if kind else schema.schemas(desk.lang)
    return Answer(
        True, {"forms" if as_forms else "schema": found}, [json.dumps(found, ensure_ascii=False, indent=1)]
    )
