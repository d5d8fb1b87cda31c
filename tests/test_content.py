"""The office's real content: complete, true to its sources, honest about what only the office can know."""

import json
import re
import tomllib
from pathlib import Path

import pypdfium2
import pytest

from demo import pages as demo_pages
from pipeline import typesetting
from sop_site import content, resources
from sop_site import settings as office_settings
from sop_site.approval import path_names
from sop_site.plugins.layout import FOOTER_PAGES
from sop_site.settings import UNFILLED

ROOT = Path(__file__).resolve().parent.parent
CONTENT = ROOT / "content"
SETTINGS = office_settings.parse(resources.data("skeleton/site.toml").read_bytes())
SOP = json.loads(resources.text("sop/salinan-sop.json"))
PATHS = sorted(CONTENT.rglob("index.md"))
REQUIRED = {
    "profil": "profil",
    "struktur-organisasi": "profil",
    "sop-pengelolaan-web": "profil",
    "ppid": "ppid",
    "permohonan-informasi": "ppid",
    "keberatan-informasi": "ppid",
    "kontak": "kontak",
    "pengaduan": "kontak",
}


def site_path(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def text_of(page_id: str) -> str:
    return (CONTENT / "halaman" / page_id / "index.md").read_text(encoding="utf-8")


def tables(text: str) -> list[list[str]]:
    """Cells of every row of every Markdown table, heading rules left out."""
    rows = [line for line in text.splitlines() if line.startswith("|") and not line.startswith("|---")]
    return [[cell.strip().replace("\\*", "*") for cell in row.strip("|").split("|")] for row in rows]


def typed(path: Path) -> content.Page:
    parsed = content.parse(site_path(path), path.read_bytes(), SETTINGS)
    assert parsed.page is not None, parsed.findings
    return parsed.page


def pdf_text() -> list[str]:
    """The words of each page of the SOP's copy, without any white space."""
    document = pypdfium2.PdfDocument((ROOT / typesetting.SOP_COPY).read_bytes())
    found = ["".join(page.get_textpage().get_text_bounded().split()) for page in document]
    document.close()
    return [text.replace("\ufffe", "") for text in found]


@pytest.mark.parametrize("path", PATHS, ids=site_path)
def test_every_page_is_typed_without_an_error(path: Path) -> None:
    parsed = content.parse(site_path(path), path.read_bytes(), SETTINGS)

    assert parsed.page is not None
    assert [finding for finding in parsed.findings if finding.severity == "error"] == []


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """What ``sop check`` says of the whole content as a first draft, as in the demonstration."""
    from tests.office import Office

    office = Office(tmp_path_factory.mktemp("isi"), site=resources.text("skeleton/site.toml"))
    files = {site_path(path): path.read_bytes() for path in CONTENT.rglob("*") if path.is_file()}
    draft = office.writes(files, draft="isi-awal")
    done = office.sop("check", draft)
    assert done.err == ""
    return done.json


@pytest.mark.git
def test_the_content_passes_the_projects_own_checks(checked: dict[str, object]) -> None:
    findings = checked["findings"]
    assert isinstance(findings, list)

    assert checked["ok"] is True
    assert {finding["code"] for finding in findings} == {"field-unfilled", "nip-ends-in-zeros"}


@pytest.mark.git
def test_the_number_of_the_sop_is_questioned_once_and_masked(checked: dict[str, object]) -> None:
    findings = checked["findings"]
    assert isinstance(findings, list)

    about = [finding for finding in findings if finding["code"] == "nip-ends-in-zeros"]

    assert [(one["severity"], one["path"]) for one in about] == [
        ("warning", "content/halaman/sop-pengelolaan-web/index.md")
    ]
    assert "197612281996011000" not in json.dumps(checked)


def test_every_village_of_the_settings_has_its_page() -> None:
    pages = [typed(path) for path in PATHS if path.parts[-3] == "desa"]

    assert {page.id: page.title for page in pages} == {entry.id: entry.name for entry in SETTINGS.village}
    assert [page.id for page in pages if page.title.split()[0].lower() != page.type] == []
    assert sum(page.type == "kelurahan" for page in pages) == 17
    assert sum(page.type == "desa" for page in pages) == 12


def test_there_are_service_cards_with_what_is_known_and_what_is_not() -> None:
    pages = [typed(path) for path in PATHS if path.parts[-3] == "layanan"]

    assert len(pages) >= 8
    for page in pages:
        assert page.topics
        assert page.legal_basis
        assert UNFILLED not in (page.audience, page.result, page.complaints, page.contact)


def test_the_pages_that_citizens_look_for_stand_in_their_menu() -> None:
    found = {page.id: page.section for page in map(typed, PATHS) if page.kind == "page"}

    assert REQUIRED.items() <= found.items()
    assert set(FOOTER_PAGES) <= set(found)


def test_what_the_office_has_not_given_carries_the_exact_words() -> None:
    for path in PATHS:
        text = path.read_text(encoding="utf-8")
        loose = re.findall(r"(?i)belum\s+diisi(?! oleh kantor)|\bTODO\b|\bXXX\b|lorem|\?\?\?", text)
        assert loose == [], path
        page = typed(path)
        fixed = (page.kind, page.title, str(page.date), page.unit, *page.topics)
        assert [value for value in fixed if UNFILLED in value] == [], path


def test_no_officer_is_named_but_by_function() -> None:
    signed = dict(SOP["identity"])["Disahkan oleh"].splitlines()[1]
    names = [part for part in re.split(r"[\s,]+", signed) if len(part) > 4 and "." not in part]

    assert names
    for path in (*PATHS, resources.data("skeleton/site.toml"), resources.data("skeleton/README.md")):
        text = path.read_text(encoding="utf-8")
        assert [name for name in names if name in text] == [], path


def test_every_file_name_may_stand_in_a_public_tree() -> None:
    for path in CONTENT.rglob("*"):
        assert path_names.problem(path.name.encode()) is None, path


def test_the_sop_page_has_the_documents_own_rows() -> None:
    rows = tables(text_of("sop-pengelolaan-web"))

    assert [row for row in SOP["steps"] if row not in rows] == []
    for name, values in SOP["particulars"]:
        assert [name, "; ".join(values)] in rows
    for name, value in SOP["identity"]:
        if name != "Disahkan oleh":
            assert [name, value] in rows


def test_the_sop_page_keeps_the_number_and_explains_it() -> None:
    text = text_of("sop-pengelolaan-web")

    assert "NIP 197612281996011000" in text
    assert "Nomor urut 000 di ujungnya tidak lazim" in text
    assert f"({typesetting.SOP_COPY.name})" in text


def test_the_pdf_says_on_every_page_that_it_is_a_copy() -> None:
    assert pdf_text()
    assert [page for page in pdf_text() if "SALINAN·SOP000.8.3.3/234/VI/2023" not in page] == []


def test_the_pdf_holds_every_word_of_the_sop() -> None:
    text = "".join(pdf_text())
    rows = [*SOP["identity"], *((name, *values) for name, values in SOP["particulars"]), *SOP["steps"]]
    cells = [*(cell for row in rows for cell in row), *SOP["notes"]]

    assert [cell for cell in cells if "".join(cell.split()) not in text] == []


@pytest.mark.parametrize(
    ("page_id", "words"),
    [
        ("permohonan-informasi", ("10 hari kerja", "Pasal 22 ayat (7)", "7 hari kerja", "Pasal 22 ayat (8)")),
        ("keberatan-informasi", ("30 hari kerja", "Pasal 35 ayat (1)", "Pasal 36", "14 hari kerja")),
        ("pengaduan", ("https://lapor.go.id/", "1708", "3 hari kerja", "5 hari kerja")),
        ("ppid", ("Pasal 9", "Pasal 10", "Pasal 11", "Pasal 17", "Undang-Undang Nomor 14 Tahun 2008")),
    ],
)
def test_rights_are_told_with_article_and_deadline(page_id: str, words: tuple[str, ...]) -> None:
    text = text_of(page_id)

    assert [word for word in words if word not in text] == []


def test_contacts_are_those_of_the_settings_alone() -> None:
    known = {SETTINGS.office.phone, SETTINGS.office.email}
    text = "\n".join(path.read_text(encoding="utf-8") for path in PATHS)

    assert set(re.findall(r"\(0\d{3}\) ?\d{5,7}", text)) == {SETTINGS.office.phone}
    assert {found for found in re.findall(r"[\w.]+@[\w.]+\w", text) if "." in found} <= known


def test_the_opening_page_is_the_same_in_skeleton_and_content() -> None:
    # Otherwise the first draft would change a page that stands since genesis.
    opening = resources.data("skeleton/content")
    for path in opening.rglob("index.md"):
        assert path.read_bytes() == (CONTENT / path.relative_to(opening)).read_bytes()


def test_the_demonstration_writes_with_units_and_topics_of_the_office() -> None:
    units = {entry.id for entry in SETTINGS.unit}
    topics = {entry.id for entry in SETTINGS.topic}
    drafts = (demo_pages.NEWS, demo_pages.DOCUMENT, demo_pages.VIDEO, demo_pages.REFUSED)
    text = "".join(drafts)

    assert set(re.findall(r"^unit: (\S+)$", text, re.MULTILINE)) <= units
    assert set(re.findall(r"^topics: \[(\S+)\]$", text, re.MULTILINE)) <= topics


def test_the_demonstrations_settings_stay_readable() -> None:
    text = demo_pages.office_settings(
        resources.text("skeleton/site.toml"), "http://127.0.0.1:8000/", Path("/srv/situs")
    )
    changed = office_settings.parse(text.encode())

    assert tomllib.loads(text)["site"] == {"demonstration": True}
    assert [target.url for target in changed.probe] == ["http://127.0.0.1:8000/"]
    assert changed.village == SETTINGS.village
    assert changed.menu == SETTINGS.menu
