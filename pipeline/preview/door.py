"""Who is let in: a link that works once, for a while, and then a cookie for that one browser.

Secrets are kept as digests and compared in constant time; nothing is stored outside this process.
"""

import hashlib
import hmac
import secrets
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

MINUTES = 10
"""How long a link can be used."""
BROWSERS = 20
"""How many browsers may be in at once; the one that came first leaves for another."""
_TRIES, _WINDOW = 20, 60.0
"""Refused requests of one address within so many seconds before it is told to wait."""
_ADDRESSES = 1_000
_REMEMBERED = 50
_BYTES = 24
"""192 bits."""
State = Literal["open", "used", "ended", "unknown"]


@dataclass(frozen=True, slots=True)
class _Link:
    digest: bytes
    until: float


class Door:
    """One run's links and cookies; ``clock`` counts seconds and never goes back."""

    def __init__(
        self,
        clock: Callable[[], float],
        token: Callable[[], str] = lambda: secrets.token_urlsafe(_BYTES),
    ) -> None:
        self._clock, self._token = clock, token
        self._lock = threading.Lock()
        self._link: _Link | None = None
        self._used: deque[bytes] = deque(maxlen=_REMEMBERED)
        self._ended: deque[bytes] = deque(maxlen=_REMEMBERED)
        self._browsers: deque[bytes] = deque(maxlen=BROWSERS)
        self._refused: dict[str, deque[float]] = {}
        self.form_key = token()
        """Stands in forms of pages on this machine, so that no foreign page can send them."""

    def new_link(self) -> str:
        """A fresh token; an earlier one that nobody used is worth nothing any more."""
        token = self._token()
        with self._lock:
            if self._link is not None:
                self._ended.append(self._link.digest)
            self._link = _Link(_digest(token), self._clock() + MINUTES * 60)
        return token

    def state(self, token: str) -> State:
        """What became of a token; looking at it does not use it up."""
        with self._lock:
            return self._state(_digest(token))

    def enter(self, token: str) -> str | None:
        """Use a token up for a cookie's secret; ``None`` where it is not open."""
        digest = _digest(token)
        with self._lock:
            if self._state(digest) != "open":
                return None
            self._link = None
            self._used.append(digest)
            secret = self._token()
            self._browsers.append(_digest(secret))
            return secret

    def admits(self, cookie: str | None) -> bool:
        """Whether a browser was let in."""
        return cookie is not None and _among(_digest(cookie), self._browsers)

    def refused(self, address: str) -> None:
        """Remember that something from this address was refused."""
        with self._lock:
            if address not in self._refused and len(self._refused) >= _ADDRESSES:
                self._refused.pop(next(iter(self._refused)))
            self._refused.setdefault(address, deque(maxlen=_TRIES)).append(self._clock())

    def must_wait(self, address: str) -> bool:
        """Whether so much was refused lately that this address is not answered for now."""
        with self._lock:
            tries = self._refused.get(address)
            return tries is not None and len(tries) >= _TRIES and self._clock() - tries[0] < _WINDOW

    def _state(self, digest: bytes) -> State:
        if self._link is not None and hmac.compare_digest(self._link.digest, digest):
            return "open" if self._clock() < self._link.until else "ended"
        if _among(digest, self._used):
            return "used"
        return "ended" if _among(digest, self._ended) else "unknown"


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "replace")).digest()


def _among(digest: bytes, known: deque[bytes]) -> bool:
    """Whether it is one of them; each is compared, so that the time tells nothing."""
    found = False
    for one in tuple(known):
        found |= hmac.compare_digest(one, digest)
    return found
