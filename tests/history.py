"""Writes history as somebody with a clone and an editor of raw objects would: right by default.

One thing at a time is made wrong on request:

merge = history.merge(office, draft)                      →  a correct approval, not yet on publish
history.merge(office, draft, by=office.stranger)          →  one change at a time
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from pipeline import plumbing, signing
from sop_site.approval import commit as commits
from sop_site.approval import digests, entry, message, policy
from sop_site.approval.entry import Entry
from sop_site.approval.message import ApprovalTrailers
from sop_site.approval.policy import Policy
from tests.office import Office, Person

PUBLISH = "refs/heads/publish"
LEDGER = "refs/heads/ledger"


def content_digest(office: Office, commit: str) -> str:
    """The content digest, computed by stock git and hashlib alone."""
    return "sha256:" + _digest(office, office.git("rev-parse", f"{commit}^{{tree}}")).hex()


def _digest(office: Office, tree: str) -> bytes:
    whole = hashlib.sha256()
    for line in office.git("ls-tree", "-z", tree).split("\0"):
        if line:
            facts, name = line.split("\t", 1)
            mode, kind, oid = facts.split()
            child = _digest(office, oid) if kind == "tree" else hashlib.sha256(_blob(office, oid)).digest()
            whole.update(f"{mode} {name}\0".encode() + child)
    return whole.digest()


def _blob(office: Office, oid: str) -> bytes:
    return plumbing.run_git(["cat-file", "blob", oid], cwd=office.repo)


def trailers(office: Office, draft_tip: str, first: str, **changed: str) -> ApprovalTrailers:
    """The trailers of a correct approval of ``draft_tip`` onto ``first``, with single values changed."""
    genesis = office.git("rev-list", "--max-parents=0", "--first-parent", first)
    rules = plumbing.run_git(["cat-file", "blob", f"{first}:governance/policy.toml"], cwd=office.repo)
    ledger = office.git("for-each-ref", "--format=%(objectname)", LEDGER)
    right = ApprovalTrailers(
        sequence=office.git("rev-list", "--count", "--first-parent", first),
        ref=PUBLISH,
        genesis=genesis,
        draft=draft_tip,
        digest=content_digest(office, draft_tip),
        policy=digests.of_bytes(rules),
        ledger=ledger or message.NO_LEDGER,
    )
    return replace(right, **changed)


def sign(payload: bytes, key: Path, namespace: str = "git") -> str:
    """An armored SSHSIG by a key file."""
    return signing.from_file(key).sign(payload, namespace)


def payload(
    office: Office,
    draft_tip: str,
    *,
    by: Person | None = None,
    email: str | None = None,
    parents: Sequence[str] | None = None,
    tree: str | None = None,
    at: datetime | None = None,
    text: str | None = None,
    **changed: str,
) -> bytes:
    """What an approval signs."""
    person = by or office.head
    first = (parents or [office.tip("publish")])[0]
    office.now += timedelta(minutes=1)
    words = text or message.approval_message("Setujui", "", trailers(office, draft_tip, first, **changed))
    return commits.build_payload(
        tree=tree or office.git("rev-parse", f"{draft_tip}^{{tree}}"),
        parents=parents if parents is not None else [first, draft_tip],
        name=person.name,
        email=email or person.id,
        when=at or office.now,
        message=words,
    )


def merge(office: Office, draft: str, *, by: Person | None = None, **wrong: Any) -> str:
    """Store an approval of a draft (branch name or commit) and return its id; publish does not move."""
    tip = draft if len(draft) in (40, 64) else office.tip(f"draft/{draft}")
    signed = payload(office, tip, by=by, **wrong)
    return store(office, signed, sign(signed, (by or office.head).key))


def store(office: Office, signed: bytes, armor: str | None) -> str:
    """Store a commit with (or without) a signature header."""
    form = office.git("rev-parse", "--show-object-format")
    raw = signed if armor is None else commits.with_signature(signed, armor, form)
    return plumbing.write_raw_commit(office.repo, raw)


def publish(office: Office, commit: str) -> str:
    """Point publish at a commit, as a direct push would."""
    office.git("update-ref", PUBLISH, commit)
    return commit


def ledger_entry(
    office: Office,
    kind: str,
    *,
    by: Person | None = None,
    draft: str | None = None,
    data: Mapping[str, Any] | None = None,
    reason: str = "Alasan.",
    at: datetime | None = None,
    publish: str | None = None,
    **changed: Any,
) -> str:
    """Append an entry to the ledger by plumbing, correct unless told otherwise; returns its commit."""
    person = by or office.head
    office.now += timedelta(minutes=1)
    tip = office.git("for-each-ref", "--format=%(objectname)", LEDGER) or None
    listed = office.git("ls-tree", "--name-only", f"{tip}:entries").split() if tip else []
    previous = (
        digests.of_bytes(
            plumbing.run_git(["cat-file", "blob", f"{tip}:entries/{listed[-1]}"], cwd=office.repo)
        )
        if tip
        else None
    )
    written = Entry(
        sequence=len(listed) + 1, kind=kind, actor=person.id, at=at or office.now,
        publish=publish or office.tip("publish"), draft=draft, reason=reason, data=data or {},
        previous=previous,
    )  # fmt: skip
    written = replace(written, **changed)
    files = {entry.path(written): entry.entry_bytes(written)}
    tree = plumbing.write_tree(office.repo, tip, files)
    signed = commits.build_payload(
        tree=tree, parents=[tip] if tip else [], name=person.name, email=person.id, when=at or office.now,
        message=message.ledger_message(f"Catat {kind}", written.sequence),
    )  # fmt: skip
    commit = store(office, signed, sign(signed, person.key))
    office.git("update-ref", LEDGER, commit)
    return commit


def decision(office: Office, kind: str, draft: str, *, by: Person | None = None, **changed: Any) -> str:
    """A ``return``, ``reject`` or ``reopen`` of a draft's present tip."""
    tip = office.tip(f"draft/{draft}")
    data = {"content_digest": content_digest(office, tip)}
    return ledger_entry(office, kind, by=by, draft=tip, data=data, **changed)


