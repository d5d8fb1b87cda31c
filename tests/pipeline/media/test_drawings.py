"""Drawings (SVG) and captions (WebVTT): text that browsers obey, so an allow-list decides."""

from pathlib import Path

import pytest

from pipeline.media import captions, clean, svg
from sop_site.errors import AnswerIsNo
from tests.pipeline.media import raw

OPEN = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 20 10">'
)


def drawing(inside: str, opening: str = OPEN) -> bytes:
    return f"{opening}{inside}</svg>".encode()


def test_an_ordinary_drawing_stays_as_it_is_without_its_editors_notes(tmp_path: Path) -> None:
    inside = (
        f"<!-- {raw.SECRET} --><metadata>{raw.SECRET}</metadata>"
        f'<sodipodi:namedview xmlns:sodipodi="http://sodipodi" docname="{raw.SECRET}"/>'
        '<defs><linearGradient id="a"><stop offset="0" stop-color="#fff"/></linearGradient></defs>'
        '<title>Denah kantor</title><rect width="20" height="10" fill="url(#a)"/><use xlink:href="#a"/>'
    )

    made = clean(raw.written(tmp_path, "Denah.svg", drawing(inside)))

    assert raw.SECRET.encode() not in made.data
    assert b'fill="url(#a)"' in made.data
    assert (made.name, made.kind, made.width, made.height) == ("denah.svg", "picture", 20, 10)
    assert "Denah kantor" in made.text


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        "<SCRIPT>alert(1)</SCRIPT>",
        '<rect onload="alert(1)"/>',
        '<rect OnClick="alert(1)"/>',
        "<foreignObject><body xmlns='http://www.w3.org/1999/xhtml'/></foreignObject>",
        '<a href="javascript:alert(1)"><text>x</text></a>',
        '<image href="https://lain.example/a.png"/>',
        '<use href="https://lain.example/a.svg#b"/>',
        '<use xlink:href="data:image/svg+xml;base64,AAAA"/>',
        '<rect style="fill:url(https://lain.example/a)"/>',
        "<rect fill=\"url( '//lain.example/a#b' )\"/>",
        "<style>@import 'https://lain.example/a.css';</style>",
        "<style>@\\69mport 'x';</style>",
        "<style>rect{background:u/**/rl(https://lain.example)}</style>",
        '<animate attributeName="href" values="javascript:alert(1)"/>',
        '<set attributeName="onmouseover" to="alert(1)"/>',
        "<iframe src='https://lain.example'/>",
        '<rect style="behavior: url(#x)"/>',
        '<handler xmlns:ev="http://www.w3.org/2001/xml-events" ev:event="load">alert(1)</handler>',
    ],
)
def test_a_drawing_that_could_run_or_fetch_is_refused(inside: str) -> None:
    with pytest.raises(AnswerIsNo) as no:
        svg.clean("a.svg", drawing(inside))

    assert no.value.code == "media-svg-active"


def test_a_drawing_that_grows_when_read_is_refused() -> None:
    laughs = '<!DOCTYPE svg [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>' + OPEN + "<text>&b;</text></svg>"

    with pytest.raises(AnswerIsNo) as no:
        svg.clean("a.svg", laughs.encode())

    assert no.value.code in ("media-svg-active", "media-broken")


def test_a_drawing_reads_no_file_of_this_computer(tmp_path: Path) -> None:
    secret = raw.written(tmp_path, "rahasia.txt", raw.SECRET.encode())
    outside = f'<!DOCTYPE svg [<!ENTITY a SYSTEM "{secret.as_uri()}">]>{OPEN}<text>&a;</text></svg>'

    with pytest.raises(AnswerIsNo):
        svg.clean("a.svg", outside.encode())


@pytest.mark.parametrize("data", [b"<svg", drawing("<rect>"), b"<svg><rect/></svg>", drawing("", "<g>")])
def test_what_is_no_whole_drawing_is_refused(data: bytes) -> None:
    with pytest.raises(AnswerIsNo) as no:
        svg.clean("a.svg", data)

    assert no.value.code == "media-broken"


def test_a_heavy_drawing_is_refused() -> None:
    with pytest.raises(AnswerIsNo) as no:
        svg.clean("a.svg", drawing('<rect width="1"/>' * 20_000))

    assert no.value.code == "media-too-big"


def test_captions_keep_their_cues_and_lose_their_notes(tmp_path: Path) -> None:
    source = (
        f"\ufeffWEBVTT - {raw.SECRET}\r\n\r\nNOTE {raw.SECRET}\r\nlagi\r\n\r\nSTYLE\r\n::cue {{}}\r\n\r\n"
        "00:00.000 --> 00:02.000\r\nSelamat pagi\r\n\r\n"
        "00:02.000 --> 00:04.000 align:start\r\nTerima kasih\r\n"
    )

    made = clean(raw.written(tmp_path, "Takarir.VTT", source.encode()))

    assert made.data.decode() == (
        "WEBVTT\n\n00:00.000 --> 00:02.000\nSelamat pagi\n\n"
        "00:02.000 --> 00:04.000 align:start\nTerima kasih\n"
    )
    assert (made.name, made.kind) == ("takarir.vtt", "captions")
    assert "Selamat pagi" in made.text


@pytest.mark.parametrize("data", [b"WEBVTT\n\nhalo\n", b"WEBVTT\n\n00:00.000 --> 00:02.000\n\xff\xfe\n"])
def test_captions_without_a_readable_cue_are_refused(data: bytes) -> None:
    with pytest.raises(AnswerIsNo) as no:
        captions.clean("a.vtt", data)

    assert no.value.code == "media-captions-faulty"
