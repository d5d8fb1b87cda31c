"""Personal data planted in every place of a draft: no command's output repeats any of it, in any form."""

import io
import json
import shutil
from pathlib import Path

import pytest
from PIL import Image

from sop_site import messages
from tests.office import Office, Result, page
from tests.pipeline.media import raw

pytestmark = pytest.mark.git

# One of each format and place, so that whoever leaks says which.
BODY = {
    "NIK": "5108062812760001", "KK": "5108061501100002", "NPWP": "01.234.567.8-901.000",
    "rekening BRI": "012301000123501",
    "kartu": "4012888888881881", "BPJS": "0002345678901", "paspor": "C7654321",
    "tanggal lahir": "17 Agustus 1990",
    "WA": "087762001234", "surel": "contoh.warga@gmail.com", "pegawai": "198503122010011015",
}  # fmt: skip
IN_TITLE, IN_ALT = "5108066812760003", "3174015505900002"
IN_COMMENT, IN_SUMMARY = "3273101203850004", "5171034507880007"
IN_HEADING, IN_LINK, IN_PICTURE = "5102041212900008", "5103022305670001", "5104016512880002"
IN_NAME, IN_PDF = "5105031010750003", "5106025507800001"
IN_ID, IN_STRAY = "5107041902660002", "6171020509850001"
CANARIES = [
    *BODY.values(), IN_TITLE, IN_ALT, IN_COMMENT, IN_SUMMARY, IN_HEADING, IN_LINK, IN_PICTURE, IN_NAME,
    IN_PDF, IN_ID,
    IN_STRAY,
]  # fmt: skip
FOLDER = f"content/pengumuman/2026-01-05-warga-{IN_ID}"
DRAFT = "warga"


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Office:
    office = Office(tmp_path_factory.mktemp("canary"))
    rows = "\n".join(f"- {label} {value}" for label, value in BODY.items())
    body = (
        f"{rows}\n\n#### Data {IN_HEADING}\n\n[{IN_LINK}](http://x.example/{IN_LINK}) <b {IN_LINK}>x</b>\n\n"
        f"![{IN_PICTURE}](https://x.example/{IN_PICTURE}.jpg) ![Foto {IN_ALT}](foto.jpg)"
    )
    summary = json.dumps(f"Untuk warga ber-NIK {IN_SUMMARY} saja.")
    head = page(f"Bantuan bagi {IN_TITLE}", body=body, summary=summary)
    head = head.replace("---\n", f"---\n# dari {IN_COMMENT}\n", 1)
    photo = io.BytesIO()
    Image.new("RGB", (64, 48), "teal").save(photo, "JPEG")
    office.writes(
        {
            f"{FOLDER}/index.md": head,
            f"{FOLDER}/foto.jpg": photo.getvalue(),
            f"{FOLDER}/ktp-{IN_NAME}.pdf": raw.saved(raw.text_pdf(f"NIK {IN_PDF}")),
            f"content/lain/{IN_STRAY}.txt": "x",
        },
        draft=DRAFT,
    )
    return office


def leaks(done: Result) -> list[str]:
    said = done.out + done.err
    tight = "".join(sign for sign in said if sign.isdigit())
    return [one for one in CANARIES if one in said or (one.isdigit() and len(one) > 12 and one in tight)]


@pytest.mark.parametrize("lang", messages.LANGUAGES)
@pytest.mark.parametrize("as_json", [True, False], ids=["json", "text"])
@pytest.mark.parametrize(
    "command",
    [("check", DRAFT), ("check", "--all"), ("submit", DRAFT), ("queue",), ("doctor",), ("review", DRAFT)],
    ids=" ".join,
)
def test_what_was_planted_is_repeated_nowhere(
    planted: Office, tmp_path: Path, lang: str, as_json: bool, command: tuple[str, ...]
) -> None:
    office = planted.copied_to(tmp_path / "office")

    done = office.sop("--lang", lang, *command, as_json=as_json)

    assert "Traceback" not in done.err
    assert leaks(done) == []


def test_the_check_finds_every_one_of_them(planted: Office) -> None:
    found = planted.sop("check", DRAFT).json["findings"]
    codes = {item["code"] for item in found if item["severity"] == "error"}

    kinds = ("nik", "kk", "npwp", "account", "card", "bpjs", "passport", "birth", "mobile", "mail", "nip")
    assert {f"personal-{kind}" for kind in kinds} <= codes


@pytest.mark.parametrize("as_json", [True, False], ids=["json", "text"])
def test_a_file_kept_out_is_not_repeated_either(planted: Office, tmp_path: Path, as_json: bool) -> None:
    office = planted.copied_to(tmp_path / "office")
    sources = tmp_path / "kartu"
    sources.mkdir()
    file = raw.written(sources, f"ktp {IN_NAME}.pdf", raw.saved(raw.text_pdf(f"NIK {IN_PDF}")))

    done = office.sop("media", "add", DRAFT, str(file), "--alt", f"Kartu {IN_ALT}", as_json=as_json)

    shutil.rmtree(sources)
    assert done.code == 1
    assert leaks(done) == []
