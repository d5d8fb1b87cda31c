"""Values in the public's words."""

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from sop_site.plugins import words
from sop_site.plugins.words import Clock

WITA = Clock(ZoneInfo("Asia/Makassar"))


def test_moments_are_told_in_the_offices_own_zone() -> None:
    late = datetime(2026, 11, 23, 20, 5, tzinfo=UTC)

    assert WITA.moment(late) == "24 November 2026 pukul 04.05 WITA"
    assert WITA.day(late) == "24 November 2026"
    assert WITA.day(date(2026, 8, 17)) == "17 Agustus 2026"
    assert Clock(timezone(timedelta(hours=7))).moment(late) == "24 November 2026 pukul 03.05 WIB"
    assert Clock(timezone(timedelta(hours=1))).moment(late).endswith("UTC+0100")


def test_a_span_says_the_day_once_where_it_is_one() -> None:
    start = datetime(2026, 2, 10, 9, tzinfo=WITA.zone)

    assert WITA.span(start, start.replace(hour=12)) == "Selasa, 10 Februari 2026, pukul 09.00–12.00 WITA"
    assert WITA.span(start, start + timedelta(days=1)) == (
        "10 Februari 2026 pukul 09.00 WITA – 11 Februari 2026 pukul 09.00 WITA"
    )


@pytest.mark.parametrize(
    ("size", "told"), [(0, "1 KB"), (1499, "1 KB"), (999_999, "1000 KB"), (2_400_000, "2,4 MB")]
)
def test_sizes(size: int, told: str) -> None:
    assert words.size_text(size) == told


def test_what_is_not_filled_in_is_marked_in_text_and_never_in_a_tag() -> None:
    html = '<a title="belum diisi oleh kantor">belum diisi oleh kantor</a>'

    assert words.mark_unfilled(html) == (
        '<a title="belum diisi oleh kantor"><mark class="unfilled">belum diisi oleh kantor</mark></a>'
    )
    assert words.filled("<b> & belum diisi oleh kantor") == (
        '&lt;b&gt; &amp; <mark class="unfilled">belum diisi oleh kantor</mark>'
    )


def test_only_a_whole_web_address_becomes_a_link() -> None:
    assert words.linked("https://a.go.id/?x=1&y=2") == (
        '<a href="https://a.go.id/?x=1&amp;y=2">https://a.go.id/?x=1&amp;y=2</a>'
    )
    assert words.linked('https://a.go.id/"onclick="x') == (
        '<a href="https://a.go.id/&#34;onclick=&#34;x">https://a.go.id/&#34;onclick=&#34;x</a>'
    )
    assert "<a" not in words.linked("javascript:alert(1)")
    assert "<a" not in words.linked("lihat https://a.go.id")
