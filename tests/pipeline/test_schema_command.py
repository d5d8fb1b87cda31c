"""``sop schema``: for editors and for desks, on any machine and without a repository."""

import contextlib
import io
import json
from typing import Any
from unittest import mock

import pytest

from pipeline import cli
from sop_site.content import KINDS


def said(*words: str) -> Any:
    out = io.StringIO()
    # Signals belong to the process of the tests.
    with mock.patch.object(cli.signal, "signal"), contextlib.redirect_stdout(out):
        assert cli.run(list(words)) == 0
    return json.loads(out.getvalue())


def answer(*words: str) -> Any:
    return said("--json", *words)


def test_the_schema_of_one_kind_and_of_all() -> None:
    assert answer("schema", "news")["schema"]["properties"]["title"]["title"] == "Judul"
    assert set(answer("schema")["schema"]) == set(KINDS)


def test_the_form_of_one_kind_and_of_all() -> None:
    news = answer("schema", "news", "--forms")["forms"]

    assert [field["key"] for field in news["fields"]][:6] == [
        "kind", "title", "date", "summary", "topics", "unit",
    ]  # fmt: skip
    assert set(answer("schema", "--forms")["forms"]) == set(KINDS)


def test_a_reader_of_english_gets_english_labels() -> None:
    assert answer("--lang", "en", "schema", "news", "--forms")["forms"]["label"] == "News"


@pytest.mark.parametrize("words", [["schema", "village"], ["schema", "village", "--forms"]])
def test_without_json_the_answer_is_what_an_editor_wants(words: list[str]) -> None:
    assert "label" in said(*words) or "properties" in said(*words)
