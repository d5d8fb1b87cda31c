"""Whether an address answers over https with the same page: real servers and certificates on loopback."""

import contextlib
import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import trustme

from pipeline.asking_https import Asking, answers_the_same, is_public, secure_form

PAGE = "<html><head><title>Peta desa</title></head><body>Peta ini menunjukkan batas desa. {}</body></html>"
Answers = dict[str, tuple[int, dict[str, str], bytes]]


def html(text: str, status: int = 200, **headers: str) -> tuple[int, dict[str, str], bytes]:
    return status, {"Content-Type": "text/html; charset=utf-8", **headers}, text.encode()


def pdf(data: bytes) -> tuple[int, dict[str, str], bytes]:
    return 200, {"Content-Type": "application/pdf"}, b"%PDF-1.7 " + data


def onward(to: str) -> tuple[int, dict[str, str], bytes]:
    return 301, {"Location": to}, b""


@contextlib.contextmanager
def server(answers: Answers, tls: ssl.SSLContext | None = None) -> Iterator[int]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, headers, body = answers.get(self.path, html("tidak ada", 404))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        if tls is not None:
            running.socket = tls.wrap_socket(running.socket, server_side=True)
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield running.server_port
        finally:
            running.shutdown()
            thread.join()


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


def said(
    plain: Answers, secure: Answers, ca: trustme.CA, *, known: bool = True, name: str = "localhost"
) -> str:
    serving, context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context()
    ca.issue_cert(name).configure_cert(serving)
    if known:
        ca.configure_trust(context)
    with server(secure, serving) as other, server(plain) as port:
        for answers in (plain, secure):
            for path, (status, headers, body) in answers.items():
                if "Location" in headers:
                    to = headers["Location"].format(plain=port, secure=other)
                    answers[path] = (status, headers | {"Location": to}, body)
        asking = Asking(
            context,
            lambda _: True,
            lambda url: url.replace(f"http://localhost:{port}", f"https://localhost:{other}"),
        )
        return answers_the_same(f"http://localhost:{port}/peta", asking)


def test_the_same_page_is_a_yes(authority: trustme.CA) -> None:
    page = html(PAGE.format("Kunjungan ke-1"))

    assert said({"/peta": page}, {"/peta": page}, authority) == "same"


def test_a_counter_does_not_make_it_another_page(authority: trustme.CA) -> None:
    long = " ".join(f"kata{number}" for number in range(60))
    one, two = (html(PAGE.format(f"{long} {visit} <script>var t={visit}</script>")) for visit in (71, 72))

    assert said({"/peta": one}, {"/peta": two}, authority) == "same"


def test_a_server_that_sends_everybody_on_to_https_has_said_it(authority: trustme.CA) -> None:
    page = html(PAGE.format(""))

    assert said({"/peta": onward("https://localhost:{secure}/peta")}, {"/peta": page}, authority) == "same"


def test_the_same_file_is_a_yes(authority: trustme.CA) -> None:
    assert said({"/peta": pdf(b"sama")}, {"/peta": pdf(b"sama")}, authority) == "same"


@pytest.mark.parametrize(
    ("plain", "secure"),
    [
        (html(PAGE.format("")), html("<title>Welcome to nginx</title>halo")),
        (html(PAGE.format("")), html(PAGE.format("").replace("Peta ini menunjukkan batas", "Judi slot di"))),
        (html(PAGE.format("")), html("tidak ada", 404)),
        (html("tidak ada", 404), html(PAGE.format(""))),
        (html(PAGE.format("")), onward("http://localhost:{plain}/peta")),
        (html(PAGE.format("")), onward("https://lain.example/peta")),
        (html(PAGE.format("")), onward("https://localhost:{secure}/peta")),
        (onward("/peta"), html(PAGE.format(""))),
        (pdf(b"satu"), pdf(b"dua")),
        (html(PAGE.format("")), html("x" * 3_000_000)),
        (html(""), html("")),
        (html("<p>tanpa judul"), html("<p>tanpa  judul")),
    ],
    ids=["server's own page", "other words", "missing", "plain missing", "back to http", "elsewhere", "loop",
         "plain loop", "other file", "huge", "empty", "no title"],
)  # fmt: skip
def test_everything_else_is_a_no(
    plain: tuple[int, dict[str, str], bytes], secure: tuple[int, dict[str, str], bytes], authority: trustme.CA
) -> None:
    assert said({"/peta": plain}, {"/peta": secure}, authority) == "other"


def test_a_certificate_that_is_not_good_is_a_no(authority: trustme.CA) -> None:
    page = {"/peta": html(PAGE.format(""))}

    assert said(dict(page), dict(page), authority, known=False) == "other"
    assert said(dict(page), dict(page), authority, name="lain.example") == "other"


def test_a_name_that_nobody_knows_is_silence() -> None:
    assert answers_the_same("http://tidak-ada.example/x", Asking()) == "silent"


def test_machines_of_the_house_are_not_asked() -> None:
    asked = []
    with server({}) as port:
        asking = Asking(secure=lambda url: asked.append(url) or url)
        assert answers_the_same(f"http://localhost:{port}/peta", asking) == "other"
    assert asked


@pytest.mark.parametrize(
    ("address", "open_to_all"),
    [(address, True) for address in ("8.8.8.8", "2001:4860:4860::8888")]
    + [(address, False) for address in (
        "127.0.0.1", "10.0.0.1", "::1", "169.254.169.254", "192.168.1.1", "0.0.0.0", "fe80::1%eth0",
        "::ffff:10.0.0.1", "100.64.0.1", "224.0.0.1", "nama",
    )],
)  # fmt: skip
def test_only_the_open_network_is_asked(address: str, open_to_all: bool) -> None:
    assert is_public(address) is open_to_all


@pytest.mark.parametrize(
    ("url", "secure"),
    [
        ("http://a.go.id/x?y=1#z", "https://a.go.id/x?y=1#z"),
        ("http://a.go.id:80/x", "https://a.go.id/x"),
        ("HTTP://a.go.id", "https://a.go.id"),
        ("http://a.go.id:8080/x", None),
        ("http://nama:sandi@a.go.id/", None),
        ("http:///x", None),
        ("http://[::1/", None),
    ],
)
def test_an_address_of_its_own_kind_has_no_secure_form(url: str, secure: str | None) -> None:
    assert secure_form(url) == secure
