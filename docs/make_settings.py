"""Writes docs/settings.md from the typed settings; a test keeps the page fresh."""

import ast
import inspect
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from pydantic_core import PydanticUndefined

from sop_site import settings

TABLES = {
    "[office]": settings.Office,
    "[head]": settings.Head,
    "[[unit]], [[topic]], [[village]], [[menu]]": settings.Named,
    "[[probe]]": settings.ProbeTarget,
    "[archive]": settings.Archive,
    "[report]": settings.Report,
    "[[deploy]]": settings.DeployTarget,
    "[witness]": settings.Witness,
    "[checks]": settings.Checks,
    "[site]": settings.Site,
}


def documented(table: type) -> dict[str, str]:
    """Field name → the line of documentation below it."""
    body = ast.parse(inspect.getsource(table)).body[0]
    assert isinstance(body, ast.ClassDef)
    lines, field = {}, ""
    for node in body.body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            field = node.target.id
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and field:
            lines[field], field = str(node.value.value), ""
    return lines


def page() -> str:
    """The whole page as Markdown."""
    parts = ["# Settings in site.toml", "", "Made by `docs/make_settings.py` from `sop_site/settings.py`."]
    for heading, table in TABLES.items():
        words = documented(table)
        intro = (inspect.getdoc(table) or "").split(": ", 1)[-1].rstrip(".")
        parts += ["", f"## `{heading}`", "", f"{intro[0].upper()}{intro[1:]}.", ""]
        parts += ["| key | default | meaning |", "|---|---|---|"]
        for name, field in table.model_fields.items():
            default = "required" if field.default is PydanticUndefined else f"`{field.default!r}`"
            parts.append(f"| `{name}` | {default} | {words[name]} |")
    return "\n".join(parts) + "\n"


if __name__ == "__main__":
    (Path(__file__).parent / "settings.md").write_text(page(), encoding="utf-8")
