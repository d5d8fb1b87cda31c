"""What is known of the files that are public: how pictures look, and what texts files hold; learned once."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

from pipeline import media_facts
from pipeline.media_facts import Wanted
from pipeline.media_memory import MediaMemory
from sop_site.content.places import MEDIA_NAME

LOOKS, TEXTS = "looks", "texts"
_PICTURES = ("jpg", "png", "webp")
_AT_ONCE = 96
_WITHOUT_MEMORY = 100
"""Pictures that are looked at again each time where nothing can be remembered: those that came last."""

Read = Callable[[str], bytes]
Advance = Callable[[int], None]


def looks(
    files: Mapping[str, str], read: Read, memory: MediaMemory, advance: Advance = lambda _n: None
) -> dict[str, str]:
    """What each picture among ``files`` (path → blob id) looks like, by path."""
    pictures = {path: oid for path, oid in files.items() if _is_picture(path)}
    if not memory.is_kept:
        newest = sorted(pictures, key=_day_of, reverse=True)[:_WITHOUT_MEMORY]
        pictures = {path: pictures[path] for path in newest}
    known = memory.known(LOOKS, pictures.values())
    news = {oid: path for path, oid in pictures.items() if oid not in known}
    for part in _parts(news):
        wanted = {oid: Wanted(path.rpartition("/")[2], partial(read, path)) for oid, path in part.items()}
        told = media_facts.measured(wanted, memory, advance)
        known |= _learned(memory, LOOKS, told, {oid: facts.get("likeness") for oid, facts in told.items()})
    return {path: look for path, oid in pictures.items() if isinstance(look := known.get(oid), str)}


def texts(
    files: Mapping[str, str], read: Read, memory: MediaMemory, advance: Advance = lambda _n: None
) -> dict[str, str]:
    """What files (path → blob id) say, by blob id."""
    known: dict[str, str] = memory.known(TEXTS, files.values())
    news = {oid: path for path, oid in files.items() if oid not in known}
    for part in _parts(news):
        wanted = {oid: Wanted(path.rpartition("/")[2], partial(read, path)) for oid, path in part.items()}
        told = media_facts.measured(wanted, memory, advance)
        said = {oid: " ".join(str(facts.get("text") or "").split()) for oid, facts in told.items()}
        known |= _learned(memory, TEXTS, told, said)
    return known


def _learned(
    memory: MediaMemory, kind: str, told: Mapping[str, Mapping[str, Any]], values: Mapping[str, Any]
) -> Mapping[str, Any]:
    """The values, remembered; not of a file that no child could tell of today."""
    memory.learn(kind, {oid: values[oid] for oid, facts in told.items() if media_facts.was_answered(facts)})
    return values


def _parts(news: Mapping[str, str]) -> Iterable[dict[str, str]]:
    """A few at a time, so that a run that is stopped has not worked in vain."""
    rows = list(news.items())
    return (dict(rows[start : start + _AT_ONCE]) for start in range(0, len(rows), _AT_ONCE))


def _is_picture(path: str) -> bool:
    name = path.rpartition("/")[2]
    return MEDIA_NAME.fullmatch(name) is not None and name.rpartition(".")[2] in _PICTURES


def _day_of(path: str) -> str:
    """The day in a page's id; pages without one come last."""
    folder = path.split("/")[-2]
    return folder[:10] if folder[:4].isdigit() else ""
