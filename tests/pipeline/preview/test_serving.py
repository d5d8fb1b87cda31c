"""Who may see a preview, and what nobody gets: asked of the real server, as friends and as enemies."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.preview.serving import COOKIE
from tests import every_kind
from tests.office import Office
from tests.previewing import PHONE, Preview, preview

NEWS = f"/berita/{every_kind.DAY}-kerja-bakti/"
pytestmark = pytest.mark.git


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    office = Office(tmp_path_factory.mktemp("kantor"))
    office.writes(every_kind.office_files(), draft="semua")
    return office


@pytest.fixture(scope="module")
def running(office: Office) -> Iterator[Preview]:
    """One server; the tests leave its first link alone and make links of their own."""
    with preview(office, "semua", "--host", PHONE) as running:
        yield running


@pytest.fixture
def served(running: Preview, request: pytest.FixtureRequest) -> Preview:
    """The same server, asked by a telephone that nobody has heard of before."""
    names = sorted(item.nodeid for item in request.session.items)
    number = names.index(request.node.nodeid) + 3
    return replace(running, sender=f"127.0.{number // 200}.{number % 200 + 3}")


def new_link(served: Preview) -> str:
    """Path of a fresh link, made as the operator makes one in his browser."""
    key = re.search(r'name="key" value="([^"]+)"', served.ask("/_pratinjau/tautan").text)
    assert key is not None
    page = served.ask("/_pratinjau/tautan", method="POST", body=f"key={key[1]}").text
    found = re.search(rf"http://{re.escape(PHONE)}:{served.port}(/masuk/[\w-]+)", page)
    assert found is not None, page[-900:]
    assert "<svg" in page
    return found[1]


def phone_cookie(served: Preview) -> str:
    got = served.ask(new_link(served), at=PHONE, method="POST", body="x=1")
    assert got.status == 303
    return got.headers["set-cookie"].partition(";")[0]


def test_this_machine_sees_it_and_a_telephone_without_a_cookie_nothing(served: Preview) -> None:
    assert served.ask(NEWS).status == 200
    for path in ("/", NEWS, f"{NEWS}foto.jpg", "/_pratinjau/", "/_pratinjau/tunggu", "/robots.txt", "/tidak"):
        got = served.ask(path, at=PHONE)
        assert got.status == 403, path
        assert "Kerja bakti" not in got.text


def test_looking_at_the_link_shows_a_button_and_does_not_use_it_up(served: Preview) -> None:
    link = new_link(served)

    looks = [served.ask(link, at=PHONE, method=method) for method in ("GET", "HEAD", "GET")]

    assert [got.status for got in looks] == [200, 200, 200]
    assert all("set-cookie" not in got.headers for got in looks)
    assert f'<form method="post" action="{link}">' in looks[0].text
    assert served.ask(link, at=PHONE, method="POST", body="x=1").status == 303


def test_the_link_gives_one_browser_a_cookie_and_no_second(served: Preview) -> None:
    link = new_link(served)

    first = served.ask(link, at=PHONE, method="POST", body="x=1")
    second = served.ask(link, at=PHONE, method="POST", body="x=1")
    third = served.ask(link, at=PHONE)

    cookie = first.headers["set-cookie"]
    assert cookie.startswith(f"{COOKIE}=")
    assert {part.strip() for part in cookie.split(";")[1:]} == {"HttpOnly", "SameSite=Strict", "Path=/"}
    assert served.ask(NEWS, at=PHONE, cookie=cookie.partition(";")[0]).status == 200
    for got in (second, third):
        assert got.status == 410
        assert "Tautan ini sudah dipakai" in got.text
        assert "tekan Enter di terminal" in got.text
        assert "set-cookie" not in got.headers


def test_a_telephone_that_was_let_in_makes_no_links_for_others(served: Preview) -> None:
    cookie = phone_cookie(served)

    assert served.ask("/_pratinjau/tautan", at=PHONE, cookie=cookie).status == 403
    assert (
        served.ask("/_pratinjau/tautan", at=PHONE, method="POST", body="key=x", cookie=cookie).status == 405
    )


def test_no_foreign_page_makes_a_link(served: Preview) -> None:
    link = new_link(served)

    assert served.ask("/_pratinjau/tautan", method="POST", body="key=tebakan").status == 403
    assert served.ask(link, at=PHONE).status == 200


@pytest.mark.parametrize("path", ["/", NEWS, "/_pratinjau/", "/tidak/ada/", f"{NEWS}foto.jpg", "/feed.xml"])
def test_every_answer_forbids_keeping_finding_and_framing_it(served: Preview, path: str) -> None:
    headers = served.ask(path).headers

    assert headers["cache-control"] == "no-store"
    assert headers["x-robots-tag"] == "noindex, nofollow"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert "server" not in headers


@pytest.mark.parametrize(
    "host", ["jahat.example", "jahat.example:{port}", "127.0.0.1", "127.0.0.1:1", "192.168.1.5:{port}", ""]
)
def test_a_name_that_was_made_to_lead_here_is_not_served(served: Preview, host: str) -> None:
    got = served.ask(NEWS, host=host.format(port=served.port))

    assert got.status in (400, 421)
    assert "Kerja bakti" not in got.text


def test_a_cookie_that_nobody_gave_opens_nothing(served: Preview) -> None:
    got = served.ask(NEWS, at=PHONE, cookie=f"{COOKIE}=tebakan")

    assert got.status == 403


@pytest.mark.parametrize(
    "method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "POST"]
)
def test_only_reading_is_served(served: Preview, method: str) -> None:
    got = served.ask(NEWS, method=method)

    assert got.status == 405
    assert "Kerja bakti" not in got.text


TRAVERSALS = [
    "/../../etc/passwd", "/..%2f..%2f..%2fetc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "//etc/passwd",
    "/berita/../../site.toml", f"{NEWS}..%5c..%5csite.toml", f"{NEWS}index.md",
    "/content/halaman/profil/index.md", "/.git/config", "/governance/policy.toml", "/site.toml",
    f"{NEWS}foto.jpg%00.html", "/%ff%fe", "/masuk/../site.toml",
]  # fmt: skip


@pytest.mark.parametrize("path", TRAVERSALS)
def test_no_path_leads_out_of_the_site(served: Preview, path: str) -> None:
    answer = served.raw(
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{served.port}\r\nConnection: close\r\n\r\n".encode()
    )

    assert int(answer.split(b" ", 2)[1]) in (302, 400, 403, 404, 308)
    for secret in (b"root:", b"[office]", b"[core]", b"kind: news", b"[person"):
        assert secret not in answer


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"GET / HTTP/1.1\r\nHost: x\r\nX-Big: " + b"a" * 200_000 + b"\r\n\r\n",
        b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"POST /masuk/x HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\n",
        b"POST /masuk/x HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\nConnection: close\r\n\r\n",
        b"POST /masuk/x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\nConnection: close\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"\r\n\r\nBUKAN HTTP\r\n\r\n",
    ],
    ids=["header", "address", "body", "negative", "coding", "tls", "version", "noise"],
)
def test_what_no_browser_sends_is_turned_away_and_the_next_one_served(
    served: Preview, request_bytes: bytes
) -> None:
    answer = served.raw(request_bytes)

    assert answer == b"" or int(answer.split(b" ", 2)[1]) >= 400
    assert b"Traceback" not in answer
    assert served.ask(NEWS).status == 200


def test_whoever_sends_slowly_keeps_nobody_waiting(served: Preview) -> None:
    import socket

    slow = [socket.create_connection(("127.0.0.1", served.port)) for _ in range(40)]
    for one in slow:
        one.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-")

    assert served.ask(NEWS).status == 200
    for one in slow:
        one.close()


def test_more_browsers_than_may_wait_are_told_to_come_again(served: Preview) -> None:
    import socket

    version = served.ask("/").version
    asking = (
        f"GET /_pratinjau/tunggu?versi={version} HTTP/1.1\r\nHost: 127.0.0.1:{served.port}\r\n\r\n".encode()
    )
    waiting = [socket.create_connection(("127.0.0.1", served.port)) for _ in range(20)]
    for one in waiting:
        one.sendall(asking)

    assert served.ask(NEWS).status == 200
    for one in waiting:
        one.close()


def test_a_film_comes_in_pieces_as_telephones_ask_for_it(served: Preview) -> None:
    got = served.ask(f"/video/{every_kind.DAY}-suasana-pagi/film.mp4", range="bytes=0-99")

    assert got.status == 206
    assert got.headers["content-type"] == "video/mp4"
    assert len(got.raw) == 100


def test_an_address_without_its_last_stroke_is_led_on(served: Preview) -> None:
    got = served.ask(NEWS.rstrip("/"))

    assert (got.status, got.headers["location"]) == (302, NEWS)


def test_whoever_guesses_links_has_to_wait(office: Office) -> None:
    with preview(office, "semua", "--host", PHONE) as own:
        answers = [own.ask(f"/masuk/tebakan-{number}", at=PHONE) for number in range(22)]

        assert {got.status for got in answers[:20]} == {403}
        assert {got.status for got in answers[20:]} == {429}
        assert "Tunggu satu menit" in answers[-1].text
        assert own.ask(f"/masuk/{own.token}", at=PHONE, method="POST", body="x=1").status == 429
        assert own.ask(NEWS).status == 200


def test_a_telephone_that_is_in_is_served_though_its_address_guessed(served: Preview) -> None:
    cookie = phone_cookie(served)
    for number in range(25):
        served.ask(f"/masuk/tebakan-{number}", at=PHONE)

    assert served.ask(NEWS, at=PHONE).status == 429
    assert served.ask(NEWS, at=PHONE, cookie=cookie).status == 200


def test_without_a_telephone_only_this_machine_is_listened_to(office: Office) -> None:
    with preview(office, "semua") as own:
        assert own.said["phone_url"] is None
        with pytest.raises(ConnectionRefusedError):
            own.ask(NEWS, at=PHONE)
        assert "sop preview --phone" in own.ask("/_pratinjau/tautan").text


def test_a_telephone_is_served_even_after_the_minutes_of_its_link(served: Preview) -> None:
    cookie = phone_cookie(served)
    new_link(served)

    assert served.ask(NEWS, at=PHONE, cookie=cookie).status == 200


def test_the_code_can_be_kept_in_a_file_that_only_its_owner_reads(office: Office, tmp_path: Path) -> None:
    picture = tmp_path / "tautan.svg"
    with preview(office, "semua", "--host", PHONE, "--qr", str(picture)):
        assert "<svg" in picture.read_text(encoding="utf-8")
        assert picture.stat().st_mode & 0o777 == 0o600
