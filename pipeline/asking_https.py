"""Asks whether an address that is written with ``http`` answers over https with the same page.

One answer counts as a yes: both ways end well, on the same host, and show the same. Everything else leaves
the link to a person. Machines of a house's own network are never asked, for the address was written by
somebody else.
"""

import html
import ipaddress
import re
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urljoin, urlsplit

from pipeline.probe.reach import Asker, Exchange, Fault, fetch

Said = Literal["same", "other", "silent"]

MAX_REDIRECTS = 3
_SECONDS = 8.0
_BYTES = 2 * 1024 * 1024
_AGENT = "sop-site (pemeriksa tautan)"
_SILENT = frozenset({"dns-silent", "network", "dns", "timeout", "unreachable"})
_TITLE = re.compile(r"<title[^>]*>(.*?)</title>", re.I | re.S)
_UNREAD = re.compile(r"<(script|style|noscript|template)\b.*?</\1>|<!--.*?-->", re.I | re.S)
_TAG = re.compile(r"<[^>]*>")
_ALIKE = 0.9
"""Share of words that two answers of one page have in common; the rest are clocks, counters and adverts."""


def is_public(address: str) -> bool:
    """Whether a number belongs to the open network, and not to this machine or a house's own network."""
    try:
        number = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    return number.is_global and not number.is_multicast


def secure_form(url: str) -> str | None:
    """The same address with https; ``None`` for one with a port of its own, of which https knows nothing."""
    try:
        parts = urlsplit(url)
        if parts.port not in (None, 80) or not parts.hostname or "@" in parts.netloc:
            return None
    except ValueError:
        return None
    return parts._replace(scheme="https", netloc=parts.netloc.removesuffix(":80")).geturl()


@dataclass(frozen=True, slots=True)
class Asking:
    """How the other side is asked; tests give what leads to their own servers."""

    context: ssl.SSLContext = field(default_factory=ssl.create_default_context)
    may_reach: Callable[[str], bool] = is_public
    secure: Callable[[str], str | None] = secure_form
    seconds: float = _SECONDS


def answers_the_same(url: str, asking: Asking) -> Said:
    """What an ``http`` address says over https: the same page, another (or a fault), or nobody could ask."""
    secure = asking.secure(url)
    if secure is None:
        return "other"
    asker = Asker(asking.context, _AGENT, limit=_BYTES, may_reach=asking.may_reach)
    deadline = time.monotonic() + asking.seconds
    try:
        over_https, _ = _followed(secure, asker, deadline, secure_only=True)
        plainly, chain = _followed(url, asker, deadline, secure_only=False)
    except Fault as fault:
        return "silent" if fault.kind in _SILENT else "other"
    if over_https.status != 200 or plainly.status != 200:
        return "other"
    # A server that sends everybody on to https has said itself that this is the page's address.
    return "same" if secure in chain or _alike(plainly, over_https) else "other"


def _followed(url: str, asker: Asker, deadline: float, *, secure_only: bool) -> tuple[Exchange, list[str]]:
    """The answer behind a few redirects on one host."""
    chain = [url]
    while True:
        exchange = Exchange()
        fetch(chain[-1], exchange, asker, deadline)
        if exchange.status not in (301, 302, 303, 307, 308):
            return exchange, chain
        onward = urljoin(chain[-1], exchange.location or "")
        try:
            before, after = urlsplit(url), urlsplit(onward)
        except ValueError as error:
            raise Fault("redirect-broken") from error
        if after.hostname != before.hostname or (secure_only and after.scheme != "https"):
            raise Fault("redirect-offsite")
        if onward in chain or len(chain) > MAX_REDIRECTS:
            raise Fault("redirect-loop")
        chain.append(onward)


def _alike(one: Exchange, other: Exchange) -> bool:
    if one.body == other.body and one.body:
        return True
    if "html" not in one.content_type.lower() or "html" not in other.content_type.lower():
        return False
    first, second = _text(one), _text(other)
    titles = [" ".join(html.unescape(found[1]).split()) if (found := _TITLE.search(text)) else ""
              for text in (first, second)]  # fmt: skip
    words = [set(_TAG.sub(" ", _UNREAD.sub(" ", text)).split()) for text in (first, second)]
    together = words[0] | words[1]
    return titles[0] == titles[1] != "" and len(words[0] & words[1]) >= _ALIKE * len(together)


def _text(exchange: Exchange) -> str:
    return exchange.body.decode("utf-8", "replace")
