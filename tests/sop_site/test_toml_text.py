"""TOML by strangers: what tomllib reads is read alike, and no key may grow without bound."""

import tomllib

import pytest

from sop_site import toml_text

LONG = ".".join(["b"] * 50)


@pytest.mark.parametrize(
    "text",
    [
        f'a = "{LONG}"',
        f"a = '{LONG}'",
        f'a = """\n{LONG}"""',
        f'a = """{LONG}""""',
        f"a = '''{LONG}'''''",
        f"# {LONG}",
        f'a = "\\"{LONG}"',
        "a = [" + "1.5, " * 40 + "]",
        "a.b.c.d = 1979-05-27T07:32:00.5-07:00",
    ],
)
def test_dots_elsewhere_than_in_keys_are_no_concern(text: str) -> None:
    assert toml_text.loads(text) == tomllib.loads(text)


@pytest.mark.parametrize(
    "text",
    [
        f"{LONG} = 1",
        f"[{LONG}]",
        f"[[{LONG}]]",
        f"a = {{{LONG} = 1}}",
        " . ".join(["b"] * 50) + " = 1",
        ".".join(['"b"'] * 50) + " = 1",
        f'a = {{a = """x"""", {LONG} = "1"}}',
        f'a = {{a = """x""""", {LONG} = "1"}}',
        f"a = {{a = '''x'''', {LONG} = '1'}}",
        f'a = {{a = "\\"", {LONG} = "1"}}',
        f"a = {{a = '\\', {LONG} = '1'}}",
        f'a = "#"\n{LONG} = 1',
        ".".join(["a"] * 130_000) + " = 1",
    ],
)
def test_a_key_of_many_parts_is_refused_wherever_it_stands(text: str) -> None:
    with pytest.raises(ValueError, match="parts"):
        toml_text.loads(text)


@pytest.mark.parametrize("piece", ['"', "'", '"\\', "'''a", '"""a', "a. ", "a "])
def test_what_is_no_toml_is_known_at_once(piece: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        toml_text.loads(piece * (200_000 // len(piece)))
