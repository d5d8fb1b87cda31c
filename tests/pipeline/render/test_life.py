"""What time and withdrawal do to a page: rendered at several hours, and every byte looked at."""

import json
import re
from pathlib import Path

import pytest

from tests import every_kind, history
from tests.office import Office, page

pytestmark = pytest.mark.git
DUE, AFTER = "2026-03-01T00:00:00+08:00", "2026-03-02T00:10:00+08:00"
EARLY = "2026-01-06T00:10:00+08:00"
ANNOUNCED, SECRET = "content/pengumuman/2026-01-05-pasar", "content/berita/2026-01-05-kejutan"
EVENT, ALERT = "content/agenda/2026-01-05-lomba", "content/siaga/2026-01-05-banjir"
FORMS = {"place": "Aula kantor", "organizer": "Kantor kecamatan"}


def files() -> dict[str, str | bytes | None]:
    return {
        f"{ANNOUNCED}/index.md": page("Pasar murah di lapangan", expires_at="2026-02-15T12:00"),
        f"{SECRET}/index.md": page("Kejutan untuk warga", kind="news", publish_at="2026-03-01",
                                   image="kejutan.jpg", image_alt="Tirai", image_credit="Operator 1"),
        f"{SECRET}/kejutan.jpg": every_kind.picture(),
        f"{EVENT}/index.md": page("Lomba perahu layar", kind="event", start="2026-02-10T09:00",
                                  end="2026-02-10T12:00", **FORMS),
        f"{ALERT}/index.md": page("Banjir di muara sungai", kind="alert", topics="", level="awas",
                                  area="Muara", until="2026-01-20T18:00",
                                  instructions="[Menjauh dari sungai]"),
    }  # fmt: skip


def publish(office: Office, draft: str) -> str:
    return history.publish(office, history.merge(office, draft))


def built(office: Office, hour: str) -> Path:
    output = office.root / f"situs-{re.sub('[^0-9]', '', hour)}"
    done = office.sop("build", "--output", str(output), "--now", hour)
    assert done.code == 0, done.out + done.err
    return output


def naming(site: Path, words: str) -> list[str]:
    """Files in whose bytes ``words`` stand."""
    return sorted(
        str(path.relative_to(site))
        for path in site.rglob("*")
        if path.is_file() and words.encode() in path.read_bytes()
    )


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """One approved tree, seen before and after all of its hours."""
    office = Office(tmp_path_factory.mktemp("jam"))
    office.writes(files(), draft="semua")
    publish(office, "semua")
    return built(office, EARLY), built(office, AFTER)


def test_no_byte_of_a_page_is_there_before_its_hour(sites: tuple[Path, Path]) -> None:
    early, after = sites

    assert naming(early, "ejutan") == []
    assert not list(early.rglob("*kejutan*"))
    assert {"berita/index.html", "feed.xml", "sitemap.xml", "index.html", "bukti/1/index.html"} <= set(
        naming(after, "2026-01-05-kejutan")
    )
    assert (after / "berita/2026-01-05-kejutan/kejutan.jpg").is_file()


def test_an_announcement_that_ended_says_so_at_its_address_and_nowhere_else(sites: tuple[Path, Path]) -> None:
    early, after = sites
    title = "Pasar murah di lapangan"

    assert {"index.html", "feed.xml", "pengumuman/index.html", "pengumuman/feed.json", "sitemap.xml",
            "topik/kependudukan/index.html"} <= set(naming(early, "2026-01-05-pasar"))  # fmt: skip
    # The proof goes on naming what was approved.
    assert naming(after, title) == [
        "bukti/1/index.html", "pengumuman/2026-01-05-pasar/index.html",
    ]  # fmt: skip
    own = (after / "pengumuman/2026-01-05-pasar/index.html").read_text("utf-8")
    assert "Masa berlaku halaman ini berakhir pada 15 Februari 2026 pukul 12.00 WITA." in own
    assert "2026-01-05-pasar" not in (after / "sitemap.xml").read_text("utf-8")


