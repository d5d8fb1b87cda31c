"""The model's list of checks, sentence by sentence: what answers for each, and how gravely."""

import pytest

from tests.rule_examples import examples

BAD = {example.code: example.bad for example in examples()}
# (sentence of the content model, severity, codes that keep it)
TABLE = [
    # front matter
    ("the first four bytes are --- LF", "error", ["head-missing"]),
    ("BOM and CRLF are errors", "error", ["page-has-bom", "page-has-cr"]),
    ("UTF-8; no NUL or control character but TAB and LF", "error", ["page-not-utf8", "page-has-control"]),
    ("index.md ≤ 256 KiB, front matter ≤ 64 KiB, nesting ≤ 6", "error",
     ["page-too-big", "head-too-big", "yaml-too-deep"]),
    ("one mapping, known keys only, no duplicate key", "error",
     ["yaml-no-mapping", "field-unknown", "field-misspelled", "field-of-other-kind", "yaml-key-twice"]),
    ("no anchors, aliases or tags", "error", ["yaml-anchor-or-tag", "yaml-many-documents"]),
    ("a text field takes only strings (title: 2026 and title: yes are errors)", "error",
     ["field-not-text", "field-text-not-list", "yaml-ambiguous"]),
    ("dates may be quoted, YYYYMMDD is no date", "error", ["field-no-date"]),
    ("end ≥ start, until and expires_at > date", "error", ["field-too-early"]),
    ("title 5-140, summary 20-300", "error", ["field-too-short", "field-too-long"]),
    ("topics ≥ 1 from the closed list; unit; a page's section", "error",
     ["field-too-few", "topic-unknown", "unit-unknown", "menu-unknown"]),
    ("image with image_alt*, children with consent*, captions required unless speech: false", "error",
     ["field-image-alt-missing", "field-consent-missing", "field-captions-missing", "field-alt-missing"]),
    ("required keys", "error", ["field-missing", "field-blank"]),
    ("image, file, poster, captions are bare names of files in the page's own folder", "error",
     ["field-no-own-file"]),
    ("class dikecualikan is refused", "error", ["information-exempt"]),
    ("change_note when the page is public and its text changes", "error", ["change-note-missing"]),
    ("one page is one folder; ids; reserved names", "error",
     ["path-unknown", "id-not-dated", "id-malformed-page", "id-taken-by-site", "kind-elsewhere"]),
    ("belum diisi oleh kantor: a warning …", "warning", ["field-unfilled"]),
    ("… but never in kind, title, date, unit and topics", "error", ["field-must-be-filled", "field-no-id"]),
    # form
    ("Markdown without raw HTML, script or javascript: links", "error",
     ["html-in-text", "link-kind-refused"]),
    ("headings start at ## and skip no level", "error",
     ["heading-too-high", "heading-skips-level", "heading-empty"]),
    ("every picture has alternative text", "error", ["picture-without-alt", "picture-alt-says-nothing"]),
    ("pictures come from the page's own folder only", "error", ["picture-from-elsewhere", "file-missing"]),
    ("links: https (http is an error)", "error", ["link-not-https", "link-host-disguised"]),
    ("mailto: and tel: of the office", "error", ["link-foreign-contact"]),
    ("a page or file that exists nowhere is an error", "error", ["link-dead", "link-fragment-missing"]),
    ("one that stands only in a draft a warning", "warning", ["link-drafted-only"]),
    ("no shorteners", "error", ["link-shortened"]),
    ("link texts that say something", "error", ["link-says-nothing"]),
    ("tables have headings", "error", ["table-without-heading"]),
    # media
    ("a file that no page names (warning)", "warning", ["file-unnamed"]),
    # law; area, time and instructions of alerts and the fields of service cards are required by their types
    ("the marks RAHASIA, SANGAT RAHASIA, TERBATAS", "error", ["law-secret-mark"]),
    ("consent when an alternative text or caption names children", "error", ["law-children-consent"]),
    ("service cards complete: cost is gratis or an amount with its legal basis", "error",
     ["law-cost-unclear"]),
    # language (warnings)
    ("lang fits the text", "warning", ["language-other"]),
    ("dates and numbers in Indonesian form", "warning",
     ["language-date", "language-time", "language-amount", "language-number"]),
    ("spelling of the office's own names, villages and officials", "warning", ["language-name"]),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "severity", "codes"), TABLE, ids=[row[0][:40] for row in TABLE])
def test_a_sentence_of_the_model_is_kept(sentence: str, severity: str, codes: list[str]) -> None:
    for code in codes:
        case = BAD[code]
        assert case is not None, sentence
        assert {found.severity for found in case.findings() if found.code == code} == {severity}, (
            sentence,
            code,
        )


@pytest.mark.parametrize(
    ("kind", "keys"),
    [
        ("alert", ["area", "until", "instructions", "level"]),
        ("service", ["audience", "requirements", "steps", "duration", "cost", "result", "where", "hours",
                     "legal_basis", "complaints", "contact"]),
    ],
)  # fmt: skip
def test_alerts_and_service_cards_are_complete(kind: str, keys: list[str]) -> None:
    from sop_site.content import forms

    required = {field.key for field in forms.form(kind).fields if field.required}

    assert set(keys) <= required
