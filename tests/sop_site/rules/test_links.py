"""Links: where they may lead, and that they say so."""

import pytest

from sop_site.rules import links
from tests.sop_site.rules import values

GOOD = [
    "/",
    "/kontak/",
    "/kontak/#jam",
    "/berita/2026-01-05-lain/",
    "/berita/?urut=lama",
    "/desa/banyuning/peta.pdf",
    "#bagian-dua",
    "berkas.pdf",
    "https://www.lapor.go.id/",
    "https://contoh.example:8443/a?b=c#d",
    "mailto:kantor@percontohan.go.id",
    "mailto:KANTOR@percontohan.go.id?subject=Tanya",
    "mailto:layanan.percontohan@gmail.com",
    "tel:+62-362-21985",
    "tel:081236000001",
]
BAD = [
    ("http://www.lapor.go.id/", "link-not-https"),
    ("HTTP://www.lapor.go.id/", "link-not-https"),
    ("javascript:alert(1)", "link-kind-refused"),
    ("JaVaScRiPt:alert(1)", "link-kind-refused"),
    ("java&#x73;cript:alert(1)", "link-kind-refused"),
    ("&#106;avascript&colon;alert(1)", "link-kind-refused"),
    ("data:text/html,x", "link-kind-refused"),
    ("vbscript:x", "link-kind-refused"),
    ("ftp://contoh.example/", "link-kind-refused"),
    ("file:///etc/passwd", "link-kind-refused"),
    ("//contoh.example/", "link-kind-refused"),
    ("https:contoh.example", "link-kind-refused"),
    ("https://", "link-kind-refused"),
    ("https://localhost/", "link-kind-refused"),
    ("https://kantor:sandi@contoh.example/", "link-kind-refused"),
    ("https://[::1/", "link-kind-refused"),
    ("../kontak/", "link-kind-refused"),
    ("halaman.html", "link-kind-refused"),
    ("Foto.JPG", "link-kind-refused"),
    ("mailto:warga@contoh.example", "link-foreign-contact"),
    ("tel:0361123456", "link-foreign-contact"),
    ("https://bit.ly/abc", "link-shortened"),
    ("https://www.s.id/abc", "link-shortened"),
    ("/tidak-ada/", "link-dead"),
    ("/berita/2026-01-05-hilang/", "link-dead"),
    ("/desa/banyuning/hilang.pdf", "link-dead"),
    ("/../etc/", "link-dead"),
    ("#tidak-ada", "link-fragment-missing"),
]


def told(target: str) -> list[tuple[str, str]]:
    page = values.given(f"[Laman yang dituju]({target})\n\n## Bagian dua")
    return [(finding.code, finding.severity) for finding in links.lead_somewhere(page)]


@pytest.mark.parametrize("target", GOOD)
def test_safe_links_that_lead_somewhere_are_good(target: str) -> None:
    assert told(target) == []


@pytest.mark.parametrize(("target", "code"), BAD)
def test_every_other_link_is_an_error(target: str, code: str) -> None:
    assert told(target) == [(code, "error")]


def test_a_page_of_a_draft_is_a_warning_until_it_is_public() -> None:
    body = "[Jadwal baru](/pengumuman/2026-01-05-baru/)"
    drafted = {"drafted": frozenset({"/pengumuman/2026-01-05-baru/"})}
    public = {"addresses": values.ADDRESSES | {"/pengumuman/2026-01-05-baru/"}}

    found = list(links.lead_somewhere(values.given(body, around=drafted)))

    assert [(finding.code, finding.severity) for finding in found] == [("link-drafted-only", "warning")]
    assert values.said(links.lead_somewhere, body, around=public) == []


def test_a_forgotten_slash_is_advice() -> None:
    assert told("/kontak") == [("link-without-slash", "warning")]


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("Satu.\n\n[Rencana](/hilang/)", 2),
        ("Satu.\n\n[Rencana][1]\n\n[1]: /hilang/", 4),
        ("Satu.\n\n[Rencana]( /hilang/ 'Judul')", 2),
    ],
)
def test_a_link_is_found_however_it_is_written(body: str, line: int) -> None:
    page = values.given(body)

    (found,) = links.lead_somewhere(page)

    assert (found.code, found.line) == ("link-dead", page.page.body_line + line)


def test_addresses_in_angle_brackets_are_links_too() -> None:
    assert values.said(links.lead_somewhere, "<http://contoh.example/>") == ["link-not-https"]
    assert values.said(links.lead_somewhere, "<kantor@percontohan.go.id>") == []
    assert values.said(links.lead_somewhere, "<warga@contoh.example>") == ["link-foreign-contact"]


@pytest.mark.parametrize(
    "target",
    ["https://contoh.example/a.jpg", "/kontak/", "data:image/png;base64,A", "//contoh.example/a.jpg"],
)
def test_pictures_come_from_the_pages_own_folder(target: str) -> None:
    assert values.said(links.lead_somewhere, f"![Pantai]({target})") == ["picture-from-elsewhere"]


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("https://www.lapor.go.id/", []),
        ("Peraturan Daerah Nomor 1: tentang pajak", []),
        ("http://www.lapor.go.id/", ["link-not-https"]),
        ("https://bit.ly/x", ["link-shortened"]),
        ("javascript:alert(1)", ["link-kind-refused"]),
    ],
)
def test_sources_follow_the_same_rules(source: str, code: list[str]) -> None:
    assert values.said(links.sources_are_safe, sources=f'["{source}"]') == code


@pytest.mark.parametrize(
    ("text", "silent"),
    [
        ("klik di sini", True),
        ("Di sini", True),
        ("Selengkapnya…", True),
        ("**Selengkapnya**", True),
        ("»", True),
        ("", True),
        ("![](foto.jpg)", True),
        ("Syarat kartu keluarga", False),
        ("Selengkapnya tentang syarat", False),
        ("![Peta desa](foto.jpg)", False),
        ("https://www.lapor.go.id/", False),
    ],
)
def test_a_links_text_says_where_it_leads(text: str, silent: bool) -> None:
    said = values.said(links.say_where_they_lead, f"Baca [{text}](/kontak/).")

    assert said == (["link-says-nothing"] if silent else [])


def test_a_mailbox_in_a_target_is_not_repeated() -> None:
    (found,) = links.lead_somewhere(values.given("[Surel](mailto:warga@contoh.example)"))

    assert found.values == {"target": "mailto:…@contoh.example"}
