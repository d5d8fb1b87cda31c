"""The first page of a review filled in: what, how much, by whom, since when, and what may be done now."""

from datetime import datetime

from pipeline import policy_telling, telling
from pipeline.desk import Desk, printable
from pipeline.repository import Repository
from pipeline.reviews import Review
from sop_site.answers import count
from sop_site.approval import policy
from sop_site.messages import as_json
from sop_site.queue import APPROVED
from sop_site.review.drawing import discreet
from sop_site.review.sheet import Deed, Sheet, Told
from sop_site.review.values import Words

_MOST_NAMES = 100
_PLAIN_ID = "abcdefghijklmnopqrstuvwxyz0123456789-"


def sheet(desk: Desk, repo: Repository, review: Review, words: Words, age: int, now: datetime) -> Sheet:
    """What the head needs before he looks at any page."""
    row = review.row
    remarks = [telling.remark_line(desk, remark, words.zone) for remark in row.remarks]
    is_policy = policy.PATH in row.paths and row.state not in APPROVED
    foot = "tinjau-foot-approved" if row.state in APPROVED else "tinjau-foot"
    return Sheet(
        title=_shown(row.title),
        state=desk.say(f"state-{row.state}"),
        facts=_facts(desk, review, words, age),
        warnings=_warnings(desk, review),
        findings=_findings(desk, review),
        remarks=tuple(map(discreet, remarks)),
        policy=tuple(policy_telling.draft_lines(desk, repo, row.draft, words.zone)) if is_policy else (),
        other_files=_other_files(desk, review),
        more=_named(desk, list(review.more)),
        deeds=_deeds(desk, review),
        foot=desk.say(foot, at=words.moment(now), draft=_shown(row.draft.id), commit=row.draft.tip[:12]),
        is_urgent=review.is_grave,
    )


def counts(review: Review) -> dict[str, int]:
    """Pages of the whole draft by what becomes of them."""
    fates = [page.fate for page in review.pages]
    rest = {change.path: change.change for change in review.files if change.is_page}
    told = [rest.get(path, "changed") for path in review.more]
    gone = sum(fate in ("removed", "withdrawn") for fate in fates) + told.count("removed")
    new = fates.count("added") + told.count("added")
    return {"added": new, "removed": gone, "changed": len(fates) + len(told) - new - gone}


def _shown(text: str) -> str:
    return discreet(printable(text))


def _facts(desk: Desk, review: Review, words: Words, age: int) -> tuple[tuple[str, str], ...]:
    row = review.row
    told = [
        ("tinjau-office-label", words.settings.office.name),
        ("tinjau-draft-label", _shown(row.draft.id)),
        ("tinjau-state-label", desk.say(f"state-{row.state}")),
        ("tinjau-counts-label", desk.say("tinjau-counts-text", **counts(review))),
        ("tinjau-checks-label", desk.say("tinjau-checks-text", **count(review.findings))),
        ("tinjau-since-label", desk.say("tinjau-since-text", at=words.moment(row.since), days=age)),
        ("tinjau-authors-label", desk.say(
            "tinjau-authors-text", authors=", ".join(map(_shown, row.authors)) or "–"
        )),
    ]  # fmt: skip
    if row.submission:
        told.append(("tinjau-submitted-label", _shown(row.submission.by)))
        if row.submission.note:
            told.append(("tinjau-note-label", _shown(row.submission.note)))
    return tuple((desk.say(code), text) for code, text in told)


def _warnings(desk: Desk, review: Review) -> tuple[str, ...]:
    row, found = review.row, []
    if review.is_grave:
        found.append(desk.say("tinjau-alert-first"))
    if review.compared.is_merged:
        found.append(desk.say("tinjau-merged"))
    if row.conflicts:
        paths = ", ".join(_shown(path) for path in row.conflicts[:_MOST_NAMES])
        found.append(desk.say("tinjau-conflict", paths=paths))
    if errors := count(review.findings)["errors"]:
        found.append(desk.say("tinjau-errors", errors=errors))
    if removed := sum(
        change.change == "removed" and change.path not in review.forwarded for change in review.files
    ):
        found.append(desk.say("review-removals", count=removed))
    if any(change.is_protected for change in review.files):
        found.append(desk.say("review-protected"))
    found += [
        desk.say(note.code, **{name: _shown(str(value)) for name, value in note.values.items()})
        for note in review.links
    ]
    if review.more:
        found.append(desk.say("tinjau-more", count=len(review.more), draft=_shown(row.draft.id)))
    if review.unreached:
        found.append(desk.say("tinjau-unreached", count=len(review.unreached)))
    if not review.files:
        found.append(desk.say("review-nothing"))
    return tuple(found)


def _findings(desk: Desk, review: Review) -> tuple[Told, ...]:
    told = []
    for finding in sorted(review.findings, key=lambda one: one.severity != "error"):
        shown = as_json(desk.lang, finding)
        line = f":{finding.line}" if finding.line is not None else ""
        told.append(
            Told(
                finding.severity == "error", _shown(f"{shown['path']}{line}"), _shown(str(shown["message"])),
                _shown(str(shown["advice"])),
            )
        )  # fmt: skip
    return tuple(told)


def _other_files(desk: Desk, review: Review) -> tuple[str, ...]:
    """Changed files that belong to no page."""
    pages = {page.path.rpartition("/")[0] for page in review.pages}
    pages |= {path.rpartition("/")[0] for path in review.more}
    lines = [
        desk.say(
            f"review-{change.change}", path=_shown(change.path), before=change.before or 0,
            after=change.after or 0,
        )
        for change in review.files
        if "/".join(change.path.split("/")[:3]) not in pages and change.path not in review.forwarded
    ]  # fmt: skip
    return _named(desk, [*lines, *review.unreached])


def _named(desk: Desk, names: list[str]) -> tuple[str, ...]:
    shown = [_shown(name) for name in names[:_MOST_NAMES]]
    rest = len(names) - len(shown)
    return (*shown, *([desk.say("tinjau-more-names", count=rest)] if rest else []))


def _deeds(desk: Desk, review: Review) -> tuple[Deed, ...]:
    """What the head may do now; commands name the draft exactly."""
    row, reason = review.row, f'--reason "{desk.say("tinjau-reason-place")}"'
    draft = row.draft.id
    # A name with other letters would have to be quoted for a shell; nobody copies it from here.
    name = draft if draft and set(draft) <= set(_PLAIN_ID) else _shown(draft)
    preview = Deed(desk.say("tinjau-do-preview"), f"sop preview {name}")
    back = Deed(desk.say("tinjau-do-return"), f"sop return {name} {reason}")
    reject = Deed(desk.say("tinjau-do-reject"), f"sop reject {name} {reason}")
    if row.state in APPROVED:
        return (Deed(desk.say("tinjau-do-build"), "sop build && sop deploy"),)
    if row.state in ("returned", "rejected"):
        return (Deed(desk.say("tinjau-do-reopen"), f"sop reopen {name} {reason}"),)
    found = [preview]
    if row.state == "draft":
        found.append(Deed(desk.say("tinjau-do-submit"), f"sop submit {name}"))
    is_fit = not count(review.findings)["errors"] and not review.unreached
    if review.files and not row.conflicts and is_fit:
        code, more = ("tinjau-do-update", " --update") if row.stale else ("tinjau-do-approve", "")
        found.append(Deed(desk.say(code), f"sop approve {name}{more}"))
    return (*found, back, reject)
