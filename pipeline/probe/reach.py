"""One HTTP exchange on a connection of our own, with the time of every phase and hard limits.

Libraries hide the phases and fold name errors and refused connections into one; here each has its class.
"""

import errno
import http.client
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import SplitResult, quote, urlsplit

from cryptography import x509

MAX_BYTES = 10 * 1024 * 1024
"""No answer is read, or unpacked, further than this."""
_TLS_CLASSES = {9: "tls-not-yet-valid", 10: "tls-expired", 62: "tls-hostname", 64: "tls-hostname"}
_UNREACHABLE = {errno.ENETUNREACH, errno.ENETDOWN}


class Fault(Exception):
    """The exchange ended here; ``kind`` is its class."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


@dataclass(slots=True)
class Exchange:
    """What one request met, filled as far as it came."""

    phases: dict[str, int] = field(default_factory=dict)
    """Milliseconds: resolve, connect, tls, first_byte, transfer."""
    status: int | None = None
    location: str | None = None
    content_type: str = ""
    body: bytes = b""
    certificate_until: float | None = None
    """End of the certificate's life, seconds since the epoch."""


@dataclass(frozen=True, slots=True)
class Asker:
    """How we ask: whom we trust, who we say we are, how much we read."""

    context: ssl.SSLContext
    agent: str
    limit: int = MAX_BYTES
    may_reach: Callable[[str], bool] = lambda _address: True
    """Whether a machine may be spoken to, by the number to which its name led."""


def fetch(url: str, exchange: Exchange, asker: Asker, deadline: float) -> None:
    """Ask for ``url`` and fill ``exchange``; raises ``Fault``. ``deadline`` is on the monotonic clock."""
    parts, target, host, port = _address(url)
    with _phase(exchange, "resolve"):
        addresses = _resolve(host, port, deadline)
    if not all(asker.may_reach(str(address[0])) for *_, address in addresses):
        raise Fault("not-public")
    with _phase(exchange, "connect"):
        raw = _connect(addresses, deadline)
    with raw, _watched(raw, deadline) as late:
        try:
            _talk(raw, parts, host, target, exchange, asker)
        except (Fault, OSError, http.client.HTTPException, ValueError) as error:
            kind = "timeout" if late.is_set() else _kind(error)
            if kind in ("tls-expired", "tls-not-yet-valid"):
                exchange.certificate_until = _expiry_unverified(addresses, host, deadline)
            raise Fault(kind) from error
        if late.is_set():
            raise Fault("timeout")


def _address(url: str) -> tuple[SplitResult, str, str, int]:
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
        host = (parts.hostname or "").encode("idna").decode("ascii")
    except (ValueError, UnicodeError) as error:
        raise Fault("bad-address") from error
    target = quote((parts.path or "/") + (f"?{parts.query}" if parts.query else ""), safe="/%?&=+,;:@!$'()*~")
    if parts.scheme not in ("http", "https") or not host:
        raise Fault("bad-address")
    return parts, target, host, port


def _talk(
    raw: socket.socket, parts: SplitResult, host: str, target: str, exchange: Exchange, asker: Asker
) -> None:
    stream = raw
    if parts.scheme == "https":
        with _phase(exchange, "tls"):
            stream = asker.context.wrap_socket(raw, server_hostname=host)
        until = stream.getpeercert() or {}
        if "notAfter" in until:
            exchange.certificate_until = ssl.cert_time_to_seconds(str(until["notAfter"]))
    connection = http.client.HTTPConnection(host)
    connection.sock = stream
    with stream, _phase(exchange, "first_byte"):
        connection.putrequest("GET", target, skip_host=True, skip_accept_encoding=True)
        for name, value in (
            ("Host", parts.netloc.rpartition("@")[2]),
            ("User-Agent", asker.agent),
            ("Accept", "text/html,*/*;q=0.5"),
            ("Accept-Encoding", "identity"),
            ("Connection", "close"),
        ):
            connection.putheader(name, value.encode("latin-1", "replace"))
        connection.endheaders()
        answer = connection.getresponse()
        exchange.status, exchange.location = answer.status, answer.getheader("Location")
        exchange.content_type = answer.getheader("Content-Type") or ""
        with answer, _phase(exchange, "transfer"):
            exchange.body = _body(answer, asker.limit)


