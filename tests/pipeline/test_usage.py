"""A command that was typed wrongly is answered in the office's words, and with what to type instead."""

import pytest

from pipeline import cli


@pytest.mark.parametrize(
    ("typed", "words", "help_words"),
    [
        ("submitt x", "Tidak ada perintah “submitt”.", "“sop submit”"),
        ("nix", "Tidak ada perintah “nix”.", "“sop --help”"),
        ("new berita x", "pilihannya: news, announcement", "“sop new --help”"),
        ("new news Kerja bakti", "Terlalu banyak kata: bakti", "di antara tanda petik"),
        ("return x", "--reason belum disebutkan.", "“sop return --help”"),
        ("return x --reason", "--reason harus diikuti isinya.", "di antara tanda petik"),
        ("check --nix", "Perintah ini tidak mengenal --nix.", "“sop check --help”"),
        ("review x --htm y", "Perintah ini tidak mengenal --htm.", "Mungkin maksudnya --html"),
        ("submit", "DRAFT belum disebutkan.", "“sop submit --help”"),
        ("--lang en foo", "There is no command “foo”.", "“sop --help”"),
        ("new news Kerja 5108062812760001", "Terlalu banyak kata: 5108********01", "tanda petik"),
    ],
)
def test_a_wrong_command_says_what_is_wrong_and_what_to_type(
    capsys: pytest.CaptureFixture[str], typed: str, words: str, help_words: str
) -> None:
    assert cli.run(typed.split()) == 2

    sentence, advice = capsys.readouterr().err.splitlines()
    assert words in sentence
    assert help_words in advice
    assert "Usage" not in sentence