def test_an_event_that_is_over_says_so_and_is_no_coming_one(sites: tuple[Path, Path]) -> None:
    early, after = sites
    own = "agenda/2026-01-05-lomba/index.html"

    assert "sudah selesai" not in (early / own).read_text("utf-8")
    assert "Acara ini sudah selesai pada 10 Februari 2026 pukul 12.00 WITA." in (after / own).read_text(
        "utf-8"
    )
    assert "sudah selesai" in (after / "agenda/index.html").read_text("utf-8")
    assert "Lomba perahu layar" in (early / "index.html").read_text("utf-8")
    assert "Lomba perahu layar" not in (after / "index.html").read_text("utf-8")


def test_an_alert_that_is_over_warns_nobody_any_more(sites: tuple[Path, Path]) -> None:
    early, after = sites
    title = "Banjir di muara sungai"

    assert {"index.html", "feed.xml", "siaga/feed.json"} <= set(naming(early, title))
    assert not {"index.html", "feed.xml", "feed.json", "siaga/feed.xml", "siaga/feed.json"} & set(
        naming(after, title)
    )
    for name in ("siaga/index.html", "siaga/2026-01-05-banjir/index.html"):
        assert "Telah berakhir pada 20 Januari 2026 pukul 18.00 WITA" in (after / name).read_text("utf-8")


def test_a_schedule_is_told_by_the_doctor_until_it_is_due(office: Office) -> None:
    office.writes(files(), draft="semua")
    publish(office, "semua")

    def told() -> list[str]:
        return [one["code"] for one in office.sop("doctor").json["items"] if "kejutan" in one["place"]]

    assert told() == ["doctor-page-scheduled"]
    office.now = office.now.replace(month=3, day=2)
    assert told() == []


def test_a_public_page_is_not_hidden_by_a_change_that_is_to_come(office: Office) -> None:
    office.writes(files(), draft="semua")
    publish(office, "semua")
    later = page("Pasar murah di lapangan", expires_at="2026-05-01", publish_at="2026-04-01")
    office.writes(f"{ANNOUNCED}/index.md", later, draft="tunda")
    refused = office.sop("submit", "tunda")
    postponed = files()[f"{SECRET}/index.md"]
    assert isinstance(postponed, str)
    office.writes(f"{SECRET}/index.md", postponed.replace("2026-03-01", "2026-04-01"), draft="undur")

    assert refused.code == 1
    assert [one["code"] for one in refused.json["findings"]] == ["publish-at-public"]
    (warned,) = office.sop("submit", "undur").json["findings"]
    assert (warned["code"], warned["severity"]) == ("publish-at-later", "warning")


