"""What search engines ask for: the site map with the approvals' times, and robots.txt."""

from collections.abc import Iterable
from datetime import datetime
from xml.sax.saxutils import escape


def sitemap(addresses: Iterable[tuple[str, datetime | None]], base: str) -> str:
    """``/sitemap.xml``: every page's path, with the time of its approval where it has one of its own."""
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">',
    ]
    for path, time in addresses:
        modified = f"<lastmod>{time.isoformat(timespec='seconds')}</lastmod>" if time else ""
        lines.append(f"<url><loc>{escape(base + path)}</loc>{modified}</url>")
    return "\n".join([*lines, "</urlset>", ""])


def robots(base: str, *, demonstration: bool) -> str:
    """``/robots.txt``; a demonstration asks all machines to stay away."""
    if demonstration:
        return "User-agent: *\nDisallow: /\n"
    return f"User-agent: *\nAllow: /\nSitemap: {base}/sitemap.xml\n"
