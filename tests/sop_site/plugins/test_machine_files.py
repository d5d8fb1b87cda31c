"""What machines are given: feeds, calendar files, site map, robots."""

import json
import re
from datetime import datetime
from xml.etree import ElementTree as ET

from sop_site.plugins import calendar_file, feeds, site_map
from tests.office import MONDAY, page
from tests.sop_site.plugins.values import shown

BASE = "https://percontohan.go.id"
ATOM = {"a": "http://www.w3.org/2005/Atom"}
WHERE = {"title": "Berita <A&B>", "base": BASE, "path": "/berita/feed.xml", "page": "/berita/", "author": "K"}


def entries() -> list:
    tricky = page("Judul & <b>tebal</b>", "2026-01-06", kind="news", body="Lihat [profil](/profil/) ]]>.")
    return [shown("2026-01-06-dua", text=tricky), shown("2026-01-05-satu")]


def test_atom_can_be_read_and_says_what_was_approved() -> None:
    feed = ET.fromstring(feeds.atom(entries(), **WHERE))

    assert feed.findtext("a:title", namespaces=ATOM) == "Berita <A&B>"
    assert datetime.fromisoformat(str(feed.findtext("a:updated", namespaces=ATOM))) == MONDAY
    first, second = feed.findall("a:entry", ATOM)
    assert first.findtext("a:title", namespaces=ATOM) == "Judul & <b>tebal</b>"
    assert first.findtext("a:id", namespaces=ATOM) == f"{BASE}/berita/2026-01-06-dua/"
    assert f'href="{BASE}/profil/"' in str(first.findtext("a:content", namespaces=ATOM))
    assert second.findtext("a:published", namespaces=ATOM) == "2026-01-05T00:00:00+08:00"


def test_an_empty_feed_is_a_feed_that_never_changes() -> None:
    feed = ET.fromstring(feeds.atom([], **WHERE))

    assert feed.findall("a:entry", ATOM) == []
    assert feed.findtext("a:updated", namespaces=ATOM) == "1970-01-01T00:00:00+00:00"


def test_the_json_feed_tells_the_same() -> None:
    feed = json.loads(feeds.json_feed(entries(), **WHERE))

    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert [item["url"] for item in feed["items"]] == [
        f"{BASE}/berita/2026-01-06-dua/",
        f"{BASE}/berita/2026-01-05-satu/",
    ]
    assert feed["items"][0]["tags"] == ["Administrasi Kependudukan"]


def test_an_event_becomes_a_calendar_entry() -> None:
    event = shown(
        "2026-01-05-rapat", "Rapat; warga, kantor dan seluruh perangkat desa di wilayah ini", kind="event",
        start="2026-02-10T09:00", end="2026-02-10T12:00", place='"Aula, lantai 2"', organizer="Kantor",
        event_status="cancelled",
    )  # fmt: skip

    text = calendar_file.calendar(event, BASE, "Kecamatan")

    assert text.endswith("END:VCALENDAR\r\n")
    assert "\n" not in text.replace("\r\n", "")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    lines = re.sub("\r\n ", "", text).split("\r\n")
    assert "DTSTART:20260210T010000Z" in lines
    assert "DTEND:20260210T040000Z" in lines
    assert "SUMMARY:Rapat\\; warga\\, kantor dan seluruh perangkat desa di wilayah ini" in lines
    assert "LOCATION:Aula\\, lantai 2" in lines
    assert "STATUS:CANCELLED" in lines
    assert "UID:2026-01-05-rapat@percontohan.go.id" in lines


def test_the_site_map_gives_the_approvals_times() -> None:
    tree = ET.fromstring(site_map.sitemap([("/", None), ("/a&b/", MONDAY)], BASE))
    spaces = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}

    assert [node.text for node in tree.iterfind("s:url/s:loc", spaces)] == [f"{BASE}/", f"{BASE}/a&b/"]
    assert [node.text for node in tree.iterfind("s:url/s:lastmod", spaces)] == ["2026-01-05T09:00:00+08:00"]


def test_a_demonstration_asks_machines_to_stay_away() -> None:
    assert "Disallow: /\n" in site_map.robots(BASE, demonstration=True)
    assert f"Sitemap: {BASE}/sitemap.xml" in site_map.robots(BASE, demonstration=False)
