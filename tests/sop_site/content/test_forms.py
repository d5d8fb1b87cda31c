"""Forms for a desk: every field, asked for as its type wants it; the schema and the reader agree."""

import json
from typing import Any, Literal

import jsonschema
import pytest
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st

from sop_site import messages
from sop_site.content import KINDS, forms, parse, schema
from sop_site.content.forms import Field
from sop_site.settings import UNFILLED
from tests.sop_site.content.test_schema import front, validator
from tests.sop_site.rules.values import SETTINGS

ALL = forms.forms()


def every(fields: tuple[Field, ...]) -> list[Field]:
    return [one for field in fields for one in (field, *every(field.fields))]


@pytest.mark.parametrize("kind", KINDS)
def test_a_form_has_every_field_of_its_kind_once(kind: str) -> None:
    keys = [field.key for field in ALL[kind].fields]

    assert len(keys) == len(set(keys))
    assert set(keys) == set(schema.schema(kind)["properties"]) - {"withdrawn"}
    assert {field.key for field in ALL[kind].fields if field.required} == set(schema.schema(kind)["required"])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("lang", messages.LANGUAGES)
def test_every_field_has_label_help_and_example_in_both_languages(kind: str, lang: str) -> None:
    for field in every(forms.form(kind, lang).fields):
        # A new field needs label-…, help-… and its .example in sop_site/messages/*/model.ftl.
        assert field.label, field.key
        assert field.help, field.key
        assert field.example, field.key
        assert field.needed is None or not field.required


@pytest.mark.parametrize("kind", KINDS)
def test_every_example_is_one_that_the_schema_takes(kind: str) -> None:
    described = schema.schema(kind)
    for key, written in described["properties"].items():
        (example,) = written["examples"]
        validator = jsonschema.Draft202012Validator({**written, "$defs": described.get("$defs", {})})
        assert validator.is_valid(example), (key, example)


def test_widgets_are_what_the_types_are() -> None:
    widgets = {field.key: field.widget for kind in KINDS for field in ALL[kind].fields}

    assert (widgets["title"], widgets["summary"], widgets["date"], widgets["issued"]) == (
        "text", "long-text", "moment", "date",
    )  # fmt: skip
    assert (widgets["topics"], widgets["unit"], widgets["lang"], widgets["section"]) == (
        "choices", "choice", "choice", "choice",
    )  # fmt: skip
    assert (widgets["photos"], widgets["information"], widgets["steps"], widgets["speech"]) == (
        "table", "group", "list", "yes-no",
    )  # fmt: skip
    assert (widgets["image"], widgets["lat"], widgets["sources"]) == ("file", "number", "list")


def test_limits_choices_and_duties_are_told() -> None:
    fields = {field.key: field for kind in KINDS for field in ALL[kind].fields}
    photo = {field.key: field for field in fields["photos"].fields}

    assert (fields["title"].shortest, fields["title"].longest) == (5, 140)
    assert (fields["lat"].least, fields["lat"].greatest) == (-90, 90)
    assert fields["film" if "film" in fields else "file"].endings == ("mp4",)
    assert [choice.value for choice in fields["level"].choices] == ["waspada", "siaga", "awas"]
    assert (fields["unit"].source, fields["topics"].source, fields["section"].source) == (
        "unit",
        "topic",
        "menu",
    )
    assert fields["consent"].needed == forms.Needed("children", True)
    assert photo["alt"].needed == forms.Needed("file", None, "decorative")


def empty(field: Field) -> Any:
    """The mark of what is not filled in, as a form would hand it over."""
    return [UNFILLED] if field.widget == "list" else UNFILLED


@pytest.mark.parametrize("kind", KINDS)
def test_where_a_form_allows_the_mark_the_reader_does_and_nowhere_else(kind: str) -> None:
    path, values = front(kind)
    for field in ALL[kind].fields:
        if field.widget in ("fixed", "choices"):
            continue
        changed = values | {field.key: empty(field)}
        head = "".join(f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in changed.items())
        page = parse(path, f"---\n{head}---\nIsi.\n".encode(), SETTINGS).page
        assert (page is not None) == field.may_be_unfilled, field.key


def test_json_leaves_out_what_does_not_apply() -> None:
    made = json.loads(json.dumps(forms.as_json(ALL["news"])))

    title = next(field for field in made["fields"] if field["key"] == "title")
    assert set(title) == {
        "key", "label", "help", "example", "widget", "required", "shortest", "longest", "pattern",
        "may_be_unfilled",
    }  # fmt: skip


KEYS = {kind: sorted(field.key for field in ALL[kind].fields if field.key != "kind") for kind in KINDS}
# Letters without line ends: Python lets one stand behind "$", which ECMAScript does not.
UNSEEN: tuple[Literal["Cc", "Cf", "Cs", "Zl", "Zp", "Cn"], ...] = ("Cc", "Cf", "Cs", "Zl", "Zp", "Cn")
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=UNSEEN), max_size=25)
LEAVES = st.one_of(
    WORDS, st.none(), st.booleans(), st.integers(-200, 200), st.floats(-200, 200),
    st.sampled_from([
        UNFILLED, "a.jpg", "a.pdf", "f.mp4", "t.vtt", "2026-01-05", "2027-01-01T09:00", "pelayanan", "profil",
        "gratis", "https://a.id/", "siaga", "desa", "planned", "berkala", "id",
    ]),
)  # fmt: skip
ENTRIES = st.dictionaries(
    st.sampled_from(["file", "alt", "decorative", "credit", "title", "taken", "caption", "class", "made"]),
    LEAVES, max_size=5,
)  # fmt: skip
VALUES = st.one_of(LEAVES, st.lists(st.one_of(LEAVES, ENTRIES), max_size=3), ENTRIES)
# What only the reader knows: the office's lists, which day comes first, and notices of withdrawal.
ONLY_THE_READER = {
    "unit-unknown", "topic-unknown", "menu-unknown", "field-too-early", "field-must-be-filled",
    "kind-elsewhere",
}  # fmt: skip


@effort(max_examples=150, deadline=None)
@given(st.data())
def test_schema_and_reader_say_the_same_of_anything(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(list(KINDS)))
    path, values = front(kind)
    keys = [*KEYS[kind], "status"]
    changed = values | data.draw(st.dictionaries(st.sampled_from(keys), VALUES, min_size=1, max_size=3))
    for gone in data.draw(st.lists(st.sampled_from(keys), max_size=1)):
        changed.pop(gone, None)

    fits = validator(kind).is_valid(changed)
    head = "".join(f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in changed.items())
    found = parse(path, f"---\n{head}---\nIsi.\n".encode(), SETTINGS).findings
    errors = {finding.code for finding in found if finding.severity == "error"} - ONLY_THE_READER

    assert fits == (not errors), (changed, errors)
