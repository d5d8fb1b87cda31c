"""What stands inside files and must not come out: tricks known from public collections, one by one."""

import io
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from pipeline.media import captions, containers, document, picture, svg
from sop_site.errors import AnswerIsNo
from tests.pipeline.media import raw
from tests.pipeline.media.test_drawings import drawing


@pytest.mark.parametrize(
    "inside",
    [
        "<style>rect{background:image-set('https://lain.example/a.png' 1x)}</style>",
        "<style>@font-face{font-family:a;src:local(a)}</style>",
        "<style>@namespace 'https://lain.example';</style>",
        "<style>rect{fill:src('https://lain.example/a')}</style>",
        '<rect style="background:cross-fade(a,b)"/>',
        '<rect style="cursor:image(a.png)"/>',
        '<use href="#a" id="a"/>',
        '<g id="a"><use href="#b"/></g><g id="b"><use href="#a"/></g>',
        '<pattern id="a"><rect fill="url(#a)"/></pattern>',
        '<use xlink:href=" javascript:alert(1)"/>',
        '<use xlink:href="java&#10;script:alert(1)"/>',
        '<a xlink:href="#x"><rect/></a>',
        '<feImage href="#a"/>',
        "<style>rect{fill:url(#a);} a{b:url(https://lain.example)}</style>",
    ],
)
def test_a_drawing_with_a_trick_is_refused(inside: str) -> None:
    with pytest.raises(AnswerIsNo) as no:
        svg.clean("a.svg", drawing(inside))

    assert no.value.code == "media-svg-active"


def test_copies_of_copies_are_counted_before_a_browser_draws_them() -> None:
    rows = ['<g id="a0"><rect width="1" height="1"/></g>']
    for number in range(1, 10):
        rows.append(f'<g id="a{number}">' + f'<use href="#a{number - 1}"/>' * 10 + "</g>")

    with pytest.raises(AnswerIsNo) as no:
        svg.clean("a.svg", drawing("".join(rows) + '<use href="#a9"/>'))

    assert no.value.code == "media-too-demanding"


def test_an_ordinary_drawing_may_copy_and_fill_by_patterns() -> None:
    inside = (
        '<defs><pattern id="p"><circle r="1"/></pattern><g id="k"><rect fill="url(#p)"/></g></defs>'
        '<use href="#k"/><use href="#k"/>'
    )

    assert svg.clean("a.svg", drawing(inside)).data.count(b"<use") == 2


def opened(data: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(data))


def with_link(**action: object) -> bytes:
    pdf = raw.text_pdf("Isi")
    link = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=pikepdf.Dictionary(**action)
    )
    pdf.pages[0].obj.Annots = pikepdf.Array([link])
    return raw.saved(pdf)


@pytest.mark.parametrize(
    "action",
    [
        {"S": pikepdf.Name.URI, "URI": "javascript:alert(1)"},
        {"S": pikepdf.Name.URI, "URI": "file:///etc/passwd"},
        {"S": pikepdf.Name.URI, "URI": "\\\\server\\a"},
        {"S": pikepdf.Name.Launch, "F": "cmd.exe"},
        {"S": pikepdf.Name.SubmitForm, "F": "https://lain.example"},
        {"S": pikepdf.Name.GoToR, "F": "//server/a.pdf"},
        {"S": pikepdf.Name.GoToE, "F": "a.pdf"},
        {"S": pikepdf.Name.ImportData, "F": "a.fdf"},
        {"S": pikepdf.Name.RichMediaExecute},
        {"S": pikepdf.Name.Named, "N": pikepdf.Name.Print},
        {
            "S": pikepdf.Name.URI,
            "URI": "https://a.go.id",
            "Next": pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)"),
        },
    ],
)
def test_an_action_that_does_more_than_lead_to_a_page_is_removed(action: dict[str, object]) -> None:
    made = document.clean("a.pdf", with_link(**action))

    with opened(made.data) as pdf:
        notes = pdf.pages[0].obj.get("/Annots", [])
        assert all("/A" not in note for note in notes)


def test_a_link_to_the_web_stays() -> None:
    made = document.clean("a.pdf", with_link(S=pikepdf.Name.URI, URI="https://bulelengkab.go.id/"))

    with opened(made.data) as pdf:
        assert str(pdf.pages[0].obj.Annots[0].A.URI) == "https://bulelengkab.go.id/"


def test_a_form_that_only_its_own_program_draws_is_refused() -> None:
    pdf = raw.text_pdf("Please wait...")
    pdf.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array(), XFA=pikepdf.String("<xdp/>"))

    with pytest.raises(AnswerIsNo) as no:
        document.clean("a.pdf", raw.saved(pdf))

    assert no.value.code == "media-form-dynamic"


