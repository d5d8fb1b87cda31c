"""Insecure addresses in a page, and the same with https once somebody has asked the other side."""

import re
from collections.abc import Collection, Iterator

from sop_site.fixing import prose
from sop_site.fixing.manuscript import Manuscript, Repaired, Row, Step

_IN_BODY = re.compile(
    r"(?P<open>\]\(\s*<?|<|^ {0,3}\[[^\]]+\]:\s*<?)(?P<address>http://(?:[^\s<>()\"']|\([^\s<>()\"']*\))+)",
    re.I,
)
_IN_HEAD = re.compile(
    r"(?P<open>^website:\s*[\"']?|^\s*-\s+[\"']?|[\[,]\s*[\"']?)(?P<address>http://[^\s<>\"',\]]+)", re.I
)


def insecure_addresses(page: Manuscript) -> tuple[str, ...]:
    """``http://`` addresses that the page links to or names as a source, each once."""
    return tuple(dict.fromkeys(found["address"] for _, found in _places(page)))


def with_secure_addresses(page: Manuscript, answered: Collection[str]) -> Repaired:
    """The page with https in the addresses that answer there with the same page."""
    steps: list[Step] = []
    known = set(answered)

    def change(found: re.Match[str]) -> str:
        address = found["address"]
        return found["open"] + ("https" + address[4:] if address in known else address)

    def changed(row: Row, pattern: re.Pattern[str], *, open_to: bool) -> Row:
        text = pattern.sub(change, row.text) if open_to else row.text
        if text != row.text:
            steps.append(Step("fix-https", row.number, row.text, text))
        return Row(row.number, text)

    if page.end is None:
        return page, []
    head = [changed(row, _IN_HEAD, open_to=True) for row in page.head]
    parts = zip(page.body, prose.parts(page.body), strict=True)
    body = [changed(row, _IN_BODY, open_to=part not in ("code", "blank")) for row, part in parts]
    return page.with_head(head).with_body(body), steps


def _places(page: Manuscript) -> Iterator[tuple[int, re.Match[str]]]:
    for row in page.head:
        yield from ((row.number, found) for found in _IN_HEAD.finditer(row.text))
    for row, part in zip(page.body, prose.parts(page.body), strict=True):
        if part not in ("code", "blank"):
            yield from ((row.number, found) for found in _IN_BODY.finditer(row.text))