def _body(answer: http.client.HTTPResponse, limit: int) -> bytes:
    pieces, size = [], 0
    while piece := answer.read1(65536) if not answer.chunked else answer.read(65536):
        pieces.append(piece)
        size += len(piece)
        if size > limit:
            raise Fault("too-large")
    # read1 ends quietly when the connection closes early; what is still owed tells.
    if answer.length:
        raise Fault("truncated")
    return _unpacked(b"".join(pieces), answer.getheader("Content-Encoding") or "identity", limit)


def _unpacked(data: bytes, encoding: str, limit: int) -> bytes:
    """Some servers pack though nobody asked; a bomb ends at ``limit``."""
    if encoding.strip().lower() == "identity":
        return data
    if encoding.strip().lower() not in ("gzip", "x-gzip", "deflate"):
        raise Fault("bad-encoding")
    unpacker = zlib.decompressobj(wbits=47)
    try:
        plain = unpacker.decompress(data, limit + 1)
    except zlib.error as error:
        raise Fault("bad-encoding") from error
    if len(plain) > limit:
        raise Fault("too-large")
    if not unpacker.eof:
        raise Fault("truncated")
    return plain


def _resolve(host: str, port: int, deadline: float) -> list[tuple[Any, ...]]:
    """Addresses of a name. The system's resolver knows no limit, so it is asked in a thread of its own."""
    found: list[tuple[Any, ...]] = []
    failed: list[OSError] = []

    def ask() -> None:
        try:
            found.extend(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except OSError as error:
            failed.append(error)

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(max(0.0, deadline - time.monotonic()))
    if failed:
        raise Fault("dns-silent" if failed[0].errno == socket.EAI_AGAIN else "dns") from failed[0]
    if not found:
        raise Fault("dns-silent")
    return found


def _connect(addresses: list[tuple[Any, ...]], deadline: float) -> socket.socket:
    problem: OSError = TimeoutError()
    for family, kind, protocol, _, address in addresses:
        raw = socket.socket(family, kind, protocol)
        try:
            raw.settimeout(max(0.001, deadline - time.monotonic()))
            raw.connect(address)
            return raw
        except OSError as error:
            raw.close()
            problem = error
    raise Fault(_kind(problem)) from problem


@contextmanager
def _watched(raw: socket.socket, deadline: float) -> Iterator[threading.Event]:
    """Cut the line at the deadline: a server that sends one byte a second outwits every read timeout."""
    late, finished = threading.Event(), threading.Event()
    # A descriptor of its own: wrapping in TLS takes the first one away.
    line = raw.dup()

    def watch() -> None:
        if not finished.wait(max(0.0, deadline - time.monotonic())):
            late.set()
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield late
    finally:
        finished.set()
        watcher.join()
        line.close()


@contextmanager
def _phase(exchange: Exchange, name: str) -> Iterator[None]:
    began = time.monotonic()
    try:
        yield
    finally:
        exchange.phases[name] = round((time.monotonic() - began) * 1000)


def _kind(error: BaseException) -> str:
    """The one class of an error; the order matters, for the classes of Python's errors overlap."""
    if isinstance(error, Fault):
        return error.kind
    if isinstance(error, ssl.SSLCertVerificationError):
        return _TLS_CLASSES.get(error.verify_code, "tls-untrusted")
    if isinstance(error, http.client.RemoteDisconnected):
        return "closed"
    if isinstance(error, ConnectionRefusedError):
        return "refused"
    if isinstance(error, ssl.SSLEOFError):
        return "reset"
    if isinstance(error, ConnectionError):
        return "reset"
    if isinstance(error, ssl.SSLError):
        return "tls-protocol"
    if isinstance(error, TimeoutError):
        return "timeout"
    if isinstance(error, http.client.IncompleteRead):
        return "truncated"
    if isinstance(error, http.client.HTTPException | ValueError):
        return "bad-answer"
    if isinstance(error, OSError) and error.errno in _UNREACHABLE:
        return "network"
    return "unreachable"


def _expiry_unverified(addresses: list[tuple[Any, ...]], host: str, deadline: float) -> float | None:
    """The end of a certificate that was refused; nothing is asked of, or believed from, that server."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    try:
        with _connect(addresses, deadline) as raw, context.wrap_socket(raw, server_hostname=host) as stream:
            shown = stream.getpeercert(binary_form=True)
        return x509.load_der_x509_certificate(shown or b"").not_valid_after_utc.timestamp()
    except (Fault, OSError, ValueError):
        return None
