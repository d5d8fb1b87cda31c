"""Feeds: Atom (RFC 4287) and JSON Feed 1.1 of the newest entries."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from xml.sax.saxutils import escape, quoteattr

from sop_site.plugins.shown import Shown

NEWEST = 20
"""Entries in a feed (content model, "Lists")."""
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def atom(entries: Sequence[Shown], *, title: str, base: str, path: str, page: str, author: str) -> str:
    """An Atom feed; ``path`` is its own address, ``page`` the list it follows, times are approvals'."""
    updated = max((entry.approval.time for entry in entries), default=_NEVER)
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="id">',
        f"<title>{escape(title)}</title>",
        f"<id>{escape(base + path)}</id>",
        f'<link rel="self" type="application/atom+xml" href={quoteattr(base + path)}/>',
        f'<link rel="alternate" type="text/html" href={quoteattr(base + page)}/>',
        f"<updated>{_rfc3339(updated)}</updated>",
        f"<author><name>{escape(author)}</name></author>",
    ]
    for entry in entries:
        address = base + entry.url
        lines += [
            "<entry>",
            f"<title>{escape(entry.page.title)}</title>",
            f"<id>{escape(base + entry.lasting_url)}</id>",
            f'<link rel="alternate" type="text/html" href={quoteattr(address)}/>',
            f"<published>{_rfc3339(entry.page.date)}</published>",
            f"<updated>{_rfc3339(entry.approval.time)}</updated>",
            *(f"<category term={quoteattr(t.id)} label={quoteattr(t.name)}/>" for t in entry.topics),
            f"<summary>{escape(entry.page.summary)}</summary>",
            f'<content type="html">{escape(_absolute(entry, base))}</content>',
            "</entry>",
        ]
    return "\n".join([*lines, "</feed>", ""])


def json_feed(entries: Sequence[Shown], *, title: str, base: str, path: str, page: str, author: str) -> str:
    """The same entries as a JSON Feed."""
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": title,
        "language": "id",
        "home_page_url": base + page,
        "feed_url": base + path,
        "authors": [{"name": author}],
        "items": [
            {
                "id": base + entry.lasting_url,
                "url": base + entry.url,
                "title": entry.page.title,
                "summary": entry.page.summary,
                "content_html": _absolute(entry, base),
                "date_published": _rfc3339(entry.page.date),
                "date_modified": _rfc3339(entry.approval.time),
                "tags": [topic.name for topic in entry.topics],
            }
            for entry in entries
        ],
    }
    return json.dumps(feed, ensure_ascii=False, indent=1) + "\n"


def _absolute(entry: Shown, base: str) -> str:
    """The body for readers elsewhere: site paths become whole addresses."""
    # As plain text: the escaping type would escape what is put in its place.
    html = str(entry.html)
    return html.replace('href="/', f'href="{base}/').replace('src="/', f'src="{base}/')


def _rfc3339(value: datetime) -> str:
    return value.isoformat(timespec="seconds")
