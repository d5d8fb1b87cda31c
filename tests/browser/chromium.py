"""Chromium without a window: pages looked at over loopback, through a frame as wide as a telephone."""

import functools
import http.server
import json
import os
import re
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

PROBE = "/__lihat"
# No switch that leaves this machine: the browser has nothing to fetch but our pages.
SWITCHES = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-dev-shm-usage", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--enable-logging=stderr",
)  # fmt: skip
_RESULT = re.compile(r'<pre id="hasil">(.*?)</pre>', re.DOTALL)
_CONSOLE = re.compile(r":CONSOLE[^\n]*")
# Opens each address in a frame of each width, in turn, and writes down what it measures there.
_LOOKING = """<!doctype html><meta charset="utf-8"><iframe id="bingkai" height="800"></iframe>
<pre id="hasil"></pre><script>
(async () => {
  const found = [], frame = document.getElementById("bingkai");
  for (const [url, width] of __TASKS__) {
    frame.width = width;
    await new Promise(done => { frame.onload = done; frame.src = url; });
    const page = frame.contentDocument, root = page.documentElement;
    found.push({url, width, wide: root.scrollWidth, title: page.title,
      heading: page.querySelector("h1")?.getBoundingClientRect().height || 0,
      ink: frame.contentWindow.getComputedStyle(page.body).color,
      small: [...page.querySelectorAll("a[href], summary")].filter(one => {
        const box = one.getBoundingClientRect();
        const inText = one.closest("p, h2, h3, figcaption, td, dd, .text li");
        return box.height > 0 && box.height < 24 && !inText;
      }).map(one => one.textContent.trim()),
      broken: [...page.images].filter(one => one.loading !== "lazy" && !one.naturalWidth).map(one => one.src),
      asked: frame.contentWindow.performance.getEntriesByType("resource").map(one => one.name)});
  }
  document.getElementById("hasil").textContent = JSON.stringify(found);
  document.title = "selesai";
})();
</script>"""


def program() -> str:
    """The browser; without one the test is skipped loudly, or fails where everything is required."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        if os.environ.get("SOP_REQUIRE_ALL") == "1":
            pytest.fail("Chromium is required (SOP_REQUIRE_ALL=1) and was not found")
        pytest.skip("NOT TESTED: Chromium was not found")
    return found


class _Server(http.server.SimpleHTTPRequestHandler):
    tasks: Sequence[tuple[str, int]] = ()

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        if urlsplit(self.path).path != PROBE:
            super().do_GET()
            return
        data = _LOOKING.replace("__TASKS__", json.dumps(list(self.server.tasks))).encode()  # type: ignore[attr-defined]
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


@contextmanager
def serving(folder: Path) -> Iterator[http.server.ThreadingHTTPServer]:
    """A site on a free loopback port."""
    handler = functools.partial(_Server, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def run(url: str, *switches: str) -> subprocess.CompletedProcess[str]:
    """One start of the browser, with a profile that is thrown away."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        return subprocess.run(
            [
                program(),
                *SWITCHES,
                f"--user-data-dir={profile}",
                "--virtual-time-budget=60000",
                *switches,
                url,
            ],
            env={"PATH": os.environ["PATH"], "HOME": profile},
            capture_output=True,
            text=True,
            timeout=120,
        )


def look(
    site: Path, tasks: Sequence[tuple[str, int]], *switches: str
) -> tuple[list[dict[str, Any]], list[str]]:
    """What was measured for each (address, width), and what the browser's console said."""
    with serving(site) as server:
        server.tasks = tasks  # type: ignore[attr-defined]
        done = run(
            f"http://127.0.0.1:{server.server_port}{PROBE}", "--window-size=1400,900", "--dump-dom", *switches
        )
    written = _RESULT.search(done.stdout)
    assert written is not None, done.stderr[-2000:]
    assert written[1], "the browser did not get through all pages"
    return json.loads(unescape(written[1])), _CONSOLE.findall(done.stderr)