def test_what_stands_where_notes_belong_is_thrown_away() -> None:
    pdf = raw.text_pdf("Isi")
    pdf.pages[0].obj.Annots = pikepdf.Array([1, pikepdf.String("x"), pikepdf.Array(), None])

    assert document.clean("a.pdf", raw.saved(pdf)).pages == 1


def test_a_picture_of_the_page_before_it_was_blackened_is_gone() -> None:
    pdf = raw.text_pdf("Isi")
    pdf.pages[0].obj.Thumb = pikepdf.Stream(pdf, raw.SECRET.encode())

    made = document.clean("a.pdf", raw.saved(pdf))

    with opened(made.data) as pdf:
        assert "/Thumb" not in pdf.pages[0].obj


@pytest.mark.parametrize(
    ("cues", "line"),
    [
        ("00:02.000 --> 00:01.000\nx", 3),
        ("00:01.000 --> 00:01.000\nx", 3),
        ("00:05.000 --> 00:06.000\nx\n\n00:01.000 --> 00:02.000\ny", 6),
        ("00:01.000 --> 00:02.000\n<script>alert(1)</script>", 4),
        ("00:01.000 --> 00:02.000\n<img src=x onerror=alert(1)>", 4),
        ("00:01.000 --> 00:02.000 onload:x\ny", 3),
        ("00:01,000 --> 00:02,000\nx", 3),
        ("00:61.000 --> 00:62.000\nx", 3),
        ("halo\n\n00:01.000 --> 00:02.000\nx", 3),
        ("00:01.000 --> 00:02.000\nx\x00", 4),
    ],
)
def test_captions_out_of_order_are_refused_with_their_line(cues: str, line: int) -> None:
    with pytest.raises(AnswerIsNo) as no:
        captions.clean("a.vtt", f"WEBVTT\n\n{cues}\n".encode())

    assert (no.value.code, no.value.values["line"]) == ("media-captions-faulty", line)


def test_captions_with_voices_and_settings_stay_and_tell_when_they_end() -> None:
    first = "00:01.000 --> 00:04.500 align:start line:0\n<v Camat>Selamat <i>pagi</i>"
    cues = f"{first}\n\n5\n01:00:05.000 --> 01:00:06.000\nx"

    made = captions.clean("a.vtt", f"WEBVTT\n\n{cues}\n".encode())

    assert made.duration == 3606.0
    assert b"<v Camat>Selamat <i>pagi</i>" in made.data
    assert b"\n5\n" not in made.data


@pytest.mark.parametrize("form", ["PNG", "WEBP", "TIFF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_is_kept_whatever_the_form(form: str, orientation: int) -> None:
    tags = Image.Exif()
    tags[0x0112] = orientation
    target = io.BytesIO()
    raw.scene(60, 40).save(target, form, exif=tags)
    upright = {1: (0, 0), 2: (1, 0), 3: (1, 1), 4: (0, 1), 5: (0, 0), 6: (1, 0), 7: (1, 1), 8: (0, 1)}

    made = picture.clean("a.x", {"PNG": "png", "WEBP": "webp", "TIFF": "tiff"}[form], target.getvalue())

    image = Image.open(io.BytesIO(made.data)).convert("RGB")
    assert image.size == ((60, 40) if orientation < 5 else (40, 60))
    right, lower = upright[orientation]
    pixel = image.getpixel((image.width - 4 if right else 3, image.height - 4 if lower else 3))
    assert isinstance(pixel, tuple)
    assert pixel[0] > 150 > pixel[2]


def test_a_photo_whose_notes_are_damaged_is_as_good_as_one_without() -> None:
    whole = raw.picture("JPEG")
    place = whole.index(b"Exif\0\0") + 6
    for damage in (b"\xff" * 40, b"II*\0\x08\0\0\0" + b"\xff\xff" + b"\x08" * 30, bytes(40)):
        data = whole[:place] + damage + whole[place + len(damage) :]

        assert picture.clean("a.jpg", "jpg", data).width == 640


def test_a_cameras_negative_is_not_taken_for_its_thumbnail() -> None:
    target = io.BytesIO()
    raw.scene(60, 40).save(target, "TIFF", tiffinfo={0x00FE: 1})

    with pytest.raises(AnswerIsNo) as no:
        picture.clean("a.nef", "tiff", target.getvalue())

    assert no.value.code == "media-raw-photo"


def test_what_hangs_behind_or_between_a_photos_scans_is_gone(tmp_path: Path) -> None:
    data = raw.picture("JPEG", progressive=True) + b"<script>" + raw.SECRET.encode()

    lean = containers.stripped_jpeg(data)

    assert raw.SECRET.encode() not in lean
    assert not containers.has_metadata("jpg", lean)
    with Image.open(io.BytesIO(lean)) as kept, Image.open(io.BytesIO(data)) as before:
        assert kept.tobytes() == before.tobytes()