@pytest.fixture(scope="module")
def withdrawn(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """Two pages withdrawn in one draft, approved at once; and what was not due yet."""
    office = Office(tmp_path_factory.mktemp("tarik"))
    first = files() | {
        f"{ANNOUNCED}/index.md": page("Pasar murah di lapangan", image="foto.jpg", image_alt="Lapangan",
                                      image_credit="Operator 1", change_note="Catatan yang lama."),
        f"{ANNOUNCED}/foto.jpg": every_kind.picture(),
    }  # fmt: skip
    office.writes(first, draft="semua")
    office.submits("semua")
    office.approves("semua")
    edited = page(
        "Pasar murah di lapangan", change_note="Catatan yang kedua.", body="Isi kedua, lebih lengkap."
    )
    office.writes({f"{ANNOUNCED}/index.md": edited, f"{ANNOUNCED}/foto.jpg": None}, draft="kedua")
    office.submits("kedua")
    office.approves("kedua")
    for name in ("2026-01-05-pasar", "2026-01-05-lomba", "2026-01-05-kejutan"):
        given = ["--draft", "tarik-2026-01-05-pasar"] if "pasar" not in name else []
        done = office.sop("withdraw", name, "--reason", "Datanya keliru.", *given)
        assert done.json["draft"] == "tarik-2026-01-05-pasar", done.out
    office.submits("tarik-2026-01-05-pasar")
    office.approves("tarik-2026-01-05-pasar")
    return office


@pytest.fixture(scope="module")
def notices(withdrawn: Office) -> Path:
    """The site with the notices."""
    return built(withdrawn, EARLY)


def test_a_withdrawn_page_leaves_a_notice_and_no_hole(notices: Path) -> None:
    site = notices
    own = (site / "pengumuman/2026-01-05-pasar/index.html").read_text("utf-8")
    main = own[own.index("<main") : own.index("</main>")]

    assert main.count("Datanya keliru.") == 2, "once in the notice, once in the page's history"
    assert "Halaman ini ditarik pada 5 Januari 2026." in main
    assert "Catatan yang" not in own
    assert re.findall(r'<li><a href="/bukti/(\d)/"', main) == ["3", "2", "1"]
    assert not list((site / "pengumuman/2026-01-05-pasar").glob("*.jpg"))
    for name in ("index.html", "feed.xml", "pengumuman/index.html", "agenda/feed.json", "sitemap.xml"):
        assert not {"2026-01-05-pasar", "2026-01-05-lomba"} & set(
            re.findall(r"2026-01-05-[a-z]+", (site / name).read_text("utf-8"))
        )


def test_calendars_learn_that_a_withdrawn_event_is_off(notices: Path) -> None:
    entry = (notices / "agenda/2026-01-05-lomba/acara.ics").read_text("utf-8")

    assert "STATUS:CANCELLED" in entry
    assert "DTSTART:20260210T010000Z" in entry
    assert "LOCATION" not in entry
    assert "UID:2026-01-05-lomba@" in entry
    assert "SEQUENCE:3" in entry


def test_the_withdrawal_of_what_was_never_public_says_nothing_either(notices: Path) -> None:
    assert naming(notices, "ejutan") == []


def test_a_withdrawn_page_comes_back_as_it_was_last_shown_and_only_with_a_new_note(
    withdrawn: Office, tmp_path: Path
) -> None:
    office = withdrawn.copied_to(tmp_path / "pulih")
    opened = office.sop("edit", "2026-01-05-pasar", "--restore")
    barred = office.sop("check", opened.json["draft"])
    noted = office.sop("edit", "2026-01-05-pasar", "--note", "Data sudah diperbaiki.")
    office.submits(opened.json["draft"])
    office.approves(opened.json["draft"])
    site = built(office, EARLY)
    own = (site / "pengumuman/2026-01-05-pasar/index.html").read_text("utf-8")

    assert (opened.code, noted.json["draft"]) == (0, opened.json["draft"])
    assert [one["code"] for one in barred.json["findings"]] == ["change-note-missing"]
    assert "Isi kedua, lebih lengkap." in own
    assert "Halaman ini ditarik pada" not in own
    assert "Data sudah diperbaiki." in own
    assert "Catatan yang kedua." in own
    assert "2026-01-05-pasar" in (site / "pengumuman/index.html").read_text("utf-8")
    again = office.sop("edit", "2026-01-05-pasar", "--restore")
    assert again.json["error"]["code"] == "page-not-withdrawn"


def test_the_notice_itself_may_be_edited(withdrawn: Office, tmp_path: Path) -> None:
    office = withdrawn.copied_to(tmp_path / "ubah")
    path = office.repo / str(office.sop("edit", "2026-01-05-pasar").json["path"])
    text = path.read_text("utf-8")
    path.write_text(f"{text}\nLihat [profil kantor](/profil/).\n", encoding="utf-8")
    office.submits("ubah-2026-01-05-pasar")
    office.approves("ubah-2026-01-05-pasar")

    own = (built(office, EARLY) / "pengumuman/2026-01-05-pasar/index.html").read_text("utf-8")
    assert '<a href="/profil/">profil kantor</a>' in own


def test_the_same_tip_and_hour_give_the_same_history_whoever_remembers(
    withdrawn: Office, notices: Path
) -> None:
    done = withdrawn.sop("build", "--output", str(notices), "--now", EARLY, "--clean")

    assert (done.json["written"], done.json["removed"]) == (0, 0)
    note = json.loads((notices / ".well-known/sop.json").read_text("utf-8"))
    assert note["tip"] == withdrawn.tip("publish")
