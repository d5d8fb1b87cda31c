"""Every code has its words in both languages, and every word belongs to a code."""

import ast
import re
from pathlib import Path

import pytest
from fluent.syntax import FluentParser
from fluent.syntax import ast as ftl

from sop_site import messages
from sop_site.answers import Finding, Refusal
from sop_site.review.hidden import visible

ROOT = Path(__file__).resolve().parents[2]
RAISED = re.compile(
    r"^(AnswerIsNo|SettingsUnreadable|RepositoryUnusable|RenderingFailed|ServiceSilent|MediumFailed)$"
)


def catalogue(lang: str) -> dict[str, ftl.Message]:
    found: dict[str, ftl.Message] = {}
    for path in sorted((ROOT / "sop_site/messages" / lang).glob("*.ftl")):
        for entry in FluentParser().parse(path.read_text(encoding="utf-8")).body:
            assert not isinstance(entry, ftl.Junk), f"{path.name}: {entry.content}"
            if isinstance(entry, ftl.Message):
                assert entry.id.name not in found, f"{path.name}: {entry.id.name} stands twice"
                found[entry.id.name] = entry
    return found


def variables(message: ftl.Message) -> set[str]:
    names: set[str] = set()

    def walk(node: object) -> None:
        if isinstance(node, ftl.VariableReference):
            names.add(node.id.name)
        if isinstance(node, ftl.BaseNode):
            for value in vars(node).values():
                for item in value if isinstance(value, list) else [value]:
                    walk(item)

    walk(message)
    return names


def raised_codes() -> set[str]:
    codes = set()
    for path in [*ROOT.glob("sop_site/**/*.py"), *ROOT.glob("pipeline/**/*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and (RAISED.match(node.func.id) or node.func.id == "Finding")
                and node.args
                and isinstance(node.args[0], ast.Constant)
            ):
                codes.add(node.args[0].value)
    return codes


def test_both_languages_have_the_same_codes_and_advice() -> None:
    indonesian, english = catalogue("id"), catalogue("en")

    assert set(indonesian) == set(english)
    for code, message in indonesian.items():
        attributes = {attribute.id.name for attribute in message.attributes}
        assert attributes == {attribute.id.name for attribute in english[code].attributes}, code
        assert variables(message) == variables(english[code]), code


def test_every_code_that_is_raised_or_found_has_a_sentence_and_advice() -> None:
    known = catalogue("id")
    silent = sorted(code for code in raised_codes() if code not in known)
    helpless = sorted(code for code in raised_codes() if code in known and not known[code].attributes)

    assert silent == []
    assert helpless == []


def test_an_unknown_code_is_a_mistake_of_the_program() -> None:
    with pytest.raises(KeyError):
        messages.say("id", "no-such-code")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("NIK 5108062812760001 ada", "NIK 5108********01 ada"),
        ("0812 3456 7890", "0812********90"),
        ("Nomor 000.8.3.3/234/VI/2023", "Nomor 000.8.3.3/234/VI/2023"),
        ("tahun 2026", "tahun 2026"),
        ("tel:081234567890", "tel:0812********90"),
        ("NIK5108062812760001A", "NIK5108********01A"),
        ("5108\u00a00628\u00a01276\u00a00001", "5108********01"),
        ("510806**2812**760001", "5108********01"),
        ("５１０８０６２８１２７６０００１", "５１０８********０１"),
        ("2026-01-05-warga-5108062812760001", "2026-01-05-warga-5108********01"),
        ("img-20260812-082233.jpg", "img-20260812-082233.jpg"),
        ("PXL_20260812_082233123.HEIC", "PXL_20260812_082233123.HEIC"),
        ("20260812-082233", "2026********33"),
        ("kk-5108062812760001.jpg", "kk-5108********01.jpg"),
        ("20261312-082233.jpg", "2026********33.jpg"),
        ("simpanan 1234567890ab", "simpanan 1234567890ab"),
        (f"simpanan {'0123456789' * 3}abcdef0123", f"simpanan {'0123456789' * 3}abcdef0123"),
        ("pukul 08.00-15.30, tahun 2024, 2025, 2026", "pukul 08.00-15.30, tahun 2024, 2025, 2026"),
    ],
)
def test_long_numbers_are_never_repeated_in_full(text: str, shown: str) -> None:
    assert messages.masked(text) == shown


@pytest.mark.parametrize("hidden", ["\u200b", "\u00ad", "\u202e", "\u2060", "\u2067", "\ufeff"])
def test_what_nobody_sees_keeps_no_number_readable_written_out_or_not(hidden: str) -> None:
    number = hidden.join(("5108", "0628", "1276", "0001"))

    for text in (number, visible(number)):
        assert messages.masked(f"NIK {text}.") == "NIK 5108********01."


def test_a_finding_carries_all_the_contracts_keys() -> None:
    shown = messages.as_json(
        "id", Finding("settings-invalid", "error", "site.toml", 3, {"place": "x", "detail": "y"})
    )

    assert set(shown) == {"code", "severity", "path", "line", "message", "advice"}
    assert shown["line"] == 3


def test_a_refusal_carries_all_the_contracts_keys() -> None:
    shown = messages.as_json("en", Refusal("UNSIGNED", "a" * 40, "no gpgsig header"))

    assert set(shown) == {"code", "commit", "detail", "message", "advice"}


@pytest.mark.parametrize("lang", messages.LANGUAGES)
def test_a_message_read_alone_is_the_one_that_stands_in_the_catalogue(lang: str) -> None:
    alone = messages._catalogue(lang)

    assert set(alone) == set(catalogue(lang))
    for code, whole in catalogue(lang).items():
        (read,) = FluentParser().parse(alone[code]).body
        assert whole.equals(read, ["span", "comment"]), code
