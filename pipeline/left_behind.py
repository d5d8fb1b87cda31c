"""What a draft's own history would publish beside its last state: earlier versions stay in git for good.

An approval makes every commit of the draft part of ``publish``, which anybody may clone. So what a check
refused, and the operator then mended, must not lie in an earlier commit.
"""

from collections.abc import Iterator

from pipeline.media import measure
from pipeline.objects import GitObjects
from pipeline.repository import Repository
from sop_site.answers import Finding
from sop_site.approval.commit import format_of
from sop_site.approval.store import StoreFault
from sop_site.content.places import MEDIA_NAME
from sop_site.rules import personal_data
from sop_site.rules.disguises import readable
from sop_site.rules.secrets import holds_secret
from sop_site.settings import Settings

_TEXTS = ("md", "vtt", "txt", "toml", "yml", "json", "svg", "csv")


def findings(repo: Repository, tip: str) -> tuple[Finding, ...]:
    """Errors for files that only earlier commits of a draft hold, and for private keys anywhere in it."""
    publish, settings = repo.publish(), repo.settings()
    standing = set(repo.blobs(tip).values())
    words = ["rev-list", "--objects", "--filter=object:type=blob", "--filter-provided-objects"]
    listed = repo.ask(*words, tip, f"^{publish}").decode("utf-8", "surrogateescape")
    found: list[Finding] = []
    with GitObjects(repo.path, format_of(tip)) as store:
        for line in listed.splitlines():
            oid, _, path = line.partition(" ")
            shown = path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
            try:
                found += _judged(shown, store.blob(oid), settings, earlier=oid not in standing)
            except StoreFault:
                # Too large to be read: the tree policy refuses it as a public file, and here it is no better.
                found.append(Finding("history-unfit", "error", shown))
    return tuple({(item.code, item.path): item for item in found}.values())


def _judged(path: str, data: bytes, settings: Settings, *, earlier: bool) -> Iterator[Finding]:
    if holds_secret(data):
        yield Finding("secret-in-file", "error", path)
    elif earlier and _is_unfit(path, data, settings):
        yield Finding("history-unfit", "error", path)


def _is_unfit(path: str, data: bytes, settings: Settings) -> bool:
    """Whether an earlier version holds personal data or metadata that cleaning would have removed."""
    name = path.rpartition("/")[2]
    if name.rpartition(".")[2].lower() in _TEXTS or b"\0" not in data[:4096]:
        return _is_personal(data.decode("utf-8", "replace"), settings)
    if not MEDIA_NAME.fullmatch(name.lower()):
        return True
    facts = measure({name.lower(): data})[name.lower()]
    return bool(facts.get("has_metadata")) or _is_personal(str(facts.get("text") or ""), settings)


def _is_personal(text: str, settings: Settings) -> bool:
    return any(
        item.severity == "error" for item in personal_data.find(readable(text), settings, nip_allowed=True)
    )