def sighting(office: Office, tip: str, *, by: Person | None = None, **changed: Any) -> str:
    """A ``witness`` entry about ``tip``, seen as it is written; ``data`` replaces single values."""
    office.now += timedelta(minutes=1)
    moment = changed.pop("at", office.now)
    data = {
        "tip": tip,
        "first_seen": moment.isoformat(),
        "content_digest": content_digest(office, tip) if exists(office, tip) else "sha256:" + "0" * 64,
        "output_digest": "sha256:" + "0" * 64,
        **changed.pop("data", {}),
    }
    return ledger_entry(
        office, "witness", by=by or office.witness, data=data, reason="", at=moment, **changed
    )


def exists(office: Office, commit: str) -> bool:
    """Whether the repository has such a commit."""
    listed = office.git("cat-file", "--batch-check", data=f"{commit}\n".encode())
    return listed.split()[1] == "commit"


def policy_change(
    office: Office,
    change: Callable[[Policy], Policy],
    *,
    signed_by: Sequence[Person],
    files: Mapping[str, str | bytes | None] | None = None,
) -> str:
    """A draft with a new policy (and other protected files), signed by root persons; returns its id."""
    old_bytes = plumbing.run_git(["cat-file", "blob", "publish:governance/policy.toml"], cwd=office.repo)
    old = policy.parse(old_bytes)
    assert isinstance(old, policy.Policy)
    draft = f"kebijakan-{old.version + 1}"
    if files:
        office.writes(files, draft=draft)
    base = office.git("for-each-ref", "--format=%(objectname)", f"refs/heads/draft/{draft}")
    following = replace(
        change(old),
        version=old.version + 1,
        previous=digests.of_bytes(old_bytes),
        protected=protected_digest(office, base or office.tip("publish")),
    )
    data = policy.render(following)
    signatures = {
        f"governance/signatures/{number}.sig": sign(data, person.key, policy.NAMESPACE)
        for number, person in enumerate(signed_by, start=1)
    }
    standing = office.git("ls-tree", "-r", "--name-only", "publish", "governance/signatures").split()
    gone = dict.fromkeys(standing)
    office.writes({**gone, "governance/policy.toml": data, **signatures}, draft=draft)
    return draft


def protected_digest(office: Office, commit: str) -> str:
    """Digest over the root's entries other than content and governance, by stock git."""
    whole = hashlib.sha256()
    for line in office.git("ls-tree", "-z", commit).split("\0"):
        facts, _, name = line.partition("\t")
        if line and name not in ("content", "governance"):
            mode, kind, oid = facts.split()
            child = _digest(office, oid) if kind == "tree" else hashlib.sha256(_blob(office, oid)).digest()
            whole.update(f"{mode} {name}\0".encode() + child)
    return "sha256:" + whole.hexdigest()
