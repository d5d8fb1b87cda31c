"""Nothing that is written into a page becomes anything but text, links and pictures in it."""

import json
import re
from urllib.parse import urlsplit

import lxml.html
import pytest

from sop_site import messages
from sop_site.answers import Finding, errors
from sop_site.content import markdown, parse
from sop_site.content.intricacy import too_much
from sop_site.rules import Around, MediaFacts, PageInput, check
from tests import attack_strings
from tests.attack_strings import BODIES, LINKS, TAGS, TEXTS
from tests.sop_site.rules.values import ADDRESSES, SETTINGS

PATH = "content/berita/2026-01-05-x/index.md"
TAGS_DRAWN = {
    "div", "p", "h1", "h2", "h3", "h4", "h5", "h6", "a", "img", "em", "strong", "code", "pre", "ul", "ol",
    "li",
    "blockquote", "table", "thead", "tbody", "tr", "th", "td", "dl", "dt", "dd", "hr", "br",
}  # fmt: skip
ATTRIBUTES = {"href", "src", "alt", "title", "id", "scope", "style", "start"}
SCHEMES = {"", "https", "http", "mailto", "tel"}
FIELDS = ("title", "summary", "image_alt", "image_credit", "consent", "change_note", "sources", "photo")


def problems(html: str) -> list[str]:
    """What a body's HTML holds that no body may hold, read by the rules of a browser's kind."""
    found = []
    for element in lxml.html.fromstring(f"<div>{html}</div>").iter():
        if not isinstance(element.tag, str) or element.tag not in TAGS_DRAWN:
            found.append(str(element.tag))
            continue
        found += [name for name in element.attrib if name not in ATTRIBUTES]
        for name in ("href", "src"):
            # A browser leaves out blanks and controls at the front, tabs and ends of lines anywhere.
            target = re.sub(r"\A[\x00-\x20]+|[\t\n\r]", "", element.get(name, ""))
            try:
                scheme = urlsplit(target).scheme
            except ValueError:
                continue
            if scheme not in SCHEMES:
                found.append(target)
        if not element.get("style", "text-align: x").startswith("text-align: "):
            found.append(element.get("style", ""))
    return found


def checked(body: str, **front: str) -> tuple[Finding, ...]:
    fields = {
        "kind": "news", "title": '"Kerja bakti di pantai"', "date": "2026-01-05", "unit": "pelayanan",
        "summary": '"Ringkasan singkat untuk warga."', "topics": "[kependudukan]", **front,
    }  # fmt: skip
    head = "".join(f"{key}: {value}\n" for key, value in fields.items())
    parsed = parse(PATH, f"---\n{head}---\n{body}\n".encode(), SETTINGS)
    if parsed.page is None or parsed.lines is None:
        return parsed.findings
    outline = markdown.outline(parsed.page.body)
    media = {name: MediaFacts(name, "jpg", 9) for name in ("foto.jpg", "b.jpg")}
    around = Around(SETTINGS, ADDRESSES)
    return (*parsed.findings, *check(PageInput(PATH, parsed.page, parsed.lines, outline, around, media)))


def test_there_are_enough_of_them() -> None:
    assert len(set(BODIES)) > 600
    assert len(set(TEXTS)) > 140


def test_the_measure_itself_finds_what_it_looks_for() -> None:
    assert problems("<p onclick=x>a</p>") == ["onclick"]
    assert problems("<script>a</script>") == ["script"]
    assert problems('<a href="java\tscript:a">a</a>') == ["javascript:a"]
    assert problems('<p style="color: red">a</p>') == ["color: red"]


def test_every_body_is_drawn_as_harmless_html() -> None:
    harmful = {body: found for body in BODIES if (found := problems(markdown.render(body)))}

    assert harmful == {}


@pytest.mark.parametrize(
    "place", ["## {}", "[{}](/kontak/)", "![{}](foto.jpg)", "- {}", "| a |\n|---|\n| {} |", "*{}*"]
)
def test_nor_does_it_become_harmful_within_something_else(place: str) -> None:
    harmful = {text: found for text in TEXTS if (found := problems(markdown.render(place.format(text))))}

    assert harmful == {}


