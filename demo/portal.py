"""A stand-in of the regency's portal on the loopback: one plain page while the demonstration runs."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

_PAGE = (
    b"<!doctype html><html lang=id><title>Portal Kabupaten Buleleng (tiruan)</title>"
    b"<h1>Pemerintah Kabupaten Buleleng</h1><p>Halaman tiruan untuk peragaan.</p></html>"
)


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(_PAGE)))
        self.end_headers()
        self.wfile.write(_PAGE)

    def log_message(self, *_arguments: object) -> None:
        """The demonstration has its own words."""


@contextmanager
def stand_in() -> Iterator[str]:
    """The address of the running stand-in, on a port that was free."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
