"""What the office has is found again: by words, in public pages and drafts; and pictures by their looks."""

import io
from pathlib import Path

import pytest
from PIL import Image

from pipeline import media_facts
from tests.office import Office, page
from tests.pipeline.media import raw
from tests.pipeline.media.test_likeness import photo
from tests.pipeline.test_media_memory import no_child

pytestmark = pytest.mark.git

GALLERY = "content/galeri/2026-01-05-pantai"
DOCUMENT = "content/dokumen/2026-01-06-rencana"
NEWS = "content/berita/2026-02-07-kerja-bakti"
INFORMATION = (
    "\n  class: berkala\n  custodian: Seksi\n  responsible: Seksi\n  made: 2026-01-06\n  place: Singaraja\n"
    "  form: [softcopy]\n  retention: 2 tahun"
)


def jpeg(image: Image.Image, **options: object) -> bytes:
    target = io.BytesIO()
    image.save(target, "JPEG", **options)
    return target.getvalue()


@pytest.fixture(scope="module")
def stocked(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """An office with a gallery, a document and a news item that are public, and a draft."""
    office = Office(tmp_path_factory.mktemp("kantor"))
    photos = (
        "\n  - file: foto-satu.jpg\n    alt: Warga memungut sampah\n    caption: Pantai Penimbangan bersih\n"
        "    credit: I Gede Éka\n    taken: 2026-01-03"
    )
    files = '\n  - file: rencana.pdf\n    title: "Rencana Kerja 2026"'
    office.writes(
        {
            f"{GALLERY}/index.md": page("Kerja bakti di pantai", kind="gallery", photos=photos),
            f"{GALLERY}/foto-satu.jpg": jpeg(photo(1), quality=90),
            f"{DOCUMENT}/index.md": page(
                "Rencana kerja tahunan", "2026-01-06", kind="document", files=files, issued="2026-01-06",
                information=INFORMATION,
            ),
            f"{DOCUMENT}/rencana.pdf": raw.pdf("Normalisasi saluran air Banyuning"),
            f"{NEWS}/index.md": page(
                "Kerja bakti warga", "2026-02-07", kind="news", body="Lihat ![Truk sampah](truk.jpg) itu."
            ),
            f"{NEWS}/truk.jpg": jpeg(photo(2)),
            f"{NEWS}/sisa.jpg": jpeg(photo(3)),
        },
        draft="semua",
    )  # fmt: skip
    office.git("update-ref", "refs/heads/publish", office.tip("draft/semua"))
    office.git("update-ref", "-d", "refs/heads/draft/semua")
    return office


def found(office: Office, *words: str) -> list[str]:
    return [one["file"] for one in office.sop("media", "find", *words).json["found"]]


@pytest.mark.parametrize(
    ("words", "files"),
    [
        (["penimbangan"], ["foto-satu.jpg"]),
        (["EKA", "sampah"], ["foto-satu.jpg"]),
        (["3", "Januari", "2026"], ["foto-satu.jpg"]),
        (["2026-01"], ["rencana.pdf", "foto-satu.jpg"]),
        (["februari 2026"], ["sisa.jpg", "truk.jpg"]),
        (["truk"], ["truk.jpg"]),
        (["saluran", "banyuning"], ["rencana.pdf"]),
        (["kerja", "bakti"], ["sisa.jpg", "truk.jpg", "foto-satu.jpg"]),
        (["kependudukan", "rencana"], ["rencana.pdf"]),
        (["seksi pelayanan umum", "truk"], ["truk.jpg"]),
        (["gunung"], []),
    ],
)
def test_it_is_found_by_what_somebody_remembers(stocked: Office, words: list[str], files: list[str]) -> None:
    assert found(stocked, *words) == files


def test_the_answer_says_what_it_is_and_where(stocked: Office) -> None:
    (one,) = stocked.sop("media", "find", "penimbangan").json["found"]

    assert one | {"bytes": 0} == {
        "file": "foto-satu.jpg", "page": f"{GALLERY}/index.md", "title": "Kerja bakti di pantai",
        "url": "/galeri/2026-01-05-pantai/foto-satu.jpg", "state": "public", "draft": None,
        "kind": "picture", "bytes": 0, "date": "2026-01-03", "caption": "Pantai Penimbangan bersih",
        "alt": "Warga memungut sampah", "credit": "I Gede Éka", "used": True,
    }  # fmt: skip
    assert one["bytes"] == len(jpeg(photo(1), quality=90))
    out = stocked.sop("media", "find", "penimbangan", as_json=False).out
    assert "/galeri/2026-01-05-pantai/foto-satu.jpg — Kerja bakti di pantai" in out
    assert "sudah tayang" in out
    assert "tidak disebut" in stocked.sop("media", "find", "sisa", as_json=False).out


def test_a_draft_is_told_apart_and_its_old_files_are_not_told_twice(stocked: Office, tmp_path: Path) -> None:
    office = stocked.copied_to(tmp_path / "lain")
    text = page("Kerja bakti warga", "2026-02-07", kind="news", body="![Truk](truk.jpg) ![Balai](balai.jpg)")
    draft = office.writes({f"{NEWS}/index.md": text, f"{NEWS}/balai.jpg": jpeg(photo(5))}, draft="balai")

    (one,) = office.sop("media", "find", "balai").json["found"]
    assert (one["state"], one["draft"], one["used"]) == ("draft", draft, True)
    assert f"dalam draf {draft}" in office.sop("media", "find", "balai", as_json=False).out
    assert found(office, "truk") == ["truk.jpg"]


def test_nobody_s_data_in_a_draft_leaves_by_the_search(stocked: Office, tmp_path: Path) -> None:
    office = stocked.copied_to(tmp_path / "lain")
    nik = "5108062812760001"
    text = page(
        "Kerja bakti", kind="news", image="balai.jpg", image_alt=f"NIK {nik}", image_credit=f"'{nik}'"
    )
    folder = "content/berita/2026-01-05-balai"
    office.writes({f"{folder}/index.md": text, f"{folder}/balai.jpg": jpeg(photo(5))}, draft="balai")

    for as_json in (True, False):
        done = office.sop("media", "find", "balai", as_json=as_json)
        assert "balai.jpg" in done.out
        assert nik not in done.out + done.err


def test_the_second_search_looks_into_no_file(stocked: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    first = found(stocked, "banyuning")
    monkeypatch.setattr(media_facts, "measure", no_child)

    assert found(stocked, "banyuning") == first == ["rencana.pdf"]


def near(findings: list[dict[str, object]]) -> list[tuple[object, object]]:
    return [(one["code"], one["severity"]) for one in findings if str(one["code"]).startswith("media-")]


@pytest.mark.parametrize("kept", [True, False])
def test_a_picture_that_is_public_in_another_size_is_told_of(
    stocked: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kept: bool
) -> None:
    if not kept:
        monkeypatch.setenv("SOP_NO_MEMORY", "1")
    office = stocked.copied_to(tmp_path / "lain")
    folder = "content/berita/2026-01-05-lagi"
    text = page("Kerja bakti", kind="news", image="lagi.jpg", image_alt="Warga")
    smaller = jpeg(photo(1).resize((270, 200)), quality=60)
    draft = office.writes({f"{folder}/index.md": text, f"{folder}/lagi.jpg": smaller}, draft="lagi")

    done = office.sop("check", draft)

    assert (done.code, near(done.json["findings"])) == (0, [("media-near-duplicate", "warning")])
    assert "/galeri/2026-01-05-pantai/" in done.json["findings"][0]["message"]
    office.writes({f"{folder}/lagi.jpg": jpeg(photo(1, moment=1))}, draft="lagi")
    assert near(office.sop("check", draft).json["findings"]) == []


def test_it_is_told_when_it_is_taken_in_and_taken_in_all_the_same(stocked: Office, tmp_path: Path) -> None:
    office = stocked.copied_to(tmp_path / "lain")
    folder = "content/berita/2026-01-05-lagi"
    draft = office.writes({f"{folder}/index.md": page("Kerja bakti", kind="news")}, draft="lagi")
    source = raw.written(tmp_path, "IMG_1.jpg", jpeg(photo(1).resize((400, 296))))

    done = office.sop("media", "add", draft, str(source), "--alt", "Warga")

    assert done.code == 0
    assert near(done.json["findings"]) == [("media-near-duplicate", "warning")]
    assert done.json["commit"] == office.tip(f"draft/{draft}")