# Letters that only look like brackets, entities, and escapes are text for a browser, too.
SHOWN_AS_TEXT = ("&lt;", "&#60;", "&#x3c;", "＜", "‹", "<ſ")


def test_every_tag_is_refused_with_a_reason_or_only_looks_like_one() -> None:
    for text in TAGS:
        found = errors(checked(f"Awal {text} akhir."))
        if not text.startswith(SHOWN_AS_TEXT):
            assert "html-in-text" in {finding.code for finding in found}, text


def test_every_link_that_leads_astray_is_refused_with_a_reason() -> None:
    passed = []
    for body in LINKS:
        found = errors(checked(body))
        passed += [] if found else [body]
        for finding in found:
            shown = messages.as_json("id", finding)
            assert shown["message"]
            assert shown["advice"]

    # No link at all is drawn of these: an address that is none, or a target with a blank in it.
    assert {
        body for body in passed if markdown.outline(body).links or markdown.outline(body).pictures
    } == set()


@pytest.mark.parametrize("field", ["title", "summary", "image_alt", "image_credit", "consent", "change_note"])
def test_a_tag_in_a_field_is_refused_and_breaks_nothing(field: str) -> None:
    beside = {"image": "foto.jpg", "image_alt": "Perahu"}
    for text in TAGS:
        found = errors(
            checked("Isi.", **(beside | {field: json.dumps(f"Awal kalimat: {text}", ensure_ascii=False)}))
        )
        if not text.startswith(SHOWN_AS_TEXT):
            assert {"html-in-text", "field-many-lines"} & {finding.code for finding in found}, text


NEAR = {
    "emphasis": "*a**b" * 3_900,
    "code": "`a " * 11_000,
    "growing ticks": " ".join("`" * count for count in range(1, 150)),
    "rules": "---\n" * 490,
    "breaks": "a  \n" * 2_990 + "b" * 200_000,
    "escapes": "\\*" * 3_900 + "x " * 100_000,
    "cells": "a|b\n-|-\n" + "`|`\n" * 5_900,
    "lists": "".join("    " * level + "- a\n\n" for level in range(11)) * 900,
    "quotations": (">" * 11 + " a\n") * 8_000,
    "references": "".join(f"[a{number}]: /b/\n" for number in range(1_900)) + "\nIsi.",
    "brackets": "[" * 1_990,
}
FAR = {
    "emphasis": "*a" * 20_000, "rules": "a\n===\n" * 900, "breaks": "a  \n" * 5_000, "escapes": "\\*" * 9_000,
    "nested lists": "- " * 900, "nested numbers": "1. " * 900,
    "deep lists": "".join("    " * n + "- a\n" for n in range(250)),
    "quotations": ">" * 3_000 + " a", "brackets": "[" * 3_000, "headings": "## a\n" * 2_000,
    "cells": "a|" * 60_000,
    "addresses": "<a@b.c> " * 9_000, "terms": ": a\n" * 900, "paragraphs": "a\n\n" * 60_000,
}  # fmt: skip


@pytest.mark.parametrize("name", FAR)
def test_what_would_take_seconds_is_not_even_drawn(name: str) -> None:
    assert [finding.code for finding in checked(FAR[name])] == ["body-too-intricate"]


@pytest.mark.timeout(20)
@pytest.mark.parametrize("name", NEAR)
def test_what_is_just_allowed_is_drawn_in_time(name: str) -> None:
    assert too_much(NEAR[name]) is None
    assert markdown.outline(NEAR[name]).html


def test_what_offices_write_is_far_from_any_limit() -> None:
    table = (
        "| Nama | Kegiatan | Waktu |\n|---|---|---|\n"
        + "| **Banyuning** | [Kerja bakti](/berita/) | 08.00 |\n" * 800
    )

    assert too_much(table) is None
    assert len(attack_strings.TITLES) > 10
