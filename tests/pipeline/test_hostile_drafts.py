"""What a draft, or a head who merged it by plain git, may try on the office's commands and on the site."""

import hashlib
import time

import pytest

from sop_site.approval.store import FILE_LIMIT
from tests import history
from tests.office import Office, Person, page

pytestmark = pytest.mark.git


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("jahat.html", b"<script>alert(1)</script>"),
        ("acara.ics", b"BEGIN:VCALENDAR\r\n"),
        (".htaccess", b"Options +Indexes\n"),
        ("gambar.svg", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
    ],
)
def test_files_that_no_check_lets_through_stop_the_build_even_when_signed(
    office: Office, name: str, data: bytes
) -> None:
    draft = office.announces("jadwal")
    office.writes(f"content/pengumuman/{draft}/{name}", data, draft=draft)
    history.publish(office, history.merge(office, draft))

    built = office.sop("build")

    assert (built.code, built.json["error"]["code"]) == (5, "render-file-unfit")


def test_links_that_would_run_are_drawn_without_their_target(office: Office) -> None:
    draft = office.announces("tautan")
    text = page(
        "Pengumuman tautan", body="[tekan tombol ini](javascript:alert(1)) dan [itu](data:text/html,x)"
    )
    office.writes(f"content/pengumuman/{draft}/index.md", text, draft=draft)
    history.publish(office, history.merge(office, draft))
    site = office.root / "situs"

    assert office.sop("build", "--output", str(site)).code == 0
    for path in (site / "pengumuman" / draft / "index.html", site / "feed.xml", site / "feed.json"):
        assert "javascript:" not in path.read_text()
        assert "data:text" not in path.read_text()


def test_a_draft_by_a_strangely_named_author_is_listed_like_any_other(office: Office) -> None:
    odd = Person("a@b.example", "A\x1fB", office.operator.key)
    draft = office.writes("content/pengumuman/2026-01-05-aneh/index.md", page("Pengumuman aneh"), by=odd)

    (row,) = office.sop("queue").json["drafts"]

    assert (row["draft"], row["authors"]) == (draft, ["a@b.example"])


@pytest.mark.parametrize("body", ["[" * 60_000, "# a\n" * 25_000, "a\n: b\n" * 16_000])
def test_a_body_that_is_too_intricate_is_a_finding_and_not_a_wait(office: Office, body: str) -> None:
    draft = office.announces("rumit")
    text = page("Pengumuman rumit", body=body)
    office.writes(f"content/pengumuman/{draft}/index.md", text, draft=draft)

    checked = office.sop("check", draft)

    assert (checked.code, [found["code"] for found in checked.json["findings"]]) == (
        1,
        ["body-too-intricate"],
    )


@pytest.mark.parametrize("date", ["0001-01-01", "9999-12-31T23:59:59-12:00"])
def test_a_date_that_no_calendar_program_shows_is_a_finding(office: Office, date: str) -> None:
    draft = office.announces("tanggal", date=f'"{date}"')

    assert "field-no-date" in {found["code"] for found in office.sop("check", draft).json["findings"]}


def test_a_served_release_that_was_tampered_with_is_released_anew(office: Office) -> None:
    history.publish(office, history.merge(office, office.announces("jadwal")))
    assert office.sop("build").code == office.sop("deploy").code == 0
    site = office.root / "office.site"
    good = (site / "index.html").read_bytes()
    for path in (site.resolve() / "index.html", site.resolve() / "manifest-sha256.txt"):
        path.chmod(0o644)
    (site.resolve() / "index.html").write_bytes(good + b"<script>x</script>")
    listing = site.resolve() / "manifest-sha256.txt"
    was, now = (hashlib.sha256(data).hexdigest() for data in (good, good + b"<script>x</script>"))
    listing.write_text(listing.read_text().replace(was, now))

    assert office.sop("deploy").code == 0
    assert (site / "index.html").read_bytes() == good


@pytest.mark.parametrize(
    ("name", "text"),
    [
        # Git keeps a hundred megabytes of one letter in a few thousand bytes.
        ("content/pengumuman/2026-01-05-besar/index.md", b"a " * 40_000_000),
        ("content/pengumuman/2026-01-05-\udcff\udcfe/index.md", page("Nama tanpa UTF-8").encode()),
        (
            "content/pengumuman/2026-01-05-akhir/index.md",
            page("Akhir zaman", publish_at="9999-12-31T23:59:59-12:00").encode(),
        ),
    ],
    ids=["huge", "no UTF-8", "last hour"],
)
def test_a_page_that_nobody_can_read_is_reviewed_all_the_same(office: Office, name: str, text: bytes) -> None:
    draft = office.writes(name, text, draft="jahat")
    target = office.root / "tinjauan.html"
    began = time.monotonic()

    for words in (("review", draft), ("review", draft, "--html", str(target))):
        assert office.sop(*words).code == 0
    assert "<html" in target.read_bytes().decode("utf-8")
    assert time.monotonic() - began < 40


def test_files_beyond_every_limit_are_told_by_their_size_alone(office: Office) -> None:
    draft = office.announces("besar")
    huge = b"\0" * (FILE_LIMIT + 10)
    folder = f"content/pengumuman/{draft}"
    office.writes({f"{folder}/foto.jpg": huge, "content/halaman/besar/index.md": huge}, draft=draft)

    told = office.sop("check", draft).json
    found = {(item["path"], item["code"]) for item in told["findings"] if item["severity"] == "error"}
    assert ("content/halaman/besar/index.md", "page-too-big") in found
    assert any(path == f"{folder}/foto.jpg" for path, _ in found)
    (line,) = office.sop("queue").json["drafts"]
    assert (line["title"], line["checks"]["errors"] > 0) == ("Pengumuman besar (+1)", True)
