"""Files: really what their names say, small enough, without metadata, nothing that runs or hides."""

from collections.abc import Iterator

from sop_site.answers import Finding
from sop_site.content import url_of
from sop_site.likeness import nearest
from sop_site.rules.inputs import MediaFacts, PageInput, Rule

PICTURE_BYTES = 500_000
PICTURE_SIDE = 2_400
DOCUMENT_BYTES = 5_000_000
FILM_BYTES = 20_000_000
_TYPES = {
    "jpg": "jpg", "png": "png", "webp": "webp", "svg": "svg", "pdf": "pdf", "mp4": "mp4", "vtt": "vtt",
    "docx": "docx", "xlsx": "xlsx",
}  # fmt: skip
_PICTURES = ("jpg", "png", "webp")
_OFFICE = ("docx", "xlsx")


def files_are_what_they_say(page: PageInput) -> Iterator[Finding]:
    """True type by content; office files only as files of a document."""
    folder = page.path.removesuffix("index.md")
    attached = {entry.file for entry in getattr(page.page, "files", ())}
    for name, facts in sorted(page.media.items()):
        path, ending = f"{folder}{name}", name.rpartition(".")[2]
        if facts.encrypted or facts.macros:
            yield Finding("media-is-closed", "error", path)
        elif _TYPES.get(ending) != facts.true_type or facts.true_type is None:
            yield Finding("media-other-type", "error", path, None, {"ending": ending})
        elif facts.problem is not None:
            yield Finding("media-not-whole", "error", path, None, {"problem": facts.problem})
        elif ending in _OFFICE:
            code, severity = (
                ("media-office-kept", "warning") if name in attached else ("media-office", "error")
            )
            yield Finding(code, severity, path)  # type: ignore[arg-type]


def files_are_clean_and_small(page: PageInput) -> Iterator[Finding]:
    """Metadata gone, sizes within limits."""
    folder = page.path.removesuffix("index.md")
    for name, facts in sorted(page.media.items()):
        path = f"{folder}{name}"
        if facts.has_metadata:
            yield Finding("media-has-metadata", "error", path)
        limit = _limit(facts)
        if limit is not None and facts.size > limit:
            yield Finding(
                "media-too-heavy", "error", path, None, {"size": facts.size // 1000, "limit": limit // 1000}
            )
        if facts.true_type in _PICTURES and max(facts.width or 0, facts.height or 0) > PICTURE_SIDE:
            yield Finding("media-too-large", "error", path, None, {"limit": PICTURE_SIDE})
        if facts.true_type == "pdf" and not facts.has_text and facts.problem is None:
            yield Finding("media-pdf-without-text", "warning", path)


def _limit(facts: MediaFacts) -> int | None:
    if facts.true_type in (*_PICTURES, "svg"):
        return PICTURE_BYTES
    return {"pdf": DOCUMENT_BYTES, "mp4": FILM_BYTES}.get(facts.true_type or "")


def files_are_not_public_elsewhere(page: PageInput) -> Iterator[Finding]:
    """The same bytes twice on a site are two things to keep up to date."""
    folder = page.path.removesuffix("index.md")
    for name, facts in sorted(page.media.items()):
        known = page.around.public_files.get(facts.fingerprint or "")
        if known is not None and known != f"{folder}{name}":
            yield Finding("media-already-public", "warning", f"{folder}{name}", None, {"known": known})


def pictures_are_not_public_in_another_version(page: PageInput) -> Iterator[Finding]:
    """A picture that the public knows in another size or cut: worth a link, or a newer photograph."""
    folder = page.path.removesuffix("index.md")
    others = [item for item in page.around.public_likenesses.items() if not item[0].startswith(folder)]
    for name, facts in sorted(page.media.items()):
        if facts.likeness is None or facts.fingerprint in page.around.public_files:
            continue
        if known := nearest(facts.likeness, others):
            place, _, _ = known.rpartition("/")
            values = {"known": known, "page": url_of(f"{place}/index.md")}
            yield Finding("media-near-duplicate", "warning", f"{folder}{name}", None, values)


RULES: tuple[Rule, ...] = (
    files_are_what_they_say,
    files_are_clean_and_small,
    files_are_not_public_elsewhere,
    pictures_are_not_public_in_another_version,
)
