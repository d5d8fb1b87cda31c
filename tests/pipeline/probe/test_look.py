"""Faults on loopback: each has exactly one class, and each class a sentence in both languages."""

import gzip
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import trustme

from pipeline.probe import ProbeResult, look, reach
from sop_site import messages
from sop_site.settings import ProbeTarget

AT = datetime.now(UTC).replace(microsecond=0)
GOOD = b"HTTP/1.1 200 OK\r\nContent-Length: 14\r\n\r\nportal selamat"


def answer(status: str, *headers: str, body: bytes = b"halo") -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


@contextmanager
def server(reply: bytes | None, *, tls: ssl.SSLContext | None = None, hold: bool = False) -> Iterator[int]:
    """A server that gives every caller the same bytes; ``None`` hangs up, ``hold`` never ends."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    done = threading.Event()

    def serve(raw: socket.socket) -> None:
        try:
            with tls.wrap_socket(raw, server_side=True) if tls else raw as line:
                line.recv(65536)
                if reply is not None:
                    line.sendall(reply.replace(b"{port}", str(listener.getsockname()[1]).encode()))
                if hold:
                    done.wait(10)
        except OSError:
            pass

    def accept() -> None:
        while True:
            try:
                raw, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=serve, args=(raw,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield listener.getsockname()[1]
    finally:
        done.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def looked(url: str, *, context: ssl.SSLContext | None = None, **settings: Any) -> ProbeResult:
    target = ProbeTarget(name="Portal", url=url, **settings)
    return look(target, AT, agent="uji", context=context)


REPLIES: list[tuple[str, bytes | None]] = [
    ("ok", GOOD),
    ("http-4xx", answer("404 Not Found")),
    ("http-5xx", answer("503 Service Unavailable")),
    ("http-other", answer("304 Not Modified", body=b"")),
    ("too-many", answer("429 Too Many Requests")),
    ("redirect-loop", answer("302 Found", "Location: /")),
    ("redirect-offsite", answer("302 Found", "Location: http://judi.example/")),
    ("redirect-broken", answer("302 Found")),
    ("redirect-broken", answer("302 Found", "Location: ftp://127.0.0.1/")),
    ("truncated", b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nportal"),
    ("truncated", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n50\r\nportal"),
    ("bad-encoding", answer("200 OK", "Content-Encoding: br")),
    ("bad-encoding", answer("200 OK", "Content-Encoding: gzip")),
    ("ok", answer("200 OK", "Content-Encoding: gzip", body=gzip.compress(b"portal"))),
    ("truncated", answer("200 OK", "Content-Encoding: gzip", body=gzip.compress(b"portal" * 99)[:-9])),
    ("too-large", answer("200 OK", "Content-Encoding: gzip", body=gzip.compress(bytes(11 << 20)))),
    ("empty", answer("200 OK", body=b" \n")),
    ("keyword-missing", answer("200 OK")),
    ("bad-answer", b"SSH-2.0-OpenSSH\r\n"),
    ("bad-answer", b"HTTP/1.1 abc OK\r\n\r\n"),
    ("closed", None),
    ("gambling", answer("200 OK", body=b"portal <p>sl0t gacor, maxwin, togel</p>")),
    ("gambling", answer("200 OK", body=b'portal <div style="display:none">s.l.o.t.8.8 situs slot</div>')),
    ("ok", answer("200 OK", body=b"portal: sosialisasi bahaya judi online, slot waktu pelayanan, betul")),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "reply"), REPLIES, ids=[f"{n}-{k}" for n, (k, _) in enumerate(REPLIES)])
def test_an_answer_has_one_class(kind: str, reply: bytes | None) -> None:
    with server(reply) as port:
        found = looked(f"http://127.0.0.1:{port}/", keyword="PORTAL")

    assert found.kind == kind
    assert set(found.phases) >= {"resolve", "connect", "first_byte", "whole"}


def test_an_endless_answer_is_stopped_at_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    with server(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * (reach.MAX_BYTES + 100_000)) as port:
        assert looked(f"http://127.0.0.1:{port}/").kind == "too-large"


def test_nobody_listens() -> None:
    with server(GOOD) as port:
        pass
    assert looked(f"http://127.0.0.1:{port}/").kind == "refused"


def test_a_name_that_does_not_exist() -> None:
    assert looked("http://tidak-ada.example/").kind == "dns"


def test_a_silent_name_server_is_unknown_and_not_down(monkeypatch: pytest.MonkeyPatch) -> None:
    def silent(*_: Any, **__: Any) -> Any:
        raise socket.gaierror(socket.EAI_AGAIN, "try again")

    monkeypatch.setattr(socket, "getaddrinfo", silent)
    found = looked("http://portal.example/")

    assert (found.kind, found.state) == ("dns-silent", "unknown")


@pytest.mark.parametrize("reply", [b"", b"HTTP/1.1 200 OK\r\nContent-Le"])
def test_a_server_that_holds_the_line_is_cut_off(reply: bytes) -> None:
    with server(reply, hold=True) as port:
        found = looked(f"http://127.0.0.1:{port}/", timeout_seconds=0.3)

    assert found.kind == "timeout"
    assert found.phases["whole"] < 3000


@pytest.mark.parametrize("url", ["http://127.0.0.1:99999/", "http://[::1/"])
def test_an_address_that_is_none(url: str) -> None:
    assert looked(url).kind == "bad-address"


def tls(ca: trustme.CA, *names: str, until: datetime | None = None) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    serving, asking = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context()
    before = until - timedelta(days=30) if until else None
    ca.issue_cert(*names, not_after=until, not_before=before).configure_cert(serving)
    ca.configure_trust(asking)
    return serving, asking


def test_a_good_certificate_tells_its_days() -> None:
    serving, asking = tls(trustme.CA(), "localhost", until=AT + timedelta(days=9, hours=1))
    with server(GOOD, tls=serving) as port:
        found = looked(f"https://localhost:{port}/", context=asking)

    assert (found.kind, found.certificate_days) == ("ok", 9)
    assert "tls" in found.phases


def test_an_expired_certificate_still_tells_its_date() -> None:
    serving, asking = tls(trustme.CA(), "localhost", until=AT - timedelta(days=2))
    with server(GOOD, tls=serving) as port:
        found = looked(f"https://localhost:{port}/", context=asking)

    assert (found.kind, found.certificate_days) == ("tls-expired", -2)


@pytest.mark.parametrize(
    ("name", "known", "kind"), [("lain.example", True, "tls-hostname"), ("localhost", False, "tls-untrusted")]
)
def test_a_wrong_certificate(name: str, known: bool, kind: str) -> None:
    serving, asking = tls(trustme.CA(), name)
    with server(GOOD, tls=serving) as port:
        context = asking if known else ssl.create_default_context()
        assert looked(f"https://localhost:{port}/", context=context).kind == kind


def test_plain_http_on_the_tls_port() -> None:
    with server(GOOD) as port:
        assert looked(f"https://localhost:{port}/").kind == "tls-protocol"


def test_leaving_tls_by_a_redirect_is_a_fault() -> None:
    serving, asking = tls(trustme.CA(), "localhost")
    with server(answer("302 Found", "Location: http://localhost:{port}/x"), tls=serving) as port:
        assert looked(f"https://localhost:{port}/", context=asking).kind == "redirect-insecure"


def test_slow_counts_as_up() -> None:
    ticks = iter([0.0, 6.0])
    with server(GOOD) as port:
        target = ProbeTarget(name="P", url=f"http://127.0.0.1:{port}/", timeout_seconds=120)
        clock = reach.time.monotonic()
        ticks = iter([clock, clock + 6])
        found = look(target, AT, agent="uji", monotonic=lambda: next(ticks))

    assert (found.kind, found.state) == ("slow", "up")


@pytest.mark.parametrize("lang", messages.LANGUAGES)
@pytest.mark.parametrize(
    "kind",
    sorted(
        {k for k, _ in REPLIES}
        | {
            "slow",
            "dns",
            "dns-silent",
            "network",
            "unreachable",
            "refused",
            "timeout",
            "reset",
            "tls-expired",
            "tls-not-yet-valid",
            "tls-hostname",
            "tls-untrusted",
            "tls-protocol",
            "redirect-insecure",
            "bad-address",
        }
    ),
)
def test_every_class_has_its_sentence(lang: str, kind: str) -> None:
    assert messages.say(lang, f"probe-{kind}")
