"""The web server of a preview: who asks, by which name, and what he may see (Flask on waitress)."""

import logging
import mimetypes
import socket
import threading
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

import flask
import waitress

from pipeline.preview import codes
from pipeline.preview.door import Door
from pipeline.preview.network import HERE
from pipeline.preview.showcase import Showcase
from sop_site.errors import SopError
from sop_site.messages import say
from sop_site.plugins.preview_pages import LANGUAGE, OVERVIEW, WAIT, door

COOKIE = "sop_pratinjau"
LINK = f"{OVERVIEW}tautan"
ENTRANCE = "/masuk/"
_WAIT_SECONDS = 20.0
_WAITING = 8
"""How many browsers may wait for a change at once; the others ask again after a second."""
_THREADS = _WAITING + 6
_METHODS = ("GET", "HEAD", "POST")
_HTML = "text/html; charset=utf-8"
# Types by which browsers show what a page may hold; everything else is offered for download.
_TYPES = {
    "svg": "image/svg+xml", "webp": "image/webp", "avif": "image/avif", "vtt": "text/vtt; charset=utf-8",
    "txt": "text/plain; charset=utf-8", "pdf": "application/pdf", "mp4": "video/mp4",
}  # fmt: skip
_HEADERS = {
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_LIMITS: dict[str, Any] = {
    "threads": _THREADS,
    "connection_limit": 100,
    "channel_timeout": 30,
    "cleanup_interval": 5,
    "max_request_header_size": 16_384,
    "max_request_body_size": 4_096,
    "ident": None,
    "asyncore_use_poll": True,
    "clear_untrusted_proxy_headers": True,
}


def links(addresses: Sequence[str], port: int, token: str) -> list[str]:
    """The one-time link at every address of the office's network."""
    return [f"http://{address}:{port}{ENTRANCE}{token}" for address in addresses]


def application(show: Showcase, entrance: Door, addresses: Sequence[str], port: int) -> flask.Flask:
    """The preview for this machine, and for browsers that came through the door at ``addresses``."""
    app = flask.Flask("pratinjau", static_folder=None, template_folder=None)
    app.url_map.merge_slashes = False
    near = {f"{HERE}:{port}", f"localhost:{port}"}
    named = near | {f"{address}:{port}" for address in addresses}
    room = threading.Semaphore(_WAITING)
    request = flask.request

    def is_near() -> bool:
        return request.host in near and (request.remote_addr or "").startswith("127.")

    def refuse(name: str, status: HTTPStatus) -> flask.Response:
        if not is_near():
            entrance.refused(request.remote_addr or "")
        return _page(door(_say(f"{name}-title"), _say(f"{name}-text")), status)

    @app.before_request
    def guard() -> flask.Response | None:
        if request.host not in named:
            # A foreign name that was made to lead here (DNS rebinding).
            return refuse("wrong", HTTPStatus.MISDIRECTED_REQUEST)
        known = is_near() or entrance.admits(request.cookies.get(COOKIE))
        if not known and entrance.must_wait(request.remote_addr or ""):
            return refuse("many", HTTPStatus.TOO_MANY_REQUESTS)
        posts = request.path.startswith(ENTRANCE) or (request.path == LINK and is_near())
        if request.method not in _METHODS or (request.method == "POST" and not posts):
            return refuse("wrong", HTTPStatus.METHOD_NOT_ALLOWED)
        if known or request.path.startswith(ENTRANCE):
            return None
        return refuse("unknown", HTTPStatus.FORBIDDEN)

    @app.after_request
    def mark(response: flask.Response) -> flask.Response:
        response.headers.update(_HEADERS)
        return response

    @app.route(f"{ENTRANCE}<token>", methods=["GET", "POST"], provide_automatic_options=False)
    def enter(token: str) -> flask.Response:
        state = entrance.state(token)
        if state != "open":
            return refuse(state, HTTPStatus.FORBIDDEN if state == "unknown" else HTTPStatus.GONE)
        if request.method != "POST":
            # Programs that look at links before people do must not use them up.
            words = {"action": request.path, "button": _say("door-button")}
            return _page(door(_say("door-title"), _say("door-text"), **words))
        secret = entrance.enter(token)
        if secret is None:
            return refuse("used", HTTPStatus.GONE)
        answer = flask.redirect(show.pages.first(), HTTPStatus.SEE_OTHER)
        answer.set_cookie(COOKIE, secret, httponly=True, samesite="Strict")
        return _made(answer)

    @app.route(LINK, methods=["GET", "POST"], provide_automatic_options=False)
    def link() -> flask.Response:
        if not is_near():
            return refuse("unknown", HTTPStatus.FORBIDDEN)
        title = _say("link-title")
        if not addresses:
            return _page(door(title, _say("link-closed")))
        again = {"action": LINK, "button": _say("link-button"), "key": entrance.form_key}
        if request.method != "POST":
            return _page(door(title, _say("link-text"), **again))
        if request.form.get("key") != entrance.form_key:
            return refuse("wrong", HTTPStatus.FORBIDDEN)
        first = links(addresses, port, entrance.new_link())[0]
        code = codes.as_svg(first, inline=True)
        return _page(door(title, _say("link-made", url=first), **again, code=code))

    @app.get(WAIT, provide_automatic_options=False)
    def wait() -> flask.Response:
        pause = 0
        if room.acquire(blocking=False):
            try:
                version = show.wait(request.args.get("versi", ""), _WAIT_SECONDS)
            finally:
                room.release()
        else:
            version, pause = show.version, 1_000
        return flask.jsonify({"versi": version, "jeda": pause})

    @app.get("/", defaults={"path": ""}, provide_automatic_options=False)
    @app.get("/<path:path>", provide_automatic_options=False)
    def anything(path: str) -> flask.Response:
        url = f"/{path}"
        pages = show.for_address(url)
        if pages is None:
            return _page(show.pages.coming(url), HTTPStatus.SERVICE_UNAVAILABLE)
        if not url.endswith("/") and pages.has(f"{url}/"):
            return _made(flask.redirect(f"{url}/", HTTPStatus.FOUND))
        try:
            if (found := pages.file(url)) is not None:
                return _file(*found)
            status, html = pages.html(url)
        except (KeyError, OSError, SopError):
            # A file went away between the plan and this moment, or cannot be read.
            return _page(pages.failed(url), HTTPStatus.INTERNAL_SERVER_ERROR)
        return _page(html, status)

    @app.errorhandler(Exception)
    def broken(error: Exception) -> flask.Response:
        status = int(getattr(error, "code", None) or HTTPStatus.INTERNAL_SERVER_ERROR)
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            app.logger.error("%s: %r", type(error).__name__, request.path)
            return _page(show.pages.failed(request.path), status)
        return refuse("wrong", HTTPStatus(status))

    return app


def server(app: flask.Flask, sockets: Sequence[socket.socket]) -> Any:
    """The running server over sockets that listen already; ``run()`` returns when it is interrupted."""
    # That a request waits a moment for a thread is no news for an operator.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    return waitress.create_server(app, sockets=list(sockets), **_LIMITS)


def _say(code: str, **values: object) -> str:
    return say(LANGUAGE, f"preview-{code}", **values)


def _made(response: Any) -> flask.Response:
    assert isinstance(response, flask.Response)
    return response


def _page(html: str, status: int = HTTPStatus.OK) -> flask.Response:
    return flask.Response(html, int(status), content_type=_HTML)


def _file(name: str, data: bytes) -> flask.Response:
    ending = name.rpartition(".")[2].lower()
    kind = _TYPES.get(ending) or mimetypes.types_map.get(f".{ending}", "application/octet-stream")
    response = flask.Response(data, content_type=kind)
    if ending == "svg":
        response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    # Telephones ask for a film in pieces.
    return _made(response.make_conditional(flask.request, accept_ranges=True, complete_length=len(data)))
