"""The papers beside the code say what the code does."""

import importlib.util
import re
from pathlib import Path

import click

from pipeline.cli import sop

ROOT = Path(__file__).resolve().parent.parent


def test_the_page_of_settings_is_fresh() -> None:
    spec = importlib.util.spec_from_file_location("make_settings", ROOT / "docs/make_settings.py")
    assert spec is not None
    assert spec.loader is not None
    maker = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(maker)

    assert (ROOT / "docs/settings.md").read_text(encoding="utf-8") == maker.page()


def test_every_command_stands_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    with click.Context(sop) as ctx:
        missing = [name for name in sop.list_commands(ctx) if f"sop {name}" not in readme]

    assert missing == []


def test_the_readmes_local_links_lead_somewhere() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    links = [link for link in re.findall(r"\]\(([^)#]+)", readme) if not link.startswith("http")]

    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []
