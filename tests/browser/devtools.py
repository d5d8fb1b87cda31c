"""Chromium spoken to through its own debugging pipe, with an authenticator that DevTools itself provides."""

import json
import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.browser import chromium

# Passkeys need a name, and of all names this one alone leads to this machine.
NEAR = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"
# A platform authenticator that knows its user by PIN or finger, and whose user always says yes.
AUTHENTICATOR = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


class Failed(Exception):
    """The browser or the page said no; the text is theirs."""


class Tab:
    """One page, driven by commands of the DevTools protocol; each answer is waited for."""

    def __init__(self, asking: int, answering: int) -> None:
        self._asking, self._answering = asking, answering
        self._rest, self._number, self._session = b"", 0, ""
        target = self.send("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]

    def send(self, method: str, **parameters: Any) -> dict[str, Any]:
        """One command and its result."""
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._asking, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == self._number:
                if "error" in answer:
                    raise Failed(answer["error"]["message"])
                return dict(answer["result"])

    def opens(self, url: str) -> None:
        """Go to a page and wait until it is loaded."""
        self.send("Page.enable")
        self.send("Page.navigate", url=url)
        while self._next().get("method") != "Page.loadEventFired":
            pass

    def runs(self, script: str) -> Any:
        """The value of a JavaScript expression, awaited."""
        done = self.send("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in done:
            raise Failed(done["exceptionDetails"]["exception"]["description"])
        return done["result"].get("value")

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            piece = os.read(self._answering, 65536)
            if not piece:
                raise Failed("the browser has closed")
            self._rest += piece
        message, _, self._rest = self._rest.partition(b"\0")
        return dict(json.loads(message))


@contextmanager
def tab() -> Iterator[Tab]:
    """A page in a browser of its own, with a profile that is thrown away."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        # Chromium reads commands from descriptor 3 and writes answers to 4; the shell moves them there.
        command = ["/bin/sh", "-c", 'exec "$@" 3<&0 4>&1 </dev/null >/dev/null', "sh", chromium.program()]
        switches = [*chromium.SWITCHES, NEAR, "--remote-debugging-pipe", f"--user-data-dir={profile}"]
        with subprocess.Popen(
            [*command, *switches],
            env={"PATH": os.environ["PATH"], "HOME": profile},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        ) as started:  # fmt: skip
            assert started.stdin is not None
            assert started.stdout is not None
            try:
                yield Tab(started.stdin.fileno(), started.stdout.fileno())
            finally:
                started.terminate()
