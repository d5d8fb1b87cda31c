"""What all commands that change the policy have in common: propose, show, ask, write and sign, tell."""

from collections.abc import Callable, Sequence
from datetime import datetime, tzinfo
from pathlib import Path

from pipeline import policy_drafts, policy_making, policy_signing, policy_telling
from pipeline.desk import Answer, Desk
from pipeline.policy_making import Amend
from pipeline.policy_reading import Reading
from pipeline.references import DraftRef
from pipeline.repository import Repository
from sop_site.answers import Finding
from sop_site.approval import outlook
from sop_site.errors import AnswerIsNo
from sop_site.rules import personal_data

Prepare = Callable[[Repository, datetime], Amend]
"""The change that was asked for, once repository and time are known."""


def change(
    desk: Desk,
    prepare: Prepare,
    *,
    draft: str | None,
    key: Path | None,
    yes: bool,
    save_edits: bool = False,
) -> Answer:
    """One change of policy on a draft, signed with the key at hand."""
    now = desk.clock()
    with Repository(desk.repo()) as repo:
        zone = repo.settings().office.zone
        made = policy_making.propose(repo, prepare(repo, now), draft=draft, at=now, save_edits=save_edits)
        name = made.place.name
        if made.reading is None or made.refusals:
            data = {"draft": name, "version": made.version, "refusals": desk.shown(made.refusals)}
            return Answer(False, data, desk.told(made.refusals))
        findings = outlook.warnings(made.reading.new, now, made.reading.old)
        signers = policy_signing.signers_for(repo, made.reading, key)
        preview = [
            desk.say("policy-draft", draft=name, version=made.version),
            *policy_telling.change_lines(desk, made.reading, zone),
            *desk.told(findings),
        ]
        if not _is_agreed(desk, "policy-write-ask", yes, preview):
            return Answer(False, {"draft": name}, [desk.say("policy-not-written")])
        written = policy_making.write(repo, made, signers, now)
        reading = policy_signing.read(repo, written)
    lines = [
        *preview[1:],
        desk.say("policy-written", draft=name, version=made.version),
        *([] if signers else [desk.say("policy-unsigned")]),
        *policy_telling.signature_lines(desk, reading),
        next_step(desk, name, reading),
    ]
    return Answer(True, _data(desk, written, reading, zone, findings), lines)


def sign(desk: Desk, name: str | None, *, key: Path | None, yes: bool) -> Answer:
    """One root person's signature over the policy as a draft has it."""
    with Repository(desk.repo()) as repo:
        policy_drafts.receive(repo)
        draft, zone = policy_drafts.named(repo, name), repo.settings().office.zone
        reading = read(repo, draft)
        if reading.refusals:
            return Answer(False, _data(desk, draft, reading, zone), desk.told(reading.refusals))
        signers = policy_signing.signers_for(repo, reading, key)
        signers = [signer for signer in signers if signer.fingerprint not in reading.signers]
        if not signers:
            return _unsigned(desk, draft, reading, zone, named=key is not None)
        preview = [
            desk.say("policy-draft", draft=draft.id, version=reading.new.version),
            *policy_telling.change_lines(desk, reading, zone),
        ]
        if not _is_agreed(desk, "policy-sign-ask", yes, preview):
            return Answer(False, _data(desk, draft, reading, zone), [desk.say("policy-not-written")])
        written = policy_signing.sign(repo, draft, reading, signers, desk.clock())
        reading = policy_signing.read(repo, written)
    lines = [
        *preview[1:],
        *policy_telling.signature_lines(desk, reading),
        next_step(desk, written.id, reading),
    ]
    return Answer(True, _data(desk, written, reading, zone), lines)


def read(repo: Repository, draft: DraftRef) -> Reading:
    """A draft's policy; ``AnswerIsNo`` for a draft that carries none of its own."""
    reading = policy_signing.read(repo, draft)
    if reading.old == reading.new:
        raise AnswerIsNo("policy-not-in-draft", draft=draft.id)
    return reading


def next_step(desk: Desk, draft: str, reading: Reading) -> str:
    """Who does what now."""
    return desk.say("policy-next-approve" if reading.is_complete else "policy-next-sign", draft=draft)


def refuse_personal(repo: Repository, *texts: str | None) -> None:
    """Names, letters and reasons stay on record for good."""
    for text in texts:
        personal_data.refuse(text or "", repo.settings())


def _unsigned(desk: Desk, draft: DraftRef, reading: Reading, zone: tzinfo, *, named: bool) -> Answer:
    """Nothing to sign with: because it was done before, or because no key at hand would help."""
    if not named and not reading.is_complete:
        wanted = dict.fromkeys(person for lack in reading.lacking for person in lack.candidates)
        raise AnswerIsNo("policy-no-root-key", persons=", ".join(wanted))
    lines = [
        desk.say("policy-signed-already", draft=draft.id),
        *policy_telling.signature_lines(desk, reading),
        next_step(desk, draft.id, reading),
    ]
    return Answer(True, _data(desk, draft, reading, zone), lines)


def _is_agreed(desk: Desk, question: str, yes: bool, preview: Sequence[str]) -> bool:
    """A yes by option, or by a person who has read what would be written."""
    if yes:
        return True
    desk.tell(preview)
    return desk.confirm(question, "--yes")


def _data(
    desk: Desk, draft: DraftRef, reading: Reading, zone: tzinfo, findings: tuple[Finding, ...] = ()
) -> dict[str, object]:
    return {
        "draft": draft.id,
        "branch": draft.branch,
        "commit": draft.tip,
        **policy_telling.reading_json(desk, reading, zone),
        "findings": desk.shown(findings),
    }
