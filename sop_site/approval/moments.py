"""Days and moments as people give them on the command line, for terms that a policy writes to the second."""

import re
from datetime import date, datetime, time, timedelta, timezone, tzinfo

from sop_site.approval.entry import EntryMalformed, instant
from sop_site.errors import AnswerIsNo

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def first_moment(text: str, zone: tzinfo) -> datetime:
    """RFC 3339 as it stands, or the beginning of a day in the office's zone; ``AnswerIsNo`` for neither."""
    return _moment(text, zone, timedelta())


def end_moment(text: str, zone: tzinfo) -> datetime:
    """RFC 3339 as it stands, or the end of a day: whoever serves until the 30th serves on the 30th."""
    return _moment(text, zone, timedelta(days=1))


def in_zone(moment: datetime, zone: tzinfo) -> datetime:
    """The moment with the zone's offset alone: a policy is read by programs that know no time zones."""
    local = moment.astimezone(zone)
    return local.replace(tzinfo=timezone(local.utcoffset() or timedelta()))


def shown(moment: datetime, zone: tzinfo) -> datetime:
    """The moment as readers in the zone see it; at the calendar's two ends, with its own offset.

    A policy may name the first day of year 1 or the last of 9999, which other zones do not have.
    """
    try:
        return moment.astimezone(zone)
    except OverflowError:
        return moment


def _moment(text: str, zone: tzinfo, later: timedelta) -> datetime:
    try:
        if _DAY.fullmatch(text):
            return in_zone(datetime.combine(date.fromisoformat(text) + later, time(), zone), zone)
        return instant(text)
    except (EntryMalformed, ValueError, OverflowError) as error:
        raise AnswerIsNo("policy-moment-malformed", moment=text) from error
