"""One look at one address: redirects followed, content judged, one class for what was found."""

import ssl
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from urllib.parse import urljoin, urlsplit

from pipeline.probe.reach import Asker, Exchange, Fault, fetch
from sop_site.availability import ProbeSample, State
from sop_site.injection import suspicious
from sop_site.settings import ProbeTarget

MAX_REDIRECTS = 10
OK = "ok"
# Nobody could look: our own line or the name servers were silent. That is not the other side's failure.
UNKNOWN = frozenset({"dns-silent", "network"})
SUSPECT = frozenset({"gambling", "redirect-offsite"})


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """What one look found."""

    name: str
    url: str
    at: datetime
    kind: str
    """``ok``, ``slow`` or the class of the fault."""
    status: int | None = None
    phases: dict[str, int] = field(default_factory=dict)
    """Milliseconds, of the last exchange; ``whole`` is the time of all."""
    redirects: tuple[str, ...] = ()
    certificate_days: int | None = None
    size: int = 0
    """Bytes of the last answer's body."""

    @property
    def state(self) -> State:
        """Slow counts as up."""
        if self.kind in (OK, "slow"):
            return "up"
        return "unknown" if self.kind in UNKNOWN else "down"

    @property
    def sample(self) -> ProbeSample:
        """The same for availability and the ledger."""
        return ProbeSample(self.name, self.url, self.at, self.at, self.state, self.kind)

    def as_json(self) -> dict[str, object]:
        """For the results file and the command's answer."""
        found = asdict(self)
        found |= {"at": self.at.isoformat(timespec="seconds"), "redirects": list(self.redirects)}
        return found | {"state": self.state, "suspicious": self.kind in SUSPECT}


def look(
    target: ProbeTarget,
    at: datetime,
    *,
    agent: str,
    context: ssl.SSLContext | None = None,
    monotonic: Callable[[], float] = time.monotonic,
) -> ProbeResult:
    """Look once at ``target``. Never raises for what the other side does: every fault is a class."""
    began = monotonic()
    asker = Asker(context or ssl.create_default_context(), agent)
    exchange, chain = Exchange(), [target.url]
    try:
        while True:
            exchange = Exchange()
            fetch(chain[-1], exchange, asker, began + target.timeout_seconds)
            onward = _onward(exchange, chain)
            if onward is None:
                break
            chain.append(onward)
        kind = _judged(exchange, target)
    except Fault as fault:
        kind = fault.kind
    whole = round((monotonic() - began) * 1000)
    days = None
    if exchange.certificate_until is not None:
        days = int((exchange.certificate_until - at.timestamp()) // 86400)
    return ProbeResult(
        name=target.name,
        url=target.url,
        at=at,
        kind="slow" if kind == OK and whole > target.slow_ms else kind,
        status=exchange.status,
        phases=exchange.phases | {"whole": whole},
        redirects=tuple(chain[1:]),
        certificate_days=days,
        size=len(exchange.body),
    )


def _onward(exchange: Exchange, chain: list[str]) -> str | None:
    if exchange.status not in (301, 302, 303, 307, 308):
        return None
    if not exchange.location:
        raise Fault("redirect-broken")
    try:
        onward = urljoin(chain[-1], exchange.location)
        before, after = urlsplit(chain[0]), urlsplit(onward)
    except ValueError as error:
        raise Fault("redirect-broken") from error
    if after.scheme not in ("http", "https") or not after.hostname:
        raise Fault("redirect-broken")
    if onward in chain or len(chain) > MAX_REDIRECTS:
        raise Fault("redirect-loop")
    if not _same_house(before.hostname or "", after.hostname):
        raise Fault("redirect-offsite")
    if urlsplit(chain[-1]).scheme == "https" and after.scheme == "http":
        raise Fault("redirect-insecure")
    return onward


def _same_house(before: str, after: str) -> bool:
    """Whether a redirect stays with the same owner: the same host, or one below it, ``www.`` aside."""
    own, other = before.removeprefix("www."), after.removeprefix("www.")
    return other == own or other.endswith(f".{own}")


def _judged(exchange: Exchange, target: ProbeTarget) -> str:
    status = exchange.status or 0
    if status == 429:
        return "too-many"
    if 400 <= status < 600:
        return "http-4xx" if status < 500 else "http-5xx"
    if not 200 <= status < 300:
        return "http-other"
    if not exchange.body.strip():
        return "empty"
    text = _text(exchange)
    if suspicious(text):
        return "gambling"
    if target.keyword and target.keyword.casefold() not in text.casefold():
        return "keyword-missing"
    return OK


def _text(exchange: Exchange) -> str:
    _, _, charset = exchange.content_type.lower().partition("charset=")
    try:
        return exchange.body.decode(charset.split(";")[0].strip("\"' ") or "utf-8", "replace")
    except (LookupError, ValueError):
        return exchange.body.decode("utf-8", "replace")
