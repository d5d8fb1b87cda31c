"""A file's new name, wherever its page mentions the old one."""

import re
from collections.abc import Mapping
from urllib.parse import quote

from sop_site.fixing import prose
from sop_site.fixing.manuscript import Manuscript, Repaired, Row, Step


def with_new_names(page: Manuscript, names: Mapping[str, str]) -> Repaired:
    """The page with files named by their new names: in fields of the head, links and pictures of the body."""
    if page.end is None or not names:
        return page, []
    steps: list[Step] = []

    def changed(row: Row, *, in_head: bool) -> Row:
        text = row.text
        for old, new in names.items():
            for written in dict.fromkeys((old, quote(old))):
                text = _renamed(text, written, new, in_head=in_head)
        if text != row.text:
            steps.append(Step("fix-file-mention", row.number, row.text, text))
        return Row(row.number, text)

    head = [changed(row, in_head=True) for row in page.head]
    parts = zip(page.body, prose.parts(page.body), strict=True)
    body = [row if part in ("code", "blank") else changed(row, in_head=False) for row, part in parts]
    return page.with_head(head).with_body(body), steps


def _renamed(text: str, old: str, new: str, *, in_head: bool) -> str:
    name = re.escape(old)
    if in_head:
        return re.sub(
            rf"(:\s+|[\[,{{]\s*|-\s+)([\"']?){name}\2(?=\s*(?:[,\]}}]|$|\s#))", rf"\g<1>{new}", text
        )
    text = re.sub(rf"(\]\()\s*<?{name}>?(?=\s*\)|\s+[\"'])", rf"\g<1>{new}", text)
    return re.sub(rf"(^ {{0,3}}\[[^\]]+\]:\s*)<?{name}>?(?=\s|$)", rf"\g<1>{new}", text)
