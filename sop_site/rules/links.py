"""Links: secure, leading somewhere, and saying where they lead."""

import re
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from sop_site.answers import Finding, Severity
from sop_site.content.markdown import Link
from sop_site.content.media import is_own
from sop_site.rules.inputs import PageInput, Rule

SHORTENERS = frozenset(
    {"bit.ly", "s.id", "tinyurl.com", "t.co", "goo.gl", "cutt.ly", "shorturl.at", "is.gd", "ow.ly", "rb.gy",
     "t.ly", "linktr.ee", "rebrand.ly", "tiny.cc", "shorturl.asia", "adf.ly", "buff.ly", "bit.do", "v.gd",
     "shorte.st", "lnkd.in", "shrtco.de", "intip.in", "lynk.id", "msha.ke", "taplink.cc", "bl.ink", "dub.sh",
     "gg.gg", "n9.cl", "soo.gd", "u.to", "short.gy", "cutt.us", "clck.ru"}
)  # fmt: skip
_SAYS_NOTHING = frozenset(
    {"klik di sini", "klik disini", "di sini", "disini", "selengkapnya", "baca selengkapnya", "klik", "link",
     "tautan", "here", "click here", "read more", "ini", "baca", "lihat", "lihat selengkapnya",
     "lihat di sini", "tautan ini", "link ini", "unduh", "download", "lanjut", "lebih lanjut", "more", "this",
     "this link",
     "berikut", "di bawah ini", "klik tautan ini", "klik link ini", "info selengkapnya", "detail"}
)  # fmt: skip
# Labels of letters, digits and dashes; the last one is no number, as in the address of a machine.
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]")
# Nothing that a browser leaves out or reads as something else, and nothing that cannot be seen.
_UNSEEN = re.compile(
    r"[\x00-\x20\x7f-\xa0\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2000-\u200f\u2028-\u202f"
    r"\u205f-\u206f\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff]"
)
_DIGITS = re.compile(r"\D+")
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{1,20}:\S+")
_MAILBOX = re.compile(r"[^\s:/?&=]{1,64}@")


def lead_somewhere(page: PageInput) -> Iterator[Finding]:
    """https, the office's own mail and telephone, site paths and fragments; nothing else."""
    links = [(link, False) for link in page.outline.links]
    for link, is_picture in [*links, *((picture, True) for picture in page.outline.pictures)]:
        if problem := _problem(page, link, is_picture=is_picture):
            code, severity = problem
            line = page.line_of(f"]({link.target}") or page.line_of(link.target)
            yield Finding(code, severity, page.path, line, {"target": _shown(link.target)})


def sources_are_safe(page: PageInput) -> Iterator[Finding]:
    """An address among the sources is drawn as a link and follows the same rules."""
    for number, source in enumerate(page.page.sources):
        if _ADDRESS.fullmatch(source) and (problem := _problem(page, Link(source, source), is_picture=False)):
            code, severity = problem
            line = page.head.line(("sources", number))
            yield Finding(code, severity, page.path, line, {"target": _shown(source)})


def _shown(target: str) -> str:
    """A target for an output that repeats nobody's address."""
    return _MAILBOX.sub("…@", target)[:200]


def _problem(page: PageInput, link: Link, *, is_picture: bool) -> tuple[str, Severity] | None:
    target = link.target
    if is_own(target):
        return None
    if is_picture:
        return "picture-from-elsewhere", "error"
    if _UNSEEN.search(target):
        return "link-kind-refused", "error"
    if target.startswith("#"):
        known = unquote(target[1:]) in page.outline.anchors
        return None if known else ("link-fragment-missing", "error")
    if target.startswith("/") and not target.startswith("//"):
        return _site_path(page, target)
    scheme = target.partition(":")[0].lower() if ":" in target else ""
    if scheme in ("mailto", "tel"):
        return None if _is_offices(page, scheme, target) else ("link-foreign-contact", "error")
    if scheme == "http":
        return "link-not-https", "error"
    if scheme != "https":
        return "link-kind-refused", "error"
    return _web(target)


def _web(target: str) -> tuple[str, Severity] | None:
    """An address of the web: a plain name in plain letters, which is where a browser goes, too."""
    try:
        parts = urlsplit(target)
        host = (parts.hostname or "").removesuffix(".").removeprefix("www.")
        port = parts.port
    except ValueError:
        return "link-kind-refused", "error"
    if "\\" in target or parts.username is not None or parts.password is not None or port == 0:
        return "link-kind-refused", "error"
    if not host.isascii() or "xn--" in host or "%" in host:
        return "link-host-disguised", "error"
    if not _HOST.fullmatch(host):
        return "link-kind-refused", "error"
    return ("link-shortened", "error") if host in SHORTENERS else None


def _site_path(page: PageInput, target: str) -> tuple[str, Severity] | None:
    path = unquote(target.partition("#")[0].partition("?")[0])
    around = page.around
    if path in around.addresses:
        return None
    if path.rstrip("/") + "/" in around.addresses:
        return "link-without-slash", "warning"
    return ("link-drafted-only", "warning") if path in around.drafted else ("link-dead", "error")


def _is_offices(page: PageInput, scheme: str, target: str) -> bool:
    settings = page.around.settings
    value = unquote(target.partition(":")[2].partition("?")[0])
    if scheme == "mailto":
        return value.lower() in {mail.lower() for mail in (settings.office.email, *settings.checks.emails)}
    known = {_plain_number(phone) for phone in (settings.office.phone, *settings.checks.phones)}
    return _plain_number(value) in known


def _plain_number(text: str) -> str:
    digits = _DIGITS.sub("", text)
    return "0" + digits[2:] if digits.startswith("62") else digits


def say_where_they_lead(page: PageInput) -> Iterator[Finding]:
    """A link's text alone tells where it leads."""
    for link in page.outline.links:
        words = " ".join(link.text.split()).strip(" .,:;!…*_»›→").lower()
        if not words or words in _SAYS_NOTHING:
            line = page.line_of(f"]({link.target}")
            yield page.error("link-says-nothing", line, text=words[:60] or "–")


RULES: tuple[Rule, ...] = (lead_somewhere, sources_are_safe, say_where_they_lead)
