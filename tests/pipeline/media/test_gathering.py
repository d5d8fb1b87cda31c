"""Folders, cards and archives: every picture in them and nothing else, or a reason that is understood."""

import io
import os
import socket
import stat
import struct
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from pipeline.media import budgets
from pipeline.media.gathering import Gathered, gather, natural
from sop_site.errors import AnswerIsNo
from tests.office import Office, page
from tests.pipeline.media import raw

DRAFT = "2026-01-05-kartu"
SMALL = raw.picture("JPEG", raw.scene(40, 30))


@pytest.fixture(autouse=True)
def own_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary things lie, so that a test sees what is left of them."""
    room = tmp_path / "sementara"
    room.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(room))
    return room


def card(root: Path, *names: str) -> Path:
    for name in names:
        path = root / "KARTU" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(SMALL)
    return root / "KARTU"


def zipped(path: Path, members: Mapping[str, bytes], **options: Any) -> Path:
    with zipfile.ZipFile(path, "w", **options) as box:
        for name, data in members.items():
            box.writestr(name, data)
    return path


def gathered(*paths: Path) -> tuple[list[str], list[tuple[str, str]], Gathered]:
    with gather(paths) as found:
        return (
            [source.shown for source in found.files],
            [(name, no.code) for name, no in found.refused],
            found,
        )


def refusal(path: Path) -> str:
    names, refused, _ = gathered(path)
    assert names == []
    assert len(refused) == 1
    return refused[0][1]


def test_a_camera_card_gives_its_pictures_in_the_order_in_which_they_were_taken(tmp_path: Path) -> None:
    root = card(
        tmp_path, "DCIM/100CANON/IMG_0010.JPG", "DCIM/100CANON/IMG_0009.JPG", "DCIM/101CANON/IMG_0001.JPG",
        "DCIM/100CANON/IMG_0009.THM", "DCIM/CANONMSC/M0100.CTG", "DCIM/100GOPRO/GL010001.LRV", "Thumbs.db",
        ".DS_Store", ".Trashes/IMG_1.JPG", "__MACOSX/._IMG_0009.JPG", "DCIM/100APPLE/IMG_2.AAE",
    )  # fmt: skip

    names, refused, found = gathered(root)

    assert names == [
        "KARTU/DCIM/100CANON/IMG_0009.JPG", "KARTU/DCIM/100CANON/IMG_0010.JPG",
        "KARTU/DCIM/101CANON/IMG_0001.JPG",
    ]  # fmt: skip
    assert refused == []
    assert found.side_files == 8


def test_names_are_counted_as_people_count() -> None:
    names = ["foto 10.jpg", "Foto 2.jpg", "foto 1.jpg", "10.jpg", "9.jpg", "z" * 9 + "9" * 400 + ".jpg"]

    assert sorted(names, key=natural)[:5] == ["9.jpg", "10.jpg", "foto 1.jpg", "Foto 2.jpg", "foto 10.jpg"]


def test_links_pipes_and_sockets_in_a_folder_are_passed_over_and_counted(tmp_path: Path) -> None:
    root = card(tmp_path, "a.jpg")
    secret = raw.written(tmp_path, "rahasia.jpg", SMALL)
    (root / "pintasan.jpg").symlink_to(secret)
    (root / "ke-atas").symlink_to(tmp_path)
    (root / "putaran").symlink_to(root)
    os.mkfifo(root / "pipa.jpg")
    with socket.socket(socket.AF_UNIX) as bound:
        here = os.open(root, os.O_RDONLY)
        bound.bind(f"/proc/self/fd/{here}/soket.jpg")
        os.close(here)

    names, refused, found = gathered(root)

    assert (names, refused, found.shortcuts) == (["KARTU/a.jpg"], [], 5)


def test_of_two_versions_of_a_shot_the_one_that_every_machine_reads_is_taken(tmp_path: Path) -> None:
    root = card(
        tmp_path, "IMG_0001.HEIC", "IMG_0001.JPG", "IMG_0002.HEIC", "IMG_0002.MOV", "IMG_0003.MOV",
        "DSC_4.NEF", "DSC_4.JPG", "lain/IMG_0002.JPG",
    )  # fmt: skip

    names, _, found = gathered(root)

    assert names == [
        f"KARTU/{name}"
        for name in ("DSC_4.JPG", "IMG_0001.JPG", "IMG_0002.HEIC", "IMG_0003.MOV", "lain/IMG_0002.JPG")
    ]
    assert found.other_versions == ["KARTU/DSC_4.NEF", "KARTU/IMG_0001.HEIC", "KARTU/IMG_0002.MOV"]


def test_a_film_and_a_picture_that_a_person_named_alike_are_both_meant(tmp_path: Path) -> None:
    assert len(gathered(card(tmp_path, "pidato.mov", "pidato.jpg"))[0]) == 2


def test_what_cannot_be_read_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = card(tmp_path, "a.jpg", "tutup/b.jpg")
    scan = os.scandir

    def closed(path: Any) -> Any:
        if str(path).endswith("tutup"):
            raise PermissionError(13, "tutup")
        return scan(path)

    monkeypatch.setattr(os, "scandir", closed)

    assert gathered(root)[:2] == (["KARTU/a.jpg"], [("KARTU/tutup", "media-unreadable")])


@pytest.mark.parametrize("bound", ["FILES_AT_ONCE", "ENTRIES_AT_ONCE"])
def test_too_many_files_are_refused_with_their_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bound: str
) -> None:
    monkeypatch.setattr(budgets, bound, 3)

    with pytest.raises(AnswerIsNo) as no:
        gathered(card(tmp_path, *(f"{number}.jpg" for number in range(4))))

    assert (no.value.code, no.value.values["limit"]) == ("media-too-many-files", 3)


def test_files_that_are_too_large_together_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(budgets, "BYTES_AT_ONCE", len(SMALL) * 2)

    with pytest.raises(AnswerIsNo) as no:
        gathered(card(tmp_path, "a.jpg", "b.jpg", "c.jpg"))

    assert no.value.code == "media-too-big-together"


def test_folders_without_end_are_not_followed(tmp_path: Path) -> None:
    names, refused, _ = gathered(card(tmp_path, "a.jpg", "/".join(["d"] * 40) + "/b.jpg"))

    assert names == ["KARTU/a.jpg"]
    assert [code for _, code in refused] == ["media-unreadable"]


def test_an_archive_is_unpacked_and_gone_afterwards(tmp_path: Path, own_room: Path) -> None:
    members = {
        "Foto/2.jpg": SMALL,
        "Foto/10.jpg": SMALL,
        "__MACOSX/Foto/._2.jpg": b"x",
        "Foto/Thumbs.db": b"x",
    }
    source = zipped(tmp_path / "kiriman.jpg", members)

    with gather([source]) as found:
        assert [one.shown for one in found.files] == ["kiriman.jpg/Foto/2.jpg", "kiriman.jpg/Foto/10.jpg"]
        assert [one.path.read_bytes() for one in found.files] == [SMALL, SMALL]
        assert found.side_files == 2
        assert stat.S_IMODE(found.files[0].path.parents[2].stat().st_mode) == 0o700

    assert list(own_room.iterdir()) == []


def test_an_office_file_is_one_thing_and_not_unpacked(tmp_path: Path) -> None:
    assert gathered(raw.written(tmp_path, "surat.zip", raw.docx("Isi")))[0] == ["surat.zip"]


def test_an_archive_in_a_folder_is_unpacked_but_one_in_an_archive_is_not(tmp_path: Path) -> None:
    root = card(tmp_path, "a.jpg")
    inner = zipped(tmp_path / "dalam.zip", {"b.jpg": SMALL})
    zipped(root / "kiriman.zip", {"c.jpg": SMALL})

    assert gathered(root)[0] == ["KARTU/a.jpg", "KARTU/kiriman.zip/c.jpg"]
    assert refusal(zipped(tmp_path / "luar.zip", {"d.jpg": inner.read_bytes()})) == "media-archive-inside"


@pytest.mark.parametrize(
    "name",
    [
        "../keluar.jpg",
        "a/../../keluar.jpg",
        "/etc/passwd.jpg",
        "C:/a.jpg",
        "..\\keluar.jpg",
        "\\\\server\\a.jpg",
    ],
)
def test_a_name_that_leads_outside_refuses_the_archive_and_writes_nothing(
    tmp_path: Path, own_room: Path, name: str
) -> None:
    source = zipped(tmp_path / "a.zip", {"baik.jpg": SMALL})
    info = zipfile.ZipInfo("x")
    info.filename = name
    with zipfile.ZipFile(source, "a") as box:
        box.writestr(info, SMALL)

    assert refusal(source) == "media-archive-unsafe"
    assert not list(tmp_path.rglob("keluar.jpg"))
    assert list(own_room.iterdir()) == []


def test_two_members_of_one_name_refuse_the_archive(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as box:
        box.writestr("a.jpg", SMALL)
        with pytest.warns(UserWarning, match="Duplicate name"):
            box.writestr("a.jpg", SMALL)

    assert refusal(tmp_path / "a.zip") == "media-archive-unsafe"


def test_a_link_in_an_archive_is_passed_over(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("pintasan.jpg")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as box:
        box.writestr(link, "/etc/passwd")
        box.writestr("a.jpg", SMALL)

    names, refused, found = gathered(tmp_path / "a.zip")

    assert (names, refused, found.side_files) == (["a.zip/a.jpg"], [], 1)


def test_a_locked_archive_is_refused_as_locked(tmp_path: Path) -> None:
    data = bytearray(zipped(tmp_path / "a.zip", {"a.jpg": SMALL}).read_bytes())
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1

    assert refusal(raw.written(tmp_path, "a.zip", bytes(data))) == "media-encrypted"


def test_an_archive_that_grows_beyond_bounds_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bomb = zipped(tmp_path / "bom.zip", {"a.jpg": bytes(210_000_000)}, compression=zipfile.ZIP_DEFLATED)
    assert bomb.stat().st_size < 1_000_000

    assert refusal(bomb) == "media-too-big"


def test_an_archive_that_promises_less_than_it_holds_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"a.jpg": bytes(5_000_000)}, compression=zipfile.ZIP_DEFLATED)
    data = bytearray(path.read_bytes())
    place = data.index(b"PK\x01\x02") + 24
    data[place : place + 4] = struct.pack("<I", 100)

    assert refusal(raw.written(tmp_path, "a.zip", bytes(data))) in ("media-broken", "media-archive-unsafe")


def test_thousands_of_members_are_refused_quickly(tmp_path: Path) -> None:
    many = zipped(tmp_path / "a.zip", {f"{number}.jpg": b"" for number in range(5_000)})

    assert refusal(many) == "media-too-many-files"


def test_a_table_of_contents_without_end_is_not_read(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {f"{number:0200}.jpg": b"" for number in range(20_000)})
    assert path.stat().st_size > budgets.ARCHIVE_INDEX_BYTES

    names, _, _ = gathered(path)

    assert names == ["a.zip"], "it goes on as a file of unknown type, and is refused there"


def test_names_in_another_alphabet_or_none_are_made_readable(tmp_path: Path) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as box:
        box.writestr("foto-\u202egpj.\x1b[31mexe.jpg", SMALL)
        box.writestr("aaaa.jpg", SMALL)
    data = target.getvalue().replace(b"aaaa.jpg", b"\xff\x80\xfe\x81.jpg")

    names, refused, _ = gathered(raw.written(tmp_path, "a.zip", data))

    assert refused == []
    assert len(names) == 2
    assert all(sign.isprintable() for name in names for sign in name)


@pytest.mark.parametrize("cut", [40, 100, -30])
def test_an_archive_that_is_not_whole_is_refused(tmp_path: Path, cut: int) -> None:
    whole = zipped(tmp_path / "a.zip", {"a.jpg": SMALL, "b.jpg": SMALL}).read_bytes()

    names, _, _ = gathered(raw.written(tmp_path, "b.zip", whole[:cut]))

    assert names == ["b.zip"], "it goes on as a file of unknown type, and is refused there"


@pytest.fixture
def drafted(office: Office) -> Office:
    office.writes(f"content/berita/{DRAFT}/index.md", page("Kerja bakti", kind="news"), draft=DRAFT)
    return office


@pytest.mark.git
def test_a_card_comes_in_whole_and_what_was_passed_over_is_told(drafted: Office, tmp_path: Path) -> None:
    root = card(
        tmp_path, "DCIM/1/IMG_0002.JPG", "DCIM/1/IMG_0010.JPG", "DCIM/1/IMG_0002.THM", "DCIM/1/IMG_0002.HEIC"
    )

    done = drafted.sop(
        "media", "add", DRAFT, str(root), "--alt", "Warga bekerja", "--alt", "Warga beristirahat"
    )

    assert done.code == 0, done.out
    assert [made["name"] for made in done.json["files"]] == ["img-0002.jpg", "img-0010.jpg"]
    assert done.json["passed_over"] == {
        "side_files": 1, "shortcuts": 0, "other_versions": ["KARTU/DCIM/1/IMG_0002.HEIC"],
    }  # fmt: skip
    assert drafted.sop("check", DRAFT).json["errors"] == 0


@pytest.mark.git
def test_pictures_without_words_are_named_in_their_order(drafted: Office, tmp_path: Path) -> None:
    root = card(tmp_path, "10.jpg", "9.jpg", "8.jpg")
    before = drafted.tip(f"draft/{DRAFT}")

    few = drafted.sop("media", "add", DRAFT, str(root), "--alt", "Satu")
    many = drafted.sop("media", "add", DRAFT, str(root), *("--alt", "x") * 4)

    assert few.json["error"]["code"] == "media-alts-missing"
    assert "9.jpg, 10.jpg" in few.json["error"]["message"]
    assert "8.jpg" not in few.json["error"]["message"]
    assert many.json["error"]["code"] == "media-alts-too-many"
    assert drafted.tip(f"draft/{DRAFT}") == before


@pytest.mark.git
def test_words_that_come_later_are_asked_for_by_the_check(drafted: Office, tmp_path: Path) -> None:
    done = drafted.sop("media", "add", DRAFT, str(card(tmp_path, "1.jpg", "2.jpg")), "--alt-later")
    checked = drafted.sop("check", DRAFT).json["findings"]

    assert (done.code, done.json["without_alt"]) == (0, ["1.jpg", "2.jpg"])
    codes = {finding["code"]: finding["severity"] for finding in checked}
    assert codes["picture-without-alt"] == "error"
    assert len(codes) >= 2, "the page's own picture is asked for too"
    told = drafted.sop(
        "media", "add", DRAFT, str(card(tmp_path, "1.jpg", "2.jpg")), "--alt-later", as_json=False
    )
    assert "Teks alternatif belum ada untuk: 1-2.jpg, 2-2.jpg" in told.out


@pytest.mark.git
def test_an_empty_folder_is_said(drafted: Office, tmp_path: Path) -> None:
    done = drafted.sop("media", "add", DRAFT, str(card(tmp_path, "Thumbs.db")))

    assert (done.code, done.json["error"]["code"]) == (1, "media-nothing-there")
