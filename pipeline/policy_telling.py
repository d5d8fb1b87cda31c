"""How policies are told, to programs (JSON) and to people (lines in the office's own words)."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta, tzinfo

from pipeline import policy_signing
from pipeline.desk import Desk
from pipeline.policy_reading import Reading, Version
from pipeline.references import DraftRef
from pipeline.repository import Repository
from pipeline.reviewing import visible
from sop_site.approval import moments
from sop_site.approval.comparing import Step
from sop_site.approval.endorsement import Lack
from sop_site.approval.policy import Person, Policy
from sop_site.errors import SettingsUnreadable
from sop_site.messages import masked

_SHORT = 12


def policy_json(policy: Policy, now: datetime) -> dict[str, object]:
    """A policy for the JSON object; keys by fingerprint."""
    return {
        "version": policy.version,
        "previous": policy.previous,
        "threshold": policy.threshold,
        "separation": policy.separation,
        "protected": policy.protected,
        "persons": [_person_json(policy, person, now) for person in policy.persons],
        "revoked": [
            {"key": entry.key, "person": _owner(policy, entry.key), "reason": masked(entry.reason),
             "compromised_since": entry.compromised_since}
            for entry in policy.revoked
        ],
        "webauthn": {"rp_id": policy.webauthn.rp_id, "origins": list(policy.webauthn.origins)}
        if policy.webauthn
        else None,
        "github": {"fingerprints": list(policy.github.fingerprints), "authors": dict(policy.github.authors)}
        if policy.github
        else None,
    }  # fmt: skip


def reading_json(desk: Desk, reading: Reading, zone: tzinfo) -> dict[str, object]:
    """What a draft changes, who signed and who must still."""
    return {
        "version": reading.new.version,
        "changes": [_step_json(desk, step, zone) for step in reading.steps],
        "files": list(reading.files),
        "signed_by": list(reading.endorsers),
        "lacking": [_lack_json(lack) for lack in reading.lacking],
        "complete": reading.is_complete,
        "refusals": desk.shown(reading.refusals),
    }


def version_json(desk: Desk, version: Version, zone: tzinfo) -> dict[str, object]:
    """One version of the history."""
    return {
        "version": version.policy.version,
        "commit": version.commit,
        "at": version.at.astimezone(zone).isoformat(),
        "approver": version.approver.email,
        "signed_by": list(version.endorsers),
        "changes": [_step_json(desk, step, zone) for step in version.steps],
    }


def policy_lines(desk: Desk, policy: Policy, zone: tzinfo, now: datetime) -> list[str]:
    """Who may do what until when."""
    lines = [desk.say("policy-head", version=policy.version)]
    for person in policy.persons:
        lines += _person_lines(desk, policy, person, zone, now)
    lines.append(desk.say("policy-threshold", threshold=policy.threshold, roots=len(policy.roots)))
    lines.append(desk.say("policy-separation-on" if policy.separation else "policy-separation-off"))
    for entry in policy.revoked:
        owner = _owner(policy, entry.key) or "–"
        lines.append(desk.say("policy-revoked", key=entry.key, person=owner, reason=visible(entry.reason)))
        if entry.compromised_since is not None:
            lines.append("  " + desk.say("policy-revoked-since", commit=entry.compromised_since[:_SHORT]))
    if policy.webauthn is not None:
        origins = ", ".join(policy.webauthn.origins)
        lines.append(desk.say("policy-webauthn", rp=visible(policy.webauthn.rp_id), origins=visible(origins)))
    if policy.github is not None:
        lines.append(desk.say("policy-github", keys=", ".join(policy.github.fingerprints)))
    return lines


def reading_lines(desk: Desk, reading: Reading, zone: tzinfo) -> list[str]:
    """What a draft changes, each step on a line, then who signed and who must still."""
    return [*change_lines(desk, reading, zone), *signature_lines(desk, reading)]


def change_lines(desk: Desk, reading: Reading, zone: tzinfo) -> list[str]:
    """What a draft changes: in the policy, and which other protected files."""
    return [
        *step_lines(desk, reading.steps, zone),
        *(desk.say("policy-file", path=visible(path)) for path in reading.files),
    ]


def step_lines(desk: Desk, steps: Iterable[Step], zone: tzinfo) -> list[str]:
    """Each difference as a sentence."""
    return [_step(desk, step, zone) for step in steps]


def signature_lines(desk: Desk, reading: Reading) -> list[str]:
    """Who has signed, and who must still."""
    lines = []
    if reading.endorsers:
        lines.append(desk.say("policy-signed-by", persons=", ".join(reading.endorsers)))
    lines += [_lack(desk, lack) for lack in reading.lacking]
    return lines


def version_lines(desk: Desk, version: Version, zone: tzinfo) -> list[str]:
    """One version of the history: when, by whom, signed by whom, and what it changed."""
    at = _moment(version.at, zone)
    if not version.steps:
        return [desk.say("policy-version-first", version=version.policy.version, at=at)]
    head = desk.say(
        "policy-version", version=version.policy.version, at=at, approver=visible(version.approver.email),
        persons=", ".join(version.endorsers) or "–",
    )  # fmt: skip
    return [head, *(f"  {line}" for line in step_lines(desk, version.steps, zone))]


def term(desk: Desk, person: Person, zone: tzinfo) -> str:
    """From when until when, as an office says it: the last day is one of service."""
    start = _moment(person.start, zone)
    if person.until is None:
        return desk.say("policy-term-open", start=start)
    return desk.say("policy-term", start=start, until=_end(desk, person.until, zone))


def role(desk: Desk, name: object) -> str:
    """A role in words."""
    return desk.say(f"policy-role-{name}")


def _person_json(policy: Policy, person: Person, now: datetime) -> dict[str, object]:
    return {
        "id": person.id,
        "name": person.name,
        "role": person.role,
        "root": person.root,
        "decree": person.decree,
        "from": person.start.isoformat(),
        "until": person.until.isoformat() if person.until else None,
        "in_term": person.in_term(now),
        "scope": list(person.scope),
        "keys": [
            {"fingerprint": key, "type": line.partition(" ")[0], "revoked": policy.is_revoked(key)}
            for line, key in zip(person.keys, person.fingerprints, strict=True)
        ],
    }


def _person_lines(desk: Desk, policy: Policy, person: Person, zone: tzinfo, now: datetime) -> list[str]:
    head = desk.say(
        "policy-person", name=visible(person.name), person=person.id, role=role(desk, person.role)
    )
    state = "" if person.in_term(now) or person.role == "root-only" else " " + desk.say("policy-not-in-term")
    lines = [head, f"  {term(desk, person, zone)}{state}"]
    if person.root:
        lines.append("  " + desk.say("policy-is-root"))
    if person.decree is not None:
        lines.append("  " + desk.say("policy-decree", decree=visible(person.decree)))
    if person.scope:
        lines.append("  " + desk.say("policy-scope", scope=visible(", ".join(person.scope))))
    for line, key in zip(person.keys, person.fingerprints, strict=True):
        code = "policy-key-void" if policy.is_revoked(key) else "policy-key"
        lines.append("  " + desk.say(code, key=key, type=line.partition(" ")[0]))
    return lines


def _step_json(desk: Desk, step: Step, zone: tzinfo) -> dict[str, object]:
    return {
        "change": step.kind,
        "person": step.person.id if step.person else None,
        "text": masked(_step(desk, step, zone)),
    }


def _step(desk: Desk, step: Step, zone: tzinfo) -> str:
    person = step.person
    values: dict[str, object] = {"person": person.id if person else "–"}
    match step.kind:
        case "person-added" | "person-removed" if person is not None:
            values |= {"name": visible(person.name), "role": role(desk, person.role)}
            values |= {"term": term(desk, person, zone), "more": _more(desk, person)}
        case "term":
            before, after = step.values["before"], step.values["after"]
            assert isinstance(before, Person)
            assert isinstance(after, Person)
            values |= {"before": term(desk, before, zone), "after": term(desk, after, zone)}
        case "key-revoked":
            values |= {"key": step.values["key"], "reason": visible(str(step.values["reason"]))}
            since = step.values["since"]
            if since is not None:
                return desk.say("policy-step-key-stolen", since=str(since)[:_SHORT], **values)
        case "key-added" | "key-removed" | "key-restored":
            values |= {"key": step.values["key"]}
        case "role":
            values |= {name: role(desk, step.values[name]) for name in ("before", "after")}
        case "root" | "separation" | "webauthn" | "github":
            return desk.say(f"policy-step-{step.kind}-{_way(step)}", **values)
        case "name" | "decree" | "scope" | "threshold":
            values |= {name: _plain(step.values[name]) for name in ("before", "after")}
        case _:
            pass
    return desk.say(f"policy-step-{step.kind}", **values)


def _way(step: Step) -> str:
    """Given or taken, on or off; a setting that stays and says something else is ``on`` again."""
    return "on" if step.values["after"] else "off"


def _plain(value: object) -> str:
    if isinstance(value, tuple):
        return visible(", ".join(map(str, value))) or "–"
    return "–" if value is None else visible(str(value))


def _more(desk: Desk, person: Person) -> str:
    """Root right, letter, scope and keys of a person on one line."""
    words = []
    if person.root:
        words.append(desk.say("policy-is-root"))
    if person.decree is not None:
        words.append(desk.say("policy-decree", decree=visible(person.decree)))
    if person.scope:
        words.append(desk.say("policy-scope", scope=visible(", ".join(person.scope))))
    keys = [
        desk.say("policy-key", key=key, type=line.partition(" ")[0])
        for line, key in zip(person.keys, person.fingerprints, strict=True)
    ]
    return "; ".join([*words, *keys])


def _lack(desk: Desk, lack: Lack) -> str:
    candidates = ", ".join(lack.candidates) or "–"
    return desk.say(
        f"policy-lacks-{lack.rule}", count=lack.wanted - lack.signed, persons=candidates, gains=lack.gains
    )


def _lack_json(lack: Lack) -> dict[str, object]:
    return {
        "rule": lack.rule,
        "signed": lack.signed,
        "wanted": lack.wanted,
        "candidates": list(lack.candidates),
        "gains": lack.gains or None,
    }


def _owner(policy: Policy, fingerprint: str) -> str | None:
    person = policy.owner(fingerprint)
    return person.id if person else None


def _moment(at: datetime, zone: tzinfo) -> str:
    local = moments.shown(at, zone)
    return local.strftime("%Y-%m-%d" if (local.hour, local.minute) == (0, 0) else "%Y-%m-%d %H:%M")


def _end(desk: Desk, until: datetime, zone: tzinfo) -> str:
    local = moments.shown(until, zone)
    if (local.hour, local.minute, local.second) == (0, 0, 0) and local.date() > date.min:
        return desk.say("policy-end-of-day", day=(local - timedelta(days=1)).strftime("%Y-%m-%d"))
    return local.strftime("%Y-%m-%d %H:%M")


def draft_lines(desk: Desk, repo: Repository, draft: DraftRef, zone: tzinfo) -> list[str]:
    """What a draft of the policy changes, in words, and who has signed it."""
    try:
        reading = policy_signing.read(repo, draft)
    except SettingsUnreadable:
        # What is wrong with it is for the verifier to say, when it is to be approved.
        return []
    return [*reading_lines(desk, reading, zone), *desk.told(reading.refusals)]
